// Reports on what is said: channels, outcomes, surveys, needs, expectations, word of mouth.
#include <gtest/gtest.h>

#include "rapport/v1/touchpoint.pb.h"
#include "tests/projections/report/base.h"

namespace rapport::report {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder Call(int64_t day) {
  return AnEvent(v1::KIND_OUTREACH_MADE)
      .Of("ana")
      .OnDay(day)
      .Key("O" + std::to_string(day))
      .On(v1::CHANNEL_PHONE);
}

EventBuilder Aims(EventBuilder event, const char* intended, const char* reached) {
  event.envelope().set_intended_outcome(intended);
  event.envelope().set_outcome(reached);
  return event;
}

TEST(ChannelsTest, TellTouchesWaitsAndPeopleReached) {
  Base base;
  const int64_t waits[] = {20, 200, 600};
  for (int i = 0; i < 3; ++i) {
    EventBuilder event = Call(100 + i);
    event.envelope().set_wait_s(static_cast<uint32_t>(waits[i]));
    event.envelope().set_live_person(i < 2);
    base.Add(event);
  }
  EventBuilder fax = AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").OnDay(100).Key("Q1");
  fax.envelope().set_channel(v1::CHANNEL_OTHER);
  fax.envelope().set_channel_name("fax");
  base.Add(fax);
  base.Add(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").OnDay(101).Key("Q2"));
  base.Add(AnEvent(v1::KIND_COMPETITOR_NOTICED).Of("ben").OnDay(102).Key("acme"));
  const TableView view = base.Tell("channels", 200);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"", "PHONE", "fax"}));
  EXPECT_EQ(view.Number({"PHONE"}, "touches"), 3);
  EXPECT_EQ(view.Number({"PHONE"}, "by_customer"), 0);
  EXPECT_EQ(view.Number({"PHONE"}, "wait"), 200);
  EXPECT_EQ(view.Number({"PHONE"}, "live_person"), 2);
  EXPECT_EQ(view.Number({"PHONE"}, "live"), 667);
  EXPECT_EQ(view.Number({"fax"}, "by_customer"), 1);
  EXPECT_EQ(view.Number({"fax"}, "wait"), std::nullopt);
  EXPECT_EQ(view.Number({}, "touches"), 5);
}

TEST(AreasAndContactsTest, GroupTheSameTouches) {
  Base base;
  EventBuilder event = Aims(Call(100), "renew", "renew");
  event.envelope().set_area(v1::AREA_SALES);
  event.envelope().set_contact("carl");
  event.envelope().set_customer_feeling(2);
  base.Add(event);
  base.Add(Call(101));
  EXPECT_EQ(base.Tell("areas", 200).Firsts(), (std::vector<std::string>{"", "SALES"}));
  EXPECT_EQ(base.Tell("areas", 200).Number({"SALES"}, "met"), 1000);
  EXPECT_EQ(base.Tell("contacts", 200).Firsts(), (std::vector<std::string>{"carl"}));
  EXPECT_EQ(base.Tell("contacts", 200).Number({"carl"}, "feeling"), 2000);
}

TEST(ChannelRanksTest, RankForCustomerAndBusinessApart) {
  Base base;
  const auto touch = [&](v1::Channel channel, int feeling, const char* outcome, int64_t at) {
    EventBuilder event =
        Aims(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ana").AtHour(at).Key("Q" + std::to_string(at)),
             "renew", outcome)
            .On(channel);
    event.envelope().set_customer_feeling(feeling);
    base.Add(event);
  };
  touch(v1::CHANNEL_PHONE, 2, "undecided", 2400);
  touch(v1::CHANNEL_EMAIL, -1, "renew", 2401);
  const TableView view = base.Tell("channel_ranks", 200);
  EXPECT_EQ(view.Number({"renew", "PHONE"}, "customer_rank"), 1);
  EXPECT_EQ(view.Number({"renew", "EMAIL"}, "customer_rank"), 2);
  EXPECT_EQ(view.Number({"renew", "PHONE"}, "business_rank"), 2);
  EXPECT_EQ(view.Number({"renew", "EMAIL"}, "business_rank"), 1);
}

