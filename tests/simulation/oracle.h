// Oracle: what must be so, by the plainest way there is: all records of the log in order, every id
// of every customer kept, no batch, no cache, no disk. It shares the pure fold with the engine and
// nothing else; permutation properties and golden vectors prove that one apart.
//
// Threads: one. Ownership: borrows projection and workload.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/fold/projection.h"
#include "engine/log/log.h"
#include "engine/pipeline/pipeline.h"
#include "tests/simulation/workload.h"

namespace rapport::simulation {

// Facts of one customer, owned.
class Facts {
 public:
  explicit Facts(const fold::Projection* projection);
  ~Facts();
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  void Fold(const ValidEvent& event) { projection_->Fold(memory_, event); }
  void Merge(const Facts& other) { projection_->Merge(memory_, other.memory_); }
  const void* get() const { return memory_; }
  // With the offsets of claims.
  std::string Bytes() const;

 private:
  const fold::Projection* const projection_;
  void* const memory_;
};

// What a customer's records say last about another one.
struct Said {
  Moment moment;
  Made::Says says = Made::Says::kSplit;
};

// Customers that are one, and under whose id.
struct OracleGroup {
  std::string survivor;
  std::set<std::string> members;
};

// One customer, or one name of anonymous touchpoints.
struct OracleCustomer {
  explicit OracleCustomer(const fold::Projection* projection) : facts(projection) {}
  Facts facts;
  // Each id with the event that it stands for.
  std::map<EventId, const Made*> ids;
  std::vector<Offset> touches;
  // Those of them that take back or put right others.
  std::vector<Offset> revisions;
  uint32_t quarantined = 0;
  // By the other's id.
  std::map<std::string, Said> links;
  bool erased = false;
};

// An event of a customer that concerns a second one, and what that one must be told.
struct OracleTwin {
  Partition partition = 0;
  Offset original = 0;
  // Of the first customer.
  std::string of;
  // Key and bytes of the twin, and its id.
  std::string at;
  std::string bytes;
  std::string id;
};

// A partition as it must be at a position.
struct OraclePartition {
  std::map<std::string, OracleCustomer> customers;
  store::EventCounters counters;
  std::map<Offset, Reason> quarantine;
};

class Oracle {
 public:
  Oracle(const fold::Projection* projection, const Workload* workload, int partitions);

  // By which rules facts are folded from now on.
  void SetProjection(const fold::Projection* projection) { projection_ = projection; }
  // Takes in what the log holds beyond what is known. FAILED_PRECONDITION when a record that was
  // there has become another, which no log may do.
  absl::Status Observe(log::Log& log);
  // The log lost its end: forgets records from `end` on.
  void Forget(Partition partition, Offset end);
  // False: what the log holds of this partition now is of another history.
  void SetObserved(Partition partition, bool observed) {
    observed_[static_cast<size_t>(partition)] = observed;
  }

  // A record that is set aside unread; it, or all of before `next`, is released.
  void SetAside(Partition partition, Offset offset) {
    aside_of(partition).insert(offset);
    ever_aside_.emplace(partition, offset);
  }
  void Release(Partition partition, Offset offset) { aside_of(partition).erase(offset); }
  void ReleaseBefore(Partition partition, Offset next);
  bool IsAside(Partition partition, Offset offset) const {
    return aside_[static_cast<size_t>(partition)].contains(offset);
  }
  std::set<Offset> AsideBefore(Partition partition, Offset next) const {
    const std::set<Offset>& aside = aside_[static_cast<size_t>(partition)];
    return {aside.begin(), aside.lower_bound(next)};
  }
  // A partition with such records.
  std::optional<Partition> SetAsideAt() const;

  // Next offset.
  Offset End(Partition partition) const { return ends_[static_cast<size_t>(partition)]; }
  // Append time of the newest record; 0 without one.
  int64_t NewestAt(Partition partition) const;
  // Where the log has the engine's request to forget a customer; -1 = nowhere.
  Offset ErasureOf(Partition partition, absl::string_view customer) const;
  // Records of a partition whose texts are sealed, by offset.
  std::map<Offset, std::shared_ptr<const Made>> Sealed(Partition partition) const;
  // Events of a customer that count and whose texts are in clear, of those before `next`.
  int64_t ClearTexts(Partition partition, Offset next, absl::string_view customer) const;
  // Whether the log holds a record of this key and these bytes.
  bool Holds(Partition partition, absl::string_view key, absl::string_view bytes) const;
  // What was sent as the record at `offset`; null for a gap.
  std::shared_ptr<const Made> At(Partition partition, Offset offset) const;

  // The partition when everything before `next` is folded; only of `name` unless it is empty.
  OraclePartition Fold(Partition partition, Offset next, absl::string_view name = "") const;

