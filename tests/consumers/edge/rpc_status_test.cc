// Errors at the doors: what a status becomes on the wire, and what comes back from there.
#include "consumers/edge/rpc_status.h"

#include <gtest/gtest.h>

namespace rapport::edge {
namespace {

// The detail of one type, or its default when there is none.
template <typename Detail>
Detail DetailOf(const v1::ErrorStatus& error, int* count) {
  Detail detail;
  *count = 0;
  for (const auto& any : error.details()) *count += any.UnpackTo(&detail);
  return detail;
}

TEST(RpcStatusTest, AStatusComesBackWithReasonAndMessage) {
  for (const absl::Status& status :
       {absl::InvalidArgumentError("FIELD_INVALID: payload.items[2].quantity: is negative"),
        absl::AlreadyExistsError("EVENT_ID_CONFLICT: event_id: another event has this id"),
        absl::ResourceExhaustedError("DISK_LOW: the disk has 3 MiB left"),
        absl::DataLossError("POSITION_LOST: 1.1:0@1 is of another log: publish again")}) {
    EXPECT_EQ(FromRpcStatus(ToRpcStatus(status)), status);
    EXPECT_EQ(FromErrorStatus(ToErrorStatus(status)), status);
  }
  EXPECT_TRUE(ToRpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromRpcStatus(grpc::Status::OK).ok());
}

TEST(RpcStatusTest, AnAnswerIsToldFromAWayThatFailed) {
  EXPECT_TRUE(IsAnswer(grpc::Status::OK));
  EXPECT_TRUE(IsAnswer(ToRpcStatus(absl::UnavailableError("NOT_READY: busy"))));
  EXPECT_FALSE(IsAnswer(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused")));
  EXPECT_FALSE(IsAnswer(grpc::Status(grpc::StatusCode::UNAVAILABLE, "x", "not ours")));
}

TEST(RpcStatusTest, ALongMessageIsCutAndKeepsItsReason) {
  const absl::Status status =
      absl::InvalidArgumentError("POSITION_MALFORMED: " + std::string(100'000, 'x'));
  const grpc::Status sent = ToRpcStatus(status);
  EXPECT_LT(sent.error_message().size() + sent.error_details().size(), 4'000u);
  EXPECT_EQ(FromRpcStatus(sent).message().substr(0, 20), "POSITION_MALFORMED: ");
}

TEST(RpcStatusTest, TheReasonIsADetailAndNotInTheMessage) {
  const absl::Status status = absl::NotFoundError("CUSTOMER_UNKNOWN: nothing is known of him");
  const v1::ErrorStatus error = ToErrorStatus(status);
  EXPECT_EQ(error.code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_EQ(error.message(), "nothing is known of him");
  int count = 0;
  const auto info = DetailOf<v1::ErrorInfo>(error, &count);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(info.reason(), "CUSTOMER_UNKNOWN");
  EXPECT_EQ(info.domain(), "rapport");
  EXPECT_EQ(ToRpcStatus(status).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ToRpcStatus(status).error_message(), "nothing is known of him");
}

TEST(RpcStatusTest, AFieldToBlameIsADetail) {
  int count = 0;
  const auto bad = DetailOf<v1::BadRequest>(
      ToErrorStatus(absl::InvalidArgumentError("FIELD_INVALID: payload.amount.currency: is empty")),
      &count);
  ASSERT_EQ(count, 1);
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "payload.amount.currency");
  EXPECT_EQ(bad.field_violations(0).description(), "is empty");
}

TEST(RpcStatusTest, WithoutAFieldToBlameNoneIsNamed) {
  for (const absl::Status& status :
       {absl::InvalidArgumentError("KIND_UNKNOWN: kind 191 is not known"),
        absl::InvalidArgumentError("TOO_LARGE: it has 70 KiB: send less"),
        absl::DataLossError("ARCHIVE_DAMAGED: partition: 3")}) {
    int count = 0;
    DetailOf<v1::BadRequest>(ToErrorStatus(status), &count);
    EXPECT_EQ(count, 0) << status;
  }
}

TEST(RpcStatusTest, OnlyWhatMayBeTriedAgainSaysWhen) {
  int count = 0;
  for (const absl::Status& status :
       {absl::UnavailableError("LOG_UNAVAILABLE: x"), absl::ResourceExhaustedError("QUEUE_FULL: x"),
        absl::DeadlineExceededError("POSITION_NOT_REACHED: x")}) {
    const auto retry = DetailOf<v1::RetryInfo>(ToErrorStatus(status), &count);
    EXPECT_EQ(count, 1) << status;
    EXPECT_GT(retry.retry_delay().nanos(), 0);
  }
  for (const absl::Status& status :
       {absl::InvalidArgumentError("FIELD_INVALID: x"), absl::NotFoundError("CUSTOMER_UNKNOWN: x"),
        absl::FailedPreconditionError("LOG_CHANGED: x"), absl::InternalError("x"),
        absl::DeadlineExceededError("DEADLINE_PASSED: it would take as long again")}) {
    DetailOf<v1::RetryInfo>(ToErrorStatus(status), &count);
    EXPECT_EQ(count, 0) << status;
  }
}

TEST(RpcStatusTest, AStatusWithoutAReasonGetsThatOfItsCode) {
  EXPECT_EQ(ReasonOf(absl::InvalidArgumentError("is not a moment")), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(absl::UnavailableError("")), "NOT_READY");
  EXPECT_EQ(ReasonOf(absl::InternalError("lost a slot: 3")), "BUG");
  EXPECT_EQ(TextOf(absl::InternalError("lost a slot: 3")), "lost a slot: 3");
}

TEST(RpcStatusTest, AnErrorOfAnotherServerKeepsItsCodeAndMessage) {
  EXPECT_EQ(FromRpcStatus(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no such method")),
            absl::UnimplementedError("no such method"));
  EXPECT_EQ(FromRpcStatus(grpc::Status(grpc::StatusCode::ABORTED, "proxy", "\xff not ours")),
            absl::AbortedError("proxy"));
}

}  // namespace
}  // namespace rapport::edge
