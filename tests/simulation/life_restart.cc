// How a simulated engine ends, what happens to it while it is down, and how it begins again.
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/damage.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

constexpr int kOpenAttempts = 50;
constexpr int64_t kCrumbsLost = 300;

}  // namespace

// A write failed: a real process would have ended by now.
void Life::AfterDeath() {
  ++result_.failed_writes;
  Note("died");
  may_have_begun_ = true;
  Observe();
  world_.CutPower(dice_.Next());
  LoseCrumbs();
  BreakWhileDown();
  OpenAgain();
}

// A power cut may take the note of what was being folded.
void Life::LoseCrumbs() {
  if (plan_.deadly == 0 || !dice_.Chance(kCrumbsLost)) return;
  world_.LoseCrumbs();
  deaths_ = 0;
}

void Life::Restart(bool power_cut) {
  Observe();
  if (failed()) return;
  std::vector<Offset> applied;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    Offset& durable = durable_[static_cast<size_t>(partition)];
    durable = std::max(durable, world_.pipeline().progress(partition).durable);
    applied.push_back(world_.pipeline().progress(partition).applied);
  }
  if (power_cut || !world_.Stop()) {
    Note("power cut");
    world_.CutPower(dice_.Next());
    LoseCrumbs();
  } else {
    Note("stopped");
  }
  BreakWhileDown();
  if (dice_.Chance(plan_.deaths)) DieOfRecord(applied);
  OpenAgain();
}

// What ended the process was a good record that nobody has applied yet.
void Life::DieOfRecord(const std::vector<Offset>& applied) {
  Partition partition = SomePartition();
  for (int look = 0; look < plan_.partitions; ++look) {
    if (applied[static_cast<size_t>(partition)] < oracle_.End(partition)) break;
    partition = (partition + 1) % plan_.partitions;
  }
  const Offset from = applied[static_cast<size_t>(partition)];
  const Offset end = oracle_.End(partition);
  if (from >= end) return;
  Offset offset = dice_.Between(from, end - 1);
  // Rather one with a text.
  for (int look = 0; look < 4 && plan_.texts > 0; ++look) {
    const auto made = oracle_.At(partition, offset);
    if (made == nullptr || made->texts.empty()) offset = dice_.Between(from, end - 1);
  }
  const auto made = oracle_.At(partition, offset);
  if (made == nullptr || made->event == nullptr || made->reason.has_value() || made->is_engines ||
      made->is_echo) {
    return;
  }
  const absl::Status pronounced = world_.PronounceDeath(partition, offset);
  if (!pronounced.ok()) return Fail(absl::StrCat("no verdict: ", pronounced.ToString()));
  oracle_.SetAside(partition, offset);
  if (dice_.Chance(800)) workload_.Contest(*made);
  Note("set aside", partition, offset);
}

void Life::BreakWhileDown() {
  world_.NoFailures();
  if (dice_.Chance(plan_.lost_state * 20)) {
    world_.LoseState();
    std::fill(durable_.begin(), durable_.end(), 0);
    ExpectEchoAnew();
    Note("state lost");
  } else if (dice_.Chance(plan_.restored * 20) && world_.RestoreState()) {
    std::fill(durable_.begin(), durable_.end(), 0);
    RestoreEcho();
    Note("older state restored");
  }
  // An embedded archive is the log: an older one would be lost history, which is refused.
  const bool log_loses = plan_.log_front_lost || plan_.log_end_lost;
  if (!plan_.embedded && !log_loses && dice_.Chance(plan_.restored * 20) &&
      world_.RestoreArchive()) {
    archive_restored_ = true;
    Note("older archive restored");
    // Of one backup, perhaps.
    if (plan_.restored_keys > 0 && dice_.Chance(950)) RestoreKeys();
  }
  if (dice_.Chance(plan_.restored_keys)) RestoreKeys();
  if (dice_.Chance(plan_.lost_block)) LoseBlock();
  if (failed()) return;
  if (plan_.log_front_lost && !front_lost_ && dice_.Chance(300)) LoseLogFront();
  const bool loses_end = plan_.log_end_lost && !end_lost_ && dice_.Chance(300);
  if (loses_end) LoseLogEnd();
  // Others go on publishing.
  if (plan_.embedded || !(loses_end || dice_.Chance(300))) return;
  const int64_t most = 4 + 4 * int64_t{plan_.partitions};
  for (int64_t i = dice_.Between(1, most); i > 0 && !workload_.done(); --i) {
    SendRaw(workload_.Next());
  }
}

