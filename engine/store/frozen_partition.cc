#include "engine/store/frozen_partition.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/base/status_macros.h"
#include "engine/store/keys.h"

namespace rapport::store {
namespace {

bool IsIn(const KeyRange& range, absl::string_view key) {
  return range.begin <= key && key < range.end;
}

// The customer or record that a row is about.
std::string SubjectOf(Partition partition, absl::string_view key) {
  if (IsIn(CustomerKeys(partition), key)) {
    const absl::string_view name = CustomerOfKey(key);
    if (IsAnonymous(name)) return "events of nobody";
    return absl::StrCat("customer ", name);
  }
  if (IsIn(QuarantineKeys(partition), key)) {
    return absl::StrCat("the quarantine at offset ", OffsetOfKey(key));
  }
  // TouchKey: the name's length, the name, the chunk.
  return absl::StrCat("the touches of customer ",
                      key.substr(6, static_cast<unsigned char>(key[5])));
}

// What must be the same of a row.
absl::string_view Essence(Partition partition, absl::string_view key, absl::string_view value) {
  if (key == PositionKey(partition)) return {};
  if (!IsIn(QuarantineKeys(partition), key)) return value;
  absl::string_view rest = value;
  uint64_t reason = 0;
  if (!TakeVarint(rest, reason)) return value;
  return value.substr(0, value.size() - rest.size());
}

}  // namespace

absl::StatusOr<std::unique_ptr<FrozenPartition>> FrozenPartition::Of(table::Table& table,
                                                                     Partition partition) {
  std::unique_ptr<FrozenPartition> frozen(new FrozenPartition(partition, table.NewIterator()));
  const std::string position = PositionKey(partition);
  frozen->rows_->Seek(position);
  RETURN_IF_ERROR(frozen->rows_->status());
  // There is none before the first commit.
  if (!frozen->rows_->Valid() || frozen->rows_->key() != position) return frozen;
  ASSIGN_OR_RETURN(frozen->state_, StateStore::DecodePosition(partition, frozen->rows_->value()));
  return frozen;
}

std::string StatesDiffer(const PartitionState& a, const PartitionState& b) {
  if (a.next != b.next) return absl::StrCat("the positions, ", a.next, " and ", b.next);
  if (a.chain != b.chain) return "the records up to the position";
  if (a.customers != b.customers) {
    return absl::StrCat("the numbers of customers, ", a.customers, " and ", b.customers);
  }
  return a.counters == b.counters ? "" : "what became of the records";
}

absl::StatusOr<std::string> FirstDifference(const FrozenPartition& a, const FrozenPartition& b) {
  const Partition partition = a.partition();
  const KeyRange range = PartitionKeys(partition);
  table::Iterator& left = a.rows();
  table::Iterator& right = b.rows();
  // What waits for the log is of this life and not of the records.
  const KeyRange echo = EchoKeys(partition);
  const auto more = [&](table::Iterator& rows) {
    if (rows.Valid() && IsIn(echo, rows.key())) rows.Seek(echo.end);
    return rows.Valid() && rows.key() < range.end;
  };
  std::string subject;
  for (left.Seek(range.begin), right.Seek(range.begin); more(left) || more(right);
       left.Next(), right.Next()) {
    RETURN_IF_ERROR(left.status());
    RETURN_IF_ERROR(right.status());
    if (more(left) && more(right) && left.key() == right.key() &&
        Essence(partition, left.key(), left.value()) ==
            Essence(partition, right.key(), right.value())) {
      continue;
    }
    const bool is_left = more(left) && (!more(right) || left.key() <= right.key());
    subject = SubjectOf(partition, is_left ? left.key() : right.key());
    break;
  }
  RETURN_IF_ERROR(left.status());
  RETURN_IF_ERROR(right.status());
  if (!subject.empty()) return subject;
  return StatesDiffer(a.state(), b.state());
}

}  // namespace rapport::store
