// Operations are written down before they begin, and found again by the next process.
#include "consumers/operations/operation_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::HasSubstr;
using Phase = pipeline::RebuildStatus::Phase;

class OperationBookTest : public testing::Test {
 protected:
  OperationBookTest() {
    EXPECT_OK(files_.MakeDirectory("/data"));
    Open();
  }
  void Open() {
    book_.reset();
    book_ = OperationBook::Open(&files_, "/data", [this](const std::string& what) {
              alarms_.push_back(what);
            }).value();
  }
  std::string Begin(v1::OperationKind kind = v1::OPERATION_KIND_REBUILD) {
    v1::Operation operation;
    operation.set_kind(kind);
    return book_->Begin(operation).value();
  }
  v1::OperationState StateOf(const std::string& id) { return book_->Find(id)->state(); }
  static pipeline::RebuildStatus Ended(Phase phase, absl::Status cause = absl::OkStatus()) {
    pipeline::RebuildStatus status;
    status.phase = phase;
    status.done = 3'000'000;
    status.begun_us = 1'000'000;
    status.ended_us = 4'000'000;
    status.cause = std::move(cause);
    return status;
  }

  kit::ModelFiles files_;
  std::vector<std::string> alarms_;
  std::unique_ptr<OperationBook> book_;
};

TEST_F(OperationBookTest, EachHasAnIdAndIsKeptAsItEnded) {
  const std::string first = Begin();
  EXPECT_EQ(first, "op-1");
  EXPECT_TRUE(book_->IsUnderWay(first));
  EXPECT_THAT(book_->Begin({}).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_RUNS: op-1"));
  book_->WhenEnded(first)(Ended(Phase::kDone));
  EXPECT_FALSE(book_->IsUnderWay(first));
  const std::string second = Begin(v1::OPERATION_KIND_REFOLD);
  book_->WhenEnded(second)(Ended(Phase::kFailed, absl::AbortedError("ETAG_MISMATCH: others")));
  const std::string third = Begin();
  book_->WhenEnded(third)(Ended(Phase::kCancelled, absl::CancelledError("CANCELLED: it was")));
  files_.Crash(1);
  Open();
  EXPECT_EQ(StateOf(first), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(book_->Find(first)->rebuild().records_per_second(), 1'000'000);
  EXPECT_EQ(book_->LastPace(), 1'000'000);
  EXPECT_EQ(StateOf(second), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(book_->Find(second)->rebuild().cause(), "ETAG_MISMATCH");
  EXPECT_EQ(StateOf(third), v1::OPERATION_STATE_CANCELLED);
  EXPECT_EQ(book_->List().operations(0).id(), third) << "the newest first";
  EXPECT_EQ(book_->Interrupted(), std::nullopt);
  EXPECT_THAT(book_->Find("op-9").status(),
              StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
}

TEST_F(OperationBookTest, WhatTheEndOfAProcessInterruptsIsFoundByTheNext) {
  const std::string id = Begin(v1::OPERATION_KIND_REFOLD);
  // The engine ends.
  book_->WhenEnded(id)(Ended(Phase::kFailed, absl::CancelledError("the engine ends")));
  EXPECT_EQ(StateOf(id), v1::OPERATION_STATE_RUNNING);
  files_.Crash(1);
  Open();
  ASSERT_TRUE(book_->Interrupted().has_value());
  EXPECT_EQ(book_->Interrupted()->id(), id);
  EXPECT_FALSE(book_->IsUnderWay(id));
  book_->NoteRestart(id);
  EXPECT_TRUE(book_->IsUnderWay(id));
  EXPECT_EQ(book_->Find(id)->restarts(), 1);
  // Ends in order do not add up, others do.
  book_->WhenEnded(id)(Ended(Phase::kFailed, absl::CancelledError("the engine ends")));
  Open();
  book_->NoteRestart(id);
  EXPECT_EQ(book_->Find(id)->restarts(), 1);
  Open();
  book_->NoteRestart(id);
  EXPECT_EQ(book_->Find(id)->restarts(), 2);
  Open();
  // Another one is begun instead.
  const std::string other = Begin();
  EXPECT_EQ(StateOf(id), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(book_->Find(id)->rebuild().cause(), "INTERRUPTED");
  EXPECT_EQ(StateOf(other), v1::OPERATION_STATE_RUNNING);
}

TEST_F(OperationBookTest, OneThatNobodyGoesOnWithIsCancelledAndSaysSo) {
  v1::Operation operation;
  operation.set_kind(v1::OPERATION_KIND_REFOLD);
  operation.mutable_rebuild()->set_rules_digest("r-3b19c07de2aa");
  const std::string id = book_->Begin(operation).value();
  Open();
  book_->Cancel(id, 7);
  EXPECT_EQ(StateOf(id), v1::OPERATION_STATE_CANCELLED);
  const v1::Rebuild rebuild = book_->Find(id)->rebuild();
  EXPECT_EQ(rebuild.cause(), "CANCELLED");
  EXPECT_THAT(rebuild.message(), HasSubstr("nothing has changed"));
  EXPECT_EQ(rebuild.rules_digest(), "r-3b19c07de2aa") << "by which it would have folded";
}

TEST_F(OperationBookTest, WhatCannotBeBegunIsForgotten) {
  v1::Operation operation;
  EXPECT_THAT(BeginOperation(*book_, operation,
                             [](const v1::Operation& begun) {
                               EXPECT_EQ(begun.id(), "op-1");
                               return absl::FailedPreconditionError("REBUILD_RUNS: one is");
                             }),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_RUNS"));
  EXPECT_TRUE(book_->List().operations().empty());
  // Where it cannot be written down nothing begins.
  files_.CutAt(1);
  EXPECT_FALSE(BeginOperation(*book_, operation, [](const v1::Operation&) -> absl::Status {
                 ADD_FAILURE() << "it was begun";
                 return absl::OkStatus();
               }).ok());
  EXPECT_TRUE(book_->List().operations().empty());
}

TEST_F(OperationBookTest, TheLastTwoHundredAreKept) {
  for (int i = 0; i < 203; ++i) book_->WhenEnded(Begin())(Ended(Phase::kDone));
  EXPECT_EQ(book_->List().operations_size(), 200);
  EXPECT_EQ(book_->List().operations(0).id(), "op-203");
}

TEST_F(OperationBookTest, AListThatCannotBeReadIsToldAndBegunAnew) {
  ASSERT_OK(files_.Write("/data/operations", "what"));
  Open();
  ASSERT_EQ(alarms_.size(), 1u);
  EXPECT_THAT(alarms_[0], HasSubstr("/data/operations"));
  EXPECT_EQ(Begin(), "op-1");
}

TEST_F(OperationBookTest, WhoWaitsHearsOfTheEnd) {
  const std::string id = Begin();
  book_->AwaitEnd(id, absl::Now());
  EXPECT_EQ(StateOf(id), v1::OPERATION_STATE_RUNNING) << "his time was over first";
  book_->WhenEnded(id)(Ended(Phase::kDone));
  book_->AwaitEnd(id, absl::InfiniteFuture());
  book_->AwaitEnd("op-9", absl::InfiniteFuture());
}

}  // namespace
}  // namespace rapport::operations
