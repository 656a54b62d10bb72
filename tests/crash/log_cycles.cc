#include "tests/crash/log_cycles.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/table/rocks_open.h"

namespace rapport::crash {
namespace {

constexpr char kFolder[] = "/archive";

table::TableOptions Options() {
  table::TableOptions options;
  options.wal = true;
  options.compress = false;
  // The smallest that RocksDB takes.
  options.write_buffer_bytes = 64 << 10;
  options.cache_bytes = 1 << 20;
  return options;
}

std::string KeyOf(size_t writer, int64_t number) {
  return absl::StrFormat("%02d|%08d", writer, number);
}

// What a row holds follows from its key.
std::string ValueOf(size_t writer, int64_t number) {
  const auto length = static_cast<size_t>((number * 7919 + static_cast<int64_t>(writer)) % 1500);
  return absl::StrCat(number, ":", std::string(length, static_cast<char>('a' + (number + 5) % 26)));
}

}  // namespace

LogCycles::LogCycles(const LogCyclesOptions& options)
    : TableCycles(options.seed, options.damage, 260) {
  const uint64_t writers = 1 + random_() % 3;
  for (uint64_t i = 0; i < writers; ++i) writers_.push_back(std::make_unique<Writer>());
  // A third of the disks syncs each write, as the embedded log does.
  synced_percent_ = random_() % 3 == 0 ? 100 : random_() % 40;
}

absl::Status LogCycles::OpenAndCheck() {
  ASSIGN_OR_RETURN(table_, table::OpenRocksTableOn(disk_.env(), kFolder, Options()));
  for (size_t i = 0; i < writers_.size(); ++i) {
    ASSIGN_OR_RETURN(const int64_t found, Check(i, writers_[i]->durable));
    writers_[i]->tried = writers_[i]->written = writers_[i]->durable = found;
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> LogCycles::Check(size_t writer, int64_t least) {
  const auto wrong = [&](const std::string& what) {
    return absl::DataLossError(absl::StrCat("writer ", writer, ": ", what));
  };
  const auto rows = table_->NewIterator();
  int64_t found = 0;
  for (rows->Seek(KeyOf(writer, 1)); rows->Valid() && rows->key() < KeyOf(writer + 1, 0);
       rows->Next()) {
    if (rows->key() != KeyOf(writer, found + 1)) {
      return wrong(absl::StrCat("row ", found + 1, " is missing before ", std::string(rows->key()),
                                ", promised ", least, ", tried ", writers_[writer]->tried.load()));
    }
    ++found;
    if (rows->value() != ValueOf(writer, found)) return wrong(absl::StrCat("row ", found));
  }
  RETURN_IF_ERROR(rows->status());
  const int64_t tried = writers_[writer]->tried;
  if (found < least || found > tried) {
    return wrong(absl::StrCat("has ", found, " rows, allowed is ", least, " to ", tried));
  }
  return found;
}

void LogCycles::Work() {
  const int rows = 20 + static_cast<int>(random_() % 400);
  std::thread reader = StartReader();
  std::vector<std::thread> writers;
  for (size_t i = 0; i < writers_.size(); ++i) {
    writers.emplace_back([this, i, rows, seed = random_()] { WriterLoop(i, seed, rows); });
  }
  Join(writers, reader);
}

void LogCycles::WriterLoop(size_t index, uint64_t seed, int rows) {
  std::mt19937_64 random(seed);
  Writer& writer = *writers_[index];
  while (rows > 0) {
    // As the archive does with many blocks of one partition.
    if (random() % 25 == 0) {
      const auto count = static_cast<int64_t>(1 + random() % 30);
      rows -= static_cast<int>(count);
      if (!IngestRun(index, count).ok()) return;
      continue;
    }
    table::WriteBatch batch;
    const int64_t count = std::min<int64_t>(rows, static_cast<int64_t>(1 + random() % 3));
    rows -= static_cast<int>(count);
    int64_t number = writer.tried;
    for (int64_t i = 0; i < count; ++i) {
      ++number;
      batch.Put(KeyOf(index, number), ValueOf(index, number));
    }
    writer.tried = number;
    if (random() % 100 < synced_percent_) {
      if (!Sync(batch).ok()) return;
      writer.durable = std::max<int64_t>(writer.durable, number);
    } else if (!table_->Write(batch, table::Durability::kBuffered).ok()) {
      return;
    }
    writer.written = number;
    if (random() % 20 == 0 && !Sync(table::WriteBatch()).ok()) return;
  }
}

absl::Status LogCycles::IngestRun(size_t index, int64_t count) {
  Writer& writer = *writers_[index];
  std::vector<table::KeyValue> run;
  for (int64_t number = writer.written + 1; number <= writer.written + count; ++number) {
    run.emplace_back(KeyOf(index, number), ValueOf(index, number));
  }
  writer.tried = writer.written + count;
  RETURN_IF_ERROR(Settle([&] { return table_->Ingest(run); }));
  writer.written = writer.durable = writer.tried.load();
  ++ingests_;
  return absl::OkStatus();
}

absl::Status LogCycles::Sync(const table::WriteBatch& batch) {
  return Settle([&] { return table_->Write(batch, table::Durability::kSynced); });
}

absl::Status LogCycles::Settle(absl::FunctionRef<absl::Status()> act) {
  std::vector<int64_t> before;
  for (const auto& writer : writers_) before.push_back(writer->written);
  RETURN_IF_ERROR(act());
  for (size_t i = 0; i < writers_.size(); ++i) {
    int64_t durable = writers_[i]->durable;
    while (durable < before[i] && !writers_[i]->durable.compare_exchange_weak(durable, before[i])) {
    }
  }
  return absl::OkStatus();
}

absl::Status LogCycles::CheckSome(std::mt19937_64& random) {
  const size_t writer = random() % writers_.size();
  return Check(writer, writers_[writer]->durable).status();
}

void LogCycles::Count(Tally& tally) {
  tally.ingests += ingests_.exchange(0);
  for (const auto& writer : writers_) {
    tally.commits += writer->tried;
    tally.durable += writer->durable;
  }
}

}  // namespace rapport::crash
