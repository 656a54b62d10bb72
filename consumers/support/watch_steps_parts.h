// The steps of WatchSteps, for its own files only.
//
// Threads: one. Ownership: borrow all they are given.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "consumers/support/watch_steps.h"

namespace rapport::support {

// What nobody hears any more.
absl::Status ListenerLeft();

// A record of the log that may be an event of a customer.
struct WatchSteps::Record {
  std::string customer;
  // Hexadecimal.
  std::string event_id;
  Offset offset = 0;
  // It asks for, or completes, the erasure of its customer.
  bool erases = false;
};

// Records of one partition, told as one.
class WatchSteps::EventStep {
 public:
  EventStep(WatchSteps* steps, const WatchPlace& place, const WatchedStep& step);

  absl::Status Tell(const std::vector<Record>& records, WatchListener& listener);
  // Where it ends.
  const WatchPlace& after() const { return after_; }

 private:
  struct After {
    std::unique_ptr<WatchedFacts> facts;
    WatchState state;
  };

  // Groups of all whom the events may concern, before and after.
  absl::Status FindGroups();
  absl::Status LoadAfter();
  // What time changed before the one record was logged, and then that record.
  absl::Status AddChanges();
  absl::Status AddTimeChanges(const Group& group, int64_t to_us, WatchState& state);
  void AddChange(const std::string& customer, const WatchState& before);
  // Who is `customer` one with, behind the step.
  const Group* GroupAfter(const std::string& customer) const;
  void SayWhy(const std::string& customer, v1::RelationshipChange& change) const;
  void Remember();

  WatchSteps* const steps_;
  const bool is_single_;
  const WatchPlace before_;
  WatchPlace within_;
  WatchPlace after_;
  // What counts, by customer, ascending by offset.
  std::map<std::string, std::vector<const Record*>> events_;
  // By survivor.
  std::map<std::string, Group> groups_before_;
  std::map<std::string, Group> groups_after_;
  std::map<std::string, After> states_after_;
  std::vector<v1::RelationshipChange> changes_;
};

// What time changes, moment by moment.
class WatchSteps::TimeStep {
 public:
  TimeStep(WatchSteps* steps, WatchPlace* place, int64_t to_us, WatchListener* listener)
      : steps_(steps), place_(place), to_us_(to_us), listener_(listener) {}

  absl::Status Tell();

 private:
  struct Due {
    int64_t at_us = 0;
    std::string customer;
    Group group;

    bool operator>(const Due& other) const {
      return std::tie(at_us, customer) > std::tie(other.at_us, other.customer);
    }
  };

  absl::Status FindDue();
  // False when it is not remembered what was told of him.
  bool AddRemembered(const std::string& customer);
  absl::Status AddCandidate(const std::string& customer);
  absl::Status TellNext();
  // Gives the change that waits its place; of a moment that is over, behind it.
  absl::Status SendWaiting(bool is_last);
  absl::Status EndMoment();

  WatchSteps* const steps_;
  WatchPlace* const place_;
  const int64_t to_us_;
  WatchListener* const listener_;
  std::set<std::string> seen_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::optional<v1::RelationshipChange> waiting_;
  int64_t moment_us_ = 0;
};

}  // namespace rapport::support
