#include "projections/report/sheet.h"

#include <gtest/gtest.h>

#include "projections/report/catalogue.h"
#include "tests/projections/report/base.h"

namespace rapport::report {
namespace {

v1::Money Euros(int64_t units) {
  v1::Money money;
  money.set_currency("EUR");
  money.set_micros(units * 1'000'000);
  return money;
}

TEST(SheetTest, AddsUpFromThePartsAndNotFromTheRows) {
  Sheet sheet({Key("channel"), Count("met"), Count("stated"), Ratio("share", "met", "stated"),
               Median("wait", "s"), Mean("feeling", "milli"), MoneySum("value")});
  Line& phone = sheet.At({"PHONE"}, "ana");
  phone.Add("met", 1);
  phone.Add("stated", 1);
  for (const int64_t wait : {20, 600}) phone.Sample("wait", wait);
  phone.Sample("feeling", 1000);
  phone.AddMoney("value", Euros(3));
  Line& mail = sheet.At({"EMAIL"}, "ben");
  mail.Add("stated", 2);
  mail.Sample("wait", 200);
  for (int i = 0; i < 2; ++i) mail.Sample("feeling", -2000);
  mail.AddMoney("value", Euros(4));
  v1::Table table;
  sheet.Write(table);
  const TableView view(table);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"EMAIL", "PHONE"}));
  EXPECT_EQ(view.Number({"PHONE"}, "share"), 1000);
  EXPECT_EQ(view.Number({"PHONE"}, "wait"), 310);
  EXPECT_EQ(view.Number({}, "share"), 333);
  EXPECT_EQ(view.Number({}, "wait"), 200);
  EXPECT_EQ(view.Number({}, "feeling"), -1000);
  EXPECT_EQ(view.Money({}, "value"), "7 EUR");
  EXPECT_EQ(view.Customers({}), (std::vector<std::string>{"ana", "ben"}));
}

TEST(SheetTest, SaysNothingOfNothingAndCountsItAsNought) {
  Sheet sheet({Key("channel"), Count("met"), Ratio("share", "met", "met"), Median("wait", "s"),
               Mean("feeling", ""), MoneySum("value")});
  v1::Table table;
  sheet.Write(table);
  const TableView view(table);
  EXPECT_EQ(table.rows_size(), 0);
  EXPECT_EQ(view.Number({}, "met"), 0);
  EXPECT_EQ(view.Number({}, "share"), std::nullopt);
  EXPECT_EQ(view.Number({}, "wait"), std::nullopt);
  EXPECT_EQ(view.Number({}, "feeling"), std::nullopt);
  EXPECT_EQ(view.Money({}, "value"), "");
}

TEST(SheetTest, RanksByAColumnAndThenByKey) {
  Sheet sheet({Key("need"), Count("heard")});
  sheet.RankBy("heard");
  sheet.At({"price"}, "ana").Add("heard");
  sheet.At({"colour"}, "ana").Add("heard");
  sheet.At({"delivery"}, "ana").Add("heard", 3);
  v1::Table table;
  sheet.Write(table);
  EXPECT_EQ(TableView(table).Firsts(), (std::vector<std::string>{"delivery", "colour", "price"}));
}

TEST(SheetTest, KeepsTheFirstEventsOfALineWhateverTheirOrder) {
  Sheet sheet({Key("need"), Count("heard")});
  for (uint64_t i = 20; i > 0; --i) {
    sheet.At({"price"}, "ana").AddEvent({static_cast<int64_t>(i), EventId{0, i}});
  }
  v1::Table table;
  sheet.Write(table);
  ASSERT_EQ(table.rows(0).event_ids_size(), 8);
  EXPECT_EQ(table.rows(0).event_ids(0), (EventId{0, 1}).Hex());
  EXPECT_EQ(table.rows(0).event_ids(7), (EventId{0, 8}).Hex());
}

TEST(PermilleTest, RoundsHalvesUpAndDividesNothingByNothing) {
  EXPECT_EQ(Permille(1, 3), 333);
  EXPECT_EQ(Permille(2, 3), 667);
  EXPECT_EQ(Permille(1, 2000), 1);
  EXPECT_EQ(Permille(0, 5), 0);
  EXPECT_EQ(Permille(5, 0), std::nullopt);
}

