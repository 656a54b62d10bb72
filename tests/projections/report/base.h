// Base: customers for tests of reports: events in, one table out.
//
//   Base base;
//   base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ana").Key("R1").OnDay(3));
//   TableView referrals = base.Tell("referrals", 10);      // as of day 10
//   EXPECT_EQ(referrals.Number({}, "made"), 1);            // {} = the total
//
// Threads: one.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/time.h"
#include "projections/catalog.h"
#include "tests/kit/event_builder.h"

namespace rapport::report {

class TableView {
 public:
  explicit TableView(v1::Table table) : table_(std::move(table)) {}

  // The row of these keys; {} = the total; null when there is none.
  const v1::Row* Find(const std::vector<std::string>& keys) const {
    if (keys.empty()) return &table_.total();
    for (const v1::Row& row : table_.rows()) {
      bool fits = true;
      for (size_t i = 0; i < keys.size(); ++i) {
        fits = fits && row.cells(static_cast<int>(i)).text() == keys[i];
      }
      if (fits) return &row;
    }
    return nullptr;
  }

  // Absent when the cell is; -999 when there is no such row.
  std::optional<int64_t> Number(const std::vector<std::string>& keys,
                                const std::string& column) const {
    const v1::Row* row = Find(keys);
    if (row == nullptr) return -999;
    const v1::Cell& cell = row->cells(PlaceOf(column));
    return cell.has_number() ? std::optional<int64_t>(cell.number()) : std::nullopt;
  }
  // `40 EUR, 3 USD` in whole units; empty = nothing.
  std::string Money(const std::vector<std::string>& keys, const std::string& column) const {
    const v1::Row* row = Find(keys);
    if (row == nullptr) return "no row";
    std::string text;
    for (const v1::Amount& amount : row->cells(PlaceOf(column)).amounts()) {
      text += (text.empty() ? "" : ", ") + std::to_string(amount.micros() / 1'000'000) + " " +
              amount.currency();
    }
    return text;
  }
  std::string Text(const std::vector<std::string>& keys, const std::string& column) const {
    const v1::Row* row = Find(keys);
    return row == nullptr ? "no row" : row->cells(PlaceOf(column)).text();
  }
  // The first cell of each row.
  std::vector<std::string> Firsts() const {
    std::vector<std::string> firsts;
    for (const v1::Row& row : table_.rows()) firsts.push_back(row.cells(0).text());
    return firsts;
  }
  std::vector<std::string> Customers(const std::vector<std::string>& keys) const {
    const v1::Row* row = Find(keys);
    if (row == nullptr) return {"no row"};
    return {row->customers().begin(), row->customers().end()};
  }
  const v1::Table& table() const { return table_; }

 private:
  int PlaceOf(const std::string& column) const {
    for (int i = 0; i < table_.columns_size(); ++i) {
      if (table_.columns(i).name() == column) return i;
    }
    RAPPORT_CHECK(false) << table_.name() << " has no column " << column;
    return 0;
  }

  const v1::Table table_;
};

class Base {
 public:
  // Events get ids in the order they are added.
  void Add(kit::EventBuilder event) {
    event.Id(++events_);
    const std::string customer = event.envelope().customer_id();
    customers_[customer].push_back(std::move(event));
  }

  // The report as of midnight of `day`, over what happened in days [from, to).
  TableView Tell(const std::string& name, int64_t day, int64_t from = 0, int64_t to = 100'000) {
    static const fold::Projection* const projection = [] {
      auto made = projections::StandardCatalog();
      RAPPORT_CHECK_OK(made.status());
      return made->release();
    }();
    auto run =
        projection->Report({name}, {from * kMicrosPerDay, to * kMicrosPerDay, day * kMicrosPerDay});
    RAPPORT_CHECK_OK(run.status());
    for (auto& [customer, builders] : customers_) {
      std::vector<ValidEvent> events;
      for (const kit::EventBuilder& builder : builders) {
        if (builder.envelope().occurred_at_us() <= day * kMicrosPerDay) {
          events.push_back(builder.View());
        }
      }
      std::sort(events.begin(), events.end(),
                [](const ValidEvent& a, const ValidEvent& b) { return a.moment() < b.moment(); });
      if (!customer.empty()) {
        (*run)->AddCustomer(customer, events);
        continue;
      }
      for (const ValidEvent& event : events) (*run)->AddAnonymous(event);
    }
    google::protobuf::RepeatedPtrField<v1::Table> tables;
    (*run)->Finish(tables);
    return TableView(tables[0]);
  }

 private:
  std::map<std::string, std::vector<kit::EventBuilder>> customers_;
  uint64_t events_ = 0;
};

}  // namespace rapport::report
