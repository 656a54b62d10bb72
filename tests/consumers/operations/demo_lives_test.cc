// Each of the ten lives reaches what it is written for, whatever day of the month it ends on.
#include "consumers/operations/demo_lives.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consumers/operations/demo_shop.h"
#include "engine/base/time.h"
#include "engine/history/history.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/catalog.h"
#include "rapport/v1/facts.pb.h"

namespace rapport::operations {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

// Rings of CustomerFacts.types.
constexpr uint32_t kTransactional = 0;
constexpr uint32_t kAdvocacy = 5;
constexpr uint32_t kCommunity = 7;

std::vector<std::string> KeysOf(const v1::ItemList& list) {
  std::vector<std::string> keys;
  for (const v1::Item& item : list.items()) keys.push_back(item.key());
  return keys;
}

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
                         return follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
                       });
  }

  // A follow-up of the policy has this status.
  bool Listed(absl::string_view policy, v1::FollowUpStatus status) const {
    return std::any_of(standing_.follow_ups().begin(), standing_.follow_ups().end(),
                       [&](const v1::FollowUp& follow_up) {
                         return follow_up.policy() == policy && follow_up.status() == status;
                       });
  }

  int64_t Count(v1::Kind kind) const {
    const v1::CustomerFacts read = facts();
    for (const v1::KindFacts& one : read.common().kinds()) {
      if (one.kind() == static_cast<uint32_t>(kind)) return one.count();
    }
    return 0;
  }

  // Thousandths of the mixture, by the number of the ring.
  uint32_t ShareOf(uint32_t type) const {
    for (const v1::TypeShare& share : standing_.types()) {
      if (share.type() == type) return share.permille();
    }
    return 0;
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
  // The call that was promised never came.
  EXPECT_EQ(seen.Owed("promise"), kOverdue);
  EXPECT_EQ(seen.standing().primary_type(), v1::RELATIONSHIP_TYPE_REACTIVE);
  EXPECT_EQ(seen.standing().service_mode(), v1::SERVICE_MODE_PERSONAL);
}

TEST_P(DemoLivesTest, EscalatedComplaintCostsCommitment) {
  EXPECT_EQ(See("cust-0052", 12).standing().stage(), v1::STAGE_COMMITMENT);
  const Seen seen = See("cust-0052");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_EXPANSION);
  EXPECT_TRUE(seen.Has(v1::FLAG_DAMAGED));
  EXPECT_EQ(seen.Owed("complaint_resolve"), kOverdue);
  EXPECT_EQ(seen.Owed("escalate_2"), std::nullopt);
}

TEST_P(DemoLivesTest, KeyAccountIsLookedAfterByOne) {
  const Seen seen = See("cust-0052");
  EXPECT_TRUE(seen.Has(v1::FLAG_KEY_ACCOUNT));
  EXPECT_EQ(seen.standing().service_mode(), v1::SERVICE_MODE_DEDICATED);
  EXPECT_EQ(seen.standing().primary_type(), v1::RELATIONSHIP_TYPE_COLLABORATIVE);
  EXPECT_EQ(seen.Count(v1::KIND_CONTACT_PERSON_RECORDED), 2);
  EXPECT_EQ(seen.Count(v1::KIND_MEETING_HELD), 4);
  EXPECT_EQ(seen.Count(v1::KIND_OPPORTUNITY_NOTED), 2);
  EXPECT_EQ(seen.Count(v1::KIND_OPPORTUNITY_CLOSED), 1);
  for (const v1::FollowUp& follow_up : seen.standing().follow_ups()) {
    EXPECT_EQ(follow_up.assignee(), "agent-3") << follow_up.policy();
  }
}