TEST(ChannelWishesTest, RankForADepartmentWhatWasSaidBeforeWhatIsDone) {
  Base base;
  const auto says = [&](const char* customer, int64_t day, const char* key, const char* channel) {
    base.Add(AnEvent(v1::KIND_PREFERENCE_RECORDED)
                 .Of(customer)
                 .OnDay(day)
                 .Key(key)
                 .Set("value", channel));
  };
  says("ana", 100, "channel.sales", "PHONE");
  says("ana", 101, "channel.sales", "email");
  says("ana", 102, "channel", "POST");
  says("ana", 103, "channels", "CHAT");
  base.Add(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ana").OnDay(104).Key("Q1").On(v1::CHANNEL_SMS));
  base.Add(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").OnDay(104).Key("Q1").On(v1::CHANNEL_SMS));
  base.Add(AnEvent(v1::KIND_CONSENT_CHANGED).Of("ben").OnDay(105).Key("SMS"));
  const TableView view = base.Tell("channel_wishes", 200);
  EXPECT_EQ(view.Number({"sales", "EMAIL"}, "place"), 1);
  EXPECT_EQ(view.Number({"sales", "POST"}, "place"), 2);
  EXPECT_EQ(view.Number({"sales", "SMS"}, "place"), 3);
  EXPECT_EQ(view.Number({"", "POST"}, "place"), 1);
  EXPECT_EQ(view.Number({"", "SMS"}, "acts"), 1);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"", "", "sales", "sales", "sales"}));
}

TEST(OutcomesTest, JoinAnEncounterAndTakeItsLaterOutcome) {
  Base base;
  base.Add(Aims(Call(100), "renew", "renew"));
  base.Add(Aims(Call(101), "renew", "undecided"));
  EventBuilder open = Aims(Call(102), "renew", "");
  open.envelope().set_interaction_id("i1");
  base.Add(open);
  EXPECT_EQ(base.Tell("outcomes", 103).Number({}, "open"), 1);
  for (const char* outcome : {"undecided", "renew"}) {
    EventBuilder later = Aims(AnEvent(v1::KIND_MEETING_HELD).Of("ana").Key("M1"), "", outcome);
    later.OnDay(outcome[0] == 'u' ? 104 : 105).envelope().set_interaction_id("i1");
    base.Add(later);
  }
  EXPECT_EQ(base.Tell("outcomes", 104).Number({}, "not_met"), 2);
  base.Add(Aims(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ana").OnDay(106).Key("Q1"), "know", "know"));
  const TableView view = base.Tell("outcomes", 200);
  EXPECT_EQ(view.Number({"OutreachMade"}, "met_share"), 667);
  EXPECT_EQ(view.Number({}, "vendor_share"), 667);
  EXPECT_EQ(view.Number({}, "customer_share"), 1000);
  EXPECT_EQ(view.Number({}, "open"), 0);
}

EventBuilder Answer(int64_t day, int64_t score, const char* survey, const char* dimension) {
  return AnEvent(v1::KIND_SURVEY_ANSWERED)
      .Of("ana")
      .OnDay(day)
      .Key(survey)
      .Set("score", score)
      .Set("min", 0)
      .Set("max", 10)
      .Set("dimension", dimension);
}

TEST(SurveysTest, TakeTheLatestAnswerToASurveyOnADimension) {
  Base base;
  base.Add(Answer(100, 9, "S1", "heard"));
  base.Add(Answer(101, 4, "S1", "heard"));
  base.Add(Answer(102, 7, "S1", "valued"));
  EventBuilder after = Answer(103, 6, "S2", "heard");
  after.envelope().set_phase(v1::PHASE_AFTER_RECEIPT);
  base.Add(after);
  const TableView view = base.Tell("surveys", 200);
  EXPECT_EQ(view.Number({"dimension", "heard"}, "answers"), 2);
  EXPECT_EQ(view.Number({"dimension", "heard"}, "satisfaction"), 500);
  EXPECT_EQ(view.Number({"dimension", "heard"}, "score"), 5000);
  EXPECT_EQ(view.Number({"dimension", "valued"}, "satisfaction"), 700);
  EXPECT_EQ(view.Number({"phase", "AFTER_RECEIPT"}, "score"), 6000);
  EXPECT_EQ(view.Number({}, "answers"), 3);
}

TEST(SurveysTest, SayWhoWasAskedAndDidNotAnswer) {
  Base base;
  for (const char* survey : {"S1", "S2", "S3"}) {
    base.Add(AnEvent(v1::KIND_FEEDBACK_REQUESTED)
                 .Of("ana")
                 .OnDay(100)
                 .Key(survey)
                 .Set("instrument", "nps"));
  }
  base.Add(Answer(101, 5, "S2", ""));
  const TableView view = base.Tell("surveys", 200);
  EXPECT_EQ(view.Number({"instrument", "nps"}, "asked"), 3);
  EXPECT_EQ(view.Number({}, "unanswered"), 2);
  EXPECT_EQ(view.Number({}, "answered_share"), 333);
}

EventBuilder Heard(int64_t day, const char* need) {
  return AnEvent(v1::KIND_NEED_HEARD)
      .Of("ana")
      .OnDay(day)
      .Key(need)
      .Set("form", v1::NEED_FORM_NEED);
}

TEST(NeedsTest, AreRankedAndOpenUntilAnswered) {
  Base base;
  for (const int64_t day : {100, 101, 102}) base.Add(Heard(day, "delivery"));
  base.Add(Heard(100, "colour"));
  base.Add(AnEvent(v1::KIND_QUESTION_ANSWERED).Of("ana").OnDay(103).Key("colour"));
  const TableView view = base.Tell("needs", 104);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"delivery", "colour"}));
  EXPECT_EQ(view.Number({"delivery"}, "heard"), 3);
  EXPECT_EQ(view.Number({"delivery"}, "open"), 1);
  EXPECT_EQ(view.Number({"colour"}, "closed"), 1);
  EXPECT_EQ(view.Find({"delivery"})->event_ids_size(), 3);
}

