// One partition, step by step, under a clock that the test moves.
#include "engine/pipeline/partition_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/history/history.h"
#include "engine/log/archive_block.h"
#include "engine/pipeline/erasure.h"
#include "engine/pipeline/publisher.h"
#include "engine/store/keys.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

class PartitionTaskTest : public OnePartition {};

TEST_F(PartitionTaskTest, CutsLessOftenWhileItIsFarBehind) {
  Publish(1000);
  Open();
  EXPECT_EQ(CutsIn(100), 2) << "ten seconds, one cut in five";
  EXPECT_LT(progress().applied, 1000);
}

TEST_F(PartitionTaskTest, CutsEverySecondAtTheEndOfTheLog) {
  Open();
  int cuts = 0;
  for (int second = 0; second < 10; ++second) {
    Publish(1);
    cuts += CutsIn(10);
  }
  EXPECT_GE(cuts, 9);
  EXPECT_GE(progress().durable, 9);
}

TEST_F(PartitionTaskTest, ACutIsNotPutOffByAClockThatIsSetBack) {
  Open();
  Publish(1);
  EXPECT_EQ(CutsIn(3), 0);
  clock_.Advance(-3'600'000'000);
  EXPECT_EQ(CutsIn(2), 1);
}

TEST_F(PartitionTaskTest, FoldingWaitsWhileACommitIsUnderWayAndTooManyHaveChanged) {
  options_.dirty_slots_max = 7;
  Publish(100);
  Open();
  while (!task().IsCommitting()) Step();
  const Offset at_cut = progress().applied;
  Step();
  EXPECT_EQ(progress().applied, at_cut + 10) << "the seven customers may change once more";
  EXPECT_EQ(Step(), PartitionTask::Next::kAwaitCommit);
  EXPECT_EQ(Step(), PartitionTask::Next::kAwaitCommit);
  EXPECT_EQ(progress().applied, at_cut + 10);
  pipeline_->CommitWaiting();
  Step();
  EXPECT_EQ(progress().applied, at_cut + 20);
  EXPECT_EQ(progress().durable, at_cut);
}

// Who has changed cannot be evicted, so a small memory is cut often; not for a handful, though.
TEST_F(PartitionTaskTest, NeverMoreThanHalfOfTheMemoryHasChanged) {
  for (const auto& [memory, most] : {std::pair<size_t, Offset>{1 << 20, 1500}, {1, 256}}) {
    Close();
    state_disk_ = std::make_unique<table::ModelDisk>();
    archive_disk_ = std::make_unique<table::ModelDisk>();
    options_.memory_bytes = memory;
    options_.checkpoint_interval_behind = absl::Hours(24);
    for (; next_ < 3000; ++next_) {
      Publish(kit::APurchase().Of(absl::StrCat("c", next_)).Id(next_).Key("o").Worth(1, "EUR"));
    }
    Open();
    Offset cut = 0;
    while (progress().applied < log_.Range(0)->end) {
      Step();
      EXPECT_LE(progress().applied - cut, most + 10) << memory;
      if (!task().IsCommitting()) continue;
      cut = progress().applied;
      pipeline_->CommitWaiting();
    }
    EXPECT_LE(pipeline_->MemoryBytes(), std::max<size_t>(memory, 512 << 10) * 17 / 16) << memory;
  }
}

// All of it can be folded again, and what is written early is written twice.
TEST_F(PartitionTaskTest, TheArchiveIsCutEveryHalfMinuteHoweverManyChangeWhileAllFit) {
  Publish(4000);
  Open();
  FoldAll();
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  options_.dirty_slots_max = 3;
  Open();
  CutsIn(299);
  EXPECT_EQ(progress().durable, 0);
  CutsIn(3);
  const Offset durable = progress().durable;
  EXPECT_GT(durable, 2900);
  CutsIn(50);
  EXPECT_EQ(progress().durable, durable);
  CutsIn(100);
  EXPECT_EQ(progress().durable, 4000) << "at its end, when there was no state before";
}

TEST_F(PartitionTaskTest, TheArchiveIsCutOnceItsCustomersNoLongerFit) {
  for (; next_ < 3000; ++next_) {
    Publish(kit::APurchase().Of(absl::StrCat("c", next_)).Id(next_).Key("o").Worth(1, "EUR"));
  }
  Open();
  FoldAll();
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  options_.memory_bytes = 3 << 18;
  Open();
  Offset first_cut = 0;
  while (progress().applied < log_.Range(0)->end) {
    Step();
    EXPECT_LE(pipeline_->MemoryBytes(), options_.memory_bytes * 17 / 16);
    if (first_cut == 0) first_cut = progress().durable;
  }
  EXPECT_GT(first_cut, 600) << "as long as all fit";
  EXPECT_LT(first_cut, 2400);
}

// Cuts of the log are copied, so what the archive has left changed is cut before it is followed.
TEST_F(PartitionTaskTest, MuchOfTheArchiveIsWrittenBeforeTheLogIsFollowed) {
  for (; next_ < 3000; ++next_) {
    Publish(kit::APurchase().Of(absl::StrCat("c", next_)).Id(next_).Key("o").Worth(1, "EUR"));
  }
  Open();
  while (progress().applied < 20) Step();
  task().CutNow();
  pipeline_->CommitWaiting();
  auto early = state_disk_->Copy();
  FoldAll();
  Close();
  state_disk_ = std::move(early);
  options_.dirty_slots_max = 100;
  options_.memory_bytes = 2 << 20;
  Open();
  while (progress().applied < log_.Range(0)->end || !progress().is_compared) {
    EXPECT_FALSE(task().IsCommitting()) << "a cut was copied at " << progress().applied;
    Step();
  }
  EXPECT_EQ(progress().durable, log_.Range(0)->end);
}

TEST_F(PartitionTaskTest, AnOlderArchiveIsFilledUpFromTheLog) {
  FoldAndRestoreArchive(50, 50);
  Open();
  EXPECT_EQ(archive_->End(0).next, 50);
  EXPECT_EQ(progress().applied, 100) << "the state is ahead of its archive";
  Publish(5);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 105);
  EXPECT_EQ(archive_->End(0).next, 105);
  EXPECT_EQ(task().counters().folded, 105);
}

