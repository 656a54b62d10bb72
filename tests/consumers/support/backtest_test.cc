// A backtest over the wire: who is ranked, who buys again, by which rules, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;
using testing::HasSubstr;

// The end of a day, and ten days.
constexpr int64_t kCut = (kDay + 4) * kMicrosPerDay - 1;
constexpr int64_t kTenDays = 10 * kMicrosPerDay;

class BacktestTest : public testing::Test {
 protected:
  static v1::BacktestRequest Request() {
    v1::BacktestRequest request;
    request.mutable_cut()->set_as_of_us(kCut);
    request.set_horizon_us(kTenDays);
    return request;
  }
  absl::Status Try(const v1::BacktestRequest& request) {
    v1::BacktestResponse response;
    const absl::Status status = world_.Call(world_.past(), &Past::Backtest, request, response);
    backtest_ = response.backtest();
    return status;
  }
  const v1::Backtest& Ask(const v1::BacktestRequest& request) {
    EXPECT_OK(Try(request));
    return backtest_;
  }
  const v1::BacktestRanking& RankingBy(v1::BacktestModel model) {
    for (const v1::BacktestRanking& one : backtest_.rankings()) {
      if (one.model() == model) return one;
    }
    ADD_FAILURE() << "not ranked by " << model;
    return v1::BacktestRanking::default_instance();
  }
  // What the server says of each at the cut.
  std::map<std::string, int64_t> Scores(const std::set<std::string>& customers) {
    std::map<std::string, int64_t> scores;
    for (const std::string& customer : customers) {
      v1::GetRelationshipRequest request;
      request.set_customer_id(customer);
      request.mutable_viewpoint()->set_as_of_us(kCut);
      v1::GetRelationshipResponse response;
      EXPECT_OK(
          world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
      scores[customer] = response.standing().score_milli();
    }
    return scores;
  }
  static int64_t AucPpm(const std::map<std::string, int64_t>& scores,
                        const std::set<std::string>& buyers) {
    int64_t wins_twice = 0, pairs = 0;
    for (const auto& [buyer, of_buyer] : scores) {
      for (const auto& [other, of_other] : scores) {
        if (!buyers.contains(buyer) || buyers.contains(other)) continue;
        ++pairs;
        wins_twice += (of_buyer > of_other) + (of_buyer >= of_other);
      }
    }
    return (1'000'000 * wins_twice + pairs) / (2 * pairs);
  }
  // Ana and Bea buy again. Of the others Ben never does, Cem too late, Dan by mistake; Eva comes
  // later, and Fay only asks.
  void PublishAll() {
    world_.Publish(
        {Bought("ana", 1, kDay), Bought("ana", 2, kDay + 2), Bought("ana", 3, kDay + 6),
         Bought("ana", 4, kDay + 6), Bought("ana", 5, kDay + 13), Bought("bea", 6, kDay + 3),
         Bought("bea", 7, kDay + 4), Bought("ben", 8, kDay + 1), Bought("cem", 9, kDay),
         Bought("cem", 10, kDay + 14), Bought("dan", 11, kDay), Bought("dan", 12, kDay + 5),
         kit::ARetraction("00000000-0000-0000-0000-000000000012").Of("dan").Id(13).OnDay(kDay + 5),
         Bought("eva", 14, kDay + 5),
         AnEvent(v1::KIND_ENQUIRY_MADE).Of("fay").Id(15).OnDay(kDay).Key("q")});
  }

  ServiceWorld world_;
  v1::Backtest backtest_;
};

const std::set<std::string> kRanked = {"ana", "bea", "ben", "cem", "dan"};

TEST_F(BacktestTest, WhoHadBoughtIsRankedAndWhoBuysWithinTheHorizonBuysAgain) {
  PublishAll();
  const v1::Backtest& backtest = Ask(Request());
  EXPECT_EQ(backtest.customers(), 5);
  EXPECT_EQ(backtest.buyers(), 2);
  EXPECT_EQ(backtest.without_purchase(), 1);
  EXPECT_EQ(backtest.purchase_days(), 6);
  // Ana's days 6 and 13, Bea's day 4: the first behind the cut, and the last of the horizon.
  EXPECT_EQ(backtest.later_purchase_days(), 3);
  EXPECT_EQ(backtest.info().as_of_us(), kCut);
  EXPECT_EQ(backtest.until_us(), kCut + kTenDays);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_SCORE).auc_ppm(), AucPpm(Scores(kRanked), {"ana", "bea"}));
  // Bea's was the latest purchase, then Ana's, Ben's, and those of Cem and Dan.
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_RECENCY).auc_ppm(), 1'000'000);
  // Ana is above all, Bea ties with the others.
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_FREQUENCY).auc_ppm(), 750'000);
  EXPECT_THAT(backtest.verdict(0), HasSubstr("in 100 of 100 pairs"));
}

