// Validator: bytes of the log -> ValidEvent or Rejection. The same code at every entrance.
//
//   Validator validator(options);
//   if (auto rejection = validator.CheckEnvelope(record)) Quarantine(*rejection);
//   else if (auto rejection = validator.CheckPayload()) Quarantine(*rejection);
//   else Fold(validator.event());
//
// A sensitive text that stands in the log in clear is taken out of envelope and payload before
// anybody sees it: the fold, history and answers never have it. clear_fields names what was there.
//
// The envelope is parsed into one reused message; the payload, which only the fold needs, in a
// second step into one reused message per kind.
//
// Threads:   one thread. Ownership: owns the messages that event() points into.
// Lifetime:  event() is good until the next CheckEnvelope, and while the record's bytes live.
// Never:     asks the clock; the append time of the record is the time that guards.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/base/hash.h"
#include "engine/model/record.h"
#include "engine/model/rejection.h"
#include "engine/model/valid_event.h"

namespace rapport::event {

struct ValidatorOptions {
  // Partitions of the log, to tell a foreign partitioner; 0 = do not check.
  int partitions = 0;
  // The log's own partitioner, which this room may not know; null = do not check.
  Partition (*partition_of)(absl::string_view key, int partitions) = nullptr;
};

class Validator {
 public:
  explicit Validator(const ValidatorOptions& options);
  ~Validator();
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  // Takes off the framing, parses and checks the envelope, fills its empty fields from headers and
  // key. After success event() is complete but for the payload.
  std::optional<Rejection> CheckEnvelope(const RecordView& record);

  // Parses and checks the payload of the event last checked.
  std::optional<Rejection> CheckPayload();

  // Takes an envelope that passed CheckEnvelope before, as history holds it, and checks its
  // payload.
  std::optional<Rejection> Adopt(const v1::Event& envelope, Partition partition, Offset offset,
                                 int64_t append_time_us);

  // Takes from key and headers what they tell, for envelope(). Nothing of the value is parsed; its
  // first bytes are compared with the key, which tells an anonymous event.
  void SalvageOnly(const RecordView& record);

  const ValidEvent& event() const { return event_; }

  // What a rejected record still tells: customer id, event id, source; empty where it does not.
  // Good until the next CheckEnvelope.
  const v1::Event& envelope() const;

 private:
  struct Scratch;
  // Points event_ at the scratch envelope.
  void Accept(Partition partition, Offset offset, int64_t append_time_us);
  // Takes texts in clear out of the scratch envelope.
  std::optional<Rejection> TakeClearTexts();

  std::unique_ptr<Scratch> scratch_;
  ValidatorOptions options_;
  ValidEvent event_;
};

// The plain canonical bytes by which "same content" is judged: the event without ingress stamps
// (fields 40 to 43) and without occurred_at, its payload opened and closed again, serialized
// deterministically. So the order in which a publisher's library writes fields does not count.
std::string CanonicalContent(const v1::Event& event);

// What "same content" is judged by, for whoever compares with an event that is gone by then.
struct Content {
  // Of the canonical content without texts, and of the places of the texts; of anonymous events the
  // time counts too, because it is part of how they are told apart.
  Hash128 visible = {};
  // `content_tag` of the sealed texts; empty without.
  std::string tag;
  // Of the content with its texts, when some of them are in clear.
  std::optional<Hash128> clear;

  bool operator==(const Content&) const = default;
};

// REQUIRES: the envelope of `event` was checked.
Content ContentOf(const ValidEvent& event);

// Whether two events of one id say the same: two tags, or two texts in clear, tell it exactly. Of
// one sealed and one in clear, which comes from Kafka, only the place is compared; so a copy of a
// copy need not be one.
bool SameContent(const Content& a, const Content& b);
bool SameContent(const ValidEvent& a, const ValidEvent& b);

// What only the engine itself may publish or fill in: sealed texts, erasures.
std::optional<Rejection> CheckPublished(const v1::Event& event);

// What only the ingress refuses: an id by which a person can be reached. The log may hold such ids.
std::optional<Rejection> CheckCustomerIdLooksPersonal(absl::string_view customer_id);

}  // namespace rapport::event
