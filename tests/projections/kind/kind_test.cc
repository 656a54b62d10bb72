#include "projections/kind/kind.h"

#include <gtest/gtest.h>

#include <numeric>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "rapport/v1/advocacy.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/random_history.h"
#include "tests/kit/standard_rules.h"

namespace rapport::kind {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

constexpr int64_t kDay = 15'000;

class KindTest : public testing::Test {
 protected:
  void Does(EventBuilder event, int times = 1) {
    for (int i = 0; i < times; ++i) {
      facts::Fold(facts_, event.Id(++events_).View(), kit::Standard().fold);
    }
  }
  KindReading On(int64_t day) const {
    const kit::StandardRules& rules = kit::Standard();
    const facts::Reading reading =
        facts::Read(facts_, day * kMicrosPerDay, rules.fold, rules.evaluate);
    return Read(facts_, reading, rules.fold, rules.evaluate);
  }

 private:
  facts::Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(KindTest, SomebodyUnknownHasNoTypeAndNoShares) {
  const KindReading kind = On(kDay);
  EXPECT_EQ(kind.primary, v1::RELATIONSHIP_TYPE_NONE);
  EXPECT_EQ(kind.mode, v1::SERVICE_MODE_NONE);
  EXPECT_EQ(std::accumulate(kind.permille.begin(), kind.permille.end(), int64_t{0}), 0);
}

TEST_F(KindTest, ABuyerIsTransactional) {
  Does(APurchase().OnDay(kDay));
  const KindReading kind = On(kDay);
  EXPECT_EQ(kind.primary, v1::RELATIONSHIP_TYPE_TRANSACTIONAL);
  EXPECT_EQ(kind.permille[kTransactional], 1000);
  EXPECT_FALSE(kind.recurring);
}

TEST_F(KindTest, SixPurchasesInTenWithAPromotionAreTransactionalMarketing) {
  Does(APurchase().OnDay(kDay).Set("promotion", "spring"), 6);
  Does(APurchase().OnDay(kDay), 4);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_TRANSACTIONAL_MARKETING);
  Does(APurchase().OnDay(kDay));
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_TRANSACTIONAL);
}

TEST_F(KindTest, OneRequestIsReactive) {
  Does(APurchase().OnDay(kDay));
  Does(AnEvent(v1::KIND_SUPPORT_REQUESTED).OnDay(kDay).Key("q"));
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_REACTIVE);
}

TEST_F(KindTest, TwoAnswersToOutreachAreProactiveUnlessRequestsAreMore) {
  Does(AnEvent(v1::KIND_OUTREACH_ANSWERED).OnDay(kDay).Key("o"), 2);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_PROACTIVE);
  Does(AnEvent(v1::KIND_SUPPORT_REQUESTED).OnDay(kDay).Key("q"), 3);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_REACTIVE);
}

TEST_F(KindTest, TwoMeetingsAreCollaborative) {
  Does(AnEvent(v1::KIND_MEETING_HELD).OnDay(kDay).Key("m"), 2);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_COLLABORATIVE);
}

TEST_F(KindTest, CommunityNeedsAShareOfEverything) {
  Does(AnEvent(v1::KIND_COMMUNITY_ACTED).OnDay(kDay).Key("c").Set("form", 2), 3);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_COMMUNITY);
  Does(APurchase().OnDay(kDay), 7);
  EXPECT_EQ(On(kDay).permille[kCommunity], 300);
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_COMMUNITY);
  Does(APurchase().OnDay(kDay));
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_TRANSACTIONAL);
}

TEST_F(KindTest, AReferralIsAdvocacyUnlessFeelingsAreBad) {
  Does(AnEvent(v1::KIND_REFERRAL_MADE).OnDay(kDay).Key("r"));
  EXPECT_EQ(On(kDay).primary, v1::RELATIONSHIP_TYPE_ADVOCACY);
  Does(AnEvent(v1::KIND_SURVEY_ANSWERED).OnDay(kDay).Key("s").Set("score", 0).Set("max", 10));
  EXPECT_NE(On(kDay).primary, v1::RELATIONSHIP_TYPE_ADVOCACY);
}

