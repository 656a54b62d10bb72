// Each byte of a small archive and of a small state is inverted once: what is read then is right,
// or refused as damaged. Never a wrong answer, never a missing one without a word.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/log/archive.h"
#include "engine/log/engine_record.h"
#include "engine/store/keys.h"
#include "engine/store/state_store.h"
#include "tests/crash/rocks_world_disk.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/status_matchers.h"

namespace rapport::crash {
namespace {

constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
constexpr int64_t kNow = 1'767'225'600'000'000;
const store::Generation kGeneration{kIdentity, 2, "fold rules"};

using Bytes = std::map<std::string, std::string>;

// Files that RocksDB writes and never reads; one byte in so many is inverted there.
constexpr uint64_t kUnreadStep = 97;
bool IsUnread(const std::string& path) {
  return absl::StrContains(path, "/OPTIONS") || absl::StrContains(path, "/IDENTITY") ||
         absl::StrContains(path, "/LOG");
}

Bytes AllFiles(RocksWorldDisk& disk, const std::string& prefix) {
  Bytes bytes;
  for (const std::string& path : disk.files().Files(prefix)) {
    bytes[path] = disk.files().BytesOf(path);
  }
  return bytes;
}

// What became of one inverted byte.
enum class Outcome : char {
  kRight = 'r',
  kRefused = 'd',
  kCut = 'c',
  kWrong = 'w',
  // The process ended: RocksDB of Debian is built with its assertions.
  kEnded = 'e',
};

using Look = std::function<Outcome(RocksWorldDisk&, std::string& why)>;

// Inverts the bytes from number `from` on, each on a disk of its own, and writes to `out` what
// comes of each, a line each.
void FlipFrom(size_t from, const Bytes& files, const Look& look, FILE* out) {
  size_t number = 0;
  for (const auto& [flipped, content] : files) {
    for (uint64_t at = 0; at < content.size(); at += IsUnread(flipped) ? kUnreadStep : 1) {
      if (number++ < from) continue;
      std::fprintf(out, "%s at %d of %d", flipped.c_str(), static_cast<int>(at),
                   static_cast<int>(content.size()));
      std::fflush(out);
      RocksWorldDisk disk;
      for (const auto& [path, bytes] : files) disk.files().Put(path, bytes);
      disk.files().Flip(flipped, at);
      std::string why;
      const Outcome outcome = look(disk, why);
      std::fprintf(out, "|%c%s\n", static_cast<char>(outcome), why.c_str());
    }
  }
  std::fprintf(out, "done\n");
  std::fclose(out);
}

struct Outcomes {
  std::map<Outcome, int> counts;
  // Bytes with which the process ended.
  std::vector<std::string> ended;
};

// Works in processes of its own, for some bytes end them. `make` gives the files.
Outcomes FlipEach(const std::function<Bytes()>& make, const Look& look) {
  Outcomes outcomes;
  size_t number = 0;
  int wrong = 0;
  for (bool done = false; !done;) {
    int ends[2];
    RAPPORT_CHECK(pipe(ends) == 0);
    const pid_t child = fork();
    RAPPORT_CHECK(child >= 0);
    if (child == 0) {
      close(ends[0]);
      // What it says as it ends is expected.
      RAPPORT_CHECK(std::freopen("/dev/null", "w", stderr) != nullptr);
      FlipFrom(number, make(), look, fdopen(ends[1], "w"));
      _exit(0);
    }
    close(ends[1]);
    FILE* in = fdopen(ends[0], "r");
    char line[4096];
    while (std::fgets(line, sizeof(line), in) != nullptr) {
      const std::string text(line);
      done = text == "done\n";
      if (done) break;
      ++number;
      const size_t bar = text.find('|');
      const Outcome outcome =
          bar == std::string::npos ? Outcome::kEnded : static_cast<Outcome>(text[bar + 1]);
      ++outcomes.counts[outcome];
      if (outcome == Outcome::kEnded) outcomes.ended.push_back(text);
      if (outcome == Outcome::kWrong && ++wrong <= 12) ADD_FAILURE() << text;
    }
    std::fclose(in);
    waitpid(child, nullptr, 0);
    RAPPORT_CHECK(number < 100'000);
  }
  EXPECT_EQ(wrong, 0);
  testing::Test::RecordProperty("right", outcomes.counts[Outcome::kRight]);
  testing::Test::RecordProperty("refused", outcomes.counts[Outcome::kRefused]);
  testing::Test::RecordProperty("cut", outcomes.counts[Outcome::kCut]);
  testing::Test::RecordProperty("ended", outcomes.counts[Outcome::kEnded]);
  for (const std::string& text : outcomes.ended) std::printf("ended: %s\n", text.c_str());
  return outcomes;
}

Outcome Judge(const absl::Status& status, std::string& why) {
  why = status.ToString();
  return absl::IsDataLoss(status) ? Outcome::kRefused : Outcome::kWrong;
}

// Everything of an archive as text, partition by partition.
absl::Status ReadArchive(log::Archive& archive, std::vector<std::string>& records) {
  for (Partition partition = 0; partition < 2; ++partition) {
    const auto cursor = archive.Scan(partition, 0, archive.End(partition).next);
    while (cursor->Next()) {
      const RecordView& record = cursor->record();
      records.push_back(absl::StrCat(partition, "@", record.offset, " ", record.append_time_us, " ",
                                     record.key, " ", record.value));
    }
    if (!cursor->status().ok()) return cursor->status();
  }
  const auto engine = archive.EngineRecords();
  if (!engine.ok()) return engine.status();
  for (const log::EngineRecord& record : *engine) {
    records.push_back(absl::StrCat("engine ", static_cast<int>(record.type), " ", record.body));
  }
  return absl::OkStatus();
}

// An archive of two partitions in two files of rows and a log, and what it holds.
Bytes MakeArchive(std::vector<std::string>& records) {
  RocksWorldDisk disk;
  auto table = *disk.OpenArchive();
  auto archive = *log::Archive::Open(table.get(), 2, kIdentity, kNow);
  for (const Offset first : {0, 4, 8}) {
    for (Partition partition = 0; partition < 2; ++partition) {
      const RecordBatch batch = kit::MakeDenseBatch(partition, first, 4);
      RAPPORT_CHECK(archive->Append({batch}, table::Durability::kSynced).ok());
    }
    if (first < 8) RAPPORT_CHECK(table->Flush().ok());
  }
  RAPPORT_CHECK(ReadArchive(*archive, records).ok());
  archive.reset();
  table.reset();
  return AllFiles(disk, "/archive");
}

TEST(FlipTest, AnArchiveGivesEachRecordOrSaysThatItIsDamaged) {
  std::vector<std::string> wanted;
  const auto make = [&wanted] {
    wanted.clear();
    return MakeArchive(wanted);
  };
  // Only the last row of the log can be taken for a torn one.
  const auto is_last = [](const std::string& record) {
    return absl::StartsWith(record, "1@8 ") || absl::StartsWith(record, "1@9 ") ||
           absl::StartsWith(record, "1@10 ") || absl::StartsWith(record, "1@11 ");
  };
  const Outcomes outcomes = FlipEach(make, [&](RocksWorldDisk& disk, std::string& why) {
    const auto table = disk.OpenArchive();
    if (!table.ok()) return Judge(table.status(), why);
    const auto archive = log::Archive::Open(table->get(), 2, kIdentity, kNow);
    if (!archive.ok()) return Judge(archive.status(), why);
    std::vector<std::string> found;
    const absl::Status read = ReadArchive(**archive, found);
    if (!read.ok()) return Judge(read, why);
    if (found == wanted) return Outcome::kRight;
    std::vector<std::string> less = wanted;
    less.erase(std::remove_if(less.begin(), less.end(), is_last), less.end());
    if (found == less && !disk.notes().empty()) return Outcome::kCut;
    why = absl::StrCat(found.size(), " records instead of ", wanted.size(), ", ",
                       disk.notes().size(), " notes");
    return Outcome::kWrong;
  });
  EXPECT_GT(outcomes.counts.at(Outcome::kRefused), 500);
}

std::string RowOf(int i, Offset next) { return absl::StrCat("row ", i, " at ", next); }

// A state of two partitions after three commits.
Bytes MakeState() {
  RocksWorldDisk disk;
  auto table = *disk.OpenState();
  auto store = *store::StateStore::Open(table.get(), kGeneration);
  for (const Offset next : {10, 20, 30}) {
    std::vector<store::Cut> cuts(2);
    for (Partition partition = 0; partition < 2; ++partition) {
      store::Cut& cut = cuts[static_cast<size_t>(partition)];
      cut.partition = partition;
      cut.state.next = next;
      for (int i = 0; i < 8; ++i) {
        cut.rows.emplace_back(store::CustomerKey(partition, absl::StrFormat("c%02d", i)),
                              RowOf(i, next));
      }
    }
    RAPPORT_CHECK(store->Commit(std::move(cuts)).ok());
  }
  store.reset();
  table.reset();
  return AllFiles(disk, "/state0");
}

TEST(FlipTest, AStateGivesACommitWholeOrSaysThatItIsDamaged) {
  const Outcomes outcomes = FlipEach(MakeState, [](RocksWorldDisk& disk, std::string& why) {
    const auto table = disk.OpenState();
    if (!table.ok()) return Judge(table.status(), why);
    const auto store = store::StateStore::Open(table->get(), kGeneration);
    if (!store.ok()) return Judge(store.status(), why);
    Outcome outcome = Outcome::kRight;
    for (Partition partition = 0; partition < 2; ++partition) {
      const auto state = (*store)->Load(partition);
      if (!state.ok()) return Judge(state.status(), why);
      int rows = 0;
      const absl::Status read =
          (*store)->ForEachCustomer(partition, [&](absl::string_view, absl::string_view row) {
            rows += row == RowOf(rows, state->next);
            return true;
          });
      if (!read.ok()) return Judge(read, why);
      if (rows != (state->next == 0 ? 0 : 8)) {
        why = absl::StrCat("partition ", partition, " at ", state->next, " has ", rows, " rows");
        return Outcome::kWrong;
      }
      // An earlier commit is folded on from the archive: right, if somebody was told.
      if (state->next == 30) continue;
      outcome = disk.notes().empty() ? Outcome::kWrong : Outcome::kCut;
      why = absl::StrCat("partition ", partition, " is back at ", state->next);
    }
    return outcome;
  });
  EXPECT_GT(outcomes.counts.at(Outcome::kRefused), 500);
}

}  // namespace
}  // namespace rapport::crash
