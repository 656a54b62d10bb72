// The echo: twins reach the log once, crash or not, and nothing but what serves sends any.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "engine/event/kinds.h"
#include "engine/event/twin.h"
#include "engine/event/validator.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

EventBuilder Referred(uint64_t id, const char* by, const char* whom) {
  return std::move(
      AnEvent(v1::KIND_REFERRAL_MADE).Of(by).Id(id).OnDay(20'000).Key("R1").Set("referred", whom));
}

EventBuilder Bought(uint64_t id, const char* who, int64_t euros = 50) {
  return std::move(APurchase()
                       .Of(who)
                       .Id(id)
                       .OnDay(20'010 + static_cast<int64_t>(id))
                       .Key(absl::StrCat("A", id))
                       .Worth(euros, "EUR"));
}

EventBuilder TakenBack(uint64_t id, const EventBuilder& target) {
  return std::move(kit::ARetraction(target.envelope().event_id())
                       .Of(target.envelope().customer_id())
                       .Id(id)
                       .OnDay(20'300));
}

class EchoTest : public OnePartition {
 protected:
  EchoTest() { echo_ = true; }

  // The echo begins where the log ends by now, unless it has begun.
  void Open() {
    OnePartition::Open();
    for (int i = 0; i < 5 && echo_ && !task().echo_from().has_value(); ++i) Step();
  }

  // Folds, commits and sends until nothing comes of it any more.
  void Settle(bool sends = true) {
    for (Offset end = -1; end != log_.Range(0)->end || (sends && progress().echo_pending > 0);) {
      end = log_.Range(0)->end;
      FoldAll();
      clock_.Advance(2'000'000);
      Step();
    }
    FoldAll();
  }

  void Log(const std::vector<EventBuilder>& events) {
    for (const EventBuilder& event : events) Publish(event);
    Settle();
  }

  // Twins in the log, each as `customer Kind`, in its order.
  std::vector<std::string> Twins() {
    std::vector<std::string> twins;
    const auto reader = log_.NewReader(0, 0).value();
    const RecordBatch batch = reader->Read(1000, absl::ZeroDuration()).value();
    event::Validator validator(event::ValidatorOptions{});
    for (const RecordView& record : batch.records) {
      if (validator.CheckEnvelope(record).has_value()) continue;
      const v1::Event& event = validator.envelope();
      if (event.source() != event::kEchoSource) continue;
      twins.push_back(absl::StrCat(event.customer_id(), " ", event::FindKind(event.kind())->name));
    }
    return twins;
  }
  size_t Rows() { return StoreOf().Twins(0, 0, 1000)->size(); }
  const store::StateStore& StoreOf() { return task().generation()->state->store(); }

  // What is not durable is gone.
  void CutPower() {
    state_disk_->Crash(1);
    archive_disk_->Crash(1);
    Close();
  }
};

TEST_F(EchoTest, AReferralAndTheFirstPurchaseReachTheOtherCustomerOnce) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben"), Bought(3, "ben")});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted"));
  EXPECT_EQ(Rows(), 0u);
  EXPECT_EQ(task().counters().folded, 5);
  EXPECT_EQ(task().counters().duplicates, 0);
}

TEST_F(EchoTest, TheReferralMayComeAfterThePurchase) {
  Open();
  Log({Bought(2, "ben", 70), Referred(1, "ana", "ben")});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted"));
}

TEST_F(EchoTest, WithoutEchoThereIsNeitherTwinNorRow) {
  echo_ = false;
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben")});
  EXPECT_THAT(Twins(), IsEmpty());
  EXPECT_EQ(Rows(), 0u);
  EXPECT_EQ(StoreOf().EchoBegin(0).value(), std::nullopt);
}

TEST_F(EchoTest, WhatIsTakenBackTakesItsTwinsBack) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben")});
  Log({TakenBack(9, Bought(2, "ben"))});
  EXPECT_THAT(Twins(),
              ElementsAre("ben ReferralReceived", "ana ReferralConverted", "ana EventRetracted"));
  Log({Bought(4, "ben")});
  EXPECT_EQ(Twins().size(), 3u) << "the conversion was taken back for good";
  EXPECT_EQ(task().counters().conflicts, 0);
}

TEST_F(EchoTest, AReferralThatIsTakenBackTakesTheConversionAlong) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben"), TakenBack(9, Referred(1, "ana", "ben"))});
  EXPECT_THAT(Twins(), UnorderedElementsAre("ben ReferralReceived", "ana ReferralConverted",
                                            "ben EventRetracted", "ana EventRetracted"));
}

