// Checks what the fold rules say of the business's own kinds, and lays it out.

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "engine/base/status_macros.h"
#include "projections/facts/rule_checks.h"

namespace rapport::facts {
namespace {

constexpr size_t kNameBytesMax = 40;
constexpr std::pair<absl::string_view, SumName> kCosts[] = {
    {"giving", kGivingCenti}, {"outreach", kOutreachCenti}, {"service", kServiceCenti}};

bool IsName(absl::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

}  // namespace

class CustomKindsCompiler : RuleChecks {
 public:
  CustomKindsCompiler(const fold::RulesText& text, FoldRules& out)
      : RuleChecks(text), rules_(text.rules().fold().custom_kind()), out_(out) {}

  absl::Status Compile() {
    RETURN_IF_ERROR(Names());
    out_.custom_kinds_.resize(places_.size());
    for (const v1::CustomKindRule& rule : rules_) RETURN_IF_ERROR(One(rule));
    return absl::OkStatus();
  }

 private:
  template <typename... Parts>
  absl::Status ErrorIn(const v1::CustomKindRule& rule, absl::string_view field,
                       const Parts&... what) const {
    return Error(rule, field, absl::StrCat("custom kind `", rule.name(), "`: ", what...));
  }

  // Places go by name, so that equal rules give equal facts in whatever order they are written.
  absl::Status Names() {
    for (const v1::CustomKindRule& rule : rules_) {
      if (!IsName(rule.name())) {
        return Error(rule, "name",
                     absl::StrCat("`", rule.name(), "` is no custom kind; write 1 to ",
                                  kNameBytesMax, " of [a-z0-9._-], as the events do"));
      }
      if (!places_.try_emplace(rule.name(), 0).second) {
        return ErrorIn(rule, "name", "there are two of this name; keep one of them");
      }
      if (places_.size() > kCustomKindsMax) {
        return ErrorIn(rule, "name", "there are more than ", kCustomKindsMax,
                       " custom kinds; take out those that need no effect");
      }
    }
    int place = 0;
    for (auto& [name, its_place] : places_) its_place = place++;
    return absl::OkStatus();
  }

  absl::Status One(const v1::CustomKindRule& rule) {
    const int place = places_.at(rule.name());
    CustomKind& kind = out_.custom_kinds_[place];
    kind.name = rule.name();
    kind.index = kKindCount + place;
    ASSIGN_OR_RETURN(kind.side, SideOf(rule));
    kind.number = CustomKindNumber(kind.side, place);
    RETURN_IF_ERROR(List(rule, kind));
    RETURN_IF_ERROR(Weights(rule, kind));
    RETURN_IF_ERROR(Contact(rule, kind));
    return Cost(rule, kind);
  }

  absl::StatusOr<Side> SideOf(const v1::CustomKindRule& rule) const {
    switch (rule.by()) {
      case v1::CUSTOM_KIND_BY_CUSTOMER:
        return Side::kCustomer;
      case v1::CUSTOM_KIND_BY_VENDOR:
        return Side::kVendor;
      case v1::CUSTOM_KIND_BY_NEUTRAL:
        return Side::kNeutral;
      default:
        return ErrorIn(rule, "by",
                       "whose act it is is not said; write by: CUSTOM_KIND_BY_CUSTOMER, "
                       "CUSTOM_KIND_BY_VENDOR or CUSTOM_KIND_BY_NEUTRAL");
    }
  }

  absl::Status List(const v1::CustomKindRule& rule, const CustomKind& kind) {
    if (rule.list().empty()) return absl::OkStatus();
    const auto list = ListNamed(rule.list());
    if (!list.has_value() || static_cast<int>(*list) >= kEventLists) {
      return ErrorIn(rule, "list", "there is no list `", rule.list(), "`; write one of ",
                     NamesBetween<ListName>(0, static_cast<int>(ListName::kWork)));
    }
    if (*list == ListName::kWork) {
      return ErrorIn(rule, "list",
                     "list `work` holds work on follow-ups and nothing else; write another list");
    }
    out_.lists_[kind.index].fill(static_cast<int8_t>(*list));
    return absl::OkStatus();
  }

  absl::Status Weights(const v1::CustomKindRule& rule, const CustomKind& kind) {
    std::set<RingName> seen;
    for (const v1::CustomKindWeight& weight : rule.weight()) {
      ASSIGN_OR_RETURN(const RingName ring,
                       RingToAddTo(weight, weight.ring(), kind.side,
                                   absl::StrCat("custom kind `", rule.name(), "`")));
      RETURN_IF_ERROR(InRange(weight, "add", weight.add(), 1, kAddMax));
      if (!seen.insert(ring).second) {
        return Error(weight, "ring",
                     absl::StrCat("custom kind `", rule.name(), "` adds to `", weight.ring(),
                                  "` twice; keep one of the two weights"));
      }
      Weight added;
      added.ring = ring;
      added.add = weight.add();
      out_.weights_[kind.index].push_back(added);
      if (IsSentiment(ring)) out_.touches_sentiment_[kind.index] = true;
    }
    return absl::OkStatus();
  }

  absl::Status Contact(const v1::CustomKindRule& rule, CustomKind& kind) const {
    const bool is_neutral = kind.side == Side::kNeutral;
    if (is_neutral && (rule.has_personal() || !rule.mode().empty())) {
      return ErrorIn(rule, rule.has_personal() ? "personal" : "mode",
                     "nobody acts, so it is no contact and no service; take this out");
    }
    if (rule.has_personal()) kind.personal = rule.personal();
    if (rule.mode().empty()) return absl::OkStatus();
    kind.mode = RingNamed(rule.mode());
    if (kind.mode.has_value() && *kind.mode >= RingName::kModePersonal) return absl::OkStatus();
    return ErrorIn(rule, "mode", "there is no mode `", rule.mode(), "`; write one of ",
                   NamesBetween<RingName>(static_cast<int>(RingName::kModePersonal), kRingCount));
  }

  absl::Status Cost(const v1::CustomKindRule& rule, CustomKind& kind) const {
    if (rule.cost().empty()) return absl::OkStatus();
    for (const auto& [name, sum] : kCosts) {
      if (rule.cost() != name) continue;
      kind.cost = sum;
      return absl::OkStatus();
    }
    return ErrorIn(rule, "cost", "`", rule.cost(),
                   "` is nothing that costs are for; write giving, outreach or service");
  }

  const google::protobuf::RepeatedPtrField<v1::CustomKindRule>& rules_;
  FoldRules& out_;
  std::map<std::string, int> places_;
};

absl::Status CompileCustomKinds(const fold::RulesText& text, FoldRules& out) {
  return CustomKindsCompiler(text, out).Compile();
}

}  // namespace rapport::facts
