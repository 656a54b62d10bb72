#include "tests/simulation/workload.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/log/partitioner.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/outreach_purpose.pb.h"
#include "rapport/v1/work.pb.h"
#include "tests/kit/random_history.h"

namespace rapport::simulation {
namespace {

constexpr int kHistoryEvents = 24;
// Of a thousand new events: those that have an id that was aimed at before.
constexpr int64_t kAnnouncedComes = 300;
constexpr int64_t kFarFuture = 4'000'000'000'000'000;  // The year 2096.

std::string CustomerName(int number) { return absl::StrCat("cust-", number); }

std::string Uuid(uint64_t high, uint64_t low) {
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xffff, low >> 48, low & 0xffffffffffff);
}

// An id that is another one and has the same tag: the multiplier is that of EventId::Tag.
std::string SameTag(const EventId& id, uint64_t low) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;
  return Uuid(id.high ^ (id.low * kMultiplier) ^ (low * kMultiplier), low);
}

// Takes the texts out of `event`; what is left says where they were.
std::vector<std::string> TakeTexts(v1::Event& event) {
  std::vector<std::string> texts;
  if (!event.note().empty()) {
    texts.push_back(event.note());
    event.set_note("NOTE");
  }
  v1::AliasLinked alias;
  if (event.kind() == v1::KIND_ALIAS_LINKED && alias.ParseFromString(event.payload()) &&
      !alias.value().empty()) {
    texts.push_back(alias.value());
    alias.set_value("ALIAS");
    event.set_payload(alias.SerializeAsString());
  }
  return texts;
}

// Sets what the kind needs besides.
void Complete(kit::EventBuilder& event, Dice& dice) {
  if (event.envelope().kind() == v1::KIND_OUTREACH_MADE) {
    event.Set("purpose", v1::OUTREACH_PURPOSE_THANKS + dice.Roll(10));
  }
  if (event.envelope().kind() == v1::KIND_PROMISE_MADE) {
    event.Set("due_at_us", event.envelope().occurred_at_us() + dice.Roll(60) * kMicrosPerDay);
  }
}

// A date that comes back each year in place of `event`: what is owed because of it changes by time
// alone, however long ago everything was.
kit::EventBuilder ADateInPlaceOf(const v1::Event& event) {
  const int64_t day = DayOf(event.occurred_at_us());
  kit::EventBuilder date(v1::KIND_DATE_RECORDED);
  date.Of(event.customer_id()).Id(event.event_id()).At(event.occurred_at_us()).Key("birthday");
  return std::move(date.Set("month", 1 + day % 12).Set("day", 1 + day % 28));
}

// Reads what a revision is aimed at and puts in place, in the plainest way.
void NoteRevision(const v1::Event& event, Made& made) {
  v1::EventRetracted retraction;
  v1::EventCorrected correction;
  if (event.kind() == v1::KIND_EVENT_RETRACTED && retraction.ParseFromString(event.payload())) {
    made.target = EventId::FromText(retraction.target_event_id());
  }
  if (event.kind() != v1::KIND_EVENT_CORRECTED || !correction.ParseFromString(event.payload())) {
    return;
  }
  made.target = EventId::FromText(correction.target_event_id());
  kit::EventBuilder in_place(correction.kind());
  RAPPORT_CHECK(in_place.payload().ParseFromString(correction.payload())) << "a bad correction";
  in_place.envelope() = event;
  in_place.envelope().set_kind(correction.kind());
  made.in_place = std::make_shared<const kit::EventBuilder>(std::move(in_place));
  made.in_place_us = correction.occurred_at_us();
}

// Reads what a merge or split says to the customer it stands under.
template <typename Message>
void NoteLink(const v1::Event& event, Made& made) {
  Message link;
  RAPPORT_CHECK(link.ParseFromString(event.payload())) << "a bad link";
  const bool goes = link.merged() == event.customer_id();
  made.other = goes ? link.survivor() : link.merged();
  made.says = event.kind() == v1::KIND_CUSTOMER_SPLIT ? Made::Says::kSplit
              : goes                                  ? Made::Says::kGoesInto
                                                      : Made::Says::kTakesIn;
}

}  // namespace