TEST(SheetTest, ATargetStandsBesideWhatItIsOfAndNotAlone) {
  Sheet sheet({Key("key"), Count("of"), Count("per"), Ratio("share", "of", "per"),
               Target("share_target", "share", 900), Target("no_target", "share", 0)});
  sheet.At({"judged"}, "").Add("per");
  EXPECT_EQ(sheet.At({"judged"}, "").Number("share_target"), 900);
  EXPECT_EQ(sheet.At({"judged"}, "").Number("no_target"), std::nullopt);
  EXPECT_EQ(sheet.At({"empty"}, "").Number("share_target"), std::nullopt);
}

TEST(CatalogueTest, TellsEveryReportOfAnEmptyBaseWithNumbersThatAreNought) {
  for (const ReportInfo& info : AllReports()) {
    const TableView view = Base().Tell(info.name, 100);
    EXPECT_EQ(view.table().rows_size(), 0) << info.name;
    ASSERT_EQ(view.table().total().cells_size(), view.table().columns_size()) << info.name;
    bool counts = false;
    for (const v1::Cell& cell : view.table().total().cells()) {
      if (!cell.has_number()) continue;
      EXPECT_EQ(cell.number(), 0) << info.name;
      counts = true;
    }
    EXPECT_TRUE(counts) << info.name;
  }
}

TEST(CatalogueTest, KnowsItsReportsByName) {
  std::string before;
  for (const ReportInfo& info : AllReports()) {
    EXPECT_LT(before, info.name);
    EXPECT_EQ(FindReport(info.name), &info);
    before = info.name;
  }
  EXPECT_EQ(FindReport("roads"), nullptr);
}

TEST(CatalogueTest, RefusesAnUnknownNameAndListsThoseItKnows) {
  const auto run = Begin({"channels", "roads"}, {}, nullptr);
  EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(run.status().message());
  EXPECT_NE(message.find("FIELD_INVALID: insights: there is no insight `roads`"),
            std::string::npos);
  for (const ReportInfo& info : AllReports()) {
    EXPECT_NE(message.find(info.name), std::string::npos) << info.name;
  }
}

// Purchases of one customer, told by `names` by a run that is late once it has asked that often.
class LateRun {
 public:
  explicit LateRun(int asks) : asks_(asks) {
    for (int64_t day = 1; day <= 300; day += 60) {
      builders_.push_back(
          kit::APurchase().Of("ana").Id(static_cast<uint64_t>(day)).OnDay(day).Worth(5, "EUR"));
    }
  }

  google::protobuf::RepeatedPtrField<v1::Table> Tell(const std::vector<std::string>& names) {
    fold::ReportWindow window;
    window.as_of_us = 400 * kMicrosPerDay;
    window.is_late = [this] { return ++asked_ > asks_; };
    const auto projection = projections::StandardCatalog().value();
    const auto run = projection->Report(names, window).value();
    std::vector<ValidEvent> events;
    for (const kit::EventBuilder& builder : builders_) events.push_back(builder.View());
    run->AddCustomer("ana", events);
    google::protobuf::RepeatedPtrField<v1::Table> tables;
    run->Finish(tables);
    return tables;
  }
  int asked() const { return asked_; }

 private:
  const int asks_;
  int asked_ = 0;
  std::vector<kit::EventBuilder> builders_;
};

TEST(CatalogueTest, ARunThatIsLateLeavesOffBetweenTwoReports) {
  const auto tables = LateRun(1).Tell({"kinds", "kinds"});
  EXPECT_EQ(TableView(tables[0]).Number({}, "touches"), 5);
  EXPECT_EQ(TableView(tables[1]).Number({}, "touches"), 0);
}

// Follow-ups of the past take the longest: it asks at every moment that it looks at.
TEST(CatalogueTest, ARunThatIsLateLeavesOffWithinAReport) {
  LateRun patient(1'000'000);
  patient.Tell({"missed_opportunities"});
  EXPECT_GT(patient.asked(), 20);
  LateRun hasty(3);
  hasty.Tell({"missed_opportunities"});
  // Of the five events each notices it once.
  EXPECT_LE(hasty.asked(), 3 + 5);
}

}  // namespace
}  // namespace rapport::report
