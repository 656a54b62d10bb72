#include "consumers/operations/rules_words.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "consumers/operations/output.h"

namespace rapport::operations {
namespace {

// Thousandths without noughts at the end: `0.3`, `2`.
std::string Thousandths(int64_t number) {
  std::string text = Points(number);
  while (absl::EndsWith(text, "0")) text.pop_back();
  if (absl::EndsWith(text, ".")) text.pop_back();
  return text;
}

// Permille, or ppm over 1000, as a share: `62.5 %`.
std::string Share(int64_t permille) {
  return absl::StrCat(permille / 10, permille % 10 == 0 ? "" : absl::StrCat(".", permille % 10),
                      " %");
}

std::string Days(int64_t days) { return absl::StrCat(days, days == 1 ? " day" : " days"); }

template <typename Kinds>
std::string KindsInWords(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const int kind : kinds) names.push_back(KindInWords(static_cast<v1::Kind>(kind)));
  return absl::StrJoin(names, ", ");
}

std::string Line(absl::string_view name, absl::string_view words) {
  return absl::StrCat("  ", Pad(name, 16), name.size() < 16 ? "" : "  ", words, "\n");
}

std::string CurveLine(absl::string_view name, const v1::CurveRule& rule, absl::string_view half,
                      bool is_debit = false) {
  if (rule.weight() == 0) return Line(name, "not counted");
  return Line(name, absl::StrCat(is_debit ? "costs up to " : "up to ", Thousandths(rule.weight()),
                                 " points, half of them at ", half));
}

std::string FrictionInWords(const v1::FrictionRule& rule) {
  std::string text =
      Line("FRICTION", absl::StrCat("complaints cost up to ", Thousandths(rule.cap()),
                                    " points together: ", rule.per_unit(), " for each unit and ",
                                    rule.per_square(), " for its square"));
  for (int i = 0; i < rule.severity_size(); ++i) {
    absl::StrAppend(&text, Line("", absl::StrCat("severity ", i + 1, ": ",
                                                 Thousandths(rule.severity(i).weight()),
                                                 " units while open, to be closed within ",
                                                 Days(rule.severity(i).term_days()))));
  }
  absl::StrAppend(
      &text,
      Line("", absl::StrCat("late it counts ", Share(rule.late_permille()),
                            ", after twice its term ", Share(rule.very_late_permille()))),
      Line("", absl::StrCat("closed, ", Share(rule.closed_accepted()),
                            " stays if in time and accepted, ", Share(rule.closed_refused()),
                            " if refused, else ", Share(rule.closed_unanswered()))),
      Line("", absl::StrCat("what stays counts half after ", Days(rule.half_life_days()))));
  return text;
}

std::string StageLine(absl::string_view rule, absl::string_view stage, absl::string_view when) {
  return absl::StrCat("  ", Pad(rule, 5), Pad(stage, 13), when, "\n");
}

}  // namespace

std::string KindInWords(v1::Kind kind) {
  std::string words;
  bool upper = true;
  const std::string name = v1::Kind_Name(kind);
  for (const char c : absl::string_view(name).substr(sizeof("KIND_") - 1)) {
    if (c != '_') words.push_back(upper ? c : absl::ascii_tolower(static_cast<unsigned char>(c)));
    upper = c == '_';
  }
  return words;
}

std::string MemoryInWords(const v1::FoldRules& rules) {
  std::string text =
      absl::StrCat("Remembered (a change here needs a refold)\n",
                   Line("money", absl::StrCat("counted in ", rules.base_currency())));
  for (const v1::CurrencyRate& rate : rules.rate()) {
    absl::StrAppend(&text, Line("", absl::StrCat("one ", rate.currency(), " is ", rate.millionths(),
                                                 " millionths of it")));
  }
  std::vector<std::string> rings;
  for (const v1::RingRule& ring : rules.ring()) {
    rings.push_back(absl::StrCat(ring.name(), " ", ring.half_life_days()));
  }
  absl::StrAppend(&text, Line("half after", absl::StrCat("(days) ", absl::StrJoin(rings, ", "))));
  for (const v1::CustomKindRule& kind : rules.custom_kind()) {
    std::vector<std::string> adds;
    for (const v1::CustomKindWeight& weight : kind.weight()) {
      adds.push_back(absl::StrCat(Thousandths(weight.add()), " to ", weight.ring()));
    }
    const absl::string_view by = kind.by() == v1::CUSTOM_KIND_BY_CUSTOMER ? "an act of the customer"
                                 : kind.by() == v1::CUSTOM_KIND_BY_VENDOR ? "an act of ours"
                                                                          : "nobody's act";
    absl::StrAppend(
        &text, Line("own kind", absl::StrCat(kind.name(), ": ", by, adds.empty() ? "" : ", adds ",
                                             absl::StrJoin(adds, " and "))));
  }
  return text;
}

