// What goes on without its caller, through the service: who may begin it, who sees it, and that it
// says what the call says.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "consumers/edge/token_file.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using google::protobuf::util::MessageDifferencer;
using kit::StatusIs;

class BackgroundTest : public testing::Test {
 protected:
  explicit BackgroundTest(const std::string& tokens = "") : world_(tokens) {}

  absl::StatusOr<v1::Operation> Start(const v1::OperationRequest& asked, int64_t rate = 0) {
    v1::StartOperationRequest request;
    *request.mutable_request() = asked;
    request.set_records_per_second_max(rate);
    v1::StartOperationResponse response;
    const absl::Status started =
        world_.Call(world_.operations(), &Operations::StartOperation, request, response);
    if (!started.ok()) return started;
    return response.operation();
  }
  absl::StatusOr<v1::GetOperationResponse> Get(const std::string& id) {
    v1::GetOperationRequest request;
    request.set_id(id);
    request.set_with_result(true);
    v1::GetOperationResponse response;
    const absl::Status got =
        world_.Call(world_.operations(), &Operations::GetOperation, request, response);
    if (!got.ok()) return got;
    return response;
  }
  v1::GetOperationResponse Ended(const absl::StatusOr<v1::Operation>& started) {
    EXPECT_OK(started.status());
    if (!started.ok()) return {};
    v1::WaitOperationRequest request;
    request.set_id(started->id());
    v1::WaitOperationResponse response;
    EXPECT_OK(world_.Call(world_.operations(), &Operations::WaitOperation, request, response));
    return Get(started->id()).value();
  }
  std::vector<std::string> Listed() {
    v1::ListOperationsResponse response;
    EXPECT_OK(world_.Call(world_.operations(), &Operations::ListOperations,
                          v1::ListOperationsRequest(), response));
    std::vector<std::string> ids;
    for (const v1::Operation& operation : response.operations()) ids.push_back(operation.id());
    return ids;
  }
  // But for how far the log was durable.
  template <typename Response>
  static void ExpectSame(Response a, Response b) {
    for (Response* one : {&a, &b}) {
      one->mutable_difference()->mutable_left()->clear_info();
      one->mutable_difference()->mutable_right()->clear_info();
    }
    EXPECT_TRUE(MessageDifferencer::Equals(a, b)) << a.DebugString() << b.DebugString();
  }
  static v1::OperationRequest Report(const std::string& name) {
    v1::OperationRequest asked;
    asked.mutable_report()->set_name(name);
    return asked;
  }

  ServiceWorld world_;
};

TEST_F(BackgroundTest, AVerificationFindsWhatTheCallFinds) {
  world_.Publish({Bought("ana", 1), Bought("bob", 2), Bought("ana", 3)});
  v1::OperationRequest asked;
  asked.mutable_verify();
  const v1::GetOperationResponse ended = Ended(Start(asked));
  EXPECT_EQ(ended.operation().state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(ended.operation().walk().done(), 3);
  EXPECT_EQ(ended.operation().walk().total(), 3);
  v1::VerifyResponse called;
  EXPECT_OK(world_.Call(world_.operations(), &Operations::Verify, v1::VerifyRequest(), called));
  EXPECT_EQ(called.records(), 3);
  EXPECT_TRUE(MessageDifferencer::Equals(ended.result().verify(), called));
}

TEST_F(BackgroundTest, ComparisonsReportsAndBacktestsSayWhatTheirCallsSay) {
  world_.Publish({Bought("ana", 1), Bought("bob", 2)});
  v1::OperationRequest asked;
  asked.mutable_diff()->mutable_left()->set_as_of_us(kDay * kMicrosPerDay - 1);
  asked.mutable_diff()->mutable_right()->set_as_of_us(kLater);
  v1::DiffResponse diff;
  EXPECT_OK(world_.Call(world_.past(), &Past::Diff, asked.diff(), diff));
  ExpectSame(Ended(Start(asked)).result().diff(), diff);

  asked.mutable_what_if()->set_rules_text(
      "parent: \"standard\" name: \"impatient\"\n"
      "evaluate { stages { first_purchase_silence_days: 20 } }");
  asked.mutable_what_if()->mutable_viewpoint()->set_as_of_us(kLater);
  v1::WhatIfResponse what_if;
  EXPECT_OK(world_.Call(world_.past(), &Past::WhatIf, asked.what_if(), what_if));
  const v1::GetOperationResponse ended = Ended(Start(asked));
  ExpectSame(ended.result().what_if(), what_if);

  asked = Report("channels");
  asked.mutable_report()->mutable_viewpoint()->set_as_of_us(kLater);
  v1::ReportResponse report;
  EXPECT_OK(world_.Call(world_.past(), &Past::Report, asked.report(), report));
  EXPECT_GT(report.table().rows_size(), 0);
  EXPECT_TRUE(MessageDifferencer::Equals(Ended(Start(asked)).result().report(), report));

  asked.mutable_backtest()->mutable_cut()->set_as_of_us(kLater);
  asked.mutable_backtest()->set_horizon_us(kMicrosPerDay);
  v1::BacktestResponse backtest;
  const absl::Status refused =
      world_.Call(world_.past(), &Past::Backtest, asked.backtest(), backtest);
  const v1::Walk walk = Ended(Start(asked)).operation().walk();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, walk.message()))
      << "nothing is known of the horizon";
  EXPECT_EQ(walk.cause(), "TIME_OUT_OF_RANGE");
}

