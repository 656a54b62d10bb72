// Every call of the file system fails once: whatever is interrupted, nothing is acknowledged that
// is not there, nothing is tried again, and a restart finds a prefix.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/log/archive.h"
#include "engine/log/engine_record.h"
#include "engine/store/keys.h"
#include "engine/store/state_store.h"
#include "tests/crash/rocks_world_disk.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/status_matchers.h"

namespace rapport::crash {
namespace {

using store::StateStore;

constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
constexpr int64_t kNow = 1'767'225'600'000'000;
const store::Generation kGeneration{kIdentity, 2, "fold rules"};

enum class Fault { kError, kPowerCut, kReadError };

std::string NameOf(const testing::TestParamInfo<Fault>& info) {
  return info.param == Fault::kError      ? "Error"
         : info.param == Fault::kPowerCut ? "PowerCut"
                                          : "ReadError";
}

// One disk with the tables that an operation needs.
struct Place {
  RocksWorldDisk disk;
  std::unique_ptr<table::Table> archive_table;
  std::unique_ptr<table::Table> state_table;
  std::unique_ptr<log::Archive> archive;
  std::unique_ptr<StateStore> store;

  absl::Status OpenState() {
    auto table = disk.OpenState();
    if (!table.ok()) return table.status();
    state_table = *std::move(table);
    auto opened = StateStore::Open(state_table.get(), kGeneration);
    if (opened.ok()) store = *std::move(opened);
    return opened.status();
  }
  absl::Status OpenArchive() {
    auto table = disk.OpenArchive();
    if (!table.ok()) return table.status();
    archive_table = *std::move(table);
    auto opened = log::Archive::Open(archive_table.get(), 2, kIdentity, kNow);
    if (opened.ok()) archive = *std::move(opened);
    return opened.status();
  }
  void Close() {
    archive.reset();
    store.reset();
    archive_table.reset();
    state_table.reset();
  }
};

store::Cut ACut(Partition partition, Offset next, size_t rows, const std::string& word) {
  store::Cut cut;
  cut.partition = partition;
  cut.state.next = next;
  for (size_t i = rows; i > 0; --i) {
    cut.rows.emplace_back(store::CustomerKey(partition, absl::StrFormat("c%06d", i)), word);
  }
  return cut;
}

absl::Status Commit(Place& place, Offset next, size_t rows) {
  const std::string word = absl::StrCat("at ", next);
  return place.store->Commit({ACut(0, next, rows, word), ACut(1, next, rows, word)});
}

// Each partition is at `old` or, whole, at `now`; at `now` if that was acknowledged.
void ExpectState(Place& place, Offset old, Offset now, size_t rows, bool acknowledged) {
  ASSERT_OK(place.OpenState());
  for (const Partition partition : {0, 1}) {
    const auto state = place.store->Load(partition);
    ASSERT_OK(state);
    EXPECT_TRUE(state->next == now || (state->next == old && !acknowledged)) << state->next;
    size_t found = 0;
    ASSERT_OK(
        place.store->ForEachCustomer(partition, [&](absl::string_view, absl::string_view row) {
          found += row == absl::StrCat("at ", state->next);
          return true;
        }));
    EXPECT_EQ(found, state->next == 0 ? 0 : rows);
  }
}

// The archive ends at `old` or, whole, at `now`, and each of its records can be read.
void ExpectArchive(Place& place, Offset old, Offset now, bool acknowledged) {
  ASSERT_OK(place.OpenArchive());
  const Offset end = place.archive->End(0).next;
  EXPECT_TRUE(end == now || (end == old && !acknowledged)) << end;
  Offset next = 0;
  const auto cursor = place.archive->Scan(0, 0, end);
  while (cursor->Next()) EXPECT_EQ(cursor->record().offset, next++);
  EXPECT_OK(cursor->status());
  EXPECT_EQ(next, end);
}

struct Operation {
  std::function<void(Place&)> prepare;
  // OK acknowledges.
  std::function<absl::Status(Place&)> run;
  std::function<void(Place&, bool acknowledged)> check;
  // After a failed write nothing is written any more; what only opens may be tried again.
  bool opens = false;
  // Reads that are swept at most.
  int64_t reads_max = INT64_MAX;
  // A failed read may leave damage, if it is told.
  bool may_damage = false;
};

class NthCallTest : public testing::TestWithParam<Fault> {
 protected:
  // Fails call after call until the operation does not reach the n-th.
  void Sweep(const Operation& operation) {
    int failed = 0;
    int damaged = 0;
    const bool reads = GetParam() == Fault::kReadError;
    for (int64_t n = 1; !reads || n <= operation.reads_max; ++n) {
      SCOPED_TRACE(absl::StrCat("call ", n));
      Place place;
      operation.prepare(place);
      if (HasFatalFailure()) return;
      Arm(place.disk.files(), n);
      const absl::Status status = operation.run(place);
      if (!place.disk.files().has_failed()) {
        EXPECT_OK(status);
        break;
      }
      ++failed;
      if (!status.ok() && !operation.opens) {
        EXPECT_EQ(place.disk.files().retries(), 0);
        if (GetParam() != Fault::kReadError) {
          EXPECT_FALSE(operation.run(place).ok()) << "written again after a failure";
        }
      }
      place.Close();
      place.disk.Restore(static_cast<uint64_t>(n));
      // A state that was told to be damaged is set aside and folded anew.
      if (absl::IsDataLoss(status) && operation.may_damage) {
        EXPECT_EQ(GetParam(), Fault::kReadError) << status;
        EXPECT_GT(place.disk.damages(), 0) << status;
        ++damaged;
        continue;
      }
      operation.check(place, status.ok());
      if (HasFailure()) return;
    }
    RecordProperty("calls_failed", failed);
    RecordProperty("damaged", damaged);
    if (GetParam() != Fault::kReadError) {
      EXPECT_GT(failed, 0);
    }
  }

