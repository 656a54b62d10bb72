#include "projections/explain/explainer.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "projections/explain/change.h"
#include "projections/facts/fold.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/names.h"
#include "projections/facts/reading.h"
#include "projections/facts/ring.h"
#include "projections/loyalty/share.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::explain {
namespace {

// Which parts were asked for.
struct Asked {
  explicit Asked(absl::Span<const v1::ExplainSubject> subjects)
      : stage(Has(subjects, v1::EXPLAIN_SUBJECT_STAGE)),
        score(Has(subjects, v1::EXPLAIN_SUBJECT_SCORE)),
        follow_ups(Has(subjects, v1::EXPLAIN_SUBJECT_FOLLOW_UP)),
        type(Has(subjects, v1::EXPLAIN_SUBJECT_TYPE)),
        flags(Has(subjects, v1::EXPLAIN_SUBJECT_FLAG)) {}

  static bool Has(absl::Span<const v1::ExplainSubject> subjects, v1::ExplainSubject one) {
    return subjects.empty() || std::find(subjects.begin(), subjects.end(), one) != subjects.end();
  }

  const bool stage;
  const bool score;
  const bool follow_ups;
  const bool type;
  const bool flags;
};

// Leaves of a standing what was asked for. Stage, score and type in one word each stay.
void Narrow(const Asked& asked, v1::Standing& standing) {
  if (!asked.stage) standing.clear_stage_rule();
  if (!asked.score) {
    standing.clear_lines();
    standing.clear_outlook();
  }
  if (!asked.type) {
    standing.clear_types();
    standing.clear_type_rule();
    standing.clear_mode_rule();
  }
  if (!asked.flags) standing.clear_flags();
  if (!asked.follow_ups) {
    standing.clear_follow_ups();
    standing.clear_next_follow_up_change_us();
    standing.clear_next_change_at_us();
  }
}

// Ids that the receipts and follow-ups of a standing name.
std::set<std::string> NamedIn(const v1::Standing& standing) {
  std::set<std::string> named;
  const auto add = [&named](const v1::Receipt& receipt) {
    named.insert(receipt.event_ids().begin(), receipt.event_ids().end());
  };
  add(standing.stage_rule());
  add(standing.type_rule());
  add(standing.mode_rule());
  for (const v1::Line& line : standing.lines()) add(line.receipt());
  for (const v1::FlagState& flag : standing.flags()) add(flag.receipt());
  for (const v1::TypeShare& share : standing.types()) add(share.receipt());
  for (const v1::FollowUp& one : standing.follow_ups()) {
    named.insert(one.cause());
    named.insert(one.closed_by());
    for (const v1::FollowUpContext& context : one.context()) named.insert(context.event_id());
  }
  return named;
}

bool IsAbout(const Asked& asked, const v1::Standing& now, const v1::PossibleChange& change) {
  const bool stage = now.stage() != change.stage() || now.stage_reason() != change.stage_reason();
  const bool flags = change.flags_up_size() + change.flags_down_size() > 0;
  const bool type = !change.has_day() && change.primary_type() != now.primary_type();
  return (asked.stage && (stage || change.has_day())) || (asked.flags && flags) ||
         (asked.type && type);
}

}  // namespace

void StandardExplainer::Add(const ValidEvent& event) {
  RAPPORT_CHECK(parts_.empty() || parts_.back().moment.at_us <= event.occurred_at_us)
      << "events to explain are out of order";
  facts::Fold(facts_, event, *fold_);
  facts::EventPart& part = parts_.emplace_back();
  part.moment = event.moment();
  facts::Fold(part.facts, event, *fold_);
  v1::ExplainedEvent& told = events_.emplace_back();
  told.set_event_id(event.envelope->event_id());
  told.set_id(event.id.Hex());
  told.set_customer_id(std::string(event.customer_id));
  told.set_kind(event.kind);
  if (event.kind == v1::KIND_CUSTOM_TOUCHPOINT) {
    const auto& own = static_cast<const v1::CustomTouchpoint&>(*event.payload);
    told.set_custom_kind(own.custom_kind());
  }
  told.set_key(std::string(facts::KeyOf(event)));
  told.set_occurred_at_us(event.occurred_at_us);
  told.set_partition(event.partition);
  told.set_offset(event.offset);
}

void StandardExplainer::AddShares(int64_t as_of_us, v1::Explanation& explanation) {
  const facts::Reading reading = facts::Read(facts_, as_of_us, *fold_, *rules_);
  const loyalty::ScoreLines score = loyalty::Score(reading, *rules_);
  RAPPORT_CHECK(score.total == explanation.standing().score_milli())
      << "the score that is explained is another";
  const loyalty::Shares shares = loyalty::ShareOut(score, reading, facts_, parts_, *fold_, *rules_);
  for (int i = 0; i < loyalty::kLines; ++i) {
    const auto line = static_cast<v1::ScoreLine>(i + 1);
    if (shares.unshared[i] != 0) {
      v1::UnsharedLine* left = explanation.add_unshared();
      left->set_line(line);
      left->set_milli_points(shares.unshared[i]);
    }
    for (size_t event = 0; event < events_.size(); ++event) {
      const loyalty::EventShares& own = shares.events[event];
      if (own.milli[i] == 0 && own.weight_now[i] == 0) continue;
      v1::LineShare* share = events_[event].add_shares();
      share->set_line(line);
      share->set_milli_points(own.milli[i]);
      share->set_weight_now(own.weight_now[i]);
    }
  }
}

void StandardExplainer::AddTypes(int64_t as_of_us) {
  const int64_t day = facts::DayOf(facts::EvaluatedAt(facts_, as_of_us));
  for (size_t event = 0; event < events_.size(); ++event) {
    for (const facts::Ring ring : parts_[event].facts.rings) {
      if (ring.name < facts::RingName::kTypeTransactional) continue;
      if (facts::RingWeight(ring, facts_.rings.Find(ring.name)) == 0) continue;
      v1::TypeWeight* weight = events_[event].add_types();
      weight->set_name(std::string(facts::NameOf(ring.name)));
      weight->set_weight_now(facts::RingRead(ring, fold_->half_life(ring.name), day, 1));
    }
  }
}

void StandardExplainer::Explain(absl::string_view customer_id, int64_t as_of_us,
                                const fold::EvaluateOptions& options,
                                absl::Span<const v1::ExplainSubject> subjects,
                                v1::Explanation& explanation) {
  const Asked asked(subjects);
  v1::Standing& standing = *explanation.mutable_standing();
  projection_->Evaluate(customer_id, &facts_, as_of_us, options, standing);
  if (asked.score) AddShares(as_of_us, explanation);
  if (asked.type) AddTypes(as_of_us);
  if (asked.stage || asked.flags || asked.type) {
    for (v1::PossibleChange& change : PossibleChanges(facts_, as_of_us, *fold_, *rules_)) {
      if (IsAbout(asked, standing, change)) *explanation.add_changes() = std::move(change);
    }
  }
  Narrow(asked, standing);
  const std::set<std::string> named = NamedIn(standing);
  for (v1::ExplainedEvent& event : events_) {
    if (event.shares_size() + event.types_size() == 0 && !named.contains(event.id())) continue;
    *explanation.add_events() = std::move(event);
  }
}

}  // namespace rapport::explain
