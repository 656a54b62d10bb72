// Reports on service: answers, effort, rework, causes, parity, self-service, planned work.
#include <gtest/gtest.h>

#include "rapport/v1/touchpoint.pb.h"
#include "tests/projections/report/base.h"

namespace rapport::report {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder At(EventBuilder event, int64_t hour) { return event.AtHour(hour); }
EventBuilder Ask(int64_t hour, const char* key) {
  return At(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ana").Key(key).On(v1::CHANNEL_EMAIL), hour);
}
EventBuilder Reply(int64_t hour, const char* key) {
  return At(AnEvent(v1::KIND_QUESTION_ANSWERED).Of("ana").Key(key), hour);
}
EventBuilder OfCase(v1::Kind kind, int64_t hour, const char* key) {
  return At(AnEvent(kind).Of("ana").Key(key), hour);
}

TEST(ResponseTest, IsInTimeAsThePolicySays) {
  Base base;
  base.Add(Ask(2400, "Q1"));
  base.Add(Reply(2423, "Q1"));
  base.Add(Ask(2430, "Q2"));
  base.Add(Reply(2454, "Q2"));  // 24 hours are allowed, and over by then
  base.Add(Ask(2460, "Q3"));
  base.Add(Ask(2495, "Q4"));
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2400, "C1"));
  base.Add(OfCase(v1::KIND_COMPLAINT_ACKNOWLEDGED, 2401, "C1"));
  const TableView view = base.Tell("response", 104);  // hour 2496
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "asked"), 4);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "answered"), 2);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "in_time"), 1);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "late"), 1);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "overdue"), 1);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "in_time_share"), 333);
  EXPECT_EQ(view.Number({"EnquiryMade", "EMAIL"}, "response"), 84'600);
  EXPECT_EQ(view.Number({"ComplaintRaised"}, "in_time_share"), 1000);
}

TEST(EffortTest, CountsHandOversReopeningsAndRepeats) {
  Base base;
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2400, "C1").Set("topic", "billing"));
  base.Add(OfCase(v1::KIND_CASE_HANDED_OVER, 2401, "C1"));
  base.Add(OfCase(v1::KIND_CASE_HANDED_OVER, 2402, "C1"));
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2403, "C1"));
  base.Add(OfCase(v1::KIND_COMPLAINT_RESOLVED, 2404, "C1"));
  base.Add(OfCase(v1::KIND_COMPLAINT_REOPENED, 2405, "C1"));
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2406, "C2").Set("topic", "billing"));
  base.Add(OfCase(v1::KIND_CASE_HANDED_OVER, 2407, "N1"));
  const TableView view = base.Tell("effort", 200);
  EXPECT_EQ(view.Number({"billing"}, "cases"), 2);
  EXPECT_EQ(view.Number({"billing"}, "effort"), 4);
  EXPECT_EQ(view.Number({"billing"}, "repeats"), 1);
  EXPECT_EQ(view.Number({"billing"}, "effort_per_case"), 2000);
  EXPECT_EQ(view.Find({"billing"})->event_ids_size(), 4);
}

TEST(ReworkTest, IsWhatComesAfterTheFirstResolutionOfAReopenedCase) {
  Base base;
  const auto takes = [&](v1::Kind kind, int64_t hour, const char* key, uint32_t minutes,
                         int64_t euros) {
    EventBuilder event = OfCase(kind, hour, key);
    event.envelope().set_duration_s(minutes * 60);
    event.envelope().mutable_cost()->set_currency("EUR");
    event.envelope().mutable_cost()->set_micros(euros * 1'000'000);
    return event;
  };
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2400, "C1"));
  base.Add(takes(v1::KIND_COMPLAINT_RESOLVED, 2401, "C1", 5, 3));
  base.Add(OfCase(v1::KIND_COMPLAINT_REOPENED, 2402, "C1"));
  base.Add(takes(v1::KIND_COMPLAINT_RESOLVED, 2403, "C1", 60, 30));
  base.Add(takes(v1::KIND_ROOT_CAUSE_FOUND, 2404, "C1", 25, 7).Set("cause", "label"));
  base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, 2400, "C2"));
  base.Add(takes(v1::KIND_COMPLAINT_RESOLVED, 2401, "C2", 9, 1));
  base.Add(takes(v1::KIND_ROOT_CAUSE_FOUND, 2404, "C2", 1, 0).Set("cause", "label"));
  const TableView view = base.Tell("rework", 200);
  EXPECT_EQ(view.Number({"label"}, "cases"), 2);
  EXPECT_EQ(view.Number({"label"}, "first_time"), 1);
  EXPECT_EQ(view.Number({"label"}, "reworked"), 1);
  EXPECT_EQ(view.Number({"label"}, "duration"), 100 * 60);
  EXPECT_EQ(view.Number({"label"}, "rework"), 85 * 60);
  EXPECT_EQ(view.Money({"label"}, "rework_cost"), "37 EUR");
  EXPECT_EQ(view.Money({"label"}, "cost"), "41 EUR");
}

