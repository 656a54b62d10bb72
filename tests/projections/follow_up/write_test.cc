// Routing, claims and words of a follow-up.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "projections/follow_up/candidates.h"
#include "tests/kit/follow_up_world.h"
#include "tests/kit/standard_rules.h"

namespace rapport::follow_up {
namespace {

using kit::EventBuilder;
using kit::FollowUpWorld;

class WriteTest : public testing::Test {
 protected:
  // A claim at `hour`, which replaces the one at offset `fence` (-1 = the first).
  void Claim(int64_t hour, absl::string_view who, int64_t fence, Offset offset,
             int64_t until_hour = 0) {
    EventBuilder claim = kit::AnEvent(v1::KIND_FOLLOW_UP_CLAIMED);
    claim.AtHour(hour).Key(id_).Set("assignee", who).Offset(offset);
    if (until_hour != 0) claim.Set("until_us", until_hour * kMicrosPerHour);
    if (fence >= 0) claim.Set("fence", fence);
    world_.Add(std::move(claim));
  }
  v1::FollowUp ThankYou(int64_t hour) { return world_.Written(hour, "thank_you"); }

  FollowUpWorld world_{kit::FewPolicies()};
  const std::string id_ = Hex(FollowUpId("cust-1", "thank_you", "block:500"));
};

TEST_F(WriteTest, SaysWhatIsOwedAndWhy) {
  world_.Add("360010 PurchaseMade A1 -");
  const v1::FollowUp out = ThankYou(360012);
  EXPECT_EQ(out.name(), "customers/cust-1/followUps/" + id_);
  EXPECT_EQ(out.policy(), "thank_you");
  EXPECT_EQ(out.class_(), v1::FOLLOW_UP_CLASS_COURTESY);
  EXPECT_EQ(out.priority(), 4u);
  EXPECT_EQ(out.anchor(), "block:500");
  EXPECT_EQ(out.status(), v1::FOLLOW_UP_STATUS_DUE);
  EXPECT_EQ(out.cause(), "00000000000000000000000000000001");
  EXPECT_EQ(out.opened_at_us(), 360010 * kMicrosPerHour);
  EXPECT_EQ(out.by_us(), 360034 * kMicrosPerHour);
  EXPECT_EQ(out.until_us(), 360346 * kMicrosPerHour);
  EXPECT_EQ(out.key(), "A1");
  EXPECT_EQ(out.department(), "service");
  EXPECT_EQ(out.text(), "Say thank you, because of PurchaseMade A1 on 2011-01-26.");
  const std::vector<std::string> closes = {"ThanksGiven", "OutreachMade:THANKS",
                                           "OutreachMade:CHECK", "OutreachMade:QUALITY",
                                           "SurveyAnswered"};
  EXPECT_EQ(std::vector<std::string>(out.closes_by().begin(), out.closes_by().end()), closes);
}

TEST_F(WriteTest, NamesTheEventThatClosedIt) {
  world_.Add("360010 PurchaseMade A1 -;360020 ThanksGiven - -;360015 OutreachMade:THANKS o -");
  EXPECT_EQ(ThankYou(360030).closed_by(), "00000000000000000000000000000003") << "the earliest";
}

TEST_F(WriteTest, TellsDatesAndPurchaseDays) {
  world_.Add("360010 PurchaseMade A1 -;360011 DateRecorded birthday 229");
  EXPECT_EQ(world_.Written(360700, "greeting").text(),
            "Send a greeting, because of date birthday on 2011-02-28.");
  EXPECT_EQ(world_.Written(360700, "greeting").cause(), "");
  EXPECT_EQ(world_.Written(360700, "second_purchase").text(),
            "Suggest a second purchase, because of PurchaseMade on 2011-01-26.");
  EXPECT_FALSE(world_.Written(360011, "thank_you").text().empty());
}

TEST_F(WriteTest, TellsWhyItRests) {
  world_.Add("360010 PurchaseMade A1 -;360011 ComplaintRaised C1 3");
  EXPECT_EQ(
      world_.Written(360012, "lead_ask").text(),
      "Ask for a recommendation, because of PurchaseMade A1 on 2011-01-26; it rests because a "
      "complaint is open.");
}

TEST_F(WriteTest, WritesNoEndWhereThereIsNone) {
  world_.Add("360011 ComplaintRaised C1 3");
  EXPECT_FALSE(world_.Written(360012, "complaint_resolve").has_until_us());
}

TEST_F(WriteTest, EscapesCustomersInNames) {
  world_.Add("360010 PurchaseMade A1 -");
  v1::FollowUp out;
  FollowUpState state = world_.States(360012)[0];
  state.customer_id = "shop/Zoë 1";
  Write(state, world_.facts(), 0, out);
  EXPECT_EQ(out.name().substr(0, 38), "customers/shop%2FZo%C3%AB%201/followUp");
}

TEST_F(WriteTest, GivesClaimsOfOneFenceToTheSmallestOffset) {
  world_.Add("360010 PurchaseMade A1 -");
  Claim(360011, "ann", -1, 70);
  Claim(360012, "bob", -1, 60);
  EXPECT_EQ(ThankYou(360013).assignee(), "bob");
  EXPECT_EQ(ThankYou(360013).fence(), 60);
  Claim(360013, "cat", 70, 80);
  EXPECT_EQ(ThankYou(360014).assignee(), "bob") << "it names a claim that did not hold";
  Claim(360014, "dan", 60, 90);
  EXPECT_EQ(ThankYou(360015).assignee(), "dan");
  EXPECT_EQ(ThankYou(360015).fence(), 90);
}

TEST_F(WriteTest, GivesItBackWhenTheClaimEnds) {
  world_.Add("360000 AccountManagerAssigned kim -;360010 PurchaseMade A1 -");
  EXPECT_EQ(ThankYou(360011).assignee(), "kim");
  EXPECT_FALSE(ThankYou(360011).has_fence());
  Claim(360011, "ann", -1, 0, 360020);
  EXPECT_EQ(ThankYou(360019).assignee(), "ann");
  EXPECT_EQ(ThankYou(360020).assignee(), "kim");
  EXPECT_EQ(ThankYou(360020).fence(), 0) << "the next claim still replaces it";
}

TEST_F(WriteTest, ChangesEtagWithStatusReasonAndFence) {
  world_.Add("360010 PurchaseMade A1 -");
  const std::string due = ThankYou(360011).etag();
  EXPECT_EQ(ThankYou(360020).etag(), due);
  EXPECT_NE(ThankYou(360040).etag(), due) << "OVERDUE";
  Claim(360012, "ann", -1, 5);
  EXPECT_NE(ThankYou(360020).etag(), due) << "claimed";
}

TEST_F(WriteTest, GoesToTheDepartmentThatWasHandedTheCase) {
  EventBuilder handed = kit::EventOfText("360002 CaseHandedOver C1 -", 1);
  handed.Set("department", "repair");
  world_.Add("360000 ComplaintRaised C1 3").Add(std::move(handed));
  EXPECT_EQ(world_.Written(360003, "complaint_resolve").department(), "repair");
}

TEST_F(WriteTest, SuggestsTheChannelTheCustomerPrefers) {
  EventBuilder bought = kit::EventOfText("360010 PurchaseMade A1 -", 1);
  bought.On(v1::CHANNEL_WEBSITE);
  world_.Add(std::move(bought));
  const auto channel = [&] { return ThankYou(360030).channel(); };
  EXPECT_EQ(channel(), static_cast<uint32_t>(v1::CHANNEL_WEBSITE)) << "most touches";
  EventBuilder preference = kit::EventOfText("360011 PreferenceRecorded channel -", 1);
  preference.Set("value", "email");
  world_.Add(std::move(preference));
  EXPECT_EQ(channel(), static_cast<uint32_t>(v1::CHANNEL_EMAIL));
  EventBuilder service = kit::EventOfText("360012 PreferenceRecorded channel.service -", 1);
  service.Set("value", "PHONE");
  world_.Add(std::move(service));
  EXPECT_EQ(channel(), static_cast<uint32_t>(v1::CHANNEL_PHONE));
  EXPECT_EQ(world_.Written(360030, "lead_ask").channel(), static_cast<uint32_t>(v1::CHANNEL_EMAIL))
      << "another department";
  world_.Add("360013 ConsentChanged PHONE 0;360014 ConsentChanged EMAIL 0");
  EXPECT_EQ(channel(), static_cast<uint32_t>(v1::CHANNEL_WEBSITE)) << "the others are refused";
}

}  // namespace
}  // namespace rapport::follow_up
