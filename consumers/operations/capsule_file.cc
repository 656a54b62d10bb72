#include "consumers/operations/capsule_file.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/capsule/replay.h"
#include "engine/event/kinds.h"
#include "engine/event/validator.h"

namespace rapport::operations {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;

// Deeper than any capsule.
constexpr int kDepthMax = 32;

// The fields of `message`, a line each, so many steps to the right.
std::string FieldsOf(const Message& message, int steps) {
  TextFormat::Printer printer;
  printer.SetInitialIndentLevel(steps);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::string OneLine(const Message& message) {
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

// What is said of the event in a record that can be read; empty of others.
std::string EventText(const v1::CapsuleMember& member, const v1::CapsuleRecord& record) {
  std::vector<HeaderView> headers;
  for (const v1::CapsuleHeader& header : record.headers()) {
    headers.push_back({header.name(), header.value()});
  }
  RecordView view;
  view.offset = record.offset();
  view.append_time_us = record.appended_at_us();
  view.key = member.customer_id();
  view.value = record.value();
  view.headers = headers;
  event::Validator validator(event::ValidatorOptions{});
  if (record.withheld() || validator.CheckEnvelope(view).has_value()) return "";
  const bool is_good = !validator.CheckPayload().has_value();
  const ValidEvent& event = validator.event();
  std::string text =
      absl::StrCat(" ", FormatTime(event.occurred_at_us), " ", event::FindKind(event.kind)->name);
  if (is_good) absl::StrAppend(&text, " { ", OneLine(*event.payload), "}");
  return text;
}

std::string RecordText(const v1::CapsuleMember& member, const v1::CapsuleRecord& record) {
  return absl::StrCat("  # ", member.partition(), "@", record.offset(), EventText(member, record),
                      record.withheld() ? " withheld: it may hold texts" : "", "\n  records {\n",
                      FieldsOf(record, 2), "  }\n");
}

std::string MemberText(const v1::CapsuleMember& member) {
  v1::CapsuleMember head = member;
  head.clear_records();
  std::string text = absl::StrCat("members {\n", FieldsOf(head, 1));
  for (const v1::CapsuleRecord& record : member.records()) {
    absl::StrAppend(&text, RecordText(member, record));
  }
  return absl::StrCat(text, "}\n");
}

// A line of rules, a line of the file.
std::string RulesLines(absl::string_view rules) {
  std::string text = "rules_text:\n";
  for (const absl::string_view line : absl::StrSplit(rules, '\n')) {
    const bool is_last = line.data() + line.size() == rules.data() + rules.size();
    if (is_last && line.empty()) break;
    absl::StrAppend(&text, "  \"", absl::Utf8SafeCEscape(line), is_last ? "" : "\\n", "\"\n");
  }
  return text;
}

// Keeps the first thing that is wrong.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& what) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", what);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::string CapsuleText(const v1::Capsule& capsule) {
  int64_t records = 0;
  for (const v1::CapsuleMember& member : capsule.members()) records += member.records_size();
  const v1::Standing& standing = capsule.standing();
  std::string text = absl::StrCat(
      "# A capsule of Rapport: all that the standing of ", capsule.customer_id(),
      " rests on. `rapport capsule replay FILE`\n# gives it again, and docs/capsule.md says how to "
      "read it.\n# ",
      StageText(standing.stage(), standing.stage_reason()), " by ", standing.stage_rule().rule_id(),
      ", ", Points(standing.score_milli()), ", as of ", FormatTime(capsule.as_of_us()), "; ",
      records, " records.\n");
  v1::Capsule head = capsule;
  head.clear_members();
  head.clear_standing();
  head.clear_rules_text();
  absl::StrAppend(&text, FieldsOf(head, 0));
  for (const v1::CapsuleMember& member : capsule.members()) {
    absl::StrAppend(&text, MemberText(member));
  }
  absl::StrAppend(&text, "standing {\n", FieldsOf(standing, 1), "}\n");
  if (!capsule.rules_text().empty()) absl::StrAppend(&text, RulesLines(capsule.rules_text()));
  return text;
}

absl::StatusOr<v1::Capsule> ReadCapsuleText(absl::string_view text, absl::string_view file) {
  if (text.size() > kCapsuleFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("CAPSULE_MALFORMED: ", file, ": is over ",
                                                   kCapsuleFileBytesMax >> 20,
                                                   " MiB; no capsule "
                                                   "is that large"));
  }
  FirstError error;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  parser.SetRecursionLimit(kDepthMax);
  v1::Capsule capsule;
  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&input, &capsule)) {
    return absl::InvalidArgumentError(
        absl::StrCat("CAPSULE_MALFORMED: ", file, ":", error.text(), "; export it again"));
  }
  const absl::Status checked = capsule::CheckCapsule(capsule);
  if (checked.ok()) return capsule;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(checked.message(), absl::MaxSplits(": ", 1));
  return absl::Status(checked.code(), absl::StrCat(parts.first, ": ", file, ": ", parts.second));
}

}  // namespace rapport::operations
