#include "engine/log/kafka_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "engine/log/archive.h"
#include "engine/log/kafka_topics.h"
#include "engine/log/partitioner.h"
#include "tests/engine/log/kafka_environment.h"

namespace rapport::log {
namespace {

using ::rapport::kit::KafkaAdmin;
using ::rapport::kit::StatusIs;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[maybe_unused]] const auto* const kEnvironment =
    testing::AddGlobalTestEnvironment(new KafkaEnvironment());

constexpr auto kPatience = absl::Seconds(20);

// Reads until a batch moves the position, and returns it.
absl::StatusOr<RecordBatch> ReadOn(LogReader& reader) {
  const absl::Time end = absl::Now() + kPatience;
  for (;;) {
    auto batch = reader.Read(1000, absl::Milliseconds(200));
    if (absl::Now() > end) return batch;
    if (batch.ok() ? batch->next > batch->first : !absl::IsUnavailable(batch.status())) {
      return batch;
    }
  }
}

TEST_F(KafkaLogTest, GivesBackWhatWasAppended) {
  CreateTopic(3);
  const auto log = OpenLog();
  const absl::Time before = absl::Now() - absl::Seconds(1);
  const auto appended = AppendAndWait(
      *log, {"cust-1", std::string("a\0b", 3), {{"ce_id", "1"}, {"empty", ""}, {"ce_id", "2"}}});
  ASSERT_OK(appended);
  EXPECT_EQ(appended->partition, PartitionOf("cust-1", 3));
  EXPECT_EQ(appended->offset, 0);
  EXPECT_GT(appended->append_time_us, absl::ToUnixMicros(before));

  const auto reader = log->NewReader(appended->partition, 0);
  ASSERT_OK(reader);
  const auto batch = ReadOn(**reader);
  ASSERT_OK(batch);
  ASSERT_EQ(batch->records.size(), 1u);
  const RecordView& record = batch->records[0];
  EXPECT_EQ(record.partition, appended->partition);
  EXPECT_EQ(record.offset, 0);
  EXPECT_EQ(record.append_time_us, appended->append_time_us);
  EXPECT_EQ(record.key, "cust-1");
  EXPECT_EQ(record.value, absl::string_view("a\0b", 3));
  ASSERT_EQ(record.headers.size(), 3u);
  EXPECT_EQ(record.headers[0].name, "ce_id");
  EXPECT_EQ(record.headers[0].value, "1");
  EXPECT_EQ(record.headers[1].value, "");
  EXPECT_EQ(record.headers[2].value, "2");
}

TEST_F(KafkaLogTest, AppendsWhereTheJavaPartitionerWould) {
  CreateTopic(15);
  const auto log = OpenLog();
  EXPECT_EQ(AppendAndWait(*log, {"TT0124", "v", {}})->partition, 10);
  EXPECT_EQ(AppendAndWait(*log, {"cust-1", "v", {}})->partition, 4);
  EXPECT_EQ(AppendAndWait(*log, {"cust-2", "v", {}})->partition, 13);
}

TEST_F(KafkaLogTest, BatchOutlivesItsReaderAndItsLog) {
  CreateTopic(1);
  auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "still here", {{"n", "v"}}}));
  absl::StatusOr<RecordBatch> batch;
  {
    const auto reader = log->NewReader(0, 0);
    ASSERT_OK(reader);
    batch = ReadOn(**reader);
  }
  log.reset();
  ASSERT_OK(batch);
  EXPECT_EQ(batch->records.at(0).value, "still here");
  EXPECT_EQ(batch->records.at(0).headers.at(0).value, "v");
}

TEST_F(KafkaLogTest, SeveralReadersOfOnePartitionDoNotDisturbEachOther) {
  CreateTopic(1);
  const auto log = OpenLog();
  for (const char* value : {"a", "b", "c"}) ASSERT_OK(AppendAndWait(*log, {"k", value, {}}));
  const auto first = log->NewReader(0, 0);
  const auto second = log->NewReader(0, 1);
  const auto third = log->NewReader(0, 2);
  EXPECT_THAT(ReadValues(**first, 3), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ReadValues(**third, 1), ElementsAre("c"));
  EXPECT_THAT(ReadValues(**second, 2), ElementsAre("b", "c"));
}

