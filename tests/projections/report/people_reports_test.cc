// Reports on people and plans: employees, ties, proof, community, departures, objectives, outreach.
#include <gtest/gtest.h>

#include "rapport/v1/touchpoint.pb.h"
#include "tests/projections/report/base.h"

namespace rapport::report {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder By(EventBuilder event, const char* actor, v1::ActorRole role) {
  event.envelope().mutable_actor()->set_id(actor);
  event.envelope().mutable_actor()->set_role(role);
  return event;
}

// covers: 002-07
TEST(EmployeesTest, AreCreditedWithActsClosedFollowUpsAndLaterPurchases) {
  Base base;
  base.Add(APurchase().Of("ana").OnDay(120).Key("A1").Worth(5, "EUR"));
  base.Add(By(AnEvent(v1::KIND_THANKS_GIVEN).Of("ana").AtHour(120 * 24 + 1).Key("A1"), "dora",
              v1::ACTOR_ROLE_SALES));
  base.Add(By(AnEvent(v1::KIND_FULFILMENT_STEP_DONE).Of("ana").OnDay(122).Key("A1"), "dirk",
              v1::ACTOR_ROLE_FULFILMENT));
  base.Add(APurchase().Of("ana").OnDay(130).Key("A2").Worth(7, "EUR"));
  base.Add(AnEvent(v1::KIND_SUPPORT_REQUESTED).Of("ana").OnDay(131).Key("Q1"));
  base.Add(By(AnEvent(v1::KIND_QUESTION_ANSWERED).Of("ana").AtHour(131 * 24 + 2).Key("Q1"), "tess",
              v1::ACTOR_ROLE_SUPPORT));
  const TableView view = base.Tell("employees", 200);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"dirk", "dora", "tess"}));
  EXPECT_EQ(view.Number({"tess", "SUPPORT"}, "follow_ups_closed"), 1);
  EXPECT_EQ(view.Number({"tess", "SUPPORT"}, "later_purchases"), 0);
  EXPECT_EQ(view.Number({"dirk", "FULFILMENT"}, "follow_ups_closed"), 0);
  EXPECT_EQ(view.Number({"dora", "SALES"}, "acts"), 1);
  EXPECT_EQ(view.Number({"dora", "SALES"}, "follow_ups_closed"), 1);
  EXPECT_EQ(view.Number({"dirk", "FULFILMENT"}, "later_purchases"), 1);
  EXPECT_EQ(view.Money({}, "later_spend"), "7 EUR");
}

TEST(PeopleTest, AreListedByStrength) {
  Base base;
  for (int64_t day = 100; day < 105; ++day) {
    base.Add(
        By(AnEvent(v1::KIND_OUTREACH_MADE).Of("acme").OnDay(day), "zoe", v1::ACTOR_ROLE_SALES));
  }
  base.Add(By(AnEvent(v1::KIND_OUTREACH_MADE).Of("acme").OnDay(106), "ben", v1::ACTOR_ROLE_SALES));
  EventBuilder meeting = By(AnEvent(v1::KIND_MEETING_HELD).Of("acme").OnDay(107).Key("M1"), "ben",
                            v1::ACTOR_ROLE_SALES);
  static_cast<v1::MeetingHeld&>(meeting.payload()).add_attendees("carl");
  static_cast<v1::MeetingHeld&>(meeting.payload()).add_attendees("ben");
  base.Add(meeting);
  const TableView view = base.Tell("people", 200);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"zoe", "ben", "ben"}));
  EXPECT_EQ(view.Number({"zoe", "acme"}, "touches"), 5);
  EXPECT_EQ(view.Number({"ben", "carl"}, "meetings"), 1);
  EXPECT_EQ(view.Number({"zoe", "acme"}, "last"), 104 * kMicrosPerDay);
}

