#include "absl/strings/str_split.h"
#include "consumers/analytics/export_table.h"
#include "consumers/analytics/export_words.h"
#include "engine/event/kinds.h"

namespace rapport::analytics {
namespace {

using One = v1::BaseRelationship;
using Points = v1::BasePoints;
using Owed = v1::CustomerFollowUp;

constexpr bool kOptional = true;

template <v1::ScoreLine kLine>
void AddLine(const One& one, ColumnData& to) {
  for (const v1::Line& line : one.standing().lines()) {
    if (line.line() == kLine) return to.AddNumber(line.milli_points());
  }
  to.AddNumber(0);
}

// By its place in CustomerFacts.types.
template <uint32_t kType>
void AddShare(const One& one, ColumnData& to) {
  for (const v1::TypeShare& share : one.standing().types()) {
    if (share.type() == kType) return to.AddNumber(share.permille());
  }
  to.AddNumber(0);
}

template <v1::Flag kFlag>
void AddFlag(const One& one, ColumnData& to) {
  for (const v1::FlagState& state : one.standing().flags()) {
    if (state.flag() == kFlag) return to.AddNumber(1);
  }
  to.AddNumber(0);
}

std::vector<ExportField<One>> StandingFields() {
  return {
      {{"customer_id"}, [](const One& one, ColumnData& to) { to.AddText(one.customer_id()); }},
      {{"stage", ColumnType::kText, kOptional},
       [](const One& one, ColumnData& to) { AddWord(one.standing().stage(), "STAGE_", to); }},
      {{"stage_reason", ColumnType::kText, kOptional},
       [](const One& one, ColumnData& to) {
         AddWord(one.standing().stage_reason(), "STAGE_REASON_", to);
       }},
      {{"score", ColumnType::kInt32},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().score()); }},
      {{"score_milli", ColumnType::kInt32},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().score_milli()); }},
      {{"rhythm_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_RHYTHM>},
      {{"outlook_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_OUTLOOK>},
      {{"value_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_VALUE>},
      {{"sentiment_plus_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_SENTIMENT_PLUS>},
      {{"sentiment_minus_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_SENTIMENT_MINUS>},
      {{"advocacy_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_ADVOCACY>},
      {{"dialogue_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_DIALOGUE>},
      {{"friction_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_FRICTION>},
      {{"limit_milli", ColumnType::kInt32}, AddLine<v1::SCORE_LINE_LIMIT>},
      {{"flag_at_risk", ColumnType::kBool}, AddFlag<v1::FLAG_AT_RISK>},
      {{"flag_damaged", ColumnType::kBool}, AddFlag<v1::FLAG_DAMAGED>},
      {{"flag_fraud_hold", ColumnType::kBool}, AddFlag<v1::FLAG_FRAUD_HOLD>},
      {{"flag_let_down", ColumnType::kBool}, AddFlag<v1::FLAG_LET_DOWN>},
      {{"flag_looking_around", ColumnType::kBool}, AddFlag<v1::FLAG_LOOKING_AROUND>},
      {{"flag_won_back", ColumnType::kBool}, AddFlag<v1::FLAG_WON_BACK>},
      {{"flag_key_account", ColumnType::kBool}, AddFlag<v1::FLAG_KEY_ACCOUNT>},
      {{"flag_opted_out", ColumnType::kBool}, AddFlag<v1::FLAG_OPTED_OUT>},
      {{"flag_incomplete", ColumnType::kBool}, AddFlag<v1::FLAG_INCOMPLETE>},
  };
}

std::vector<ExportField<One>> KindFields() {
  return {
      {{"primary_type", ColumnType::kText, kOptional},
       [](const One& one, ColumnData& to) {
         AddWord(one.standing().primary_type(), "RELATIONSHIP_TYPE_", to);
       }},
      {{"type_transactional_permille", ColumnType::kInt32}, AddShare<0>},
      {{"type_transactional_marketing_permille", ColumnType::kInt32}, AddShare<1>},
      {{"type_reactive_permille", ColumnType::kInt32}, AddShare<2>},
      {{"type_proactive_permille", ColumnType::kInt32}, AddShare<3>},
      {{"type_collaborative_permille", ColumnType::kInt32}, AddShare<4>},
      {{"type_advocacy_permille", ColumnType::kInt32}, AddShare<5>},
      {{"type_partnership_permille", ColumnType::kInt32}, AddShare<6>},
      {{"type_community_permille", ColumnType::kInt32}, AddShare<7>},
      {{"service_mode", ColumnType::kText, kOptional},
       [](const One& one, ColumnData& to) {
         AddWord(one.standing().service_mode(), "SERVICE_MODE_", to);
       }},
      {{"recurring", ColumnType::kBool},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().recurring()); }},
      {{"long_term", ColumnType::kBool},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().long_term()); }},
      {{"alive_ppm", ColumnType::kInt32},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().outlook().alive_ppm()); }},
      {{"expected_purchases_milli", ColumnType::kInt64},
       [](const One& one, ColumnData& to) {
         to.AddNumber(one.standing().outlook().expected_purchases_milli());
       }},
      {{"cadence_days", ColumnType::kInt64},
       [](const One& one, ColumnData& to) {
         to.AddNumber(one.standing().outlook().cadence_days());
       }},
      {{"trend", ColumnType::kText, kOptional},
       [](const One& one, ColumnData& to) {
         AddWord(one.standing().outlook().trend(), "TREND_", to);
       }},
  };
}

std::vector<ExportField<One>> FactFields() {
  return {
      {{"next_change_at", ColumnType::kMoment, kOptional},
       [](const One& one, ColumnData& to) {
         AddOptional(one.standing().has_next_change_at_us(), one.standing().next_change_at_us(),
                     to);
       }},
      {{"next_stage_change_day", ColumnType::kDay, kOptional},
       [](const One& one, ColumnData& to) {
         AddOptional(one.standing().has_next_stage_change_day(),
                     one.standing().next_stage_change_day(), to);
       }},
      {{"last_act_day", ColumnType::kDay, kOptional},
       [](const One& one, ColumnData& to) {
         AddOptional(one.standing().has_last_act_day(), one.standing().last_act_day(), to);
       }},
      {{"purchase_days", ColumnType::kInt32},
       [](const One& one, ColumnData& to) { to.AddNumber(one.standing().purchase_days()); }},
      {{"first_seen_at", ColumnType::kMoment},
       [](const One& one, ColumnData& to) { to.AddNumber(one.first_seen_at_us()); }},
      {{"newest_at", ColumnType::kMoment},
       [](const One& one, ColumnData& to) { to.AddNumber(one.newest_at_us()); }},
      {{"events", ColumnType::kInt64},
       [](const One& one, ColumnData& to) { to.AddNumber(one.events()); }},
      {{"spend_centi", ColumnType::kInt64},
       [](const One& one, ColumnData& to) { to.AddNumber(one.spend_centi()); }},
      {{"reversed_centi", ColumnType::kInt64},
       [](const One& one, ColumnData& to) { to.AddNumber(one.reversed_centi()); }},
      {{"members", ColumnType::kInt32},
       [](const One& one, ColumnData& to) { to.AddNumber(one.members()); }},
      {{"quarantined", ColumnType::kInt64},
       [](const One& one, ColumnData& to) { to.AddNumber(one.quarantined()); }},
  };
}

template <typename Row>
std::vector<ExportField<Row>> Joined(std::vector<ExportField<Row>> all,
                                     const std::vector<ExportField<Row>>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<ExportField<Points>> PointFields() {
  return {
      {{"customer_id"}, [](const Points& row, ColumnData& to) { to.AddText(row.customer_id()); }},
      {{"line", ColumnType::kText, kOptional},
       [](const Points& row, ColumnData& to) { AddWord(row.line(), "SCORE_LINE_", to); }},
      {{"points_milli", ColumnType::kInt32},
       [](const Points& row, ColumnData& to) { to.AddNumber(row.milli_points()); }},
      {{"event_id", ColumnType::kText, kOptional},
       [](const Points& row, ColumnData& to) { to.AddTextOrNull(row.event_id()); }},
      {{"kind", ColumnType::kText, kOptional},
       [](const Points& row, ColumnData& to) {
         const event::KindInfo* info = event::FindKind(row.kind());
         info == nullptr ? to.AddNull() : to.AddText(info->name);
       }},
      {{"occurred_at", ColumnType::kMoment, kOptional},
       [](const Points& row, ColumnData& to) {
         AddOptional(!row.event_id().empty(), row.occurred_at_us(), to);
       }},
      {{"partition", ColumnType::kInt32, kOptional},
       [](const Points& row, ColumnData& to) {
         AddOptional(!row.event_id().empty(), row.partition(), to);
       }},
      {{"offset", ColumnType::kInt64, kOptional},
       [](const Points& row, ColumnData& to) {
         AddOptional(!row.event_id().empty(), row.offset(), to);
       }},
  };
}

std::vector<ExportField<Owed>> FollowUpFields() {
  return {
      {{"customer_id"}, [](const Owed& row, ColumnData& to) { to.AddText(row.customer_id()); }},
      {{"follow_up_id"},
       [](const Owed& row, ColumnData& to) {
         const std::vector<absl::string_view> parts = absl::StrSplit(row.follow_up().name(), '/');
         to.AddText(parts.back());
       }},
      {{"policy"}, [](const Owed& row, ColumnData& to) { to.AddText(row.follow_up().policy()); }},
      {{"class", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) {
         AddWord(row.follow_up().class_(), "FOLLOW_UP_CLASS_", to);
       }},
      {{"priority", ColumnType::kInt32},
       [](const Owed& row, ColumnData& to) { to.AddNumber(row.follow_up().priority()); }},
      {{"status", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) {
         AddWord(row.follow_up().status(), "FOLLOW_UP_STATUS_", to);
       }},
      {{"suppressed_by", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) {
         AddWord(row.follow_up().suppressed_by(), "SUPPRESSION_", to);
       }},
      {{"key", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { to.AddTextOrNull(row.follow_up().key()); }},
      {{"cause", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { to.AddTextOrNull(row.follow_up().cause()); }},
      {{"opened_at", ColumnType::kMoment},
       [](const Owed& row, ColumnData& to) { to.AddNumber(row.follow_up().opened_at_us()); }},
      {{"from_at", ColumnType::kMoment},
       [](const Owed& row, ColumnData& to) { to.AddNumber(row.follow_up().from_us()); }},
      {{"due_at", ColumnType::kMoment},
       [](const Owed& row, ColumnData& to) { to.AddNumber(row.follow_up().by_us()); }},
      {{"until_at", ColumnType::kMoment, kOptional},
       [](const Owed& row, ColumnData& to) {
         AddOptional(row.follow_up().has_until_us(), row.follow_up().until_us(), to);
       }},
      {{"closed_by", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { to.AddTextOrNull(row.follow_up().closed_by()); }},
      {{"department", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { to.AddTextOrNull(row.follow_up().department()); }},
      {{"assignee", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { to.AddTextOrNull(row.follow_up().assignee()); }},
      {{"stage", ColumnType::kText, kOptional},
       [](const Owed& row, ColumnData& to) { AddWord(row.stage(), "STAGE_", to); }},
      {{"score", ColumnType::kInt32},
       [](const Owed& row, ColumnData& to) { to.AddNumber(row.score()); }},
  };
}

}  // namespace

const ExportTable<v1::BaseRelationship>& RelationshipsTable() {
  static const auto* const table =
      new ExportTable<One>(Joined(Joined(StandingFields(), KindFields()), FactFields()));
  return *table;
}

const ExportTable<v1::BasePoints>& PointsTable() {
  static const auto* const table = new ExportTable<Points>(PointFields());
  return *table;
}

const ExportTable<v1::CustomerFollowUp>& FollowUpsTable() {
  static const auto* const table = new ExportTable<Owed>(FollowUpFields());
  return *table;
}

}  // namespace rapport::analytics
