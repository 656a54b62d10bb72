// Texts on their way through the pipeline: sealed by the publisher, met in clear on the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "engine/event/seal.h"
#include "engine/pipeline/publisher.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::APurchase;
using kit::EngineWorld;
using kit::StatusIs;

constexpr char kText[] = "Rang twice, sounded upset.";

v1::Event Noted(uint64_t id, const std::string& note, const std::string& customer = "ana") {
  v1::Event event =
      kit::EventOf(APurchase().Of(customer).Id(id).OnDay(20000).Key("o").Worth(5, "EUR"));
  event.set_note(note);
  return event;
}

// A world whose publisher has keys.
class SealingTest : public testing::Test {
 protected:
  SealingTest() : keys_(event::KeyStore::Open(&files_, {"/keys", "/wrapping.key"}, 1)), world_(1) {
    EXPECT_OK(world_.Start());
    publisher_.emplace(&world_.log(), &world_.pipeline(), &SystemClock(), keys_.get());
  }

  PublishOutcome Publish(const v1::Event& event, const PublishOptions& options = {}) {
    return publisher_->Publish({event}, options)[0];
  }
  // What the log holds at `offset`.
  std::string Logged(Offset offset) {
    EXPECT_OK(world_.AwaitAll());
    return std::string(world_.archive().Read(0, offset)->records.at(0).value);
  }
  // A second append of what ingress could not know to be the same, as when both were in flight.
  void Append(const v1::Event& event) {
    world_.PublishRaw(event.customer_id(), event.SerializeAsString());
    EXPECT_OK(world_.AwaitAll());
  }
  v1::Event Sealed(v1::Event event) {
    EXPECT_OK(keys_->Prepare({{event.customer_id(), ""}})[0]);
    event::Seal(*keys_->Find(event.customer_id()), event);
    return event;
  }
  store::EventCounters counters() { return world_.pipeline().counters(); }

  kit::ModelFiles files_;
  std::unique_ptr<event::KeyStore> keys_;
  EngineWorld world_;
  std::optional<Publisher> publisher_;
};

TEST_F(SealingTest, NoTextReachesTheLog) {
  ASSERT_OK(Publish(Noted(1, kText)).status);
  v1::Event logged;
  const std::string bytes = Logged(0);
  EXPECT_FALSE(absl::StrContains(bytes, "upset"));
  ASSERT_TRUE(logged.ParseFromString(bytes));
  EXPECT_THAT(event::SealedPaths(logged), testing::ElementsAre("note"));
  EXPECT_TRUE(event::OpenSealed(*keys_->Find("ana"), logged).empty());
  EXPECT_EQ(logged.note(), kText);
  EXPECT_EQ(counters().folded, 1);
  EXPECT_EQ(counters().clear_text, 0);
}

TEST_F(SealingTest, NoTextReachesTheLogByTheWayThatDoesNotWait) {
  PublishOutcome outcome;
  outcome.status = absl::UnknownError("not answered");
  publisher_->Submit(Noted(1, kText), [&](PublishOutcome result) { outcome = std::move(result); });
  ASSERT_OK(outcome.status);
  EXPECT_FALSE(absl::StrContains(Logged(0), "upset"));
  EXPECT_EQ(counters().clear_text, 0);
  publisher_->Submit(Noted(1, kText), [&](PublishOutcome result) { outcome = std::move(result); });
  EXPECT_TRUE(outcome.duplicate);
}

TEST_F(SealingTest, ARetryIsADuplicateAndAnotherTextAConflict) {
  ASSERT_OK(Publish(Noted(1, kText)).status);
  ASSERT_OK(world_.AwaitAll());
  const PublishOutcome again = Publish(Noted(1, kText));
  ASSERT_OK(again.status);
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.appended.offset, 0);
  v1::Event later = Noted(1, kText);
  later.set_occurred_at_us(later.occurred_at_us() + 1);
  EXPECT_TRUE(Publish(later).duplicate);
  EXPECT_THAT(Publish(Noted(1, "Rang once.")).status,
              StatusIs(absl::StatusCode::kAlreadyExists, "EVENT_ID_CONFLICT"));
  EXPECT_THAT(Publish(Noted(1, "")).status,
              StatusIs(absl::StatusCode::kAlreadyExists, "EVENT_ID_CONFLICT"));
  EXPECT_EQ(world_.log().Range(0)->end, 1);
}

