// Life: the state of one simulated life and the steps it is made of.
//
// Threads: one. Ownership: borrows the projection.
#pragma once

#include <map>
#include <memory>
#include <optional>
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
  void StepOnce();
  bool StepFault();
  bool StepDeed();
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
  std::string SomeCustomer();
  // How far each partition is applied.
  std::vector<Offset> Applied() const;
  OracleGroup GroupOf(const std::string& name, const std::vector<Offset>& nexts) const;
  // Whether an older archive of a member is being filled up, so that its past must wait.
  bool MustWait(const OracleGroup& group);
  void CheckTogether(const std::string& name);

  // Texts and erasures.
  void SeeAppend(const NewRecord& record);
  void CheckRefusal(const Made& made, bool was_gone, const absl::Status& status);
  void Erase();
  absl::Status AskToErase(const std::string& name);
  void RotateKeys(int64_t n);
  void RestoreKeys();
  void CheckErased();
  void CheckReceiptOf(const std::string& name);
  bool IsFillingUpBeside(Partition own);
  bool IsKnown(const std::string& name) const;
  void FinishErasures();
  void CheckTexts();

  // Deaths.
  void BecomeDeadly();
  void Mend();
  void MendWhatPassed();
  bool EndsByOther(Partition partition, Offset offset);
  void AfterDeathOfRecord();
  void SeeVerdicts();
  void SeeReleases();

  // Ends and beginnings of the engine.
  void AfterDeath();
  void Restart(bool power_cut);
  void BreakWhileDown();
  void LoseBlock();
  void LoseCrumbs();
  void DieOfRecord(const std::vector<Offset>& applied);
  void LoseLogFront();
  bool LoseUnreadFront();
  void LoseLogEnd();
  void OpenAgain();
  void ExpectStops();
  void CheckPrefix();

  // What second customers are told.
  void SeeEcho(const NewRecord& record);
  void CompareEchoBegin();
  void SeeEchoBegin();
  void SeeSwitch();
  void ExpectEchoAnew();
  void RestoreEcho();
  void NoteTwins();
  void NoteLostTwins(Partition partition, Offset end);
  bool EchoesWait();
  bool MustBeTold(const OracleTwin& twin);
  void CheckTwins();
  void CheckSentEchoes();

  // Rebuilds beside what serves.
  // Of the same facts, or `may_refold` by other rules.
  void StartRebuild(bool may_refold);
  void StepRebuild();
  // Goes on with the one that is under way until it has ended.
  void EndRebuild();
  void CheckRebuild();
  void RebuildAtTheEnd();
  bool MayDiffer() const;

  // The end.
  void CatchUp();
  void RunAll();
  void TellAll();
  bool IsCaughtUp(Partition partition);
  void CheckAll();
  void CheckAnswers();
  void CheckDigests();
  void CheckIndexes();
  void CheckIndexesAmid();
  void CheckDamage();
  void CheckClaims();
  void CheckThePast(int questions);

  void Observe();
  Partition SomePartition() { return static_cast<Partition>(dice_.Roll(plan_.partitions)); }

  std::FILE* const trace_;
  Dice dice_;
  // Of rewinds, so that all else of a seed is as it was without them.
  Dice rewind_dice_;
  // Of questions about what was known and about merged customers, for the same reason.
  Dice known_dice_;
  // Of rebuilds, for the same reason.
  Dice rebuild_dice_;
  const Plan plan_;
  // After so many steps the indexes are compared; 0 = they are not waited for.
  int indexes_due_ = 0;
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
  // The clock stands so much behind, and for how many more steps.
  int64_t clock_behind_us_ = 0;
  int64_t clock_steps_ = 0;
  // What was in quarantine and is not any more, since the rebuild under way began.
  bool released_meanwhile_ = false;
  // What is on its way through the ingress.
  std::shared_ptr<const Made> submitting_;
  // Customers whom somebody asked to forget, and what was answered; keys as they must be.
  std::set<std::string> asked_;
  struct Receipt {
    std::string bytes;
    // Where its partition ended then.
    Offset end = 0;
  };
  std::map<std::string, Receipt> receipts_;
  std::map<std::string, std::string> keys_;
  std::map<std::string, std::string> keys_in_backup_;
  bool keys_restored_ = false;
  std::vector<Offset> archived_at_start_;
  std::vector<Offset> ended_at_start_;
  // The record that ends the process, the last one that did, and how often it did since its note
  // was lost.
  std::optional<std::pair<Partition, Offset>> deadly_;
  std::optional<std::pair<Partition, Offset>> suspect_;
  int deaths_ = 0;
  // What a retry had selected in which a write failed, and what of it was released nevertheless:
  // the archive knows, and the engine goes on with it some time after its start.
  std::set<std::pair<Partition, Offset>> broken_retries_;
  std::set<std::pair<Partition, Offset>> releasing_;
  // Of what second customers are told, per partition: where the state that serves says that it
  // begins; from where on each must be told, whatever was rebuilt since; both in the backup.
  // -1 = it has not begun.
  struct EchoBegins {
    std::vector<Offset> at, must;
  };
  EchoBegins echo_, echo_in_backup_;
  // The state may have been switched to another one when the process ended.
  bool switched_maybe_ = false;
  // Unseen, before this start: by a write that failed, or where the engine was opened without a
  // block of its archive.
  bool may_have_begun_ = false;
  int64_t starts_ = 0;
  // Whatever must be told by any history of the log that there was, by key and bytes.
  std::map<std::string, std::vector<OracleTwin>> twins_;
  // What the engine said, and where it began then.
  struct SentEcho {
    std::string what;
    std::vector<Offset> begins;
    int64_t step = 0;
  };
  std::vector<SentEcho> sent_echoes_;
  // What the log has lost of it.
  std::set<std::string> lost_twins_;
};

}  // namespace rapport::simulation
