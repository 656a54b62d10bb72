#include "consumers/support/watch_state.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// Each holds its block in memory.
constexpr size_t kReadAtOnce = 256;

fold::EvaluateOptions OptionsOf(bool follow_ups) {
  fold::EvaluateOptions options;
  options.follow_ups = follow_ups;
  options.next_change = true;
  options.receipts = false;
  return options;
}

history::Viewpoint KnownAt(const Position& position) {
  history::Viewpoint viewpoint;
  viewpoint.known_at = position;
  return viewpoint;
}

Offset NextOf(const Position& position, Partition partition) {
  const auto next = position.next.find(partition);
  RAPPORT_CHECK(next != position.next.end()) << "a place names partition " << partition;
  return next->second;
}

// Makes visits of nobody no error.
absl::Status UnlessUnknown(const absl::Status& status) {
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace

int64_t NextChangeOf(const v1::RelationshipState& state) {
  const v1::Standing& standing = state.standing();
  return standing.has_next_change_at_us() ? standing.next_change_at_us() : kNever;
}

WatchState WatchedFacts::Exactly(const fold::Projection& rules, int64_t at_us) const {
  auto state = std::make_shared<v1::RelationshipState>();
  rules.Evaluate(group_.survivor, facts_.get(), at_us, OptionsOf(/*follow_ups=*/true),
                 *state->mutable_standing());
  *state->mutable_known() = known_;
  return state;
}

int64_t WatchedFacts::NextChange(const fold::Projection& rules, int64_t at_us) const {
  v1::Standing standing;
  rules.Evaluate(group_.survivor, facts_.get(), at_us, OptionsOf(/*follow_ups=*/false), standing);
  return standing.has_next_change_at_us() ? standing.next_change_at_us() : kNever;
}

std::pair<int64_t, int64_t> WatchedFacts::ChangesAround(const fold::Projection& rules,
                                                        int64_t told_to_us) const {
  int64_t at_us = begins_us_;
  int64_t next_us = NextChange(rules, at_us);
  while (next_us <= told_to_us && next_us > at_us) {
    at_us = next_us;
    next_us = NextChange(rules, at_us);
  }
  return {at_us, next_us};
}

int64_t WatchedFacts::NextChangeAfter(const fold::Projection& rules, int64_t told_to_us) const {
  return ChangesAround(rules, told_to_us).second;
}

WatchState WatchedFacts::At(const fold::Projection& rules, int64_t told_to_us) const {
  return Exactly(rules, ChangesAround(rules, told_to_us).first);
}

absl::StatusOr<Group> WatchReader::GroupAt(const std::string& customer_id,
                                           const Position& position) const {
  const pipeline::Pipeline& pipeline = engine_->pipeline();
  bool is_past = false;
  const auto links_of = [&](const std::string& member) -> absl::StatusOr<Links> {
    const Offset next = NextOf(position, pipeline.PartitionOfCustomer(member));
    Links links;
    RETURN_IF_ERROR(UnlessUnknown(pipeline.Read(member, [&](const store::CustomerView& view) {
      links = *view.links;
      // What was not said by now was not said then, unless it was taken back since.
      is_past |= view.folded_to >= next && (!links.empty() || view.has_revisions);
    })));
    return links;
  };
  ASSIGN_OR_RETURN(Group group, FindGroup(customer_id, links_of));
  if (!is_past) return group;
  return engine_->history().GroupOf(customer_id, KnownAt(position));
}

absl::StatusOr<std::unique_ptr<WatchedFacts>> WatchReader::FactsAt(
    const Group& group, const Position& position,
    std::shared_ptr<const fold::Projection> rules) const {
  auto facts = std::make_unique<WatchedFacts>(std::move(rules), group);
  const fold::Projection& projection = *facts->folds_;
  bool is_known = false;
  for (const std::string& member : group.members) {
    ASSIGN_OR_RETURN(const bool has_events, AddMember(member, position, *facts));
    is_known = is_known || has_events;
  }
  if (!is_known) return nullptr;
  facts->begins_us_ = std::max(facts->begins_us_, projection.NewestAt(facts->facts_.get()));
  std::string bytes;
  projection.Encode(facts->facts_.get(), /*with_offsets=*/false, bytes);
  v1::CustomerFacts all;
  RAPPORT_CHECK(all.ParseFromString(bytes)) << "facts that were just encoded";
  facts->known_ = std::move(*all.mutable_known());
  return facts;
}

absl::StatusOr<bool> WatchReader::AddMember(const std::string& member, const Position& position,
                                            WatchedFacts& facts) const {
  const pipeline::Pipeline& pipeline = engine_->pipeline();
  const Partition partition = pipeline.PartitionOfCustomer(member);
  const Offset next = NextOf(position, partition);
  Offset last = -1;
  bool is_past = false;
  RETURN_IF_ERROR(UnlessUnknown(pipeline.Read(member, [&](const store::CustomerView& view) {
    is_past = view.folded_to >= next;
    facts.is_alone_ =
        facts.group_.members.size() == 1 && view.links->empty() && !(is_past && view.has_revisions);
    is_past = is_past || !fold::FoldAlike(*view.folds, *facts.folds_);
    if (is_past) return;
    last = view.folded_to;
    facts.facts_.Add(view.facts);
  })));
  if (!is_past) {
    if (last < 0) return false;
    ASSIGN_OR_RETURN(const int64_t appended_us, AppendedAt(partition, last));
    facts.begins_us_ = std::max(facts.begins_us_, appended_us);
    return true;
  }
  std::vector<history::PastEvent> events;
  if (auto read = engine_->history().Events(member, KnownAt(position)); read.ok()) {
    events = *std::move(read);
  } else if (!absl::IsNotFound(read.status())) {
    return read.status();
  }
  const history::PastEvent* newest = nullptr;
  for (const history::PastEvent& event : events) {
    facts.facts_.Fold(event);
    if (newest == nullptr || event.offset > newest->offset) newest = &event;
  }
  if (newest == nullptr) return false;
  facts.begins_us_ = std::max(facts.begins_us_, newest->append_time_us);
  return true;
}

absl::Status WatchReader::NoteAppendedOf(absl::Span<const std::string> customers,
                                         const Position& position) {
  ForgetAppended();
  const pipeline::Pipeline& pipeline = engine_->pipeline();
  std::map<Partition, std::vector<Offset>> lasts;
  for (const std::string& customer : customers) {
    const Partition partition = pipeline.PartitionOfCustomer(customer);
    const Offset next = NextOf(position, partition);
    RETURN_IF_ERROR(UnlessUnknown(pipeline.Read(customer, [&](const store::CustomerView& view) {
      if (view.folded_to < next) lasts[partition].push_back(view.folded_to);
    })));
  }
  for (auto& [partition, offsets] : lasts) {
    std::sort(offsets.begin(), offsets.end());
    for (size_t i = 0; i < offsets.size(); i += kReadAtOnce) {
      const auto some = absl::MakeConstSpan(offsets).subspan(i, kReadAtOnce);
      for (const auto& batch : engine_->archive().ReadMany(partition, some)) {
        RETURN_IF_ERROR(batch.status());
        const RecordView& record = batch->records.at(0);
        NoteAppended(partition, record.offset, record.append_time_us);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> WatchReader::AppendedAt(Partition partition, Offset offset) const {
  const auto noted = appended_.find({partition, offset});
  if (noted != appended_.end()) return noted->second;
  ASSIGN_OR_RETURN(const RecordBatch batch, engine_->archive().Read(partition, offset));
  return batch.records.at(0).append_time_us;
}

absl::StatusOr<bool> WatchReader::IsEventOf(const std::string& customer_id, Offset offset) const {
  bool is_last = false;
  RETURN_IF_ERROR(UnlessUnknown(engine_->pipeline().Read(
      customer_id, [&](const store::CustomerView& view) { is_last = view.folded_to == offset; })));
  if (is_last) return true;
  const auto touches = engine_->pipeline().Touches(customer_id);
  if (absl::IsNotFound(touches.status())) return false;
  RETURN_IF_ERROR(touches.status());
  const auto found = std::lower_bound(
      touches->begin(), touches->end(), offset,
      [](const store::Touch& touch, Offset wanted) { return touch.offset < wanted; });
  return found != touches->end() && found->offset == offset;
}

}  // namespace rapport::support
