// The receipts of the score: what went into each line, in numbers and in words.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/time.h"
#include "projections/facts/receipt_writer.h"
#include "projections/loyalty/score.h"

namespace rapport::loyalty {
namespace {

using facts::CaseReading;
using facts::EvaluateRules;
using facts::Reading;
using facts::ReceiptWriter;
using facts::RingName;
using facts::Thousandths;

void Rhythm(const Reading& reading, const EvaluateRules& rules, ReceiptWriter& writer) {
  writer.Number("S", reading.rhythm, "thousandths")
      .Number("purchase_days", reading.n, "days")
      .Number("half_life", rules.rhythm.half_life_days, "days");
  writer.Text(absl::StrCat(reading.n,
                           reading.n == 1 ? " purchase day counts " : " purchase days count ",
                           Thousandths(reading.rhythm), "; each fades by half in ",
                           rules.rhythm.half_life_days, " days."));
}

void Outlook(const Reading& reading, const EvaluateRules& rules, ReceiptWriter& writer) {
  writer.Number("E", reading.expected, "millionths")
      .Number("alive_ppm", reading.alive_ppm, "ppm")
      .Number("x", reading.x, "purchase days")
      .Number("tx", reading.tx, "days")
      .Number("T", reading.age, "days")
      .Number("horizon", rules.horizon_days, "days");
  writer.Text(absl::StrCat(Thousandths(reading.expected / 1000),
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
                   ReceiptWriter& writer) {
  const int64_t value = reading.*from.value;
  const int32_t half_life = fold.half_life(from.ring);
  writer.Number(from.input, value, "thousandths").Number("half_life", half_life, "days");
  writer.Text(absl::StrCat(from.words, from.plural ? " count " : " counts ", Thousandths(value),
                           from.plural ? "; they fade by half in " : "; it fades by half in ",
                           half_life, " days."));
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
              ReceiptWriter& writer) {
  writer.Number("F", reading.friction, "thousandths")
      .Number("half_life", rules.friction.half_life_days, "days");
  std::vector<Weighed> cases;
  for (const CaseReading& one : reading.cases) {
    const int64_t units = FrictionUnits(one, reading.day, rules.friction);
    if (units > 0) cases.push_back({&one, units});
  }
  std::stable_sort(cases.begin(), cases.end(),
                   [](const Weighed& a, const Weighed& b) { return a.units > b.units; });
  const size_t count = cases.size();
  if (count > ReceiptWriter::kEventsMax) cases.resize(ReceiptWriter::kEventsMax);
  for (const Weighed& weighed : cases) {
    const CaseReading& one = *weighed.one;
    const std::string name = absl::StrCat("case ", one.key, ": ");
    writer.Number(name + "raised", DayOf(one.raised.at_us), "day")
        .Number(name + "severity", one.severity, "1..4")
        .Number(name + (one.open ? "open" : "closed"),
                DayOf(one.open ? one.opened.at_us : one.resolved->at_us), "day")
        .Number(name + "units", weighed.units, "thousandths")
        .Event(one.raised.id);
  }
  if (count == 0) return writer.Text("No complaint counts.");
  const bool unsure = std::any_of(cases.begin(), cases.end(), [&facts](const Weighed& weighed) {
    return MayHaveBeenClosed(facts, *weighed.one);
  });
  writer.Text(
      absl::StrCat(count, count == 1 ? " complaint counts " : " complaints count ",
                   Thousandths(reading.friction), " units, case ", cases.front().one->key, " most.",
                   unsure ? " There were so many steps that a closing may be forgotten." : ""));
}

// `counts one for one as EUR`, of currencies without a rate.
std::string UnlistedText(const facts::FoldRules& fold) {
  constexpr int64_t kOneForOne = 1'000'000;
  const int64_t rate = fold.unlisted_rate();
  if (rate == 0) return "counts nothing";
  if (rate == kOneForOne) return absl::StrCat("counts one for one as ", fold.base_currency());
  return absl::StrFormat("counts %d.%06d %s for one", rate / kOneForOne, rate % kOneForOne,
                         fold.base_currency());
}

void Value(const Reading& reading, const facts::Facts& facts, const facts::FoldRules& fold,
           ReceiptWriter& writer) {
  const int32_t half_life = fold.half_life(RingName::kSpend);
  writer.Number("M", reading.spend, "hundredths").Number("half_life", half_life, "days");
  std::string text = absl::StrFormat("Spend counts %d.%02d; it fades by half in %d days.",
                                     reading.spend / 100, reading.spend % 100, half_life);
  if (facts.HasUnlistedCurrency()) {
    writer.Number("unlisted_rate", fold.unlisted_rate(), "millionths");
    absl::StrAppend(&text, " Money in a currency that the rules have no rate for ",
                    UnlistedText(fold), ".");
  }
  writer.Text(std::move(text));
}

}  // namespace

void WriteReceipts(const Reading& reading, const facts::Facts& facts, const facts::FoldRules& fold,
                   const EvaluateRules& rules, v1::Standing& standing) {
  const auto receipt = [&standing](v1::ScoreLine line, absl::string_view id) {
    return ReceiptWriter(*standing.mutable_lines(line - 1)->mutable_receipt()).Rule(id);
  };
  ReceiptWriter rhythm = receipt(v1::SCORE_LINE_RHYTHM, "rhythm");
  Rhythm(reading, rules, rhythm);
  rhythm.Latest(facts, v1::KIND_PURCHASE_MADE);
  ReceiptWriter outlook = receipt(v1::SCORE_LINE_OUTLOOK, "outlook");
  Outlook(reading, rules, outlook);
  outlook.Latest(facts, v1::KIND_PURCHASE_MADE);

  ReceiptWriter value = receipt(v1::SCORE_LINE_VALUE, "value");
  Value(reading, facts, fold, value);
  value.Latest(facts, v1::KIND_PURCHASE_MADE);

  constexpr const char* kIds[] = {"sentiment_plus", "sentiment_minus", "advocacy", "dialogue"};
  for (int i = 0; i < 4; ++i) {
    ReceiptWriter writer = receipt(kRingLines[i].line, kIds[i]);
    WriteRingLine(kRingLines[i], reading, fold, writer);
  }
  ReceiptWriter friction = receipt(v1::SCORE_LINE_FRICTION, "friction");
  Friction(reading, facts, rules, friction);
  const int64_t cut = standing.lines(v1::SCORE_LINE_LIMIT - 1).milli_points();
  receipt(v1::SCORE_LINE_LIMIT, "limit")
      .Number("sum", standing.score_milli() - cut, "milli-points")
      .Text(cut == 0 ? "The sum is within 0 and 1000 points."
                     : "The sum is brought back to 0 or 1000 points.");
}

}  // namespace rapport::loyalty
