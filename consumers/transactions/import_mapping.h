// ImportMapping: a TOML file that says which events the rows of a file are.
//
//   [file]
//   format = "csv"                  # or "blank-separated"
//   separator = ";"                 # csv only; default ","
//   header = true                   # false: columns = ["id", "date", ...]
//   skip_lines = 0                  # before heading or rows
//   source = "shop"                 # Event.source
//   time_zone = "Europe/London"     # of times without one; default "UTC"
//   [skip]                          # counted and reported, each rule apart, in this order
//   empty = ["CustomerID"]
//   when = [{ column = "InvoiceNo", prefix = "C" }, { column = "UnitPrice", not_above = 0 }]
//   [group]                         # rows that are one event; without it each row is one
//   by = ["InvoiceNo", "CustomerID"]
//   occurred_at = { column = "InvoiceDate", format = "%Y-%m-%d %H:%M:%S", take = "earliest" }
//   [ids]
//   event_id = "invoice:{InvoiceNo}"          # or "row:{line}"
//   customer_id = { column = "CustomerID", drop_suffix = ".0" }
//   [[event]]                       # the first whose `when` holds wins
//   when = { column = "InvoiceNo", prefix = "C" }   # or an array, which must all hold
//   kind = "PurchaseReversed"
//   occurred_at = { ... }           # instead of the group's
//   form = "CANCEL"                 # fields of the payload, then of the envelope, by name
//   place = "{Country}"
//   amount = { sum = "Quantity * UnitPrice", negate = true, currency = "GBP" }
//   items = { sku = "StockCode", quantity = "Quantity", amount = "Quantity * UnitPrice" }
//   measures = { lines = "1" }
//
// Conditions: `prefix`, `equals`, `empty` (true or false), `above`, `not_above` (a number).
// Texts and choices are templates and come from the first row of a group; a `sum` goes over all.
// A field ending in _us is written without that, as { column, format, take }.
//
// Threads: plain value, read by any number of imports.
// Errors:  INVALID_ARGUMENT with file, line, column and what was perhaps meant; NOT_FOUND.
// Never:   passes over a key it does not know.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/transactions/import_decimal.h"
#include "consumers/transactions/import_expression.h"
#include "consumers/transactions/import_moment.h"
#include "consumers/transactions/import_reader.h"
#include "consumers/transactions/import_text.h"
#include "engine/event/kinds.h"

namespace rapport::transactions {

// What one column of a row must be.
struct Condition {
  enum class Test { kPrefix, kEquals, kEmpty, kFilled, kAbove, kNotAbove };
  int slot = 0;
  Test test = Test::kPrefix;
  std::string text;
  Decimal number;
  // For the report, behind "rows ": `whose UnitPrice is not above 0`.
  std::string words;
};

struct MomentRule {
  int slot = 0;
  MomentFormat format;
  bool latest = false;
};

// Goes over all rows of an event and is rounded once. Without `currency` it fills a number.
struct SumRule {
  Expression sum;
  bool negate = false;
  std::optional<Text> currency;
};

struct ItemsRule {
  Text sku;
  std::optional<Expression> quantity;
  std::optional<Expression> amount;
  // Present when `amount` is.
  std::optional<Text> currency;
};

struct MeasureRule {
  std::string name;
  Expression sum;
};

// How one field of the event is filled.
struct FieldRule {
  // `amount`, `actor.role`: for messages.
  std::string name;
  bool in_envelope = false;
  // The message field that holds it, or null: `actor` of `actor.role`.
  const google::protobuf::FieldDescriptor* parent = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::variant<Text, SumRule, MomentRule, ItemsRule, std::vector<MeasureRule>> value;
};

struct EventRule {
  std::vector<Condition> when;
  const event::KindInfo* kind = nullptr;
  MomentRule occurred_at;
  std::vector<FieldRule> fields;
};

struct ImportMapping {
  // As given; stands before errors.
  std::string path;
  ReaderOptions reader;
  std::string source;
  std::vector<Condition> skips;
  // Slots; empty = each row is an event.
  std::vector<int> group_by;
  Text event_id;
  Text customer_id;
  std::vector<EventRule> events;
  ColumnUses columns;

  static absl::StatusOr<ImportMapping> Load(const std::string& path);
  static absl::StatusOr<ImportMapping> Parse(absl::string_view toml, const std::string& path);
};

}  // namespace rapport::transactions
