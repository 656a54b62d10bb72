#include "tests/simulation/life.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace rapport::simulation {
namespace {

// A life ends a good while after its last event, whatever happens in it.
constexpr int64_t kStepsPerEvent = 12;
// Events of the workload are older than this; the log takes none from a day after it.
constexpr int64_t kEarliest = 1'577'836'800'000'000;  // 2020-01-01.
constexpr int64_t kYear = 366 * kMicrosPerDay;

}  // namespace

Life::Life(uint64_t seed, const fold::Projection* projection, std::FILE* trace)
    : trace_(trace),
      dice_(seed),
      rewind_dice_(~seed),
      known_dice_(seed ^ 0x6b6e6f776e),
      rebuild_dice_(seed ^ 0x7265666f6c64),
      plan_(DrawPlan(dice_)),
      world_(
          plan_, projection, dice_.Next(), [this](const NewRecord& record) { SeeAppend(record); },
          [this](const NewRecord& record) { SeeEcho(record); }),
      workload_(plan_, Dice(dice_.Next())),
      oracle_(projection, &workload_, plan_.partitions),
      shown_(static_cast<size_t>(plan_.partitions), 0),
      durable_(static_cast<size_t>(plan_.partitions), 0),
      must_stop_(static_cast<size_t>(plan_.partitions)),
      cut_at_(static_cast<size_t>(plan_.partitions), -1),
      archived_at_start_(static_cast<size_t>(plan_.partitions), 0),
      ended_at_start_(static_cast<size_t>(plan_.partitions), 0) {
  ExpectEchoAnew();
  echo_in_backup_ = echo_;
  result_.seed = seed;
  if (trace_ != nullptr) std::fprintf(trace_, "seed %lu: %s\n", seed, plan_.ToString().c_str());
}

void Life::Fail(std::string what) {
  if (failed()) return;
  result_.failure = absl::StrCat("step ", result_.steps, ": ", what);
  if (trace_ != nullptr) std::fprintf(trace_, "FAILED %s\n", result_.failure.c_str());
}

void Life::Note(const char* what, int64_t a, int64_t b) {
  for (const char* c = what; *c != '\0'; ++c) {
    result_.trace = (result_.trace ^ static_cast<uint64_t>(*c)) * 0x100000001b3;
  }
  for (const int64_t number : {a, b}) {
    result_.trace = (result_.trace ^ static_cast<uint64_t>(number)) * 0x9e3779b97f4a7c15;
  }
  if (trace_ != nullptr) std::fprintf(trace_, "%6ld %s %ld %ld\n", result_.steps, what, a, b);
}

Result Life::Live() {
  OpenAgain();
  const int64_t steps_max = plan_.events * kStepsPerEvent;
  int64_t steps_after_last = plan_.events;
  while (!failed() && result_.steps < steps_max && steps_after_last > 0) {
    ++result_.steps;
    Step();
    if (!failed() && world_.has_died()) AfterDeath();
    if (workload_.done()) --steps_after_last;
  }
  if (!failed()) CatchUp();
  if (!failed()) CheckAll();
  Note("end", static_cast<int64_t>(answers_.size()));
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    result_.records += oracle_.End(partition);
  }
  return result_;
}

void Life::Step() {
  try {
    StepOnce();
  } catch (const Death&) {
    AfterDeathOfRecord();
  }
}

