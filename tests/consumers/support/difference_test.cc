// Two views of the whole base side by side, over the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "consumers/operations/rule_book.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kImpatient[] =
    "parent: \"standard\" name: \"impatient\"\n"
    "evaluate { stages { first_purchase_silence_days: 20 } }";

using Moves = std::map<std::pair<int, int>, int64_t>;

Moves MovesOf(const v1::BaseDifference& difference) {
  Moves moves;
  for (const v1::StageMove& move : difference.moves()) {
    moves[{move.from(), move.to()}] = move.customers();
  }
  return moves;
}

class DifferenceTest : public testing::Test {
 protected:
  // Ana comes back again and again; Ben bought once; Cem comes later; Dan's events are two ids'.
  void PublishAll() {
    world_.Publish({Bought("ana", 1, kDay), Bought("ben", 2, kDay + 1)});
    for (uint64_t id = 3; id < 9; ++id) {
      world_.Publish({Bought("ana", id, kDay + static_cast<int64_t>(id) * 6)});
    }
    world_.Publish({Bought("cem", 20, kDay + 40), Bought("dan", 21, kDay), Bought("dan2", 22, kDay),
                    AnEvent(v1::KIND_COMPLAINT_RAISED).Of("cem").Id(23).OnDay(kDay + 50).Key("c")});
    for (const std::string one : {"dan", "dan2"}) {
      kit::EventBuilder link(v1::KIND_CUSTOMER_MERGED);
      world_.Publish({link.Of(one)
                          .Id(one == "dan" ? 24 : 25)
                          .OnDay(kDay + 2)
                          .Set("survivor", "dan")
                          .Set("merged", "dan2")});
    }
  }
  static v1::DiffRequest Between(int64_t left_day, int64_t right_day) {
    v1::DiffRequest request;
    request.mutable_left()->set_as_of_us(left_day * kMicrosPerDay);
    request.mutable_right()->set_as_of_us(right_day * kMicrosPerDay);
    return request;
  }
  v1::BaseDifference Diff(const v1::DiffRequest& request) {
    v1::DiffResponse response;
    EXPECT_OK(world_.Call(world_.past(), &Past::Diff, request, response));
    return response.difference();
  }
  absl::Status WhatIf(const v1::WhatIfRequest& request, v1::WhatIfResponse& response) {
    return world_.Call(world_.past(), &Past::WhatIf, request, response);
  }
  v1::Standing Get(const std::string& customer, int64_t as_of_us) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    v1::GetRelationshipResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
    return response.standing();
  }
  int StageOf(const std::string& customer, int64_t day) {
    return Get(customer, day * kMicrosPerDay).stage();
  }

  ServiceWorld world_;
};

TEST_F(DifferenceTest, MovesAreThoseOfEachCustomer) {
  PublishAll();
  const int64_t left = kDay + 3, right = kDay + 300;
  v1::DiffRequest request = Between(left, right);
  request.set_customer_ids(10);
  const v1::BaseDifference difference = Diff(request);
  Moves expected;
  for (const char* customer : {"ana", "ben", "dan"}) {
    ++expected[{StageOf(customer, left), StageOf(customer, right)}];
  }
  // Cem had done nothing by then.
  ++expected[{v1::STAGE_UNSPECIFIED, StageOf("cem", right)}];
  EXPECT_EQ(MovesOf(difference), expected);
  EXPECT_EQ(difference.left().customers(), 3);
  EXPECT_EQ(difference.right().customers(), 4);
  EXPECT_EQ(difference.left().info().as_of_us(), left * kMicrosPerDay);
  EXPECT_EQ(difference.right().info().as_of_us(), right * kMicrosPerDay);
  std::vector<std::string> ids;
  for (const v1::StageMove& move : difference.moves()) {
    EXPECT_EQ(move.customer_ids_size(), move.customers());
    ids.insert(ids.end(), move.customer_ids().begin(), move.customer_ids().end());
  }
  EXPECT_THAT(ids, UnorderedElementsAre("ana", "ben", "cem", "dan"));
  int64_t in_bands = 0, sum = 0;
  for (const int64_t band : difference.right().score_bands()) in_bands += band;
  for (const char* customer : {"ana", "ben", "cem", "dan"}) {
    sum += Get(customer, right * kMicrosPerDay).score_milli();
  }
  EXPECT_EQ(in_bands, 4);
  EXPECT_EQ(difference.right().score_milli_sum(), sum);
}

