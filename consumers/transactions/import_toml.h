// TomlNode and TomlReader: a TOML file as a tree with places, and a reader that keeps the first
// mistake and goes on.
//
//   ASSIGN_OR_RETURN(TomlNode root, ParseToml(text, "shop.toml"));
//   TomlReader read("shop.toml");
//   read.OnlyKeys(root, "the mapping", {"file", "ids"});
//   std::string source = read.RequiredString(read.Table(root, "file", true), "[file]", "source");
//   RETURN_IF_ERROR(read.status());
//
// Threads:   one. Ownership: a node owns what is below it.
// Errors:    INVALID_ARGUMENT with file, line and column. After a mistake the readers return empty
//            values, so that the caller asks for status() once, at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/transactions/import_text.h"

namespace rapport::transactions {

struct TomlEntry;

struct TomlNode {
  enum class Type { kTable, kArray, kString, kInteger, kBool, kOther };
  Type type = Type::kTable;
  Place place;
  std::string text;
  int64_t integer = 0;
  bool flag = false;
  // Of a table, in the order of the file.
  std::vector<TomlEntry> entries;
  // Of an array.
  std::vector<TomlNode> elements;

  bool is_table() const { return type == Type::kTable; }
  // The value of `key`, or null.
  const TomlNode* Find(absl::string_view key) const;
  bool Has(absl::string_view key) const { return Find(key) != nullptr; }
  // The place of the value of `key`; the table's own when there is none.
  Place PlaceOf(absl::string_view key) const;
};

struct TomlEntry {
  std::string key;
  Place place;
  TomlNode value;
};

absl::StatusOr<TomlNode> ParseToml(absl::string_view text, absl::string_view path);

class TomlReader {
 public:
  explicit TomlReader(absl::string_view path) : path_(path) {}

  // Notes a mistake; only the first counts.
  void Fail(Place place, absl::string_view what);
  void Fail(const TomlNode& node, absl::string_view what) { Fail(node.place, what); }
  const absl::Status& status() const { return first_; }

  // Refuses keys outside `known`, with what was perhaps meant.
  void OnlyKeys(const TomlNode& table, absl::string_view section,
                const std::vector<std::string>& known);

  // The table below `key`; an empty one when it is missing or not a table.
  const TomlNode& Table(const TomlNode& table, absl::string_view key, bool required);
  std::string String(const TomlNode& table, absl::string_view key, absl::string_view fallback = "");
  std::string RequiredString(const TomlNode& table, absl::string_view section,
                             absl::string_view key);
  bool Flag(const TomlNode& table, absl::string_view key, bool fallback);
  int64_t Whole(const TomlNode& table, absl::string_view key, int64_t fallback);
  std::vector<std::string> Strings(const TomlNode& table, absl::string_view key);

 private:
  std::string path_;
  absl::Status first_;
  TomlNode empty_;
};

}  // namespace rapport::transactions