TEST_F(KafkaLogTest, ReadReturnsAtOnceWithWhatIsThere) {
  CreateTopic(1);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "v", {}}));
  const auto reader = log->NewReader(0, 0);
  const absl::Time begin = absl::Now();
  const auto batch = (*reader)->Read(1000, absl::Seconds(30));
  ASSERT_OK(batch);
  EXPECT_EQ(batch->records.size(), 1u);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
}

TEST_F(KafkaLogTest, IdentityStaysOverReopeningAndDiffersByTopic) {
  CreateTopic(1);
  const LogIdentity identity = OpenLog()->identity();
  EXPECT_EQ(OpenLog()->identity(), identity);
  EXPECT_EQ(identity.epoch, 1u);
  options_.topic = kit::UniqueTopic("other");
  CreateTopic(1);
  EXPECT_NE(OpenLog()->identity().id, identity.id);
}

TEST_F(KafkaLogTest, OpeningAMissingTopicSaysHowToCreateItAndCreatesNothing) {
  const auto log = KafkaLog::Open(options_);
  EXPECT_THAT(log, StatusIs(absl::StatusCode::kNotFound, "rapport kafka topics --create"));
  EXPECT_FALSE(admin_.Exists(options_.topic));
}

TEST_F(KafkaLogTest, CompactedTopicIsRefused) {
  CreateTopic(1, {{"cleanup.policy", "compact"}});
  EXPECT_THAT(KafkaLog::Open(options_), StatusIs(absl::StatusCode::kFailedPrecondition,
                                                 "cleanup.policy is compact, must be delete"));
}

TEST_F(KafkaLogTest, CompactedAndDeletedTopicIsRefused) {
  CreateTopic(1, {{"cleanup.policy", "compact,delete"}});
  EXPECT_THAT(KafkaLog::Open(options_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "cleanup.policy"));
}

TEST_F(KafkaLogTest, FiniteRetentionIsWarnedAbout) {
  CreateTopic(1, {{"retention.ms", "604800000"}});
  EXPECT_THAT(
      OpenLog()->warnings(),
      ElementsAre(AllOf(HasSubstr("retention.ms is 604800000, must be -1: history would be lost"),
                        HasSubstr("--add-config retention.ms=-1"))));
}

TEST_F(KafkaLogTest, TopicAsTheContractWantsItHasNoWarnings) {
  CreateTopic(1);
  EXPECT_THAT(OpenLog()->warnings(), IsEmpty());
}

TEST_F(KafkaLogTest, ProducersTimeIsRefusedUnlessAllowed) {
  CreateTopic(1, {{"message.timestamp.type", "CreateTime"}});
  EXPECT_THAT(KafkaLog::Open(options_),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "--add-config message.timestamp.type=LogAppendTime"));
  ASSERT_OK(admin_.Produce(options_.topic, 0, {"v"}));
  options_.allow_producer_timestamps = true;
  const auto log = OpenLog();
  EXPECT_THAT(log->warnings(), Contains(HasSubstr("message.timestamp.type")));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("v"));
}

TEST_F(KafkaLogTest, CompactionThatIsSwitchedOnStopsTheReaders) {
  CreateTopic(1);
  options_.settings_interval = absl::Milliseconds(50);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "v", {}}));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("v"));
  SetTopic({{"cleanup.policy", "compact"}});
  EXPECT_THAT(ReadOn(**reader), StatusIs(absl::StatusCode::kFailedPrecondition, "TOPIC_UNFIT"));
}

