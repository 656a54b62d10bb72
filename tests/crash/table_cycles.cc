#include "tests/crash/table_cycles.h"

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::crash {

TableCycles::TableCycles(uint64_t seed, bool damage, uint64_t changes_max)
    : damage_(damage), random_(seed), changes_max_(changes_max) {}

absl::Status TableCycles::Run(int lives, Tally& tally) {
  for (int life = 0; life < lives; ++life) {
    const bool cut_at_open = random_() % 10 == 0;
    const auto at = static_cast<int64_t>(1 + random_() % (cut_at_open ? 25 : changes_max_));
    ++tally.cycles;
    if (cut_at_open) disk_.CutPowerAt(at);
    const absl::Status opened = OpenAndCheck();
    if (!opened.ok() && !disk_.has_failed()) return Refused(opened, tally);
    if (!cut_at_open) disk_.CutPowerAt(at);
    if (opened.ok()) {
      Work();
    } else {
      ++tally.cut_at_open;
    }
    tally.cut += disk_.has_failed();
    Crash(tally);
    std::lock_guard<std::mutex> lock(seen_mutex_);
    RETURN_IF_ERROR(seen_);
  }
  const absl::Status last = OpenAndCheck();
  tally.Add(disk_.story());
  return last.ok() ? last : Refused(last, tally);
}

absl::Status TableCycles::Refused(const absl::Status& status, Tally&) { return status; }

std::thread TableCycles::StartReader() {
  stop_ = false;
  return std::thread([this, seed = random_()] { ReaderLoop(seed); });
}

void TableCycles::Join(std::vector<std::thread>& writers, std::thread& reader) {
  for (std::thread& writer : writers) writer.join();
  stop_ = true;
  reader.join();
}

void TableCycles::ReaderLoop(uint64_t seed) {
  std::mt19937_64 random(seed);
  while (!stop_) {
    const absl::Status found = CheckSome(random);
    ++reads_;
    if (found.ok()) continue;
    Seen(absl::DataLossError(absl::StrCat("a reader saw: ", found.message())));
    return;
  }
}

void TableCycles::Seen(const absl::Status& status) {
  std::lock_guard<std::mutex> lock(seen_mutex_);
  if (seen_.ok()) seen_ = status;
}

void TableCycles::Crash(Tally& tally) {
  const absl::Status failed =
      table_ == nullptr ? absl::OkStatus() : table_->Write({}, table::Durability::kBuffered);
  if (!failed.ok() && !disk_.has_failed()) {
    Seen(absl::DataLossError(absl::StrCat("failed without a power cut: ", failed.message())));
  }
  table_.reset();
  Count(tally);
  tally.reads += reads_.exchange(0);
  disk_.Restore(random_(), damage_);
}

}  // namespace rapport::crash
