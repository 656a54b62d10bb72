#include "consumers/transactions/import_expression.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {

constexpr int kDepthMax = 32;

// Recursive descent; each method appends the postfix form of what it reads.
class ExpressionParser {
 public:
  ExpressionParser(absl::string_view source, Place place, ColumnUses& uses)
      : rest_(source), place_(place), uses_(uses) {}

  absl::StatusOr<Expression> Run() {
    RETURN_IF_ERROR(Sum(0));
    if (Next() != '\0') return Unexpected();
    return std::move(expression_);
  }

 private:
  using Step = Expression::Step;

  char Next() {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    return rest_.empty() ? '\0' : rest_.front();
  }

  absl::Status Unexpected() const {
    if (rest_.empty())
      return absl::InvalidArgumentError("a column or number is missing at the end");
    return absl::InvalidArgumentError(
        absl::StrCat("'", rest_,
                     "' is not understood; write columns, numbers, + - * and brackets, "
                     "and a column with blanks as {Unit Price}"));
  }

  void Append(Step step) { expression_.items_.push_back({.step = step}); }

  absl::Status Sum(int depth) {
    RETURN_IF_ERROR(Product(depth));
    while (Next() == '+' || Next() == '-') {
      const Step step = Next() == '+' ? Step::kAdd : Step::kSubtract;
      rest_.remove_prefix(1);
      RETURN_IF_ERROR(Product(depth));
      Append(step);
    }
    return absl::OkStatus();
  }

  absl::Status Product(int depth) {
    RETURN_IF_ERROR(Factor(depth));
    while (Next() == '*') {
      rest_.remove_prefix(1);
      RETURN_IF_ERROR(Factor(depth));
      Append(Step::kMultiply);
    }
    return absl::OkStatus();
  }

  absl::Status Factor(int depth) {
    if (depth > kDepthMax) return absl::InvalidArgumentError("the brackets are nested too deep");
    const char c = Next();
    if (c == '-') {
      rest_.remove_prefix(1);
      RETURN_IF_ERROR(Factor(depth + 1));
      Append(Step::kNegate);
      return absl::OkStatus();
    }
    if (c == '(') {
      rest_.remove_prefix(1);
      RETURN_IF_ERROR(Sum(depth + 1));
      if (Next() != ')') return absl::InvalidArgumentError("a bracket is not closed");
      rest_.remove_prefix(1);
      return absl::OkStatus();
    }
    if (absl::ascii_isdigit(c) || c == '.') return Number();
    return Column(c);
  }

  absl::Status Number() {
    const size_t size = std::min(rest_.find_first_not_of("0123456789."), rest_.size());
    const auto number = Decimal::Parse(rest_.substr(0, size));
    if (!number) return Unexpected();
    expression_.items_.push_back({.step = Step::kNumber, .number = *number});
    rest_.remove_prefix(size);
    return absl::OkStatus();
  }

  absl::Status Column(char first) {
    size_t begin = 0;
    size_t size = 0;
    size_t end = 0;
    if (first == '{') {
      const size_t close = rest_.find('}');
      if (close == absl::string_view::npos || close == 1) return Unexpected();
      begin = 1;
      size = close - 1;
      end = close + 1;
    } else {
      while (size < rest_.size() && IsNameByte(rest_[size])) ++size;
      if (size == 0) return Unexpected();
      end = size;
    }
    const int slot = uses_.Require(rest_.substr(begin, size), place_);
    expression_.items_.push_back({.step = Step::kColumn, .slot = slot});
    rest_.remove_prefix(end);
    return absl::OkStatus();
  }

  static bool IsNameByte(char c) {
    return absl::ascii_isalnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }

  absl::string_view rest_;
  Place place_;
  ColumnUses& uses_;
  Expression expression_;
};

absl::StatusOr<Decimal> NumberOf(const RowView& row, int slot) {
  const auto number = Decimal::Parse(row.Bytes(slot));
  if (number) return *number;
  return row.Error(slot, "is not a number; write digits, a point and at most one sign");
}

absl::StatusOr<Expression> Expression::Parse(absl::string_view source, Place place,
                                             ColumnUses& uses) {
  return ExpressionParser(source, place, uses).Run();
}

absl::StatusOr<Decimal> Expression::Evaluate(const RowView& row) const {
  std::vector<Decimal> stack;
  for (const Item& item : items_) {
    if (item.step == Step::kNumber) {
      stack.push_back(item.number);
    } else if (item.step == Step::kColumn) {
      ASSIGN_OR_RETURN(const Decimal number, NumberOf(row, item.slot));
      stack.push_back(number);
    } else if (item.step == Step::kNegate) {
      stack.back() = stack.back().Negated();
    } else {
      const Decimal right = item.step == Step::kSubtract ? stack.back().Negated() : stack.back();
      stack.pop_back();
      const bool fits =
          item.step == Step::kMultiply ? stack.back().Multiply(right) : stack.back().Add(right);
      if (!fits) return row.Error("a number grows beyond 37 digits; check the row's numbers");
    }
  }
  return stack.back();
}

}  // namespace rapport::transactions