  void Arm(kit::RocksCrashDisk& files, int64_t n) {
    switch (GetParam()) {
      case Fault::kError:
        return files.FailAt(n);
      case Fault::kPowerCut:
        return files.CutPowerAt(n);
      case Fault::kReadError:
        return files.FailReadAt(n);
    }
  }
};

Operation CommitOf(size_t rows) {
  return {
      [rows](Place& place) {
        ASSERT_OK(place.OpenState());
        ASSERT_OK(Commit(place, 10, rows));
      },
      [rows](Place& place) { return Commit(place, 20, rows); },
      [rows](Place& place, bool acknowledged) { ExpectState(place, 10, 20, rows, acknowledged); }};
}

TEST_P(NthCallTest, ASmallCommit) { Sweep(CommitOf(4)); }

TEST_P(NthCallTest, ALargeCommit) {
  Operation commit = CommitOf(10'000);
  // The next read is that of the file's last row. Where it fails, RocksDB ends the process itself,
  // in an assertion: nothing is acknowledged then either.
  commit.reads_max = 7;
  commit.may_damage = true;
  Sweep(commit);
}

void PrepareArchive(Place& place) {
  ASSERT_OK(place.OpenArchive());
  ASSERT_OK(place.archive->Append({kit::MakeDenseBatch(0, 0, 5)}, table::Durability::kSynced));
}

TEST_P(NthCallTest, ASyncedAppend) {
  Sweep({PrepareArchive,
         [](Place& place) {
           if (place.archive->End(0).next != 5) return absl::InternalError("moved on");
           return place.archive->Append({kit::MakeDenseBatch(0, 5, 7)}, table::Durability::kSynced);
         },
         [](Place& place, bool acknowledged) { ExpectArchive(place, 5, 12, acknowledged); }});
}

TEST_P(NthCallTest, ABufferedAppendAndItsSync) {
  Sweep({PrepareArchive,
         [](Place& place) {
           if (place.archive->End(0).next == 5) {
             const absl::Status appended = place.archive->Append({kit::MakeDenseBatch(0, 5, 7)},
                                                                 table::Durability::kBuffered);
             if (!appended.ok()) return appended;
           }
           return place.archive->Sync();
         },
         [](Place& place, bool acknowledged) { ExpectArchive(place, 5, 12, acknowledged); }});
}

// A failed write also leaves nothing behind in memory.
TEST_P(NthCallTest, AnEngineRecord) {
  const log::AcceptedGap gap{0, 0, 5, "ops: a disk"};
  Sweep({PrepareArchive,
         [&](Place& place) {
           const absl::Status status = place.archive->AppendEngineRecord(
               {log::EngineRecord::Type::kGapAccepted, kNow, log::EncodeGap(gap)});
           EXPECT_EQ(place.archive->End(0).start, status.ok() ? 5 : 0);
           return status;
         },
         [&](Place& place, bool acknowledged) {
           ExpectArchive(place, 5, 5, true);
           const auto records = place.archive->EngineRecords();
           ASSERT_OK(records);
           EXPECT_TRUE(records->size() == 2 || (records->size() == 1 && !acknowledged));
           EXPECT_EQ(place.archive->End(0).start, records->size() == 2 ? 5 : 0);
         }});
}

TEST_P(NthCallTest, ANewState) {
  Sweep({[](Place&) {}, [](Place& place) { return place.OpenState(); },
         [](Place& place, bool) { ExpectState(place, 0, 0, 0, true); }, true});
}

TEST_P(NthCallTest, AStateThatIsOpenedAgain) {
  Sweep({[](Place& place) {
           ASSERT_OK(place.OpenState());
           ASSERT_OK(Commit(place, 10, 4));
           place.Close();
         },
         [](Place& place) { return place.OpenState(); },
         [](Place& place, bool) { ExpectState(place, 10, 10, 4, true); }, true});
}

TEST_P(NthCallTest, ANewArchive) {
  Sweep({[](Place&) {}, [](Place& place) { return place.OpenArchive(); },
         [](Place& place, bool) {
           ExpectArchive(place, 0, 0, true);
           EXPECT_EQ(place.archive->identity(), kIdentity);
         },
         true});
}

// Its rows are in the log only, and written into a table while it is opened.
TEST_P(NthCallTest, AnArchiveThatIsOpenedAgain) {
  Sweep({[](Place& place) {
           PrepareArchive(place);
           place.Close();
         },
         [](Place& place) { return place.OpenArchive(); },
         [](Place& place, bool) { ExpectArchive(place, 5, 5, true); }, true});
}

INSTANTIATE_TEST_SUITE_P(Faults, NthCallTest,
                         testing::Values(Fault::kError, Fault::kPowerCut, Fault::kReadError),
                         NameOf);

// The same under a whole pipeline: whoever heard "durable" finds it after a restart, and a failed
// write ends the process or stops the partition.
class NthCallOfThePipelineTest : public testing::TestWithParam<Fault> {};

TEST_P(NthCallOfThePipelineTest, LosesNothingThatWasDurable) {
  int failed = 0, deaths = 0;
  for (int64_t n = 1; n < 400; ++n) {
    SCOPED_TRACE(absl::StrCat("call ", n));
    auto disk = std::make_unique<RocksWorldDisk>();
    kit::RocksCrashDisk& files = disk->files();
    kit::EngineWorld world(1, std::move(disk));
    const auto publish = [&world](uint64_t from, uint64_t to) {
      for (uint64_t id = from; id < to; ++id) {
        world.Publish(kit::APurchase().Of(absl::StrCat("c", id % 5)).Id(id).Worth(5, "EUR"));
      }
    };
    publish(1, 20);
    ASSERT_OK(world.Start());
    ASSERT_OK(world.AwaitAll());
    ASSERT_OK(world.pipeline().Checkpoint(absl::Now() + absl::Seconds(60)));
    GetParam() == Fault::kError ? files.FailAt(n) : files.CutPowerAt(n);
    publish(20, 40);
    pipeline::PartitionProgress progress;
    do {
      // allow: sleep, because the pipeline shows its progress and does not call
      absl::SleepFor(absl::Milliseconds(1));
      progress = world.pipeline().progress(0);
    } while (progress.durable < 39 && progress.stopped.ok() && world.deaths() == 0);
    const bool reached = files.has_failed();
    failed += reached;
    deaths += world.deaths() > 0;
    EXPECT_TRUE(reached || progress.durable == 39);
    const Offset durable = world.pipeline().progress(0).durable;
    world.Crash(static_cast<uint64_t>(n));
    ASSERT_OK(world.Start());
    const auto digests = world.DurableDigest(0);
    ASSERT_OK(digests);
    EXPECT_GE(digests->next, durable);
    EXPECT_EQ(digests->facts.Hex(), world.FactsOfPrefix(0, digests->next));
    ASSERT_OK(world.AwaitAll());
    EXPECT_EQ(world.pipeline().counters().folded, 39);
    if (!reached) break;
  }
  EXPECT_GT(failed, 3);
  EXPECT_GT(deaths, 0);
}

INSTANTIATE_TEST_SUITE_P(Faults, NthCallOfThePipelineTest,
                         testing::Values(Fault::kError, Fault::kPowerCut), NameOf);

}  // namespace
}  // namespace rapport::crash
