#include "consumers/transactions/import_mapping.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/transactions/import_fields.h"
#include "consumers/transactions/import_mapping_parser.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {
namespace {

bool IsSource(absl::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' || c == '/' ||
           c == '-';
  });
  return plain && !text.empty() && text.size() <= kCodeBytesMax;
}

}  // namespace

void MappingParser::File(const TomlNode& table) {
  read_.OnlyKeys(table, "[file]",
                 {"format", "separator", "header", "skip_lines", "columns", "source", "time_zone"});
  ReaderOptions& reader = mapping_.reader;
  const std::string format = read_.RequiredString(table, "[file]", "format");
  const std::vector<std::string> formats = {"csv", "blank-separated"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    read_.Fail(table.PlaceOf("format"),
               absl::StrCat("format '", format, "' is not known: write ",
                            absl::StrJoin(formats, " or "), DidYouMean(format, formats)));
  }
  reader.csv = format == "csv";
  const std::string separator = read_.String(table, "separator", ",");
  if (separator.size() != 1 || absl::StrContains("\"\r\n", separator) ||
      (!reader.csv && table.Has("separator"))) {
    read_.Fail(table.PlaceOf("separator"), "separator must be one character, of a csv file");
  } else {
    reader.separator = separator[0];
  }
  reader.skip_lines = read_.Whole(table, "skip_lines", 0);
  if (reader.skip_lines < 0) {
    read_.Fail(table.PlaceOf("skip_lines"), "skip_lines must be 0 or more");
  }
  reader.header = read_.Flag(table, "header", true);
  reader.columns = read_.Strings(table, "columns");
  if (reader.header && table.Has("columns")) {
    read_.Fail(table.PlaceOf("columns"),
               "columns is only for header = false; here the file's heading names them");
  }
  if (!reader.header && reader.columns.empty()) {
    read_.Fail(table, "header = false needs columns = [\"...\"]");
  }
  mapping_.source = read_.RequiredString(table, "[file]", "source");
  if (!IsSource(mapping_.source)) {
    read_.Fail(table.PlaceOf("source"), "source must be 1 to 64 of a-z 0-9 . _ / -");
  }
  const auto zone = FindTimeZone(read_.String(table, "time_zone", "UTC"));
  if (!zone.ok()) return read_.Fail(table.PlaceOf("time_zone"), zone.status().message());
  zone_ = *zone;
}

Decimal MappingParser::Number(const TomlNode& node, absl::string_view key) {
  std::optional<Decimal> number;
  if (node.type == TomlNode::Type::kInteger) number = Decimal::Parse(absl::StrCat(node.integer));
  if (node.type == TomlNode::Type::kString) number = Decimal::Parse(node.text);
  if (!number) {
    read_.Fail(node, absl::StrCat(key, " must be a number, one with a point in quotes: \"0.5\""));
  }
  return number.value_or(Decimal());
}

void MappingParser::TestOf(const TomlNode& table, const std::string& column, Condition& condition) {
  using Test = Condition::Test;
  if (table.Has("prefix")) {
    condition.test = Test::kPrefix;
    condition.text = read_.String(table, "prefix");
    condition.words = absl::StrCat("whose ", column, " begins with ", condition.text);
  } else if (table.Has("equals")) {
    condition.test = Test::kEquals;
    condition.text = read_.String(table, "equals");
    condition.words = absl::StrCat("whose ", column, " is ", condition.text);
  } else if (table.Has("empty")) {
    const bool empty = read_.Flag(table, "empty", true);
    condition.test = empty ? Test::kEmpty : Test::kFilled;
    condition.words = absl::StrCat(empty ? "without " : "with ", column);
  } else {
    const absl::string_view key = table.Has("above") ? "above" : "not_above";
    const TomlNode& bound = *table.Find(key);
    condition.test = key == "above" ? Test::kAbove : Test::kNotAbove;
    condition.number = Number(bound, key);
    const std::string shown =
        bound.type == TomlNode::Type::kInteger ? absl::StrCat(bound.integer) : bound.text;
    condition.words =
        absl::StrCat("whose ", column, " is ", key == "above" ? "" : "not ", "above ", shown);
  }
}

Condition MappingParser::ParseCondition(const TomlNode& node) {
  Condition condition;
  if (!node.is_table()) {
    read_.Fail(node, "a condition is written { column = \"InvoiceNo\", prefix = \"C\" }");
    return condition;
  }
  const std::vector<std::string> tests = {"prefix", "equals", "empty", "above", "not_above"};
  std::vector<std::string> known = tests;
  known.push_back("column");
  read_.OnlyKeys(node, "a condition", known);
  const std::string column = read_.RequiredString(node, "a condition", "column");
  condition.slot = mapping_.columns.Require(column, node.PlaceOf("column"));
  const auto present = [&node](const std::string& test) { return node.Has(test); };
  if (std::count_if(tests.begin(), tests.end(), present) == 1) {
    TestOf(node, column, condition);
  } else {
    read_.Fail(node, absl::StrCat("a condition needs one of ", absl::StrJoin(tests, ", ")));
  }
  return condition;
}