TEST(ProofTest, HoldsWhatWasGivenWithConsentThatStands) {
  Base base;
  base.Add(AnEvent(v1::KIND_PRAISE_GIVEN).Of("ana").OnDay(100).Key("P1").Set("consent", 1));
  base.Add(AnEvent(v1::KIND_PRAISE_GIVEN).Of("ana").OnDay(101).Key("P2"));
  const TableView view = base.Tell("proof", 102);
  EXPECT_EQ(view.table().rows_size(), 1);
  EXPECT_EQ(view.Number({"ana", "PraiseGiven", "P1"}, "listed"), 1);
  EXPECT_EQ(view.Number({}, "experiences"), 2);
  base.Add(AnEvent(v1::KIND_CONSENT_CHANGED).Of("ana").OnDay(103).Key("NAMED"));
  EXPECT_EQ(base.Tell("proof", 104).table().rows_size(), 0);
  EXPECT_EQ(base.Tell("proof", 104).Number({}, "experiences"), 2);
  base.Add(AnEvent(v1::KIND_CONSENT_CHANGED).Of("ana").OnDay(105).Key("NAMED").Set("granted", 1));
  EXPECT_EQ(base.Tell("proof", 106).Number({}, "listed"), 1);
}

TEST(CommunityTest, LinksWhoHelpedWhom) {
  Base base;
  EventBuilder answer = AnEvent(v1::KIND_COMMUNITY_ACTED)
                            .Of("ben")
                            .OnDay(100)
                            .Key("forum")
                            .Set("form", v1::COMMUNITY_FORM_ANSWERED)
                            .Set("asker", "ana");
  answer.envelope().set_subject("filters");
  base.Add(answer);
  base.Add(AnEvent(v1::KIND_COMMUNITY_ACTED)
               .Of("ben")
               .OnDay(101)
               .Key("forum")
               .Set("form", v1::COMMUNITY_FORM_POSTED));
  const TableView view = base.Tell("community", 200);
  EXPECT_EQ(view.Number({"topic", "filters"}, "answers"), 1);
  EXPECT_EQ(view.Number({"link", "ben helped ana"}, "answers"), 1);
  EXPECT_EQ(view.Customers({"link"}), (std::vector<std::string>{"ana", "ben"}));
  EXPECT_EQ(view.Number({}, "acts"), 2);
}

TEST(ReasonsTest, CountDeparturesAndCompetitorsAnswered) {
  Base base;
  base.Add(AnEvent(v1::KIND_RELATIONSHIP_ENDED)
               .Of("ana")
               .OnDay(100)
               .Set("by", v1::ENDED_BY_CUSTOMER)
               .Set("reason", v1::END_REASON_COMPETITOR)
               .Set("competitor", "acme"));
  base.Add(AnEvent(v1::KIND_RELATIONSHIP_ENDED)
               .Of("ben")
               .OnDay(100)
               .Set("by", v1::ENDED_BY_VENDOR)
               .Set("reason", v1::END_REASON_LOW_VOLUME));
  base.Add(AnEvent(v1::KIND_COMPETITOR_NOTICED).Of("cleo").OnDay(100).Key("acme"));
  base.Add(APurchase().Of("cleo").OnDay(101).Worth(1, "EUR"));
  base.Add(AnEvent(v1::KIND_COMPETITOR_NOTICED).Of("cleo").OnDay(102).Key("acme"));
  const TableView view = base.Tell("reasons", 200);
  EXPECT_EQ(view.Number({"reason", "COMPETITOR"}, "by_customer"), 1);
  EXPECT_EQ(view.Number({"reason", "LOW_VOLUME"}, "by_vendor"), 1);
  EXPECT_EQ(view.Number({"competitor", "acme"}, "departures"), 1);
  EXPECT_EQ(view.Number({"competitor", "acme"}, "noticed"), 2);
  EXPECT_EQ(view.Number({"competitor", "acme"}, "answered"), 1);
  EXPECT_EQ(view.Number({}, "departures"), 2);
}

