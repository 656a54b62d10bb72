// What a mask leaves of one relationship, and many at once.
#include "consumers/support/get_relationship.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::StatusIs;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class GetRelationshipTest : public testing::Test {
 protected:
  GetRelationshipTest() {
    world_.Publish(
        {APurchase().Of("ana").Id(1).OnDay(kDay).Worth(5, "EUR"),
         AnEvent(v1::KIND_COMPLAINT_RAISED)
             .Of("ana")
             .Id(2)
             .OnDay(kDay + 1)
             .Key("C1")
             .Set("severity", 3),
         AnEvent(v1::KIND_PROFILE_RECORDED).Of("ana").Id(3).OnDay(kDay).Set("name", "Ana Example"),
         APurchase().Of("bo").Id(4).OnDay(kDay).Worth(7, "EUR")});
  }

  absl::StatusOr<v1::GetRelationshipResponse> Get(const std::string& customer,
                                                  std::initializer_list<const char*> paths,
                                                  bool include_facts = false) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(kLater);
    request.set_include_facts(include_facts);
    for (const char* path : paths) request.mutable_read_mask()->add_paths(path);
    v1::GetRelationshipResponse response;
    const absl::Status status =
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response);
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::BatchGetRelationshipsResponse> Batch(
      const std::vector<std::string>& customers, std::initializer_list<const char*> paths) {
    v1::BatchGetRelationshipsRequest request;
    request.mutable_viewpoint()->set_as_of_us(kLater);
    for (const std::string& customer : customers) request.add_customer_ids(customer);
    for (const char* path : paths) request.mutable_read_mask()->add_paths(path);
    v1::BatchGetRelationshipsResponse response;
    const absl::Status status = world_.Call(
        world_.relationships(), &Relationships::BatchGetRelationships, request, response);
    if (!status.ok()) return status;
    return response;
  }

  ServiceWorld world_;
};

TEST_F(GetRelationshipTest, AMaskLeavesWhatItNamesAsItIsWithoutOne) {
  const v1::GetRelationshipResponse whole = Get("ana", {}, /*include_facts=*/true).value();
  ASSERT_GT(whole.standing().follow_ups_size(), 0);
  ASSERT_TRUE(whole.standing().has_next_change_at_us());
  ASSERT_TRUE(whole.standing().has_metrics());
  const auto some = Get("ana", {"standing.stage", "standing.score"});
  ASSERT_OK(some);
  v1::GetRelationshipResponse wanted;
  wanted.set_customer_id("ana");
  wanted.mutable_standing()->set_stage(whole.standing().stage());
  wanted.mutable_standing()->set_score(whole.standing().score());
  *wanted.mutable_info() = some->info();
  EXPECT_EQ(some->DebugString(), wanted.DebugString());
  EXPECT_EQ(some->info().position(), whole.info().position());
  // Each field is computed when it is named alone.
  const auto* standing = v1::Standing::descriptor();
  for (int i = 0; i < standing->field_count(); ++i) {
    const std::string path = absl::StrCat("standing.", standing->field(i)->name());
    const auto answer = Get("ana", {path.c_str()});
    ASSERT_OK(answer);
    v1::Standing only;
    const auto* reflection = only.GetReflection();
    only = whole.standing();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection->ListFields(only, &fields);
    for (const auto* field : fields) {
      if (field != standing->field(i)) reflection->ClearField(&only, field);
    }
    EXPECT_EQ(answer->standing().DebugString(), only.DebugString()) << path;
  }
  EXPECT_EQ(Get("ana", {"facts"})->facts().DebugString(), whole.facts().DebugString());
  EXPECT_EQ(Get("ana", {"facts.money"}, true)->facts().money().DebugString(),
            whole.facts().money().DebugString());
  EXPECT_FALSE(Get("ana", {"standing"}, true)->has_facts());
  EXPECT_THAT(Get("ana", {"masked_fields"})->masked_fields(), testing::ElementsAre("profile.name"));
}

TEST_F(GetRelationshipTest, APartOfAReceiptIsComputedToo) {
  const v1::GetRelationshipResponse whole = Get("ana", {}).value();
  const auto rule = Get("ana", {"standing.stage_rule.rule_id"});
  ASSERT_OK(rule);
  EXPECT_EQ(rule->standing().stage_rule().rule_id(), whole.standing().stage_rule().rule_id());
  EXPECT_NE(rule->standing().stage_rule().rule_id(), "");
  const auto flags = Get("ana", {"standing.flags.flag", "standing.lines.milli_points"});
  ASSERT_OK(flags);
  ASSERT_EQ(flags->standing().flags_size(), whole.standing().flags_size());
  ASSERT_GT(flags->standing().flags_size(), 0);
  EXPECT_EQ(flags->standing().flags(0).flag(), whole.standing().flags(0).flag());
  EXPECT_FALSE(flags->standing().flags(0).has_receipt());
}

TEST_F(GetRelationshipTest, AMaskThatIsWrongIsRefusedByName) {
  EXPECT_THAT(Get("ana", {"standing.stag"}), StatusIs(kInvalid, "`standing.stag` is no field"));
  EXPECT_THAT(Batch({"ana"}, {"info.x"}), StatusIs(kInvalid, "`info.x` is no field"));
}