// A block of the archive is gone. Whoever can tell does, and a copy is put in the archive's place;
// of the last block the log outside may still have the records.
void Life::LoseBlock() {
  auto whole = world_.CopyArchive();
  const auto lost = TakeBlock(world_.archive_disk(), dice_);
  if (!lost.has_value()) return;
  Note("block lost", lost->partition, lost->from);
  may_have_begun_ = true;
  const std::string place = absl::StrCat("partition ", lost->partition, ", offset ", lost->from);
  const absl::Status opened = world_.Open();
  oracle_.SetProjection(world_.projection());
  if (lost->is_inner) {
    if (!absl::IsDataLoss(opened) || !absl::StrContains(opened.message(), place)) {
      Fail(absl::StrCat("the block of ", place, " is gone: ", opened.ToString()));
    }
  } else if (!opened.ok()) {
    Fail(absl::StrCat("the last block is gone: ", opened.ToString()));
  } else if (plan_.embedded) {
    const pipeline::PartitionProgress progress = world_.pipeline().progress(lost->partition);
    if (progress.applied > lost->from && !absl::IsDataLoss(progress.stopped)) {
      Fail(absl::StrCat("goes on without the block of ", place));
    }
  }
  world_.Close();
  const bool log_loses = plan_.log_front_lost || plan_.log_end_lost;
  if (!plan_.embedded && !lost->is_inner && !log_loses && dice_.Chance(500)) {
    archive_restored_ = true;
  } else {
    world_.ReplaceArchive(std::move(whole));
  }
}

// Retention took records from the front of one partition.
void Life::LoseLogFront() {
  const Partition partition = SomePartition();
  // Where nothing is left of another history, nobody can tell that it is another one.
  if (cut_at_[static_cast<size_t>(partition)] >= 0) return;
  front_lost_ = true;
  const Offset start = dice_.Between(0, oracle_.End(partition));
  world_.outside().DropBefore(partition, start);
  Note("log front lost", partition, start);
}

// Retention takes records that are not archived yet from under a running engine, which must stop.
bool Life::LoseUnreadFront() {
  Observe();
  const Partition partition = SomePartition();
  std::string& must_stop = must_stop_[static_cast<size_t>(partition)];
  const Offset archived = world_.archive().End(partition).next;
  const Offset end = oracle_.End(partition);
  if (archived >= end || !must_stop.empty() || cut_at_[static_cast<size_t>(partition)] >= 0) {
    return false;
  }
  front_lost_ = true;
  const Offset start = dice_.Between(archived + 1, end);
  world_.outside().DropBefore(partition, start);
  must_stop = "ARCHIVE_GAP";
  Note("unread log front lost", partition, start);
  return true;
}

// An unclean election took records from the end of one partition.
void Life::LoseLogEnd() {
  const Partition partition = SomePartition();
  const Offset end = oracle_.End(partition);
  const Offset start = world_.outside().Range(partition)->start;
  if (start >= end) return;
  end_lost_ = true;
  // It takes its time: no new record has the append time of one that is lost.
  world_.clock().Set(std::max(world_.clock().NowMicros(), oracle_.NewestAt(partition)) + 1);
  Offset cut = dice_.Between(dice_.Chance(500) ? start : std::max(start, end - 4), end);
  // A gap that is lost may come again, and then the log is the same.
  while (cut < end && oracle_.At(partition, cut) == nullptr) ++cut;
  NoteTwins();
  NoteLostTwins(partition, cut);
  world_.outside().CutFrom(partition, cut);
  cut_at_[static_cast<size_t>(partition)] = cut;
  std::erase_if(answers_, [&](const Answer& answer) {
    return answer.appended.partition == partition && answer.appended.offset >= cut;
  });
  Note("log end lost", partition, cut);
}

