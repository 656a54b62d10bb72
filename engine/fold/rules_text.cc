#include "engine/fold/rules_text.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/base/hash.h"

namespace rapport::fold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;

// Nobody writes a longer rule set by hand; a longer one is a wrong file.
constexpr size_t kBytesMax = 256 * 1024;

absl::Status RulesInvalid(absl::string_view file, int line, int column, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("RULES_INVALID: ", file, ":", line, ":", column, ": ", what));
}

// Keeps the first complaint of the parser; those that follow are mostly its consequences.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (message_.has_value()) return;
    line_ = line + 1;
    column_ = column + 1;
    message_ = message;
  }
  absl::Status ToStatus(absl::string_view file) const {
    return RulesInvalid(file, line_, column_,
                        absl::StrCat(message_.value_or("not a rule set"),
                                     "; names and limits stand in the comments of rules.proto, "
                                     "rules_fold.proto and rules_evaluate.proto"));
  }

 private:
  int line_ = 1;
  int column_ = 1;
  std::optional<std::string> message_;
};

// Where something is written, counted from 1.
struct Place {
  int line = 1;
  int column = 1;
};

// A message within the rule set: where it begins and where its fields are.
struct Found {
  Place place;
  const TextFormat::ParseInfoTree* tree = nullptr;
};

std::optional<Place> PlaceOf(const TextFormat::ParseInfoTree* tree, const FieldDescriptor* field,
                             int index) {
  if (tree == nullptr || field == nullptr) return std::nullopt;
  const TextFormat::ParseLocation location =
      tree->GetLocation(field, field->is_repeated() ? index : -1);
  if (location.line < 0) return std::nullopt;
  return Place{location.line + 1, location.column + 1};
}

// Walks down from `at` until it meets `wanted` itself, not an equal message.
std::optional<Found> Find(const Message& at, const Found& here, const Message& wanted) {
  if (&at == &wanted) return here;
  const Reflection& reflection = *at.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(at, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(at, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& child = field->is_repeated() ? reflection.GetRepeatedMessage(at, field, i)
                                                  : reflection.GetMessage(at, field);
      Found below;
      below.place = PlaceOf(here.tree, field, i).value_or(here.place);
      below.tree = here.tree == nullptr
                       ? nullptr
                       : here.tree->GetTreeForNested(field, field->is_repeated() ? i : -1);
      if (std::optional<Found> found = Find(child, below, wanted)) return found;
    }
  }
  return std::nullopt;
}

// One line, fields by number, no comments: equal rules give equal text whatever their layout.
std::string DigestOf(const Message& part) {
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string canonical;
  printer.PrintToString(part, &canonical);
  return Hex(Blake2b128(canonical));
}

}  // namespace

struct RulesText::Parsed {
  std::string file;
  v1::RuleSet rules;
  TextFormat::ParseInfoTree tree;
  std::string fold_digest;
  std::string evaluate_digest;
};

absl::StatusOr<RulesText> RulesText::Parse(absl::string_view text, absl::string_view file) {
  if (text.size() > kBytesMax) {
    return RulesInvalid(file, 1, 1,
                        absl::StrCat("the text has ", text.size(), " bytes, at most ", kBytesMax,
                                     " are read; is this a rule set?"));
  }
  auto parsed = std::make_shared<Parsed>();
  parsed->file = std::string(file);
  FirstError errors;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&parsed->tree);
  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&input, &parsed->rules)) return errors.ToStatus(file);
  parsed->fold_digest = DigestOf(parsed->rules.fold());
  parsed->evaluate_digest = DigestOf(parsed->rules.evaluate());
  RulesText result;
  result.parsed_ = std::move(parsed);
  return result;
}

const v1::RuleSet& RulesText::rules() const { return parsed_->rules; }
const std::string& RulesText::fold_digest() const { return parsed_->fold_digest; }
const std::string& RulesText::evaluate_digest() const { return parsed_->evaluate_digest; }

absl::Status RulesText::Error(const Message& message, absl::string_view field, int index,
                              absl::string_view what) const {
  const std::optional<Found> found = Find(parsed_->rules, Found{Place{}, &parsed_->tree}, message);
  Place place = found.has_value() ? found->place : Place{};
  if (found.has_value()) {
    const FieldDescriptor* descriptor =
        message.GetDescriptor()->FindFieldByName(std::string(field));
    place = PlaceOf(found->tree, descriptor, index).value_or(place);
  }
  return RulesInvalid(parsed_->file, place.line, place.column, what);
}

std::string RulesDigest(absl::string_view fold_digest, absl::string_view evaluate_digest) {
  return absl::StrCat("r-", Hex(Blake2b128Framed({fold_digest, evaluate_digest})).substr(0, 12));
}

}  // namespace rapport::fold
