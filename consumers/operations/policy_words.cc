// Policies and calendar in words: see rules_words.h.
#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/operations/output.h"
#include "consumers/operations/rules_words.h"

namespace rapport::operations {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::vector<const FieldDescriptor*> FieldsOf(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

// `CHECK` for OUTREACH_PURPOSE_CHECK: an enumerator without the name of its type.
std::string EnumInWords(const google::protobuf::EnumValueDescriptor& value) {
  if (value.type()->name() == "Kind") return KindInWords(static_cast<v1::Kind>(value.number()));
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  absl::string_view name = value.name();
  absl::ConsumePrefix(&name, prefix + "_");
  return std::string(name);
}

std::string ValueInWords(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumInWords(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    default:
      return "";
  }
}

// How a value of a trigger, a closer or a condition is said; `$` stands for the value. Of a bool
// the second words are those of `false`.
struct Saying {
  absl::string_view yes;
  absl::string_view no = "";
};

const std::map<absl::string_view, Saying>& Sayings() {
  static const auto* const kSayings = new std::map<absl::string_view, Saying>{
      {"accepted", {"accepted", "refused"}},
      {"after", {"$ was remembered before"}},
      {"after_same_key", {"$ about the same was remembered before"}},
      {"all_three", {"with cause, fix and prevention"}},
      {"area", {"something was dealt with in $"}},
      {"case_closed", {"the complaint is closed"}},
      {"consent", {"$ is consented to"}},
      {"contact", {"any dealing in person that reached the customer"}},
      {"content", {"good feelings outweigh bad ones", "good feelings do not outweigh bad ones"}},
      {"custom_kind", {"$"}},
      {"customer_act", {"any act of the customer"}},
      {"date", {"the date $ each year"}},
      {"dormant", {"DORMANT"}},
      {"ended_by", {"the relationship was ended by $"}},
      {"escalated", {"the complaint was escalated"}},
      {"exceeded_min", {"$ expectations were exceeded in a row"}},
      {"flag", {"$"}},
      {"kind", {"$"}},
      {"lasts", {"for $"}},
      {"level_min", {"of $ at least"}},
      {"mode", {"served as $"}},
      {"month_day", {"day $ of each month"}},
      {"objective", {"an objective is open"}},
      {"owner", {"there is an account manager", "there is no account manager"}},
      {"points_max", {"at most $ points"}},
      {"points_min", {"at least $ points"}},
      {"preference", {"the preference $ is known"}},
      {"purchase_day", {"purchase day $"}},
      {"purchase_days_max", {"at most $ purchase days"}},
      {"purchase_days_min", {"at least $ purchase days"}},
      {"purpose", {"for $"}},
      {"reached", {"that reached the customer", "that did not reach the customer"}},
      {"reason", {"for $"}},
      {"role_vacant", {"nobody holds the role any more"}},
      {"same_key", {"about the same"}},
      {"severity_min", {"severity $ at least"}},
      {"since", {"since $"}},
      {"stage", {"stage $"}},
      {"subject", {"of $"}},
      {"subjects_bought", {"the day subject number $ was bought"}},
      {"topic_welcome", {"the topic is not refused"}},
      {"type", {"a relationship of type $"}}};
  return *kSayings;
}

std::string FieldInWords(const Message& message, const FieldDescriptor& field) {
  const auto found = Sayings().find(field.name());
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    const bool value = message.GetReflection()->GetBool(message, &field);
    if (found == Sayings().end()) return absl::StrCat(value ? "" : "not ", field.name());
    return std::string(value ? found->second.yes : found->second.no);
  }
  const std::string value = ValueInWords(message, field);
  if (found == Sayings().end()) return absl::StrCat(field.name(), " ", value);
  return absl::StrReplaceAll(found->second.yes, {{"$", value}});
}

// A trigger or closer: what it is about, then what narrows it.
std::string EventInWords(const Message& event) {
  std::vector<std::string> words;
  for (const FieldDescriptor* field : FieldsOf(event)) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      words.push_back(FieldInWords(event, *field));
      continue;
    }
    const std::string below = EventInWords(event.GetReflection()->GetMessage(event, field));
    words.push_back(field->name() == "silence" ? absl::StrCat("silence ", below)
                                               : absl::StrCat("the state ", below));
  }
  return absl::StrJoin(words, " ");
}

template <typename Events>
std::string EventsInWords(const Events& events) {
  std::vector<std::string> words;
  for (const auto& event : events) words.push_back(EventInWords(event));
  return absl::StrJoin(words, " or ");
}

std::string ConditionInWords(const Message& condition);

