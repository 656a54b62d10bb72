#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/analytics/export_table.h"
#include "consumers/analytics/export_words.h"
#include "consumers/edge/json_writer.h"
#include "engine/event/kinds.h"
#include "engine/event/touchpoint.h"

namespace rapport::analytics {
namespace {

constexpr bool kOptional = true;

const v1::Event& EventOf(const OpenedEvent& row) { return row.record->event(); }

void AddMicros(const v1::Money* money, ColumnData& to) {
  AddOptional(money != nullptr, money == nullptr ? 0 : money->micros(), to);
}
void AddCurrency(const v1::Money* money, ColumnData& to) {
  to.AddTextOrNull(money == nullptr ? absl::string_view() : money->currency());
}
const v1::Money* ValueOf(const OpenedEvent& row) {
  return EventOf(row).has_value() ? &EventOf(row).value() : nullptr;
}
const v1::Money* CostOf(const OpenedEvent& row) {
  return EventOf(row).has_cost() ? &EventOf(row).cost() : nullptr;
}

// A text of the envelope.
template <const std::string& (v1::Event::*kGet)() const>
void AddCode(const OpenedEvent& row, ColumnData& to) {
  to.AddTextOrNull((EventOf(row).*kGet)());
}

std::vector<ExportField<OpenedEvent>> PlaceFields() {
  using Row = OpenedEvent;
  return {
      {{"partition", ColumnType::kInt32},
       [](const Row& row, ColumnData& to) { to.AddNumber(row.record->partition()); }},
      {{"offset", ColumnType::kInt64},
       [](const Row& row, ColumnData& to) { to.AddNumber(row.record->offset()); }},
      {{"appended_at", ColumnType::kMoment},
       [](const Row& row, ColumnData& to) { to.AddNumber(row.record->appended_at_us()); }},
      {{"event_id"}, [](const Row& row, ColumnData& to) { to.AddText(EventOf(row).event_id()); }},
      {{"customer_id", ColumnType::kText, kOptional}, AddCode<&v1::Event::customer_id>},
      {{"occurred_at", ColumnType::kMoment},
       [](const Row& row, ColumnData& to) { to.AddNumber(EventOf(row).occurred_at_us()); }},
      {{"kind"},
       [](const Row& row, ColumnData& to) {
         const event::KindInfo* info = event::FindKind(EventOf(row).kind());
         info == nullptr ? to.AddText(absl::StrCat(static_cast<int>(EventOf(row).kind())))
                         : to.AddText(info->name);
       }},
      {{"source", ColumnType::kText, kOptional}, AddCode<&v1::Event::source>},
      {{"publisher", ColumnType::kText, kOptional}, AddCode<&v1::Event::publisher>},
  };
}

std::vector<ExportField<OpenedEvent>> TouchFields() {
  using Row = OpenedEvent;
  return {
      {{"channel", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddWord(EventOf(row).channel(), "CHANNEL_", to); }},
      {{"channel_name", ColumnType::kText, kOptional}, AddCode<&v1::Event::channel_name>},
      {{"initiator", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddWord(EventOf(row).initiator(), "INITIATOR_", to); }},
      {{"area", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddWord(EventOf(row).area(), "AREA_", to); }},
      {{"phase", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddWord(EventOf(row).phase(), "PHASE_", to); }},
      {{"actor", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { to.AddTextOrNull(EventOf(row).actor().id()); }},
      {{"contact", ColumnType::kText, kOptional}, AddCode<&v1::Event::contact>},
      {{"duration_s", ColumnType::kInt32, kOptional},
       [](const Row& row, ColumnData& to) {
         AddOptional(EventOf(row).has_duration_s(), EventOf(row).duration_s(), to);
       }},
      {{"wait_s", ColumnType::kInt32, kOptional},
       [](const Row& row, ColumnData& to) {
         AddOptional(EventOf(row).has_wait_s(), EventOf(row).wait_s(), to);
       }},
      {{"live_person", ColumnType::kBool, kOptional},
       [](const Row& row, ColumnData& to) {
         AddOptional(EventOf(row).has_live_person(), EventOf(row).live_person(), to);
       }},
      {{"intended_outcome", ColumnType::kText, kOptional}, AddCode<&v1::Event::intended_outcome>},
      {{"outcome", ColumnType::kText, kOptional}, AddCode<&v1::Event::outcome>},
      {{"customer_feeling", ColumnType::kInt32, kOptional},
       [](const Row& row, ColumnData& to) {
         AddOptional(EventOf(row).has_customer_feeling(), EventOf(row).customer_feeling(), to);
       }},
      {{"employee_feeling", ColumnType::kInt32, kOptional},
       [](const Row& row, ColumnData& to) {
         AddOptional(EventOf(row).has_employee_feeling(), EventOf(row).employee_feeling(), to);
       }},
  };
}

std::vector<ExportField<OpenedEvent>> ContentFields() {
  using Row = OpenedEvent;
  return {
      {{"reason", ColumnType::kText, kOptional}, AddCode<&v1::Event::reason>},
      {{"place", ColumnType::kText, kOptional}, AddCode<&v1::Event::place>},
      {{"subject", ColumnType::kText, kOptional}, AddCode<&v1::Event::subject>},
      {{"campaign", ColumnType::kText, kOptional}, AddCode<&v1::Event::campaign>},
      {{"playbook", ColumnType::kText, kOptional}, AddCode<&v1::Event::playbook>},
      {{"follow_up_id", ColumnType::kText, kOptional}, AddCode<&v1::Event::follow_up_id>},
      {{"interaction_id", ColumnType::kText, kOptional}, AddCode<&v1::Event::interaction_id>},
      {{"amount_micros", ColumnType::kInt64, kOptional},
       [](const Row& row, ColumnData& to) { AddMicros(row.amount, to); }},
      {{"amount_currency", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddCurrency(row.amount, to); }},
      {{"value_micros", ColumnType::kInt64, kOptional},
       [](const Row& row, ColumnData& to) { AddMicros(ValueOf(row), to); }},
      {{"value_currency", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddCurrency(ValueOf(row), to); }},
      {{"cost_micros", ColumnType::kInt64, kOptional},
       [](const Row& row, ColumnData& to) { AddMicros(CostOf(row), to); }},
      {{"cost_currency", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) { AddCurrency(CostOf(row), to); }},
      {{"detail", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) {
         row.payload == nullptr ? to.AddNull() : to.AddText(edge::MessageToJson(*row.payload));
       }},
      {{"masked_fields", ColumnType::kText, kOptional},
       [](const Row& row, ColumnData& to) {
         to.AddTextOrNull(absl::StrJoin(row.record->masked_fields(), " "));
       }},
  };
}

const ExportTable<OpenedEvent>& FixedFields() {
  static const auto* const table = [] {
    std::vector<ExportField<OpenedEvent>> fields = PlaceFields();
    for (const auto& more : {TouchFields(), ContentFields()}) {
      fields.insert(fields.end(), more.begin(), more.end());
    }
    return new ExportTable<OpenedEvent>(std::move(fields));
  }();
  return *table;
}

// The message in the field of that name, if the kind has one and the event, too.
const v1::Money* AmountIn(const google::protobuf::Message& payload) {
  const auto* field = payload.GetDescriptor()->FindFieldByName("amount");
  if (field == nullptr || field->message_type() != v1::Money::descriptor() ||
      !payload.GetReflection()->HasField(payload, field)) {
    return nullptr;
  }
  return static_cast<const v1::Money*>(&payload.GetReflection()->GetMessage(payload, field));
}

// What stands in `touchpoint` is borrowed.
OpenedEvent Open(const v1::ReplayEventsResponse& record, const v1::Touchpoint& touchpoint) {
  OpenedEvent row = {.record = &record};
  const auto* detail = v1::Touchpoint::descriptor()->FindOneofByName("detail");
  const auto* reflection = touchpoint.GetReflection();
  if (!reflection->HasOneof(touchpoint, detail)) return row;
  const auto* field = reflection->GetOneofFieldDescriptor(touchpoint, detail);
  row.payload = &reflection->GetMessage(touchpoint, field);
  row.amount = AmountIn(*row.payload);
  return row;
}

}  // namespace

Columns EventsTable::columns() const {
  Columns columns = FixedFields().columns();
  for (const std::string& name : measures_) {
    columns.push_back({absl::StrCat("measure_", name), ColumnType::kInt64, kOptional});
  }
  return columns;
}

void EventsTable::Add(const v1::ReplayEventsResponse& record, RowBatch& batch) const {
  const auto touchpoint = event::EventToTouchpoint(record.event());
  const v1::Touchpoint none;
  FixedFields().AddValues(Open(record, touchpoint.ok() ? *touchpoint : none), batch);
  const size_t fixed = batch.columns() - measures_.size();
  for (size_t i = 0; i < measures_.size(); ++i) {
    const auto& own = record.event().measures();
    const auto found = std::find_if(own.begin(), own.end(), [&](const v1::Measure& measure) {
      return measure.name() == measures_[i];
    });
    AddOptional(found != own.end(), found == own.end() ? 0 : found->value(),
                batch.column(fixed + i));
  }
  batch.EndRow();
}

}  // namespace rapport::analytics