std::string ScoreInWords(const v1::EvaluateRules& rules) {
  const v1::RhythmRule& rhythm = rules.rhythm();
  std::string text = "Score, 0 to 1000 points: the sum of\n";
  absl::StrAppend(
      &text,
      rhythm.weight() == 0
          ? Line("RHYTHM", "not counted")
          : Line("RHYTHM",
                 absl::StrCat("up to ", Thousandths(rhythm.weight()), " points, half of them at ",
                              Thousandths(rhythm.half()), " purchase days of today; after ",
                              Days(rhythm.half_life_days()), " one counts half")),
      CurveLine("OUTLOOK", rules.outlook(),
                absl::StrCat(Thousandths(rules.outlook().half() / 1000),
                             " purchases expected within ", Days(rules.horizon_days()))),
      rules.value().weight() == 0
          ? Line("VALUE", "not counted")
          : Line("VALUE",
                 absl::StrCat(Thousandths(rules.value().weight() / rules.value().doublings()),
                              " points for every doubling of what was spent, ",
                              Thousandths(rules.value().weight()), " at ",
                              rules.value().doublings(), " doublings of a hundredth")),
      CurveLine("SENTIMENT_PLUS", rules.sentiment_plus(),
                absl::StrCat(Thousandths(rules.sentiment_plus().half()), " praises of today")),
      CurveLine("SENTIMENT_MINUS", rules.sentiment_minus(),
                absl::StrCat(Thousandths(rules.sentiment_minus().half()), " bad answers of today"),
                /*is_debit=*/true),
      CurveLine("ADVOCACY", rules.advocacy(),
                absl::StrCat(Thousandths(rules.advocacy().half()), " referrals of today")),
      CurveLine("DIALOGUE", rules.dialogue(),
                absl::StrCat(Thousandths(rules.dialogue().half()),
                             " events of talk (an enquiry is 0.5)")),
      FrictionInWords(rules.friction()));
  return text;
}

std::string StagesInWords(const v1::EvaluateRules& rules) {
  const v1::StageRules& stages = rules.stages();
  const std::string alive = Share(stages.dormant().alive_below_ppm() / 1000);
  const std::string committed = Share(stages.commitment().alive_ppm() / 1000);
  std::string text = "Stage: the first that applies\n";
  absl::StrAppend(
      &text, StageLine("S1", "DISSOLUTION", "fraud was confirmed"),
      StageLine("S2", "DISSOLUTION", "it was ended, and nothing was bought since"),
      StageLine("S3", "DISSOLUTION", "a trial failed, and no interest was shown since"),
      StageLine("S4", "EXPLORATION",
                absl::StrCat("nothing bought, but interest within ", Days(stages.interest().days()),
                             ": ", KindsInWords(stages.interest().kind()))),
      StageLine("S5", "AWARENESS", "nothing bought"),
      StageLine("S6", "DISSOLUTION",
                absl::StrCat("one purchase day, and nothing heard for more than ",
                             Days(stages.first_purchase_silence_days()))),
      StageLine("S7", "EXPLORATION", "one purchase day"),
      StageLine("S8", "DISSOLUTION",
                absl::StrCat("less than ", alive, " to buy again, silent for more than ",
                             stages.dormant().cadences(),
                             " of the customer's own gaps, and for "
                             "more than ",
                             Days(stages.dormant().silence_days()))),
      StageLine("S9", "COMMITMENT",
                absl::StrCat("at least ", committed, " to buy again, no escalated complaint, and ",
                             stages.commitment().purchase_days(), " purchase days, or ",
                             stages.commitment().purchase_days_with_bond(), " and a bond")),
      StageLine("", "",
                absl::StrCat("a bond: an agreement in force, or within ",
                             Days(stages.bond().days()), " ", KindsInWords(stages.bond().kind()))),
      StageLine("S10", "EXPANSION", "all others who bought"));
  return text;
}