std::shared_ptr<Made> Sent(kit::EventBuilder builder) {
  auto made = std::make_shared<Made>();
  v1::Event event = builder.envelope();
  event.set_payload(builder.payload().SerializeAsString());
  made->record.key = event.customer_id().empty() ? event.event_id() : event.customer_id();
  made->record.value = event.SerializeAsString();
  NoteRevision(event, *made);
  if (event.kind() == v1::KIND_CUSTOMER_MERGED) NoteLink<v1::CustomerMerged>(event, *made);
  if (event.kind() == v1::KIND_CUSTOMER_SPLIT) NoteLink<v1::CustomerSplit>(event, *made);
  made->event = std::make_shared<const kit::EventBuilder>(std::move(builder));
  made->valid = made->event->View();
  if (!event.customer_id().empty()) event.clear_occurred_at_us();
  made->texts = TakeTexts(event);
  made->content = event.SerializeAsString();
  return made;
}

bool IsCopy(const Made& first, const Made& second) {
  if (first.content != second.content) return false;
  if (first.key_id.empty() != second.key_id.empty()) return true;
  return first.key_id == second.key_id && first.texts == second.texts;
}

Workload::Workload(const Plan& plan, Dice dice)
    : plan_(plan),
      dice_(dice),
      revision_dice_(Dice(dice).Next()),
      link_dice_(~Dice(dice).Next()),
      echo_dice_(Dice(dice).Next() ^ 0x6563686f) {}

std::shared_ptr<const Made> Workload::Next() { return Keep(Draw()); }

std::shared_ptr<const Made> Workload::Keep(const std::shared_ptr<const Made>& made) {
  made_.push_back(made);
  by_bytes_.try_emplace(absl::StrCat(made->record.key, "\n", made->record.value), made);
  return made;
}

void Workload::KeepSealed(const std::shared_ptr<const Made>& plain, const NewRecord& record,
                          const std::string& key_id) {
  auto made = std::make_shared<Made>(*plain);
  made->record = record;
  made->key_id = key_id;
  made->plain = plain;
  by_bytes_.try_emplace(absl::StrCat(record.key, "\n", record.value), std::move(made));
}

namespace {

// What the engine itself has written.
std::shared_ptr<Made> OfEngine(const NewRecord& record) {
  v1::Event event;
  RAPPORT_CHECK(event.ParseFromString(record.value)) << "the engine writes what is no event";
  kit::EventBuilder builder(event.kind());
  RAPPORT_CHECK(builder.payload().ParseFromString(event.payload())) << "or a bad payload";
  event.clear_payload();
  builder.envelope() = std::move(event);
  std::shared_ptr<Made> made = Sent(std::move(builder));
  made->record = record;
  return made;
}

}  // namespace

void Workload::KeepOfEngine(const NewRecord& record) {
  std::shared_ptr<Made> made = OfEngine(record);
  made->is_engines = true;
  by_bytes_.try_emplace(absl::StrCat(record.key, "\n", record.value), std::move(made));
}

void Workload::KeepEcho(const NewRecord& record) {
  if (Find(record.key, record.value) != nullptr) return;
  std::shared_ptr<Made> made = OfEngine(record);
  made->is_echo = true;
  referrals_.emplace_back(made->event->envelope().event_id(), record.key);
  by_bytes_.try_emplace(absl::StrCat(record.key, "\n", record.value), std::move(made));
}

std::shared_ptr<const Made> Workload::Find(absl::string_view key, absl::string_view value) const {
  const auto it = by_bytes_.find(absl::StrCat(key, "\n", value));
  return it == by_bytes_.end() ? nullptr : it->second;
}

std::vector<std::string> Workload::Customers() const {
  std::vector<std::string> names;
  for (int i = 0; i < plan_.customers; ++i) names.push_back(CustomerName(i));
  return names;
}

