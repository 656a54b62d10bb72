// EventBuilder: events for tests, ready to be folded, without bytes and without a log.
//
//   EventBuilder bought = AnEvent(v1::KIND_PURCHASE_MADE).Of("ana").OnDay(15000).Id(1).Worth(120,
//   "EUR"); facts::Fold(facts, bought.View(), rules);
//   AnEvent(v1::KIND_COMPLAINT_RAISED).Key("C1").Set("severity", 3)
//
// Without further words an event is of customer `cust-1`, has id 1 and happens on 2020-01-01. The
// builder checks nothing: what the Validator would refuse is the test's own affair.
//
// Threads: one. Ownership: owns envelope and payload; View() points into them and is good as long
// as the builder (or what it was moved into) lives and is not changed.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "engine/model/valid_event.h"

namespace rapport::kit {

class EventBuilder {
 public:
  explicit EventBuilder(v1::Kind kind);
  EventBuilder(const EventBuilder& other);
  EventBuilder(EventBuilder&&) = default;
  EventBuilder& operator=(EventBuilder other);

  EventBuilder& Of(absl::string_view customer_id);
  // The UUID 00000000-0000-0000-0000-<n, 12 decimal digits>: ids are ordered as their numbers.
  EventBuilder& Id(uint64_t n);
  EventBuilder& Id(absl::string_view text);
  EventBuilder& At(int64_t occurred_at_us);
  // Midnight UTC of a day since 1970; an hour since 1970.
  EventBuilder& OnDay(int64_t day);
  EventBuilder& AtHour(int64_t hour);
  EventBuilder& Offset(rapport::Offset offset);

  // The payload's first field, which is its key. REQUIRES: it is a text.
  EventBuilder& Key(absl::string_view key);
  // A field of the payload by name; numbers also set truth values and enums.
  EventBuilder& Set(absl::string_view field, int64_t value);
  EventBuilder& Set(absl::string_view field, absl::string_view value);
  // The payload's `amount`, in whole units.
  EventBuilder& Worth(int64_t units, absl::string_view currency);
  EventBuilder& WorthMicros(int64_t micros, absl::string_view currency);

  EventBuilder& On(v1::Channel channel);
  EventBuilder& Note(absl::string_view text);
  // For everything else of the envelope.
  v1::Event& envelope() { return *envelope_; }
  const v1::Event& envelope() const { return *envelope_; }
  google::protobuf::Message& payload() { return *payload_; }
  const google::protobuf::Message& payload() const { return *payload_; }

  ValidEvent View() const;

 private:
  std::unique_ptr<v1::Event> envelope_;
  std::unique_ptr<google::protobuf::Message> payload_;
  rapport::Offset offset_ = 0;
};

inline EventBuilder AnEvent(v1::Kind kind) { return EventBuilder(kind); }
inline EventBuilder APurchase() { return EventBuilder(v1::KIND_PURCHASE_MADE); }
// Takes back the event with the id `target`.
inline EventBuilder ARetraction(absl::string_view target) {
  return std::move(EventBuilder(v1::KIND_EVENT_RETRACTED).Key(target));
}
// Puts what `content` says of it in the place of the event with the id `target`, at the old time:
// its envelope, but for id and time, and its payload.
EventBuilder ACorrection(absl::string_view target, const EventBuilder& content);

// KIND_PURCHASE_MADE for `PurchaseMade`. Stops the test program when there is none.
v1::Kind KindOfName(absl::string_view name);

}  // namespace rapport::kit
