// Expression: an exact sum of products of a row's columns.
//
//   ASSIGN_OR_RETURN(auto line_total, Expression::Parse("Quantity * UnitPrice", place, uses));
//   ASSIGN_OR_RETURN(Decimal amount, line_total.Evaluate(row));
//
//   expression = term { ("+" | "-") term }        factor = number | Column | "{" any column "}"
//   term       = factor { "*" factor }                   | "-" factor | "(" expression ")"
//
// There is no division: it would have to round before the sum is complete.
//
// Threads: plain value; Evaluate is const.
// Errors:  INVALID_ARGUMENT; of Evaluate with file, line and column of the field at fault.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/transactions/import_decimal.h"
#include "consumers/transactions/import_text.h"

namespace rapport::transactions {

// The number in a field; an error at the field when it holds none.
absl::StatusOr<Decimal> NumberOf(const RowView& row, int slot);

class Expression {
 public:
  static absl::StatusOr<Expression> Parse(absl::string_view source, Place place, ColumnUses& uses);

  absl::StatusOr<Decimal> Evaluate(const RowView& row) const;

 private:
  friend class ExpressionParser;
  enum class Step { kNumber, kColumn, kAdd, kSubtract, kMultiply, kNegate };
  // The expression in postfix order.
  struct Item {
    Step step = Step::kNumber;
    Decimal number;
    int slot = 0;
  };

  std::vector<Item> items_;
};

}  // namespace rapport::transactions