TEST(CausesTest, CountRecurrencesAfterPreventionAndPreventedIssues) {
  Base base;
  const auto found = [&](const char* customer, int64_t hour, const char* key, bool prevents) {
    base.Add(OfCase(v1::KIND_COMPLAINT_RAISED, hour, key).Of(customer).Set("topic", "leak"));
    EventBuilder event =
        OfCase(v1::KIND_ROOT_CAUSE_FOUND, hour + 1, key).Of(customer).Set("cause", "seal");
    if (prevents) event.Set("prevention", "test");
    event.envelope().set_duration_s(1500);
    base.Add(event);
  };
  found("zoe", 2400, "C1", true);
  found("ana", 2410, "C2", false);
  found("zoe", 2390, "C3", false);
  base.Add(AnEvent(v1::KIND_ISSUE_PREVENTED).Of("ben").AtHour(2405).Set("issue", "leak"));
  const TableView view = base.Tell("causes", 200);
  EXPECT_EQ(view.Number({"cause", "seal"}, "cases"), 3);
  EXPECT_EQ(view.Number({"cause", "seal"}, "time"), 4500);
  EXPECT_EQ(view.Number({"cause", "seal"}, "preventions"), 1);
  EXPECT_EQ(view.Number({"cause", "seal"}, "recurrences"), 1);
  EXPECT_EQ(view.Number({"issue", "leak"}, "prevented"), 1);
  EXPECT_EQ(view.Number({"issue", "leak"}, "complaints_after"), 1);
}