TEST(ObjectivesTest, ShowPurchasesProgressResourcesAndResults) {
  Base base;
  base.Add(AnEvent(v1::KIND_OBJECTIVE_SET).Of("ana").OnDay(100).Key("save"));
  base.Add(APurchase().Of("ana").OnDay(101).Worth(30, "EUR").Set("objective", "save"));
  EventBuilder training =
      AnEvent(v1::KIND_TRAINING_GIVEN).Of("ana").OnDay(102).Key("T1").Set("objective", "save");
  training.envelope().mutable_cost()->set_currency("EUR");
  training.envelope().mutable_cost()->set_micros(9'000'000);
  base.Add(training);
  base.Add(AnEvent(v1::KIND_OBJECTIVE_SET).Of("ana").OnDay(103).Key("save").Set("progress", 60));
  base.Add(AnEvent(v1::KIND_OBJECTIVE_REACHED)
               .Of("ana")
               .OnDay(110)
               .Key("save")
               .Set("result", "14percent"));
  const TableView before = base.Tell("objectives", 105);
  EXPECT_EQ(before.Number({"objective", "save"}, "progress"), 60);
  EXPECT_EQ(before.Number({"objective", "save"}, "reached"), 0);
  const TableView view = base.Tell("objectives", 200);
  EXPECT_EQ(view.Money({"objective", "save"}, "spend"), "30 EUR");
  EXPECT_EQ(view.Text({"objective", "save"}, "result"), "14percent");
  EXPECT_EQ(view.Text({"resource", "T1"}, "result"), "14percent");
  EXPECT_EQ(view.Money({"resource", "T1"}, "resources_cost"), "9 EUR");
  EXPECT_EQ(view.Number({}, "objectives"), 1);
  EXPECT_EQ(view.Number({}, "purchases"), 1);
}

TEST(ObjectivesTest, OfSeveralCustomersAreMeantAndToldInNoOrder) {
  Base base;
  const auto reach = [&](const char* customer, int64_t progress, const char* result) {
    base.Add(AnEvent(v1::KIND_OBJECTIVE_SET)
                 .Of(customer)
                 .OnDay(100)
                 .Key("save")
                 .Set("progress", progress));
    base.Add(AnEvent(v1::KIND_OBJECTIVE_REACHED)
                 .Of(customer)
                 .OnDay(101)
                 .Key("save")
                 .Set("result", result));
  };
  reach("ana", 20, "14percent");
  reach("ben", 70, "14percent");
  EXPECT_EQ(base.Tell("objectives", 200).Number({"objective", "save"}, "progress"), 45);
  EXPECT_EQ(base.Tell("objectives", 200).Text({"objective", "save"}, "result"), "14percent");
  reach("cleo", 0, "nothing");
  EXPECT_EQ(base.Tell("objectives", 200).Number({"objective", "save"}, "progress"), 30);
  EXPECT_EQ(base.Tell("objectives", 200).Text({"objective", "save"}, "result"), "");
}

