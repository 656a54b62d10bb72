#include "tests/stories/invariants.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/revision.h"
#include "engine/event/touchpoint.h"
#include "engine/event/validator.h"
#include "engine/log/memory_log.h"
#include "engine/pipeline/folder.h"
#include "engine/table/model_table.h"
#include "projections/facts/kind_table.h"
#include "tests/stories/reason.h"

namespace rapport::stories {
namespace {

constexpr int kOrders = 50;
constexpr int kHalves = 20;
constexpr LogIdentity kIdentity{0x5707e5, 1};

using Strings = std::vector<std::string>;

ValidEvent ViewOf(event::Validator& validator, const v1::Event& event, const EventLine& line) {
  const auto rejection = validator.Adopt(event, 0, line.line, line.logged_us);
  RAPPORT_CHECK(!rejection.has_value()) << rejection->message;
  return validator.event();
}

// Facts in memory of their own.
class Facts {
 public:
  explicit Facts(const fold::Projection* projection)
      : projection_(projection),
        memory_(std::aligned_alloc(projection->align(),
                                   (projection->size() + projection->align() - 1) /
                                       projection->align() * projection->align())) {
    projection_->Construct(memory_);
  }
  ~Facts() {
    projection_->Destroy(memory_);
    std::free(memory_);
  }
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  // `event` is what counts of a line.
  void Fold(const v1::Event& event, const EventLine& line) {
    if (!projection_->Folds(event.kind())) return;
    event::Validator validator{event::ValidatorOptions{}};
    projection_->Fold(memory_, ViewOf(validator, event, line));
  }
  void* get() { return memory_; }
  std::string Bytes(bool with_offsets = false) const {
    std::string bytes;
    projection_->Encode(memory_, with_offsets, bytes);
    return bytes;
  }

 private:
  const fold::Projection* const projection_;
  void* const memory_;
};

// An event that stands, as it counts, and the line that tells it.
using Standing = std::pair<v1::Event, const EventLine*>;

// What counts of a customer's events: without those that were taken back, and with what stands in
// the place of those that were put right.
std::vector<Standing> StandingOf(const Told& told, const std::string& customer) {
  event::Validator validator{event::ValidatorOptions{}};
  std::vector<event::Revision> all;
  std::map<Offset, const EventLine*> lines;
  for (const EventLine* line : told.events) {
    if (line->event.customer_id() != customer) continue;
    lines[line->line] = line;
    if (!event::IsRevision(line->event.kind())) continue;
    all.push_back(event::RevisionOf(ViewOf(validator, line->event, *line)));
  }
  const event::Revisions revisions(std::move(all));
  std::vector<Standing> standing;
  for (const auto& [offset, line] : lines) {
    const ValidEvent event = ViewOf(validator, line->event, *line);
    const event::Ruling ruling = revisions.RulingOn(event.id, event.moment(), event.kind);
    if (event::IsRevision(event.kind) || ruling.fate == event::Ruling::Fate::kRetracted) continue;
    const bool corrected = ruling.fate == event::Ruling::Fate::kCorrected;
    const v1::Event& counts =
        corrected ? event::InPlaceOf(line->event, lines.at(ruling.by->offset)->event) : line->event;
    standing.emplace_back(counts, line);
  }
  return standing;
}

// The events in random order, and behind each a copy that says it happened a little later.
std::vector<v1::Event> ShuffledWithCopies(const Told& told, std::mt19937_64& random) {
  std::vector<v1::Event> order;
  for (const EventLine* line : told.events) order.push_back(line->event);
  std::shuffle(order.begin(), order.end(), random);
  for (const EventLine* line : told.events) {
    const auto original = std::find_if(order.begin(), order.end(), [&](const v1::Event& event) {
      return event.event_id() == line->event.event_id() &&
             event.customer_id() == line->event.customer_id();
    });
    v1::Event copy = *original;
    copy.set_occurred_at_us(copy.occurred_at_us() + kMicrosPerSecond);
    const auto behind = static_cast<uint64_t>(order.end() - original);
    order.insert(original + 1 + static_cast<ptrdiff_t>(random() % behind), std::move(copy));
  }
  return order;
}

// Folds records as a partition of the pipeline does, on this thread.
class OnePartition {
 public:
  OnePartition(const fold::Projection* projection, int64_t now_us)
      : projection_(projection), clock_(now_us), log_(1, kIdentity, &clock_) {
    table::TableOptions with_wal;
    with_wal.wal = true;
    archive_table_ = archive_disk_.Open(with_wal).value();
    state_table_ = state_disk_.Open({}).value();
    archive_ = log::Archive::Open(archive_table_.get(), 1, kIdentity, now_us).value();
    store_ = store::StateStore::Open(state_table_.get(), {kIdentity, 1, "orders"}).value();
    folder_ = std::make_unique<pipeline::Folder>(0, 1, projection, archive_.get(), store_.get(),
                                                 store::PartitionState{});
  }