TEST(ChannelParityTest, ComparesChannelsWithEnoughAnswersOnly) {
  Base base;
  for (int64_t i = 0; i < 30; ++i) {
    const std::string phone = "P" + std::to_string(i), mail = "M" + std::to_string(i);
    base.Add(Ask(2400 + i * 100, phone.c_str()).On(v1::CHANNEL_PHONE));
    base.Add(Reply(2401 + i * 100, phone.c_str()));
    base.Add(Ask(2402 + i * 100, mail.c_str()));
    base.Add(Reply(2432 + i * 100, mail.c_str()));
  }
  base.Add(Ask(9000, "X").On(v1::CHANNEL_CHAT));
  base.Add(Reply(9900, "X"));
  const TableView view = base.Tell("channel_parity", 500);
  EXPECT_EQ(view.Number({"PHONE"}, "first_response"), 3600);
  EXPECT_EQ(view.Number({"EMAIL"}, "resolution"), 108'000);
  EXPECT_EQ(view.Number({"CHAT"}, "first_response"), 3'240'000);
  EXPECT_EQ(view.Number({}, "response_gap"), 104'400);
  EXPECT_EQ(view.Number({}, "satisfaction_gap"), std::nullopt);
}

TEST(SelfServiceTest, CountsSuccessAndTheCallAfterAFailure) {
  Base base;
  for (int64_t i = 0; i < 10; ++i) {
    base.Add(AnEvent(v1::KIND_SELF_SERVICE_USED)
                 .Of("ana")
                 .AtHour(2400 + 100 * i)
                 .Set("task", "invoice")
                 .Set("succeeded", i < 8));
  }
  base.Add(Ask(3210, "Q1").On(v1::CHANNEL_PHONE));  // ten hours after the first failure
  base.Add(Ask(3325, "Q2").On(v1::CHANNEL_PHONE));  // a day and an hour after the second
  const TableView view = base.Tell("self_service", 200);
  EXPECT_EQ(view.Number({"invoice"}, "success"), 800);
  EXPECT_EQ(view.Number({"invoice"}, "failed"), 2);
  EXPECT_EQ(view.Number({"invoice"}, "fallbacks"), 1);
}

TEST(CompletenessTest, CountsWhatEachPublisherGives) {
  Base base;
  for (int64_t i = 0; i < 10; ++i) {
    EventBuilder event = Ask(2400 + i, ("Q" + std::to_string(i)).c_str());
    event.envelope().set_source("desk");
    if (i < 7) {
      event.envelope().set_duration_s(60);
      event.envelope().set_intended_outcome("know");
      event.envelope().set_outcome("know");
      event.envelope().mutable_value()->set_currency("EUR");
    } else if (i == 7) {
      event.envelope().set_duration_s(0);
      event.envelope().set_area(v1::AREA_SALES);
    }
    base.Add(event);
  }
  base.Add(At(APurchase().Of("ana").Worth(1, "EUR"), 2500));
  const TableView view = base.Tell("completeness", 200);
  EXPECT_EQ(view.Number({"desk"}, "completeness"), 700);
  EXPECT_EQ(view.Number({"desk"}, "duration_share"), 800);
  EXPECT_EQ(view.Number({"desk"}, "with_outcomes"), 7);
  EXPECT_EQ(view.Number({"desk"}, "with_area"), 1);
  EXPECT_EQ(view.Number({"test"}, "reason_share"), 0);
  EXPECT_EQ(view.Number({"desk"}, "reason_share"), std::nullopt);
}

TEST(MissedOpportunitiesTest, TellDoneLateAndMissedWithWhoIsBehindIt) {
  Base base;
  const auto buys = [&](const char* order, int64_t day, const char* seller) {
    EventBuilder event = APurchase().Of("ana").OnDay(day).Key(order).Worth(40, "EUR");
    event.envelope().mutable_actor()->set_id(seller);
    event.envelope().set_publisher("till");
    base.Add(event);
  };
  const auto thanks = [&](int64_t hour) {
    base.Add(At(AnEvent(v1::KIND_THANKS_GIVEN).Of("ana").Key("t"), hour));
  };
  buys("A1", 120, "dora");
  thanks(120 * 24 + 5);
  buys("A2", 150, "dora");
  thanks(150 * 24 + 50);
  buys("A3", 180, "emil");
  const TableView view = base.Tell("missed_opportunities", 200);
  EXPECT_EQ(view.Number({"policy", "thank_you"}, "planned"), 3);
  EXPECT_EQ(view.Number({"policy", "thank_you"}, "done"), 1);
  EXPECT_EQ(view.Number({"policy", "thank_you"}, "late"), 1);
  EXPECT_EQ(view.Number({"policy", "thank_you"}, "missed"), 1);
  EXPECT_EQ(view.Text({"not_done", "thank_you of A3"}, "publisher"), "till");
  EXPECT_EQ(view.Text({"not_done", "thank_you of A3"}, "employee"), "emil");
  EXPECT_EQ(view.Find({"not_done", "thank_you of A1"}), nullptr);
  EXPECT_EQ(view.Number({"spend_band", "06"}, "planned"), view.Number({}, "planned"));
}

// covers: 004-47
TEST(FollowUpEffectTest, ComparesBuyingAgainAfterWorkDoneAndMissed) {
  Base base;
  const auto buys = [&](const char* customer, int64_t day) {
    base.Add(APurchase().Of(customer).OnDay(day).Key("A" + std::to_string(day)).Worth(1, "EUR"));
  };
  for (const char* customer : {"ana", "ben", "cleo", "dora"}) buys(customer, 120);
  for (const char* customer : {"ana", "ben"}) {
    base.Add(At(AnEvent(v1::KIND_THANKS_GIVEN).Of(customer).Key("t"), 120 * 24 + 5));
  }
  base.Add(At(AnEvent(v1::KIND_THANKS_GIVEN).Of("dora").Key("t"), 120 * 24 + 50));
  buys("ana", 130);
  buys("dora", 131);
  const TableView view = base.Tell("follow_up_effect", 149);
  EXPECT_EQ(view.Number({"thank_you", "done"}, "follow_ups"), 2);
  EXPECT_EQ(view.Number({"thank_you", "done"}, "again"), 500);
  EXPECT_EQ(view.Number({"thank_you", "done"}, "days_to_purchase"), 10);
  EXPECT_EQ(view.Number({"thank_you", "late"}, "follow_ups"), 1);
  EXPECT_EQ(view.Number({"thank_you", "late"}, "again"), 1000);
  EXPECT_EQ(view.Number({"thank_you", "missed"}, "follow_ups"), 1);
  EXPECT_EQ(view.Number({"thank_you", "missed"}, "again"), 0);
  EXPECT_EQ(view.Customers({"thank_you", "missed"}), (std::vector<std::string>{"cleo"}));
}

}  // namespace
}  // namespace rapport::report