TEST_F(BackgroundTest, AFileOfTheServerHoldsTheTable) {
  world_.Publish({Bought("ana", 1), Bought("bob", 2)});
  v1::OperationRequest asked;
  asked.mutable_file()->set_form(v1::FILE_FORM_CSV);
  asked.mutable_file()->mutable_base()->set_table(v1::BASE_TABLE_RELATIONSHIPS);
  asked.mutable_file()->mutable_base()->mutable_viewpoint()->set_as_of_us(kLater);
  const v1::GetOperationResponse ended = Ended(Start(asked));
  const v1::ExportedFile& file = ended.result().file();
  EXPECT_EQ(file.path(), absl::StrCat(ended.operation().id(), "/relationships/relationships.csv"));
  EXPECT_EQ(file.rows(), 2);
  std::ifstream stream(
      absl::StrCat(world_.engine().options().data_directory, "/exports/", file.path()));
  std::stringstream text;
  text << stream.rdbuf();
  EXPECT_EQ(static_cast<int64_t>(text.str().size()), file.bytes());
  EXPECT_THAT(text.str(), testing::HasSubstr("\nana,"));

  asked.mutable_file()->mutable_events();
  const v1::ExportedFile events = Ended(Start(asked)).result().file();
  EXPECT_EQ(events.rows(), 2);
  EXPECT_THAT(events.path(), testing::EndsWith("/events/events.csv"));
}

TEST_F(BackgroundTest, WhatIsWrongIsToldAtOnceOrByTheOperation) {
  EXPECT_THAT(Start({}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: request"));
  EXPECT_THAT(Start(Report("channels"), -1).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "records_per_second_max"));
  v1::OperationRequest asked;
  asked.mutable_file();
  EXPECT_THAT(Start(asked).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: request.file"));
  asked.mutable_file()->mutable_base();
  EXPECT_THAT(Start(asked).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "request.file.base.table"));
  asked.mutable_file()->mutable_events()->set_follow(true);
  EXPECT_THAT(Start(asked).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "request.file.events"));
  asked.mutable_file()->mutable_events()->set_follow(false);
  asked.mutable_file()->set_form(static_cast<v1::FileForm>(9));
  EXPECT_THAT(Start(asked).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "request.file.form"));
  EXPECT_TRUE(Listed().empty()) << "what is refused is not written down";

  const v1::Operation failed = Ended(Start(Report("nonsense"))).operation();
  EXPECT_EQ(failed.state(), v1::OPERATION_STATE_FAILED);
  EXPECT_EQ(failed.walk().cause(), "FIELD_INVALID");
  asked = Report("channels");
  asked.mutable_report()->mutable_viewpoint()->set_rules("r-000000000000");
  EXPECT_EQ(Ended(Start(asked)).operation().walk().cause(), "RULES_UNKNOWN");
}

std::string TokensOf(const std::vector<std::pair<std::string, std::string>>& names_and_roles) {
  std::string lines;
  for (const auto& [name, role] : names_and_roles) {
    absl::StrAppend(&lines, "token name=", name, " roles=", role,
                    " sha256=", edge::TokenHash("t-" + name), "\n");
  }
  return lines;
}

class WhoseOperationTest : public BackgroundTest {
 protected:
  WhoseOperationTest()
      : BackgroundTest(TokensOf({{"ana", "analyst"},
                                 {"ben", "analyst"},
                                 {"ops", "operator"},
                                 {"shop", "publisher sources=*"}})) {
    world_.Become("t-shop");
    std::vector<kit::EventBuilder> events;
    for (uint64_t id = 1; id <= 100; ++id) events.push_back(Bought(absl::StrCat("c", id), id));
    world_.Publish(events);
  }
};

TEST_F(WhoseOperationTest, AnAnalystBeginsReadsAndCancelsHisOwnAndAnOperatorAll) {
  world_.Become("t-ana");
  v1::OperationRequest verify;
  verify.mutable_verify();
  EXPECT_THAT(Start(verify).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, "ROLE_MISSING"));
  const std::string id = Ended(Start(Report("channels"))).operation().id();
  EXPECT_THAT(Listed(), testing::ElementsAre(id));
  EXPECT_TRUE(Get(id)->result().has_report());
  world_.Become("t-ben");
  EXPECT_TRUE(Listed().empty());
  const absl::Status hidden = Get(id).status();
  EXPECT_THAT(hidden, StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
  v1::CancelOperationRequest cancel;
  cancel.set_id(id);
  v1::CancelOperationResponse cancelled;
  EXPECT_THAT(world_.Call(world_.operations(), &Operations::CancelOperation, cancel, cancelled),
              StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
  v1::WaitOperationRequest wait;
  wait.set_id(id);
  v1::WaitOperationResponse waited;
  EXPECT_THAT(world_.Call(world_.operations(), &Operations::WaitOperation, wait, waited),
              StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
  world_.Become("t-ops");
  EXPECT_THAT(Listed(), testing::ElementsAre(id));
  EXPECT_THAT(Get(id).status(), StatusIs(absl::StatusCode::kPermissionDenied, "ROLE_MISSING"))
      << "what came of it is for analysts";
  EXPECT_EQ(Ended(Start(verify)).operation().caller(), "ops");
  // One that reads a record a second.
  world_.Become("t-ana");
  const auto slow = Start(Report("channels"), 1);
  ASSERT_OK(slow.status());
  cancel.set_id(slow->id());
  EXPECT_OK(world_.Call(world_.operations(), &Operations::CancelOperation, cancel, cancelled));
  EXPECT_EQ(cancelled.operation().state(), v1::OPERATION_STATE_CANCELLED);
}

}  // namespace
}  // namespace rapport
