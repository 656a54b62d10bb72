#include "consumers/transactions/import_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rapport::transactions {
namespace {

TEST(ImportReportTest, SaysWhatTheOnlineRetailImportSays) {
  ImportReport report;
  report.whole = true;
  report.rows_read = 541'909;
  report.text_bytes = 47'600'000;
  report.file_bytes = report.file_bytes_read = 7'618'444;
  report.skipped = {{"without CustomerID", 135'080}, {"that no [[event]] takes", 0}};
  report.events = 22'190;
  report.customers = 4'372;
  report.kinds[v1::KIND_PURCHASE_MADE] = {
      "PurchaseMade", 18'536, {{"GBP", int128{8'911'407'904'000}}}};
  report.kinds[v1::KIND_PURCHASE_REVERSED] = {
      "PurchaseReversed", 3'654, {{"GBP", int128{611'342'090'000}}}};
  EXPECT_THAT(SummaryLines(report),
              testing::ElementsAre(
                  "read 541,909 rows  100 %  48 MB   skipped 135,080 rows without CustomerID",
                  "22,190 events of 4,372 customers: 18,536 purchases, 3,654 reversals    "
                  "0 rejected",
                  "purchases GBP 8,911,407.90, reversals GBP 611,342.09"));
}

TEST(ImportReportTest, TellsRefusalsAndItemsLeftOut) {
  ImportReport report;
  report.whole = true;
  report.rows_read = 3;
  report.file_bytes = 200;
  report.file_bytes_read = 200;
  report.events_refused = 1;
  report.rows_refused = 2;
  report.items_left_out = 4;
  EXPECT_THAT(SummaryLines(report, 6), testing::ElementsAre("read 3 rows  100 %  0 bytes",
                                                            "0 events of 0 customers    7 rejected",
                                                            testing::HasSubstr("4 invoice lines")));
}

TEST(ImportReportTest, SaysHowFarAStoppedImportCame) {
  ImportReport report;
  report.rows_read = 1'200;
  report.file_bytes = 2'100'000;
  report.file_bytes_read = 861'000;
  report.skipped = {{"without CustomerID", 3}};
  report.events = 1'197;
  report.customers = 40;
  EXPECT_THAT(
      SummaryLines(report),
      testing::ElementsAre("stopped behind row 1,200 (41 % of 2.1 MB), the rest of the file "
                           "was not read   skipped 3 rows without CustomerID",
                           "1,197 events of 40 customers    0 rejected"));
  report.file_bytes_read = report.file_bytes;
  EXPECT_THAT(SummaryLines(report)[0],
              testing::HasSubstr("(99 % of 2.1 MB), not all events were handed over"));
}

TEST(ImportReportTest, WritesBytesHonestly) {
  EXPECT_EQ(FormatBytes(0), "0 bytes");
  EXPECT_EQ(FormatBytes(999), "999 bytes");
  EXPECT_EQ(FormatBytes(1'000), "1.0 KB");
  EXPECT_EQ(FormatBytes(310'400), "310 KB");
  EXPECT_EQ(FormatBytes(999'600), "1.0 MB");
  EXPECT_EQ(FormatBytes(2'149'000), "2.1 MB");
  EXPECT_EQ(FormatBytes(47'600'000), "48 MB");
  EXPECT_EQ(FormatBytes(82'000'000'000), "82 GB");
}

TEST(ImportReportTest, WritesNumbersInGroupsOfThree) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'000), "1,000");
  EXPECT_EQ(FormatCount(-123'456), "-123,456");
  EXPECT_EQ(FormatAmount(1'004'999), "1.00");
  EXPECT_EQ(FormatAmount(1'005'000), "1.01");
  EXPECT_EQ(FormatAmount(int128{1'234'567'890'000}), "1,234,567.89");
}

}  // namespace
}  // namespace rapport::transactions