// Nothing is committed then, so filling up must itself be durable.
TEST_F(PartitionTaskTest, WhatAnOlderArchiveWasFilledUpWithStays) {
  FoldAndRestoreArchive(50, 50);
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_EQ(archive_->End(0).next, 100);
  Close();
  archive_disk_->Crash(1);
  Open();
  EXPECT_EQ(archive_->End(0).next, 100);
}

TEST_F(PartitionTaskTest, AnArchiveFilledUpFromAnotherHistoryStopsThePartition) {
  FoldAndRestoreArchive(50, 50);
  log_.CutFrom(0, 60);
  Publish(45);
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()), testing::StartsWith("LOG_CHANGED"));
  EXPECT_EQ(progress().applied, 100) << "nothing of it is folded";
}

// Producers' own times let a record come to its old place again while others before it do not.
TEST_F(PartitionTaskTest, ALogWithTheSameLastRecordAndAnotherBeforeItStopsThePartition) {
  PublishRaw("a", "1");
  PublishRaw("b", "2");
  PublishRaw("c", "3");
  Open();
  FoldAll();
  Close();
  log_.CutFrom(0, 1);
  PublishRaw("b", "another");
  PublishRaw("c", "3");
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_THAT(
      std::string(progress().stopped.message()),
      testing::AllOf(testing::StartsWith("LOG_CHANGED"), testing::HasSubstr("0@1 differs")));
}

TEST_F(PartitionTaskTest, ALogCutWithinAGapAndGrownAgainStopsThePartition) {
  Publish(3);
  log_.AppendGap(0, 2);
  Open();
  FoldAll();
  Close();
  EXPECT_EQ(log_.Range(0)->end, 5);
  log_.CutFrom(0, 3);
  Publish(4);
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()), testing::StartsWith("LOG_CHANGED"));
  EXPECT_EQ(progress().applied, 5);
}

// What is told of a record: its place, its checksum, and when the log took it.
std::string Outlined(const RecordView& record) {
  return absl::StrCat(record.partition, "@", record.offset, " (checksum ",
                      absl::Hex(log::RecordCrc(record), absl::kZeroPad8), ", appended ",
                      FormatTime(record.append_time_us), ")");
}

class ChangedLogTest : public OnePartition {
 protected:
  // Archives two records and opens anew once `change` has been made; the record that was last.
  template <typename Change>
  std::string ChangedBy(Change change) {
    Publish(1);
    PublishRaw("secret-customer", "secret-bytes");
    const std::string last = Outlined(Last());
    Open();
    FoldAll();
    Close();
    change();
    Open();
    for (int i = 0; i < 20; ++i) Step();
    return last;
  }
  RecordView Last() {
    batch_ =
        log_.NewReader(0, log_.Range(0)->end - 1).value()->Read(1, absl::ZeroDuration()).value();
    return batch_.records.back();
  }
  std::string Stopped() { return std::string(progress().stopped.message()); }

 private:
  RecordBatch batch_;
};

