#include "tests/simulation/oracle.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/store/keys.h"

namespace rapport::simulation {
namespace {

ValidEvent EventAt(const Made& made, Partition partition, Offset offset, int64_t append_time_us) {
  ValidEvent event = made.valid;
  event.partition = partition;
  event.offset = offset;
  event.append_time_us = append_time_us;
  return event;
}

std::string Shown(absl::string_view name) {
  return store::IsAnonymous(name) ? absl::StrCat("anonymous ", Hex(name.substr(1)))
                                  : std::string(name);
}

}  // namespace

Facts::Facts(const fold::Projection* projection)
    : projection_(projection),
      memory_(std::aligned_alloc(16, (projection->size() + 15) / 16 * 16)) {
  projection_->Construct(memory_);
}

Facts::~Facts() {
  projection_->Destroy(memory_);
  std::free(memory_);
}

std::string Facts::Bytes() const {
  std::string bytes;
  projection_->Encode(memory_, /*with_offsets=*/true, bytes);
  return bytes;
}

Oracle::Oracle(const fold::Projection* projection, const Workload* workload, int partitions)
    : projection_(projection),
      workload_(workload),
      records_(static_cast<size_t>(partitions)),
      ends_(static_cast<size_t>(partitions), 0),
      observed_(static_cast<size_t>(partitions), true),
      aside_(static_cast<size_t>(partitions)) {}

absl::Status Oracle::Observe(log::Log& log) {
  for (Partition partition = 0; partition < log.partitions(); ++partition) {
    if (!observed_[static_cast<size_t>(partition)]) continue;
    std::map<Offset, Known>& records = records_[static_cast<size_t>(partition)];
    Offset& end = ends_[static_cast<size_t>(partition)];
    ASSIGN_OR_RETURN(const log::OffsetRange range, log.Range(partition));
    if (range.end < end) {
      return absl::FailedPreconditionError(absl::StrCat("partition ", partition, " ended at ", end,
                                                        " and ends at ", range.end, " now"));
    }
    ASSIGN_OR_RETURN(const auto reader, log.NewReader(partition, std::max(end, range.start)));
    while (end < range.end) {
      ASSIGN_OR_RETURN(const RecordBatch batch, reader->Read(SIZE_MAX, absl::ZeroDuration()));
      for (const RecordView& record : batch.records) {
        if (!records.empty() && record.append_time_us < records.rbegin()->second.append_time_us) {
          return absl::FailedPreconditionError(absl::StrCat(
              "partition ", partition, " offset ", record.offset, " is older than the one before"));
        }
        std::shared_ptr<const Made> made = workload_->Find(record.key, record.value);
        if (made == nullptr) {
          return absl::FailedPreconditionError(absl::StrCat(
              "partition ", partition, " offset ", record.offset, " holds what nobody has sent"));
        }
        std::string name(record.key);
        if (made->event != nullptr && made->valid.customer_id.empty()) {
          name = store::AnonymousName(made->valid.id);
        }
        records[record.offset] = {std::move(made), std::move(name), record.append_time_us};
      }
      end = batch.next;
    }
  }
  return absl::OkStatus();
}

void Oracle::Forget(Partition partition, Offset end) {
  std::map<Offset, Known>& records = records_[static_cast<size_t>(partition)];
  records.erase(records.lower_bound(end), records.end());
  ends_[static_cast<size_t>(partition)] = std::min(ends_[static_cast<size_t>(partition)], end);
}

void Oracle::ReleaseBefore(Partition partition, Offset next) {
  std::set<Offset>& aside = aside_of(partition);
  aside.erase(aside.begin(), aside.lower_bound(next));
}

std::optional<Partition> Oracle::SetAsideAt() const {
  for (size_t partition = 0; partition < aside_.size(); ++partition) {
    if (!aside_[partition].empty()) return static_cast<Partition>(partition);
  }
  return std::nullopt;
}

ValidEvent Oracle::EventAt(Partition partition, Offset offset) const {
  const Known& known = records_[static_cast<size_t>(partition)].at(offset);
  return simulation::EventAt(*known.made, partition, offset, known.append_time_us);
}

std::shared_ptr<const Made> Oracle::At(Partition partition, Offset offset) const {
  const auto& records = records_[static_cast<size_t>(partition)];
  const auto it = records.find(offset);
  return it == records.end() ? nullptr : it->second.made;
}

bool Oracle::Holds(Partition partition, absl::string_view key, absl::string_view bytes) const {
  const auto& records = records_[static_cast<size_t>(partition)];
  return std::any_of(records.begin(), records.end(), [&](const auto& entry) {
    const NewRecord& record = entry.second.made->record;
    return record.key == key && record.value == bytes;
  });
}

OraclePartition Oracle::Fold(Partition partition, Offset next, absl::string_view name) const {
  OraclePartition state;
  for (const auto& [offset, known] : records_[static_cast<size_t>(partition)]) {
    if (offset >= next) break;
    if (!name.empty() && known.name != name) continue;
    FoldRecord(partition, offset, known, state);
  }
  for (auto& [id, customer] : state.customers) {
    if (store::IsAnonymous(id)) continue;
    for (const Offset offset : customer.touches) {
      const auto event = Standing(customer, partition, offset);
      if (event.has_value()) customer.facts.Fold(*event);
      AddLink(partition, offset, customer);
    }
  }
  return state;
}

void Oracle::FoldRecord(Partition partition, Offset offset, const Known& known,
                        OraclePartition& state) const {
  const Made& made = *known.made;
  ++state.counters.archived;
  if (aside_[static_cast<size_t>(partition)].contains(offset)) {
    ++state.counters.rejected;
    state.quarantine[offset] = Reason::kCrashedFold;
    // Unread, it is whose its key says.
    if (!store::IsAnonymous(known.name)) {
      ++state.customers.try_emplace(made.record.key, projection_).first->second.quarantined;
    }
    return;
  }
  if (made.reason.has_value()) {
    ++state.counters.rejected;
    state.quarantine[offset] = *made.reason;
    if (made.leaves_incomplete) {
      ++state.customers.try_emplace(known.name, projection_).first->second.quarantined;
    }
    return;
  }
  const ValidEvent event = simulation::EventAt(made, partition, offset, known.append_time_us);
  OracleCustomer& customer = state.customers.try_emplace(known.name, projection_).first->second;
  const auto [use, is_new] = customer.ids.try_emplace(event.id, &made);
  if (!is_new) {
    const bool same = IsCopy(*use->second, made);
    ++(same ? state.counters.duplicates : state.counters.conflicts);
    if (!same) state.quarantine[offset] = Reason::kEventIdConflict;
    return;
  }
  const bool anonymous = event.customer_id.empty();
  customer.touches.push_back(offset);
  const bool revises = !anonymous && made.target != EventId();
  if (revises) customer.revisions.push_back(offset);
  const bool links = !made.other.empty() || event.kind == v1::KIND_ALIAS_LINKED;
  const bool folds = revises || (!anonymous && (links || projection_->Folds(event.kind)));
  state.counters.anonymous += anonymous;
  state.counters.clear_text += !made.texts.empty() && made.key_id.empty();
  ++(folds || anonymous ? state.counters.folded : state.counters.not_folded);
}

int64_t Oracle::NewestAt(Partition partition) const {
  const auto& records = records_[static_cast<size_t>(partition)];
  return records.empty() ? 0 : records.rbegin()->second.append_time_us;
}

Offset Oracle::ErasureOf(Partition partition, absl::string_view customer) const {
  for (const auto& [offset, known] : records_[static_cast<size_t>(partition)]) {
    const Made& made = *known.made;
    if (made.is_engines && made.valid.kind == v1::KIND_ERASURE_REQUESTED &&
        known.name == customer) {
      return offset;
    }
  }
  return -1;
}

std::map<Offset, std::shared_ptr<const Made>> Oracle::Sealed(Partition partition) const {
  std::map<Offset, std::shared_ptr<const Made>> sealed;
  for (const auto& [offset, known] : records_[static_cast<size_t>(partition)]) {
    if (!known.made->key_id.empty()) sealed[offset] = known.made;
  }
  return sealed;
}

int64_t Oracle::ClearTexts(Partition partition, Offset next, absl::string_view customer) const {
  return Fold(partition, next, customer).counters.clear_text;
}

namespace {

std::string CountersText(const store::EventCounters& counters) {
  return absl::StrCat(counters.archived, " archived, ", counters.folded, " folded, ",
                      counters.duplicates, " duplicates, ", counters.conflicts, " conflicts, ",
                      counters.rejected, " rejected, ", counters.not_folded, " not folded, ",
                      counters.anonymous, " anonymous, ", counters.clear_text, " in clear");
}

}  // namespace

std::string Oracle::CustomerDifference(const std::string& name, const OracleCustomer& wanted,
                                       Partition partition,
                                       const pipeline::Pipeline& pipeline) const {
  const auto touches = pipeline.TouchesOf(partition, name);
  if (!touches.ok()) return touches.status().ToString();
  std::vector<Offset> offsets;
  for (const store::Touch& touch : *touches) offsets.push_back(touch.offset);
  if (offsets != wanted.touches) {
    const auto [mine, theirs] =
        std::mismatch(offsets.begin(), offsets.end(), wanted.touches.begin(), wanted.touches.end());
    const auto at = [](auto it, auto end) {
      return it == end ? "the end" : absl::StrCat("offset ", *it);
    };
    return absl::StrCat("a touch list of ", offsets.size(), ", not ", wanted.touches.size(), ": ",
                        at(mine, offsets.end()), " where ", at(theirs, wanted.touches.end()),
                        " should be");
  }
  if (store::IsAnonymous(name) || wanted.touches.empty()) return "";
  std::string facts;
  uint32_t quarantined = 0;
  std::string links;
  const absl::Status read = pipeline.Read(name, [&](const store::CustomerView& view) {
    projection_->Encode(view.facts, /*with_offsets=*/true, facts);
    quarantined = view.quarantined;
    links = LinksDifference(wanted, *view.links);
  });
  if (!read.ok()) return read.ToString();
  if (facts != wanted.facts.Bytes()) return "other facts";
  if (!links.empty()) return links;
  if (quarantined == wanted.quarantined) return "";
  return absl::StrCat(quarantined, " in quarantine, not ", wanted.quarantined);
}

std::string Oracle::Difference(const OraclePartition& wanted, Partition partition,
                               pipeline::Pipeline& pipeline) const {
  for (const auto& [name, customer] : wanted.customers) {
    const std::string found = CustomerDifference(name, customer, partition, pipeline);
    if (!found.empty()) return absl::StrCat(Shown(name), " has ", found);
  }
  const auto ids = pipeline.CustomerIds();
  if (!ids.ok()) return ids.status().ToString();
  int64_t count = 0;
  for (const std::string& id : *ids) {
    if (pipeline.PartitionOfCustomer(id) != partition) continue;
    const auto customer = wanted.customers.find(id);
    if (customer == wanted.customers.end() || customer->second.touches.empty()) {
      return absl::StrCat(id, " is there and should not be");
    }
    ++count;
  }
  const int64_t counted = pipeline.progress(partition).customers;
  if (counted != count) return absl::StrCat(counted, " customers are counted, not ", count);
  const store::EventCounters counters = pipeline.task(partition).counters();
  if (counters == wanted.counters) return "";
  return absl::StrCat("the counters say ", CountersText(counters), ", and not ",
                      CountersText(wanted.counters));
}

bool Oracle::SameInAnotherOrder(const OracleCustomer& customer, Partition partition,
                                Dice& dice) const {
  std::vector<Offset> offsets = customer.touches;
  for (size_t i = offsets.size(); i > 1; --i) {
    std::swap(offsets[i - 1], offsets[static_cast<size_t>(dice.Roll(static_cast<int64_t>(i)))]);
  }
  Facts one(projection_), other(projection_);
  for (const Offset offset : offsets) {
    const auto event = Standing(customer, partition, offset);
    if (event.has_value()) (dice.Chance(500) ? one : other).Fold(*event);
  }
  one.Merge(other);
  return one.Bytes() == customer.facts.Bytes();
}

std::string Oracle::OrderDifference(const OraclePartition& wanted, Partition partition,
                                    Dice& dice) const {
  for (const auto& [name, customer] : wanted.customers) {
    if (store::IsAnonymous(name)) continue;
    // Where lists are full there is more that can differ.
    for (int orders = customer.touches.size() > 60 ? 4 : 1; orders > 0; --orders) {
      if (SameInAnotherOrder(customer, partition, dice)) continue;
      return absl::StrCat(name, " has other facts by another order and in two parts");
    }
  }
  return "";
}

std::string Oracle::QuarantineDifference(const OraclePartition& wanted, Partition partition,
                                         const pipeline::Pipeline& pipeline) const {
  const auto entries = pipeline.Quarantine(partition, 0, SIZE_MAX);
  if (!entries.ok()) return entries.status().ToString();
  std::map<Offset, Reason> found;
  for (const store::QuarantineEntry& entry : *entries) {
    found[entry.offset] = entry.rejection.reason;
  }
  if (found == wanted.quarantine) return "";
  for (const auto& [offset, reason] : wanted.quarantine) {
    const auto it = found.find(offset);
    if (it != found.end() && it->second == reason) continue;
    return absl::StrCat("offset ", offset, " is ",
                        it == found.end() ? "not in quarantine" : ReasonName(it->second),
                        " and should be ", ReasonName(reason));
  }
  return absl::StrCat(found.size(), " records are in quarantine, not ", wanted.quarantine.size());
}

}  // namespace rapport::simulation
