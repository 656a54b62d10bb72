// Checks the fold part of a rule set, value by value, and lays it out.

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "engine/base/status_macros.h"
#include "projections/facts/fold.h"
#include "projections/facts/fold_rules.h"
#include "projections/facts/form_names.h"
#include "projections/facts/groups.h"
#include "projections/facts/rule_checks.h"

namespace rapport::facts {
namespace {

constexpr int64_t kRateMax = 1'000'000'000'000;
constexpr int64_t kHalfLifeMax = 36'500;
constexpr int64_t kKeepMax = 256;

constexpr int kListsAndMaps = static_cast<int>(ListName::kLastSurvey);

bool IsCurrency(absl::string_view code) {
  return code.size() == 3 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool IsWork(v1::Kind kind) {
  return kind == v1::KIND_FOLLOW_UP_CLAIMED || kind == v1::KIND_FOLLOW_UP_SNOOZED ||
         kind == v1::KIND_FOLLOW_UP_DISMISSED;
}

std::string KindText(v1::Kind kind) { return absl::StrCat(v1::Kind_Name(kind)); }

}  // namespace

class FoldRulesCompiler : RuleChecks {
 public:
  explicit FoldRulesCompiler(const fold::RulesText& text)
      : RuleChecks(text), fold_(text.rules().fold()) {}

  absl::StatusOr<FoldRules> Compile() {
    for (auto& lists : out_.lists_) lists.fill(-1);
    out_.keeps_.fill(1);
    RETURN_IF_ERROR(Currencies());
    RETURN_IF_ERROR(Rings());
    RETURN_IF_ERROR(Weights());
    RETURN_IF_ERROR(Bands());
    RETURN_IF_ERROR(Feelings());
    RETURN_IF_ERROR(Lists());
    RETURN_IF_ERROR(Maps());
    RETURN_IF_ERROR(CompileCustomKinds(text_, out_));
    return std::move(out_);
  }

 private:
  absl::Status Currencies() {
    if (!IsCurrency(fold_.base_currency())) {
      return Error(fold_, "base_currency",
                   absl::StrCat("`base_currency` is `", fold_.base_currency(),
                                "`; write three capital letters, such as EUR"));
    }
    AddRate(fold_.base_currency(), 1'000'000);
    for (const v1::CurrencyRate& rate : fold_.rate()) RETURN_IF_ERROR(OneRate(rate));
    out_.unlisted_rate_ = fold_.has_unlisted_rate() ? fold_.unlisted_rate() : 1'000'000;
    return InRange(fold_, "unlisted_rate", out_.unlisted_rate_, 0, kRateMax);
  }

  absl::Status OneRate(const v1::CurrencyRate& rate) {
    const std::string& code = rate.currency();
    if (!IsCurrency(code)) {
      return Error(rate, "currency",
                   absl::StrCat("`", code, "` is no currency; write three capital letters"));
    }
    if (code == "XXX") {
      return Error(rate, "currency",
                   "XXX stands for all currencies without a rate; set `unlisted_rate` instead");
    }
    if (code == fold_.base_currency()) {
      return Error(rate, "currency",
                   absl::StrCat(code, " is the base currency, whose rate is one; take this out"));
    }
    if (out_.FindRate(code) != nullptr) {
      return Error(rate, "currency", absl::StrCat(code, " has two rates; keep one of them"));
    }
    RETURN_IF_ERROR(InRange(rate, "millionths", rate.millionths(), 1, kRateMax));
    AddRate(code, rate.millionths());
    return absl::OkStatus();
  }

  void AddRate(absl::string_view code, int64_t millionths) {
    FoldRules::Rate rate;
    std::copy(code.begin(), code.end(), rate.currency);
    rate.millionths = millionths;
    out_.rates_.push_back(rate);
  }

  absl::Status Rings() {
    for (const v1::RingRule& rule : fold_.ring()) {
      ASSIGN_OR_RETURN(const RingName ring, Ring(rule, "name", rule.name()));
      int32_t& half_life = out_.half_lives_[static_cast<size_t>(ring)];
      if (half_life != 0) {
        return Error(rule, "name",
                     absl::StrCat("ring `", rule.name(), "` is set twice; keep one of them"));
      }
      RETURN_IF_ERROR(InRange(rule, "half_life_days", rule.half_life_days(), 1, kHalfLifeMax));
      half_life = static_cast<int32_t>(rule.half_life_days());
    }
    for (int i = 0; i < kRingCount; ++i) {
      if (out_.half_lives_[i] != 0) continue;
      const absl::string_view name = NameOf(static_cast<RingName>(i));
      return Error(text_.rules(), "fold",
                   absl::StrCat("ring `", name, "` has no half-life; add ring { name: \"", name,
                                "\" half_life_days: ... }"));
    }
    return absl::OkStatus();
  }