std::string FlagsInWords(const v1::EvaluateRules& rules) {
  const v1::FlagRules& flags = rules.flags();
  return absl::StrCat(
      "Flags\n",
      Line("AT_RISK",
           absl::StrCat("silent for more than ", flags.at_risk().cadences(),
                        " of the customer's own gaps; or two expectations missed within ",
                        Days(flags.at_risk().misses_apart_days()), ", for ",
                        Days(flags.at_risk().misses_days()))),
      Line("DAMAGED", absl::StrCat("an escalated complaint, or complaints of ",
                                   Thousandths(flags.damaged_friction()), " units")),
      Line("LET_DOWN", absl::StrCat("an expectation missed within ", Days(flags.let_down_days()),
                                    ", and none met since")),
      Line("LOOKING_AROUND", absl::StrCat("within ", Days(flags.looking_around().days()), " ",
                                          KindsInWords(flags.looking_around().kind()))),
      Line("WON_BACK",
           absl::StrCat("came back from dissolution within ", Days(flags.won_back_days()))),
      Line("trend",
           absl::StrCat("RISING when the gap is below ", Share(rules.trend().rising_permille()),
                        " of the mean gap, FALLING above ",
                        Share(rules.trend().falling_permille()))));
}

std::string TypesInWords(const v1::EvaluateRules& rules) {
  const v1::TypeRules& types = rules.types();
  return absl::StrCat(
      "Type of relationship: the first that applies\n",
      Line("PARTNERSHIP", "an agreement with shared goals is in force"),
      Line("ADVOCACY", absl::StrCat(Thousandths(types.advocacy()),
                                    " referrals of today, and feelings that are not bad")),
      Line("COLLABORATIVE",
           absl::StrCat(Thousandths(types.collaborative()), " meetings or works of today")),
      Line("COMMUNITY", absl::StrCat(Thousandths(types.community()), " acts of today, and ",
                                     Share(types.community_permille()), " of everything")),
      Line("PROACTIVE", absl::StrCat(Thousandths(types.proactive()),
                                     " answers of today, and no fewer than requests")),
      Line("REACTIVE", absl::StrCat(Thousandths(types.reactive()), " requests of today")),
      Line("TRANSACTIONAL_MARKETING", absl::StrCat(" ", Share(types.promotional_permille()),
                                                   " of purchases with a promotion")),
      Line("TRANSACTIONAL", "all others who bought"),
      Line("recurring", absl::StrCat("from ", rules.recurrence().recurring_purchase_days(),
                                     " purchase days on; long-term from ",
                                     rules.recurrence().long_term_purchase_days(), ", ",
                                     Days(rules.recurrence().long_term_span_days()), " apart")));
}

std::string TargetsInWords(const v1::EvaluateRules& rules) {
  const v1::TargetRules& targets = rules.targets();
  std::string text = "Targets: what reports set the numbers against\n";
  for (const v1::WaitTarget& wait : targets.wait()) {
    const std::string where =
        wait.channel() == v1::CHANNEL_UNSPECIFIED
            ? "elsewhere"
            : std::string(absl::StripPrefix(v1::Channel_Name(wait.channel()), "CHANNEL_"));
    absl::StrAppend(&text, Line(absl::StrCat("wait ", where),
                                absl::StrCat("at most ", wait.at_most_s(), " seconds")));
  }
  if (targets.live_person_permille() != 0) {
    absl::StrAppend(&text,
                    Line("live person", absl::StrCat("in ", Share(targets.live_person_permille()),
                                                     " of the touches that say so")));
  }
  if (targets.in_time_permille() != 0) {
    absl::StrAppend(&text, Line("in time", absl::StrCat(Share(targets.in_time_permille()),
                                                        " of questions and complaints")));
  }
  return text;
}

std::string RulesInWords(const v1::RuleSet& rules) {
  return absl::StrCat(ScoreInWords(rules.evaluate()), "\n", StagesInWords(rules.evaluate()), "\n",
                      FlagsInWords(rules.evaluate()), "\n", TypesInWords(rules.evaluate()), "\n",
                      PoliciesInWords(rules.evaluate()), "\n", CalendarInWords(rules.evaluate()),
                      "\n", TargetsInWords(rules.evaluate()), "\n", MemoryInWords(rules.fold()));
}

}  // namespace rapport::operations
