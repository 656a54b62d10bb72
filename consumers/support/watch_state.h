// WatchedFacts: what was known of one relationship at a position, and what it meant at the moments
// that count: when the last of its events was logged, and whenever time alone changed it since.
//
//   ASSIGN_OR_RETURN(Group group, reader.GroupAt("ana", place.position));
//   ASSIGN_OR_RETURN(auto facts, reader.FactsAt(group, place.position));
//   if (facts != nullptr) facts->At(*place.rules, place.told_to_us);   // as it was told last
//
// What is known now is what was known at the position unless a member was folded beyond it; only
// then the archive is read.
//
// Threads:   one each.
// Ownership: borrows the engine.
// Errors:    those of History. REQUIRES: the position is applied and archived.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "consumers/support/watch_place.h"
#include "engine/engine.h"
#include "rapport/v1/watch.pb.h"

namespace rapport::support {

// A relationship as it is told.
using WatchState = std::shared_ptr<const v1::RelationshipState>;

// When time alone changes it; INT64_MAX = never.
int64_t NextChangeOf(const v1::RelationshipState& state);

class WatchedFacts {
 public:
  WatchedFacts(std::shared_ptr<const fold::Projection> folds, const Group& group)
      : group_(group), folds_(std::move(folds)), facts_(folds_.get()) {}

  const Group& group() const { return group_; }
  // Nobody is one with the customer, and nothing was ever said of it: the members cannot change by
  // what others' events say.
  bool is_alone() const { return is_alone_; }
  // The moment from which on this is known: when its last event was logged, or happened.
  int64_t begins_us() const { return begins_us_; }

  // As it is told at `told_to_us`.
  WatchState At(const fold::Projection& rules, int64_t told_to_us) const;
  // As it is from exactly `at_us` on.
  WatchState Exactly(const fold::Projection& rules, int64_t at_us) const;
  // When time alone changes it next, behind `told_to_us`; INT64_MAX = never.
  int64_t NextChangeAfter(const fold::Projection& rules, int64_t told_to_us) const;

 private:
  // When it changed last up to `told_to_us`, and when it changes next, from one to the other.
  std::pair<int64_t, int64_t> ChangesAround(const fold::Projection& rules,
                                            int64_t told_to_us) const;
  // As seen from exactly `at_us`.
  int64_t NextChange(const fold::Projection& rules, int64_t at_us) const;

  friend class WatchReader;
  const Group group_;
  const std::shared_ptr<const fold::Projection> folds_;
  history::PastFacts facts_;
  v1::KnownFacts known_;
  int64_t begins_us_ = 0;
  bool is_alone_ = false;
};

class WatchReader {
 public:
  // Customers whose last events are noted at once.
  static constexpr size_t kNotedMax = 65'536;

  explicit WatchReader(const Engine* engine) : engine_(engine) {}

  // Spares looking up when the record was logged.
  void NoteAppended(Partition partition, Offset offset, int64_t at_us) {
    appended_[{partition, offset}] = at_us;
  }
  void ForgetAppended() { appended_.clear(); }
  // Does so for the last events of all these customers; forgets what was noted before.
  absl::Status NoteAppendedOf(absl::Span<const std::string> customers, const Position& position);

  // Who was one with the customer at the position.
  absl::StatusOr<Group> GroupAt(const std::string& customer_id, const Position& position) const;
  // As `rules` fold them; null when nothing was known of any of them.
  absl::StatusOr<std::unique_ptr<WatchedFacts>> FactsAt(
      const Group& group, const Position& position,
      std::shared_ptr<const fold::Projection> rules) const;
  // Whether the record at `offset` counts as an event of the customer: not when it is a copy, or in
  // quarantine.
  absl::StatusOr<bool> IsEventOf(const std::string& customer_id, Offset offset) const;

 private:
  // Adds what was known of one member; false when nothing was.
  absl::StatusOr<bool> AddMember(const std::string& member, const Position& position,
                                 WatchedFacts& facts) const;
  absl::StatusOr<int64_t> AppendedAt(Partition partition, Offset offset) const;

  const Engine* const engine_;
  std::map<std::pair<Partition, Offset>, int64_t> appended_;
};

}  // namespace rapport::support
