// The shipped mappings over the real data they are for, and against the reference values.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"
#include "engine/event/validator.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/consumers/transactions/import_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using testing::ElementsAre;

std::string FolderOf(const char* variable, const std::string& usual) {
  const char* given = std::getenv(variable);
  return given != nullptr ? given : absl::StrCat(RAPPORT_SOURCE_DIR, "/../shared/", usual);
}

// What the events up to a day say of one customer.
struct Known {
  std::set<int64_t> purchase_days;
  int64_t last_act_day = 0;
  int64_t reversed_micros = 0;
};

std::map<std::string, Known> KnownOn(int64_t cut, const std::vector<v1::Event>& events) {
  std::map<std::string, Known> customers;
  for (const v1::Event& event : events) {
    const int64_t day = DayOf(event.occurred_at_us());
    if (day > cut) continue;
    Known& known = customers[event.customer_id()];
    known.last_act_day = std::max(known.last_act_day, day);
    if (event.kind() == v1::KIND_PURCHASE_MADE) {
      known.purchase_days.insert(day);
    } else {
      v1::PurchaseReversed reversed;
      EXPECT_TRUE(reversed.ParseFromString(event.payload()));
      known.reversed_micros += reversed.amount().micros();
    }
  }
  return customers;
}

// The rows of a reference file as maps from column to text; none when the folder is not there.
std::vector<std::map<std::string, std::string>> Reference(const std::string& name) {
  std::ifstream file(absl::StrCat(FolderOf("RAPPORT_GOLDEN", "golden"), "/", name));
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> columns;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    if (columns.empty()) {
      columns = fields;
      continue;
    }
    std::map<std::string, std::string>& row = rows.emplace_back();
    for (size_t i = 0; i < columns.size(); ++i) row[columns[i]] = fields[i];
  }
  return rows;
}

class ImportDataTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(data_) || std::getenv("CI") != nullptr) return;
    GTEST_SKIP() << "there is no " << data_ << "; RAPPORT_DATA names the folder of the data sets";
  }

  Imported Import(const std::string& mapping_name, const std::string& file) {
    const auto mapping = ImportMapping::Load(
        absl::StrCat(RAPPORT_SOURCE_DIR, "/deploy/import/", mapping_name, ".toml"));
    if (!mapping.ok()) return {.status = mapping.status()};
    return ImportFile(*mapping, absl::StrCat(data_, "/", file));
  }

  // Compares purchase days of every customer in a reference file, and returns how many there are.
  size_t ExpectPurchaseDays(const std::string& file, int64_t cut, const Imported& imported) {
    const auto known = KnownOn(cut, imported.events);
    const auto rows = Reference(file);
    for (const auto& row : rows) {
      const std::string& customer = row.at("customer");
      EXPECT_TRUE(known.contains(customer)) << customer;
      if (!known.contains(customer)) continue;
      const Known& facts = known.at(customer);
      EXPECT_EQ(absl::StrCat(facts.purchase_days.size()), row.at("purchase_days")) << customer;
      if (!row.contains("reversed_centi")) continue;
      EXPECT_EQ(absl::StrCat(facts.last_act_day), row.at("last_act_day")) << customer;
      EXPECT_EQ(absl::StrCat(facts.reversed_micros / 10'000), row.at("reversed_centi")) << customer;
    }
    return rows.size();
  }

  const std::string data_ = FolderOf("RAPPORT_DATA", "data");
  const int64_t uci_cut_ = DayOfCivil({.year = 2011, .month = 6, .day = 9});
  const int64_t cdnow_cut_ = DayOfCivil({.year = 1997, .month = 9, .day = 30});
};

// Ids are unique per customer, so that importing twice adds nothing and nothing is lost.
size_t DistinctIds(const std::vector<v1::Event>& events) {
  std::set<std::pair<std::string, std::string>> ids;
  for (const v1::Event& event : events) ids.emplace(event.customer_id(), event.event_id());
  return ids.size();
}

// What the validator would reject behind the import; the first reasons.
std::vector<std::string> Rejections(const std::vector<v1::Event>& events) {
  event::Validator validator({});
  std::vector<std::string> reasons;
  for (const v1::Event& event : events) {
    const std::string value = event.SerializeAsString();
    const RecordView record = {.append_time_us = event.occurred_at_us() + kMicrosPerDay,
                               .key = event.customer_id(),
                               .value = value};
    auto rejection = validator.CheckEnvelope(record);
    if (!rejection) rejection = validator.CheckPayload();
    if (rejection && reasons.size() < 5) reasons.push_back(rejection->message);
  }
  return reasons;
}

TEST_F(ImportDataTest, ReadsOnlineRetailWithReversals) {
  const Imported imported = Import("online-retail", "uci_online_retail/online_retail.csv.gz");
  ASSERT_OK(imported.status);
  EXPECT_THAT(SummaryLines(imported.report),
              ElementsAre(testing::MatchesRegex("read 541,909 rows  100 %  [0-9]+ MB   "
                                                "skipped 135,080 rows without CustomerID"),
                          "22,190 events of 4,372 customers: 18,536 purchases, 3,654 reversals    "
                          "0 rejected",
                          "purchases GBP 8,911,407.90, reversals GBP 611,342.09"));
  EXPECT_TRUE(imported.report.kinds.at(v1::KIND_PURCHASE_MADE).micros_by_currency.at("GBP") ==
              8'911'407'904'000);
  EXPECT_EQ(imported.report.rows_used, 406'829);
  EXPECT_EQ(imported.report.items_left_out, 0);
  EXPECT_EQ(DistinctIds(imported.events), 22'190u);
  EXPECT_THAT(Rejections(imported.events), testing::IsEmpty());
  EXPECT_EQ(ExpectPurchaseDays("score_uci_full.csv", uci_cut_, imported), 500u);
}

TEST_F(ImportDataTest, ReadsOnlineRetailPurchasesAlone) {
  const Imported imported =
      Import("online-retail-purchases", "uci_online_retail/online_retail.csv.gz");
  ASSERT_OK(imported.status);
  const ImportReport& report = imported.report;
  ASSERT_EQ(report.skipped.size(), 4u);
  EXPECT_EQ(report.skipped[0].rows, 135'080);
  EXPECT_EQ(report.skipped[1].rows, 8'905);
  EXPECT_EQ(report.skipped[1].words, "whose InvoiceNo begins with C");
  EXPECT_EQ(report.skipped[2].rows, 40);
  EXPECT_EQ(report.skipped[2].words, "whose UnitPrice is not above 0");
  EXPECT_EQ(report.skipped[3].rows, 0);
  EXPECT_EQ(report.rows_used, 397'884);
  EXPECT_EQ(report.events, 18'532);
  EXPECT_EQ(report.customers, 4'338);
  EXPECT_EQ(report.events_refused, 0);
  EXPECT_TRUE(report.kinds.at(v1::KIND_PURCHASE_MADE).micros_by_currency.at("GBP") ==
              8'911'407'904'000);
  EXPECT_EQ(KnownOn(uci_cut_, imported.events).size(), 2'800u);
  EXPECT_EQ(ExpectPurchaseDays("score_uci.csv", uci_cut_, imported), 500u);
}

TEST_F(ImportDataTest, ReadsCdnow) {
  const Imported imported = Import("cdnow", "cdnow/CDNOW_master.txt.gz");
  ASSERT_OK(imported.status);
  const ImportReport& report = imported.report;
  EXPECT_EQ(report.rows_read, 69'659);
  EXPECT_EQ(report.events, 69'659);
  EXPECT_EQ(report.customers, 23'570);
  EXPECT_TRUE(report.kinds.at(v1::KIND_PURCHASE_MADE).micros_by_currency.at("USD") ==
              2'500'315'630'000);
  EXPECT_EQ(DistinctIds(imported.events), 69'659u);
  EXPECT_THAT(Rejections(imported.events), testing::IsEmpty());
  int64_t free_of_charge = 0;
  for (size_t i = 0; i < imported.events.size(); ++i) {
    if (imported.Purchase(i).amount().micros() == 0) ++free_of_charge;
  }
  EXPECT_EQ(free_of_charge, 80);
  EXPECT_EQ(FormatTime(imported.events[0].occurred_at_us()), "1997-01-01T12:00:00Z");
  EXPECT_EQ(imported.events[0].event_id(), "row:2");
}

TEST_F(ImportDataTest, ReadsTheCdnowSample) {
  const Imported imported = Import("cdnow-sample", "cdnow/CDNOW_sample.txt");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 6'919);
  EXPECT_EQ(imported.report.customers, 2'357);
  EXPECT_TRUE(imported.report.kinds.at(v1::KIND_PURCHASE_MADE).micros_by_currency.at("USD") ==
              244'091'940'000);
  EXPECT_EQ(ExpectPurchaseDays("score_cdnow_sample.csv", cdnow_cut_, imported), 2'357u);
}

}  // namespace
}  // namespace rapport::transactions
