#include "tests/stories/ask_report.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/fold/report.h"
#include "tests/stories/reason.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

// Place of a column; -1 = there is none of that name.
int PlaceOf(const v1::Table& table, const std::string& name) {
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).name() == name) return i;
  }
  return -1;
}

// What may be asked of any table or row besides its columns.
bool IsCount(const std::string& word) {
  return word == "rows" || word == "customers" || word == "rank";
}

// `none` is what was not said.
std::string KeyOf(const std::string& word) { return word == "none" ? "" : word; }

std::string Written(const v1::Column& column, const v1::Cell& cell) {
  if (column.type() == v1::COLUMN_TYPE_TEXT) return cell.text().empty() ? "none" : cell.text();
  if (column.type() == v1::COLUMN_TYPE_MONEY) {
    if (cell.amounts().empty()) return "0";
    return absl::StrJoin(cell.amounts(), "+", [](std::string* out, const v1::Amount& amount) {
      absl::StrAppend(out, amount.micros(), " millionths of ", amount.currency());
    });
  }
  return cell.has_number() ? absl::StrCat(cell.number(), " ", column.unit()) : "absent";
}

// `12.50EUR+0USD`; `0` when there is nothing in any currency.
absl::StatusOr<bool> IsMoney(const v1::Cell& cell, const std::string& word) {
  std::set<std::pair<std::string, int64_t>> expected, is;
  for (const v1::Amount& amount : cell.amounts()) is.emplace(amount.currency(), amount.micros());
  if (word == "0") {
    return std::all_of(is.begin(), is.end(), [](const auto& one) { return one.second == 0; });
  }
  for (absl::string_view part : absl::StrSplit(word, '+')) {
    const bool negative = !part.empty() && part[0] == '-';
    v1::Event scratch;
    scratch.set_kind(v1::KIND_PURCHASE_MADE);
    RETURN_IF_ERROR(SetFields({absl::StrCat("value=", part.substr(negative ? 1 : 0))}, scratch));
    const int64_t micros = scratch.value().micros();
    expected.emplace(scratch.value().currency(), negative ? -micros : micros);
  }
  return expected == is;
}

// A number in the column's unit; seconds also as `85m`, hundredths and thousandths with a point.
absl::StatusOr<int64_t> NumberIn(const std::string& unit, const std::string& word) {
  int64_t number = 0;
  if (unit == "s" && !absl::SimpleAtoi(word, &number)) {
    ASSIGN_OR_RETURN(const int64_t length_us, ReadLength(word));
    return length_us / kMicrosPerSecond;
  }
  if (unit == "centi" || unit == "milli") {
    const bool negative = absl::StartsWith(word, "-");
    ASSIGN_OR_RETURN(number, ReadThousandths(negative ? word.substr(1) : word));
    if (unit == "centi") number /= 10;
    return negative ? -number : number;
  }
  if (absl::SimpleAtoi(word, &number)) return number;
  return Wrong("`", word, "` is no number");
}

absl::StatusOr<bool> Is(const v1::Column& column, const v1::Cell& cell, const std::string& word) {
  if (column.type() == v1::COLUMN_TYPE_TEXT) return cell.text() == KeyOf(word);
  if (column.type() == v1::COLUMN_TYPE_MONEY) return IsMoney(cell, word);
  if (word == "absent") return !cell.has_number();
  ASSIGN_OR_RETURN(const int64_t number, NumberIn(column.unit(), word));
  return cell.has_number() && cell.number() == number;
}

// The rows whose first cells are the keys.
std::vector<const v1::Row*> RowsOf(const v1::Table& table, const std::vector<std::string>& keys) {
  std::vector<const v1::Row*> rows;
  for (const v1::Row& row : table.rows()) {
    bool fits = keys.size() <= static_cast<size_t>(row.cells_size());
    for (size_t i = 0; fits && i < keys.size(); ++i) {
      fits = row.cells(static_cast<int>(i)).text() == KeyOf(keys[i]);
    }
    if (fits) rows.push_back(&row);
  }
  return rows;
}