std::vector<Condition> MappingParser::Conditions(const TomlNode& table, absl::string_view key) {
  std::vector<Condition> conditions;
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return conditions;
  if (node->type != TomlNode::Type::kArray) {
    conditions.push_back(ParseCondition(*node));
    return conditions;
  }
  for (const TomlNode& element : node->elements) conditions.push_back(ParseCondition(element));
  return conditions;
}

void MappingParser::Skip(const TomlNode& table) {
  read_.OnlyKeys(table, "[skip]", {"empty", "when"});
  for (const std::string& column : read_.Strings(table, "empty")) {
    mapping_.skips.push_back({.slot = mapping_.columns.Require(column, table.PlaceOf("empty")),
                              .test = Condition::Test::kEmpty,
                              .words = absl::StrCat("without ", column)});
  }
  for (Condition& condition : Conditions(table, "when")) {
    mapping_.skips.push_back(std::move(condition));
  }
}

void MappingParser::Group(const TomlNode& table) {
  read_.OnlyKeys(table, "[group]", {"by", "occurred_at"});
  const std::vector<std::string> by = read_.Strings(table, "by");
  if (by.empty()) read_.Fail(table, "[group] needs by = [\"...\"], the columns its rows share");
  for (const std::string& column : by) {
    mapping_.group_by.push_back(mapping_.columns.Require(column, table.PlaceOf("by")));
  }
  if (const TomlNode* moment = table.Find("occurred_at")) group_moment_ = Moment(*moment);
}

void MappingParser::Ids(const TomlNode& table) {
  read_.OnlyKeys(table, "[ids]", {"event_id", "customer_id"});
  const TomlNode* event_id = table.Find("event_id");
  const TomlNode* customer_id = table.Find("customer_id");
  if (event_id == nullptr || customer_id == nullptr) {
    return read_.Fail(table, "[ids] needs event_id and customer_id");
  }
  mapping_.event_id = Template(*event_id);
  mapping_.customer_id = Template(*customer_id);
  if (mapping_.event_id.constant()) {
    read_.Fail(*event_id, "event_id needs a column or {line}: each event has an id of its own");
  }
}

MomentRule MappingParser::Moment(const TomlNode& node) {
  MomentRule rule;
  if (!node.is_table()) {
    read_.Fail(node, "a time is written { column = \"date\", format = \"%Y-%m-%d\" }");
    return rule;
  }
  read_.OnlyKeys(node, "a time", {"column", "format", "take"});
  const std::string column = read_.RequiredString(node, "a time", "column");
  rule.slot = mapping_.columns.Require(column, node.PlaceOf("column"));
  auto format = MomentFormat::Parse(read_.RequiredString(node, "a time", "format"), zone_);
  if (format.ok()) {
    rule.format = *std::move(format);
  } else {
    read_.Fail(node.PlaceOf("format"), format.status().message());
  }
  const std::string take = read_.String(node, "take", "earliest");
  rule.latest = take == "latest";
  if (take != "earliest" && take != "latest") {
    read_.Fail(node.PlaceOf("take"), "take must be earliest or latest");
  }
  return rule;
}

Text MappingParser::Template(const TomlNode& node) {
  if (node.is_table()) {
    read_.OnlyKeys(node, "a text", {"column", "drop_suffix"});
    return Text::OfColumn(read_.RequiredString(node, "a text", "column"),
                          read_.String(node, "drop_suffix"), node.PlaceOf("column"),
                          mapping_.columns);
  }
  if (node.type != TomlNode::Type::kString) {
    read_.Fail(node, "write a text, such as \"order:{OrderNo}\", or { column = \"...\" }");
    return Text();
  }
  auto text = Text::Parse(node.text, node.place, mapping_.columns);
  if (text.ok()) return *std::move(text);
  read_.Fail(node, text.status().message());
  return Text();
}

absl::StatusOr<ImportMapping> MappingParser::Run(const TomlNode& root) {
  read_.OnlyKeys(root, "the mapping", {"file", "skip", "group", "ids", "event"});
  File(read_.Table(root, "file", true));
  Skip(read_.Table(root, "skip", false));
  if (root.Has("group")) Group(read_.Table(root, "group", true));
  Ids(read_.Table(root, "ids", true));
  const TomlNode* events = root.Find("event");
  if (events == nullptr || events->elements.empty()) {
    read_.Fail(events == nullptr ? root : *events, "[[event]] is missing: what are the rows");
    return read_.status();
  }
  for (const TomlNode& event : events->elements) {
    if (event.is_table()) {
      Event(event);
    } else {
      read_.Fail(event, "[[event]] must be a table");
    }
  }
  RETURN_IF_ERROR(read_.status());
  return std::move(mapping_);
}

absl::StatusOr<ImportMapping> ImportMapping::Parse(absl::string_view toml,
                                                   const std::string& path) {
  ASSIGN_OR_RETURN(const TomlNode root, ParseToml(toml, path));
  return MappingParser(path).Run(root);
}

absl::StatusOr<ImportMapping> ImportMapping::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("mapping ", path, " cannot be opened: ", strerror(errno), "; check the path"));
  }
  std::stringstream text;
  text << file.rdbuf();
  return Parse(text.str(), path);
}

}  // namespace rapport::transactions