TEST(NeedsTest, ThatWereHandedOverWaitForTheCustomersWord) {
  Base base;
  base.Add(Heard(100, "N1"));
  base.Add(AnEvent(v1::KIND_CASE_HANDED_OVER).Of("ana").OnDay(101).Key("N1"));
  base.Add(AnEvent(v1::KIND_QUESTION_ANSWERED).Of("ana").OnDay(102).Key("N1"));
  EXPECT_EQ(base.Tell("needs", 131).Number({"N1"}, "open"), 1);
  EXPECT_EQ(base.Tell("needs", 132).Number({"N1"}, "open"), 0);
  base.Add(AnEvent(v1::KIND_RESOLUTION_ANSWERED).Of("ana").OnDay(140).Key("N1"));
  EXPECT_EQ(base.Tell("needs", 190).Number({"N1"}, "open"), 1);
  base.Add(AnEvent(v1::KIND_RESOLUTION_ANSWERED).Of("ana").OnDay(191).Key("N1").Set("accepted", 1));
  EXPECT_EQ(base.Tell("needs", 192).Number({"N1"}, "open"), 0);
}

TEST(DialogueTest, BalancesInAndOut) {
  Base base;
  base.Add(Heard(100, "N1"));
  base.Add(Heard(101, "N2"));
  for (int64_t day = 102; day < 106; ++day) base.Add(Call(day));
  base.Add(APurchase().Of("ana").OnDay(110).Worth(1, "EUR"));
  const TableView view = base.Tell("dialogue", 200);
  EXPECT_EQ(view.Number({}, "in"), 2);
  EXPECT_EQ(view.Number({}, "out"), 4);
  EXPECT_EQ(view.Number({}, "balance"), -2);
  EXPECT_EQ(view.Number({}, "open_needs"), 2);
}