TEST_F(DifferenceTest, SamplesAreTheStandingsOfBothSides) {
  PublishAll();
  v1::DiffRequest request = Between(kDay + 3, kDay + 300);
  const v1::BaseDifference all = Diff(request);
  ASSERT_GE(all.samples_size(), 3);
  for (const v1::DifferenceSample& one : all.samples()) {
    EXPECT_EQ(one.has_left(), one.customer_id() != "cem") << one.customer_id();
    ASSERT_TRUE(one.has_right()) << one.customer_id();
    EXPECT_EQ(one.right().score_milli(),
              Get(one.customer_id(), (kDay + 300) * kMicrosPerDay).score_milli());
    EXPECT_NE(one.right().stage_rule().rule_id(), "");
    EXPECT_NE(one.left().stage(), one.right().stage());
  }
  request.set_samples(1);
  const v1::BaseDifference one = Diff(request);
  ASSERT_EQ(one.samples_size(), 1);
  EXPECT_EQ(one.samples(0).customer_id(), all.samples(0).customer_id());
}

TEST_F(DifferenceTest, WhatIsOwedIsOpenedAndClosed) {
  world_.Publish({AnEvent(v1::KIND_COMPLAINT_RAISED).Of("ana").Id(1).OnDay(kDay).Key("c1")});
  const auto resolve = [](const v1::BaseDifference& difference) {
    std::pair<int64_t, int64_t> moves;
    for (const v1::FollowUpMove& move : difference.follow_ups()) {
      if (move.policy() == "complaint_resolve") moves = {move.opened(), move.closed()};
    }
    return moves;
  };
  EXPECT_EQ(resolve(Diff(Between(kDay - 1, kDay + 1))), std::make_pair(int64_t{1}, int64_t{0}));
  EXPECT_EQ(resolve(Diff(Between(kDay + 1, kDay + 2))), std::make_pair(int64_t{0}, int64_t{0}));
  world_.Publish({AnEvent(v1::KIND_COMPLAINT_RESOLVED).Of("ana").Id(2).OnDay(kDay + 3).Key("c1")});
  EXPECT_EQ(resolve(Diff(Between(kDay + 1, kDay + 4))), std::make_pair(int64_t{0}, int64_t{1}));
}

TEST_F(DifferenceTest, WhatIsKnownLaterIsADifferenceAtOneMoment) {
  world_.Publish({Bought("ana", 1, kDay)});
  const std::string before = world_.engine().pipeline().Applied().ToString();
  // Told late.
  world_.Publish({Bought("ana", 2, kDay + 1), Bought("ben", 3, kDay + 1)});
  v1::DiffRequest request = Between(kDay + 5, kDay + 5);
  request.mutable_left()->set_known_at(before);
  const v1::BaseDifference difference = Diff(request);
  EXPECT_EQ(difference.left().customers(), 1);
  EXPECT_EQ(difference.right().customers(), 2);
  EXPECT_EQ(MovesOf(difference), (Moves{{{v1::STAGE_UNSPECIFIED, v1::STAGE_EXPLORATION}, 1},
                                        {{v1::STAGE_EXPLORATION, v1::STAGE_EXPANSION}, 1}}));
}

