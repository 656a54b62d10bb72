#include "consumers/support/watch_change.h"

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace rapport::support {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One field alone, as bytes.
std::string BytesOf(const Message& message, const FieldDescriptor& field) {
  std::vector<const FieldDescriptor*> others;
  message.GetReflection()->ListFields(message, &others);
  const std::unique_ptr<Message> alone(message.New());
  alone->CopyFrom(message);
  for (const FieldDescriptor* other : others) {
    if (other != &field) alone->GetReflection()->ClearField(alone.get(), other);
  }
  return alone->SerializeAsString();
}

std::string WithoutMoment(const WatchState& state) {
  v1::RelationshipState copy = *state;
  copy.mutable_standing()->clear_as_of_us();
  return copy.SerializeAsString();
}

const v1::RelationshipState& OrNothing(const WatchState& state) {
  return state == nullptr ? v1::RelationshipState::default_instance() : *state;
}

}  // namespace

bool SaySame(const WatchState& before, const WatchState& after) {
  if (before == nullptr || after == nullptr) return before == after;
  return before == after || WithoutMoment(before) == WithoutMoment(after);
}

std::vector<std::string> ChangedFields(const WatchState& before, const WatchState& after) {
  std::vector<std::string> changed;
  const v1::Standing& was = OrNothing(before).standing();
  const v1::Standing& is = OrNothing(after).standing();
  const auto* type = v1::Standing::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor& field = *type->field(i);
    if (field.number() == v1::Standing::kAsOfUsFieldNumber) continue;
    if (BytesOf(was, field) != BytesOf(is, field)) {
      changed.push_back(absl::StrCat("standing.", field.name()));
    }
  }
  if (OrNothing(before).known().SerializeAsString() !=
      OrNothing(after).known().SerializeAsString()) {
    changed.emplace_back("known");
  }
  return changed;
}

v1::RelationshipChange ChangeBetween(const std::string& customer_id, const WatchState& before,
                                     const WatchState& after) {
  RAPPORT_CHECK(before != nullptr || after != nullptr) << "a change from nothing to nothing";
  v1::RelationshipChange change;
  change.set_customer_id(customer_id);
  if (before != nullptr) *change.mutable_before() = *before;
  if (after != nullptr) *change.mutable_after() = *after;
  for (std::string& field : ChangedFields(before, after)) {
    change.add_changed_fields(std::move(field));
  }
  change.set_at_us(OrNothing(after == nullptr ? before : after).standing().as_of_us());
  return change;
}

}  // namespace rapport::support