TEST_F(KafkaLogTest, RetentionThatIsSwitchedOnIsWarnedAboutAndReadingGoesOn) {
  CreateTopic(1);
  options_.settings_interval = absl::Milliseconds(50);
  const auto log = OpenLog();
  EXPECT_THAT(log->warnings(), IsEmpty());
  SetTopic({{"retention.bytes", "1000000"}});
  for (const absl::Time end = absl::Now() + kPatience;
       log->warnings().empty() && absl::Now() < end;) {
    ASSERT_OK(AppendAndWait(*log, {"k", "v", {}}));
  }
  EXPECT_THAT(log->warnings(), ElementsAre(HasSubstr("retention.bytes is 1000000")));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("v"));
}

TEST_F(KafkaLogTest, NoBrokerIsUnavailableInBoundedTime) {
  options_.brokers = "127.0.0.1:1";
  options_.answer_timeout = absl::Seconds(1);
  const absl::Time begin = absl::Now();
  EXPECT_THAT(KafkaLog::Open(options_),
              StatusIs(absl::StatusCode::kUnavailable,
                       "LOG_UNAVAILABLE: no Kafka broker answers at 127.0.0.1:1 within 1 s. "
                       "Start it or correct --brokers."));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
}

TEST_F(KafkaLogTest, RecordsDeletedBelowThePositionAreAGap) {
  CreateTopic(1);
  const auto log = OpenLog();
  for (int i = 0; i < 10; ++i) ASSERT_OK(AppendAndWait(*log, {"k", absl::StrCat(i), {}}));
  ASSERT_OK(admin_.DeleteRecords(options_.topic, 0, 6));
  EXPECT_EQ(log->Range(0)->start, 6);

  const auto late = log->NewReader(0, 5);
  EXPECT_THAT(ReadOn(**late), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       "ARCHIVE_GAP: topic " + options_.topic +
                                           " partition 0 offset 5 is gone: the log begins at 6"));
  EXPECT_THAT((*late)->Read(1, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
  const auto in_time = log->NewReader(0, 6);
  EXPECT_THAT(ReadValues(**in_time, 4), ElementsAre("6", "7", "8", "9"));
}

TEST_F(KafkaLogTest, PositionBeyondTheEndMeansTheLogChanged) {
  CreateTopic(1);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "v", {}}));
  const auto reader = log->NewReader(0, 2);
  EXPECT_THAT(ReadOn(**reader), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         "LOG_CHANGED: topic " + options_.topic +
                                             " partition 0 offset 2 is beyond the log's end 1"));
}

TEST_F(KafkaLogTest, TopicCreatedAnewWithFewerRecordsStopsTheReader) {
  CreateTopic(1);
  const auto log = OpenLog();
  for (int i = 0; i < 3; ++i) ASSERT_OK(AppendAndWait(*log, {"k", "old", {}}));
  const auto reader = log->NewReader(0, 0);
  EXPECT_EQ(ReadValues(**reader, 3).size(), 3u);
  ASSERT_OK(admin_.DeleteTopic(options_.topic));
  CreateTopic(1);
  EXPECT_THAT(ReadOn(**reader), StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

TEST_F(KafkaLogTest, TopicCreatedAnewWithMoreRecordsStopsTheReader) {
  CreateTopic(1);
  options_.prove_interval = absl::ZeroDuration();
  const auto log = OpenLog();
  for (int i = 0; i < 3; ++i) ASSERT_OK(AppendAndWait(*log, {"k", "old", {}}));
  const auto reader = log->NewReader(0, 0);
  EXPECT_EQ(ReadValues(**reader, 3).size(), 3u);
  EXPECT_THAT((*reader)->Read(1, absl::Milliseconds(500))->records, IsEmpty());
  ASSERT_OK(admin_.DeleteTopic(options_.topic));
  CreateTopic(1);
  ASSERT_OK(admin_.Produce(options_.topic, 0, {"new", "new", "new", "new", "new"}));
  const absl::Status stopped = ReadOn(**reader).status();
  EXPECT_THAT(stopped, StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
  EXPECT_THAT(std::string(stopped.message()),
              testing::ContainsRegex(
                  "it was 0@2 \\(checksum [0-9a-f]{8}, appended 20.+Z\\), now there is 0@2 "
                  "\\(checksum [0-9a-f]{8}, appended 20.+Z\\)\\."));
}

TEST_F(KafkaLogTest, TopicCreatedAnewWithAsManyRecordsStopsTheReader) {
  CreateTopic(1);
  options_.prove_interval = absl::ZeroDuration();
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "old", {}}));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("old"));
  ASSERT_OK(admin_.DeleteTopic(options_.topic));
  CreateTopic(1);
  ASSERT_OK(admin_.Produce(options_.topic, 0, {"new"}));
  EXPECT_THAT(ReadOn(**reader),
              StatusIs(absl::StatusCode::kFailedPrecondition, "holds another record"));
}