TEST_F(EchoTest, WhatWasTakenBackBeforeItCameHasNoTwin) {
  Open();
  Log({TakenBack(9, Referred(1, "ana", "ben")), Referred(1, "ana", "ben"), Bought(2, "ben")});
  EXPECT_THAT(Twins(), IsEmpty());
}

TEST_F(EchoTest, ASecondPurchaseKeepsTheConversionOfTheFirst) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben"), Bought(3, "ben"),
       TakenBack(9, Bought(2, "ben"))});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted"));
}

TEST_F(EchoTest, WhoeverReferredEarlierTakesNoOtherConversionBack) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben")});
  // It is known later, and happened before.
  Log({std::move(Referred(4, "eve", "ben").OnDay(19'000))});
  Log({TakenBack(9, Bought(2, "ben"))});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted",
                                   "ben ReferralReceived", "ana EventRetracted"));
}

TEST_F(EchoTest, AReferralThatDidNotConvertTakesNothingBack) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben"), Referred(4, "eve", "ben")});
  Log({TakenBack(9, Referred(4, "eve", "ben"))});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ben ReferralReceived",
                                   "ana ReferralConverted", "ben EventRetracted"));
}

TEST_F(EchoTest, AFirstPurchaseThatFactsRememberNoMoreConverts) {
  Open();
  std::vector<EventBuilder> events = {Bought(2, "ben")};
  for (uint64_t i = 100; i < 120; ++i) {
    events.push_back(std::move(AnEvent(v1::KIND_FULFILMENT_STEP_DONE)
                                   .Of("ben")
                                   .Id(i)
                                   .OnDay(20'100 + static_cast<int64_t>(i))
                                   .Key(absl::StrCat("A", i))));
  }
  Log(events);
  Log({Referred(1, "ana", "ben")});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted"));
}

TEST_F(EchoTest, WhoWasReferredIsReadAFewTimesHoweverMuchIsTakenBack) {
  constexpr uint64_t kPurchases = 400;
  constexpr uint64_t kRetractions = 100;
  options_.batch_records_max = 1000;
  Open();
  Log({Referred(1, "ana", "ben")});
  for (uint64_t i = 0; i < kPurchases; ++i) Publish(Bought(10 + i, "ben"));
  Settle();
  for (uint64_t i = 0; i < kRetractions; ++i) Publish(TakenBack(9000 + i, Bought(10 + i, "ben")));
  const int64_t before = archive_->reads();
  Settle();
  const int64_t all = kPurchases + kRetractions;
  // One fold anew and one walk, each with its revisions before; each target.
  EXPECT_LT(archive_->reads() - before, 3 * all + 5 * static_cast<int64_t>(kRetractions));
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted"));
}

TEST_F(EchoTest, WhoWasCorrectedIntoAReferralTakesItsConversionBack) {
  Open();
  EventBuilder visit = AnEvent(v1::KIND_ENQUIRY_MADE).Of("kim").Id(20).OnDay(20'001).Key("E1");
  const EventBuilder received =
      std::move(AnEvent(v1::KIND_REFERRAL_RECEIVED).Key("R7").Set("referrer", "eve"));
  const EventBuilder correction = std::move(
      kit::ACorrection(visit.envelope().event_id(), received).Of("kim").Id(21).OnDay(20'002));
  Log({visit, correction});
  Log({Bought(22, "kim"), Bought(23, "kim")});
  Log({TakenBack(30, visit)});
  EXPECT_THAT(Twins(), ElementsAre("eve ReferralConverted", "eve EventRetracted"));
}

class BatchedEchoTest : public EchoTest, public testing::WithParamInterface<size_t> {};

TEST_P(BatchedEchoTest, TwinsAreTheSameHoweverTheRecordsAreBatched) {
  options_.batch_records_max = GetParam();
  Open();
  Log({Referred(1, "ana", "ben")});
  EventBuilder visit = AnEvent(v1::KIND_ENQUIRY_MADE).Of("kim").Id(20).OnDay(20'001).Key("E1");
  const EventBuilder received =
      std::move(AnEvent(v1::KIND_REFERRAL_RECEIVED).Key("R7").Set("referrer", "eve"));
  const EventBuilder correction = std::move(
      kit::ACorrection(visit.envelope().event_id(), received).Of("kim").Id(21).OnDay(20'002));
  // The second conversion would have the id of the first, which was taken back.
  Log({Bought(2, "ben"), TakenBack(9, Bought(2, "ben")), TakenBack(10, Bought(5, "ben")),
       Bought(3, "ben"), Bought(5, "ben"), TakenBack(11, Bought(3, "ben")), visit, correction,
       Bought(22, "kim")});
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ana ReferralConverted",
                                   "ana EventRetracted", "eve ReferralConverted"));
  EXPECT_EQ(task().counters().conflicts, 0);
}

TEST_P(BatchedEchoTest, ACorrectionMayComeBeforeWhatItPutsRight) {
  options_.batch_records_max = GetParam();
  Open();
  Settle();
  EventBuilder visit = AnEvent(v1::KIND_ENQUIRY_MADE).Of("kim").Id(20).OnDay(20'001).Key("E1");
  const EventBuilder received =
      std::move(AnEvent(v1::KIND_REFERRAL_RECEIVED).Key("R7").Set("referrer", "eve"));
  const EventBuilder correction = std::move(
      kit::ACorrection(visit.envelope().event_id(), received).Of("kim").Id(21).OnDay(20'002));
  Log({correction, Bought(1, "zoe"), Bought(2, "zoe"), visit, Bought(22, "kim"),
       TakenBack(30, Bought(22, "kim"))});
  EXPECT_THAT(Twins(), ElementsAre("eve ReferralConverted", "eve EventRetracted"));
}

INSTANTIATE_TEST_SUITE_P(Records, BatchedEchoTest, testing::Values(1, 2, 3, 5, 100));

TEST_F(EchoTest, WhoOpensItWithoutSendingNotesTheTwinsForWhoSends) {
  Open();
  Log({Referred(1, "ana", "ben")});
  Close();
  Publish(Bought(2, "ben"));
  Publish(Referred(3, "eve", "kim"));
  echo_ = false;
  Open();
  Settle(/*sends=*/false);
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived"));
  EXPECT_EQ(Rows(), 2u);
  EXPECT_EQ(progress().echo_pending, 2);
  Close();
  echo_ = true;
  Open();
  Settle();
  EXPECT_THAT(Twins(),
              ElementsAre("ben ReferralReceived", "ana ReferralConverted", "kim ReferralReceived"));
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, AnOperatorWhoWantsNoEchoHasNoneNoted) {
  Open();
  Settle();
  Close();
  Publish(Referred(1, "ana", "ben"));
  echo_ = notes_echoes_ = false;
  Open();
  Settle(/*sends=*/false);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, ARebuildOfWhoDoesNotSendWaitsForWhoDoes) {
  generations_ = std::make_unique<kit::ModelGenerations>();
  Open();
  Settle();
  Close();
  Publish(Referred(1, "ana", "ben"));
  echo_ = false;
  Open();
  Settle(/*sends=*/false);
  ASSERT_OK(pipeline_->StartRebuild());
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, RebuildStatus::Phase::kFailed);
  EXPECT_EQ(Rows(), 1u);
}

TEST_F(EchoTest, ACrashBetweenCommitAndAppendSendsWhatWaits) {
  Open();
  Settle();
  Publish(Referred(1, "ana", "ben"));
  FoldAll();
  EXPECT_EQ(Rows(), 1u);
  EXPECT_EQ(progress().echo_pending, 1);
  CutPower();
  EXPECT_THAT(Twins(), IsEmpty());
  Open();
  EXPECT_EQ(Rows(), 1u);
  Settle();
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived"));
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, ACrashBetweenAppendAndTheNextCommitSendsAgainAndItIsFoldedOnce) {
  Open();
  Settle();
  Publish(Referred(1, "ana", "ben"));
  FoldAll();
  // In the log now, and its row is still there.
  Step();
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived"));
  CutPower();
  Open();
  EXPECT_EQ(Rows(), 1u);
  Settle();
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived", "ben ReferralReceived"));
  EXPECT_EQ(task().counters().duplicates, 1);
  EXPECT_EQ(task().counters().conflicts, 0);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, ACrashBeforeTheCommitFoldsAndEchoesAnew) {
  Open();
  Settle();
  Publish(Referred(1, "ana", "ben"));
  for (int i = 0; i < 3; ++i) Step();
  CutPower();
  Open();
  Settle();
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived"));
}

TEST_F(EchoTest, ARefusedAppendRaisesTheAlarmKeepsTheRowAndFoldingGoesOn) {
  Open();
  Settle();
  faulty_log_.FailAppends(1, absl::PermissionDeniedError("no right to WRITE"));
  Publish(Referred(1, "ana", "ben"));
  FoldAll();
  Step();
  EXPECT_TRUE(absl::IsPermissionDenied(progress().echo_refused)) << progress().echo_refused;
  EXPECT_EQ(progress().echo_pending, 1);
  EXPECT_OK(progress().stopped);
  Publish(5);
  FoldAll();
  EXPECT_EQ(progress().applied, 6);
  EXPECT_EQ(Rows(), 1u);
  Settle();
  EXPECT_THAT(Twins(), ElementsAre("ben ReferralReceived"));
  EXPECT_OK(progress().echo_refused);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, WhatIsRefusedHoldsNothingElseUp) {
  Open();
  Settle();
  constexpr int kRefused = 256;
  constexpr int kTwins = 300;
  faulty_log_.FailAppends(kRefused, absl::PermissionDeniedError("no right to WRITE"));
  for (uint64_t i = 1; i <= kTwins; ++i) Publish(Referred(i, "ana", absl::StrCat("b", i).c_str()));
  FoldAll();
  for (int i = 0; i < 3; ++i) Step();
  EXPECT_THAT(Twins(), IsEmpty());
  EXPECT_FALSE(progress().echo_refused.ok());
  clock_.Advance(2'000'000);
  Step();
  ASSERT_EQ(Twins().size(), size_t{kTwins - kRefused}) << "those behind";
  EXPECT_EQ(Twins().front(), "b257 ReferralReceived");
  EXPECT_FALSE(progress().echo_refused.ok());
  Settle();
  EXPECT_EQ(Twins().size(), size_t{kTwins});
  EXPECT_OK(progress().echo_refused);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(EchoTest, ARebuildSendsAllThatWaitsHoweverMuchItIs) {
  generations_ = std::make_unique<kit::ModelGenerations>();
  Open();
  Settle();
  constexpr int kTwins = 400;
  for (uint64_t i = 1; i <= kTwins; ++i) Publish(Referred(i, "ana", absl::StrCat("b", i).c_str()));
  FoldAll();
  ASSERT_OK(pipeline_->StartRebuild());
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, RebuildStatus::Phase::kDone) << pipeline_->rebuild().cause;
  EXPECT_EQ(Twins().size(), size_t{kTwins});
}

TEST_F(EchoTest, AStateThatWasLostEchoesNothingOfWhatTheLogHolds) {
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben")});
  const std::vector<std::string> before = Twins();
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  Open();
  Settle();
  EXPECT_EQ(Twins(), before);
  Log({Referred(3, "eve", "kim")});
  EXPECT_THAT(Twins(),
              ElementsAre("ben ReferralReceived", "ana ReferralConverted", "kim ReferralReceived"));
}

TEST_F(EchoTest, AHistoryFromBeforeTheEchoIsNotEchoed) {
  Publish(Referred(1, "ana", "ben"));
  Open();
  Settle();
  EXPECT_THAT(Twins(), IsEmpty());
}

TEST_F(EchoTest, WhatIsInQuarantineIsNotEchoed) {
  Open();
  Settle();
  EventBuilder bad = Referred(1, "ana", "ben");
  bad.envelope().set_channel(static_cast<v1::Channel>(999));
  bad.envelope().set_occurred_at_us(-5);
  Log({std::move(bad)});
  EXPECT_EQ(task().counters().rejected, 1);
  EXPECT_THAT(Twins(), IsEmpty());
}

TEST_F(EchoTest, ATwinThatItsPublisherSentIsFoldedOnce) {
  Open();
  Settle();
  const v1::Event twin = event::TwinOf(Referred(1, "ana", "ben").View()).value();
  PublishRaw("ben", twin.SerializeAsString());
  Log({Referred(1, "ana", "ben")});
  EXPECT_EQ(task().counters().duplicates, 1);
  EXPECT_EQ(task().counters().conflicts, 0);
}

TEST_F(EchoTest, ARebuildEchoesNothingAndTakesOverOnlyWhenNothingWaits) {
  generations_ = std::make_unique<kit::ModelGenerations>();
  Open();
  Log({Referred(1, "ana", "ben"), Bought(2, "ben")});
  const std::vector<std::string> before = Twins();
  faulty_log_.FailAppends(2, absl::PermissionDeniedError("no right to WRITE"));
  Publish(Referred(3, "eve", "kim"));
  FoldAll();
  Step();
  ASSERT_OK(pipeline_->StartRebuild());
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, RebuildStatus::Phase::kFailed);
  EXPECT_TRUE(absl::StartsWith(pipeline_->rebuild().cause.message(), "NOT_READY"))
      << pipeline_->rebuild().cause;
  EXPECT_EQ(Twins(), before);
  ASSERT_OK(pipeline_->StartRebuild());
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, RebuildStatus::Phase::kDone) << pipeline_->rebuild().cause;
  Settle();
  EXPECT_THAT(Twins(),
              ElementsAre("ben ReferralReceived", "ana ReferralConverted", "kim ReferralReceived"));
  Log({Bought(4, "kim")});
  EXPECT_EQ(Twins().back(), "eve ReferralConverted");
  EXPECT_EQ(Rows(), 0u);
}

}  // namespace
}  // namespace rapport::pipeline