TEST_F(ChangedLogTest, IsToldByBothRecordsAndNothingOfWhatIsInThem) {
  const std::string was = ChangedBy([this] {
    log_.CutFrom(0, 1);
    PublishRaw("secret-customer", "secret-other");
  });
  EXPECT_THAT(Stopped(),
              testing::HasSubstr(absl::StrCat("record 0@1 differs): the archive has ", was,
                                              ", the log has ", Outlined(Last()), ".")));
  EXPECT_THAT(Stopped(), testing::Not(testing::HasSubstr("secret")));
}

TEST_F(ChangedLogTest, IsToldByTheRecordThatComesInstead) {
  const std::string was = ChangedBy([this] {
    log_.CutFrom(0, 1);
    log_.AppendGap(0, 1);
    PublishRaw("k", "later");
  });
  EXPECT_THAT(Stopped(),
              testing::HasSubstr(absl::StrCat("(record 0@1 is gone): the archive has ", was,
                                              ", the log has next ", Outlined(Last()), ".")));
}

TEST_F(ChangedLogTest, IsToldByAGapThatComesInstead) {
  const std::string was = ChangedBy([this] {
    log_.CutFrom(0, 1);
    log_.AppendGap(0, 4);
  });
  EXPECT_THAT(Stopped(), testing::HasSubstr(absl::StrCat("(record 0@1 is gone): the archive has ",
                                                         was, ", the log has none before 5.")));
}

TEST_F(ChangedLogTest, IsToldByTheLogsEnd) {
  const std::string was = ChangedBy([this] { log_.CutFrom(0, 1); });
  EXPECT_THAT(Stopped(), testing::HasSubstr(absl::StrCat("(record 0@1 is gone): the archive has ",
                                                         was, ", the log has its end at 1.")));
}

TEST_F(PartitionTaskTest, RetentionThatOvertakesTheAnchorStopsNothing) {
  Publish(10);
  Open();
  FoldAll();
  Close();
  Open();
  // The archive is read to its end, the anchor found and the log opened at it.
  Step();
  Step();
  log_.DropBefore(0, 10);
  Publish(3);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 13);
}

TEST_F(PartitionTaskTest, ALogThatEndsInAGapIsTheSameAfterARestart) {
  Publish(3);
  log_.AppendGap(0, 2);
  Open();
  FoldAll();
  Close();
  Open();
  Publish(2);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 7);
}

TEST_F(PartitionTaskTest, APastThatIsNotArchivedYetIsToldFromOneThatNeverWas) {
  Publish(50);
  Open();
  const auto older = archive_disk_->Copy();
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  Open();
  const history::History history(archive_.get(), projection_.get(), pipeline_.get());
  const auto events = history.Events("c1", {});
  EXPECT_EQ(events.status().code(), absl::StatusCode::kUnavailable) << events.status();
  event::Validator scratch{event::ValidatorOptions{}};
  event::Validator validator{event::ValidatorOptions{}};
  const RecordBatch sent = log_.NewReader(0, 0).value()->Read(1, absl::ZeroDuration()).value();
  ASSERT_FALSE(validator.CheckEnvelope(sent.records[0]).has_value());
  EXPECT_EQ(pipeline_->FindEarlier(validator.event(), scratch).status().code(),
            absl::StatusCode::kUnavailable);
  const ValidEvent& first = validator.event();
  EXPECT_EQ(pipeline_->FindEvent(first.customer_id, first.id).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(PartitionTaskTest, AnErrorInTheMidstOfABatchLeavesAPrefixThatCanBeCommitted) {
  Publish(10);
  Open();
  FoldAll();
  // The block that a duplicate would be compared with cannot be read any more.
  table::WriteBatch damage;
  const std::string key = log::BlockKey(0, 0);
  const std::string block = archive_table_->Get(key).value();
  damage.Put(key, block.substr(0, block.size() - 1) + "?");
  ASSERT_OK(archive_table_->Write(damage, table::Durability::kSynced));
  Publish(3);
  const RecordBatch first = log_.NewReader(0, 0).value()->Read(1, absl::ZeroDuration()).value();
  log_.AppendTo(0, {std::string(first.records[0].key), std::string(first.records[0].value), {}});
  Publish(2);
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()), testing::StartsWith("ARCHIVE_DAMAGED"));
  task().CutNow();
  pipeline_->CommitWaiting();
  EXPECT_EQ(progress().durable, 13) << "up to the record that could not be judged";
  damage = table::WriteBatch();
  damage.Put(key, block);
  ASSERT_OK(archive_table_->Write(damage, table::Durability::kSynced));
  Close();
  Open();
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(task().counters().folded, 15);
  EXPECT_EQ(task().counters().duplicates, 1);
}

