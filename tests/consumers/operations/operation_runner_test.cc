// What reads the whole base goes on without its caller: one after the other, with its progress,
// until it is done, cancelled, or the process ends.
#include "consumers/operations/operation_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "consumers/edge/viewpoint.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::ElementsAre;

constexpr int kRestartsMax = 2;

class OperationRunnerTest : public testing::Test {
 protected:
  OperationRunnerTest() {
    EXPECT_OK(files_.MakeDirectory("/data"));
    Serve();
  }

  // A process serves the directory, after the one before has ended in order.
  void Serve() {
    runner_.reset();
    book_ = OperationBook::Open(&files_, "/data", nullptr).value();
    runner_ = std::make_unique<OperationRunner>(
        book_.get(), &clock_,
        [this](const edge::Call& call, const std::string& id, const v1::OperationRequest& request,
               v1::OperationResult& result) { return run_(call, id, request, result); },
        [this](const std::string& id) { discarded_.push_back(id); });
    runner_->Resume(kRestartsMax);
  }
  // The same after a kill: what runs is not told of it.
  void ServeAfterKill() {
    const std::map<std::string, std::string> at_kill = files_.Copy();
    runner_.reset();
    files_.Restore(at_kill);
    Serve();
  }

  absl::StatusOr<v1::Operation> Start(const std::string& report, int64_t rate = 0,
                                      edge::RoleSet roles = edge::RoleSet::All()) {
    v1::StartOperationRequest request;
    request.mutable_request()->mutable_report()->set_name(report);
    request.set_records_per_second_max(rate);
    edge::Caller caller;
    caller.name = "ana";
    caller.roles = roles;
    return runner_->Start(caller, request);
  }
  std::string IdOf(const absl::StatusOr<v1::Operation>& started) {
    EXPECT_OK(started.status());
    return started.ok() ? started->id() : "";
  }
  v1::Operation Ended(const std::string& id) {
    book_->AwaitEnd(id, absl::Now() + absl::Minutes(1));
    return book_->Find(id).value();
  }
  // Waits until the operation runs and has told so much.
  v1::Operation AtLeast(const std::string& id, int64_t done) {
    v1::Operation operation;
    const absl::Time end = absl::Now() + absl::Minutes(1);
    do {
      operation = book_->Find(id).value();
      runner_->TellProgress(operation);
    } while (operation.walk().done() < done && absl::Now() < end);
    operation = book_->Find(id).value();
    runner_->TellProgress(operation);
    return operation;
  }
  // Reads 10 of 30 records and waits until it is cancelled.
  void RunsUntilCancelled() {
    run_ = [](const edge::Call& call, const std::string&, const v1::OperationRequest&,
              v1::OperationResult&) {
      call.Expect({20, 10});
      call.Note(0, 10);
      call.CancelledWithin(absl::Minutes(1));
      return edge::CheckAsked(call);
    };
  }

  kit::ModelFiles files_;
  ManualClock clock_{1'000'000};
  std::vector<std::string> discarded_;
  OperationRunner::Run run_ = [](const edge::Call&, const std::string& id,
                                 const v1::OperationRequest& request, v1::OperationResult& result) {
    result.mutable_report()->mutable_table()->set_name(absl::StrCat(id, request.report().name()));
    return absl::OkStatus();
  };
  std::unique_ptr<OperationBook> book_;
  std::unique_ptr<OperationRunner> runner_;
};

