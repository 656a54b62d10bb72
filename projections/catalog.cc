#include "projections/catalog.h"

#include <new>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/fold/rules_text.h"
#include "projections/explain/effects.h"
#include "projections/explain/explainer.h"
#include "projections/facts/codec.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/fold.h"
#include "projections/facts/fold_rules.h"
#include "projections/facts/introduction.h"
#include "projections/facts/merge.h"
#include "projections/facts/reading.h"
#include "projections/follow_up/answer_term.h"
#include "projections/follow_up/follow_up.h"
#include "projections/follow_up/newsletter_term.h"
#include "projections/kind/kind.h"
#include "projections/loyalty/score.h"
#include "projections/report/catalogue.h"
#include "projections/report/metrics.h"
#include "projections/stage/course.h"
#include "projections/stage/write.h"
#include "projections/standpoint.h"

namespace rapport::projections {
namespace {

// Raise this when code changes what is folded: states of another version are rebuilt.
constexpr int kFactsVersion = 3;

class StandardProjection : public fold::Projection {
 public:
  StandardProjection(const fold::RulesText& text, facts::FoldRules fold_rules,
                     facts::EvaluateRules evaluate_rules, follow_up::Policies policies)
      : fold_digest_(Hex(Blake2b128Framed({text.fold_digest(), absl::StrCat(kFactsVersion)}))),
        evaluate_digest_(text.evaluate_digest()),
        digest_(fold::RulesDigest(fold_digest_, evaluate_digest_)),
        fold_rules_(std::move(fold_rules)),
        rules_(std::move(evaluate_rules)),
        policies_(std::move(policies)) {
    if (const auto term = follow_up::NewsletterTermOf(policies_)) {
      issue_days_ = {term->month_days, term->from_us, term->until_us};
    }
  }

  const std::string& fold_digest() const override { return fold_digest_; }
  std::string evaluate_digest() const override { return evaluate_digest_; }
  const std::string& digest() const override { return digest_; }
  size_t size() const override { return sizeof(facts::Facts); }
  size_t align() const override { return alignof(facts::Facts); }
  void Construct(void* memory) const override { new (memory) facts::Facts; }
  void Destroy(void* memory) const override { Of(memory).~Facts(); }
  bool Folds(v1::Kind kind) const override { return facts::Folds(kind); }
  void Prefetch(const void* memory, int step) const override { facts::Prefetch(Of(memory), step); }
  void Fold(void* memory, const ValidEvent& event) const override {
    facts::Fold(Of(memory), event, fold_rules_);
  }
  void Merge(void* into, const void* from) const override {
    facts::Merge(Of(into), Of(from), fold_rules_);
  }
  void Encode(const void* memory, bool with_offsets, std::string& out) const override {
    facts::Encode(Of(memory), fold_rules_, with_offsets, out);
  }
  absl::Status Decode(absl::string_view bytes, void* memory) const override {
    return facts::Decode(bytes, fold_rules_, Of(memory));
  }
  size_t MemoryBytes(const void* memory) const override { return facts::MemoryBytes(Of(memory)); }
  int64_t NewestAt(const void* memory) const override { return Of(memory).newest_at_us; }
  std::optional<Moment> ProfileOf(const void* memory) const override {
    const auto profile = Of(memory).FindList(facts::ListName::kProfile).items;
    return profile.empty() ? std::nullopt : std::optional<Moment>(profile[0].moment);
  }
  Introduction IntroductionOf(const void* memory) const override {
    return facts::IntroductionOf(Of(memory));
  }

  void Evaluate(absl::string_view customer_id, const void* memory, int64_t as_of_us,
                const fold::EvaluateOptions& options, v1::Standing& standing) const override {
    const facts::Facts& facts = Of(memory);
    const facts::Reading reading = facts::Read(facts, as_of_us, fold_rules_, rules_);
    const int64_t t_us = facts::EvaluatedAt(facts, as_of_us);
    standing.set_as_of_us(t_us);
    loyalty::WriteScore(loyalty::Score(reading, rules_), standing, options.lines);
    if (options.lines && options.receipts)
      loyalty::WriteReceipts(reading, facts, fold_rules_, rules_, standing);
    const stage::Course course(facts, reading, rules_);
    facts::StageState state = course.At(reading.day);
    if (options.quarantined || options.lost) state.flags |= 1u << v1::FLAG_INCOMPLETE;
    stage::WriteStage(course, reading.day, state, options.receipts, standing, options.flags);
    if (options.lost && options.receipts) WriteLost(standing);
    if (options.outlook) stage::WriteOutlook(course, standing);
    if (options.kind) WriteKind(facts, reading, options.receipts, standing);
    WriteFollowUps(customer_id, facts, t_us, course, options, standing);
    if (options.metrics) WriteMetrics(facts, reading, t_us, *standing.mutable_metrics());
  }

  std::unique_ptr<fold::Explainer> NewExplainer() const override {
    return std::make_unique<explain::StandardExplainer>(this, &fold_rules_, &rules_);
  }

  std::unique_ptr<fold::Effects> NewEffects(absl::string_view customer_id) const override {
    return std::make_unique<explain::StandardEffects>(customer_id, &fold_rules_, &rules_,
                                                      &policies_);
  }

