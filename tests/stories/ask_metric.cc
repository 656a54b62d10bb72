#include "tests/stories/ask_metric.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "tests/stories/reason.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Where a path leads.
struct Place {
  // Null = something on the way is absent.
  const Message* parent = nullptr;
  // Null = to the element of a list itself.
  const FieldDescriptor* field = nullptr;
};

std::string BareName(const google::protobuf::EnumValueDescriptor& value) {
  absl::string_view prefix = value.type()->value(0)->name();
  absl::ConsumeSuffix(&prefix, "UNSPECIFIED");
  return std::string(absl::StripPrefix(value.name(), prefix));
}

// A scalar as a story writes it.
std::string Shown(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return BareName(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, &field));
    default:
      return absl::StrCat(reflection.GetInt64(message, &field));
  }
}

// The first field that is a text or a word of a closed list: by it the elements of a list are
// named.
const FieldDescriptor& NameField(const Message& message) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto cpp_type = type.field(i)->cpp_type();
    if (cpp_type == FieldDescriptor::CPPTYPE_STRING || cpp_type == FieldDescriptor::CPPTYPE_ENUM) {
      return *type.field(i);
    }
  }
  return *type.field(0);
}

// The element of a list that `key` names; null = none.
const Message* Element(const Message& message, const FieldDescriptor& field,
                       const std::string& key) {
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& one = reflection.GetRepeatedMessage(message, &field, i);
    if (Shown(one, NameField(one)) == key) return &one;
  }
  return nullptr;
}