TEST_F(OperationRunnerTest, WhatComesOfOneIsKeptForTheNextProcess) {
  const std::string id = IdOf(Start("channels"));
  const v1::Operation ended = Ended(id);
  EXPECT_EQ(ended.state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(ended.kind(), v1::OPERATION_KIND_REPORT);
  EXPECT_EQ(ended.caller(), "ana");
  files_.Crash(1);
  Serve();
  EXPECT_EQ(book_->Find(id)->state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(book_->ResultOf(id)->report().table().name(), "op-1channels");
  EXPECT_TRUE(book_->WalksToGoOn().empty());
}

TEST_F(OperationRunnerTest, TellsHowFarItIsInEachPartition) {
  RunsUntilCancelled();
  const std::string id = IdOf(Start("channels"));
  AtLeast(id, 10);
  clock_.Advance(5'000'000);
  const v1::Walk walk = AtLeast(id, 10).walk();
  EXPECT_EQ(walk.done(), 10);
  EXPECT_EQ(walk.total(), 30);
  EXPECT_EQ(walk.records_per_second(), 2);
  EXPECT_EQ(walk.seconds_left(), 10);
  ASSERT_EQ(walk.partitions_size(), 2);
  EXPECT_EQ(walk.partitions(0).done(), 10);
  EXPECT_EQ(walk.partitions(0).total(), 20);
  EXPECT_EQ(walk.partitions(1).done(), 0);
}

TEST_F(OperationRunnerTest, MoreThanWasExpectedCountsAsExpected) {
  run_ = [](const edge::Call& call, const std::string&, const v1::OperationRequest&,
            v1::OperationResult&) {
    call.Expect({5});
    call.Note(0, 4);
    call.Note(0, 4);
    return absl::OkStatus();
  };
  const v1::Walk walk = Ended(IdOf(Start("channels"))).walk();
  EXPECT_EQ(walk.done(), 8);
  EXPECT_EQ(walk.total(), 8);
}

TEST_F(OperationRunnerTest, TheyRunOneAfterTheOtherAndACancelledOneNever) {
  absl::Notification go_on;
  std::vector<std::string> ran;
  run_ = [&](const edge::Call&, const std::string& id, const v1::OperationRequest&,
             v1::OperationResult&) {
    go_on.WaitForNotification();
    ran.push_back(id);
    return absl::OkStatus();
  };
  const std::string first = IdOf(Start("a")), second = IdOf(Start("b")), third = IdOf(Start("c"));
  EXPECT_TRUE(runner_->Cancel(second));
  EXPECT_FALSE(runner_->Cancel(second)) << "it has ended";
  EXPECT_EQ(book_->Find(third)->state(), v1::OPERATION_STATE_QUEUED);
  go_on.Notify();
  EXPECT_EQ(Ended(third).state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(Ended(second).state(), v1::OPERATION_STATE_CANCELLED);
  EXPECT_THAT(ran, ElementsAre(first, third));
}

TEST_F(OperationRunnerTest, OneThatRunsIsCancelledWithItsCall) {
  RunsUntilCancelled();
  const std::string id = IdOf(Start("channels"));
  AtLeast(id, 10);
  EXPECT_TRUE(runner_->Cancel(id));
  const v1::Operation ended = Ended(id);
  EXPECT_EQ(ended.state(), v1::OPERATION_STATE_CANCELLED);
  EXPECT_EQ(ended.walk().cause(), "CANCELLED");
  EXPECT_EQ(ended.walk().done(), 10);
  EXPECT_EQ(ended.walk().partitions_size(), 0);
  runner_.reset();
  EXPECT_THAT(discarded_, ElementsAre(id));
  EXPECT_THAT(book_->ResultOf(id).status(), StatusIs(absl::StatusCode::kNotFound, "op-1"));
}

TEST_F(OperationRunnerTest, WhatItFailedByIsWrittenDown) {
  run_ = [](const edge::Call&, const std::string&, const v1::OperationRequest&,
            v1::OperationResult&) { return absl::ResourceExhaustedError("DISK_LOW: make room"); };
  const v1::Operation ended = Ended(IdOf(Start("channels")));
  EXPECT_EQ(ended.state(), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(ended.walk().cause(), "DISK_LOW");
  EXPECT_EQ(ended.walk().message(), "make room");
  EXPECT_EQ(ended.walk().code(), static_cast<int>(absl::StatusCode::kResourceExhausted));
}

TEST_F(OperationRunnerTest, SixteenWaitAndNoMore) {
  RunsUntilCancelled();
  const std::string running = IdOf(Start("channels"));
  AtLeast(running, 10);
  for (int i = 0; i < 16; ++i) IdOf(Start("channels"));
  EXPECT_THAT(Start("channels").status(),
              StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL: 16"));
}

TEST_F(OperationRunnerTest, WhoIsNoOperatorMayHaveEightWaiting) {
  RunsUntilCancelled();
  const edge::RoleSet analyst{edge::Role::kAnalyst};
  AtLeast(IdOf(Start("channels", 0, analyst)), 10);
  for (int i = 0; i < 8; ++i) IdOf(Start("channels", 0, analyst));
  EXPECT_THAT(Start("channels", 0, analyst).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL: 8 operations of yours"));
  EXPECT_OK(Start("channels").status()) << "an operator's place";
}

TEST_F(OperationRunnerTest, WhatWasAskedBeforeTheResumingRunsOnce) {
  std::vector<std::string> ran;
  absl::Notification go_on;
  run_ = [&](const edge::Call&, const std::string& id, const v1::OperationRequest&,
             v1::OperationResult&) {
    go_on.WaitForNotification();
    ran.push_back(id);
    return absl::OkStatus();
  };
  const std::string first = IdOf(Start("a")), second = IdOf(Start("b"));
  runner_->Resume(kRestartsMax);
  go_on.Notify();
  Ended(second);
  runner_.reset();
  EXPECT_THAT(ran, ElementsAre(first, second));
}

TEST_F(OperationRunnerTest, WhatIsCancelledAsTheProcessEndsIsNotBegunAgain) {
  absl::Notification ends;
  run_ = [&](const edge::Call& call, const std::string&, const v1::OperationRequest&,
             v1::OperationResult&) {
    call.Note(0, 10);
    call.CancelledWithin(absl::Minutes(1));
    ends.WaitForNotification();
    return edge::CheckAsked(call);
  };
  const std::string id = IdOf(Start("channels"));
  AtLeast(id, 10);
  EXPECT_TRUE(runner_->Cancel(id));
  ends.Notify();
  runner_.reset();
  EXPECT_EQ(book_->Find(id)->state(), v1::OPERATION_STATE_CANCELLED);
}

TEST_F(OperationRunnerTest, AnEndInOrderIsNotHeldAgainstIt) {
  RunsUntilCancelled();
  const std::string id = IdOf(Start("channels"));
  for (int restarts = 1; restarts <= kRestartsMax; ++restarts) {
    AtLeast(id, 10);
    ServeAfterKill();
  }
  AtLeast(id, 10);
  Serve();
  EXPECT_EQ(AtLeast(id, 10).state(), v1::OPERATION_STATE_RUNNING);
}

TEST_F(OperationRunnerTest, WhatHasEndedStaysAsItEnded) {
  const std::string id = IdOf(Start("channels"));
  EXPECT_EQ(Ended(id).state(), v1::OPERATION_STATE_DONE);
  book_->Cancel(id, 7);
  EXPECT_EQ(book_->Find(id)->state(), v1::OPERATION_STATE_DONE);
}

TEST_F(OperationRunnerTest, WhereTheListIsLostNoIdIsGivenTwice) {
  const std::string first = IdOf(Start("channels"));
  Ended(first);
  runner_.reset();
  EXPECT_OK(files_.Write("/data/operations", "no list"));
  Serve();
  EXPECT_EQ(IdOf(Start("channels")), "op-2");
}

TEST_F(OperationRunnerTest, TheNextProcessGoesOnInTheirOrder) {
  RunsUntilCancelled();
  const std::string first = IdOf(Start("a")), second = IdOf(Start("b"));
  AtLeast(first, 10);
  runner_.reset();
  EXPECT_EQ(book_->Find(first)->state(), v1::OPERATION_STATE_QUEUED);
  files_.Crash(1);
  std::vector<std::string> ran;
  run_ = [&](const edge::Call&, const std::string& id, const v1::OperationRequest& request,
             v1::OperationResult&) {
    ran.push_back(id + request.report().name());
    return absl::OkStatus();
  };
  Serve();
  EXPECT_EQ(Ended(second).state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(Ended(first).restarts(), 0) << "an end in order is not held against it";
  EXPECT_THAT(ran, ElementsAre("op-1a", "op-2b"));
}

TEST_F(OperationRunnerTest, WhatEndsTheProcessEachTimeIsGivenUp) {
  RunsUntilCancelled();
  const std::string id = IdOf(Start("channels"));
  for (int restarts = 1; restarts <= kRestartsMax; ++restarts) {
    AtLeast(id, 10);
    ServeAfterKill();
    EXPECT_EQ(AtLeast(id, 10).restarts(), restarts);
  }
  ServeAfterKill();
  const v1::Operation ended = Ended(id);
  EXPECT_EQ(ended.state(), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(ended.walk().cause(), "INTERRUPTED");
}

TEST_F(OperationRunnerTest, ARequestThatIsLostFails) {
  RunsUntilCancelled();
  const std::string id = IdOf(Start("channels"));
  AtLeast(id, 10);
  runner_.reset();
  EXPECT_OK(files_.Remove("/data/operation_files/op-1.request"));
  Serve();
  EXPECT_EQ(Ended(id).walk().cause(), "REQUEST_LOST");
}

TEST_F(OperationRunnerTest, AResultThatCannotBeKeptIsAFailure) {
  run_ = [this](const edge::Call&, const std::string& id, const v1::OperationRequest&,
                v1::OperationResult&) {
    files_.Mount("/data/operation_files/" + id + ".result");
    return absl::OkStatus();
  };
  const v1::Operation ended = Ended(IdOf(Start("channels")));
  EXPECT_EQ(ended.state(), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(ended.walk().cause(), "RESULT_NOT_KEPT");
}

TEST_F(OperationRunnerTest, FilesGoWithTheOperationThatIsNotListedAnyMore) {
  const std::string first = IdOf(Start("channels"));
  for (int i = 0; i < 200; ++i) Ended(IdOf(Start("channels")));
  EXPECT_THAT(book_->Find(first).status(),
              StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
  EXPECT_THAT(book_->ResultOf(first).status(), StatusIs(absl::StatusCode::kNotFound, "op-1"));
  EXPECT_OK(book_->ResultOf("op-2").status());
  EXPECT_EQ(book_->List().operations_size(), 200);
}

}  // namespace
}  // namespace rapport::operations
