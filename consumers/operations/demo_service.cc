#include "consumers/operations/demo_service.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "consumers/operations/demo_rules.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr const char* kTopics[] = {"delivery", "quality", "invoice", "advice"};
constexpr const char* kRemedies[] = {"replacement", "refund", "apology", "discount"};

int64_t HoursLater(DemoDiary& diary, int64_t at_us, int64_t least, int64_t most) {
  return at_us + diary.random().Between(least * 60, most * 60) * 60 * kMicrosPerSecond;
}

uint32_t SomeSeverity(DemoRandom& random) {
  const int64_t pick = random.Between(0, 999);
  if (pick < 420) return 1;
  if (pick < 780) return 2;
  return pick < 950 ? 3 : 4;
}

void ThankForPurchase(DemoDiary& diary, int64_t at_us, const std::string& order) {
  DemoRandom& random = diary.random();
  const int64_t pick = random.Between(0, 999);
  if (pick >= 965) return;
  const int64_t thanked_us =
      pick < 900 ? HoursLater(diary, at_us, 2, 23) : HoursLater(diary, at_us, 26, 140);
  if (pick < 700) {
    diary.Thanks(thanked_us, order);
    return;
  }
  ReachOut(diary, thanked_us, v1::OUTREACH_PURPOSE_THANKS, 250);
}

// The second round of a case whose resolution was refused.
void ServeReopened(DemoDiary& diary, int64_t at_us, const std::string& complaint) {
  diary.Reopens(at_us, complaint);
  const int64_t resolved_us = HoursLater(diary, at_us, 6, 40);
  diary.Resolves(resolved_us, complaint, "refund");
  diary.AnswersResolution(HoursLater(diary, resolved_us, 5, 70), complaint, true);
}

void ServeResolved(DemoDiary& diary, int64_t resolved_us, const std::string& complaint) {
  DemoRandom& random = diary.random();
  const int64_t pick = random.Between(0, 999);
  if (pick < 620) {
    diary.AnswersResolution(HoursLater(diary, resolved_us, 3, 60), complaint, true);
  } else if (pick < 700) {
    const int64_t refused_us = HoursLater(diary, resolved_us, 3, 60);
    diary.AnswersResolution(refused_us, complaint, false);
    ServeReopened(diary, HoursLater(diary, refused_us, 1, 5), complaint);
  }
  if (random.Chance(850)) {
    ReachOut(diary, HoursLater(diary, resolved_us, 75, 150), v1::OUTREACH_PURPOSE_CHECK, 350);
  }
}

// What went wrong is looked for after grave and escalated complaints.
void LearnFrom(DemoDiary& diary, int64_t resolved_us, const std::string& complaint) {
  const int64_t at_us = HoursLater(diary, resolved_us, 24, 9 * 24);
  if (!diary.random().Chance(900)) return;
  diary.FindRootCause(at_us, complaint, "packing", "repacked", "box-tested");
}

// A question before the purchase; a few are answered late, or never.
void ServeQuestion(DemoDiary& diary, int64_t asked_us) {
  const std::string question = diary.Asks(asked_us, "delivery");
  const int64_t pick = diary.random().Between(0, 999);
  if (pick >= 997) return;
  diary.AnswerQuestion(HoursLater(diary, asked_us, pick < 950 ? 1 : 25, pick < 950 ? 20 : 70),
                       question);
}

// The day that was promised for a delivery is kept, and said so, or missed.
void ServeDelivery(DemoDiary& diary, int64_t at_us) {
  DemoRandom& random = diary.random();
  const int64_t due_us = HoursLater(diary, at_us, 48, 96);
  const std::string delivery = diary.SetExpectation(at_us, due_us);
  const int64_t pick = random.Between(0, 999);
  if (pick >= 970) return;
  if (pick >= 930) {
    diary.MissExpectation(HoursLater(diary, due_us, 1, 20), delivery);
    return;
  }
  const int64_t met_us = due_us - random.Between(1, 44) * kMicrosPerHour;
  diary.MeetExpectation(met_us, delivery, random.Chance(200));
  if (!random.Chance(920)) return;
  diary.Outreach(HoursLater(diary, met_us, 4, 60), v1::OUTREACH_PURPOSE_QUALITY);
  diary.About(delivery);
}

// Whoever complains by phone is promised a call.
void PromiseACall(DemoDiary& diary, int64_t at_us) {
  const int64_t due_us = HoursLater(diary, at_us, 24, 48);
  const std::string promise = diary.Promise(at_us, due_us);
  const int64_t pick = diary.random().Between(0, 999);
  if (pick < 900) diary.KeepPromise(HoursLater(diary, at_us, 2, 23), promise);
  if (pick >= 900 && pick < 990) diary.KeepPromise(HoursLater(diary, due_us, 5, 70), promise);
}

}  // namespace

int64_t ReachOut(DemoDiary& diary, int64_t at_us, v1::OutreachPurpose purpose,
                 int64_t answers_permille) {
  const std::string outreach = diary.Outreach(at_us, purpose);
  DemoRandom& random = diary.random();
  if (!random.Chance(answers_permille)) return 0;
  const bool glad = random.Chance(850);
  const int64_t answered_us = HoursLater(diary, at_us, 1, 50);
  diary.Answers(answered_us, outreach, purpose,
                glad ? v1::OUTREACH_ANSWER_YES : v1::OUTREACH_ANSWER_NO);
  if (random.Chance(350)) diary.Feels(glad ? 1 : -1);
  return answered_us;
}

