// The receipts of the score: what went into each line, in numbers and in words.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/time.h"
#include "projections/loyalty/score.h"

namespace rapport::loyalty {
namespace {

using facts::CaseReading;
using facts::EvaluateRules;
using facts::Reading;
using facts::RingName;

constexpr size_t kEventsMax = 8;

// `2.500` for 2500 thousandths.
std::string Thousandths(int64_t value) {
  return absl::StrFormat("%d.%03d", value / 1000, value % 1000);
}

void Add(v1::Receipt& receipt, absl::string_view name, int64_t value, absl::string_view unit) {
  v1::ReceiptInput* input = receipt.add_inputs();
  input->set_name(std::string(name));
  input->set_value(value);
  input->set_unit(std::string(unit));
}

void NameLastPurchase(const facts::Facts& facts, v1::Receipt& receipt) {
  const facts::KindCell* bought = facts.FindKind(v1::KIND_PURCHASE_MADE);
  if (bought != nullptr) receipt.add_event_ids(bought->last().id.Hex());
}

void Rhythm(const Reading& reading, const EvaluateRules& rules, v1::Receipt& receipt) {
  Add(receipt, "S", reading.rhythm, "thousandths");
  Add(receipt, "purchase_days", reading.n, "days");
  Add(receipt, "half_life", rules.rhythm.half_life_days, "days");
  receipt.set_text(absl::StrCat(reading.n,
                                reading.n == 1 ? " purchase day counts " : " purchase days count ",
                                Thousandths(reading.rhythm), "; each fades by half in ",
                                rules.rhythm.half_life_days, " days."));
}

void Outlook(const Reading& reading, const EvaluateRules& rules, v1::Receipt& receipt) {
  Add(receipt, "E", reading.expected, "millionths");
  Add(receipt, "alive_ppm", reading.alive_ppm, "ppm");
  Add(receipt, "x", reading.x, "purchase days");
  Add(receipt, "tx", reading.tx, "days");
  Add(receipt, "T", reading.age, "days");
  Add(receipt, "horizon", rules.horizon_days, "days");
  receipt.set_text(absl::StrCat(Thousandths(reading.expected / 1000),
                                " purchase days are expected in the next ", rules.horizon_days,
                                " days; the customer still buys with a probability of ",
                                Thousandths(reading.alive_ppm / 1000), "."));
}

// A line that reads one ring.
struct RingLine {
  v1::ScoreLine line;
  RingName ring;
  const char* input;
  const char* words;
  bool plural;
  int64_t Reading::*value;
};
constexpr RingLine kRingLines[] = {
    {v1::SCORE_LINE_SENTIMENT_PLUS, RingName::kSentimentPlus, "P", "Good feelings", true,
     &Reading::sentiment_plus},
    {v1::SCORE_LINE_SENTIMENT_MINUS, RingName::kSentimentMinus, "N", "Bad feelings", true,
     &Reading::sentiment_minus},
    {v1::SCORE_LINE_ADVOCACY, RingName::kAdvocacy, "A", "Advocacy", false, &Reading::advocacy},
    {v1::SCORE_LINE_DIALOGUE, RingName::kDialogue, "D", "Dialogue", false, &Reading::dialogue},
};

void WriteRingLine(const RingLine& from, const Reading& reading, const facts::FoldRules& fold,
                   v1::Receipt& receipt) {
  const int64_t value = reading.*from.value;
  const int32_t half_life = fold.half_life(from.ring);
  Add(receipt, from.input, value, "thousandths");
  Add(receipt, "half_life", half_life, "days");
  receipt.set_text(absl::StrCat(
      from.words, from.plural ? " count " : " counts ", Thousandths(value),
      from.plural ? "; they fade by half in " : "; it fades by half in ", half_life, " days."));
}

struct Weighed {
  const CaseReading* one;
  int64_t units;
};

// Steps were left out of the others' list after the case was opened: one may have closed it.
bool MayHaveBeenClosed(const facts::Facts& facts, const CaseReading& one) {
  const facts::List casework = facts.FindList(facts::ListName::kCasework);
  return one.open && casework.floor_us != 0 && casework.floor_us >= one.opened.at_us;
}

void Friction(const Reading& reading, const facts::Facts& facts, const EvaluateRules& rules,
              v1::Receipt& receipt) {
  Add(receipt, "F", reading.friction, "thousandths");
  Add(receipt, "half_life", rules.friction.half_life_days, "days");
  std::vector<Weighed> cases;
  for (const CaseReading& one : reading.cases) {
    const int64_t units = FrictionUnits(one, reading.day, rules.friction);
    if (units > 0) cases.push_back({&one, units});
  }
  std::stable_sort(cases.begin(), cases.end(),
                   [](const Weighed& a, const Weighed& b) { return a.units > b.units; });
  const size_t count = cases.size();
  if (cases.size() > kEventsMax) cases.resize(kEventsMax);
  for (const Weighed& weighed : cases) {
    const CaseReading& one = *weighed.one;
    const std::string name = absl::StrCat("case ", one.key, ": ");
    Add(receipt, name + "raised", DayOf(one.raised.at_us), "day");
    Add(receipt, name + "severity", one.severity, "1..4");
    Add(receipt, name + (one.open ? "open" : "closed"),
        DayOf(one.open ? one.opened.at_us : one.resolved->at_us), "day");
    Add(receipt, name + "units", weighed.units, "thousandths");
    receipt.add_event_ids(one.raised.id.Hex());
  }
  if (count == 0) {
    receipt.set_text("No complaint counts.");
    return;
  }
  const bool unsure = std::any_of(cases.begin(), cases.end(), [&facts](const Weighed& weighed) {
    return MayHaveBeenClosed(facts, *weighed.one);
  });
  receipt.set_text(
      absl::StrCat(count, count == 1 ? " complaint counts " : " complaints count ",
                   Thousandths(reading.friction), " units, case ", cases.front().one->key, " most.",
                   unsure ? " There were so many steps that a closing may be forgotten." : ""));
}

}  // namespace

void WriteReceipts(const Reading& reading, const facts::Facts& facts, const facts::FoldRules& fold,
                   const EvaluateRules& rules, v1::Standing& standing) {
  const auto receipt = [&standing](v1::ScoreLine line, absl::string_view id) -> v1::Receipt& {
    v1::Receipt& one = *standing.mutable_lines(line - 1)->mutable_receipt();
    one.set_rule_id(std::string(id));
    return one;
  };
  v1::Receipt& rhythm = receipt(v1::SCORE_LINE_RHYTHM, "rhythm");
  Rhythm(reading, rules, rhythm);
  NameLastPurchase(facts, rhythm);
  v1::Receipt& outlook = receipt(v1::SCORE_LINE_OUTLOOK, "outlook");
  Outlook(reading, rules, outlook);
  NameLastPurchase(facts, outlook);

  v1::Receipt& value = receipt(v1::SCORE_LINE_VALUE, "value");
  Add(value, "M", reading.spend, "hundredths");
  Add(value, "half_life", fold.half_life(RingName::kSpend), "days");
  value.set_text(absl::StrFormat("Spend counts %d.%02d; it fades by half in %d days.",
                                 reading.spend / 100, reading.spend % 100,
                                 fold.half_life(RingName::kSpend)));
  NameLastPurchase(facts, value);

  constexpr const char* kIds[] = {"sentiment_plus", "sentiment_minus", "advocacy", "dialogue"};
  for (int i = 0; i < 4; ++i) {
    WriteRingLine(kRingLines[i], reading, fold, receipt(kRingLines[i].line, kIds[i]));
  }
  Friction(reading, facts, rules, receipt(v1::SCORE_LINE_FRICTION, "friction"));
  v1::Receipt& limit = receipt(v1::SCORE_LINE_LIMIT, "limit");
  const int64_t cut = standing.lines(v1::SCORE_LINE_LIMIT - 1).milli_points();
  Add(limit, "sum", standing.score_milli() - cut, "milli-points");
  limit.set_text(cut == 0 ? "The sum is within 0 and 1000 points."
                          : "The sum is brought back to 0 or 1000 points.");
}

}  // namespace rapport::loyalty