TEST_F(KafkaLogTest, ARecordOfOtherHeadersIsAnotherAndIsNamedAsItIsReadAnywhere) {
  const std::map<std::string, std::string> producers_time = {
      {"message.timestamp.type", "CreateTime"}};
  constexpr int64_t kTimeMs = 1'767'225'600'000;
  CreateTopic(1, producers_time);
  options_.prove_interval = absl::ZeroDuration();
  options_.allow_producer_timestamps = true;
  ASSERT_OK(admin_.ProduceAt(options_.topic, 0, kTimeMs, "same", {"ce_id", "1"}));
  const auto log = OpenLog();
  const auto reader = log->NewReader(0, 0);
  const auto was = ReadOn(**reader);
  ASSERT_OK(was);
  ASSERT_OK(admin_.DeleteTopic(options_.topic));
  CreateTopic(1, producers_time);
  ASSERT_OK(admin_.ProduceAt(options_.topic, 0, kTimeMs, "same", {"ce_id", "2"}));
  const absl::Status stopped = ReadOn(**reader).status();
  EXPECT_THAT(stopped, StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
  const auto other = OpenLog();
  const auto now = ReadOn(**other->NewReader(0, 0));
  ASSERT_OK(now);
  EXPECT_THAT(std::string(stopped.message()),
              HasSubstr(absl::StrCat("it was ", OutlineOf(was->records.at(0)), ", now there is ",
                                     OutlineOf(now->records.at(0)), ".")));
}

TEST_F(KafkaLogTest, AddedPartitionsMeanTheLogChanged) {
  CreateTopic(2);
  const auto log = OpenLog();
  ASSERT_OK(log->Range(1));
  ASSERT_OK(admin_.AddPartitions(options_.topic, 3));
  absl::StatusOr<OffsetRange> range;
  for (const absl::Time end = absl::Now() + kPatience; absl::Now() < end;) {
    if (range = log->Range(1); !range.ok()) break;
  }
  EXPECT_THAT(range, StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

TEST_F(KafkaLogTest, AbortedTransactionIsInvisibleAndThePositionPassesItsMarker) {
  CreateTopic(1);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "before", {}}));
  ASSERT_OK(admin_.Transaction(options_.topic, 0, {"x", "y"}, KafkaAdmin::End::kAbort));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("before"));
  // Offsets 1 and 2 are aborted, 3 is the marker: an empty batch passes them.
  const auto gap = ReadOn(**reader);
  ASSERT_OK(gap);
  EXPECT_THAT(gap->records, IsEmpty());
  EXPECT_EQ(gap->first, 1);
  EXPECT_EQ(gap->next, 4);
  EXPECT_EQ(log->Range(0)->end, 4);

  ASSERT_OK(admin_.Transaction(options_.topic, 0, {"z"}, KafkaAdmin::End::kCommit));
  const auto after = ReadOn(**reader);
  ASSERT_OK(after);
  EXPECT_EQ(after->records.at(0).offset, 4);
  EXPECT_EQ(after->records.at(0).value, "z");
}

