// A record that ends the process whenever it is folded, in a simulated life: it is set aside after
// its third death, and nothing else ever is.
#include "absl/strings/str_cat.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

// Once in a batch, three times as the record that is being folded.
constexpr int kDeathsMax = 4;

}  // namespace

// From now on one record that was not applied yet, or comes soon, ends the process.
void Life::BecomeDeadly() {
  if (deadly_.has_value()) return;
  Observe();
  const Partition partition = SomePartition();
  const Offset from = world_.pipeline().progress(partition).applied;
  const Offset offset = dice_.Between(from, std::max(from, oracle_.End(partition)) + 2);
  suspect_ = deadly_ = {partition, offset};
  deaths_ = 0;
  world_.SetDeadly(partition, offset);
  Note("deadly", partition, offset);
}

void Life::Mend() {
  deadly_.reset();
  world_.SetDeadly(0, -1);
  Note("mended");
}

// It was taken in without being folded, so what ends the process later is another one.
void Life::MendWhatPassed() {
  if (!deadly_.has_value() || !world_.is_open()) return;
  const auto [partition, offset] = *deadly_;
  if (world_.pipeline().progress(partition).applied <= offset) return;
  if (!oracle_.IsAside(partition, offset)) Mend();
}

// Whether the record at `offset` had the deadly one folded: it takes back or puts right something
// of the same customer.
bool Life::EndsByOther(Partition partition, Offset offset) {
  if (!suspect_.has_value() || suspect_->first != partition || suspect_->second > offset) {
    return false;
  }
  const auto made = oracle_.At(partition, offset);
  const auto deadly = oracle_.At(partition, suspect_->second);
  return made != nullptr && deadly != nullptr && made->target != EventId() &&
         made->record.key == deadly->record.key;
}

// A record has ended the process.
void Life::AfterDeathOfRecord() {
  ++result_.deaths;
  Note("died of a record", ++deaths_);
  world_.Die();
  world_.NoFailures();
  submitting_ = nullptr;
  if (!deadly_.has_value()) return Fail("the process dies of a record that is good");
  if (deaths_ > kDeathsMax) return Fail("a record that ends the process is never set aside");
  if (dice_.Chance(100)) Mend();
  OpenAgain();
}

// What was set aside at this start.
void Life::SeeVerdicts() {
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    const auto verdicts = pipeline::Verdicts::Load(world_.archive());
    if (!verdicts.ok()) return Fail(absl::StrCat("no verdicts: ", verdicts.status().ToString()));
    for (const auto& [offset, deaths] : (*verdicts)[static_cast<size_t>(partition)].crashed()) {
      if (oracle_.IsAside(partition, offset)) continue;
      if (suspect_ != std::make_pair(partition, offset)) {
        if (!EndsByOther(partition, offset)) {
          return Fail(absl::StrCat(partition, "@", offset, " is set aside and ended nothing"));
        }
        // What it folds is somebody else's affair, and is mended.
        Mend();
      }
      oracle_.SetAside(partition, offset);
      Note("set aside after deaths", partition, offset);
    }
    for (const Offset offset : (*verdicts)[static_cast<size_t>(partition)].released()) {
      if (!oracle_.IsAside(partition, offset)) continue;
      if (!broken_retries_.contains({partition, offset})) {
        return Fail(absl::StrCat(partition, "@", offset, " is released and nobody asked for it"));
      }
      releasing_.emplace(partition, offset);
    }
  }
}

// Releases that a failed write had put off count from when the quarantine has them no more.
void Life::SeeReleases() {
  if (releasing_.empty() || !world_.is_open()) return;
  std::erase_if(releasing_, [this](const std::pair<Partition, Offset>& release) {
    const auto [partition, offset] = release;
    const auto entries = world_.pipeline().Quarantine(partition, offset, 1);
    const bool is_there = !entries.ok() || (!entries->empty() && entries->front().offset == offset);
    if (is_there && offset < world_.pipeline().progress(partition).applied) return false;
    oracle_.Release(partition, offset);
    broken_retries_.erase(release);
    Note("released at last", partition, offset);
    return true;
  });
}

}  // namespace rapport::simulation