// covers: 002-33
TEST(OutreachTest, ComparesPlannedAndUnplanned) {
  Base base;
  const auto reach = [&](int64_t day, bool planned, const char* outcome, int64_t cents) {
    EventBuilder event = AnEvent(v1::KIND_OUTREACH_MADE)
                             .Of("ana")
                             .OnDay(day)
                             .Key("O" + std::to_string(day))
                             .Set("purpose", v1::OUTREACH_PURPOSE_CHECK);
    event.envelope().set_intended_outcome("meet");
    event.envelope().set_outcome(outcome);
    event.envelope().mutable_cost()->set_currency("EUR");
    event.envelope().mutable_cost()->set_micros(cents * 10'000);
    event.envelope().mutable_value()->set_currency("EUR");
    event.envelope().mutable_value()->set_micros(planned ? 8'000'000 : 1'000'000);
    if (planned) event.envelope().set_follow_up_id("00000000000000000000000000000001");
    base.Add(event);
  };
  reach(100, true, "meet", 300);
  reach(101, true, "meet", 401);
  reach(102, false, "no", 500);
  EXPECT_EQ(base.Tell("outreach", 102).Number({"plan", "unplanned"}, "cost_per_met"), std::nullopt);
  reach(104, false, "meet", 200);
  base.Add(AnEvent(v1::KIND_AWARENESS_SHOWN)
               .Of("ana")
               .OnDay(103)
               .Set("form", v1::AWARENESS_FORM_READ)
               .Set("outreach", "O102"));
  const TableView view = base.Tell("outreach", 200);
  EXPECT_EQ(view.Number({"plan", "planned"}, "cost_per_met"), 351);
  EXPECT_EQ(view.Number({"plan", "unplanned"}, "cost_per_met"), 700);
  EXPECT_EQ(view.Number({"plan", "unplanned"}, "opened_share"), 500);
  EXPECT_EQ(view.Number({"plan", "planned"}, "value_per_touch"), 800);
  EXPECT_EQ(view.Number({"plan", "unplanned"}, "value_per_touch"), 100);
  EXPECT_EQ(view.Number({"purpose", "CHECK"}, "touches"), 4);
  EXPECT_EQ(view.Number({}, "cost_per_met"), 467);
  EXPECT_EQ(view.Number({}, "without_cost"), 0);
}

TEST(PlaybooksTest, ShowOutcomesBuyingAgainAndSatisfaction) {
  Base base;
  const auto plays = [&](const char* customer, int64_t day, const char* outcome) {
    EventBuilder event = AnEvent(v1::KIND_OUTREACH_MADE).Of(customer).OnDay(day).Key("O1");
    event.envelope().set_playbook("welcome");
    event.envelope().set_intended_outcome("meet");
    event.envelope().set_outcome(outcome);
    base.Add(event);
  };
  plays("ana", 100, "meet");
  plays("ben", 100, "no");
  base.Add(APurchase().Of("ana").OnDay(190).Worth(1, "EUR"));
  base.Add(APurchase().Of("ben").OnDay(191).Worth(1, "EUR"));
  base.Add(AnEvent(v1::KIND_SURVEY_ANSWERED).Of("ana").OnDay(120).Set("score", 8).Set("max", 10));
  const TableView view = base.Tell("playbooks", 300);
  EXPECT_EQ(view.Number({"welcome"}, "customers"), 2);
  EXPECT_EQ(view.Number({"welcome"}, "met"), 500);
  EXPECT_EQ(view.Number({"welcome"}, "again"), 500);
  EXPECT_EQ(view.Number({"welcome"}, "satisfaction"), 800);
}

// covers: 002-08
TEST(PlaybooksTest, TellOfTwoSequencesWhichWorksAndForWhom) {
  // Of 20 customers each: so many reach what was intended, buy again in 90 days, and are asked.
  struct Sequence {
    const char* name;
    int met, again, answers;
    int64_t score;
  };
  Base base;
  for (const Sequence& one : {Sequence{"warm", 15, 12, 10, 9}, Sequence{"brisk", 5, 4, 2, 6}}) {
    for (int i = 0; i < 20; ++i) {
      const std::string customer = one.name + std::to_string(10 + i);
      EventBuilder event = AnEvent(v1::KIND_OUTREACH_MADE).Of(customer.c_str()).OnDay(100).Key("O");
      event.envelope().set_playbook(one.name);
      event.envelope().set_intended_outcome("renew");
      event.envelope().set_outcome(i < one.met ? "renew" : "undecided");
      base.Add(event);
      const int64_t bought = i < one.again ? 190 : 191;
      base.Add(APurchase().Of(customer.c_str()).OnDay(bought).Worth(1, "EUR"));
      if (i >= one.answers) continue;
      base.Add(AnEvent(v1::KIND_SURVEY_ANSWERED)
                   .Of(customer.c_str())
                   .OnDay(120)
                   .Set("score", one.score)
                   .Set("max", 10));
    }
  }
  const TableView view = base.Tell("playbooks", 300);
  EXPECT_EQ(view.Number({"warm", "all"}, "customers"), 20);
  EXPECT_EQ(view.Number({"warm", "all"}, "met"), 750);
  EXPECT_EQ(view.Number({"warm", "all"}, "again"), 600);
  EXPECT_EQ(view.Number({"warm", "all"}, "satisfaction"), 900);
  EXPECT_EQ(view.Number({"brisk", "all"}, "customers"), 20);
  EXPECT_EQ(view.Number({"brisk", "all"}, "met"), 250);
  EXPECT_EQ(view.Number({"brisk", "all"}, "again"), 200);
  EXPECT_EQ(view.Number({"brisk", "all"}, "satisfaction"), 600);
  EXPECT_EQ(view.Number({}, "customers"), 40);
  EXPECT_EQ(view.Number({}, "again"), 400);
  EXPECT_EQ(view.Customers({"warm", "all"}).size(), 20U);
  EXPECT_EQ(view.Customers({"warm", "met"}).size(), 15U);
  EXPECT_EQ(view.Customers({"warm", "bought_again"}).size(), 12U);
  EXPECT_EQ(view.Customers({"warm", "answered"}).size(), 10U);
  EXPECT_EQ(view.Customers({"brisk", "bought_again"}),
            (std::vector<std::string>{"brisk10", "brisk11", "brisk12", "brisk13"}));
  EXPECT_EQ(view.Customers({"brisk", "answered"}),
            (std::vector<std::string>{"brisk10", "brisk11"}));
}

}  // namespace
}  // namespace rapport::report