std::string RowsText(const v1::Table& table) {
  if (table.rows().empty()) return "it has no rows";
  return absl::StrCat(
      "its rows are ", absl::StrJoin(table.rows(), ", ", [&](std::string* out, const v1::Row& row) {
        std::vector<std::string> keys;
        for (int i = 0; i < table.columns_size(); ++i) {
          if (table.columns(i).type() != v1::COLUMN_TYPE_TEXT) break;
          keys.push_back(row.cells(i).text().empty() ? "none" : row.cells(i).text());
        }
        absl::StrAppend(out, absl::StrJoin(keys, " "));
      }));
}

// How many rows there are, how many customers stand behind this one, the how manieth it is.
int CountOf(const std::string& name, const v1::Table& table, const v1::Row& row) {
  if (name == "rows") return table.rows_size();
  if (name == "customers") return row.customers_size();
  int rank = 1;
  for (const v1::Row& one : table.rows()) {
    if (&one == &row) break;
    ++rank;
  }
  return rank;
}

absl::Status CheckCells(const Clause& clause, const v1::Table& table, const v1::Row& row,
                        size_t next) {
  for (; next < clause.words.size(); next += 2) {
    const std::string& name = clause.words[next];
    if (next + 1 == clause.words.size()) return Wrong("what should ", name, " be?");
    const std::string& word = clause.words[next + 1];
    if (IsCount(name)) {
      const int is = CountOf(name, table, row);
      if (absl::StrCat(is) != word) return Differs(name, " is ", is);
      continue;
    }
    const int place = PlaceOf(table, name);
    if (place < 0) return Wrong("the report has no column ", name);
    ASSIGN_OR_RETURN(const bool is, Is(table.columns(place), row.cells(place), word));
    if (!is) return Differs(name, " is ", Written(table.columns(place), row.cells(place)));
  }
  return absl::OkStatus();
}

absl::Status CheckEvents(const Clause& clause, const View& view, const v1::Row& row) {
  for (const std::vector<std::string>& words : clause.because) {
    ASSIGN_OR_RETURN(const Reason reason, ReadReason(words, view));
    const bool named =
        std::any_of(row.event_ids().begin(), row.event_ids().end(),
                    [&](const std::string& event) { return reason.events.contains(event); });
    if (!named) return Differs("other events stand behind the row");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AskReport(const Clause& clause, const View& view, Memory&) {
  if (clause.words.empty()) return Wrong("name a report, such as `report channels`");
  size_t next = 1;
  int64_t answers_min = fold::ReportWindow().answers_min;
  if (clause.words.size() > 3 && clause.words[1] == "with" && clause.words[2] == "answers") {
    if (!absl::SimpleAtoi(clause.words[3], &answers_min)) return Wrong("write `with answers 1`");
    next = 4;
  }
  ASSIGN_OR_RETURN(const v1::Table table,
                   view.table(clause.words[0], clause.verb == "insight", answers_min));
  std::vector<std::string> keys;
  while (next < clause.words.size() && PlaceOf(table, clause.words[next]) < 0 &&
         !IsCount(clause.words[next])) {
    keys.push_back(clause.words[next++]);
  }
  if (keys.empty()) {
    if (clause.negated || next == clause.words.size()) return Wrong("name a row or a column");
    RETURN_IF_ERROR(CheckCells(clause, table, table.total(), next));
    return CheckEvents(clause, view, table.total());
  }
  const std::vector<const v1::Row*> rows = RowsOf(table, keys);
  if (clause.negated) {
    if (next != clause.words.size())
      return Wrong("`no report` asks for a row, not for its columns");
    return rows.empty() ? absl::OkStatus() : Differs("there is such a row");
  }
  if (rows.empty()) return Differs("there is no such row; ", RowsText(table));
  if (rows.size() > 1) return Wrong("there are several such rows; ", RowsText(table));
  RETURN_IF_ERROR(CheckCells(clause, table, *rows[0], next));
  return CheckEvents(clause, view, *rows[0]);
}

}  // namespace rapport::stories
