// Each of the ten lives reaches what it is written for, whatever day of the month it ends on.
#include "consumers/operations/demo_lives.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "consumers/operations/demo_shop.h"
#include "engine/base/time.h"
#include "engine/history/history.h"
#include "gtest/gtest.h"
#include "projections/catalog.h"
#include "rapport/v1/facts.pb.h"

namespace rapport::operations {
namespace {

// One life up to some days before its end, folded and evaluated.
class Seen {
 public:
  Seen(int64_t end_day, absl::string_view customer_id, int64_t days_ago)
      : projection_(projections::StandardCatalog().value()), facts_(projection_.get()) {
    const int64_t at_us = (end_day - days_ago) * kMicrosPerDay;
    for (const v1::Event& event :
         TenLives(ShopBeginDay(end_day) * kMicrosPerDay, end_day * kMicrosPerDay)) {
      if (event.customer_id() != customer_id || event.occurred_at_us() > at_us) continue;
      history::PastEvent past;
      past.envelope = event;
      EXPECT_TRUE(facts_.Fold(past)) << event.ShortDebugString();
    }
    projection_->Evaluate(customer_id, facts_.get(), at_us, {}, standing_);
  }

  const v1::Standing& standing() const { return standing_; }

  v1::CustomerFacts facts() const {
    std::string bytes;
    projection_->Encode(facts_.get(), /*with_offsets=*/false, bytes);
    v1::CustomerFacts facts;
    EXPECT_TRUE(facts.ParseFromString(bytes));
    return facts;
  }

  bool Has(v1::Flag flag) const {
    return std::any_of(standing_.flags().begin(), standing_.flags().end(),
                       [flag](const v1::FlagState& state) { return state.flag() == flag; });
  }

  // The gravest status of the policy: OVERDUE, DUE, or none of them.
  std::optional<v1::FollowUpStatus> Owed(absl::string_view policy) const {
    std::optional<v1::FollowUpStatus> owed;
    for (const v1::FollowUp& follow_up : standing_.follow_ups()) {
      if (follow_up.policy() != policy) continue;
      if (follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE) return follow_up.status();
      if (follow_up.status() == v1::FOLLOW_UP_STATUS_DUE) owed = follow_up.status();
    }
    return owed;
  }

  bool AnythingOverdue() const {
    return std::any_of(standing_.follow_ups().begin(), standing_.follow_ups().end(),
                       [](const v1::FollowUp& follow_up) {
                         return follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE &&
                                follow_up.class_() <= v1::FOLLOW_UP_CLASS_SERVICE;
                       });
  }

  int64_t LineOf(v1::ScoreLine line) const {
    for (const v1::Line& one : standing_.lines()) {
      if (one.line() == line) return one.milli_points();
    }
    return 0;
  }