std::shared_ptr<const Made> Workload::Earlier() {
  if (made_.empty()) return nullptr;
  const std::shared_ptr<const Made>& made =
      made_[static_cast<size_t>(dice_.Roll(static_cast<int64_t>(made_.size())))];
  return made->event == nullptr || made->reason.has_value() ? nullptr : made;
}

std::shared_ptr<const Made> Workload::Claim(const std::string& customer,
                                            const std::string& follow_up, int64_t fence) {
  kit::EventBuilder claim(v1::KIND_FOLLOW_UP_CLAIMED);
  claim.Of(customer).Id(NewId()).OnDay(kit::kHistoryBegins + dice_.Roll(100)).Key(follow_up);
  claim.Set("assignee", absl::StrCat("agent-", dice_.Roll(3)));
  claim.Set("until_us", claim.envelope().occurred_at_us() + kMicrosPerDay);
  if (fence >= 0) claim.Set("fence", fence);
  return Keep(Sent(std::move(claim)));
}

void Workload::Contest(const Made& made) {
  kit::EventBuilder other(*made.event);
  if (!other.envelope().note().empty() && dice_.Chance(700)) {
    other.Note(absl::StrCat(kCanary, "contested"));
  } else {
    other.envelope().set_subject("contested");
  }
  const std::shared_ptr<Made> sent = Sent(std::move(other));
  for (int64_t copies = dice_.Between(1, 6); copies > 0; --copies) {
    soon_.push_back(std::make_shared<Made>(*sent));
  }
}

std::shared_ptr<Made> Workload::Draw() {
  if (link_dice_.Chance(plan_.linked)) return Linked();
  if (revision_dice_.Chance(plan_.revised)) return Revision();
  if (echo_dice_.Chance(plan_.referrals)) return Referral();
  if (!soon_.empty() && dice_.Chance(900)) {
    std::shared_ptr<Made> made = std::move(soon_.back());
    soon_.pop_back();
    return made;
  }
  const std::shared_ptr<const Made> earlier = Earlier();
  if (earlier != nullptr) {
    kit::EventBuilder again(*earlier->event);
    if (dice_.Chance(plan_.doubled)) return std::make_shared<Made>(*earlier);
    if (dice_.Chance(plan_.restamped)) {
      const int64_t moved_us = dice_.Between(1, 90) * kMicrosPerDay;
      return Sent(again.At(again.envelope().occurred_at_us() + moved_us));
    }
    if (dice_.Chance(plan_.conflicting)) {
      // A text is content, too.
      if (!again.envelope().note().empty() && dice_.Chance(500)) {
        return Sent(again.Note(absl::StrCat(kCanary, "other-", dice_.Roll(3))));
      }
      again.envelope().set_subject(absl::StrCat("other-", dice_.Roll(3)));
      return Sent(std::move(again));
    }
    if (dice_.Chance(plan_.same_tag)) {
      kit::EventBuilder other = NewEvent();
      other.Of(again.envelope().customer_id()).Id(SameTag(again.View().id, dice_.Next()));
      return Sent(std::move(other));
    }
  }
  if (dice_.Chance(plan_.malformed)) return Malformed();
  kit::EventBuilder event = NewEvent();
  if (dice_.Chance(plan_.texts)) event = WithText(std::move(event));
  if (event.envelope().note().empty() && event.envelope().kind() != v1::KIND_ALIAS_LINKED &&
      dice_.Chance(plan_.anonymous)) {
    event.Of("");
  }
  std::shared_ptr<Made> made = Sent(std::move(event));
  if (dice_.Chance(plan_.misplaced)) {
    const Partition own = log::PartitionOf(made->record.key, plan_.partitions);
    made->partition =
        static_cast<Partition>((own + dice_.Between(1, plan_.partitions - 1)) % plan_.partitions);
    made->reason = Reason::kPartitionWrong;
  }
  return made;
}