// Splits `a.b[c.d].e` into `a`, `b[c.d]`, `e`.
std::vector<std::string> PartsOf(const std::string& path) {
  std::vector<std::string> parts(1);
  bool in_key = false;
  for (const char c : path) {
    if (c == '[') in_key = true;
    if (c == ']') in_key = false;
    if (c == '.' && !in_key) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

absl::StatusOr<Place> Find(const std::string& path, const v1::Metrics& metrics) {
  const auto* type = v1::Metrics::descriptor();
  Place place{&metrics, nullptr};
  const Message* at = &metrics;
  for (const std::string& part : PartsOf(path)) {
    const std::vector<std::string> name = absl::StrSplit(absl::StripSuffix(part, "]"), '[');
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(name[0]);
    if (field == nullptr || name.size() > (field->is_repeated() ? 2U : 1U)) {
      return Wrong("there is no metric ", path, ": `", part, "` is no field of ",
                   type == nullptr ? "a number" : type->name());
    }
    type = field->message_type();
    place = {at, field};
    if (at == nullptr || type == nullptr) continue;
    if (name.size() == 2) {
      at = Element(*at, *field, name[1]);
      place = {at, nullptr};
    } else if (!field->is_repeated()) {
      const auto& reflection = *at->GetReflection();
      at = reflection.HasField(*at, field) ? &reflection.GetMessage(*at, field) : nullptr;
    } else {
      type = nullptr;
    }
  }
  return place;
}

bool IsAbsent(const Place& place) {
  if (place.parent == nullptr) return true;
  if (place.field == nullptr) return false;
  const auto& reflection = *place.parent->GetReflection();
  if (place.field->is_repeated()) return reflection.FieldSize(*place.parent, place.field) == 0;
  return place.field->has_presence() && !reflection.HasField(*place.parent, place.field);
}

// Millionths of the unit the field is told in.
constexpr int64_t kMicrosPerCenti = 10'000;
constexpr int64_t kMicrosPerThousandth = 1'000;

// What is written, in the unit of the field.
absl::StatusOr<int64_t> ReadNumber(const FieldDescriptor& field,
                                   const std::vector<std::string>& words, int64_t line_us) {
  const std::string& name = field.name();
  const std::string text = absl::StrJoin(words, " ");
  int64_t number = 0;
  if (absl::EndsWith(name, "_centi") || absl::EndsWith(name, "_micros")) {
    ASSIGN_OR_RETURN(const int64_t thousandths, ReadThousandths(text));
    const int64_t micros = thousandths * kMicrosPerThousandth;
    return absl::EndsWith(name, "_centi") ? micros / kMicrosPerCenti : micros;
  }
  if (absl::EndsWith(name, "_us") || absl::EndsWith(name, "_day")) {
    size_t next = 0;
    ASSIGN_OR_RETURN(number, TakeMoment(words, next, line_us));
    if (next != words.size()) return Wrong("`", words[next], "` is too much");
    return absl::EndsWith(name, "_us") ? number : DayOf(number);
  }
  if (!absl::SimpleAtoi(text, &number)) return Wrong("`", text, "` is no whole number");
  return number;
}

int64_t NumberOf(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32
             ? int64_t{reflection.GetUInt32(message, &field)}
             : reflection.GetInt64(message, &field);
}

bool Compares(int64_t is, const std::string& sign, int64_t expected) {
  if (sign == "<") return is < expected;
  if (sign == ">") return is > expected;
  if (sign == "<=") return is <= expected;
  if (sign == ">=") return is >= expected;
  return is == expected;
}

// A list: its length, or its words.
absl::Status CompareList(const Place& place, const std::string& sign, const std::string& expected) {
  const auto& reflection = *place.parent->GetReflection();
  const int size = reflection.FieldSize(*place.parent, place.field);
  std::vector<std::string> words;
  for (int i = 0; i < size; ++i) {
    if (place.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      words.push_back(reflection.GetRepeatedString(*place.parent, place.field, i));
    } else if (place.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Message& one = reflection.GetRepeatedMessage(*place.parent, place.field, i);
      words.push_back(Shown(one, NameField(one)));
    }
  }
  int64_t count = 0;
  const bool right = absl::SimpleAtoi(expected, &count) ? Compares(size, sign, count)
                                                        : absl::StrJoin(words, "+") == expected;
  if (right) return absl::OkStatus();
  return Differs("there are ", size, ": ", absl::StrJoin(words, "+"));
}

absl::Status Compare(const Place& place, std::vector<std::string> words, int64_t line_us) {
  std::string sign = "=";
  if (!words.empty() && std::string("<=>").find(words[0][0]) != std::string::npos) {
    sign = words[0];
    words.erase(words.begin());
  }
  if (words.empty()) return Wrong("write a value behind the name of the metric");
  if (place.field == nullptr) return Wrong("this is a group: write one of its fields behind it");
  if (place.field->is_repeated()) return CompareList(place, sign, absl::StrJoin(words, " "));
  const std::string is = Shown(*place.parent, *place.field);
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Wrong("this is a group: write one of its fields behind it");
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_BOOL:
      if (is == absl::StrJoin(words, " ")) return absl::OkStatus();
      return Differs("it is ", is);
    default:
      break;
  }
  ASSIGN_OR_RETURN(const int64_t expected, ReadNumber(*place.field, words, line_us));
  const int64_t number = NumberOf(*place.parent, *place.field);
  if (Compares(number, sign, expected)) return absl::OkStatus();
  return Differs("it is ", number, ", compared with ", expected);
}

// Event ids of the message that holds the field, and of nothing else.
std::set<std::string> EventsBeside(const Message& message) {
  std::set<std::string> ids;
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (absl::EndsWith(field.name(), "event_id")) ids.insert(reflection.GetString(message, &field));
    if (!absl::EndsWith(field.name(), "event_ids")) continue;
    for (int j = 0; j < reflection.FieldSize(message, &field); ++j) {
      ids.insert(reflection.GetRepeatedString(message, &field, j));
    }
  }
  return ids;
}

}  // namespace

absl::Status AskMetric(const Clause& clause, const View& view, Memory&) {
  if (clause.words.empty()) return Wrong("write `metric purchases.count 3`");
  ASSIGN_OR_RETURN(const Place place, Find(clause.words[0], view.standing->metrics()));
  const std::vector<std::string> words(clause.words.begin() + 1, clause.words.end());
  if (clause.negated && words.empty()) {
    return IsAbsent(place) ? absl::OkStatus() : Differs("it is there");
  }
  if (clause.negated) return Wrong("write `no metric NAME` without a value, or with < or >");
  if (place.parent == nullptr || (IsAbsent(place) && !place.field->is_repeated())) {
    return Differs("it is absent");
  }
  RETURN_IF_ERROR(Compare(place, words, view.line_us));
  const std::set<std::string> beside = EventsBeside(*place.parent);
  for (const std::vector<std::string>& because : clause.because) {
    ASSIGN_OR_RETURN(const Reason reason, ReadReason(because, view));
    if (std::none_of(reason.events.begin(), reason.events.end(),
                     [&](const std::string& id) { return beside.contains(id); })) {
      return Differs("the events beside it are others: ", absl::StrJoin(beside, " "));
    }
  }
  return absl::OkStatus();
}

}  // namespace rapport::stories