// The only way for a record to meet a customer who has it already: what was committed together did
// not come back together.
TEST_F(PartitionTaskTest, ACustomerAheadOfThePositionIsDamageAndNothingIsFoldedTwice) {
  Publish(10);
  Open();
  FoldAll();
  const auto older = state_disk_->Copy();
  Publish(10);
  FoldAll();
  const std::string key = store::CustomerKey(0, "c3");
  const std::string ahead = state_table_->Get(key).value();
  Close();
  state_disk_ = older->Copy();
  {
    const auto table = state_disk_->Open({}).value();
    table::WriteBatch batch;
    batch.Put(key, ahead);
    ASSERT_OK(table->Write(batch, table::Durability::kBuffered));
    ASSERT_OK(table->Flush());
  }
  Open();
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_THAT(progress().stopped, kit::StatusIs(absl::StatusCode::kDataLoss, "STATE_DAMAGED"));
  EXPECT_EQ(progress().applied, 10);
  EXPECT_EQ(task().counters().archived, 10);
  EXPECT_EQ(task().counters().folded, 10);
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().folded, 20);
}

TEST_F(PartitionTaskTest, AKeyThatIsNoCustomerIdTouchesNoCustomer) {
  Publish(10);
  log_.AppendTo(0, {"c1" + std::string(65'536, 'x'), "\x0a\xff", {}});
  log_.AppendTo(0, {"-", "\x0a\xff", {}});
  Open();
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(task().counters().rejected, 2);
  EXPECT_EQ(progress().customers, 7);
  EXPECT_EQ(pipeline_->CustomerIds()->size(), 7u);
  Close();
  Open();
  EXPECT_OK(pipeline_->Read("c1", [](const store::CustomerView& view) {
    EXPECT_GT(view.touches, 0u);
    EXPECT_EQ(view.quarantined, 0u);
  }));
}

TEST_F(PartitionTaskTest, ErasuresInWhatIsFilledUpAreToldAgain) {
  Publish(5);
  Open();
  FoldAll();
  const auto older = archive_disk_->Copy();
  const v1::Event request = ErasureEvent(v1::KIND_ERASURE_REQUESTED, "c1", kBegin);
  PublishRaw("c1", request.SerializeAsString());
  FoldAll();
  EXPECT_THAT(erased_, testing::ElementsAre("c1"));
  Close();
  archive_disk_ = older->Copy();
  erased_.clear();
  Open();
  Publish(1);
  FoldAll();
  EXPECT_THAT(erased_, testing::ElementsAre("c1"));
}

TEST_F(PartitionTaskTest, AStateOfAnotherHistoryThanItsArchiveStopsThePartition) {
  Publish(20);
  Open();
  FoldAll();
  Close();
  auto state = std::exchange(state_disk_, std::make_unique<table::ModelDisk>());
  archive_disk_ = std::make_unique<table::ModelDisk>();
  log_.CutFrom(0, 0);
  Publish(30);
  Open();
  FoldAll();
  Close();
  state_disk_ = std::move(state);
  Open();
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()),
              testing::HasSubstr("are not of one history at 20"));
  EXPECT_EQ(progress().applied, 20);
  // Nothing is told or done from the other history.
  const history::History history(archive_.get(), projection_.get(), pipeline_.get());
  EXPECT_EQ(history.Events("c1", {}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(task().RetryQuarantine({}, "test").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(PartitionTaskTest, AStateAheadOfItsEmbeddedLogStopsThePartitionAndNamesTheLoss) {
  Publish(20);
  Open();
  const auto older = archive_disk_->Copy();
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  mirror_ = false;
  Open();
  Step();
  EXPECT_EQ(progress().stopped.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(progress().stopped.message()),
              testing::HasSubstr("ends at 0, but events up to 20"));
  EXPECT_OK(pipeline_->Read("c1", [](const store::CustomerView&) {})) << "reads go on";
  const Publisher publisher(&log_, pipeline_.get(), &clock_);
  const auto outcome =
      publisher.Publish({kit::EventOf(kit::APurchase().Of("c1").Id(99).Worth(1, "EUR"))}, {});
  EXPECT_EQ(outcome[0].status.code(), absl::StatusCode::kFailedPrecondition)
      << "an event at an offset that was lost";
}

TEST_F(PartitionTaskTest, AnonymousTouchpointsAreNoCustomer) {
  const v1::Event event = kit::EventOf(kit::APurchase().Of("").Id(1).Worth(1, "EUR"));
  log_.AppendTo(0, {event.event_id(), event.SerializeAsString(), {}});
  Open();
  FoldAll();
  const std::string name = store::AnonymousName(EventId::FromText(event.event_id()));
  EXPECT_EQ(pipeline_->TouchesOf(0, name)->size(), 1u);
  EXPECT_EQ(pipeline_->Read(name, [](const store::CustomerView&) {}).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(pipeline_->Touches(name).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace rapport::pipeline
