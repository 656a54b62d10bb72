#include "consumers/transactions/import_expression.h"

#include "gtest/gtest.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using absl::StatusCode;
using kit::StatusIs;

// Evaluates over one row: Quantity, Price, "Unit Price", Größe.
absl::StatusOr<Decimal> Evaluate(absl::string_view source, const std::string& quantity = "3") {
  ColumnUses uses;
  const auto expression = Expression::Parse(source, {.line = 1, .column = 1}, uses);
  if (!expression.ok()) return expression.status();
  const std::vector<std::string> columns = {"Quantity", "Price", "Unit Price", "Größe"};
  const auto fields = uses.Bind("shop.toml", columns, "sales.csv");
  if (!fields.ok()) return fields.status();
  const std::string path = "sales.csv";
  const InputRow row = {.line = 2,
                        .fields = {{.text = quantity, .line = 2, .column = 1},
                                   {.text = "2.55", .line = 2, .column = 3},
                                   {.text = "10", .line = 2, .column = 8},
                                   {.text = "4", .line = 2, .column = 11}}};
  return expression->Evaluate(RowView(path, uses, row, *fields));
}

int64_t Hundredths(absl::string_view source) {
  const auto value = Evaluate(source);
  EXPECT_OK(value) << source;
  return value.ok() ? value->Scaled(2).value_or(-1) : -1;
}

TEST(ExpressionTest, MultipliesBeforeItAdds) {
  EXPECT_EQ(Hundredths("Quantity * Price"), 765);
  EXPECT_EQ(Hundredths("1 + 2*3"), 700);
  EXPECT_EQ(Hundredths("(1 + 2) * 3"), 900);
  EXPECT_EQ(Hundredths("10 - 2 - 3"), 500);
  EXPECT_EQ(Hundredths("-Price + 0.05"), -250);
  EXPECT_EQ(Hundredths("2 * -Quantity"), -600);
}

TEST(ExpressionTest, NamesColumnsWithBlanksAndLetters) {
  EXPECT_EQ(Hundredths("{Unit Price} * Größe"), 4000);
}

TEST(ExpressionTest, RefusesWhatItDoesNotUnderstand) {
  for (const absl::string_view source : {"", "Quantity *", "Quantity / 2", "(1 + 2", "1 2", "{Unit",
                                         "{}", "1.2.3", "Quantity ** 2"}) {
    EXPECT_THAT(Evaluate(source), StatusIs(StatusCode::kInvalidArgument, "")) << source;
  }
  EXPECT_THAT(Evaluate("Quantity / 2"), StatusIs(StatusCode::kInvalidArgument, "'/ 2' is not"));
  EXPECT_THAT(Evaluate(std::string(100, '(')),
              StatusIs(StatusCode::kInvalidArgument, "nested too deep"));
}

TEST(ExpressionTest, NamesThePlaceOfWhatIsNoNumber) {
  EXPECT_THAT(
      Evaluate("Price * Quantity", "3,5"),
      StatusIs(StatusCode::kInvalidArgument, "sales.csv:2:1: Quantity '3,5' is not a number"));
}

TEST(ExpressionTest, RefusesARowWhoseNumberGrowsTooLong) {
  EXPECT_THAT(Evaluate("Quantity * Quantity * Quantity", "999999999999999999"),
              StatusIs(StatusCode::kInvalidArgument, "sales.csv:2:1: a number grows beyond"));
}

TEST(ExpressionTest, SaysWhichColumnIsMissing) {
  EXPECT_THAT(Evaluate("Quantty"), StatusIs(StatusCode::kInvalidArgument,
                                            "column 'Quantty' is not in sales.csv; did you "
                                            "mean 'Quantity'?"));
}

}  // namespace
}  // namespace rapport::transactions