TEST_F(SealingTest, ThePipelineJudgesCopiesSealedAnewTheSameWay) {
  Append(Sealed(Noted(1, kText)));
  Append(Sealed(Noted(1, kText)));
  EXPECT_EQ(counters().duplicates, 1);
  Append(Sealed(Noted(1, "Rang once.")));
  EXPECT_EQ(counters().conflicts, 1);
  EXPECT_EQ(counters().folded, 1);
}

TEST_F(SealingTest, ATextInClearOnTheLogCountsAndIsShownNowhere) {
  Append(Noted(1, kText));
  EXPECT_EQ(counters().folded, 1);
  EXPECT_EQ(counters().clear_text, 1);
  // In clear, content is compared exactly; against a sealed copy by all but the words.
  Append(Noted(1, kText));
  EXPECT_EQ(counters().duplicates, 1);
  Append(Noted(1, "Rang once."));
  EXPECT_EQ(counters().conflicts, 1);
  EXPECT_TRUE(Publish(Noted(1, kText)).duplicate);
  const auto events = world_.History().Events("ana", {});
  ASSERT_OK(events);
  ASSERT_EQ(events->size(), 1u);
  EXPECT_FALSE(absl::StrContains(events->front().envelope.SerializeAsString(), "upset"));
}

TEST_F(SealingTest, FactsAreTheSameWhetherTextsAreSealedInClearOrMissing) {
  const auto digest = [](const v1::Event& event) {
    EngineWorld world(1);
    EXPECT_OK(world.Start());
    world.PublishRaw("ana", event.SerializeAsString());
    return world.Digests().facts;
  };
  const std::string plain = digest(Noted(1, ""));
  EXPECT_EQ(digest(Noted(1, kText)), plain);
  EXPECT_EQ(digest(Sealed(Noted(1, kText))), plain);
}

TEST_F(SealingTest, WhatIsOnlyCheckedMakesNoKey) {
  PublishOptions options;
  options.validate_only = true;
  ASSERT_OK(Publish(Noted(1, kText), options).status);
  EXPECT_THAT(keys_->Find("ana").status(), StatusIs(absl::StatusCode::kNotFound, ""));
  ASSERT_OK(Publish(Noted(1, kText)).status);
  ASSERT_OK(world_.AwaitAll());
  EXPECT_TRUE(Publish(Noted(1, kText), options).duplicate);
}

TEST_F(SealingTest, RefusesTextsThatCannotBeSealed) {
  v1::Event nobodys = Noted(1, kText);
  nobodys.clear_customer_id();
  EXPECT_THAT(Publish(nobodys).status,
              StatusIs(absl::StatusCode::kInvalidArgument, "note: belongs to nobody"));
  ASSERT_OK(keys_->Destroy("ana", 1).status());
  EXPECT_THAT(Publish(Noted(1, kText)).status,
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
  EXPECT_OK(Publish(Noted(2, "")).status);
  files_.CutAt(1);
  EXPECT_THAT(Publish(Noted(1, kText, "bob")).status,
              StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE"));
  EXPECT_OK(Publish(Noted(3, "")).status);
}

TEST_F(SealingTest, RefusesAnEventThatGrowsOver64KiBWhenSealed) {
  v1::Event event = Noted(1, kText);
  auto* later = event.GetReflection()->MutableUnknownFields(&event)->AddLengthDelimited(99);
  later->assign(64 * 1024 - event.ByteSizeLong() - 5, 'x');
  event.mutable_note()->resize(1);
  ASSERT_LT(event.ByteSizeLong(), 64u * 1024);
  EXPECT_THAT(Publish(event).status, StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE"));
}

TEST_F(SealingTest, RefusesWhatOnlyTheEngineMaySay) {
  EXPECT_THAT(Publish(Sealed(Noted(1, kText))).status,
              StatusIs(absl::StatusCode::kInvalidArgument, "sealed"));
  v1::Event erasure = Noted(1, "");
  erasure.set_kind(v1::KIND_ERASURE_REQUESTED);
  erasure.clear_payload();
  EXPECT_THAT(Publish(erasure).status, StatusIs(absl::StatusCode::kInvalidArgument, "kind"));
  PublishOptions options;
  options.from_engine = true;
  EXPECT_OK(Publish(erasure, options).status);
}

}  // namespace
}  // namespace rapport::pipeline