TEST_F(DifferenceTest, WhatIfSaysWhatActivatingWouldBring) {
  PublishAll();
  v1::WhatIfRequest request;
  request.mutable_viewpoint()->set_as_of_us(kLater);
  request.set_rules_text(kImpatient);
  v1::WhatIfResponse imagined;
  ASSERT_OK(WhatIf(request, imagined));
  EXPECT_FALSE(imagined.refolded());
  const std::map<std::string, int> before = {{"ana", StageOf("ana", kDay + 60)},
                                             {"ben", StageOf("ben", kDay + 60)},
                                             {"cem", StageOf("cem", kDay + 60)},
                                             {"dan", StageOf("dan", kDay + 60)}};
  v1::ActivateRulesRequest activation;
  activation.set_rules_text(kImpatient);
  activation.set_expected_digest(imagined.difference().left().info().rules_digest());
  v1::ActivateRulesResponse activated;
  ASSERT_OK(world_.Call(world_.operations(), &Operations::ActivateRules, activation, activated));
  EXPECT_EQ(activated.rules_digest(), imagined.difference().right().info().rules_digest());
  Moves expected;
  for (const auto& [customer, stage] : before) {
    ++expected[{stage, StageOf(customer, kDay + 60)}];
  }
  EXPECT_EQ(MovesOf(imagined.difference()), expected);
  EXPECT_GT(expected.size(), 1u);
  // Back again, by digest.
  v1::WhatIfRequest back;
  back.mutable_viewpoint()->set_as_of_us(kLater);
  back.set_rules_digest(imagined.difference().left().info().rules_digest());
  v1::WhatIfResponse undone;
  ASSERT_OK(WhatIf(back, undone));
  Moves reversed;
  for (const auto& [stages, customers] : expected) {
    reversed[{stages.second, stages.first}] = customers;
  }
  EXPECT_EQ(MovesOf(undone.difference()), reversed);
}

// covers: 004-06
TEST_F(DifferenceTest, OneLogByTwoFilesOfRules) {
  PublishAll();
  const std::string position = world_.engine().pipeline().Applied().ToString();
  v1::DigestResponse before, after;
  ASSERT_OK(world_.Call(world_.past(), &Past::Digest, v1::DigestRequest(), before));
  v1::WhatIfRequest request;
  request.mutable_viewpoint()->set_as_of_us(kLater);
  request.set_rules_text(kImpatient);
  request.set_file("impatient.textproto");
  request.set_customer_ids(10);
  v1::WhatIfResponse imagined;
  ASSERT_OK(WhatIf(request, imagined));
  const v1::BaseDifference& difference = imagined.difference();
  // Each names its digest.
  EXPECT_NE(difference.left().info().rules_digest(), difference.right().info().rules_digest());
  EXPECT_EQ(difference.left().info().rules_digest(),
            operations::RuleBook::Open(&SystemFiles(), world_.folder(), "standard", {})
                .value()
                ->active_digest());
  // Ben and Dan bought on one day, and were silent for 59: 20 are too long, 182 are not.
  std::vector<std::string> changed;
  for (const v1::StageMove& move : difference.moves()) {
    if (move.from() == move.to()) continue;
    EXPECT_EQ(move.from(), v1::STAGE_EXPLORATION);
    EXPECT_EQ(move.to(), v1::STAGE_DISSOLUTION);
    changed.insert(changed.end(), move.customer_ids().begin(), move.customer_ids().end());
  }
  EXPECT_THAT(changed, ElementsAre("ben", "dan"));
  ASSERT_EQ(difference.samples_size(), 2);
  EXPECT_EQ(difference.samples(0).left().stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(difference.samples(0).right().stage(), v1::STAGE_DISSOLUTION);
  // Facts and log are as they were, and so are the answers.
  ASSERT_OK(world_.Call(world_.past(), &Past::Digest, v1::DigestRequest(), after));
  EXPECT_EQ(after.state_digest(), before.state_digest());
  EXPECT_EQ(world_.engine().pipeline().Applied().ToString(), position);
  EXPECT_EQ(StageOf("ben", kDay + 60), v1::STAGE_EXPLORATION);
}

TEST_F(DifferenceTest, OtherFoldRulesFoldAnewAndKeepNothing) {
  PublishAll();
  v1::DigestRequest digest;
  v1::DigestResponse before, after;
  ASSERT_OK(world_.Call(world_.past(), &Past::Digest, digest, before));
  v1::WhatIfRequest request;
  request.mutable_viewpoint()->set_as_of_us(kLater);
  // What was spent weeks ago hardly counts any more.
  request.set_rules_text(
      "parent: \"standard\" name: \"brief\"\n"
      "fold { ring { name: \"spend\" half_life_days: 7 } }");
  v1::WhatIfResponse imagined;
  ASSERT_OK(WhatIf(request, imagined));
  EXPECT_TRUE(imagined.refolded());
  EXPECT_EQ(imagined.difference().left().customers(), 4);
  EXPECT_EQ(imagined.difference().right().customers(), 4);
  EXPECT_LT(imagined.difference().right().score_milli_sum(),
            imagined.difference().left().score_milli_sum());
  ASSERT_OK(world_.Call(world_.past(), &Past::Digest, digest, after));
  EXPECT_EQ(before.state_digest(), after.state_digest());
  // Now as well.
  request.clear_viewpoint();
  ASSERT_OK(WhatIf(request, imagined));
  EXPECT_TRUE(imagined.refolded());
  EXPECT_EQ(imagined.difference().right().customers(), 4);
}

TEST_F(DifferenceTest, WalksOfTheBaseTakeTurns) {
  world_.Publish({Bought("ana", 1, kDay)});
  const edge::Call other{edge::Caller()};
  auto turn = world_.server().base_walks().Take(other);
  ASSERT_OK(turn);
  const auto in_time = [](std::unique_ptr<grpc::ClientContext> context) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Milliseconds(200)));
    return context;
  };
  std::vector<absl::Status> ends;
  v1::DiffResponse diff;
  ends.push_back(edge::FromRpcStatus(
      world_.past().Diff(in_time(world_.Context()).get(), Between(kDay, kDay + 1), &diff)));
  v1::WhatIfRequest imagine;
  imagine.set_rules_text(kImpatient);
  v1::WhatIfResponse imagined;
  ends.push_back(edge::FromRpcStatus(
      world_.past().WhatIf(in_time(world_.Context()).get(), imagine, &imagined)));
  v1::VerifyResponse verified;
  ends.push_back(edge::FromRpcStatus(
      world_.operations().Verify(in_time(world_.Context()).get(), {}, &verified)));
  v1::SnapshotBaseRequest all;
  all.set_table(v1::BASE_TABLE_RELATIONSHIPS);
  const auto context = in_time(world_.Context());
  const auto stream = world_.past().SnapshotBase(context.get(), all);
  v1::SnapshotBaseResponse rows;
  EXPECT_FALSE(stream->Read(&rows));
  ends.push_back(edge::FromRpcStatus(stream->Finish()));
  for (const absl::Status& end : ends) {
    EXPECT_THAT(end, StatusIs(absl::StatusCode::kResourceExhausted,
                              "RATE_LIMITED: 1 walks of the whole base may run at once"));
  }
  // Without a deadline until it is one's turn.
  std::thread waiting(
      [&] { EXPECT_OK(world_.Call(world_.past(), &Past::Diff, Between(kDay, kDay + 1), diff)); });
  while (world_.server().base_walks().waiting() == 0) std::this_thread::yield();
  turn->reset();
  waiting.join();
  EXPECT_EQ(diff.difference().left().customers(), 1);
}