void ServePurchase(DemoDiary& diary, int64_t at_us, const std::string& order, int64_t cents,
                   int64_t complaints_permille) {
  DemoRandom& random = diary.random();
  ThankForPurchase(diary, at_us, order);
  if (random.Chance(40)) ServeQuestion(diary, at_us - random.Between(25, 60) * kMicrosPerHour);
  if (random.Chance(50)) ServeDelivery(diary, at_us);
  const int64_t pick = random.Between(0, 999);
  if (pick < 35) diary.Returns(HoursLater(diary, at_us, 5 * 24, 20 * 24), order, cents);
  if (pick >= 990) diary.Cancels(HoursLater(diary, at_us, 1, 20), order, cents);
  if (random.Chance(complaints_permille)) {
    ServeComplaint(diary, HoursLater(diary, at_us, 40, 300), SomeSeverity(random));
  }
}

void ServeComplaint(DemoDiary& diary, int64_t at_us, uint32_t severity) {
  DemoRandom& random = diary.random();
  const std::string complaint = diary.Complains(at_us, severity, kTopics[random.Between(0, 3)]);
  if (random.Chance(960)) diary.Acknowledges(HoursLater(diary, at_us, 1, 20), complaint);
  if (severity >= 3) PromiseACall(diary, HoursLater(diary, at_us, 1, 3));
  const v1::FrictionRule& friction = DemoRules().friction();
  const int64_t term_hours = friction.severity(static_cast<int>(severity) - 1).term_days() * 24;
  bool escalated = false;
  int64_t resolved_us = HoursLater(diary, at_us, term_hours / 5, term_hours * 4 / 5);
  if (random.Chance(60)) {
    // Forgotten past its term: a lead takes it over.
    const int64_t term_us = at_us + term_hours * kMicrosPerHour;
    const int64_t escalated_us = HoursLater(diary, term_us, 2, 40);
    diary.Escalates(escalated_us, complaint, 1);
    escalated = true;
    resolved_us = HoursLater(diary, escalated_us, 10, 60);
  }
  diary.Resolves(resolved_us, complaint, kRemedies[random.Between(0, 3)]);
  ServeResolved(diary, resolved_us, complaint);
  if (severity >= 3 || escalated) LearnFrom(diary, resolved_us, complaint);
}

void SendNewsletters(DemoDiary& diary, int64_t from_us, int64_t until_us,
                     int64_t answers_permille) {
  DemoRandom& random = diary.random();
  diary.Consents(std::max(from_us, diary.begin_us()), "NEWSLETTER", true);
  if (until_us < diary.end_us()) diary.Consents(until_us, "NEWSLETTER", false);
  uint32_t position = 0;
  for (int64_t day = DayOf(diary.begin_us()); day < DayOf(diary.end_us()); ++day) {
    const int of_month = CivilOfDay(day).day;
    if (of_month != 1 && of_month != 15) continue;
    ++position;
    const int64_t at_us = day * kMicrosPerDay + 8 * kMicrosPerHour;
    if (at_us < from_us || at_us >= until_us) continue;
    const std::string letter = diary.Newsletter(at_us, position);
    if (!random.Chance(answers_permille)) continue;
    diary.Answers(HoursLater(diary, at_us, 1, 40), letter, v1::OUTREACH_PURPOSE_NEWSLETTER,
                  v1::OUTREACH_ANSWER_YES);
  }
}

void Greet(DemoDiary& diary, int64_t told_us) {
  DemoRandom& random = diary.random();
  const int month = static_cast<int>(random.Between(1, 12));
  const int day = static_cast<int>(random.Between(1, 28));
  told_us = HoursLater(diary, std::max(told_us, diary.begin_us()), 24, 30 * 24);
  diary.TellsDate(told_us, "birthday", month, day);
  const int64_t last = CivilOfDay(DayOf(diary.end_us())).year;
  for (int64_t year = CivilOfDay(DayOf(told_us)).year; year <= last; ++year) {
    const int64_t at_us = (DayOfCivil({year, month, day}) - 1) * kMicrosPerDay;
    if (at_us < told_us || !random.Chance(930)) continue;
    diary.Outreach(HoursLater(diary, at_us, 9, 33), v1::OUTREACH_PURPOSE_GREETING);
  }
}

void LookAfter(DemoDiary& diary, int64_t from_us) {
  DemoRandom& random = diary.random();
  from_us = std::max(from_us, diary.begin_us());
  diary.AssignManager(from_us, absl::StrCat("agent-", random.Between(1, 4)), false);
  diary.RecordPerson(from_us, "buyer", "buyer", false);
  for (int64_t at_us = from_us; at_us < diary.end_us();
       at_us = HoursLater(diary, at_us, 80 * 24, 94 * 24)) {
    diary.Meets(at_us + kMicrosPerHour, {"buyer"});
    if (!random.Chance(300)) continue;
    const std::string chance = diary.NoteOpportunity(at_us + 2 * kMicrosPerHour, "machine", "");
    diary.CloseOpportunity(HoursLater(diary, at_us, 4, 22), chance, random.Chance(400));
  }
}

void ThankForReferral(DemoDiary& diary, int64_t at_us, const std::string& referral) {
  if (diary.random().Chance(930)) diary.Thanks(HoursLater(diary, at_us, 3, 44), referral);
}

}  // namespace rapport::operations
