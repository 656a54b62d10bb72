#include "tests/crash/embedded_cycles.h"

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::crash {
namespace {

constexpr int kPublishers = 3;
constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
constexpr int64_t kNow = 1'767'225'600'000'000;

}  // namespace

EmbeddedCycles::EmbeddedCycles(const EmbeddedCyclesOptions& options)
    : random_(options.seed),
      partitions_(1 + static_cast<int>(options.seed % 4)),
      disk_(options.damage),
      clock_(kNow) {}

absl::Status EmbeddedCycles::Run(int lives, Tally& tally) {
  for (int life = 0; life < lives; ++life) {
    ++tally.cycles;
    const bool cut_at_open = random_() % 8 == 0;
    const auto at = static_cast<int64_t>(1 + random_() % (cut_at_open ? 40 : 250));
    if (cut_at_open) disk_.files().CutPowerAt(at);
    absl::Status opened = Open();
    if (opened.ok()) opened = Check();
    if (!opened.ok() && !disk_.files().has_failed()) return opened;
    if (!cut_at_open) disk_.files().CutPowerAt(at);
    if (opened.ok()) {
      std::vector<std::thread> publishers;
      for (int i = 0; i < kPublishers; ++i) {
        publishers.emplace_back([this, i, seed = random_()] { Publish(i, seed); });
      }
      for (std::thread& publisher : publishers) publisher.join();
    } else {
      ++tally.cut_at_open;
    }
    tally.cut += disk_.files().has_failed();
    disk_.CutPower(0);
    Close();
    disk_.Restore(random_());
  }
  RETURN_IF_ERROR(Open());
  const absl::Status end = Check();
  Close();
  tally.commits += static_cast<int64_t>(tried_.size());
  tally.durable += static_cast<int64_t>(acknowledged_.size());
  tally.Add(disk_.files().story());
  return end;
}

absl::Status EmbeddedCycles::Open() {
  ASSIGN_OR_RETURN(table_, disk_.OpenArchive());
  ASSIGN_OR_RETURN(archive_, log::Archive::Open(table_.get(), partitions_, kIdentity, kNow));
  log_ = log::EmbeddedLog::Start(archive_.get(), clock_, {});
  return absl::OkStatus();
}

void EmbeddedCycles::Close() {
  log_.reset();
  archive_.reset();
  table_.reset();
}

void EmbeddedCycles::Publish(int publisher, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < 60; ++i) {
    std::string value;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      value = absl::StrCat(publisher, "/", next_++, "/", std::string(random() % 900, 'v'));
      tried_.insert(value);
    }
    const auto appended =
        log::AppendAndWait(*log_, {absl::StrCat("key", random() % 40), value, {}});
    if (!appended.ok()) return;
    std::lock_guard<std::mutex> lock(mutex_);
    acknowledged_[{appended->partition, appended->offset}] = value;
  }
}

absl::Status EmbeddedCycles::Check() {
  std::map<std::pair<Partition, Offset>, std::string> found;
  for (Partition partition = 0; partition < partitions_; ++partition) {
    const auto cursor = archive_->Scan(partition, 0, archive_->End(partition).next);
    while (cursor->Next()) {
      const RecordView& record = cursor->record();
      found[{partition, record.offset}] = std::string(record.value);
      if (tried_.count(std::string(record.value)) > 0) continue;
      return absl::DataLossError(absl::StrCat("nobody published ", partition, "@", record.offset));
    }
    RETURN_IF_ERROR(cursor->status());
  }
  for (const auto& [place, value] : acknowledged_) {
    const auto there = found.find(place);
    if (there != found.end() && there->second == value) continue;
    return absl::DataLossError(
        absl::StrCat("acknowledged and lost: ", place.first, "@", place.second));
  }
  // What was never acknowledged and is there stays there from now on.
  acknowledged_ = std::move(found);
  return absl::OkStatus();
}

}  // namespace rapport::crash