TEST_F(DifferenceTest, RefusesWhatIsWrong) {
  world_.Publish({Bought("ana", 1, kDay)});
  v1::DiffRequest request = Between(kDay, kDay + 1);
  v1::DiffResponse response;
  const auto diff = [&] { return world_.Call(world_.past(), &Past::Diff, request, response); };
  request.set_samples(51);
  EXPECT_THAT(diff(), StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: samples"));
  request.set_samples(0);
  request.set_customer_ids(-1);
  EXPECT_THAT(diff(), StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: customer_ids"));
  request.set_customer_ids(0);
  request.mutable_right()->set_as_of_us(4'000'000'000'000'000);
  EXPECT_THAT(diff(), StatusIs(absl::StatusCode::kInvalidArgument,
                               "TIME_OUT_OF_RANGE: right.as_of_us: must be after 1970"));
  // Before there was anything.
  request.mutable_left()->set_as_of_us(1);
  request.mutable_right()->set_as_of_us(2);
  ASSERT_OK(diff());
  EXPECT_EQ(response.difference().left().customers(), 0);
  EXPECT_THAT(response.difference().moves(), IsEmpty());

  v1::WhatIfRequest question;
  v1::WhatIfResponse answer;
  EXPECT_THAT(WhatIf(question, answer),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: rules_text"));
  question.set_rules_text("parent: \"standard\" evaluate { horizon_days: 0 }");
  EXPECT_THAT(WhatIf(question, answer),
              StatusIs(absl::StatusCode::kInvalidArgument, "RULES_INVALID"));
  question.set_rules_digest("r-000000000000");
  EXPECT_THAT(WhatIf(question, answer), StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN"));
}

}  // namespace
}  // namespace rapport