std::string Workload::NewId() {
  const uint64_t number = next_id_++;
  if (plan_.rising_ids) return Uuid(0x0190'0000'0000'7000 + (number << 16), dice_.Next());
  if (dice_.Chance(300)) return absl::StrCat("shop:", number);
  return Uuid(dice_.Next(), number);
}

kit::EventBuilder Workload::NewEvent() {
  // Some customers have most of the events.
  const int64_t customers = plan_.customers;
  const auto number = static_cast<int>(std::min(dice_.Roll(customers), dice_.Roll(customers)));
  if (dice_.Chance(80)) return Work(CustomerName(number));
  std::vector<kit::EventBuilder>& history = histories_[number];
  if (history.empty()) history = kit::RandomHistory(dice_.Next(), kHistoryEvents);
  kit::EventBuilder event = std::move(history.back());
  history.pop_back();
  event.Of(CustomerName(number)).Id(NewId());
  Complete(event, dice_);
  const v1::Event& drawn = event.envelope();
  if (drawn.kind() == v1::KIND_INTEREST_SHOWN && DayOf(drawn.occurred_at_us()) % 2 == 0) {
    event = ADateInPlaceOf(drawn);
  }
  std::vector<std::string>& announced = announced_[CustomerName(number)];
  if (!announced.empty() && revision_dice_.Chance(kAnnouncedComes)) {
    event.Id(announced.back());
    announced.pop_back();
  }
  return event;
}

kit::EventBuilder Workload::WithText(kit::EventBuilder event) {
  const v1::Event& envelope = event.envelope();
  const std::string text = absl::StrCat(kCanary, dice_.Roll(1'000'000), "-of-", next_id_++);
  if (dice_.Chance(800)) return std::move(event.Note(text));
  kit::EventBuilder alias(v1::KIND_ALIAS_LINKED);
  alias.Of(envelope.customer_id()).Id(envelope.event_id()).At(envelope.occurred_at_us());
  alias.Set("value", absl::StrCat(text, "@mail"));
  return alias;
}

std::string Workload::SomeCustomer() {
  return CustomerName(static_cast<int>(revision_dice_.Roll(plan_.customers)));
}

std::pair<std::string, std::string> Workload::Target() {
  const int64_t roll = revision_dice_.Roll(1000);
  if (roll < 150) {
    const std::string customer = SomeCustomer();
    announced_[customer].push_back(NewId());
    return {announced_[customer].back(), customer};
  }
  if (roll < 200 || made_.empty()) return {"shop:never", SomeCustomer()};
  // Some look for what is a revision itself.
  for (int look = 0; look < 8; ++look) {
    const Made& made =
        *made_[static_cast<size_t>(revision_dice_.Roll(static_cast<int64_t>(made_.size())))];
    if (made.event == nullptr) continue;
    const v1::Event& event = made.event->envelope();
    const bool revises = made.target != EventId();
    if ((roll < 500 && !revises && look < 7) || event.customer_id().empty()) continue;
    // Another customer's event is none to aim at.
    return {event.event_id(), roll < 980 ? event.customer_id() : SomeCustomer()};
  }
  return {"shop:never", SomeCustomer()};
}

std::shared_ptr<Made> Workload::Revision() {
  Dice& dice = revision_dice_;
  const auto [target, customer] = Target();
  const int64_t day = kit::kHistoryBegins + dice.Roll(1'600);
  if (dice.Chance(400)) {
    kit::EventBuilder retraction = kit::ARetraction(target);
    return Sent(std::move(retraction.Of(customer).Id(NewId()).OnDay(day)));
  }
  kit::EventBuilder content = std::move(kit::RandomHistory(dice.Next(), 1).front());
  Complete(content, dice);
  kit::EventBuilder correction = kit::ACorrection(target, content);
  correction.Of(customer).Id(NewId()).OnDay(day);
  if (dice.Chance(500)) {
    correction.Set("occurred_at_us", content.envelope().occurred_at_us());
  }
  if (dice.Chance(plan_.texts)) correction.Note(absl::StrCat(kCanary, "corrected-", next_id_));
  return Sent(std::move(correction));
}

std::shared_ptr<Made> Workload::Linked() {
  Dice& dice = link_dice_;
  if (!half_said_.empty() && dice.Chance(700)) {
    std::shared_ptr<Made> made = std::move(half_said_.back());
    half_said_.pop_back();
    return made;
  }
  // Few, so that chains, fans and circles come about.
  const int64_t customers = std::min<int64_t>(plan_.customers, 6);
  const int64_t one = dice.Roll(customers);
  const int64_t other = (one + dice.Between(1, customers - 1)) % customers;
  const bool splits = dice.Chance(250);
  const int64_t day = kit::kHistoryBegins + dice.Roll(40);
  std::vector<std::shared_ptr<Made>> halves;
  for (const int64_t customer : {one, other}) {
    kit::EventBuilder link(splits ? v1::KIND_CUSTOMER_SPLIT : v1::KIND_CUSTOMER_MERGED);
    link.Of(CustomerName(static_cast<int>(customer))).OnDay(day);
    link.Id(Uuid(next_link_++, dice.Next()));
    link.Set("survivor", CustomerName(static_cast<int>(other)));
    halves.push_back(Sent(std::move(link.Set("merged", CustomerName(static_cast<int>(one))))));
  }
  if (dice.Chance(500)) std::swap(halves[0], halves[1]);
  if (dice.Chance(900)) half_said_.push_back(std::move(halves[1]));
  return halves[0];
}

// Claims whose order in the log decides, money back, and what no rule folds.
kit::EventBuilder Workload::Work(const std::string& customer) {
  if (dice_.Chance(250)) {
    kit::EventBuilder reversed(v1::KIND_PURCHASE_REVERSED);
    reversed.Of(customer).Id(NewId()).OnDay(kit::kHistoryBegins + dice_.Roll(1'000));
    return std::move(reversed.Worth(1 + dice_.Roll(300), "EUR"));
  }
  if (dice_.Chance(250)) {
    kit::EventBuilder custom(v1::KIND_CUSTOM_TOUCHPOINT);
    custom.Of(customer).Id(NewId());
    // Every second one is of a kind without a rule.
    const bool has_rule = custom.envelope().event_id().back() % 2 == 0;
    custom.Set("custom_kind", has_rule ? "visit" : "stray").Set("key", "v");
    return custom;
  }
  kit::EventBuilder claim(v1::KIND_FOLLOW_UP_CLAIMED);
  claim.Of(customer).Id(NewId()).OnDay(kit::kHistoryBegins + dice_.Roll(100));
  claim.Key(std::string(32, static_cast<char>('a' + dice_.Roll(3))));
  claim.Set("assignee", absl::StrCat("agent-", dice_.Roll(3)));
  claim.Set("until_us", claim.envelope().occurred_at_us() + kMicrosPerDay);
  if (dice_.Chance(500)) claim.Set("fence", dice_.Roll(40));
  return claim;
}

std::shared_ptr<Made> Workload::Malformed() {
  kit::EventBuilder event = NewEvent();
  std::shared_ptr<Made> made = Sent(event);
  made->leaves_incomplete = true;
  switch (dice_.Roll(5)) {
    case 0:
      made->event = nullptr;
      made->record.value = absl::StrCat("\x0a\xff", made->record.value);
      made->reason = Reason::kPayloadMalformed;
      return made;
    case 1:
      event.envelope().set_kind(static_cast<v1::Kind>(191));
      made->reason = Reason::kKindUnknown;
      break;
    case 2:
      event.At(kFarFuture);
      made->reason = Reason::kTimeOutOfRange;
      break;
    case 3:
      event.envelope().set_source("Not A Source");
      made->reason = Reason::kFieldInvalid;
      break;
    default:
      made->leaves_incomplete = false;
      made->record.key = "cust-somebody-else";
      made->reason = Reason::kKeyMismatch;
      return made;
  }
  std::shared_ptr<Made> bad = Sent(std::move(event));
  bad->reason = made->reason;
  bad->leaves_incomplete = true;
  return bad;
}

}  // namespace rapport::simulation
