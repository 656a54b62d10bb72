// Metrics where a story would be long: what is absent, how it is rounded, what time alone changes.
#include "projections/report/metrics.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::report {
namespace {

using kit::AnEvent;
using kit::APurchase;

// 2024-01-05.
constexpr int64_t kDay = 19'727;

class Customer {
 public:
  Customer& Does(kit::EventBuilder event) {
    facts::Fold(facts_, event.Id(++events_).View(), kit::Standard().fold);
    return *this;
  }
  v1::Metrics At(int64_t at_us) const {
    const kit::StandardRules& rules = kit::Standard();
    const facts::Reading reading = facts::Read(facts_, at_us, rules.fold, rules.evaluate);
    const auto term = [](const facts::Item& question) -> std::optional<AnswerTerm> {
      return AnswerTerm{question.moment.at_us + kMicrosPerDay, false};
    };
    const auto midnight = [](int64_t day) { return day * kMicrosPerDay; };
    v1::Metrics metrics;
    WriteMetrics({facts_, reading, facts::EvaluatedAt(facts_, at_us), rules.evaluate, term,
                  midnight, issue_days},
                 metrics);
    return metrics;
  }
  v1::Metrics On(int64_t day) const { return At(day * kMicrosPerDay); }

  IssueDays issue_days = {{1, 15}, 0, 14 * kMicrosPerDay};

 private:
  facts::Facts facts_;
  uint64_t events_ = 0;
};

int64_t NextIssue(const Customer& customer, int64_t day) {
  return customer.On(day).newsletter().next_day() - kDay;
}

TEST(MetricsTest, NobodyKnownHasOnlyWhatIsToBeLearned) {
  v1::Metrics metrics = Customer().On(kDay);
  EXPECT_EQ(metrics.preferences().missing_size(), metrics.preferences().wanted());
  EXPECT_EQ(metrics.preferences().coverage_permille(), 0);
  metrics.clear_preferences();
  EXPECT_EQ(metrics.ByteSizeLong(), 0u) << metrics.ShortDebugString();
}

TEST(MetricsTest, SharesAndGapsWithoutAnythingToDivideByAreAbsent) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_REFERRAL_MADE).OnDay(kDay));
  EXPECT_FALSE(ana.On(kDay).referrals().has_leads_permille());
  ana.Does(APurchase().OnDay(kDay));
  const v1::Metrics one = ana.On(kDay);
  EXPECT_EQ(one.referrals().leads_permille(), 1000);
  EXPECT_FALSE(one.purchases().has_last_gap_days());
  EXPECT_FALSE(one.purchases().has_mean_gap_milli_days());
  EXPECT_FALSE(one.reciprocity().has_given_permille());
}

TEST(MetricsTest, SharesAreRoundedHalfUp) {
  Customer ana;
  for (int i = 0; i < 3; ++i) {
    ana.Does(APurchase().OnDay(kDay + i).Set("promotion", i < 2 ? "SPRING" : ""));
  }
  EXPECT_EQ(ana.On(kDay + 2).purchases().discount_dependence_permille(), 667);
}

TEST(MetricsTest, NewsletterComesOnTheFirstAndTheFifteenthAfterTheRequest) {
  Customer ana;
  EXPECT_FALSE(ana.On(kDay).has_newsletter());
  ana.Does(AnEvent(v1::KIND_CONSENT_CHANGED).OnDay(kDay).Key("NEWSLETTER").Set("granted", 1));
  EXPECT_EQ(NextIssue(ana, kDay), 10);
  EXPECT_EQ(NextIssue(ana, kDay + 9), 10);
  // The issue of today is due until it is sent, for two weeks.
  EXPECT_EQ(NextIssue(ana, kDay + 12), 10);
  EXPECT_EQ(NextIssue(ana, kDay + 25), 27);
  kit::EventBuilder sent = AnEvent(v1::KIND_OUTREACH_MADE).OnDay(kDay + 12).Key("N1");
  sent.Set("purpose", v1::OUTREACH_PURPOSE_NEWSLETTER).Set("position", 3);
  ana.Does(std::move(sent));
  EXPECT_EQ(NextIssue(ana, kDay + 12), 27);
  EXPECT_EQ(ana.On(kDay + 12).newsletter().position(), 4);
  ana.Does(AnEvent(v1::KIND_CONSENT_CHANGED).OnDay(kDay + 13).Key("NEWSLETTER"));
  EXPECT_FALSE(ana.On(kDay + 13).has_newsletter());
}