  // A kind that can be weighed or listed.
  absl::Status Kind(const Message& message, absl::string_view field, int index,
                    v1::Kind kind) const {
    if (kind == v1::KIND_UNSPECIFIED) {
      return Error(message, field, "no kind is given; write one such as KIND_PURCHASE_MADE");
    }
    if (kind == v1::KIND_CUSTOM_TOUCHPOINT) {
      return Error(message, field,
                   "each custom kind has a rule of its own; write custom_kind { name: ... }",
                   index);
    }
    if (!Folds(kind) || By(kind) == Side::kTechnical) {
      return Error(message, field,
                   absl::StrCat(KindText(kind), " can be neither weighed nor listed; take it out"),
                   index);
    }
    return absl::OkStatus();
  }

  absl::Status Weights() {
    std::set<std::tuple<v1::Kind, RingName, uint32_t, bool>> seen;
    for (const v1::WeightRule& rule : fold_.weight()) {
      RETURN_IF_ERROR(Kind(rule, "kind", 0, rule.kind()));
      ASSIGN_OR_RETURN(const RingName ring,
                       RingToAddTo(rule, rule.ring(), By(rule.kind()), KindText(rule.kind())));
      RETURN_IF_ERROR(InRange(rule, "add", rule.add(), 1, kAddMax));
      Weight weight;
      weight.ring = ring;
      weight.add = rule.add();
      weight.with_promotion = rule.with_promotion();
      if (rule.with_promotion() && rule.kind() != v1::KIND_PURCHASE_MADE) {
        return Error(rule, "with_promotion",
                     absl::StrCat(KindText(rule.kind()),
                                  " has no promotion, only KIND_PURCHASE_MADE; take this out"));
      }
      ASSIGN_OR_RETURN(weight.codes, Codes(rule));
      if (!seen.insert({rule.kind(), ring, weight.codes, weight.with_promotion}).second) {
        return Error(rule, "",
                     absl::StrCat("the same events add to `", rule.ring(),
                                  "` twice; keep one of the two weights"));
      }
      const int index = KindIndex(rule.kind());
      out_.weights_[index].push_back(weight);
      if (IsSentiment(ring)) out_.touches_sentiment_[index] = true;
    }
    out_.touches_sentiment_[KindIndex(v1::KIND_SURVEY_ANSWERED)] = true;
    return absl::OkStatus();
  }

  // Bits of the purposes or forms that a weight is for.
  absl::StatusOr<uint32_t> Codes(const v1::WeightRule& rule) const {
    ASSIGN_OR_RETURN(const uint32_t purposes, Purposes(rule, "purpose", rule.purpose()));
    ASSIGN_OR_RETURN(const uint32_t not_purposes,
                     Purposes(rule, "unless_purpose", rule.unless_purpose()));
    ASSIGN_OR_RETURN(const uint32_t forms, Forms(rule, "form", rule.form()));
    ASSIGN_OR_RETURN(const uint32_t not_forms, Forms(rule, "unless_form", rule.unless_form()));
    uint32_t codes = ~0u;
    if (purposes != 0) codes &= purposes;
    if (forms != 0) codes &= forms;
    codes &= ~not_purposes & ~not_forms;
    if (codes == 0) return Error(rule, "", "this weight is for no event at all; take it out");
    return codes;
  }

  template <typename Values>
  absl::StatusOr<uint32_t> Purposes(const v1::WeightRule& rule, absl::string_view field,
                                    const Values& purposes) const {
    uint32_t codes = 0;
    for (const int purpose : purposes) codes |= 1u << CodeOf(purpose);
    if (codes != 0 && rule.kind() != v1::KIND_OUTREACH_MADE &&
        rule.kind() != v1::KIND_OUTREACH_ANSWERED) {
      return Error(rule, field,
                   absl::StrCat(KindText(rule.kind()),
                                " has no purpose, only KIND_OUTREACH_MADE and "
                                "KIND_OUTREACH_ANSWERED have one; take this out"));
    }
    return codes;
  }

  template <typename Names>
  absl::StatusOr<uint32_t> Forms(const v1::WeightRule& rule, absl::string_view field,
                                 const Names& names) const {
    uint32_t codes = 0;
    for (int i = 0; i < names.size(); ++i) {
      const std::optional<uint8_t> code = FormNamed(rule.kind(), names[i]);
      if (!code.has_value()) {
        return Error(rule, field,
                     absl::StrCat(KindText(rule.kind()), " has no form `", names[i], "`; ",
                                  FormsText(rule.kind())),
                     i);
      }
      codes |= 1u << *code;
    }
    return codes;
  }

  absl::StatusOr<RingName> SentimentRing(const Message& message, absl::string_view name) const {
    const auto ring = RingNamed(name);
    if (ring.has_value() && IsSentiment(*ring)) return *ring;
    return Error(
        message, "ring",
        absl::StrCat("`", name, "` is no feeling; write sentiment_plus or sentiment_minus"));
  }

  absl::Status Bands() {
    for (const v1::SurveyBand& rule : fold_.survey_band()) {
      RETURN_IF_ERROR(InRange(rule, "from", rule.from(), 0, 1000));
      if (!out_.bands_.empty() && rule.from() >= out_.bands_.back().from) {
        return Error(rule, "from",
                     absl::StrCat("the band from ", rule.from(), " stands after the one from ",
                                  out_.bands_.back().from, "; write the highest band first"));
      }
      ASSIGN_OR_RETURN(const RingName ring, SentimentRing(rule, rule.ring()));
      RETURN_IF_ERROR(InRange(rule, "add", rule.add(), 1, kAddMax));
      out_.bands_.push_back({rule.from(), ring, rule.add()});
    }
    return absl::OkStatus();
  }

