#include "consumers/edge/method_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "rapport/v1/publish.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using ::testing::HasSubstr;

class Publishing {
 public:
  absl::Status Publish(const Call& call, const v1::PublishRequest&, v1::PublishResponse& reply) {
    reply.mutable_result()->set_event_id(call.caller().name);
    return absl::OkStatus();
  }
  absl::Status BatchPublish(const Call&, const v1::BatchPublishRequest&,
                            v1::BatchPublishResponse&) {
    return absl::OkStatus();
  }
};

TEST(MethodTableTest, FindsAMethodByItsPathWithTheRoleItsProtoNames) {
  Publishing service;
  MethodTable table;
  table.Add("rapport.v1.PublishService.Publish", &service, &Publishing::Publish);

  const Method* method = table.Find("/rapport.v1.PublishService/Publish");
  ASSERT_NE(method, nullptr);
  EXPECT_THAT(method->roles, testing::ElementsAre(Role::kPublisher));
  v1::PublishResponse reply;
  EXPECT_OK(method->answer(Call({.name = "shop"}), v1::PublishRequest(), reply));
  EXPECT_EQ(reply.result().event_id(), "shop");
  EXPECT_EQ(table.Find("/rapport.v1.PublishService/Pub"), nullptr);
}

TEST(MethodTableTest, IsNotCompleteWhileAMethodOfAServiceHasNothingThatAnswersIt) {
  Publishing service;
  MethodTable table;
  table.Add("rapport.v1.PublishService.Publish", &service, &Publishing::Publish);

  const absl::Status status = table.CheckComplete();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("rapport.v1.PublishService.BatchPublish"));
}

TEST(MethodTableDeathTest, KnowsNoMethodThatIsNotTheContracts) {
  Publishing service;
  MethodTable table;
  EXPECT_DEATH(table.Add("rapport.v1.PublishService.Print", &service, &Publishing::Publish),
               "no method is called");
  EXPECT_DEATH(table.Add("rapport.v1.PublishService.BatchPublish", &service, &Publishing::Publish),
               "has other messages");
}

TEST(RoleTest, ReadersWithMoreRightsReadTooAndNobodyElse) {
  for (const Role role : {Role::kReader, Role::kRevealer, Role::kWorker, Role::kAnalyst}) {
    EXPECT_TRUE(RoleSet({role}).Cover(Role::kReader)) << RoleName(role);
  }
  for (const Role role : {Role::kPublisher, Role::kOperator, Role::kEraser}) {
    EXPECT_FALSE(RoleSet({role}).Cover(Role::kReader)) << RoleName(role);
    EXPECT_TRUE(RoleSet({role}).Cover(Role::kAny)) << RoleName(role);
  }
  EXPECT_FALSE(RoleSet({Role::kWorker}).Cover(Role::kRevealer));
}

TEST(RoleTest, IsReadBackByItsName) {
  for (const Role role : {Role::kAny, Role::kPublisher, Role::kReader, Role::kRevealer,
                          Role::kWorker, Role::kAnalyst, Role::kOperator, Role::kEraser}) {
    EXPECT_EQ(RoleFromName(RoleName(role)), role);
    EXPECT_THAT(RolesFromNames(RoleName(role)), testing::ElementsAre(role));
  }
  EXPECT_EQ(RoleFromName("root"), std::nullopt);
}

TEST(CallTest, HearsWhyALittleBeforeTheCallersOwnDeadline) {
  const absl::Time begin = absl::Now();
  const Call patient({}, begin + absl::Hours(1)), hasty({}, begin + absl::Seconds(2)), any({});
  const absl::Time end = absl::Now();
  EXPECT_LE(hasty.deadline(), begin + absl::Seconds(1.95));
  EXPECT_GT(hasty.deadline(), begin + absl::Seconds(1.8));
  EXPECT_LE(any.deadline(), end + absl::Seconds(5));
  EXPECT_GE(any.deadline(), begin + absl::Seconds(5));
  EXPECT_LE(patient.deadline(), end + absl::Seconds(30));
}

}  // namespace
}  // namespace rapport::edge