TEST(MetricsTest, NewsletterComesOnTheDaysOfTheRules) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_CONSENT_CHANGED).OnDay(kDay).Key("NEWSLETTER").Set("granted", 1));
  // From the evening before the 7th and the 20th on, for a day.
  ana.issue_days = {{7, 20}, -6 * kMicrosPerHour, kMicrosPerDay};
  EXPECT_EQ(NextIssue(ana, kDay), 2);
  const auto next_at = [&](int64_t at_us) { return ana.At(at_us).newsletter().next_day() - kDay; };
  const int64_t midnight_us = (kDay + 2) * kMicrosPerDay;
  EXPECT_EQ(next_at(midnight_us - 7 * kMicrosPerHour), 2);
  EXPECT_EQ(next_at(midnight_us), 2);
  EXPECT_EQ(next_at(midnight_us + kMicrosPerDay), 15);
  ana.issue_days = {};
  EXPECT_EQ(ana.On(kDay).newsletter().next_day(), 0);
  EXPECT_EQ(ana.On(kDay).newsletter().position(), 1);
}

TEST(MetricsTest, SilentMissIsOneFromTheDueMomentOn) {
  Customer ana;
  kit::EventBuilder set = AnEvent(v1::KIND_EXPECTATION_SET).OnDay(kDay).Key("E1");
  const int64_t due_us = kDay * kMicrosPerDay + 48 * kMicrosPerHour;
  ana.Does(set.Set("due_at_us", due_us));
  EXPECT_EQ(ana.At(due_us - 1).expectations().open(), 1);
  EXPECT_EQ(ana.At(due_us).expectations().missed(), 1);
  EXPECT_EQ(ana.At(due_us).expectations().open(), 0);
}

TEST(MetricsTest, StreakEndsWithTheFirstThatDidNotExceed) {
  Customer ana;
  for (int i = 0; i < 4; ++i) {
    kit::EventBuilder met = AnEvent(v1::KIND_EXPECTATION_MET).OnDay(kDay + i);
    ana.Does(met.Key(std::string(1, static_cast<char>('A' + i))).Set("exceeded", i == 0 ? 0 : 1));
  }
  const v1::ExpectationMetrics three = ana.On(kDay + 9).expectations();
  EXPECT_EQ(three.exceeded_in_a_row(), 3);
  ASSERT_EQ(three.streak_event_ids_size(), 3);
  EXPECT_EQ(three.streak_event_ids(0), "00000000000000000000000000000004");
  ana.Does(AnEvent(v1::KIND_EXPECTATION_MISSED).OnDay(kDay + 9).Key("Z"));
  EXPECT_EQ(ana.On(kDay + 9).expectations().exceeded_in_a_row(), 0);
}

TEST(MetricsTest, QuestionThatMayStillWaitIsNeitherInTimeNorLate) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  EXPECT_FALSE(ana.On(kDay).trust().has_responsiveness_permille());
  EXPECT_EQ(ana.On(kDay).open_questions_size(), 1);
  EXPECT_EQ(ana.On(kDay + 1).trust().late(), 1);
  EXPECT_EQ(ana.On(kDay + 1).trust().responsiveness_permille(), 0);
  Customer ben = ana;
  // At the very moment at which it is overdue.
  ben.Does(AnEvent(v1::KIND_QUESTION_ANSWERED).OnDay(kDay + 1).Key("Q1"));
  EXPECT_EQ(ben.On(kDay + 1).trust().late(), 1);
  ana.Does(AnEvent(v1::KIND_QUESTION_ANSWERED).At((kDay + 1) * kMicrosPerDay - 1).Key("Q1"));
  EXPECT_EQ(ana.On(kDay + 1).trust().in_time(), 1);
  EXPECT_EQ(ana.On(kDay + 1).open_questions_size(), 0);
}