TEST_F(GetRelationshipTest, ABatchAnswersEachInOrderAndAnErrorFailsNobodyElse) {
  const auto batch = Batch({"bo", "nobody", "ana", "bo"}, {});
  ASSERT_OK(batch);
  ASSERT_EQ(batch->results_size(), 4);
  const char* ids[] = {"bo", "nobody", "ana", "bo"};
  for (int i = 0; i < 4; ++i) {
    const v1::BatchGetResult& result = batch->results(i);
    EXPECT_EQ(result.customer_id(), ids[i]);
    if (i == 1) {
      EXPECT_THAT(edge::FromErrorStatus(result.error()),
                  StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
      continue;
    }
    v1::GetRelationshipResponse alone = Get(ids[i], {}).value();
    alone.clear_info();
    EXPECT_EQ(result.relationship().DebugString(), alone.DebugString());
  }
  EXPECT_EQ(batch->info().as_of_us(), kLater);
  EXPECT_EQ(batch->info().position(), world_.engine().pipeline().Applied().ToString());
  EXPECT_FALSE(batch->info().rules_digest().empty());
}

TEST_F(GetRelationshipTest, ABatchIsMaskedLikeOne) {
  const auto batch = Batch({"ana"}, {"standing.score"});
  ASSERT_OK(batch);
  v1::GetRelationshipResponse alone = Get("ana", {"standing.score"}).value();
  alone.clear_info();
  EXPECT_EQ(batch->results(0).relationship().DebugString(), alone.DebugString());
}

TEST_F(GetRelationshipTest, ABatchHasAtMostAThousandIds) {
  const std::vector<std::string> most(1000, "bo");
  const auto batch = Batch(most, {"standing.score"});
  ASSERT_OK(batch);
  EXPECT_EQ(batch->results_size(), 1000);
  const std::vector<std::string> many(1001, "bo");
  EXPECT_THAT(Batch(many, {}), StatusIs(kInvalid, "TOO_LARGE: customer_ids: has 1001 ids"));
}

TEST_F(GetRelationshipTest, OnlyWhatIsInMemoryIsQuick) {
  v1::GetRelationshipRequest one;
  EXPECT_TRUE(support::IsQuickGet(one));
  one.mutable_viewpoint()->set_rules("AT_KNOWN");
  EXPECT_FALSE(support::IsQuickGet(one));
  v1::BatchGetRelationshipsRequest many;
  for (int i = 0; i < 32; ++i) many.add_customer_ids("bo");
  EXPECT_TRUE(support::IsQuickBatch(many));
  many.add_customer_ids("bo");
  EXPECT_FALSE(support::IsQuickBatch(many));
  many.mutable_customer_ids()->Clear();
  many.set_min_position("p:0@1");
  EXPECT_FALSE(support::IsQuickBatch(many));
}

TEST_F(GetRelationshipTest, RulesThatAreNamedAnswerAndOthersAreUnknown) {
  const v1::GetRelationshipResponse now = Get("ana", {}).value();
  v1::ListRulesResponse rules;
  ASSERT_OK(
      world_.Call(world_.operations(), &Operations::ListRules, v1::ListRulesRequest(), rules));
  int asked = 0;
  v1::GetRelationshipRequest request;
  request.set_customer_id("ana");
  request.mutable_viewpoint()->set_as_of_us(kLater);
  v1::GetRelationshipResponse answer;
  const auto get = [&](const std::string& name) {
    request.mutable_viewpoint()->set_rules(name);
    return world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer);
  };
  for (const v1::RulesEntry& entry : rules.rules()) {
    ASSERT_OK(get(entry.rules_digest())) << entry.name();
    EXPECT_EQ(answer.info().rules_digest(), entry.rules_digest());
    ++asked;
  }
  EXPECT_GT(asked, 1) << "only the active ones were asked";
  EXPECT_THAT(get("r-000000000000"), StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN"));
  ASSERT_OK(get("AT_KNOWN"));
  EXPECT_EQ(answer.info().rules_digest(), now.info().rules_digest());
}

TEST_F(GetRelationshipTest, RulesAtAKnownPositionAreThoseThatWereActiveThere) {
  const v1::GetRelationshipResponse before = Get("ana", {}).value();
  world_.Publish({APurchase().Of("bo").Id(7).OnDay(kDay + 1).Worth(7, "EUR")});
  v1::ActivateRulesRequest activate;
  activate.set_rules_text(
      "parent: \"standard\" name: \"milder\"\nevaluate { friction { closed_unanswered: 400 } }");
  activate.set_expected_digest(before.info().rules_digest());
  v1::ActivateRulesResponse activated;
  ASSERT_OK(world_.Call(world_.operations(), &Operations::ActivateRules, activate, activated));
  v1::GetRelationshipRequest request;
  request.set_customer_id("ana");
  request.mutable_viewpoint()->set_rules("AT_KNOWN");
  v1::GetRelationshipResponse answer;
  const auto rules_at = [&](const std::string& position) {
    request.mutable_viewpoint()->set_known_at(position);
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer));
    return answer.info().rules_digest();
  };
  EXPECT_EQ(rules_at(before.info().position()), before.info().rules_digest());
  EXPECT_EQ(rules_at(world_.engine().pipeline().Applied().ToString()), activated.rules_digest());
  world_.Reopen();
  EXPECT_EQ(rules_at(before.info().position()), before.info().rules_digest());
  EXPECT_EQ(rules_at(""), activated.rules_digest());
}

}  // namespace
}  // namespace rapport
