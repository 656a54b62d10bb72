#include "consumers/operations/rules_difference.h"

#include <google/protobuf/text_format.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "projections/catalog.h"

namespace rapport::operations {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;

std::string Text(const Message& message) {
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  printer.PrintToString(message, &text);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// One value; nothing when the field can be absent and is.
std::string Value(const Message& message, const FieldDescriptor& field) {
  if (field.has_presence() && !message.GetReflection()->HasField(message, &field)) return "";
  std::string text;
  TextFormat::PrintFieldValueToString(message, &field, -1, &text);
  return text;
}

// All values of a repeated field.
std::string Values(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> values;
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    std::string text;
    printer.PrintFieldValueToString(message, &field, i, &text);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    values.push_back(field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
                         ? absl::StrCat("{ ", text, " }")
                         : text);
  }
  return absl::StrJoin(values, " ");
}

// What a weight is called: it is told by what it is for, not by a name.
std::string ShownName(const Message& entry) {
  if (entry.GetDescriptor()->name() != "WeightRule") return fold::EntryName(entry);
  v1::WeightRule weight;
  weight.CopyFrom(entry);
  weight.clear_add();
  return Text(weight);
}

class Comparison {
 public:
  explicit Comparison(std::vector<RulesDiffering>& found) : found_(found) {}

  void Compare(const Message& a, const Message& b, const std::string& path) {
    for (int i = 0; i < a.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = a.GetDescriptor()->field(i);
      const std::string below =
          path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (field->is_repeated()) {
        Several(a, b, *field, below);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                 field->message_type()->name() != "PolicyCondition") {
        Compare(a.GetReflection()->GetMessage(a, field), b.GetReflection()->GetMessage(b, field),
                below);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const auto whole = [&](const Message& of) {
          if (!of.GetReflection()->HasField(of, field)) return std::string();
          return absl::StrCat("{ ", Text(of.GetReflection()->GetMessage(of, field)), " }");
        };
        Note(below, whole(a), whole(b));
      } else {
        Note(below, Value(a, *field), Value(b, *field));
      }
    }
  }

 private:
  void Note(const std::string& path, const std::string& before, const std::string& after) {
    if (before == after) return;
    found_.push_back({path, before, after, path.rfind("fold", 0) == 0});
  }

  static const Message* Named(const Message& of, const FieldDescriptor& field,
                              const std::string& name) {
    const Reflection& reflection = *of.GetReflection();
    for (int i = 0; i < reflection.FieldSize(of, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(of, &field, i);
      if (fold::EntryName(entry) == name) return &entry;
    }
    return nullptr;
  }

  static bool AreNamed(const Message& of, const FieldDescriptor& field) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
           of.GetReflection()->FieldSize(of, &field) > 0 &&
           !fold::EntryName(of.GetReflection()->GetRepeatedMessage(of, &field, 0)).empty();
  }

  void Several(const Message& a, const Message& b, const FieldDescriptor& field,
               const std::string& path) {
    if (!AreNamed(a, field) && !AreNamed(b, field)) {
      return Note(path, Values(a, field), Values(b, field));
    }
    const Reflection& reflection = *a.GetReflection();
    for (int i = 0; i < reflection.FieldSize(a, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(a, &field, i);
      const std::string below = absl::StrCat(path, "[", ShownName(entry), "]");
      const Message* other = Named(b, field, fold::EntryName(entry));
      other == nullptr ? Note(below, "{ " + Text(entry) + " }", "") : Compare(entry, *other, below);
    }
    for (int i = 0; i < reflection.FieldSize(b, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(b, &field, i);
      if (Named(a, field, fold::EntryName(entry)) != nullptr) continue;
      Note(absl::StrCat(path, "[", ShownName(entry), "]"), "", "{ " + Text(entry) + " }");
    }
  }

  std::vector<RulesDiffering>& found_;
};

}  // namespace

std::vector<RulesDiffering> RulesDifference(const v1::RuleSet& a, const v1::RuleSet& b) {
  std::vector<RulesDiffering> found;
  Comparison comparison(found);
  comparison.Compare(a.fold(), b.fold(), "fold");
  comparison.Compare(a.evaluate(), b.evaluate(), "evaluate");
  return found;
}

}  // namespace rapport::operations