TEST_F(BacktestTest, APurchaseAtTheMomentOfTheCutIsNoneBehindIt) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay + 3), Bought("ben", 3, kDay),
                  Bought("ben", 4, kDay + 4), Bought("cem", 5, kDay + 13)});
  const int64_t bought_at = (kDay + 3) * kMicrosPerDay;
  v1::BacktestRequest request = Request();
  request.mutable_cut()->set_as_of_us(bought_at);
  EXPECT_EQ(Ask(request).buyers(), 1);
  // A moment before it is one.
  request.mutable_cut()->set_as_of_us(bought_at - 1);
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     "BACKTEST_UNDEFINED: all of the 2 customers"));
}

TEST_F(BacktestTest, MergedCustomersAreOneAndBuyAgainTogether) {
  PublishAll();
  world_.Publish({Bought("ben2", 20, kDay + 6)});
  EXPECT_EQ(Ask(Request()).buyers(), 2);
  for (const std::string one : {"ben", "ben2"}) {
    kit::EventBuilder link(v1::KIND_CUSTOMER_MERGED);
    world_.Publish({link.Of(one)
                        .Id(one == "ben" ? 21 : 22)
                        .OnDay(kDay + 20)
                        .Set("survivor", "ben2")
                        .Set("merged", "ben")});
  }
  EXPECT_EQ(Ask(Request()).customers(), 5);
  EXPECT_EQ(backtest_.buyers(), 3);
  EXPECT_EQ(backtest_.later_purchase_days(), 4);
}

TEST_F(BacktestTest, RanksByWhatWasKnownAndAsksWhatIsKnownNow) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ben", 2, kDay)});
  const std::string then = world_.engine().pipeline().Applied().ToString();
  // Told late: Ben had bought more often, and Ana buys again; Cem was not known yet.
  world_.Publish({Bought("ben", 3, kDay + 1), Bought("ana", 4, kDay + 5),
                  Bought("cem", 5, kDay + 1), Bought("cem", 6, kDay + 13)});
  v1::BacktestRequest request = Request();
  EXPECT_EQ(Ask(request).customers(), 3);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_FREQUENCY).auc_ppm(), 0);
  request.mutable_cut()->set_known_at(then);
  EXPECT_EQ(Ask(request).customers(), 2);
  EXPECT_EQ(backtest_.buyers(), 1);
  // As it was known, both had bought once.
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_FREQUENCY).auc_ppm(), 500'000);
}

// Rules that differ in what they evaluate, against the same ones when they are active.
TEST_F(BacktestTest, OtherRulesRankAsTheyDoOnceTheyAreActive) {
  constexpr char kDistant[] =
      "parent: \"standard\" name: \"distant\" "
      "evaluate { rhythm { weight: 0 } outlook { weight: 0 } value { weight: 0 } }";
  PublishAll();
  world_.Publish({Bought("ben", 30, kDay + 2), Bought("ben", 31, kDay + 3)});
  v1::BacktestRequest request = Request();
  request.set_rules_text(kDistant);
  const v1::Backtest before = Ask(request);
  const v1::BacktestRanking other = RankingBy(v1::BACKTEST_MODEL_OTHER_RULES);
  // To them all are alike.
  EXPECT_EQ(other.auc_ppm(), 500'000);
  EXPECT_NE(before.rankings(0).auc_ppm(), 500'000);
  v1::ActivateRulesRequest activation;
  activation.set_rules_text(kDistant);
  activation.set_expected_digest(before.info().rules_digest());
  v1::ActivateRulesResponse activated;
  ASSERT_OK(world_.Call(world_.operations(), &Operations::ActivateRules, activation, activated));
  EXPECT_EQ(activated.rules_digest(), other.rules_digest());
  const v1::Backtest& after = Ask(Request());
  EXPECT_EQ(after.info().rules_digest(), other.rules_digest());
  EXPECT_EQ(after.rankings(0).rules_digest(), other.rules_digest());
  EXPECT_EQ(after.rankings(0).auc_ppm(), other.auc_ppm());
  // The first ones by their digest, beside those that are active now.
  request.set_rules_digest(before.info().rules_digest());
  Ask(request);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_OTHER_RULES).auc_ppm(), before.rankings(0).auc_ppm());
}