template <typename Conditions>
std::string Joined(const Conditions& conditions, absl::string_view by) {
  std::vector<std::string> words;
  for (const auto& condition : conditions) words.push_back(ConditionInWords(condition));
  const std::string joined = absl::StrJoin(words, by);
  return words.size() > 1 ? absl::StrCat("(", joined, ")") : joined;
}

std::string ConditionInWords(const Message& message) {
  const auto& condition = static_cast<const v1::PolicyCondition&>(message);
  std::vector<std::string> words;
  if (!condition.all().empty()) words.push_back(Joined(condition.all(), " and "));
  if (!condition.any().empty()) words.push_back(Joined(condition.any(), " or "));
  if (condition.has_not_()) words.push_back("not: " + ConditionInWords(condition.not_()));
  if (condition.has_count()) {
    words.push_back(absl::StrCat("at least ", condition.count().min(), " times ",
                                 KindInWords(condition.count().kind())));
  }
  for (const FieldDescriptor* field : FieldsOf(condition)) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) continue;
    words.push_back(FieldInWords(condition, *field));
  }
  return absl::StrJoin(words, " and ");
}

absl::string_view OnceFor(v1::PolicyAnchor anchor) {
  switch (static_cast<int>(anchor)) {
    case v1::POLICY_ANCHOR_EVENT:
      return "once for each";
    case v1::POLICY_ANCHOR_KEY:
      return "once for each case, request or promise";
    case v1::POLICY_ANCHOR_BLOCK:
      return "once in 30 days";
    case v1::POLICY_ANCHOR_ONCE:
      return "once in a life";
    case v1::POLICY_ANCHOR_DATE:
      return "once for each date and year";
    case 6:
      return "once for each run of events";
    case 7:
      return "once for each such day";
    case 8:
      return "again whenever it has lasted so long again";
    default:
      return "";
  }
}

absl::string_view HeldBackBy(v1::FollowUpClass which) {
  switch (which) {
    case v1::FOLLOW_UP_CLASS_WORK:
    case v1::FOLLOW_UP_CLASS_INTERNAL:
      return "Nothing holds it back.";
    case v1::FOLLOW_UP_CLASS_SERVICE:
      return "Held back by suspected fraud.";
    case v1::FOLLOW_UP_CLASS_COURTESY:
      return "Held back by suspected fraud, a refusal, an ended relationship or too many contacts.";
    default:
      return "Held back by suspected fraud, a refusal, an ended relationship, an open complaint or "
             "too many contacts.";
  }
}

std::string TimesInWords(const v1::PolicyRule& policy) {
  std::string text;
  if (!policy.opened().empty()) {
    absl::StrAppend(&text, " Opens ", MomentInWords(policy.opened()), " after that");
    if (!policy.opened_max().empty()) {
      absl::StrAppend(&text, ", ", MomentInWords(policy.opened_max()), " at most");
    }
    absl::StrAppend(&text, ".");
  }
  if (!policy.from().empty())
    absl::StrAppend(&text, " From ", MomentInWords(policy.from()), " on.");
  if (!policy.by().empty()) {
    absl::StrAppend(&text, " Due by ", MomentInWords(policy.by()),
                    policy.clock() == v1::POLICY_CLOCK_BUSINESS ? " of open hours" : "", ".");
  }
  absl::StrAppend(&text, policy.until().empty() ? " It stays until it is done."
                                                : absl::StrCat(" Worth nothing after ",
                                                               MomentInWords(policy.until()), "."));
  return text;
}

// All values of a repeated text.
std::string TextsInWords(const Message& message, const FieldDescriptor& field,
                         absl::string_view between) {
  std::vector<std::string> texts;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    texts.push_back(message.GetReflection()->GetRepeatedString(message, &field, i));
  }
  return absl::StrJoin(texts, between);
}

// What it shows, what is tried first and then, and whether an ending holds it back.
std::string FurtherInWords(const v1::PolicyRule& policy) {
  std::string text;
  for (const FieldDescriptor* field : FieldsOf(policy)) {
    if (field->name() == "carry") {
      absl::StrAppend(&text, " Shows ", TextsInWords(policy, *field, ", "), ".");
    } else if (field->name() == "rung") {
      absl::StrAppend(&text, " First ", TextsInWords(policy, *field, ", then "), ".");
    } else if (field->name() == "after_end") {
      absl::StrAppend(&text, " An ended relationship does not hold it back.");
    }
  }
  return text;
}

}  // namespace