void Life::StepOnce() {
  MendWhatPassed();
  if (clock_steps_ > 0 && --clock_steps_ == 0) {
    world_.clock().Advance(std::exchange(clock_behind_us_, 0));
    Note("clock set right");
  }
  if (rewind_dice_.Chance(plan_.rewind)) {
    const Offset offsets = rewind_dice_.Between(1, 100);
    world_.faulty().GoBack(offsets);
    if (rewind_dice_.Chance(300)) world_.faulty().DoubleReads(1);
    Note("log goes back", offsets);
  }
  if (unreachable_steps_ > 0 && --unreachable_steps_ == 0) {
    world_.faulty().SetReachable(absl::OkStatus());
  }
  if (rebuild_dice_.Chance(plan_.rebuild)) StartRebuild(/*may_refold=*/true);
  if (indexes_due_ > 0 && --indexes_due_ == 0) CheckIndexesAmid();
  if (world_.pipeline().rebuild().IsUnderWay() && rebuild_dice_.Chance(600)) StepRebuild();
  if (world_.has_died()) return;
  if (!StepFault() && !StepDeed()) {
    const int64_t roll = dice_.Roll(1000);
    if (roll < 300) {
      Publish();
    } else if (roll < 700) {
      const Partition partition = SomePartition();
      const auto next = world_.Step(partition);
      Note("step", partition, static_cast<int64_t>(next));
      SeeEchoBegin();
    } else if (roll < 800) {
      Note("commit", world_.Commit());
    } else if (roll < 900) {
      Note("write", world_.WriteLog());
    } else if (roll < 945) {
      Read();
    } else if (roll < 950) {
      AskThePast();
    } else if (roll < 955) {
      const Partition partition = SomePartition();
      world_.pipeline().task(partition).RequestCheckpoint();
      Note("request", partition);
    } else if (roll < 960) {
      world_.BackUp();
      echo_in_backup_ = echo_;
      if (world_.vault().status().ok()) {
        world_.vault().BackUp();
        keys_in_backup_ = keys_;
      }
      Note("back up");
      // Whoever is forgotten now comes back with it.
      if (dice_.Chance(plan_.restored_keys)) Erase();
    } else if (roll < 970) {
      Claim();
    } else {
      world_.clock().Advance(dice_.Between(1, 400'000));
    }
  }
}

// Somebody does what is not done every day.
bool Life::StepDeed() {
  if (dice_.Chance(plan_.erasure)) {
    Erase();
    return true;
  }
  if (dice_.Chance(plan_.rotation)) {
    RotateKeys(dice_.Chance(300) ? dice_.Between(1, 12) : 0);
    return true;
  }
  return false;
}

// Something goes wrong; false when nothing did.
bool Life::StepFault() {
  if (dice_.Chance(plan_.power_cut)) {
    ++result_.power_cuts;
    Restart(/*power_cut=*/true);
    return true;
  }
  if (dice_.Chance(plan_.tidy_restart)) {
    Restart(/*power_cut=*/false);
    return true;
  }
  if (dice_.Chance(plan_.failing_write)) {
    const bool archive = dice_.Chance(500);
    const int64_t n = dice_.Between(1, 12);
    world_.FailWrite(archive, n);
    Note(archive ? "archive write will fail" : "state write will fail", n);
    return true;
  }
  if (dice_.Chance(plan_.unreachable)) {
    unreachable_steps_ = dice_.Between(1, 60);
    world_.faulty().SetReachable(absl::UnavailableError("LOG_UNAVAILABLE: simulated"));
    Note("log out of reach", unreachable_steps_);
    return true;
  }
  if (plan_.log_front_lost && !front_lost_ && dice_.Chance(20)) return LoseUnreadFront();
  if (dice_.Chance(plan_.lost_answer)) return LoseAnswer();
  if (const auto partition = oracle_.SetAsideAt(); partition.has_value() && dice_.Chance(40)) {
    RetryQuarantine(*partition);
    return true;
  }
  if (dice_.Chance(plan_.clock_step)) {
    MoveClock();
    return true;
  }
  if (dice_.Chance(plan_.deadly)) {
    BecomeDeadly();
    return true;
  }
  return false;
}

bool Life::LoseAnswer() {
  if (plan_.embedded) return false;
  const int64_t how = dice_.Roll(3);
  if (how == 0) world_.faulty().LoseAnswers(1);
  if (how == 1) world_.faulty().DoubleAppends(1);
  if (how == 2) world_.faulty().FailAppends(1, absl::UnavailableError("LOG_UNAVAILABLE"));
  Note("append goes wrong", how);
  return true;
}

// A step back of more than an hour is set right after a while: until then nothing can be published.
void Life::MoveClock() {
  if (clock_behind_us_ > 0) return;
  int64_t by_us = dice_.Pick({kMicrosPerHour, kYear, -kMicrosPerHour / 2, -kMicrosPerDay,
                              int64_t{-1}, -2 * kMicrosPerHour, -kYear});
  if (world_.clock().NowMicros() + by_us < kEarliest) by_us = kYear;
  if (by_us < -kMicrosPerHour) {
    clock_behind_us_ = -by_us;
    clock_steps_ = dice_.Between(1, 80);
  }
  world_.clock().Advance(by_us);
  Note("clock", by_us);
}

// Releases what was set aside, as an operator does after an upgrade.
void Life::RetryQuarantine(Partition partition) {
  Observe();
  released_meanwhile_ = true;
  // The operator may be wrong about that: then the process ends once more, and nothing has changed.
  if (deadly_.has_value() && oracle_.IsAside(deadly_->first, deadly_->second)) {
    if (dice_.Chance(700)) Mend();
    deaths_ = 0;
  }
  const Offset applied = world_.pipeline().progress(partition).applied;
  const auto outcome = world_.pipeline().RetryQuarantine(partition, {Reason::kCrashedFold, {}},
                                                         "operator", absl::InfiniteFuture());
  if (!outcome.ok() && world_.has_died()) {
    for (const Offset offset : oracle_.AsideBefore(partition, applied)) {
      broken_retries_.emplace(partition, offset);
    }
    return;
  }
  // What is folded anew comes from the archive, which must be whole again.
  if (absl::IsUnavailable(outcome.status()) && world_.archive().End(partition).next < applied) {
    return;
  }
  if (!outcome.ok()) return Fail(absl::StrCat("no release: ", outcome.status().ToString()));
  oracle_.ReleaseBefore(partition, applied);
  std::erase_if(broken_retries_, [&](const std::pair<Partition, Offset>& selected) {
    return selected.first == partition && selected.second < applied;
  });
  Note("release", outcome->released, outcome->customers);
}

void Life::Publish() {
  if (workload_.done()) return;
  Send(workload_.Next());
}

void Life::Send(const std::shared_ptr<const Made>& made) {
  const bool submits = made->event != nullptr && !made->partition.has_value() &&
                       made->reason != Reason::kKeyMismatch;
  if (plan_.embedded && !submits) return;
  if (submits && (plan_.embedded || dice_.Chance(500))) return Submit(made);
  SendRaw(made);
}

// By the ingress.
void Life::Submit(const std::shared_ptr<const Made>& made) {
  v1::Event event;
  RAPPORT_CHECK(event.ParseFromString(made->record.value));
  const bool was_gone = world_.vault().keys().FindTombstone(made->record.key).has_value();
  const Partition partition = world_.pipeline().PartitionOfCustomer(made->record.key);
  const bool is_late =
      plan_.embedded && world_.clock().NowMicros() < oracle_.NewestAt(partition) - kMicrosPerHour;
  submitting_ = made;
  world_.publisher().Submit(
      event, [this, made, was_gone, is_late](const pipeline::PublishOutcome& outcome) {
        Note("answer", outcome.appended.partition, outcome.appended.offset);
        CheckRefusal(*made, was_gone, outcome.status);
        if (outcome.status.ok()) {
          if (made->reason.has_value()) Fail("the ingress took an event that must be refused");
          if (is_late && !outcome.duplicate) Fail("published while the clock is far behind");
          return answers_.push_back({made, outcome.appended, outcome.duplicate});
        }
        if (absl::IsInvalidArgument(outcome.status) && !made->reason.has_value()) {
          Fail(absl::StrCat("the ingress refused a good event: ", outcome.status.ToString()));
        }
      });
  submitting_ = nullptr;
  Note("submit");
}

// Past the ingress, as a publisher of its own does on Kafka.
void Life::SendRaw(const std::shared_ptr<const Made>& made) {
  if (made->partition.has_value()) {
    const log::Appended appended = world_.outside().AppendTo(*made->partition, made->record);
    answers_.push_back({made, appended, false});
  } else {
    world_.faulty().Append(made->record,
                           [this, made](const absl::StatusOr<log::Appended>& appended) {
                             if (appended.ok()) answers_.push_back({made, *appended, false});
                           });
  }
  if (dice_.Chance(20)) world_.outside().AppendGap(SomePartition(), dice_.Between(1, 5));
  Note("send");
}

void Life::Observe() {
  if (plan_.embedded && !world_.is_open()) return;
  const absl::Status observed =
      plan_.embedded ? oracle_.Observe(world_.log()) : oracle_.Observe(world_.outside());
  if (!observed.ok()) Fail(absl::StrCat("the log changed: ", observed.ToString()));
  SeeReleases();
}

// What a support tool sees of one customer: everything applied, and never less than before.
void Life::Read() {
  // In a long life there is too much to compare.
  if (plan_.is_long && !dice_.Chance(50)) return;
  Observe();
  CheckErased();
  const std::string name = SomeCustomer();
  const Partition partition = world_.pipeline().PartitionOfCustomer(name);
  const Offset applied = world_.pipeline().progress(partition).applied;
  Offset& shown = shown_[static_cast<size_t>(partition)];
  if (applied < shown) Fail(absl::StrCat("a read went back from ", shown, " to ", applied));
  shown = applied;
  const OraclePartition wanted = oracle_.Fold(partition, applied, name);
  const auto customer = wanted.customers.find(name);
  Note("read", partition, applied);
  if (customer == wanted.customers.end()) return;
  const std::string found =
      oracle_.CustomerDifference(name, customer->second, partition, world_.pipeline());
  if (!found.empty()) Fail(absl::StrCat(name, " has ", found, ", applied ", applied));
  if (!failed() && plan_.linked > 0 && !customer->second.touches.empty()) CheckTogether(name);
}

std::string Life::SomeCustomer() {
  const std::vector<std::string> customers = workload_.Customers();
  return customers[static_cast<size_t>(dice_.Roll(static_cast<int64_t>(customers.size())))];
}

void Life::AskThePast() {
  Observe();
  CheckThePast(1);
  Note("past");
}

void Life::CheckThePast(int questions) {
  const history::History history = world_.History();
  for (int i = 0; i < questions && !failed(); ++i) {
    const std::string name = SomeCustomer();
    const Partition partition = world_.pipeline().PartitionOfCustomer(name);
    const Offset applied = world_.pipeline().progress(partition).applied;
    // What was known then, in some lives.
    const bool asks_known = plan_.revised + plan_.linked > 0 && known_dice_.Chance(300);
    const Offset known = asks_known ? known_dice_.Between(0, applied) : applied;
    const OraclePartition state = oracle_.Fold(partition, known, name);
    const auto customer = state.customers.find(name);
    if (customer == state.customers.end() || customer->second.touches.empty()) continue;
    history::Viewpoint viewpoint;
    viewpoint.as_of_us = (15'000 + dice_.Roll(1'600)) * kMicrosPerDay;
    if (asks_known) viewpoint.known_at.next[partition] = known;
    std::vector<Offset> nexts = Applied();
    nexts[static_cast<size_t>(partition)] = known;
    const OracleGroup group = GroupOf(name, nexts);
    v1::Standing standing;
    const absl::Status asked = history.Evaluate(name, viewpoint, {}, standing);
    // While an older archive is being filled up, the past must wait; also that of who is asked
    // whether they are one with this one, and is not.
    if (!asked.ok() && MustWait(group)) continue;
    if (absl::IsUnavailable(asked) && IsFillingUpBeside(partition)) continue;
    if (!asked.ok()) return Fail(absl::StrCat(name, ", past: ", asked.ToString()));
    if (standing.SerializeAsString() == oracle_.StandingAt(group, nexts, viewpoint.as_of_us, {})) {
      continue;
    }
    Fail(absl::StrCat(name, ": another standing as of ", FormatTime(viewpoint.as_of_us)));
  }
}

}  // namespace rapport::simulation