TEST_P(DemoLivesTest, SilentRegularIsAtRisk) {
  const Seen seen = See("cust-1203");
  EXPECT_TRUE(seen.Has(v1::FLAG_AT_RISK));
  EXPECT_NE(seen.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(seen.Owed("check_in"), kOverdue);
  EXPECT_TRUE(seen.Has(v1::FLAG_LET_DOWN));
  EXPECT_TRUE(seen.Has(v1::FLAG_LOOKING_AROUND));
  EXPECT_FALSE(See("cust-1203", 40).Has(v1::FLAG_AT_RISK));
  EXPECT_FALSE(See("cust-1203", 74).Has(v1::FLAG_LET_DOWN));
}

TEST_P(DemoLivesTest, AdvocateIsCommittedByABond) {
  const Seen seen = See("cust-0964");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_COMMITMENT);
  EXPECT_EQ(seen.standing().purchase_days(), 4u);
  EXPECT_EQ(seen.Owed("referral_thanks"), kOverdue);
  EXPECT_GT(seen.LineOf(v1::SCORE_LINE_ADVOCACY), 60'000);
  EXPECT_EQ(seen.standing().primary_type(), v1::RELATIONSHIP_TYPE_ADVOCACY);
  // Purchases, referrals and the community, all at once.
  EXPECT_GT(seen.ShareOf(kTransactional), 100u);
  EXPECT_GT(seen.ShareOf(kAdvocacy), 300u);
  EXPECT_GT(seen.ShareOf(kCommunity), 100u);
}

TEST_P(DemoLivesTest, WonBackAfterDormancy) {
  const Seen before = See("cust-0731", 72);
  EXPECT_EQ(before.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(before.standing().stage_reason(), v1::STAGE_REASON_DORMANT);
  const Seen seen = See("cust-0731");
  EXPECT_TRUE(seen.Has(v1::FLAG_WON_BACK));
  EXPECT_NE(seen.standing().stage(), v1::STAGE_DISSOLUTION);
  // What was found for the customer's interest was passed on and welcome.
  EXPECT_EQ(seen.standing().primary_type(), v1::RELATIONSHIP_TYPE_PROACTIVE);
  EXPECT_TRUE(See("cust-0731", 20).Listed("interest", v1::FOLLOW_UP_STATUS_DONE));
  EXPECT_FALSE(seen.AnythingOverdue());
}

TEST_P(DemoLivesTest, RepairedComplaintNoLongerDamages) {
  EXPECT_FALSE(See("cust-0311", 61).Has(v1::FLAG_DAMAGED));
  EXPECT_TRUE(See("cust-0311", 59).Has(v1::FLAG_DAMAGED));
  const Seen seen = See("cust-0311");
  EXPECT_FALSE(seen.Has(v1::FLAG_DAMAGED));
  EXPECT_LT(seen.LineOf(v1::SCORE_LINE_FRICTION), 0);
  EXPECT_GT(seen.LineOf(v1::SCORE_LINE_FRICTION), -22'000);
  EXPECT_EQ(seen.Count(v1::KIND_PROMISE_KEPT), 1);
  EXPECT_TRUE(See("cust-0311", 50).Listed("root_cause", v1::FOLLOW_UP_STATUS_DONE));
  EXPECT_FALSE(seen.AnythingOverdue());
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_COMMITMENT);
}

TEST_P(DemoLivesTest, OnePurchaseAsksForASecondAfter57Days) {
  const Seen seen = See("cust-1402");
  EXPECT_EQ(seen.Owed("second_purchase"), kDue);
  EXPECT_EQ(See("cust-1402", 2).Owed("second_purchase"), std::nullopt);
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(seen.standing().purchase_days(), 1u);
  EXPECT_EQ(seen.Owed("greeting"), kDue);
  EXPECT_EQ(seen.Count(v1::KIND_NEED_HEARD), 1);
  EXPECT_TRUE(See("cust-1402", 40).Listed("remind", v1::FOLLOW_UP_STATUS_DONE));
}

TEST_P(DemoLivesTest, ReturnKeepsThePurchaseDay) {
  const Seen seen = See("cust-0655");
  EXPECT_EQ(seen.standing().purchase_days(), 3u);
  EXPECT_EQ(seen.facts().money().reversed_centi(), 240'00);
  EXPECT_EQ(seen.facts().money().spend_centi(), 240'00 + 35'00 + 42'00);
  EXPECT_FALSE(seen.Has(v1::FLAG_DAMAGED));
  EXPECT_EQ(seen.standing().primary_type(), v1::RELATIONSHIP_TYPE_TRANSACTIONAL_MARKETING);
  EXPECT_EQ(seen.standing().service_mode(), v1::SERVICE_MODE_AUTOMATED);
}

TEST_P(DemoLivesTest, TwelveQuietMonthsAreDormant) {
  const Seen seen = See("cust-1118");
  EXPECT_EQ(seen.standing().stage(), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(seen.standing().stage_reason(), v1::STAGE_REASON_DORMANT);
  EXPECT_EQ(See("cust-1118", 364).standing().stage(), v1::STAGE_COMMITMENT);
  EXPECT_TRUE(seen.Has(v1::FLAG_OPTED_OUT));
  EXPECT_FALSE(seen.AnythingOverdue());
  for (const v1::FollowUp& follow_up : seen.standing().follow_ups()) {
    if (follow_up.policy() != "win_back") continue;
    EXPECT_EQ(follow_up.suppressed_by(), v1::SUPPRESSION_OPTED_OUT);
  }
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

TEST_P(DemoLivesTest, LoyalOneIsKnownAndServedBeyondWhatWasSaid) {
  const Seen seen = See("cust-0088");
  const v1::CustomerFacts facts = seen.facts();
  EXPECT_THAT(KeysOf(facts.known().preferences()), IsSupersetOf({"channel", "interest.roasting"}));
  EXPECT_THAT(KeysOf(facts.known().dates()), ElementsAre("birthday"));
  EXPECT_THAT(KeysOf(facts.known().consents()), ElementsAre("NEWSLETTER"));
  EXPECT_EQ(seen.Count(v1::KIND_EXPECTATION_SET), 4);
  EXPECT_EQ(seen.Count(v1::KIND_EXPECTATION_MET), 4);
  EXPECT_EQ(seen.Count(v1::KIND_OBJECTIVE_REACHED), 1);
  EXPECT_GT(seen.Count(v1::KIND_SURVEY_ANSWERED), 10);
  EXPECT_TRUE(seen.standing().long_term());
  EXPECT_TRUE(See("cust-0088", 30).Listed("greeting", v1::FOLLOW_UP_STATUS_DONE));
}

// Nobody is worth reading whose surroundings are neglected: what is late belongs to the story.
TEST_P(DemoLivesTest, OnlyWhatTheStoryNeglectsIsLate) {
  const std::map<std::string, std::set<std::string>> neglected = {
      {"cust-0417", {"complaint_resolve", "escalate_1", "promise"}},
      {"cust-0052", {"complaint_resolve"}},
      {"cust-1203", {"check_in"}},
      {"cust-0964", {"referral_thanks"}}};
  for (const DemoLife& life : DemoLives()) {
    const std::string id(life.customer_id);
    std::set<std::string> late;
    const Seen seen = See(id);
    for (const v1::FollowUp& follow_up : seen.standing().follow_ups()) {
      if (follow_up.status() == kOverdue) late.insert(follow_up.policy());
    }
    const auto found = neglected.find(id);
    EXPECT_EQ(late, found == neglected.end() ? std::set<std::string>() : found->second) << id;
  }
}

}  // namespace
}  // namespace rapport::operations
