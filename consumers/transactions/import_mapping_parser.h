// MappingParser: the tree of a mapping file -> ImportMapping. Internal to ImportMapping::Parse.
//
// Its sections are in import_mapping.cc, the fields of [[event]] in import_mapping_event.cc. Each
// method reads one piece; mistakes are noted in the reader and the first one is returned by Run.
//
// Threads: one. Ownership: borrows nothing behind Run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consumers/transactions/import_mapping.h"
#include "consumers/transactions/import_toml.h"

namespace rapport::transactions {

class MappingParser {
 public:
  explicit MappingParser(const std::string& path) : read_(path) { mapping_.path = path; }

  absl::StatusOr<ImportMapping> Run(const TomlNode& root);

 private:
  using FieldDescriptor = google::protobuf::FieldDescriptor;

  // Sections.
  void File(const TomlNode& table);
  void Skip(const TomlNode& table);
  void Group(const TomlNode& table);
  void Ids(const TomlNode& table);
  void Event(const TomlNode& table);

  // Values that several sections have.
  void TestOf(const TomlNode& table, const std::string& column, Condition& condition);
  Condition ParseCondition(const TomlNode& node);
  std::vector<Condition> Conditions(const TomlNode& table, absl::string_view key);
  Decimal Number(const TomlNode& node, absl::string_view key);
  MomentRule Moment(const TomlNode& node);
  Text Template(const TomlNode& node);

  // Fields of an event.
  void Field(const TomlEntry& entry, EventRule& rule);
  void UnknownField(const TomlEntry& entry, const EventRule& rule);
  void Actor(const TomlNode& table, const FieldDescriptor& field, EventRule& rule);
  void Plain(const TomlNode& node, FieldRule field, EventRule& rule);
  Expression Formula(const TomlNode& node);
  std::optional<Expression> OptionalFormula(const TomlNode& table, absl::string_view key);
  Text Currency(const TomlNode& table);
  Text FieldText(const TomlNode& node, const FieldDescriptor& field);
  SumRule Sum(const TomlNode& table, bool money);
  ItemsRule Items(const TomlNode& table);
  void SettleItemCurrency(const TomlNode& table, EventRule& rule);
  std::vector<MeasureRule> Measures(const TomlNode& table);

  TomlReader read_;
  ImportMapping mapping_;
  absl::TimeZone zone_ = absl::UTCTimeZone();
  std::optional<MomentRule> group_moment_;
};

}  // namespace rapport::transactions