  void Index(absl::string_view customer_id, const void* memory, int64_t as_of_us,
             IndexRows& rows) const override {
    const facts::Facts& facts = Of(memory);
    const facts::Reading reading = facts::Read(facts, as_of_us, fold_rules_, rules_);
    const stage::Course course(facts, reading, rules_);
    const facts::StageState state = course.At(reading.day);
    rows.rows.push_back({StageRowName(state.stage), 0});
    for (int number = v1::Flag_MIN; number <= v1::Flag_MAX; ++number) {
      const auto flag = static_cast<v1::Flag>(number);
      if (state.has(flag)) rows.rows.push_back({FlagRowName(flag), 0});
    }
    if (facts.HasUnlistedCurrency()) rows.rows.push_back({kUnlistedCurrencyRowName, 0});
    const Standpoint standpoint(facts, course, fold_rules_, rules_);
    const std::optional<int64_t> day = standpoint.NextDays(as_of_us).state;
    if (day.has_value()) rows.changes_at_us = *day * kMicrosPerDay;
    follow_up::FollowUps(customer_id, facts, policies_, standpoint, as_of_us).AddIndexRows(rows);
  }

  absl::StatusOr<std::unique_ptr<fold::ReportRun>> Report(
      const std::vector<std::string>& names, const fold::ReportWindow& window) const override {
    return report::Begin(names, {window, &fold_rules_, &rules_.targets}, this);
  }

 private:
  // Says what else may be missing than what is in quarantine.
  static void WriteLost(v1::Standing& standing) {
    for (v1::FlagState& flag : *standing.mutable_flags()) {
      if (flag.flag() != v1::FLAG_INCOMPLETE) continue;
      flag.mutable_receipt()->set_text(
          "Events of this customer may be among those that were lost, or are in quarantine, and "
          "are not counted.");
    }
  }

  static facts::Facts& Of(void* memory) { return *static_cast<facts::Facts*>(memory); }
  static const facts::Facts& Of(const void* memory) {
    return *static_cast<const facts::Facts*>(memory);
  }

  void WriteKind(const facts::Facts& facts, const facts::Reading& reading, bool receipts,
                 v1::Standing& standing) const {
    const kind::KindReading kind = kind::Read(facts, reading, fold_rules_, rules_);
    kind::WriteKind(kind, standing);
    if (receipts) kind::WriteReceipts(kind, facts, reading, fold_rules_, rules_, standing);
  }

  void WriteMetrics(const facts::Facts& facts, const facts::Reading& reading, int64_t t_us,
                    v1::Metrics& metrics) const {
    const auto term = [&](const facts::Item& question) -> std::optional<report::AnswerTerm> {
      const auto known = follow_up::AnswerTermOf(facts, question, policies_);
      if (!known.has_value()) return std::nullopt;
      return report::AnswerTerm{known->by_us, known->waiting};
    };
    const auto midnight = [&](int64_t day) { return policies_.calendar().LocalMidnight(day); };
    report::WriteMetrics({facts, reading, t_us, rules_, term, midnight, issue_days_}, metrics);
  }

  void WriteFollowUps(absl::string_view customer_id, const facts::Facts& facts, int64_t t_us,
                      const stage::Course& course, const fold::EvaluateOptions& options,
                      v1::Standing& standing) const {
    if (!options.follow_ups && !options.next_change && !options.next_stage_change) return;
    const Standpoint standpoint(facts, course, fold_rules_, rules_);
    std::optional<int64_t> next;
    if (options.next_change || options.next_stage_change) {
      if (const std::optional<int64_t> day = standpoint.NextDays(t_us).state) {
        standing.set_next_stage_change_day(*day);
        next = *day * kMicrosPerDay;
      }
    }
    if (!options.follow_ups && !options.next_change) return;
    follow_up::FollowUps follow_ups(customer_id, facts, policies_, standpoint, t_us);
    if (options.follow_ups) {
      for (const follow_up::FollowUpState& state : follow_ups.States()) {
        follow_up::Write(state, facts, t_us, *standing.add_follow_ups());
      }
    }
    if (!options.next_change) return;
    if (const std::optional<int64_t> follow_up = follow_ups.NextChange()) {
      standing.set_next_follow_up_change_us(*follow_up);
      if (!next.has_value() || *follow_up < *next) next = follow_up;
    }
    if (next.has_value()) standing.set_next_change_at_us(*next);
  }

  const std::string fold_digest_;
  const std::string evaluate_digest_;
  const std::string digest_;
  const facts::FoldRules fold_rules_;
  const facts::EvaluateRules rules_;
  const follow_up::Policies policies_;
  report::IssueDays issue_days_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<fold::Projection>> Catalog(absl::string_view text,
                                                          absl::string_view file) {
  ASSIGN_OR_RETURN(const fold::RulesText rules, ReadRules(text, file));
  return Catalog(rules);
}

absl::StatusOr<std::unique_ptr<fold::Projection>> Catalog(const fold::RulesText& rules) {
  ASSIGN_OR_RETURN(facts::FoldRules fold_rules, facts::FoldRules::Compile(rules));
  ASSIGN_OR_RETURN(facts::EvaluateRules evaluate_rules, facts::EvaluateRules::From(rules));
  ASSIGN_OR_RETURN(follow_up::Policies policies,
                   follow_up::Policies::Compile(rules, fold_rules, evaluate_rules));
  return std::make_unique<StandardProjection>(rules, std::move(fold_rules),
                                              std::move(evaluate_rules), std::move(policies));
}

absl::StatusOr<std::unique_ptr<fold::Projection>> StandardCatalog() {
  return Catalog(StandardRulesText(), "projections/rules/standard.textproto");
}

}  // namespace rapport::projections