// Visits mean nothing to the standard rules.
TEST_F(BacktestTest, RulesThatFoldOtherwiseRankByOtherFacts) {
  const auto visit = [](const std::string& customer, uint64_t id) {
    return AnEvent(v1::KIND_CUSTOM_TOUCHPOINT)
        .Of(customer)
        .Id(id)
        .OnDay(kDay + 1)
        .Key("showroom.visit");
  };
  world_.Publish({Bought("ana", 1, kDay), Bought("ben", 2, kDay), Bought("cem", 3, kDay),
                  Bought("ana", 4, kDay + 13), visit("ana", 5), visit("ana", 6), visit("cem", 7)});
  v1::BacktestRequest request = Request();
  request.set_rules_text(
      "parent: \"standard\" name: \"visits\" fold { custom_kind { name: \"showroom.visit\" "
      "by: CUSTOM_KIND_BY_CUSTOMER weight { ring: \"dialogue\" add: 400 } } }");
  Ask(request);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_SCORE).auc_ppm(), 500'000);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_OTHER_RULES).auc_ppm(), 1'000'000);
  EXPECT_EQ(RankingBy(v1::BACKTEST_MODEL_OTHER_RULES).difference_ppm(), 500'000);
}

TEST_F(BacktestTest, SaysHowFarHistoryReaches) {
  const auto refused = [&](const v1::BacktestRequest& request, const std::string& why) {
    EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kInvalidArgument, why));
  };
  v1::BacktestRequest request = Request();
  refused(request,
          "TIME_OUT_OF_RANGE: cut: nobody had bought by 2024-10-07T23:59:59.999999Z, nor "
          "by 2024-10-17T23:59:59.999999Z, the end of the horizon; choose a later cut");
  world_.Publish({Bought("ana", 1, kDay), Bought("ben", 2, kDay), Bought("ana", 3, kDay + 5)});
  refused(request,
          "TIME_OUT_OF_RANGE: horizon: ends on 2024-10-17, and the newest event is of "
          "2024-10-09; choose an earlier cut, or a horizon of 2d or less");
  request.set_horizon_us(2 * kMicrosPerDay);
  EXPECT_EQ(Ask(request).buyers(), 1);
  // Whatever happened, history has come so far; also when it was later than the horizon.
  world_.Publish({AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").Id(4).OnDay(kDay + 50).Key("q")});
  request.set_horizon_us(kTenDays);
  EXPECT_EQ(Ask(request).buyers(), 1);
  request.mutable_cut()->set_as_of_us((kDay - 1) * kMicrosPerDay);
  refused(request,
          "TIME_OUT_OF_RANGE: cut: nobody had bought by 2024-10-03T00:00:00Z; the first "
          "purchase is of 2024-10-04; choose a later cut");
  request.mutable_cut()->set_as_of_us((kDay + 50) * kMicrosPerDay);
  refused(request,
          "TIME_OUT_OF_RANGE: horizon: ends on 2024-12-03, and the newest event is of "
          "2024-11-23; choose an earlier cut");
}

TEST_F(BacktestTest, RefusesWhatIsWrong) {
  world_.Publish({Bought("ana", 1, kDay)});
  const auto refused = [&](auto change, const std::string& why) {
    v1::BacktestRequest request = Request();
    change(request);
    EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kInvalidArgument, why));
  };
  refused([](auto& request) { request.clear_cut(); }, "FIELD_INVALID: cut.as_of_us");
  refused([](auto& request) { request.mutable_cut()->set_as_of_us(-5); }, "TIME_OUT_OF_RANGE: cut");
  refused([](auto& request) { request.mutable_cut()->set_as_of_us(4'000'000'000'000'000); },
          "TIME_OUT_OF_RANGE: cut: must be after 1970 and before now");
  refused([](auto& request) { request.set_horizon_us(kMicrosPerDay - 1); },
          "FIELD_INVALID: horizon_us: must be a day or longer");
  refused([](auto& request) { request.set_horizon_us(INT64_MAX); }, "FIELD_INVALID: horizon_us");
  refused([](auto& request) { request.set_horizon_us(30'000 * kMicrosPerDay); },
          "TIME_OUT_OF_RANGE: horizon: is not over");
  refused([](auto& request) { request.set_rules_text("evaluate { horizon_days: 0 }"); },
          "RULES_INVALID");
  v1::BacktestRequest request = Request();
  request.set_rules_digest("r-000000000000");
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN"));
}

}  // namespace
}  // namespace rapport