void Life::OpenAgain() {
  if (plan_.echo && starts_++ >= plan_.echo_from) world_.TurnEchoOn();
  absl::Status opened;
  for (int attempt = 0; attempt < kOpenAttempts; ++attempt) {
    if (dice_.Chance(plan_.failing_write)) world_.FailWrite(dice_.Chance(500), dice_.Between(1, 4));
    const bool keys_fail = dice_.Chance(plan_.failing_file);
    if (keys_fail) world_.vault().FailAt(dice_.Between(1, 8));
    opened = world_.Open();
    oracle_.SetProjection(world_.projection());
    const absl::Status keys = world_.vault().keys().status();
    if (!keys.ok() && !keys_fail) return Fail(absl::StrCat("no keys: ", keys.ToString()));
    // The engine serves without keys, until somebody starts it again, perhaps at once.
    if (opened.ok() && !keys.ok() && dice_.Chance(500)) {
      Note("starts again", attempt);
      world_.Close();
      world_.NoFailures();
      continue;
    }
    if (opened.ok()) break;
    Note("cannot open", attempt);
    world_.CutPower(dice_.Next());
    world_.NoFailures();
    if (!absl::IsInternal(opened)) break;
  }
  if (!opened.ok()) return Fail(absl::StrCat("the engine does not start: ", opened.ToString()));
  std::fill(shown_.begin(), shown_.end(), 0);
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    archived_at_start_[static_cast<size_t>(partition)] = world_.archive().End(partition).next;
  }
  ExpectStops();
  SeeVerdicts();
  Observe();
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    ended_at_start_[static_cast<size_t>(partition)] = oracle_.End(partition);
  }
  if (!failed()) CompareEchoBegin();
  may_have_begun_ = false;
  CheckErased();
  for (const auto& [name, receipt] : receipts_) CheckReceiptOf(name);
  CheckPrefix();
  Note("opened");
}

// Which partitions must stop by name, now that the log has lost records.
void Life::ExpectStops() {
  if (plan_.embedded) return;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const size_t p = static_cast<size_t>(partition);
    const Offset archived = world_.archive().End(partition).next;
    const log::OffsetRange range = *world_.outside().Range(partition);
    if (cut_at_[p] >= 0) {
      // What was archived of the lost records stays true, the log goes on as another history; until
      // a power cut takes them from the archive too.
      const bool differs = archived > cut_at_[p];
      Note("archive against log", archived, cut_at_[p]);
      oracle_.Forget(partition, std::max(archived, cut_at_[p]));
      oracle_.SetObserved(partition, !differs);
      must_stop_[p] = differs ? "LOG_CHANGED" : "";
      // What both lost of an erasure is asked for again, and answered anew.
      if (!differs) {
        std::erase_if(receipts_, [&](const auto& receipt) {
          return world_.pipeline().PartitionOfCustomer(receipt.first) == partition &&
                 receipt.second.end > cut_at_[p];
        });
      }
      if (!differs) cut_at_[p] = -1;
    }
    if (range.start > archived && must_stop_[p].empty()) must_stop_[p] = "ARCHIVE_GAP";
  }
}

// What came back is the fold of a prefix of the log, and nothing durable is gone.
void Life::CheckPrefix() {
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    const Offset next = world_.pipeline().progress(partition).applied;
    if (next < durable_[static_cast<size_t>(partition)]) {
      return Fail(absl::StrCat("partition ", partition, " was durable up to ",
                               durable_[static_cast<size_t>(partition)], " and is at ", next));
    }
    durable_[static_cast<size_t>(partition)] = next;
    const Offset archived = world_.archive().End(partition).next;
    if (!archive_restored_ && next > archived) {
      return Fail(absl::StrCat("partition ", partition, " is durable up to ", next,
                               ", its archive only up to ", archived));
    }
    const OraclePartition wanted = oracle_.Fold(partition, next);
    std::string found = oracle_.Difference(wanted, partition, world_.pipeline());
    if (found.empty()) {
      found = oracle_.QuarantineDifference(wanted, partition, world_.pipeline());
    }
    if (!found.empty()) {
      Fail(absl::StrCat("after a restart, partition ", partition, " at ", next, ": ", found));
    }
  }
}

}  // namespace rapport::simulation
