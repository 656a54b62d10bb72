#include "projections/report/sheet.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/fixed_point.h"
#include "engine/base/time.h"

namespace rapport::report {
namespace {

using How = Column::How;

// a + b, staying within 64 bits.
int64_t Plus(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? INT64_MIN : INT64_MAX;
}

int64_t Clamped(int128 number) {
  if (number > INT64_MAX) return INT64_MAX;
  if (number < INT64_MIN) return INT64_MIN;
  return static_cast<int64_t>(number);
}

std::optional<int64_t> MedianOf(std::vector<int64_t> samples) {
  if (samples.empty()) return std::nullopt;
  std::sort(samples.begin(), samples.end());
  const size_t middle = samples.size() / 2;
  if (samples.size() % 2 == 1) return samples[middle];
  return Clamped(FloorDiv128(int128{samples[middle - 1]} + samples[middle], 2));
}

std::optional<int64_t> MeanOf(const std::vector<int64_t>& samples) {
  if (samples.empty()) return std::nullopt;
  int128 sum = 0;
  for (const int64_t sample : samples) sum += sample;
  const auto count = static_cast<int128>(samples.size());
  return Clamped(FloorDiv128(2 * sum + count, 2 * count));
}

v1::ColumnType TypeOf(How how) {
  switch (how) {
    case How::kKey:
    case How::kText:
      return v1::COLUMN_TYPE_TEXT;
    case How::kMoment:
      return v1::COLUMN_TYPE_MOMENT;
    case How::kMoney:
      return v1::COLUMN_TYPE_MONEY;
    default:
      return v1::COLUMN_TYPE_NUMBER;
  }
}

}  // namespace

Column Key(std::string name) { return {std::move(name), How::kKey, ""}; }
Column Text(std::string name) { return {std::move(name), How::kText, ""}; }
Column Value(std::string name, std::string unit) {
  return {std::move(name), How::kValue, std::move(unit)};
}
Column Moment(std::string name) { return {std::move(name), How::kMoment, ""}; }
Column Count(std::string name, std::string unit) {
  return {std::move(name), How::kSum, std::move(unit)};
}
Column MoneySum(std::string name) { return {std::move(name), How::kMoney, ""}; }
Column Median(std::string name, std::string unit) {
  return {std::move(name), How::kMedian, std::move(unit)};
}
Column Mean(std::string name, std::string unit) {
  return {std::move(name), How::kMean, std::move(unit)};
}
Column Ratio(std::string name, std::string of, std::string per) {
  return {std::move(name), How::kRatio, "permille", std::move(of), std::move(per)};
}
Column Milli(std::string name, std::string of, std::string per) {
  Column column = Ratio(std::move(name), std::move(of), std::move(per));
  column.unit = "milli";
  return column;
}
Column Formula(std::string name, std::string unit,
               std::function<std::optional<int64_t>(const Line&)> formula) {
  Column column{std::move(name), How::kFormula, std::move(unit)};
  column.formula = std::move(formula);
  return column;
}
Column Target(std::string name, std::string of, int64_t permille) {
  return Formula(std::move(name), "permille",
                 [of = std::move(of), permille](const Line& line) -> std::optional<int64_t> {
                   if (permille == 0 || !line.Number(of).has_value()) return std::nullopt;
                   return permille;
                 });
}
Column Hidden(Column column) {
  column.hidden = true;
  return column;
}
Column Beside(Column column) {
  column.beside = true;
  return column;
}

std::optional<int64_t> Permille(int64_t a, int64_t b) {
  if (b <= 0) return std::nullopt;
  return Clamped(FloorDiv128(int128{2000} * a + b, int128{2} * b));
}

size_t Line::PlaceOf(absl::string_view column) const {
  const auto at = std::find_if(columns_->begin(), columns_->end(),
                               [&](const Column& one) { return one.name == column; });
  RAPPORT_CHECK(at != columns_->end()) << "the report has no column " << column;
  return static_cast<size_t>(at - columns_->begin());
}

void Line::Add(absl::string_view column, int64_t number) {
  Slot& slot = slots_[PlaceOf(column)];
  slot.sum = Plus(slot.sum, number);
}

void Line::AddMoney(absl::string_view column, const v1::Money& money, int sign) {
  if (money.currency().empty()) return;
  int64_t& sum = slots_[PlaceOf(column)].amounts[money.currency()];
  sum = Plus(sum, sign < 0 ? -money.micros() : money.micros());
}

void Line::Sample(absl::string_view column, int64_t number) {
  slots_[PlaceOf(column)].samples.push_back(number);
}

void Line::Set(absl::string_view column, int64_t number) {
  Slot& slot = slots_[PlaceOf(column)];
  slot.sum = number;
  slot.is_set = true;
}

void Line::SetText(absl::string_view column, absl::string_view text) {
  slots_[PlaceOf(column)].text = std::string(text);
}

void Line::AddCustomer(absl::string_view customer_id) {
  if (!customer_id.empty()) customers_.emplace(customer_id);
}

void Line::AddEvent(const rapport::Moment& moment) {
  events_.insert(moment);
  if (events_.size() > kEventsMax) events_.erase(std::prev(events_.end()));
}

int64_t Line::Sum(absl::string_view column) const { return slots_[PlaceOf(column)].sum; }

std::optional<int64_t> Line::Number(absl::string_view column) const {
  return NumberAt(PlaceOf(column));
}

std::optional<int64_t> Line::NumberAt(size_t place) const {
  const Column& column = (*columns_)[place];
  const Slot& slot = slots_[place];
  switch (column.how) {
    case How::kSum:
      return slot.sum;
    case How::kMedian:
      return MedianOf(slot.samples);
    case How::kMean:
      return MeanOf(slot.samples);
    case How::kRatio:
      return Permille(Sum(column.of), Sum(column.per));
    case How::kFormula:
      return column.formula(*this);
    default:
      return slot.is_set ? std::optional<int64_t>(slot.sum) : std::nullopt;
  }
}

void Line::AddUp(const Line& other, bool beside) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    const Column& column = (*columns_)[i];
    if (column.how == How::kValue || column.how == How::kMoment) {
      if (beside && other.slots_[i].is_set) slots_[i] = other.slots_[i];
      continue;
    }
    if (column.beside && !beside) continue;
    const Slot& from = other.slots_[i];
    Slot& into = slots_[i];
    into.sum = Plus(into.sum, from.sum);
    for (const auto& [currency, micros] : from.amounts) {
      into.amounts[currency] = Plus(into.amounts[currency], micros);
    }
    into.samples.insert(into.samples.end(), from.samples.begin(), from.samples.end());
  }
  customers_.insert(other.customers_.begin(), other.customers_.end());
}

