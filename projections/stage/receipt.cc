// Receipts of stage and flags: the numbers compared, the events that decided, and the words.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "projections/facts/receipt_writer.h"
#include "projections/stage/write.h"

namespace rapport::stage {
namespace {

using facts::Facts;
using facts::kNoDay;
using facts::Reading;
using Writer = facts::ReceiptWriter;

std::string Percent(int64_t ppm) {
  return absl::StrFormat("%d.%d %%", ppm / 10'000, ppm % 10'000 / 1'000);
}

// The latest event of a kind with this role; null = none.
const facts::KindCell* LatestWithRole(const Course& course, facts::KindRole role) {
  const facts::KindCell* latest = nullptr;
  for (const facts::KindCell& cell : course.facts().kinds) {
    if ((course.rules().RolesOf(cell.kind()) & role) == 0) continue;
    if (latest == nullptr || latest->last() < cell.last()) latest = &cell;
  }
  return latest;
}

void WithLatest(const Course& course, facts::KindRole role, Writer& writer) {
  const facts::KindCell* latest = LatestWithRole(course, role);
  if (latest != nullptr) writer.Event(latest->last().id);
}

// The latest sign of awareness of each form, the newest first.
void WithSigns(const Course& course, Writer& writer) {
  std::vector<rapport::Moment> signs;
  for (const facts::AwarenessCell& cell : course.facts().rare().awareness) {
    signs.push_back(cell.last);
  }
  std::sort(signs.rbegin(), signs.rend());
  for (const rapport::Moment& sign : signs) writer.Event(sign.id);
}

// The last write of a map's `key`; of a value, whose list has one item, the empty key.
void WithItem(const Facts& facts, facts::ListName name, absl::string_view key, Writer& writer) {
  for (const facts::Item& item : facts.FindList(name).items) {
    if (key.empty() || item.key.view() == key) writer.Event(item.moment.id);
  }
}

void WriteEnding(const Course& course, absl::string_view rule, Writer& writer) {
  if (rule == "S1") {
    writer.Latest(course.facts(), v1::KIND_FRAUD_CONFIRMED)
        .Text("Fraud was confirmed and the relationship was not reinstated since.");
    return;
  }
  const bool is_trial = rule == "S3";
  const facts::Item& ending = is_trial ? *course.failed_trial() : *course.ended();
  writer.Number(is_trial ? "trial_ended" : "ended", DayOf(ending.moment.at_us), "day");
  writer.Event(ending.moment.id);
  writer.Text(is_trial ? "The latest trial failed, and since then there was no purchase, no "
                         "interest and no reinstatement."
                       : "The relationship was ended, and since then there was no purchase and no "
                         "reinstatement.");
}

void WriteNonBuyer(const Course& course, int64_t day, bool interested, Writer& writer) {
  const int64_t interest = course.reading().interest_at_us;
  const int64_t window = course.rules().stages.interest_days;
  writer.Compared("purchase_days", 0, "days", 1);
  if (interest > 0) {
    writer.Compared("interest_age", day - DayOf(interest), "days", window);
    WithLatest(course, facts::kInterest, writer);
  } else if (course.facts().rare().awareness.empty()) {
    WithLatest(course, facts::kAct, writer);
  }
  if (!interested) WithSigns(course, writer);
  writer.Text(interested ? absl::StrCat("No purchase yet; interest was shown within ", window,
                                        " days. A purchase leads on.")
                         : absl::StrCat("No purchase yet, and no interest within ", window,
                                        " days. Interest or a purchase leads on."));
}

void WriteFirstBuyer(const Course& course, int64_t day, bool dormant, Writer& writer) {
  const int64_t limit = course.rules().stages.first_purchase_silence_days;
  const int64_t silence = day - course.reading().act_day;
  writer.Compared("purchase_days", 1, "days", 2).Compared("silence", silence, "days", limit);
  writer.Latest(course.facts(), v1::KIND_PURCHASE_MADE);
  WithLatest(course, facts::kAct, writer);
  writer.Text(dormant ? absl::StrCat("One purchase day, and nothing heard for ", silence,
                                     " days; more than ", limit, " is dormant.")
                      : "One purchase day. A second one leads on.");
}

// What COMMITMENT asks for and the customer lacks.
std::vector<std::string> Lacking(const Course& course, int64_t day) {
  const facts::Stages& rules = course.rules().stages;
  const int64_t n = course.reading().n;
  std::vector<std::string> lacking;
  if (n < rules.commitment_purchase_days) {
    const bool bond = course.HasBond(day);
    if (n < rules.commitment_purchase_days_with_bond || !bond) {
      lacking.push_back(absl::StrCat(rules.commitment_purchase_days, " purchase days (has ", n,
                                     "), or ", rules.commitment_purchase_days_with_bond,
                                     " and a bond (has ", bond ? "one)" : "none)"));
    }
  }
  if (course.AliveAt(day) < rules.commitment_alive_ppm) {
    lacking.push_back(absl::StrCat("a probability of ", Percent(rules.commitment_alive_ppm),
                                   " (has ", Percent(course.AliveAt(day)), ")"));
  }
  if (course.has_escalated_case()) lacking.push_back("an end of the escalated case");
  return lacking;
}

int64_t SubjectsBought(const Facts& facts) {
  std::vector<absl::string_view> subjects;
  for (const facts::Item& order : facts.FindList(facts::ListName::kOrders).items) {
    if (order.kind == v1::KIND_PURCHASE_MADE && !order.subject.empty()) {
      subjects.push_back(order.subject.view());
    }
  }
  std::sort(subjects.begin(), subjects.end());
  return std::unique(subjects.begin(), subjects.end()) - subjects.begin();
}

void WriteDormancy(const Course& course, int64_t day, Writer& writer) {
  const facts::Stages& rules = course.rules().stages;
  const Reading& reading = course.reading();
  writer.Compared("dormant: alive_ppm", course.AliveAt(day), "ppm", rules.dormant_alive_below_ppm)
      .Compared("gap", day - reading.last, "days",
                rules.dormant_cadences * reading.gap_days / reading.gap_count)
      .Compared("silence", day - reading.act_day, "days", rules.dormant_silence_days);
}

void WriteBuyer(const Course& course, int64_t day, absl::string_view rule, Writer& writer) {
  const Reading& reading = course.reading();
  WriteDormancy(course, day, writer);
  writer.Latest(course.facts(), v1::KIND_PURCHASE_MADE);
  const std::string alive = Percent(course.AliveAt(day));
  if (rule == "S8") {
    WithLatest(course, facts::kAct, writer);
    writer.Text(absl::StrCat("Bought on ", reading.n, " days, about every ", reading.cadence_days(),
                             " days, and now not for ", day - reading.last,
                             "; the probability of another purchase is ", alive, "."));
    return;
  }
  const facts::Stages& rules = course.rules().stages;
  const bool bond = course.HasBond(day);
  writer.Compared("alive_ppm", course.AliveAt(day), "ppm", rules.commitment_alive_ppm)
      .Compared("purchase_days", reading.n, "days",
                bond ? rules.commitment_purchase_days_with_bond : rules.commitment_purchase_days)
      .Number("bond", bond ? 1 : 0, "0 or 1")
      .Number("escalated_case", course.has_escalated_case() ? 1 : 0, "0 or 1")
      .Number("subjects_bought", SubjectsBought(course.facts()), "subjects");
  const facts::KindCell* kept = course.facts().FindKind(v1::KIND_PROMISE_KEPT);
  writer.Number("promises_kept", kept == nullptr ? 0 : kept->count, "promises");
  if (bond) {
    const facts::Item* agreement = course.AgreementInForce(day);
    if (agreement != nullptr) writer.Event(agreement->moment.id);
    WithLatest(course, facts::kBond, writer);
  }
  for (const facts::CaseReading& one : reading.cases) {
    if (one.escalated) writer.Event(one.raised.id);
  }
  writer.Text(rule == "S9"
                  ? absl::StrCat("Bought on ", reading.n, " days", bond ? " and has a bond" : "",
                                 "; the probability of another purchase is ", alive, ".")
                  : absl::StrCat("Bought on ", reading.n, " days. COMMITMENT (S9) needs ",
                                 absl::StrJoin(Lacking(course, day), "; "), "."));
}

void WriteAtRisk(const Course& course, int64_t day, Writer& writer) {
  const Reading& reading = course.reading();
  const facts::Flags& rules = course.rules().flags;
  std::vector<std::string> why;
  if (reading.n >= 2) {
    const int64_t limit = rules.at_risk_cadences * reading.gap_days / reading.gap_count;
    writer.Compared("gap", day - reading.last, "days", limit);
    if (course.GapExceeds(rules.at_risk_cadences, day)) {
      writer.Latest(course.facts(), v1::KIND_PURCHASE_MADE);
      why.push_back(absl::StrCat("no purchase for ", day - reading.last,
                                 " days, with one about every ", reading.cadence_days(),
                                 " days before"));
    }
  }
  if (const facts::Miss* second = SecondOfPair(course.misses(), day, rules)) {
    writer.Compared("misses_age", day - second->day, "days", rules.misses_days);
    const facts::Miss* previous = nullptr;
    for (const facts::Miss& miss : course.misses()) {
      if (&miss == second) break;
      if (day >= miss.seen_from) previous = &miss;
    }
    writer.Compared("misses_apart", second->day - previous->day, "days", rules.misses_apart_days)
        .Event(second->event)
        .Event(previous->event);
    why.push_back("two expectations missed close together, and none met in time since");
  }
  writer.Text(absl::StrCat("At risk: ", absl::StrJoin(why, "; "), "."));
}

void WriteDamaged(const Course& course, int64_t day, Writer& writer) {
  const Reading& reading = course.reading();
  writer.Compared("F", FrictionOf(reading.cases, day, course.rules().friction), "thousandths",
                  course.rules().flags.damaged_friction);
  writer.Number("escalated_case", course.has_escalated_case() ? 1 : 0, "0 or 1");
  std::vector<const facts::CaseReading*> cases;
  for (const facts::CaseReading& one : reading.cases) {
    if (FrictionUnits(one, day, course.rules().friction) > 0) cases.push_back(&one);
  }
  std::stable_sort(cases.begin(), cases.end(), [&](const auto* a, const auto* b) {
    if (a->escalated != b->escalated) return a->escalated;
    return FrictionUnits(*a, day, course.rules().friction) >
           FrictionUnits(*b, day, course.rules().friction);
  });
  for (const facts::CaseReading* one : cases) writer.Event(one->raised.id);
  writer.Text(course.has_escalated_case() ? "A complaint is escalated and open."
                                          : "Complaints weigh too much.");
}

void WriteWonBack(const Course& course, int64_t day, Writer& writer) {
  writer.Number("returned", course.won_back_day(), "day")
      .Compared("age", day - course.won_back_day(), "days", course.rules().flags.won_back_days)
      .Latest(course.facts(), v1::KIND_PURCHASE_MADE)
      .Text("Bought again after dormancy or an ending.");
}

}  // namespace

void WriteStageReceipt(const Course& course, int64_t day, const facts::StageState& state,
                       v1::Receipt& receipt) {
  Writer writer(receipt);
  const absl::string_view rule = state.rule;
  if (rule == "S1" || rule == "S2" || rule == "S3") return WriteEnding(course, rule, writer);
  if (rule == "S4" || rule == "S5") return WriteNonBuyer(course, day, rule == "S4", writer);
  if (rule == "S6" || rule == "S7") return WriteFirstBuyer(course, day, rule == "S6", writer);
  WriteBuyer(course, day, rule, writer);
}

void WriteFlagReceipt(const Course& course, int64_t day, v1::Flag flag, v1::Receipt& receipt) {
  Writer writer(receipt);
  const Facts& facts = course.facts();
  const facts::Flags& rules = course.rules().flags;
  switch (flag) {
    case v1::FLAG_AT_RISK:
      return WriteAtRisk(course, day, writer);
    case v1::FLAG_DAMAGED:
      return WriteDamaged(course, day, writer);
    case v1::FLAG_FRAUD_HOLD:
      return writer.Latest(facts, v1::KIND_FRAUD_SUSPECTED)
          .Text("Fraud is suspected and not cleared.");
    case v1::FLAG_LET_DOWN: {
      const facts::Miss& miss = *LettingDown(course.misses(), day, rules);
      return writer.Compared("miss_age", day - miss.day, "days", rules.let_down_days)
          .Event(miss.event)
          .Text(absl::StrCat("Expectation ", miss.key, " was missed, and none was met since."));
    }
    case v1::FLAG_LOOKING_AROUND:
      writer.Compared("age", day - course.reading().looking_day, "days", rules.looking_around_days);
      WithLatest(course, facts::kLooking, writer);
      return writer.Text("The customer looks at others, or needs something else.");
    case v1::FLAG_WON_BACK:
      return WriteWonBack(course, day, writer);
    case v1::FLAG_KEY_ACCOUNT:
      WithItem(facts, facts::ListName::kOwner, "", writer);
      return writer.Text("Marked as a key account by the latest assignment.");
    case v1::FLAG_OPTED_OUT:
      WithItem(facts, facts::ListName::kConsents, "all", writer);
      return writer.Text("The customer refused all contact that is not owed.");
    case v1::FLAG_INCOMPLETE:
      return writer.Text("Some events of this customer are in quarantine and not counted.");
    default:
      return;
  }
}

}  // namespace rapport::stage