TEST(ExpectationsTest, AreMissedByAreaAlsoInSilence) {
  Base base;
  const auto set = [&](const char* key, v1::Area area, int64_t level, int64_t due_day) {
    EventBuilder event = AnEvent(v1::KIND_EXPECTATION_SET)
                             .Of("ana")
                             .OnDay(100)
                             .Key(key)
                             .Set("level", level)
                             .Set("due_at_us", due_day * kMicrosPerDay);
    event.envelope().set_area(area);
    base.Add(event);
  };
  const auto met = [&](const char* key, int64_t day) {
    return AnEvent(v1::KIND_EXPECTATION_MET).Of("ana").OnDay(day).Key(key);
  };
  set("early", v1::AREA_SALES, 0, 105);
  base.Add(met("early", 104));
  set("just", v1::AREA_SALES, 0, 105);
  base.Add(met("just", 105));
  set("late", v1::AREA_MARKETING, 0, 105);
  base.Add(met("late", 107));
  set("more", v1::AREA_SERVICE, 10, 0);
  base.Add(met("more", 200).Set("level", 14));
  set("silent", v1::AREA_MARKETING, 0, 300);
  const TableView view = base.Tell("expectations", 299);
  EXPECT_EQ(view.Number({"SALES"}, "exceeded"), 1);
  EXPECT_EQ(view.Number({"SALES"}, "met"), 1);
  EXPECT_EQ(view.Number({"SERVICE"}, "exceeded"), 1);
  EXPECT_EQ(view.Number({"MARKETING"}, "missed"), 1);
  EXPECT_EQ(view.Number({"MARKETING"}, "open"), 1);
  EXPECT_EQ(base.Tell("expectations", 300).Number({"MARKETING"}, "missed"), 2);
  EXPECT_EQ(view.Number({}, "missed_share"), 200);
}

TEST(WordOfMouthTest, CountsWhatIsHeardAndWhatIsSaid) {
  Base base;
  base.Add(AnEvent(v1::KIND_AWARENESS_SHOWN)
               .Of("ana")
               .OnDay(100)
               .On(v1::CHANNEL_FACEBOOK)
               .Set("form", v1::AWARENESS_FORM_MENTION));
  base.Add(
      AnEvent(v1::KIND_AWARENESS_SHOWN).Of("ana").OnDay(101).Set("form", v1::AWARENESS_FORM_READ));
  base.Add(AnEvent(v1::KIND_ADVOCACY_SHOWN)
               .Of("ben")
               .OnDay(100)
               .Key("A1")
               .Set("form", v1::ADVOCACY_FORM_REVIEW));
  const TableView view = base.Tell("word_of_mouth", 200);
  EXPECT_EQ(view.Number({"HEARD", "FACEBOOK"}, "mentions"), 1);
  EXPECT_EQ(view.Number({"REVIEW"}, "said"), 1);
  EXPECT_EQ(view.Number({}, "mentions"), 2);
}

TEST(FeedbackTopicsTest, CountByTopicSubjectAndMonth) {
  Base base;
  for (const int64_t day : {0, 1, 31}) {
    EventBuilder event = AnEvent(v1::KIND_FEEDBACK_GIVEN)
                             .Of("ana")
                             .OnDay(day + 365)
                             .Key("F" + std::to_string(day))
                             .Set("topic", "size");
    event.envelope().set_subject("cup");
    base.Add(event);
  }
  base.Add(AnEvent(v1::KIND_CASE_HANDED_OVER).Of("ana").OnDay(370).Key("F1"));
  const TableView view = base.Tell("feedback_topics", 500);
  EXPECT_EQ(view.Number({"size", "cup", "1971-01"}, "heard"), 2);
  EXPECT_EQ(view.Number({"size", "cup", "1971-01"}, "relayed"), 1);
  EXPECT_EQ(view.Number({"size", "cup", "1971-02"}, "heard"), 1);
}

TEST(SeriesTest, GoesMonthByMonth) {
  Base base;
  base.Add(APurchase().Of("ana").OnDay(365).Worth(10, "EUR"));
  base.Add(Answer(366, 10, "S1", ""));
  base.Add(Answer(400, 0, "S2", ""));
  const TableView view = base.Tell("series", 430);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"1971-01", "1971-02", "1971-03"}));
  EXPECT_EQ(view.Number({"1971-01"}, "satisfaction"), 1000);
  EXPECT_EQ(view.Number({"1971-02"}, "satisfaction"), 0);
  EXPECT_EQ(view.Number({"1971-03"}, "satisfaction"), std::nullopt);
  EXPECT_GT(*view.Number({"1971-01"}, "sentiment"), 0);
  EXPECT_LT(*view.Number({"1971-02"}, "sentiment"), *view.Number({"1971-01"}, "sentiment"));
  EXPECT_GT(*view.Number({"1971-01"}, "loyalty"), *view.Number({"1971-03"}, "loyalty"));
  EXPECT_EQ(view.Number({"1971-03"}, "customers"), 1);
}

}  // namespace
}  // namespace rapport::report
