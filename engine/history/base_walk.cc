#include "engine/history/base_walk.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::history {
namespace {

// So many customers are visited between two questions whether to go on.
constexpr size_t kStride = 256;
// So many partitions are folded ahead at most, however many cores there are.
constexpr unsigned kAheadMax = 8;

}  // namespace

BaseWalk::BaseWalk(BaseWalkParts parts, Viewpoint viewpoint)
    : parts_(std::move(parts)),
      viewpoint_(std::move(viewpoint)),
      history_(parts_.archive, parts_.projection, parts_.reader) {
  RAPPORT_CHECK(viewpoint_.known_at.next.empty() ||
                viewpoint_.known_at.next.size() ==
                    static_cast<size_t>(parts_.archive->partitions()))
      << "the viewpoint names " << viewpoint_.known_at.ToString();
}

std::vector<int64_t> BaseWalk::Total() const {
  std::vector<int64_t> total;
  for (Partition partition = 0; partition < parts_.archive->partitions(); ++partition) {
    const auto known = viewpoint_.known_at.next.find(partition);
    if (known == viewpoint_.known_at.next.end()) {
      total.push_back(parts_.customers(partition));
    } else {
      total.push_back(std::max<Offset>(0, known->second - parts_.archive->End(partition).start));
    }
  }
  return total;
}

absl::Status BaseWalk::ForEach(const GoOn& go_on, Visit visit) const {
  if (viewpoint_.known_at.next.empty()) return ForEachNow(go_on, visit);
  Told told;
  const auto by_history = [&](const std::string& customer) {
    return VisitByHistory(customer, told, visit);
  };
  return ForEachFold(go_on, [&](Partition partition, const PartitionFold& fold) {
    return VisitPartition(partition, fold, go_on, by_history, visit);
  });
}

absl::Status BaseWalk::ForEachAlone(const GoOn& go_on, Visit visit) const {
  RAPPORT_CHECK(!viewpoint_.known_at.next.empty()) << "the present is the state";
  const auto by_history = [&](const std::string& customer) {
    return VisitGroup({customer, {customer}}, visit);
  };
  return ForEachFold(go_on, [&](Partition partition, const PartitionFold& fold) {
    return VisitPartition(partition, fold, go_on, by_history, visit);
  });
}

absl::Status BaseWalk::ForEachNow(const GoOn& go_on, Visit visit) const {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, parts_.reader->CustomerIds());
  std::vector<std::pair<Partition, std::string>> customers;
  customers.reserve(ids.size());
  for (std::string& id : ids) {
    const Partition partition = parts_.reader->PartitionOfCustomer(id);
    customers.emplace_back(partition, std::move(id));
  }
  std::sort(customers.begin(), customers.end());
  Told told;
  size_t told_of = 0;
  for (size_t i = 0; i < customers.size(); ++i) {
    RETURN_IF_ERROR(VisitNow(customers[i].second, told, visit));
    const bool is_last = i + 1 == customers.size() || customers[i + 1].first != customers[i].first;
    if (!is_last && i + 1 - told_of < kStride) continue;
    RETURN_IF_ERROR(go_on(customers[i].first, static_cast<int64_t>(i + 1 - told_of)));
    told_of = i + 1;
  }
  return absl::OkStatus();
}

absl::Status BaseWalk::VisitNow(const std::string& customer, Told& told, Visit visit) const {
  fold::FactsMemory facts(*parts_.projection);
  BaseCustomer shown{.survivor = customer, .members = {}, .facts = facts.get()};
  bool is_present = false;
  const absl::Status read = parts_.reader->Read(customer, [&](const store::CustomerView& view) {
    is_present = view.links->empty() && fold::FoldAlike(*view.folds, *parts_.projection) &&
                 parts_.projection->NewestAt(view.facts) <= viewpoint_.as_of_us;
    if (is_present) parts_.projection->Merge(facts.get(), view.facts);
    shown.quarantined = view.quarantined;
  });
  // Gone since the ids were told.
  if (absl::IsNotFound(read)) return absl::OkStatus();
  RETURN_IF_ERROR(read);
  if (!is_present) return VisitByHistory(customer, told, visit);
  shown.lost = HasLost(parts_.reader->PartitionOfCustomer(customer));
  return visit(shown);
}

