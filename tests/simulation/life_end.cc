// How a simulated life ends: no more faults, everything is folded, and all of it is compared.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/kit/index_difference.h"
#include "tests/simulation/damage.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

constexpr int64_t kCatchUpSteps = 200'000;
constexpr int64_t kFirstSteps = 20;
constexpr int kPastQuestions = 20;
constexpr int kRoundsMax = 50;
// So far ahead indexes are looked at as well: there shows what time alone changes.
constexpr int64_t kDaysAhead[] = {0, 1, 40, 300};

}  // namespace

bool Life::IsCaughtUp(Partition partition) {
  const pipeline::PartitionProgress progress = world_.pipeline().progress(partition);
  if (!progress.stopped.ok()) return true;
  const absl::StatusOr<log::OffsetRange> range = world_.log().Range(partition);
  return range.ok() && progress.applied == range->end &&
         world_.archive().End(partition).next == range->end;
}

void Life::CatchUp() {
  // The clock is right in the end.
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    world_.clock().Set(std::max(world_.clock().NowMicros(), oracle_.NewestAt(partition)));
  }
  // What was set aside stays so, and must not end anything any more.
  if (deadly_.has_value() && !oracle_.IsAside(deadly_->first, deadly_->second)) Mend();
  world_.NoFailures();
  world_.faulty().SetReachable(absl::OkStatus());
  while (world_.WriteLog()) {
  }
  if (world_.has_died()) AfterDeath();
  while (!failed() && !world_.vault().status().ok()) Restart(/*power_cut=*/false);
  world_.NoFailures();
  if (!failed()) RunAll();
  if (!failed()) FinishErasures();
  if (!failed()) RunAll();
  if (!failed()) TellAll();
  if (world_.has_died()) Fail("a write failed without a reason");
}

// Applies all of the log and makes it durable.
void Life::RunAll() {
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    for (int64_t step = 0; step < kCatchUpSteps; ++step) {
      // What has just begun still compares its archive with the log.
      if (step >= kFirstSteps && IsCaughtUp(partition)) break;
      world_.Step(partition);
      SeeEchoBegin();
      world_.Commit();
    }
    if (!IsCaughtUp(partition)) Fail(absl::StrCat("partition ", partition, " never catches up"));
    while (world_.pipeline().task(partition).IsCommitting() && world_.Commit()) {
    }
    world_.pipeline().task(partition).CutNow();
    world_.Commit();
  }
}

// What waits is told, and folded, and what comes of that, too.
void Life::TellAll() {
  for (int round = 0; plan_.echo && !failed(); ++round) {
    if (round == kRoundsMax) return Fail("what second customers are told never comes to an end");
    const size_t told = sent_echoes_.size();
    world_.clock().Advance(2 * kMicrosPerSecond);
    RunAll();
    while (world_.WriteLog()) {
    }
    SeeEchoBegin();
    if (!EchoesWait() && sent_echoes_.size() == told) return RunAll();
  }
}

void Life::CheckAll() {
  Observe();
  if (!releasing_.empty()) Fail("a release is never finished");
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    const pipeline::PartitionProgress progress = world_.pipeline().progress(partition);
    const std::string& must_stop = must_stop_[static_cast<size_t>(partition)];
    if (must_stop.empty() != progress.stopped.ok() ||
        !absl::StartsWith(progress.stopped.message(), must_stop)) {
      return Fail(absl::StrCat("partition ", partition, " must stop by `", must_stop,
                               "` and says: ", progress.stopped.ToString()));
    }
    result_.named_stops += !progress.stopped.ok();
    if (progress.stopped.ok() && !progress.is_current) {
      return Fail(world_.pipeline().CheckErasuresKnown(partition).ToString());
    }
    if (progress.durable != progress.applied) Fail("not everything is durable in the end");
    const OraclePartition wanted = oracle_.Fold(partition, progress.applied);
    std::string found = oracle_.Difference(wanted, partition, world_.pipeline());
    if (found.empty()) {
      found = oracle_.QuarantineDifference(wanted, partition, world_.pipeline());
    }
    if (found.empty()) found = oracle_.EchoInQuarantine(wanted, partition);
    if (found.empty()) found = oracle_.OrderDifference(wanted, partition, dice_);
    if (!found.empty()) Fail(absl::StrCat("in the end, partition ", partition, ": ", found));
  }
  if (!failed()) CheckTwins();
  if (!failed()) CheckTexts();
  if (!failed()) CheckAnswers();
  if (!failed()) CheckDigests();
  if (!failed()) CheckIndexes();
  if (!failed()) CheckClaims();
  if (!failed()) CheckDamage();
  if (!failed()) CheckThePast(kPastQuestions);
}

// Looked up or evaluated one by one, the base is the same.
void Life::CheckIndexes() {
  const history::History past = world_.History();
  for (const int64_t days : kDaysAhead) {
    const std::string difference =
        kit::IndexDifference(world_.pipeline(), world_.Relationships(past),
                             world_.clock().NowMicros() + days * kMicrosPerDay);
    if (!difference.empty()) return Fail(absl::StrCat("looked up in the indexes ", difference));
  }
}

// Whatever a publisher was told is so.
void Life::CheckAnswers() {
  for (const Answer& answer : answers_) {
    // Said by the log's other history.
    if (must_stop_[static_cast<size_t>(answer.appended.partition)] == "LOG_CHANGED") continue;
    const auto there = oracle_.At(answer.appended.partition, answer.appended.offset);
    const std::string place = absl::StrCat(answer.appended.partition, "@", answer.appended.offset);
    if (there == nullptr) return Fail(absl::StrCat("acknowledged at ", place, ", but not there"));
    if (!answer.duplicate &&
        (there->record.value == answer.made->record.value || there->plain == answer.made)) {
      continue;
    }
    if (answer.duplicate && there->event != nullptr && there->valid.id == answer.made->valid.id &&
        there->content == answer.made->content &&
        (there->key_id.empty() || there->texts == answer.made->texts)) {
      continue;
    }
    return Fail(absl::StrCat("acknowledged at ", place, ", where something else stands"));
  }
}

// An archive that is not whole any more, or not of this log, is refused.
void Life::CheckDamage() {
  const auto copy = [this] { return world_.CopyArchive(); };
  std::string unnoticed = UnnoticedDamage(copy, plan_.partitions, dice_);
  if (unnoticed.empty()) unnoticed = UnnoticedFlip(copy, plan_.partitions, dice_);
  if (!unnoticed.empty()) Fail(unnoticed);
  Note("damage");
}

// A rebuild from the archive, in batches of other sizes, gives the same bytes.
void Life::CheckDigests() {
  // What stopped may have a state ahead of its archive.
  if (result_.named_stops > 0) return;
  const auto live = world_.DurableDigests();
  if (!live.ok()) return Fail(absl::StrCat("no digests: ", live.status().ToString()));
  for (const size_t batch : {size_t{1}, size_t{2048}}) {
    const auto rebuilt = world_.RebuiltDigests(batch);
    if (!rebuilt.ok()) return Fail(absl::StrCat("no rebuild: ", rebuilt.status().ToString()));
    if (rebuilt->facts != live->facts) Fail("a rebuild gives another facts digest");
    if (rebuilt->state != live->state) Fail("a rebuild gives another state digest");
  }
  Note("digests");
  if (!failed()) RebuildAtTheEnd();
}

}  // namespace rapport::simulation
