// Life: the state of one simulated life and the steps it is made of.
//
// Threads: one. Ownership: borrows the projection.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/oracle.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/workload.h"
#include "tests/simulation/world.h"

namespace rapport::simulation {

class Life {
 public:
  Life(uint64_t seed, const fold::Projection* projection, std::FILE* trace);

  Result Live();

 private:
  // What a publisher was told.
  struct Answer {
    std::shared_ptr<const Made> made;
    log::Appended appended;
    bool duplicate = false;
  };

  bool failed() const { return !result_.failure.empty(); }
  void Fail(std::string what);
  void Note(const char* what, int64_t a = 0, int64_t b = 0);

  // Steps.
  void Step();
  bool StepFault();
  void Publish();
  void Send(const std::shared_ptr<const Made>& made);
  void Submit(const std::shared_ptr<const Made>& made);
  void SendRaw(const std::shared_ptr<const Made>& made);
  void Read();
  void AskThePast();
  void MoveClock();
  void RetryQuarantine(Partition partition);
  v1::Standing StandingNow(const std::string& customer);
  void Claim();
  bool LoseAnswer();

  // Ends and beginnings of the engine.
  void AfterDeath();
  void Restart(bool power_cut);
  void BreakWhileDown();
  void DieOfRecord(const std::vector<Offset>& applied);
  void LoseLogFront();
  bool LoseUnreadFront();
  void LoseLogEnd();
  void OpenAgain();
  void ExpectStops();
  void CheckPrefix();

  // The end.
  void CatchUp();
  bool IsCaughtUp(Partition partition);
  void CheckAll();
  void CheckAnswers();
  void CheckDigests();
  void CheckDamage();
  void CheckClaims();
  void CheckThePast(int questions);

  void Observe();
  Partition SomePartition() { return static_cast<Partition>(dice_.Roll(plan_.partitions)); }

  std::FILE* const trace_;
  Dice dice_;
  // Of rewinds, so that all else of a seed is as it was without them.
  Dice rewind_dice_;
  const Plan plan_;
  const fold::Projection* const projection_;
  World world_;
  Workload workload_;
  Oracle oracle_;
  Result result_;
  std::vector<Answer> answers_;
  // Per partition: the applied position that was shown in this life of the process; the durable
  // one, for ever.
  std::vector<Offset> shown_;
  std::vector<Offset> durable_;
  // Per partition: why it must stop; empty when it must not.
  std::vector<std::string> must_stop_;
  // Per partition: the log's end when it lost records below what was archived; -1 = it did not.
  std::vector<Offset> cut_at_;
  // Follow-ups that somebody claimed: customer and id.
  std::set<std::pair<std::string, std::string>> claimed_;
  // An older archive is filled up from the log; state may be ahead of it.
  bool archive_restored_ = false;
  bool front_lost_ = false;
  bool end_lost_ = false;
  int64_t unreachable_steps_ = 0;
};

}  // namespace rapport::simulation
