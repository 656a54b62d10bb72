#include "tests/crash/state_cycles.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/table/rocks_open.h"

namespace rapport::crash {
namespace {

constexpr char kFolder[] = "/state";

table::TableOptions Options() {
  table::TableOptions options;
  // The smallest that RocksDB takes.
  options.write_buffer_bytes = 64 << 10;
  options.cache_bytes = 1 << 20;
  return options;
}

table::WriteBatch BatchOf(const Commit& commit, size_t from, size_t to) {
  table::WriteBatch batch;
  for (size_t i = from; i < to; ++i) {
    const table::WriteBatch::Row& row = commit.rows[i];
    if (row.is_delete) {
      batch.Delete(row.key);
    } else {
      batch.Put(row.key, row.value);
    }
  }
  return batch;
}

}  // namespace

const std::vector<StateVariant>& StateVariants() {
  static const std::vector<StateVariant> variants = {
      {.name = "ours"},
      {.name = "flush-first", .ours = false},
      {.name = "unflushed", .ours = false, .way = IngestWay::kUnflushed},
      {.name = "writers-go-on", .ours = false, .way = IngestWay::kWritersGoOn},
      {.name = "two-files-one-call", .ours = false, .way = IngestWay::kTwoFilesOneCall},
      {.name = "position-apart", .position_apart = true},
      {.name = "file-by-file", .file_by_file = true},
  };
  return variants;
}

StateCycles::StateCycles(const StateCyclesOptions& options)
    : TableCycles(options.seed, options.damage, 700), variant_(options.variant) {
  const int partitions = 1 + static_cast<int>(random_() % 4);
  for (int partition = 0; partition < partitions; ++partition) {
    oracles_.push_back(std::make_unique<CommitOracle>(partition));
    written_.push_back(std::make_unique<std::atomic<int64_t>>(0));
  }
  before_.resize(oracles_.size());
}

// A list of files whose unsynced end was damaged cannot be told from a broken one. The engine sets
// such a state aside and folds it anew; here the life of the disk is over.
absl::Status StateCycles::Refused(const absl::Status& status, Tally& tally) {
  if (!damage_ || table_ != nullptr || !absl::IsDataLoss(status)) return status;
  ++tally.refused;
  return absl::OkStatus();
}

absl::Status StateCycles::OpenAndCheck() {
  table_.reset();
  absl::StatusOr<std::unique_ptr<table::Table>> opened =
      variant_.ours ? table::OpenRocksTableOn(disk_.env(), kFolder, Options())
                    : OpenVariantTable(disk_.env(), kFolder, Options(), variant_.way);
  RETURN_IF_ERROR(opened.status());
  table_ = *std::move(opened);
  std::vector<int64_t> numbers;
  for (size_t i = 0; i < oracles_.size(); ++i) {
    const auto rows = table_->NewIterator();
    ASSIGN_OR_RETURN(const int64_t number, oracles_[i]->Check(*rows, oracles_[i]->durable()));
    oracles_[i]->CutTo(number);
    *written_[i] = number;
    numbers.push_back(number);
  }
  return CheckOrder(numbers);
}

absl::Status StateCycles::CheckOrder(const std::vector<int64_t>& numbers) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto found = before_[i].find(numbers[i]);
    if (found == before_[i].end()) continue;
    for (size_t other = 0; other < numbers.size(); ++other) {
      if (numbers[other] >= found->second[other]) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("partition ", i, " is at commit ", numbers[i], ", partition ", other,
                       " lost commits from ", numbers[other] + 1, " on that were written before"));
    }
  }
  for (auto& before : before_) before.clear();
  return absl::OkStatus();
}

Commit StateCycles::NextCommit(size_t partition, std::mt19937_64& random, bool ingest) {
  const std::vector<int64_t> before = Written();
  Commit commit = oracles_[partition]->Next(random, ingest);
  before_[partition][commit.number] = before;
  return commit;
}

void StateCycles::Work() {
  const bool together = random_() % 3 == 0;
  const int commits = 20 + static_cast<int>(random_() % 80);
  std::thread reader = StartReader();
  std::vector<std::thread> writers;
  if (together) {
    writers.emplace_back([this, commits, seed = random_()] { CommitterLoop(seed, commits); });
  } else {
    for (size_t i = 0; i < oracles_.size(); ++i) {
      writers.emplace_back([this, i, commits, seed = random_()] { WriterLoop(i, seed, commits); });
    }
  }
  Join(writers, reader);
}