TEST(MetricsTest, CompetitorIsAnsweredByTheFirstLaterPurchase) {
  Customer ana;
  ana.Does(APurchase().OnDay(kDay));
  ana.Does(AnEvent(v1::KIND_COMPETITOR_NOTICED).OnDay(kDay + 1).Key("them"));
  EXPECT_FALSE(ana.On(kDay + 1).competitor().answered());
  ana.Does(APurchase().OnDay(kDay + 2)).Does(APurchase().OnDay(kDay + 3));
  const v1::CompetitorMetrics answered = ana.On(kDay + 3).competitor();
  EXPECT_TRUE(answered.answered());
  EXPECT_EQ(answered.answered_at_us(), (kDay + 2) * kMicrosPerDay);
}

TEST(MetricsTest, RoleIsVacantWhenAllWhoHadItHaveLeft) {
  Customer acme;
  for (const char* person : {"p1", "p2"}) {
    acme.Does(
        AnEvent(v1::KIND_CONTACT_PERSON_RECORDED).OnDay(kDay).Key(person).Set("role", "buyer"));
  }
  EXPECT_EQ(acme.On(kDay).roles(0).people_size(), 2);
  for (const char* person : {"p1", "p2"}) {
    EXPECT_FALSE(acme.On(kDay).roles(0).vacant());
    acme.Does(AnEvent(v1::KIND_CONTACT_PERSON_RECORDED)
                  .OnDay(kDay + 3)
                  .Key(person)
                  .Set("role", "buyer")
                  .Set("left", 1));
  }
  EXPECT_TRUE(acme.On(kDay + 3).roles(0).vacant());
  EXPECT_EQ(acme.On(kDay + 3).roles(0).vacant_since_day(), kDay + 3);
}

TEST(MetricsTest, CaseSaysWhetherItsCauseIsKnown) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key("C1").Set("severity", 3));
  ana.Does(AnEvent(v1::KIND_CASE_HANDED_OVER).OnDay(kDay).Key("C1").Set("department", "repair"));
  EXPECT_FALSE(ana.On(kDay).cases(0).cause_found());
  ana.Does(AnEvent(v1::KIND_ROOT_CAUSE_FOUND).OnDay(kDay + 1).Key("C1").Set("cause", "seal"));
  const v1::CaseMetrics one = ana.On(kDay + 1).cases(0);
  EXPECT_TRUE(one.open());
  EXPECT_TRUE(one.cause_found());
  EXPECT_FALSE(one.prevented());
  EXPECT_EQ(one.department(), "repair");
  EXPECT_EQ(one.due_day(), kDay + 5);
}

TEST(MetricsTest, EarlierOfTwoEquallyLowPhasesIsTheLowest) {
  Customer ana;
  for (const v1::Phase phase : {v1::PHASE_AFTER_RECEIPT, v1::PHASE_BEFORE, v1::PHASE_AT}) {
    kit::EventBuilder answer = AnEvent(v1::KIND_SURVEY_ANSWERED).OnDay(kDay);
    answer.Set("max", 10).Set("score", phase == v1::PHASE_AT ? 9 : 4);
    answer.envelope().set_phase(phase);
    ana.Does(std::move(answer));
  }
  EXPECT_EQ(ana.On(kDay).satisfaction().lowest_phase(), v1::PHASE_BEFORE);
  EXPECT_EQ(ana.On(kDay).satisfaction().mean_permille(), 567);
}

}  // namespace
}  // namespace rapport::report
