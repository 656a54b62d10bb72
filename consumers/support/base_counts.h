// BaseCounts: how many customers there are of each stage, score band, type, mode and flag, and how
// much is owed to them; numbers of small groups are not told.
//
//   BaseCounts counts;
//   counts.Add(standing);                  // each customer once
//   counts.Write(BaseGroups::All(), response);
//   HideSmallGroups(response);
//
// INCOMPLETE is not counted: the engine adds it, and it is about the log.
//
// Threads: one thread. Errors: INVALID_ARGUMENT for groups that are none.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

// What is counted by.
class BaseGroups {
 public:
  static BaseGroups All();
  // Those asked for, all if none is.
  static absl::StatusOr<BaseGroups> Of(const v1::SummarizeBaseRequest& request);

  bool has(v1::BaseGroup group) const { return (bits_ & (1u << group)) != 0; }
  // Indexes know all of them.
  bool AreLookedUp() const;

 private:
  explicit BaseGroups(uint32_t bits) : bits_(bits) {}

  uint32_t bits_;
};

class BaseCounts {
 public:
  // One customer.
  void Add(const v1::Standing& standing);
  // Many of one stage, with one flag, with something owed of one policy. Stages are all customers.
  void AddStage(v1::Stage stage, int64_t count);
  void AddFlag(v1::Flag flag, int64_t count);
  void AddFollowUps(const std::string& policy, v1::FollowUpStatus status, int64_t count);

  // Fills in the groups and the number of customers.
  void Write(const BaseGroups& groups, v1::SummarizeBaseResponse& response) const;

 private:
  int64_t customers_ = 0;
  std::map<v1::Stage, int64_t> stages_;
  std::map<v1::Flag, int64_t> flags_;
  std::map<std::string, v1::PolicyCount> policies_;
  // By least points.
  std::map<int32_t, int64_t> bands_;
  std::map<v1::RelationshipType, int64_t> types_;
  std::map<v1::ServiceMode, int64_t> modes_;
};

// Points of a band; the greatest score belongs to the last band.
inline constexpr int32_t kBandPoints = 100;
inline constexpr int32_t kLastBand = 900;

// Smaller groups are not told.
inline constexpr int64_t kGroupShownMin = 10;
// Takes out the numbers of groups with fewer customers; of groups that add up to everybody also the
// smallest others, until the total does not tell what is hidden. What is owed is no group of
// customers.
void HideSmallGroups(v1::SummarizeBaseResponse& response);

}  // namespace rapport::support
