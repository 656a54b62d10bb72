// Sheet: a table that grows: one line for each group of things, counted column by column.
//
//   Sheet sheet({Key("channel"), Count("touches"), Median("wait", "s"), Ratio("met", "met_of")});
//   Line& line = sheet.At({"PHONE"}, "ana");
//   line.Add("touches");
//   line.Sample("wait", 20);
//   sheet.Write(table);     // lines in the order of their keys, and the total over all
//
// Counts of nothing are 0. What needs something to say it of (a median, a mean, a ratio, a value)
// is absent without. Columns are added up for the total from their parts: the median of all
// samples, the ratio of the sums; texts, values and moments have none. What belongs to no line
// goes into Beside(), which only the total counts.
//
// Threads: one. Numbers are integers; sums stay at the greatest one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"
#include "rapport/v1/money.pb.h"
#include "rapport/v1/report.pb.h"

namespace rapport::report {

class Line;

struct Column {
  enum class How { kKey, kText, kValue, kMoment, kSum, kMoney, kMedian, kMean, kRatio, kFormula };
  std::string name;
  How how = How::kSum;
  std::string unit;
  // kRatio: 1000 * of / per, rounded. Both are other columns, shown or not.
  std::string of = {};
  std::string per = {};
  std::function<std::optional<int64_t>(const Line&)> formula = nullptr;
  // Counted, and used by others, but not shown.
  bool hidden = false;
  // Not added up: the total has what Beside() was given.
  bool beside = false;
};

Column Key(std::string name);
// The last text, or number, it was given.
Column Text(std::string name);
Column Value(std::string name, std::string unit);
Column Moment(std::string name);
Column Count(std::string name, std::string unit = "");
Column MoneySum(std::string name);
Column Median(std::string name, std::string unit);
// To the nearest, halves up.
Column Mean(std::string name, std::string unit);
Column Ratio(std::string name, std::string of, std::string per);
// The same number, meant in thousandths of one: so many of `of` for each of `per`.
Column Milli(std::string name, std::string of, std::string per);
Column Formula(std::string name, std::string unit,
               std::function<std::optional<int64_t>(const Line&)> formula);
// What the rules aim at for column `of`, permille; absent when that is 0 or there is nothing of it.
Column Target(std::string name, std::string of, int64_t permille);
Column Hidden(Column column);
Column Beside(Column column);

// 1000 * a / b to the nearest, halves up; absent when b is not above 0.
std::optional<int64_t> Permille(int64_t a, int64_t b);

class Line {
 public:
  static constexpr size_t kEventsMax = 8;

  explicit Line(const std::vector<Column>* columns) : columns_(columns), slots_(columns->size()) {}

  void Add(absl::string_view column, int64_t number = 1);
  // Below zero with `sign` -1.
  void AddMoney(absl::string_view column, const v1::Money& money, int sign = 1);
  void Sample(absl::string_view column, int64_t number);
  void Set(absl::string_view column, int64_t number);
  void SetText(absl::string_view column, absl::string_view text);
  void AddCustomer(absl::string_view customer_id);
  // An event that stands behind the line; the first kEventsMax are kept.
  void AddEvent(const rapport::Moment& moment);

  // What was added up, 0 without.
  int64_t Sum(absl::string_view column) const;
  // As it will be shown.
  std::optional<int64_t> Number(absl::string_view column) const;
  const std::set<std::string>& customers() const { return customers_; }

 private:
  friend class Sheet;
  struct Slot {
    int64_t sum = 0;
    bool is_set = false;
    std::string text;
    std::map<std::string, int64_t> amounts;
    std::vector<int64_t> samples;
  };
  size_t PlaceOf(absl::string_view column) const;
  std::optional<int64_t> NumberAt(size_t place) const;
  void AddUp(const Line& other, bool beside);
  void Write(v1::Row& row) const;

  const std::vector<Column>* columns_;
  std::vector<Slot> slots_;
  std::set<std::string> customers_;
  std::set<rapport::Moment> events_;
};

class Sheet {
 public:
  explicit Sheet(std::vector<Column> columns) : columns_(std::move(columns)), beside_(&columns_) {}
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  // The line of these keys, one for each key column; `customer_id` stands behind it, unless empty.
  Line& At(const std::vector<std::string>& keys, absl::string_view customer_id);
  // What counts in the total only.
  Line& Beside() { return beside_; }
  const std::map<std::vector<std::string>, Line>& lines() const { return lines_; }
  std::map<std::vector<std::string>, Line>& lines() { return lines_; }

  // Lines with the greatest number in `column` come first, of equal ones by key.
  void RankBy(std::string column) { rank_by_ = std::move(column); }

  // Columns, rows and total.
  void Write(v1::Table& table) const;

 private:
  const std::vector<Column> columns_;
  std::map<std::vector<std::string>, Line> lines_;
  Line beside_;
  std::string rank_by_;
};

}  // namespace rapport::report
