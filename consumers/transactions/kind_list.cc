#include "consumers/transactions/kind_list.h"

#include <algorithm>
#include <string>

#include "consumers/edge/touchpoint_json.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_plan.h"
#include "engine/event/revision.h"
#include "engine/event/validator.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/money.pb.h"
#include "rapport/v1/options.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::transactions {
namespace {

using event::Check;
using event::FieldCheck;
using event::KindInfo;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kCustomer[] = "cust-1";
constexpr char kOtherCustomer[] = "cust-2";
constexpr char kId[] = "shop:1";
constexpr char kFollowUp[] = "00112233445566778899aabbccddeeff";
// 31 January 2026, 09:30 UTC.
constexpr int64_t kMomentUs = 1'769'851'800'000'000;

// What the plan says of a field; null when it says nothing.
const FieldCheck* CheckOf(const event::PayloadPlan& plan, const FieldDescriptor& field) {
  const auto found =
      std::find_if(plan.fields.begin(), plan.fields.end(),
                   [&field](const FieldCheck& check) { return check.field == &field; });
  return found == plan.fields.end() ? nullptr : &*found;
}

std::string PlainTypeOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "boolean";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "name";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type()->name() == "Money" ? "money" : field.message_type()->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "bytes" : "text";
    default:
      return "number";
  }
}

std::string TypeOf(const FieldDescriptor& field, const FieldCheck* check) {
  if (check == nullptr) return PlainTypeOf(field);
  switch (check->check) {
    case Check::kCustomerId:
      return "customerId";
    case Check::kEventId:
      return "eventId";
    case Check::kFollowUpId:
      return "followUpId";
    case Check::kMoment:
      return "moment";
    default:
      return PlainTypeOf(field);
  }
}

void Describe(const FieldDescriptor& field, const FieldCheck* check, v1::KindField& into) {
  into.set_name(field.json_name());
  into.set_type(TypeOf(field, check));
  into.set_repeated(field.is_repeated());
  into.set_sensitive(field.options().GetExtension(v1::sensitive));
  for (int i = 1; into.type() == "name" && i < field.enum_type()->value_count(); ++i) {
    into.add_names(field.enum_type()->value(i)->name());
  }
  if (check == nullptr) return;
  into.set_required(check->required);
  if (check->check != Check::kNumber) return;
  into.set_least(check->min);
  into.set_greatest(check->max);
}

void SetNumber(const FieldDescriptor& field, int64_t number, Message& message) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(&message, &field, static_cast<int32_t>(number));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->SetUInt32(&message, &field, static_cast<uint32_t>(number));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->SetUInt64(&message, &field, static_cast<uint64_t>(number));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(&message, &field, number);
    default:
      return;
  }
}

std::string TextOf(const FieldDescriptor& field, const FieldCheck* check) {
  if (check == nullptr) return "example";
  switch (check->check) {
    case Check::kCustomerId:
      return kOtherCustomer;
    case Check::kEventId:
      return kId;
    case Check::kFollowUpId:
      return kFollowUp;
    case Check::kBytes:
      return "";
    default:
      return field.name() + "-1";
  }
}

// A value that a reader recognises; fields that may be left out of a list are.
void Fill(const FieldDescriptor& field, const FieldCheck* check, Message& message) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  if (field.is_repeated()) return;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->SetString(&message, &field, TextOf(field, check));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(&message, &field, field.enum_type()->value(1)->number());
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (field.message_type()->name() != "Money") return;
      auto& money = static_cast<v1::Money&>(*reflection->MutableMessage(&message, &field));
      money.set_micros(19'900'000);
      money.set_currency("EUR");
      return;
    }
    default: {
      const bool is_moment = check != nullptr && check->check == Check::kMoment;
      const int64_t number = check != nullptr && check->check == Check::kNumber
                                 ? std::clamp<int64_t>(1, check->min, check->max)
                                 : 1;
      SetNumber(field, is_moment ? kMomentUs : number, message);
    }
  }
}

// What a field alone does not say.
void Adjust(Message& payload) {
  if (auto* survey = dynamic_cast<v1::SurveyAnswered*>(&payload)) {
    survey->set_min(0);
    survey->set_max(10);
    survey->set_score(9);
  } else if (auto* member = dynamic_cast<v1::CustomerMerged*>(&payload)) {
    member->set_survivor(kCustomer);
  } else if (auto* split = dynamic_cast<v1::CustomerSplit*>(&payload)) {
    split->set_survivor(kCustomer);
  } else if (auto* correction = dynamic_cast<v1::EventCorrected*>(&payload)) {
    v1::PraiseGiven praise;
    praise.set_praise("praise-1");
    correction->set_kind(v1::KIND_PRAISE_GIVEN);
    correction->set_payload(praise.SerializeAsString());
  } else if (auto* alias = dynamic_cast<v1::AliasLinked*>(&payload)) {
    // Ingress adds it.
    alias->clear_lookup();
  }
}

void AddKind(const KindInfo& kind, v1::ListKindsResponse& list) {
  v1::KindDescription& description = *list.add_kinds();
  description.set_kind(kind.kind);
  description.set_name(
      v1::Touchpoint::descriptor()->FindFieldByName(std::string(kind.field_name))->json_name());
  const event::PayloadPlan& plan = event::PlanOf(kind);
  const std::unique_ptr<Message> payload(kind.prototype->New());
  const google::protobuf::Descriptor& type = *payload->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldCheck* const check = CheckOf(plan, *type.field(i));
    Describe(*type.field(i), check, *description.add_fields());
    Fill(*type.field(i), check, *payload);
  }
  Adjust(*payload);
  v1::Event example;
  example.set_event_id(kId);
  example.set_customer_id(kCustomer);
  example.set_source("shop");
  example.set_occurred_at_us(kMomentUs);
  example.set_kind(kind.kind);
  example.set_payload(payload->SerializeAsString());
  description.set_example(edge::EventToJson(example));
  description.set_engine_only(event::CheckPublished(example).has_value());
}

}  // namespace

const v1::ListKindsResponse& KindList() {
  static const auto* const list = [] {
    auto* made = new v1::ListKindsResponse;
    for (const KindInfo& kind : event::AllKinds()) AddKind(kind, *made);
    return made;
  }();
  return *list;
}

}  // namespace rapport::transactions