absl::Status BaseWalk::ForEachFold(
    const GoOn& go_on,
    absl::FunctionRef<absl::Status(Partition, const PartitionFold&)> take) const {
  std::atomic<bool> is_over{false};
  const GoOn unless_over = [&](Partition partition, int64_t done) -> absl::Status {
    if (is_over) return absl::CancelledError("the walk has ended");
    return go_on(partition, done);
  };
  const auto begin = [&](Partition partition) {
    return std::async(std::launch::async, [this, &unless_over, partition] {
      return FoldPartition(partition, unless_over);
    });
  };
  const Partition partitions = parts_.archive->partitions();
  const auto ahead =
      static_cast<size_t>(std::clamp(std::thread::hardware_concurrency(), 1u, kAheadMax));
  std::deque<std::future<Folded>> folding;
  // A future waits for its thread when it goes; the thread need not come to its end.
  const absl::Cleanup end = [&] { is_over = true; };
  Partition next = 0;
  for (Partition partition = 0; partition < partitions; ++partition) {
    while (next < partitions && folding.size() < ahead) folding.push_back(begin(next++));
    ASSIGN_OR_RETURN(const std::unique_ptr<PartitionFold> fold, folding.front().get());
    folding.pop_front();
    if (next < partitions) folding.push_back(begin(next++));
    RETURN_IF_ERROR(take(partition, *fold));
  }
  return absl::OkStatus();
}

BaseWalk::Folded BaseWalk::FoldPartition(Partition partition, const GoOn& go_on) const {
  ASSIGN_OR_RETURN(const std::vector<store::QuarantineEntry> quarantine,
                   parts_.quarantine(partition));
  auto fold = std::make_unique<PartitionFold>(
      parts_.projection, viewpoint_.as_of_us, quarantine,
      [this](absl::string_view name) { return parts_.reader->Touches(name); });
  const auto cursor =
      parts_.archive->Scan(partition, 0, viewpoint_.known_at.next.find(partition)->second);
  RecordBatch batch;
  // What was lost before is no work.
  Offset passed = parts_.archive->End(partition).start;
  while (cursor->NextBatch(batch)) {
    RETURN_IF_ERROR(go_on(partition, std::max<Offset>(0, batch.next - passed)));
    passed = batch.next;
    RETURN_IF_ERROR(fold->Add(batch));
  }
  RETURN_IF_ERROR(cursor->status());
  return fold;
}

absl::Status BaseWalk::VisitPartition(Partition partition, const PartitionFold& fold,
                                      const GoOn& go_on, ByHistory by_history, Visit visit) const {
  size_t met = 0;
  for (const PartitionFold::Customer* customer : fold.ByName()) {
    if (++met % kStride == 0 || customer->by_history) RETURN_IF_ERROR(go_on(partition, 0));
    if (customer->by_history) {
      RETURN_IF_ERROR(by_history(customer->name));
      continue;
    }
    if (!customer->known) continue;
    BaseCustomer shown{.survivor = customer->name, .members = {}, .facts = customer->facts};
    shown.lost = HasLost(partition);
    if (fold.IsAmiss(customer->name)) {
      ASSIGN_OR_RETURN(shown.quarantined, QuarantinedOf(customer->name));
    }
    RETURN_IF_ERROR(visit(shown));
  }
  return absl::OkStatus();
}

absl::Status BaseWalk::VisitByHistory(const std::string& customer, Told& told, Visit visit) const {
  if (told.contains(customer)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Group group, history_.GroupOf(customer, viewpoint_));
  if (group.is_merged()) told.insert(group.members.begin(), group.members.end());
  return VisitGroup(group, visit);
}

absl::Status BaseWalk::VisitGroup(const Group& group, Visit visit) const {
  RETURN_IF_ERROR(CheckInTime(viewpoint_));
  PastFacts facts(parts_.projection);
  BaseCustomer shown{.survivor = group.survivor, .members = {}, .facts = facts.get()};
  bool is_known = false;
  for (const std::string& member : group.members) {
    const absl::StatusOr<std::vector<PastEvent>> read = history_.Events(member, viewpoint_);
    // Gone since it was met, as when its only record was judged again.
    if (absl::IsNotFound(read.status())) continue;
    RETURN_IF_ERROR(read.status());
    const std::vector<PastEvent>& events = *read;
    for (const PastEvent& event : events) facts.Fold(event);
    is_known = is_known || !events.empty();
    ASSIGN_OR_RETURN(const uint32_t quarantined, QuarantinedOf(member));
    shown.quarantined += quarantined;
    shown.lost = shown.lost || HasLost(parts_.reader->PartitionOfCustomer(member));
  }
  if (group.is_merged()) shown.members = group.members;
  return is_known ? visit(shown) : absl::OkStatus();
}

absl::StatusOr<uint32_t> BaseWalk::QuarantinedOf(absl::string_view customer_id) const {
  uint32_t quarantined = 0;
  const absl::Status read = parts_.reader->Read(
      customer_id, [&](const store::CustomerView& view) { quarantined = view.quarantined; });
  if (!read.ok() && !absl::IsNotFound(read)) return read;
  return quarantined;
}

bool BaseWalk::HasLost(Partition partition) const {
  return parts_.archive->End(partition).complete_from > 0;
}

}  // namespace rapport::history
