// Workload: what publishers send in one simulated world, good and bad, and what should come of it.
//
// Each thing it makes carries its own meaning (the event as it was built, or the reason for which
// it must be refused), so that an oracle need not read bytes back.
//
// Threads: one. Ownership: what was made is shared; it lives as long as somebody holds it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/record.h"
#include "engine/model/rejection.h"
#include "tests/kit/event_builder.h"
#include "tests/simulation/plan.h"

namespace rapport::simulation {

// How every sensitive text begins, so that it can be looked for.
inline constexpr char kCanary[] = "canary-";

// One record that somebody sends.
struct Made {
  NewRecord record;
  // Where a foreign partitioner puts it.
  std::optional<Partition> partition;
  // Null when the bytes are no event.
  std::shared_ptr<const kit::EventBuilder> event;
  // Why it must not be folded, wherever it comes from.
  std::optional<Reason> reason;
  // The refusal leaves the customer named by the key incomplete.
  bool leaves_incomplete = false;

  // What `event` is when it is valid; points into it.
  ValidEvent valid;
  // By which two events under one id are the same one: all that the publisher said, without the
  // time (with it, of an anonymous event), and without its texts, but with their places.
  std::string content;
  // What is sealed when it goes through the ingress.
  std::vector<std::string> texts;
  // Names the key under which the texts are sealed in this record; empty when they are in clear.
  std::string key_id;
  // What was sent, when this is how the ingress sealed it.
  std::shared_ptr<const Made> plain;
  // Nobody sent it: it is the engine's own word about an erasure.
  bool is_engines = false;
  // Nor this: it is what the engine tells a second customer.
  bool is_echo = false;
  // Of a retraction or correction: what it is aimed at.
  EventId target;
  // Of a correction: what it puts in place, at the moment it gives; 0 = at the old one.
  std::shared_ptr<const kit::EventBuilder> in_place;
  int64_t in_place_us = 0;
  // Of a merge or split: the other customer, empty for all else; and what it says of it.
  std::string other;
  enum class Says { kSplit, kGoesInto, kTakesIn } says = Says::kSplit;
};

// Whether the second of two events under one id is a copy of the first, as far as can be told
// without keys: of one in clear and one that is sealed only the places are compared.
bool IsCopy(const Made& first, const Made& second);

// What a publisher sends when it sends this event.
std::shared_ptr<Made> Sent(kit::EventBuilder builder);

class Workload {
 public:
  Workload(const Plan& plan, Dice dice);

  bool done() const { return made_.size() >= static_cast<size_t>(plan_.events); }
  // The next thing to send. REQUIRES: !done().
  std::shared_ptr<const Made> Next();
  // A claim of a follow-up that a customer really has; `fence` < 0 names none.
  std::shared_ptr<const Made> Claim(const std::string& customer, const std::string& follow_up,
                                    int64_t fence);
  // What the ingress made of it, or what the engine itself says.
  void KeepSealed(const std::shared_ptr<const Made>& plain, const NewRecord& record,
                  const std::string& key_id);
  void KeepOfEngine(const NewRecord& record);
  // What the engine tells a second customer; that one may take it back.
  void KeepEcho(const NewRecord& record);
  // Soon sends another event under the id of `made`, and copies of it.
  void Contest(const Made& made);
  const std::vector<std::shared_ptr<const Made>>& made() const { return made_; }

  // What was made with this key and these bytes; null for none.
  std::shared_ptr<const Made> Find(absl::string_view key, absl::string_view value) const;
  // Ids of all customers that may have events.
  std::vector<std::string> Customers() const;

 private:
  std::shared_ptr<Made> Draw();
  std::shared_ptr<const Made> Keep(const std::shared_ptr<const Made>& made);
  // A good event that was made before; null when there is none.
  std::shared_ptr<const Made> Earlier();
  kit::EventBuilder NewEvent();
  kit::EventBuilder Work(const std::string& customer);
  // Takes back or puts right an event: one that was, one that comes, one that never does.
  std::shared_ptr<Made> Revision();
  // A merge or split of two customers, under the id of one of them; mostly the other's record
  // follows soon.
  std::shared_ptr<Made> Linked();
  // What concerns a second customer, makes such a thing complete, or takes it back.
  std::shared_ptr<Made> Referral();
  // Takes back one of those, or an echo.
  kit::EventBuilder EchoTakenBack();
  // The id of an event to aim at, and whose it is.
  std::pair<std::string, std::string> Target();
  std::string SomeCustomer();
  // Some event with a text, or an alias.
  kit::EventBuilder WithText(kit::EventBuilder event);
  std::shared_ptr<Made> Malformed();
  std::string NewId();

  const Plan plan_;
  Dice dice_;
  // Of revisions.
  Dice revision_dice_;
  // Of merges and splits.
  Dice link_dice_;
  // Of what concerns a second customer.
  Dice echo_dice_;
  uint64_t next_id_ = 1;
  uint64_t next_link_ = 1;
  uint64_t next_referral_ = 1;
  // What concerns a second customer so far, echoes as well: ids, and whose.
  std::vector<std::pair<std::string, std::string>> referrals_;
  // Customer -> ids of events to come that something is aimed at already.
  std::map<std::string, std::vector<std::string>> announced_;
  // Customer -> events not sent yet.
  std::map<int, std::vector<kit::EventBuilder>> histories_;
  // The other halves of merges and splits.
  std::vector<std::shared_ptr<Made>> half_said_;
  // What is sent before anything new is drawn.
  std::vector<std::shared_ptr<Made>> soon_;
  std::vector<std::shared_ptr<const Made>> made_;
  std::map<std::string, std::shared_ptr<const Made>> by_bytes_;
};

}  // namespace rapport::simulation