  absl::Status Feelings() {
    for (const v1::FeelingRule& rule : fold_.feeling()) {
      if (rule.feeling() == 0) {
        return Error(rule, "feeling", "a feeling of 0 says nothing; write -2, -1, 1 or 2");
      }
      RETURN_IF_ERROR(InRange(rule, "feeling", rule.feeling(), -2, 2));
      Mark& mark = out_.feelings_[rule.feeling() + 2];
      if (mark.add != 0) {
        return Error(rule, "feeling",
                     absl::StrCat("feeling ", rule.feeling(), " is set twice; keep one of them"));
      }
      ASSIGN_OR_RETURN(const RingName ring, SentimentRing(rule, rule.ring()));
      RETURN_IF_ERROR(InRange(rule, "add", rule.add(), 1, kAddMax));
      mark = {rule.feeling(), ring, rule.add()};
    }
    return absl::OkStatus();
  }

  // The list or map of that name among those from `begin` up to `end`, its size noted.
  template <typename Rule>
  absl::StatusOr<ListName> Keep(const Rule& rule, absl::string_view what, int begin, int end) {
    const auto list = ListNamed(rule.name());
    const int number = list.has_value() ? static_cast<int>(*list) : -1;
    if (number < begin || number >= end) {
      return Error(rule, "name",
                   absl::StrCat("there is no ", what, " `", rule.name(), "`; write one of ",
                                NamesBetween<ListName>(begin, end)));
    }
    if (kept_[number]) {
      return Error(rule, "name",
                   absl::StrCat(what, " `", rule.name(), "` is set twice; keep one of them"));
    }
    kept_[number] = true;
    RETURN_IF_ERROR(InRange(rule, "keep", rule.keep(), 1, kKeepMax));
    out_.keeps_[number] = static_cast<uint16_t>(rule.keep());
    return *list;
  }

  absl::Status AllKept(absl::string_view what, int begin, int end) const {
    for (int i = begin; i < end; ++i) {
      if (kept_[i]) continue;
      const absl::string_view name = NameOf(static_cast<ListName>(i));
      return Error(text_.rules(), "fold",
                   absl::StrCat(what, " `", name, "` has no size; add ", what, " { name: \"", name,
                                "\" keep: ... }"));
    }
    return absl::OkStatus();
  }

  absl::Status Lists() {
    for (const v1::ListRule& rule : fold_.list()) {
      ASSIGN_OR_RETURN(const ListName list, Keep(rule, "list", 0, kEventLists));
      RETURN_IF_ERROR(Kinds(rule, "kind", rule.kind(), list, true, true));
      RETURN_IF_ERROR(Kinds(rule, "personal_kind", rule.personal_kind(), list, true, false));
      RETURN_IF_ERROR(Kinds(rule, "impersonal_kind", rule.impersonal_kind(), list, false, true));
    }
    return AllKept("list", 0, kEventLists);
  }

  template <typename Values>
  absl::Status Kinds(const v1::ListRule& rule, absl::string_view field, const Values& kinds,
                     ListName list, bool personal, bool impersonal) {
    for (int i = 0; i < kinds.size(); ++i) {
      const auto kind = static_cast<v1::Kind>(kinds.Get(i));
      RETURN_IF_ERROR(Kind(rule, field, i, kind));
      if (IsWork(kind) != (list == ListName::kWork)) {
        return Error(rule, field,
                     absl::StrCat("list `work` and the three kinds of work on follow-ups belong "
                                  "together; take ",
                                  KindText(kind), " out of `", rule.name(), "`"),
                     i);
      }
      if (personal != impersonal && kind != v1::KIND_OUTREACH_MADE) {
        return Error(rule, field,
                     absl::StrCat("only KIND_OUTREACH_MADE can be personal or not; write ",
                                  KindText(kind), " under `kind`"),
                     i);
      }
      auto& lists = out_.lists_[KindIndex(kind)];
      if ((personal && lists[1] >= 0) || (impersonal && lists[0] >= 0)) {
        return Error(rule, field,
                     absl::StrCat(KindText(kind), " stands in two lists; keep it in one"), i);
      }
      if (personal) lists[1] = static_cast<int8_t>(list);
      if (impersonal) lists[0] = static_cast<int8_t>(list);
    }
    return absl::OkStatus();
  }

  absl::Status Maps() {
    for (const v1::MapRule& rule : fold_.map()) {
      RETURN_IF_ERROR(Keep(rule, "map", kEventLists, kListsAndMaps).status());
    }
    return AllKept("map", kEventLists, kListsAndMaps);
  }

  const v1::FoldRules& fold_;
  FoldRules out_;
  std::array<bool, kListCount> kept_ = {};
};

absl::StatusOr<FoldRules> FoldRules::Compile(const fold::RulesText& text) {
  return FoldRulesCompiler(text).Compile();
}

}  // namespace rapport::facts
