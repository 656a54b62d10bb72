#include "engine/fold/rules_text.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "engine/base/hash.h"
#include "engine/fold/rules_parsed.h"

namespace rapport::fold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// Nobody writes a longer rule set by hand; a longer one is a wrong file.
constexpr size_t kBytesMax = 256 * 1024;
// Messages within messages: a condition within conditions needs a few, and each takes stack.
constexpr int kDepthMax = 32;
// Length of the way to an entry of a part, such as a policy.
constexpr size_t kEntry = 4;
constexpr absl::string_view kReason = "RULES_INVALID: ";

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
    const std::string what = message_.value_or("not a rule set");
    return RulesInvalid(file, line_, column_,
                        absl::StrCat(absl::StripSuffix(what, "."),
                                     "; names and limits stand in the comments of rules.proto, "
                                     "rules_fold.proto and rules_evaluate.proto"));
  }

 private:
  int line_ = 1;
  int column_ = 1;
  std::optional<std::string> message_;
};

// One line, fields by number, no comments: equal rules give equal text whatever their layout.
std::string DigestOf(const Message& part) {
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string canonical;
  printer.PrintToString(part, &canonical);
  return Hex(Blake2b128(canonical));
}

}  // namespace

absl::Status RulesInvalid(absl::string_view file, int line, int column, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(kReason, file, ":", line, ":", column, ": ", what));
}

std::optional<RulesError> RulesErrorOf(const absl::Status& status) {
  absl::string_view text = status.message();
  if (!absl::ConsumePrefix(&text, kReason)) return std::nullopt;
  const size_t end = text.find(": ");
  if (end == absl::string_view::npos) return std::nullopt;
  // The file's name may hold colons too.
  std::vector<std::string> parts = absl::StrSplit(text.substr(0, end), ':');
  RulesError error;
  if (parts.size() < 3 || !absl::SimpleAtoi(parts.back(), &error.column) ||
      !absl::SimpleAtoi(parts[parts.size() - 2], &error.line)) {
    return std::nullopt;
  }
  parts.resize(parts.size() - 2);
  error.file = absl::StrJoin(parts, ":");
  error.what = std::string(text.substr(end + 2));
  return error;
}

void RulesText::Parsed::MakeDigests() {
  fold_digest = DigestOf(rules.fold());
  evaluate_digest = DigestOf(rules.evaluate());
}

absl::StatusOr<RulesText> RulesText::Parse(absl::string_view text, absl::string_view file) {
  if (text.size() > kBytesMax) {
    return RulesInvalid(file, 1, 1,
                        absl::StrCat("the text has ", text.size(), " bytes, at most ", kBytesMax,
                                     " are read; is this a rule set?"));
  }
  auto parsed = std::make_shared<Parsed>();
  parsed->files = {std::string(file)};
  FirstError errors;
  TextFormat::ParseInfoTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&tree);
  parser.SetRecursionLimit(kDepthMax);
  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&input, &parsed->rules)) return errors.ToStatus(file);
  parsed->places.NoteAll(parsed->rules, tree, 0, {});
  parsed->MakeDigests();
  return RulesText(std::move(parsed));
}

const v1::RuleSet& RulesText::rules() const { return parsed_->rules; }
const std::string& RulesText::fold_digest() const { return parsed_->fold_digest; }
const std::string& RulesText::evaluate_digest() const { return parsed_->evaluate_digest; }

absl::Status RulesText::Error(const Message& message, absl::string_view field, int index,
                              absl::string_view what) const {
  Place place;
  if (std::optional<Way> way = WayTo(parsed_->rules, message)) {
    const FieldDescriptor* descriptor =
        message.GetDescriptor()->FindFieldByName(std::string(field));
    std::optional<Place> found;
    if (descriptor != nullptr) {
      found = parsed_->places.Find(
          Join(*way, descriptor->number(), descriptor->is_repeated() ? index : -1));
    }
    // What lies below is right by itself: an error in what was laid over it comes from there.
    for (; way->size() >= kEntry || (!found.has_value() && !way->empty());
         way->resize(way->size() - 2)) {
      const std::optional<Place> own = parsed_->places.Find(*way);
      if (own.has_value() && (!found.has_value() || own->file > found->file)) found = own;
    }
    place = found.value_or(Place{});
  }
  return RulesInvalid(parsed_->files[static_cast<size_t>(place.file)], place.line, place.column,
                      what);
}

std::string RulesDigest(absl::string_view fold_digest, absl::string_view evaluate_digest) {
  return absl::StrCat("r-", Hex(Blake2b128Framed({fold_digest, evaluate_digest})).substr(0, 12));
}

}  // namespace rapport::fold