TEST_F(KafkaLogTest, OpenTransactionEndsWhatCanBeRead) {
  CreateTopic(1);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "before", {}}));
  ASSERT_OK(admin_.Transaction(options_.topic, 0, {"x"}, KafkaAdmin::End::kLeaveOpen));
  EXPECT_EQ(log->Range(0)->end, 1);
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("before"));
  const auto nothing = (*reader)->Read(10, absl::Milliseconds(300));
  ASSERT_OK(nothing);
  EXPECT_EQ(nothing->next, 1);
}

TEST_F(KafkaLogTest, FullQueueRefusesTheAppend) {
  CreateTopic(1);
  options_.append_queue_records = 10;
  // Nothing leaves the queue while this producer lingers.
  options_.properties["linger.ms"] = "60000";
  options_.append_timeout = absl::Seconds(90);
  auto log = OpenLog();
  std::vector<absl::Status> refused;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 12; ++i) {
    log->Append({"k", "v", {}}, [&](const absl::StatusOr<Appended>& result) {
      ++answered;
      if (!result.ok()) refused.push_back(result.status());
    });
  }
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_THAT(refused[0], StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL"));
  log.reset();
  EXPECT_EQ(answered, 12);
}

TEST_F(KafkaLogTest, KilledBrokerLosesAndDoublesNothing) {
  CreateTopic(2);
  const auto log = OpenLog();
  constexpr int kRecords = 20'000;
  absl::BlockingCounter left(kRecords);
  std::atomic<int> failed = 0;
  const auto append = [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      log->Append({absl::StrCat("cust-", i % 50), absl::StrCat(i), {}}, [&](const auto& result) {
        if (!result.ok()) ++failed;
        left.DecrementCount();
      });
    }
  };
  std::vector<std::vector<std::string>> seen(2);
  std::atomic<size_t> total = 0;
  const absl::Time end = absl::Now() + absl::Minutes(2);
  std::vector<std::thread> threads;
  for (Partition partition = 0; partition < 2; ++partition) {
    threads.emplace_back([&, partition] {
      const auto reader = log->NewReader(partition, 0);
      for (Offset next = 0; total < kRecords && absl::Now() < end;) {
        const auto batch = (*reader)->Read(500, absl::Milliseconds(50));
        if (absl::IsUnavailable(batch.status())) continue;
        ASSERT_OK(batch);
        EXPECT_EQ(batch->first, std::exchange(next, batch->next));
        for (const RecordView& record : batch->records) seen[partition].emplace_back(record.value);
        total += batch->records.size();
      }
    });
  }
  append(0, kRecords / 2);
  Broker().Kill();
  append(kRecords / 2, kRecords);
  EXPECT_OK(Broker().Restart());
  left.Wait();
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(failed, 0);
  std::set<std::string> distinct;
  for (const auto& values : seen) distinct.insert(values.begin(), values.end());
  EXPECT_EQ(total, static_cast<size_t>(kRecords));
  EXPECT_EQ(distinct.size(), static_cast<size_t>(kRecords));
}

TEST_F(KafkaLogTest, LostBrokerMakesReadsUnavailableUntilItIsBack) {
  CreateTopic(1);
  const auto log = OpenLog();
  ASSERT_OK(AppendAndWait(*log, {"k", "v", {}}));
  const auto reader = log->NewReader(0, 0);
  EXPECT_THAT(ReadValues(**reader, 1), ElementsAre("v"));
  Broker().Stop();
  absl::Status status;
  for (const absl::Time end = absl::Now() + kPatience; status.ok() && absl::Now() < end;) {
    status = (*reader)->Read(1, absl::Milliseconds(50)).status();
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "LOG_UNAVAILABLE"));
  ASSERT_OK(Broker().Restart());
  for (const absl::Time end = absl::Now() + kPatience; !status.ok() && absl::Now() < end;) {
    status = (*reader)->Read(1, absl::Milliseconds(50)).status();
  }
  EXPECT_OK(status);
}

}  // namespace
}  // namespace rapport::log
