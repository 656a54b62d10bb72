// BaseDifference: how two views of the whole base differ, relationship by relationship.
//
//   BaseLines left, right;
//   left.Add("ana", standing);          // of each relationship, in any order
//   BaseDifference difference(std::move(left), std::move(right));
//   difference.Write(/*customer_ids=*/10, answer);
//   difference.Samples(50);             // who to show whole
//
// Compared are stages, scores by band of 100 points, and what is owed: follow-ups that are neither
// done nor expired, by the names they have.
//
// Threads: as safe as plain values. Memory: about a hundred bytes a relationship of each view, and
// sixteen a follow-up that is owed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/difference.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::analytics {

// One view, as much of it as is compared.
class BaseLines {
 public:
  // REQUIRES: no relationship twice; the standing has its follow-ups.
  void Add(absl::string_view customer_id, const v1::Standing& standing);

 private:
  friend class BaseDifference;

  struct Owed {
    // Of the follow-up's name.
    uint64_t hash = 0;
    uint32_t policy = 0;
    auto operator<=>(const Owed&) const = default;
  };
  struct Line {
    std::string customer_id;
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
    uint32_t score_milli = 0;
    // Ascending.
    std::vector<Owed> owed;
  };

  void Sort();

  std::vector<Line> lines_;
  std::vector<std::string> policies_;
  absl::flat_hash_map<std::string, uint32_t> policy_numbers_;
};

class BaseDifference {
 public:
  BaseDifference(BaseLines left, BaseLines right);

  // Fills in all but infos and samples; of each move the first `customer_ids` ids.
  void Write(size_t customer_ids, v1::BaseDifference& difference) const;
  // Up to `most` of those who changed stage or came or went, whose score moved furthest first.
  std::vector<std::string> Samples(size_t most) const;

 private:
  using Line = BaseLines::Line;

  // Calls `visit` with each relationship's two lines by id, of which one may be null.
  template <typename Visit>
  void ForEachPair(Visit visit) const;
  void WriteFollowUps(v1::BaseDifference& difference) const;

  BaseLines left_;
  BaseLines right_;
};

}  // namespace rapport::analytics