void Line::Write(v1::Row& row) const {
  for (size_t i = 0; i < slots_.size(); ++i) {
    const Column& column = (*columns_)[i];
    if (column.hidden) continue;
    v1::Cell& cell = *row.add_cells();
    if (column.how == How::kKey || column.how == How::kText) {
      cell.set_text(slots_[i].text);
    } else if (column.how == How::kMoney) {
      for (const auto& [currency, micros] : slots_[i].amounts) {
        v1::Amount& amount = *cell.add_amounts();
        amount.set_currency(currency);
        amount.set_micros(micros);
      }
    } else if (const std::optional<int64_t> number = NumberAt(i)) {
      cell.set_number(*number);
    }
  }
  for (const std::string& customer : customers_) row.add_customers(customer);
  for (const rapport::Moment& moment : events_) row.add_event_ids(moment.id.Hex());
}

Line& Sheet::At(const std::vector<std::string>& keys, absl::string_view customer_id) {
  const auto [at, is_new] = lines_.try_emplace(keys, &columns_);
  Line& line = at->second;
  if (is_new) {
    for (size_t i = 0; i < keys.size(); ++i) {
      RAPPORT_CHECK(columns_[i].how == How::kKey) << "more keys than columns for them";
      line.slots_[i].text = keys[i];
    }
  }
  line.AddCustomer(customer_id);
  return line;
}

void Sheet::Write(v1::Table& table) const {
  for (const Column& column : columns_) {
    if (column.hidden) continue;
    v1::Column& out = *table.add_columns();
    out.set_name(column.name);
    out.set_type(TypeOf(column.how));
    out.set_unit(column.unit);
  }
  Line total(&columns_);
  std::vector<const Line*> order;
  for (const auto& [keys, line] : lines_) {
    order.push_back(&line);
    total.AddUp(line, /*beside=*/false);
  }
  total.AddUp(beside_, /*beside=*/true);
  if (!rank_by_.empty()) {
    std::stable_sort(order.begin(), order.end(), [&](const Line* a, const Line* b) {
      return a->Number(rank_by_).value_or(INT64_MIN) > b->Number(rank_by_).value_or(INT64_MIN);
    });
  }
  for (const Line* line : order) line->Write(*table.add_rows());
  total.Write(*table.mutable_total());
}

}  // namespace rapport::report