TEST_F(KindTest, PartnershipNeedsABusinessAgreementWithSharedGoalsInForce) {
  const EventBuilder signed_agreement = AnEvent(v1::KIND_AGREEMENT_SIGNED)
                                            .OnDay(kDay)
                                            .Key("a")
                                            .Set("b2b", 1)
                                            .Set("ends_at_us", (kDay + 10) * kMicrosPerDay);
  Does(signed_agreement);
  EXPECT_NE(On(kDay).primary, v1::RELATIONSHIP_TYPE_PARTNERSHIP);
  Does(EventBuilder(signed_agreement).OnDay(kDay + 1).Set("shared_goals", 1));
  EXPECT_EQ(On(kDay + 10).primary, v1::RELATIONSHIP_TYPE_PARTNERSHIP);
  EXPECT_NE(On(kDay + 11).primary, v1::RELATIONSHIP_TYPE_PARTNERSHIP);
}

TEST_F(KindTest, SharesAddUpToAThousandByLargestRemainder) {
  Does(APurchase().OnDay(kDay));
  Does(AnEvent(v1::KIND_SUPPORT_REQUESTED).OnDay(kDay).Key("q"));
  Does(AnEvent(v1::KIND_OUTREACH_ANSWERED).OnDay(kDay).Key("o"));
  const KindReading kind = On(kDay);
  EXPECT_EQ(kind.permille[kTransactional], 334);
  EXPECT_EQ(kind.permille[kReactive], 333);
  EXPECT_EQ(kind.permille[kProactive], 333);
}

TEST_F(KindTest, ModeIsThatOfMostTouchesAndTiesGoToPersonal) {
  Does(APurchase().OnDay(kDay).On(v1::CHANNEL_SELF_SERVICE));
  EXPECT_EQ(On(kDay).mode, v1::SERVICE_MODE_SELF_SERVICE);
  Does(APurchase().OnDay(kDay).On(v1::CHANNEL_PHONE));
  EXPECT_EQ(On(kDay).mode, v1::SERVICE_MODE_PERSONAL);
}

TEST_F(KindTest, AnOwnerMakesTheModeDedicatedUntilNobodyIsAssigned) {
  Does(APurchase().OnDay(kDay).On(v1::CHANNEL_PHONE));
  Does(AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED).OnDay(kDay).Key("m-1"));
  EXPECT_EQ(On(kDay).mode, v1::SERVICE_MODE_DEDICATED);
  Does(AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED).OnDay(kDay + 1));
  EXPECT_EQ(On(kDay + 1).mode, v1::SERVICE_MODE_PERSONAL);
}

TEST_F(KindTest, LongTermNeedsThreePurchaseDaysOverAYear) {
  Does(APurchase().OnDay(kDay));
  Does(APurchase().OnDay(kDay + 364));
  EXPECT_TRUE(On(kDay + 364).recurring);
  EXPECT_FALSE(On(kDay + 364).long_term);
  Does(APurchase().OnDay(kDay + 100));
  EXPECT_TRUE(On(kDay + 364).long_term);
}

TEST(KindSharesTest, AddUpToAThousandForRandomHistories) {
  const kit::StandardRules& rules = kit::Standard();
  for (uint64_t seed = 0; seed < 200; ++seed) {
    facts::Facts facts;
    for (const EventBuilder& event : kit::RandomHistory(seed, 30)) {
      facts::Fold(facts, event.View(), rules.fold);
    }
    const facts::Reading reading = facts::Read(facts, 0, rules.fold, rules.evaluate);
    const KindReading kind = Read(facts, reading, rules.fold, rules.evaluate);
    v1::Standing standing;
    WriteKind(kind, standing);
    uint32_t sum = 0;
    for (const v1::TypeShare& share : standing.types()) sum += share.permille();
    EXPECT_EQ(sum, standing.types().empty() ? 0u : 1000u) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rapport::kind
