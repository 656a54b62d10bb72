#include "consumers/transactions/import_toml.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rapport::transactions {
namespace {

Place PlaceAt(const toml::source_region& source) {
  return {.line = static_cast<int>(source.begin.line),
          .column = static_cast<int>(source.begin.column)};
}

std::string Located(absl::string_view path, Place place, absl::string_view what) {
  return absl::StrCat(path, ":", place.line, ":", place.column, ": ", what);
}

TomlNode Converted(const toml::node& node) {
  TomlNode result;
  result.place = PlaceAt(node.source());
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      result.entries.push_back({.key = std::string(key.str()),
                                .place = PlaceAt(key.source()),
                                .value = Converted(value)});
    }
    std::sort(result.entries.begin(), result.entries.end(),
              [](const TomlEntry& a, const TomlEntry& b) {
                return std::tie(a.place.line, a.place.column, a.key) <
                       std::tie(b.place.line, b.place.column, b.key);
              });
  } else if (const toml::array* array = node.as_array()) {
    result.type = TomlNode::Type::kArray;
    for (const toml::node& element : *array) result.elements.push_back(Converted(element));
  } else if (const auto text = node.value_exact<std::string>()) {
    result.type = TomlNode::Type::kString;
    result.text = *text;
  } else if (const auto integer = node.value_exact<int64_t>()) {
    result.type = TomlNode::Type::kInteger;
    result.integer = *integer;
  } else if (const auto flag = node.value_exact<bool>()) {
    result.type = TomlNode::Type::kBool;
    result.flag = *flag;
  } else {
    result.type = TomlNode::Type::kOther;
  }
  return result;
}

}  // namespace

const TomlNode* TomlNode::Find(absl::string_view key) const {
  for (const TomlEntry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Place TomlNode::PlaceOf(absl::string_view key) const {
  const TomlNode* node = Find(key);
  return node == nullptr ? place : node->place;
}

absl::StatusOr<TomlNode> ParseToml(absl::string_view text, absl::string_view path) {
  const toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()));
  if (parsed) return Converted(parsed.table());
  const std::string_view words = parsed.error().description();
  return absl::InvalidArgumentError(Located(path, PlaceAt(parsed.error().source()),
                                            absl::string_view(words.data(), words.size())));
}

void TomlReader::Fail(Place place, absl::string_view what) {
  if (first_.ok()) first_ = absl::InvalidArgumentError(Located(path_, place, what));
}

void TomlReader::OnlyKeys(const TomlNode& table, absl::string_view section,
                          const std::vector<std::string>& known) {
  for (const TomlEntry& entry : table.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Fail(entry.place,
         absl::StrCat("unknown key '", entry.key, "' in ", section, DidYouMean(entry.key, known),
                      " (known are ", absl::StrJoin(known, ", "), ")"));
  }
}

const TomlNode& TomlReader::Table(const TomlNode& table, absl::string_view key, bool required) {
  const TomlNode* node = table.Find(key);
  if (node == nullptr) {
    if (required) Fail(table, absl::StrCat("[", key, "] is missing"));
    return empty_;
  }
  if (node->is_table()) return *node;
  Fail(*node, absl::StrCat("[", key, "] must be one table"));
  return empty_;
}

std::string TomlReader::String(const TomlNode& table, absl::string_view key,
                               absl::string_view fallback) {
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return std::string(fallback);
  if (node->type != TomlNode::Type::kString) {
    Fail(*node, absl::StrCat(key, " must be a text in quotes"));
  }
  return node->text;
}

std::string TomlReader::RequiredString(const TomlNode& table, absl::string_view section,
                                       absl::string_view key) {
  if (!table.Has(key)) Fail(table, absl::StrCat(section, " needs ", key, " = \"...\""));
  return String(table, key);
}

bool TomlReader::Flag(const TomlNode& table, absl::string_view key, bool fallback) {
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return fallback;
  if (node->type != TomlNode::Type::kBool) {
    Fail(*node, absl::StrCat(key, " must be true or false"));
  }
  return node->flag;
}

int64_t TomlReader::Whole(const TomlNode& table, absl::string_view key, int64_t fallback) {
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return fallback;
  if (node->type != TomlNode::Type::kInteger) {
    Fail(*node, absl::StrCat(key, " must be a whole number"));
  }
  return node->integer;
}

std::vector<std::string> TomlReader::Strings(const TomlNode& table, absl::string_view key) {
  std::vector<std::string> texts;
  const TomlNode* node = table.Find(key);
  if (node == nullptr) return texts;
  bool good = node->type == TomlNode::Type::kArray;
  for (const TomlNode& element : node->elements) {
    good = good && element.type == TomlNode::Type::kString;
    texts.push_back(element.text);
  }
  if (!good) Fail(*node, absl::StrCat(key, " must be a list of texts, [\"a\", \"b\"]"));
  return texts;
}

}  // namespace rapport::transactions