  // Who is one with `name` when each partition is folded up to its place in `nexts`, by looking at
  // everybody.
  OracleGroup GroupOf(const std::string& name, const std::vector<Offset>& nexts) const;

  // The standing of a group at a moment, serialized: of the touches of all members those that
  // occurred by `as_of_us`, in one.
  std::string StandingAt(const OracleGroup& group, const std::vector<Offset>& nexts,
                         int64_t as_of_us, const fold::EvaluateOptions& options) const;
  // Records of its members in quarantine.
  uint32_t Quarantined(const OracleGroup& group, const std::vector<Offset>& nexts) const;

  // Empty when nothing that a second customer was told is refused, but for what happened to whom
  // records of were set aside.
  std::string EchoInQuarantine(const OraclePartition& wanted, Partition partition) const;
  // What second customers must be told, of all records before `next`, in their order.
  std::vector<OracleTwin> Twins(Partition partition, Offset next) const;
  // Whether a record of the customer was ever set aside: when it came back decides what it caused.
  bool WasAside(absl::string_view customer) const;

  // The offset of the claim of a follow-up that holds; -1 for none, or when there are so many
  // claims that facts may have forgotten some.
  Offset ClaimOf(const OracleCustomer& customer, Partition partition,
                 absl::string_view follow_up) const;
  // Empty when `pipeline` shows of one name just what `wanted` says, else what differs.
  std::string CustomerDifference(const std::string& name, const OracleCustomer& wanted,
                                 Partition partition, const pipeline::Pipeline& pipeline) const;
  // Empty when `pipeline` shows just what `wanted` says, else the first difference: customer and
  // field.
  std::string Difference(const OraclePartition& wanted, Partition partition,
                         pipeline::Pipeline& pipeline) const;
  // Empty when the events of each customer give the same facts in another order, folded in two
  // parts that are merged.
  std::string OrderDifference(const OraclePartition& wanted, Partition partition, Dice& dice) const;
  // The same as Difference about the quarantine, which shows what is durable only.
  std::string QuarantineDifference(const OraclePartition& wanted, Partition partition,
                                   const pipeline::Pipeline& pipeline) const;

 private:
  struct Known {
    std::shared_ptr<const Made> made;
    // The customer, or what an anonymous touchpoint is filed under.
    std::string name;
    int64_t append_time_us = 0;
  };
  // Of Twins; see oracle_echo.cc.
  struct Introduced;
  struct Converted;
  Introduced IntroducedBy(const OracleCustomer& customer, Partition partition) const;
  std::optional<ValidEvent> EarliestPurchase(const OracleCustomer& customer,
                                             Partition partition) const;
  std::optional<v1::Event> Conversion(const OracleCustomer& customer, Partition partition,
                                      Converted& converted) const;
  std::optional<v1::Event> TakenBack(const OracleCustomer& customer, Partition partition,
                                     const Introduced& before, Converted& converted) const;
  std::optional<v1::Event> TwinOfNewest(const OracleCustomer& customer, Partition partition,
                                        Converted& converted) const;
  std::set<Offset>& aside_of(Partition partition) { return aside_[static_cast<size_t>(partition)]; }
  ValidEvent EventAt(Partition partition, Offset offset) const;
  const Made& MadeAt(Partition partition, Offset offset) const {
    return *records_[static_cast<size_t>(partition)].at(offset).made;
  }
  // Everybody, as each partition is at its place in `nexts`.
  std::map<std::string, OracleCustomer> Everybody(const std::vector<Offset>& nexts) const;
  // Adds what the event at `offset` says about others, if it says it still.
  void AddLink(Partition partition, Offset offset, OracleCustomer& customer) const;
  // Empty when `links` are those of the customer.
  static std::string LinksDifference(const OracleCustomer& wanted, const Links& links);
  // What the event at `offset` counts as; nothing when it was taken back or is a revision.
  std::optional<ValidEvent> Counting(const OracleCustomer& customer, Partition partition,
                                     Offset offset) const;
  // The same, and nothing when no rule folds it.
  std::optional<ValidEvent> Standing(const OracleCustomer& customer, Partition partition,
                                     Offset offset) const;
  // Whether the correction at `offset` is neither taken back nor undone.
  bool IsInForce(const OracleCustomer& customer, Partition partition, Offset offset) const;
  bool SameInAnotherOrder(const OracleCustomer& customer, Partition partition, Dice& dice) const;
  void FoldRecord(Partition partition, Offset offset, const Known& known,
                  OraclePartition& state) const;

  const fold::Projection* projection_;
  const Workload* const workload_;
  // Per partition: offset -> record.
  std::vector<std::map<Offset, Known>> records_;
  std::vector<Offset> ends_;
  std::vector<bool> observed_;
  // Per partition: records that must not be looked at.
  std::vector<std::set<Offset>> aside_;
  std::set<std::pair<Partition, Offset>> ever_aside_;
};

}  // namespace rapport::simulation