void StateCycles::WriterLoop(size_t partition, uint64_t seed, int commits) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < commits; ++i) {
    const bool ingest = random() % 4 == 0;
    const Commit commit = NextCommit(partition, random, ingest);
    if (!(ingest ? IngestRows({commit}) : WriteRows({commit})).ok()) return;
    if (!ingest && random() % 3 == 0 && !Flush().ok()) return;
  }
}

void StateCycles::CommitterLoop(uint64_t seed, int commits) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < commits; ++i) {
    const bool ingest = random() % 3 == 0;
    std::vector<Commit> together;
    for (size_t partition = 0; partition < oracles_.size(); ++partition) {
      if (random() % 3 > 0) together.push_back(NextCommit(partition, random, ingest));
    }
    if (together.empty()) continue;
    if (!(ingest ? IngestRows(together) : WriteRows(together)).ok()) return;
    if (!ingest && !Flush().ok()) return;
  }
}

absl::Status StateCycles::WriteRows(const std::vector<Commit>& commits) {
  for (const Commit& commit : commits) {
    const size_t all = commit.rows.size();
    const size_t first = variant_.position_apart ? all - 1 : all;
    RETURN_IF_ERROR(table_->Write(BatchOf(commit, 0, first), table::Durability::kBuffered));
    if (first < all) {
      RETURN_IF_ERROR(table_->Write(BatchOf(commit, first, all), table::Durability::kBuffered));
    }
    size_t partition = 0;
    while (PositionKeyOf(static_cast<int>(partition)) != commit.rows.back().key) ++partition;
    *written_[partition] = commit.number;
  }
  return absl::OkStatus();
}

absl::Status StateCycles::IngestRows(const std::vector<Commit>& commits) {
  std::vector<table::KeyValue> rows;
  for (const Commit& commit : commits) {
    for (const table::WriteBatch::Row& row : commit.rows) rows.emplace_back(row.key, row.value);
    if (variant_.position_apart) rows.pop_back();
  }
  ++ingests_;
  // Without a flush before it, an ingest promises nothing of what others wrote.
  const bool flushes = variant_.way != IngestWay::kUnflushed;
  const std::vector<int64_t> before = Written();
  const absl::Span<const table::KeyValue> all(rows);
  const size_t half = variant_.file_by_file ? rows.size() / 2 : 0;
  if (half > 0) RETURN_IF_ERROR(table_->Ingest(all.subspan(0, half)));
  RETURN_IF_ERROR(table_->Ingest(all.subspan(half)));
  for (const Commit& commit : commits) {
    size_t partition = 0;
    while (PositionKeyOf(static_cast<int>(partition)) != commit.rows.back().key) ++partition;
    if (variant_.position_apart) {
      const size_t count = commit.rows.size();
      RETURN_IF_ERROR(
          table_->Write(BatchOf(commit, count - 1, count), table::Durability::kBuffered));
    }
    *written_[partition] = commit.number;
    if (!variant_.position_apart) oracles_[partition]->Durable(commit.number);
  }
  if (flushes) PromiseAll(before);
  return variant_.position_apart ? Flush() : absl::OkStatus();
}

absl::Status StateCycles::Flush() {
  const std::vector<int64_t> before = Written();
  RETURN_IF_ERROR(table_->Flush());
  PromiseAll(before);
  return absl::OkStatus();
}

std::vector<int64_t> StateCycles::Written() const {
  std::vector<int64_t> out;
  for (const auto& number : written_) out.push_back(*number);
  return out;
}

void StateCycles::PromiseAll(const std::vector<int64_t>& written) {
  for (size_t i = 0; i < written.size(); ++i) oracles_[i]->Durable(written[i]);
}

absl::Status StateCycles::CheckSome(std::mt19937_64& random) {
  const size_t partition = random() % oracles_.size();
  const int64_t least = oracles_[partition]->durable();
  const auto rows = table_->NewIterator();
  const absl::Status found = oracles_[partition]->Check(*rows, least).status();
  // A variant's readers see what the variant does wrong: only crashes are counted there.
  const bool checks = variant_.ours && !variant_.position_apart && !variant_.file_by_file;
  return checks ? found : absl::OkStatus();
}

void StateCycles::Count(Tally& tally) {
  for (const auto& oracle : oracles_) {
    tally.commits += oracle->tried();
    tally.durable += oracle->durable();
  }
  tally.ingests += ingests_.exchange(0);
}

}  // namespace rapport::crash