 private:
  std::unique_ptr<fold::Projection> projection_;
  history::PastFacts facts_;
  v1::Standing standing_;
};

// Runs for every second day of a month, letters on the 1st and the 15th included.
class DemoLivesTest : public testing::TestWithParam<int> {
 protected:
  Seen See(absl::string_view customer_id, int64_t days_ago = 0) const {
    return Seen(DayOfCivil({2026, 3, GetParam()}), customer_id, days_ago);
  }
};
INSTANTIATE_TEST_SUITE_P(DaysOfMarch, DemoLivesTest, testing::Range(1, 32, 2));

constexpr auto kOverdue = v1::FOLLOW_UP_STATUS_OVERDUE;
constexpr auto kDue = v1::FOLLOW_UP_STATUS_DUE;

TEST_P(DemoLivesTest, OpenComplaintIsOverdueAndDamages) {
  const Seen seen = See("cust-0417");
  EXPECT_EQ(seen.Owed("complaint_resolve"), kOverdue);
  EXPECT_EQ(seen.Owed("escalate_1"), kOverdue);
  EXPECT_EQ(seen.Owed("complaint_acknowledge"), std::nullopt);
  EXPECT_TRUE(seen.Has(v1::FLAG_DAMAGED));
}

TEST_P(DemoLivesTest, EscalatedComplaintCostsCommitment) {
  EXPECT_EQ(See("cust-0052", 12).standing().stage(), v1::STAGE_COMMITMENT);
  const Seen seen = See("cust-0052");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_EXPANSION);
  EXPECT_TRUE(seen.Has(v1::FLAG_DAMAGED));
  EXPECT_EQ(seen.Owed("complaint_resolve"), kOverdue);
  EXPECT_EQ(seen.Owed("escalate_2"), std::nullopt);
}

TEST_P(DemoLivesTest, SilentRegularIsAtRisk) {
  const Seen seen = See("cust-1203");
  EXPECT_TRUE(seen.Has(v1::FLAG_AT_RISK));
  EXPECT_NE(seen.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_FALSE(See("cust-1203", 40).Has(v1::FLAG_AT_RISK));
}

TEST_P(DemoLivesTest, AdvocateIsCommittedByABond) {
  const Seen seen = See("cust-0964");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_COMMITMENT);
  EXPECT_EQ(seen.standing().purchase_days(), 4u);
  EXPECT_EQ(seen.Owed("referral_thanks"), kOverdue);
  EXPECT_GT(seen.LineOf(v1::SCORE_LINE_ADVOCACY), 60'000);
}

TEST_P(DemoLivesTest, WonBackAfterDormancy) {
  const Seen before = See("cust-0731", 72);
  EXPECT_EQ(before.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(before.standing().stage_reason(), v1::STAGE_REASON_DORMANT);
  const Seen seen = See("cust-0731");
  EXPECT_TRUE(seen.Has(v1::FLAG_WON_BACK));
  EXPECT_NE(seen.standing().stage(), v1::STAGE_DISSOLUTION);
}

TEST_P(DemoLivesTest, RepairedComplaintNoLongerDamages) {
  EXPECT_FALSE(See("cust-0311", 61).Has(v1::FLAG_DAMAGED));
  EXPECT_TRUE(See("cust-0311", 59).Has(v1::FLAG_DAMAGED));
  const Seen seen = See("cust-0311");
  EXPECT_FALSE(seen.Has(v1::FLAG_DAMAGED));
  EXPECT_LT(seen.LineOf(v1::SCORE_LINE_FRICTION), 0);
  EXPECT_GT(seen.LineOf(v1::SCORE_LINE_FRICTION), -22'000);
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_COMMITMENT);
}

TEST_P(DemoLivesTest, OnePurchaseAsksForASecondAfter57Days) {
  const Seen seen = See("cust-1402");
  EXPECT_EQ(seen.Owed("second_purchase"), kDue);
  EXPECT_EQ(See("cust-1402", 2).Owed("second_purchase"), std::nullopt);
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(seen.standing().purchase_days(), 1u);
}

TEST_P(DemoLivesTest, ReturnKeepsThePurchaseDay) {
  const Seen seen = See("cust-0655");
  EXPECT_EQ(seen.standing().purchase_days(), 3u);
  EXPECT_EQ(seen.facts().money().reversed_centi(), 240'00);
  EXPECT_EQ(seen.facts().money().spend_centi(), 240'00 + 35'00 + 42'00);
  EXPECT_FALSE(seen.Has(v1::FLAG_DAMAGED));
}

TEST_P(DemoLivesTest, TwelveQuietMonthsAreDormant) {
  const Seen seen = See("cust-1118");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(seen.standing().stage_reason(), v1::STAGE_REASON_DORMANT);
  EXPECT_EQ(See("cust-1118", 364).standing().stage(), v1::STAGE_COMMITMENT);
}

TEST_P(DemoLivesTest, LoyalOneIsCommittedAndOwedNothingLate) {
  const Seen seen = See("cust-0088");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_COMMITMENT);
  EXPECT_FALSE(seen.AnythingOverdue());
  for (const DemoLife& life : DemoLives()) {
    EXPECT_LE(See(life.customer_id).standing().score(), seen.standing().score())
        << life.customer_id;
  }
}

}  // namespace
}  // namespace rapport::operations