  void Fold(const std::vector<v1::Event>& events, size_t batch_records_max) {
    for (const v1::Event& event : events) {
      log_.AppendTo(0, {event.customer_id(), event.SerializeAsString(), {}});
    }
    const auto reader = log_.NewReader(0, 0).value();
    const Offset end = log_.Range(0)->end;
    while (folder_->state().next < end) {
      const RecordBatch batch = reader->Read(batch_records_max, absl::Seconds(1)).value();
      RAPPORT_CHECK_OK(archive_->Append({batch}, table::Durability::kBuffered));
      RAPPORT_CHECK_OK(folder_->Apply(batch));
    }
  }

  std::string FactsOf(const std::string& customer) const {
    std::string bytes;
    folder_->table().ReadSlot(customer, [&](const store::Slot& slot) {
      projection_->Encode(slot.facts(), false, bytes);
    });
    return bytes;
  }

 private:
  const fold::Projection* const projection_;
  ManualClock clock_;
  log::MemoryLog log_;
  table::ModelDisk archive_disk_, state_disk_;
  std::unique_ptr<table::Table> archive_table_, state_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<store::StateStore> store_;
  std::unique_ptr<pipeline::Folder> folder_;
};

void CheckReceipt(const std::string& where, const v1::Receipt& receipt,
                  const std::set<std::string>& ids, Strings& wrong) {
  if (!IsRule(receipt.rule_id())) {
    wrong.push_back(absl::StrCat(where, " names no rule that exists: `", receipt.rule_id(), "`"));
  }
  if (receipt.text().empty()) wrong.push_back(absl::StrCat(where, " gives no reason in words"));
  for (const std::string& id : receipt.event_ids()) {
    if (!ids.contains(id)) {
      wrong.push_back(absl::StrCat(where, " names event ", id, ", which is not in the story"));
    }
  }
}

void CheckFollowUp(const v1::FollowUp& one, const std::set<std::string>& ids,
                   const std::set<std::string>& policies, Strings& wrong) {
  if (!policies.contains(one.policy())) {
    wrong.push_back(absl::StrCat("a follow-up is of no policy: ", one.policy()));
  }
  // Days, dates and states are causes of their own.
  const bool caused = one.cause().empty() ? !absl::StartsWith(one.anchor(), "event:") &&
                                                !absl::StartsWith(one.anchor(), "key:")
                                          : ids.contains(one.cause());
  if (!caused) wrong.push_back(absl::StrCat("follow-up ", one.policy(), " has no cause"));
  if (!one.closed_by().empty() && !ids.contains(one.closed_by())) {
    wrong.push_back(absl::StrCat("follow-up ", one.policy(), " is closed by an unknown event"));
  }
  if (one.opened_at_us() > one.from_us() || one.from_us() > one.by_us() ||
      (one.has_until_us() && one.by_us() > one.until_us())) {
    wrong.push_back(absl::StrCat("moments of follow-up ", one.policy(), " are out of order"));
  }
}

}  // namespace

std::map<std::string, std::string> FactsInOrder(const Told& told) {
  std::map<std::string, std::string> bytes;
  for (const EventLine* line : told.events) {
    const std::string& customer = line->event.customer_id();
    if (bytes.contains(customer)) continue;
    Facts facts(told.projection);
    for (const auto& [event, own] : StandingOf(told, customer)) facts.Fold(event, *own);
    bytes[customer] = facts.Bytes();
  }
  return bytes;
}

Strings CheckOrders(const Told& told) {
  int64_t now_us = 0;
  for (const EventLine* line : told.events) now_us = std::max(now_us, line->logged_us);
  std::mt19937_64 random(told.events.size());
  for (int order = 0; order < kOrders; ++order) {
    const std::vector<v1::Event> events = ShuffledWithCopies(told, random);
    OnePartition partition(told.projection, now_us);
    const size_t batch = order % 2 == 0 ? 1 : 1000;
    partition.Fold(events, batch);
    for (const auto& [customer, bytes] : told.facts) {
      if (partition.FactsOf(customer) == bytes) continue;
      return {absl::StrCat("the facts of ", customer, " depend on the order of events (order ",
                           order, ", batches of ", batch, ")")};
    }
  }
  return {};
}

Strings CheckHalves(const Told& told) {
  Strings wrong;
  std::mt19937_64 random(told.events.size());
  for (const auto& [customer, bytes] : told.facts) {
    for (int split = 0; split < kHalves && wrong.empty(); ++split) {
      Facts one(told.projection), other(told.projection);
      for (const auto& [event, line] : StandingOf(told, customer)) {
        (random() % 2 == 0 ? one : other).Fold(event, *line);
      }
      told.projection->Merge(one.get(), other.get());
      if (one.Bytes() != bytes) {
        wrong.push_back(absl::StrCat("two halves of ", customer, " merged are not the whole"));
      }
      Facts again(told.projection);
      const std::string with_offsets = one.Bytes(/*with_offsets=*/true);
      if (!told.projection->Decode(with_offsets, again.get()).ok() ||
          again.Bytes(/*with_offsets=*/true) != with_offsets) {
        wrong.push_back(absl::StrCat("facts of ", customer, " change when written and read"));
      }
    }
  }
  return wrong;
}

Strings CheckStanding(const v1::Standing& standing, const std::vector<const EventLine*>& events,
                      const std::set<std::string>& policies) {
  Strings wrong;
  std::set<std::string> ids;
  for (const EventLine* event : events) ids.insert(HexIdOf(event->event));
  int64_t sum = 0;
  for (const v1::Line& line : standing.lines()) {
    sum += line.milli_points();
    CheckReceipt(v1::ScoreLine_Name(line.line()), line.receipt(), ids, wrong);
  }
  if (sum != standing.score_milli() || standing.score() != standing.score_milli() / 1000) {
    wrong.push_back(absl::StrCat("the lines add up to ", sum, ", the score is ",
                                 standing.score_milli(), " and ", standing.score()));
  }
  uint32_t permille = 0;
  for (const v1::TypeShare& share : standing.types()) permille += share.permille();
  if (permille != 0 && permille != 1000) {
    wrong.push_back(absl::StrCat("the shares of the types add up to ", permille, " of 1000"));
  }
  CheckReceipt("the stage", standing.stage_rule(), ids, wrong);
  CheckReceipt("the type", standing.type_rule(), ids, wrong);
  CheckReceipt("the mode", standing.mode_rule(), ids, wrong);
  for (const v1::FlagState& flag : standing.flags()) {
    CheckReceipt(v1::Flag_Name(flag.flag()), flag.receipt(), ids, wrong);
  }
  std::set<std::string> names;
  for (const v1::FollowUp& one : standing.follow_ups()) {
    CheckFollowUp(one, ids, policies, wrong);
    if (!names.insert(one.name()).second) {
      wrong.push_back(absl::StrCat("two follow-ups have one id: ", one.name()));
    }
  }
  return wrong;
}

Strings CheckExplanation(const v1::Explanation& explanation, const v1::Standing& standing,
                         const std::vector<const EventLine*>& events) {
  Strings wrong;
  // Metrics are not explained.
  v1::Standing asked = standing;
  asked.clear_metrics();
  if (explanation.standing().SerializeAsString() != asked.SerializeAsString()) {
    wrong.push_back("the standing that is explained is another");
  }
  std::set<std::string> ids;
  for (const EventLine* event : events) ids.insert(HexIdOf(event->event));
  std::map<int, int64_t> split;
  for (const v1::ExplainedEvent& event : explanation.events()) {
    if (!ids.contains(event.id())) {
      wrong.push_back(absl::StrCat("event ", event.event_id(), " explains, and never counted"));
    }
    for (const v1::LineShare& share : event.shares()) split[share.line()] += share.milli_points();
  }
  for (const v1::UnsharedLine& left : explanation.unshared()) {
    split[left.line()] += left.milli_points();
  }
  for (const v1::Line& line : standing.lines()) {
    if (split[line.line()] == line.milli_points()) continue;
    wrong.push_back(absl::StrCat("shares of ", v1::ScoreLine_Name(line.line()), " add up to ",
                                 split[line.line()], ", the line is ", line.milli_points()));
  }
  const bool has_day = explanation.changes_size() > 0 && explanation.changes(0).has_day();
  if (has_day != standing.has_next_stage_change_day() ||
      (has_day && explanation.changes(0).day() != standing.next_stage_change_day())) {
    wrong.push_back("the next change by time that is explained is another");
  }
  for (const v1::PossibleChange& change : explanation.changes()) {
    if (change.text().empty()) wrong.push_back("a change that is explained changes nothing");
  }
  return wrong;
}

Strings CheckTimeline(const std::vector<v1::TimelineEntry>& timeline,
                      const std::vector<const EventLine*>& events) {
  Strings wrong;
  std::map<std::string, const EventLine*> missing;
  for (const EventLine* line : events) missing[line->event.event_id()] = line;
  for (const v1::TimelineEntry& entry : timeline) {
    const auto line = missing.find(entry.touchpoint().event_id());
    if (line == missing.end()) {
      wrong.push_back("the timeline shows something twice, or what never happened");
      continue;
    }
    const v1::Event shown = event::TouchpointToEvent(entry.touchpoint());
    if (shown.occurred_at_us() != line->second->occurred_us ||
        event::CanonicalContent(shown) != event::CanonicalContent(line->second->event)) {
      wrong.push_back(absl::StrCat("the timeline shows line ", line->second->line, " otherwise"));
    }
    // Of the business's own kinds the rules say whose acts they are, and what may earn.
    const facts::Side side = facts::By(shown.kind());
    const bool of_customer = side == facts::Side::kCustomer || side == facts::Side::kByRule;
    for (const v1::LineEffect& effect : entry.effects()) {
      if (of_customer || effect.milli_points() <= 0 || effect.line() == v1::SCORE_LINE_FRICTION ||
          effect.line() == v1::SCORE_LINE_LIMIT) {
        continue;
      }
      wrong.push_back(absl::StrCat("line ", line->second->line, ", no act of the customer, earned ",
                                   v1::ScoreLine_Name(effect.line())));
    }
    missing.erase(line);
  }
  for (const auto& [id, line] : missing) {
    wrong.push_back(absl::StrCat("the timeline does not show line ", line->line));
  }
  return wrong;
}

std::string AnnouncedPartOf(const v1::Standing& standing) {
  std::string text = absl::StrCat(standing.stage(), " ", standing.stage_reason(), " ",
                                  standing.stage_rule().rule_id());
  for (const v1::FlagState& flag : standing.flags()) absl::StrAppend(&text, " ", flag.flag());
  for (const v1::FollowUp& one : standing.follow_ups()) {
    absl::StrAppend(&text, "\n", one.name(), " ", one.status(), " ", one.suppressed_by());
  }
  return text;
}

}  // namespace rapport::stories