std::string MomentInWords(absl::string_view moment) {
  if (const size_t either = moment.find(" or "); either != absl::string_view::npos) {
    return absl::StrCat(MomentInWords(moment.substr(0, either)), ", else ",
                        MomentInWords(moment.substr(either + 4)));
  }
  static constexpr std::pair<absl::string_view, absl::string_view> kBases[] = {
      {"due_from", "the beginning that was named"},
      {"due", "the moment promised"},
      {"date", "the date"},
      {"2term", "twice the complaint's term"},
      {"term", "the complaint's term"}};
  for (const auto& [base, words] : kBases) {
    if (!absl::ConsumePrefix(&moment, base)) continue;
    if (moment.empty()) return std::string(words);
    return absl::StrCat(words, moment.front() == '-' ? " less " : " and ",
                        MomentInWords(moment.substr(1)));
  }
  if (moment.empty()) return "";
  const char unit = moment.back();
  const absl::string_view number = moment.substr(0, moment.size() - 1);
  const absl::string_view word = unit == 'd' ? "day" : unit == 'h' ? "hour" : "second";
  return absl::StrCat(number, " ", word, number == "1" ? "" : "s");
}

std::string PolicyInWords(const v1::PolicyRule& policy) {
  absl::string_view group = v1::FollowUpClass_Name(policy.class_());
  const std::string class_name(group.substr(sizeof("FOLLOW_UP_CLASS_") - 1));
  const std::string department = !policy.department().empty() ? policy.department()
                                 : policy.class_() == v1::FOLLOW_UP_CLASS_SALES ? "sales"
                                                                                : "service";
  std::string text = absl::StrCat("  ", policy.id(), ": ", policy.title(), " (", department, ", ",
                                  class_name, ", priority ", policy.priority(), ")\n    After ",
                                  EventsInWords(policy.trigger()), ", ", OnceFor(policy.anchor()));
  if (policy.has_when()) absl::StrAppend(&text, ", while ", ConditionInWords(policy.when()));
  absl::StrAppend(&text, ".", TimesInWords(policy));
  if (!policy.done().empty()) {
    absl::StrAppend(&text, "\n    Done by ", EventsInWords(policy.done()),
                    policy.mailings() ? ", mailings too." : ".");
  }
  absl::StrAppend(&text, policy.done().empty() ? "\n    " : " ", HeldBackBy(policy.class_()),
                  FurtherInWords(policy), "\n");
  return text;
}

std::string PoliciesInWords(const v1::EvaluateRules& rules) {
  std::string text = "Owed\n";
  if (rules.has_budget()) {
    absl::StrAppend(&text, "  At most ", rules.budget().contacts(), " unasked contacts in ",
                    MomentInWords(rules.budget().window()), ", the most urgent first.\n");
  }
  if (rules.has_yes_window()) {
    absl::StrAppend(&text, "  For ", MomentInWords(rules.yes_window().lasts()),
                    " after a purchase the customer began, these go first: ",
                    absl::StrJoin(rules.yes_window().policy(), ", "), ".\n");
  }
  for (const v1::PolicyRule& policy : rules.policy()) {
    absl::StrAppend(&text, PolicyInWords(policy));
  }
  return text;
}

std::string CalendarInWords(const v1::EvaluateRules& rules) {
  const v1::CalendarRules& calendar = rules.calendar();
  std::string text = "Calendar\n";
  if (calendar.offset().empty()) absl::StrAppend(&text, "  local time is UTC\n");
  for (const v1::CalendarOffset& offset : calendar.offset()) {
    absl::StrAppend(&text, "  from ", offset.begins(), " local time is ", offset.minutes(),
                    " minutes ahead of UTC\n");
  }
  if (calendar.span().empty()) absl::StrAppend(&text, "  always open\n");
  for (const v1::OpenSpan& span : calendar.span()) {
    std::vector<std::string> days;
    for (const int day : span.weekday()) {
      const std::string name = v1::Weekday_Name(static_cast<v1::Weekday>(day));
      days.push_back(name.substr(sizeof("WEEKDAY_") - 1, 3));
    }
    const auto clock = [](uint32_t minutes) {
      return absl::StrCat(minutes / 60 < 10 ? "0" : "", minutes / 60, ":",
                          minutes % 60 < 10 ? "0" : "", minutes % 60);
    };
    absl::StrAppend(&text, "  open ", absl::StrJoin(days, " "), " ", clock(span.from()), " to ",
                    clock(span.to()), "\n");
  }
  if (!calendar.holiday().empty()) {
    absl::StrAppend(&text, "  closed on ", absl::StrJoin(calendar.holiday(), ", "), "\n");
  }
  return text;
}

}  // namespace rapport::operations
