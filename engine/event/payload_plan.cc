#include "engine/event/payload_plan.h"

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "engine/base/check.h"
#include "engine/event/sensitive.h"

namespace rapport::event {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();
constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
// A negative number that was cast to uint32 is refused.
constexpr int64_t kUint32Max = std::numeric_limits<int32_t>::max();
constexpr int64_t kPpmMax = 1'000'000;
constexpr int64_t kBytesMax = 64;
// Keeps every difference of two scores far from overflow.
constexpr int64_t kScoreMax = 1'000'000'000'000'000;

struct FieldName {
  absl::string_view kind;
  absl::string_view field;
};

struct Format {
  FieldName name;
  Check check;
};

// Strings that are no codes.
constexpr Format kFormats[] = {
    {{"ReferralMade", "referred"}, Check::kCustomerId},
    {{"ReferralReceived", "referrer"}, Check::kCustomerId},
    {{"CommunityActed", "asker"}, Check::kCustomerId},
    {{"CustomerMerged", "survivor"}, Check::kCustomerId},
    {{"CustomerMerged", "merged"}, Check::kCustomerId},
    {{"CustomerSplit", "survivor"}, Check::kCustomerId},
    {{"CustomerSplit", "merged"}, Check::kCustomerId},
    {{"FollowUpClaimed", "follow_up_id"}, Check::kFollowUpId},
    {{"FollowUpSnoozed", "follow_up_id"}, Check::kFollowUpId},
    {{"FollowUpDismissed", "follow_up_id"}, Check::kFollowUpId},
    {{"EventRetracted", "target_event_id"}, Check::kEventId},
    {{"EventCorrected", "target_event_id"}, Check::kEventId},
    {{"CustomTouchpoint", "custom_kind"}, Check::kCustomKind},
};

struct Range {
  FieldName name;
  int64_t min;
  int64_t max;
};

constexpr Range kRanges[] = {
    {{"ComplaintRaised", "severity"}, 1, 4},
    {{"ComplaintEscalated", "level"}, 1, kUint32Max},
    {{"SurveyAnswered", "score"}, -kScoreMax, kScoreMax},
    {{"SurveyAnswered", "min"}, -kScoreMax, kScoreMax},
    {{"SurveyAnswered", "max"}, -kScoreMax, kScoreMax},
    {{"ObjectiveSet", "progress"}, 0, 100},
    {{"DateRecorded", "month"}, 1, 12},
    {{"DateRecorded", "day"}, 1, 31},
    {{"DateRecorded", "year"}, 1, 9'999},
    {{"MembershipChanged", "balance"}, 0, kInt64Max},
    {{"MembershipChanged", "expiring"}, 0, kInt64Max},
    {{"FollowUpClaimed", "fence"}, 0, kInt64Max},
};

// First fields that may be empty: the source does not say which order, nobody looks after the
// customer any more, and what stands for itself: general thanks, an outreach or answer without key;
// a customer who never had a key.
constexpr FieldName kEmptyKeys[] = {
    {"PurchaseMade", "order"},
    {"PurchaseReversed", "order"},
    {"AccountManagerAssigned", "agent"},
    {"ErasureCompleted", "key_id"},
    {"ThanksGiven", "for"},
    {"OutreachMade", "outreach"},
    {"SurveyAnswered", "survey"},
};

// Further fields without which the kind says nothing.
constexpr FieldName kRequired[] = {
    {"PromiseMade", "due_at_us"}, {"FollowUpClaimed", "until_us"}, {"FollowUpSnoozed", "until_us"},
    {"OutreachMade", "purpose"},  {"OutreachAnswered", "answer"},  {"CommunityActed", "form"},
    {"RelationshipEnded", "by"},  {"CustomerMerged", "merged"},    {"CustomerSplit", "merged"},
};

bool Names(const FieldName& name, const FieldDescriptor& field) {
  return name.kind == field.containing_type()->name() && name.field == field.name();
}

template <typename Names_>
bool IsIn(const Names_& names, const FieldDescriptor& field) {
  return std::any_of(std::begin(names), std::end(names),
                     [&](const FieldName& name) { return Names(name, field); });
}

uint64_t KnownValues(const EnumDescriptor& type) {
  uint64_t known = 0;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    RAPPORT_CHECK(number >= 0 && number < 64) << type.full_name() << " has a value of " << number;
    known |= uint64_t{1} << number;
  }
  return known;
}

void PlanText(const FieldDescriptor& field, FieldCheck& check) {
  check.check = Check::kCode;
  check.required = (field.number() == 1 && !IsIn(kEmptyKeys, field)) || check.required;
  for (const Format& format : kFormats) {
    if (Names(format.name, field)) check.check = format.check;
  }
}

void PlanNumber(const FieldDescriptor& field, FieldCheck& check) {
  check.check = Check::kNumber;
  const bool is_unsigned = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32;
  check.min = is_unsigned ? 0 : kInt64Min;
  check.max = is_unsigned ? kUint32Max : kInt64Max;
  if (absl::EndsWith(field.name(), "_ppm")) check.max = kPpmMax;
  for (const Range& range : kRanges) {
    if (!Names(range.name, field)) continue;
    check.min = range.min;
    check.max = range.max;
  }
  // A number that may not be zero must be looked at when it is absent, too.
  if (!field.has_presence() && (check.min > 0 || check.max < 0)) check.required = true;
  if (field.type() == FieldDescriptor::TYPE_SFIXED64) check.check = Check::kMoment;
}

// Lists are checked by their own type.
constexpr FieldName kLists[] = {
    {"PurchaseMade", "items"}, {"MeetingHeld", "attendees"}, {"CustomTouchpoint", "measures"}};

// False for a field that needs no check of its own.
bool PlanField(const FieldDescriptor& field, FieldCheck& check) {
  check.field = &field;
  check.number = field.number();
  RAPPORT_CHECK(field.number() < static_cast<int>(kFieldNumbersEnd)) << field.full_name();
  check.required = IsIn(kRequired, field);
  if (field.is_repeated()) {
    RAPPORT_CHECK(IsIn(kLists, field)) << field.full_name() << " has no check";
    return false;
  }
  // Sensitive texts are gone by the time a payload is checked; see Validator.
  if (IsSensitive(field)) return false;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return false;
    case FieldDescriptor::CPPTYPE_STRING:
      PlanText(field, check);
      if (field.type() != FieldDescriptor::TYPE_BYTES) return true;
      check.check = Check::kBytes;
      check.max = kBytesMax;
      // A correction's payload is checked as the payload it is.
      return field.containing_type()->name() != "EventCorrected";
    case FieldDescriptor::CPPTYPE_ENUM:
      check.check = Check::kEnum;
      // Kinds are checked by their own table.
      if (field.enum_type()->name() == "Kind") return false;
      check.known_values = KnownValues(*field.enum_type());
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      RAPPORT_CHECK(field.message_type()->name() == "Money")
          << field.full_name() << " has no check";
      check.check = Check::kMoney;
      return true;
    default:
      PlanNumber(field, check);
      return check.check == Check::kMoment || check.min != kInt64Min || check.max != kInt64Max;
  }
}

std::vector<PayloadPlan> BuildPlans() {
  std::vector<PayloadPlan> plans;
  for (const KindInfo& kind : AllKinds()) {
    PayloadPlan& plan = plans.emplace_back();
    plan.reflection = kind.prototype->GetReflection();
    const auto* payload = kind.prototype->GetDescriptor();
    plan.place.fill(-1);
    for (int i = 0; i < payload->field_count(); ++i) {
      FieldCheck check;
      if (!PlanField(*payload->field(i), check)) continue;
      plan.place[static_cast<size_t>(check.number)] = static_cast<int8_t>(plan.fields.size());
      if (check.required) plan.required |= uint64_t{1} << check.number;
      plan.fields.push_back(check);
    }
  }
  return plans;
}

}  // namespace

const PayloadPlan& PlanOf(const KindInfo& kind) {
  static const std::vector<PayloadPlan>* const plans = new auto(BuildPlans());
  return (*plans)[kind.index];
}

}  // namespace rapport::event
