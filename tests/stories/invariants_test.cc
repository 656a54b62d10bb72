// The checks that no story asks for must find what is wrong.
#include "tests/stories/invariants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kit/status_matchers.h"
#include "tests/stories/reason.h"
#include "tests/stories/rule_sets.h"

namespace rapport::stories {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

EventLine LineOf(int number, v1::Kind kind, const std::vector<std::string>& fields) {
  EventLine line;
  line.line = number;
  line.occurred_us = line.logged_us = 1'700'000'000'000'000 + number * int64_t{3'600'000'000};
  line.event.set_kind(kind);
  line.event.set_customer_id("ana");
  line.event.set_event_id("line-" + std::to_string(number));
  line.event.set_source("story");
  line.event.set_occurred_at_us(line.occurred_us);
  EXPECT_OK(SetFields(fields, line.event));
  return line;
}

// Two purchases and a survey, with their facts.
class InvariantsTest : public testing::Test {
 protected:
  InvariantsTest()
      : rules_(LoadRules("standard").value()),
        lines_{LineOf(1, v1::KIND_PURCHASE_MADE, {"order=A1", "amount=10EUR"}),
               LineOf(2, v1::KIND_PURCHASE_MADE, {"order=A2", "amount=20EUR"}),
               LineOf(3, v1::KIND_SURVEY_ANSWERED, {"survey=S", "score=9", "max=10"})} {
    told_.projection = rules_.projection.get();
    for (const EventLine& line : lines_) told_.events.push_back(&line);
    told_.facts = FactsInOrder(told_);
  }

  // One whose reasons are all there.
  static v1::Standing WithReasons() {
    v1::Standing standing;
    for (const auto& [rule, id] : {std::pair(standing.mutable_stage_rule(), "S7"),
                                   std::pair(standing.mutable_type_rule(), "TRANSACTIONAL"),
                                   std::pair(standing.mutable_mode_rule(), "NONE")}) {
      rule->set_rule_id(id);
      rule->set_text("One purchase day.");
    }
    return standing;
  }

  const RuleSet rules_;
  const std::vector<EventLine> lines_;
  Told told_;
};

TEST_F(InvariantsTest, FindNothingInAGoodStory) {
  EXPECT_THAT(CheckOrders(told_), IsEmpty());
  EXPECT_THAT(CheckHalves(told_), IsEmpty());
}

TEST_F(InvariantsTest, FindFactsThatAreNotThoseOfTheEvents) {
  told_.events.pop_back();
  EXPECT_THAT(CheckOrders(told_), ElementsAre(HasSubstr("depend on the order")));
  EXPECT_THAT(CheckHalves(told_), ElementsAre(HasSubstr("are not the whole")));
}

TEST_F(InvariantsTest, FindStandingsThatDoNotAddUp) {
  v1::Standing standing = WithReasons();
  EXPECT_THAT(CheckStanding(standing, told_.events, rules_.policies), IsEmpty());
  standing.set_score_milli(1);
  EXPECT_THAT(CheckStanding(standing, told_.events, rules_.policies),
              ElementsAre(HasSubstr("the lines add up to 0")));
  standing.set_score_milli(0);
  standing.add_types()->set_permille(999);
  EXPECT_THAT(CheckStanding(standing, told_.events, rules_.policies),
              ElementsAre(HasSubstr("999 of 1000")));
}

TEST_F(InvariantsTest, FindReasonsFromOutsideTheStory) {
  v1::Standing standing = WithReasons();
  standing.mutable_stage_rule()->set_rule_id("S11");
  standing.mutable_stage_rule()->clear_text();
  standing.mutable_stage_rule()->add_event_ids(HexIdOf(lines_[0].event));
  v1::FollowUp* follow_up = standing.add_follow_ups();
  follow_up->set_policy("thank_you");
  follow_up->set_anchor("key:1");
  told_.events.erase(told_.events.begin());
  EXPECT_THAT(CheckStanding(standing, told_.events, rules_.policies),
              ElementsAre(HasSubstr("no rule that exists"), HasSubstr("no reason in words"),
                          HasSubstr("not in the story"), HasSubstr("has no cause")));
}

TEST_F(InvariantsTest, FindSharesThatDoNotAddUpToTheirLine) {
  v1::Standing standing = WithReasons();
  standing.add_lines()->set_line(v1::SCORE_LINE_VALUE);
  standing.mutable_lines(0)->set_milli_points(500);
  v1::Explanation explanation;
  *explanation.mutable_standing() = standing;
  v1::ExplainedEvent* event = explanation.add_events();
  event->set_id(HexIdOf(lines_[0].event));
  event->add_shares()->set_line(v1::SCORE_LINE_VALUE);
  event->mutable_shares(0)->set_milli_points(499);
  EXPECT_THAT(CheckExplanation(explanation, standing, told_.events),
              ElementsAre(HasSubstr("add up to 499, the line is 500")));
  event->mutable_shares(0)->set_milli_points(500);
  EXPECT_THAT(CheckExplanation(explanation, standing, told_.events), IsEmpty());
  event->set_id("another");
  standing.set_next_stage_change_day(20'000);
  EXPECT_THAT(CheckExplanation(explanation, standing, told_.events),
              ElementsAre(HasSubstr("is another"), HasSubstr("never counted"),
                          HasSubstr("next change by time")));
}

TEST_F(InvariantsTest, FindWhatTheTimelineLacksOrShowsOtherwise) {
  EXPECT_THAT(CheckTimeline({}, told_.events), Contains(HasSubstr("does not show line 2")));
  v1::TimelineEntry entry;
  entry.mutable_touchpoint()->set_event_id("line-1");
  EXPECT_THAT(CheckTimeline({entry, entry}, {&lines_[0]}),
              ElementsAre(HasSubstr("shows line 1 otherwise"), HasSubstr("something twice")));
}

}  // namespace
}  // namespace rapport::stories
