// NextChange against stepping hour by hour through random histories.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/hash.h"
#include "projections/follow_up/candidates.h"
#include "tests/kit/follow_up_world.h"
#include "tests/kit/standard_rules.h"

namespace rapport::follow_up {
namespace {

using kit::FollowUpWorld;

constexpr int64_t kBegin = 360000;
constexpr int64_t kSpanHours = 90 * 24;
constexpr int64_t kSteppedHours = 400 * 24;

// What decides whether the list differs.
struct Mark {
  Hash128 id;
  v1::FollowUpStatus status;
  v1::Suppression reason;
  bool operator==(const Mark&) const = default;
};

std::vector<Mark> Marks(const FollowUpWorld& world, int64_t hour) {
  std::vector<Mark> marks;
  for (const FollowUpState& one : world.States(hour)) {
    marks.push_back({one.id(), one.status, one.reason});
  }
  return marks;
}

std::string RandomEvent(std::mt19937& random) {
  static const std::vector<std::string> kEvents = {"PurchaseMade A# -",
                                                   "PurchaseMade A# -",
                                                   "ComplaintRaised C# 3",
                                                   "ComplaintRaised C# 1",
                                                   "ComplaintResolved C# -",
                                                   "ComplaintReopened C# -",
                                                   "ComplaintEscalated C# 1",
                                                   "ComplaintAcknowledged C# -",
                                                   "EnquiryMade Q# -",
                                                   "QuestionAnswered Q# -",
                                                   "QuestionAnswered Q# 1",
                                                   "QuestionAnswered C# 1",
                                                   "SupportRequested C# -",
                                                   "OutreachMade:CHECK o 0",
                                                   "OutreachMade:THANKS o -",
                                                   "ThanksGiven - -",
                                                   "PromotionSent p -",
                                                   "ReferralMade R# -",
                                                   "GiftGiven g -",
                                                   "DateRecorded d# 229",
                                                   "DateRecorded d# 630",
                                                   "FraudSuspected - -",
                                                   "FraudCleared - -",
                                                   "RelationshipEnded OTHER -",
                                                   "RelationshipReinstated - -",
                                                   "ConsentChanged THANKS 0",
                                                   "PromiseMade P# 361500",
                                                   "PromiseKept P# -",
                                                   "OfferMade o -",
                                                   "PraiseGiven x -",
                                                   "SurveyAnswered S# -",
                                                   "FeedbackRequested S# -",
                                                   "FeedbackGiven F# -",
                                                   "NeedHeard N# -",
                                                   "CaseHandedOver N# -",
                                                   "QuestionAnswered N# -",
                                                   "ResolutionAnswered N# 0",
                                                   "ResolutionAnswered C# 1",
                                                   "FulfilmentStepDone A# -",
                                                   "ExpectationMet E# -",
                                                   "ExpectationMissed E# -",
                                                   "ObjectiveSet O# -",
                                                   "EncounterNoted M# -",
                                                   "MeetingHeld M# -",
                                                   "ConsentChanged NEWSLETTER 1",
                                                   "ConsentChanged NEWSLETTER 0",
                                                   "OutreachMade:NEWSLETTER n -",
                                                   "AccountManagerAssigned paula -",
                                                   "OpportunityNoted P# -",
                                                   "ReferralReceived R# -",
                                                   "ContactPersonRecorded ada -",
                                                   "PreferenceRecorded channel -",
                                                   "CompetitorNoticed x -"};
  const auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  const std::string event =
      absl::StrReplaceAll(kEvents[pick(kEvents.size())], {{"#", absl::StrCat(pick(3))}});
  return absl::StrCat(kBegin + static_cast<int64_t>(pick(kSpanHours)), " ", event);
}

// Snoozes one of the follow-ups that are there.
void SnoozeOne(FollowUpWorld& world, int64_t hour, std::mt19937& random) {
  const std::vector<FollowUpState> owed = world.States(hour);
  if (owed.empty()) return;
  const std::string id = Hex(owed[random() % owed.size()].id());
  world.Add(absl::StrCat(hour, " FollowUpSnoozed ", id, " ", hour + 1 + random() % 500));
}

// Steps through the hours from `hour` on and asks NextChange once, then at each change.
void ExpectSteppingFindsTheSame(const FollowUpWorld& world, int64_t hour) {
  std::optional<int64_t> next = world.NextChangeHour(hour);
  std::vector<Mark> before = Marks(world, hour);
  for (int64_t at = hour + 1; at <= hour + kSteppedHours; ++at) {
    std::vector<Mark> now = Marks(world, at);
    ASSERT_EQ(next == at, now != before) << "hour " << at << ", " << world.At(at);
    if (now == before) continue;
    before = std::move(now);
    next = world.NextChangeHour(at);
    ASSERT_TRUE(!next.has_value() || *next > at);
  }
}

// Conditions over stage and points, so that time alone makes policies come and go.
std::string RulesWithStage() {
  return absl::StrReplaceAll(
      kit::StandardRulesText(),
      {{"  budget { contacts: 2",
        "  policy { id: \"miss\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_DATE "
        "trigger { date: \"*\" } from: \"date-200d\" by: \"date\" until: \"date+30d\" "
        "when { any { flag: FLAG_AT_RISK } any { stage: STAGE_EXPLORATION } } "
        "done { kind: KIND_MEETING_HELD } }\n"
        "  policy { id: \"cooling\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_KEY "
        "trigger { kind: KIND_PURCHASE_MADE } by: \"30d\" until: \"200d\" "
        "when { points_max: 200 not { type: RELATIONSHIP_TYPE_REACTIVE } } "
        "done { kind: KIND_MEETING_HELD } }\n  budget { contacts: 2"}});
}

TEST(NextChangeTest, SteppingFindsTheSameOnRandomHistories) {
  const std::string text = RulesWithStage();
  for (uint32_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    FollowUpWorld world(kit::PoliciesOf(text));
    const int events = 3 + static_cast<int>(random() % 25);
    for (int i = 0; i < events; ++i) world.Add(RandomEvent(random));
    const int64_t hour = kBegin + kSpanHours;
    if (seed % 2 == 0) SnoozeOne(world, hour, random);
    ExpectSteppingFindsTheSame(world, world.facts().newest_at_us / kMicrosPerHour);
    if (HasFatalFailure()) return;
  }
}

// 7.8: ids are unique, and time alone never reopens what is done. 7.9: the budget holds.
TEST(NextChangeTest, TimeAloneReopensNothing) {
  for (uint32_t seed = 101; seed <= 140; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    FollowUpWorld world(kit::PoliciesOf(kit::StandardRulesText()));
    for (int i = 0; i < 30; ++i) world.Add(RandomEvent(random));
    std::set<Hash128> done;
    int64_t hour = kBegin + kSpanHours;
    for (int changes = 0; changes < 60; ++changes) {
      std::set<Hash128> ids;
      int asking = 0;
      for (const FollowUpState& one : world.States(hour)) {
        EXPECT_TRUE(ids.insert(one.id()).second) << one.policy->id << " " << one.anchor.ToString();
        if (one.status == v1::FOLLOW_UP_STATUS_DONE) {
          done.insert(one.id());
        } else {
          EXPECT_EQ(done.count(one.id()), 0u) << one.policy->id << " " << one.anchor.ToString();
        }
        asking += one.policy->spends_budget() && (one.status == v1::FOLLOW_UP_STATUS_DUE ||
                                                  one.status == v1::FOLLOW_UP_STATUS_OVERDUE);
      }
      EXPECT_LE(asking, 2);
      const std::optional<int64_t> next = world.NextChangeHour(hour);
      if (!next.has_value()) break;
      hour = *next;
    }
  }
}

}  // namespace
}  // namespace rapport::follow_up
