#include "consumers/transactions/import.h"

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"
#include "rapport/v1/known.pb.h"
#include "tests/consumers/transactions/import_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using absl::StatusCode;
using kit::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

// Invoice lines, joined to invoices; cancellations begin with C.
constexpr char kInvoices[] = R"(
[file]
format = "csv"
source = "shop"
time_zone = "Europe/London"
[skip]
empty = ["Who"]
when = [{ column = "Sku", equals = "TEST" }]
[group]
by = ["No", "Who"]
occurred_at = { column = "At", format = "%Y-%m-%d %H:%M", take = "earliest" }
[ids]
event_id = "invoice:{No}"
customer_id = { column = "Who", drop_suffix = ".0" }
[[event]]
when = { column = "No", prefix = "C" }
kind = "PurchaseReversed"
form = "CANCEL"
amount = { sum = "Count * Price", negate = true, currency = "GBP" }
[[event]]
kind = "PurchaseMade"
order = "{No}"
place = "{Land}"
channel = "website"
amount = { sum = "Count * Price", currency = "GBP" }
items = { sku = "Sku", quantity = "Count", amount = "Count * Price" }
)";
constexpr char kHeading[] = "No,Sku,Count,At,Price,Who,Land\n";

Imported Invoices(const std::string& rows, const ImportOptions& options = {}) {
  return ImportText(kInvoices, absl::StrCat(kHeading, rows), options);
}

void ExpectEveryRowIsCounted(const ImportReport& report) {
  int64_t rows = report.rows_used + report.rows_refused;
  for (const ImportReport::Skipped& skipped : report.skipped) rows += skipped.rows;
  EXPECT_EQ(rows, report.rows_read);
}

TEST(ImporterTest, JoinsTheLinesOfAnInvoice) {
  const Imported imported = Invoices(
      "536,A1,6,2011-06-01 08:26,2.55,17850.0,UK\n"
      "537,B2,1,2011-06-02 09:00,1,13047.0,France\n"
      "536,A2,3,2011-06-01 08:25,0.333,17850.0,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 2u);
  const v1::Event& first = imported.events[0];
  EXPECT_EQ(first.event_id(), "invoice:536");
  EXPECT_EQ(first.customer_id(), "17850");
  EXPECT_EQ(first.source(), "shop");
  EXPECT_EQ(first.place(), "UK");
  EXPECT_EQ(first.channel(), v1::CHANNEL_WEBSITE);
  EXPECT_EQ(FormatTime(first.occurred_at_us()), "2011-06-01T07:25:00Z");
  const v1::PurchaseMade purchase = imported.Purchase(0);
  EXPECT_EQ(purchase.order(), "536");
  EXPECT_EQ(purchase.amount().micros(), 16'299'000);
  EXPECT_EQ(purchase.amount().currency(), "GBP");
  ASSERT_EQ(purchase.items_size(), 2);
  EXPECT_EQ(purchase.items(0).sku(), "A1");
  EXPECT_EQ(purchase.items(0).quantity_milli(), 6'000);
  EXPECT_EQ(purchase.items(1).amount().micros(), 999'000);
  EXPECT_EQ(purchase.items(1).amount().currency(), "GBP");
  EXPECT_EQ(imported.report.customers, 2);
  EXPECT_EQ(imported.report.rows_used, 3);
  ExpectEveryRowIsCounted(imported.report);
}

// They are sealed by whoever publishes them.
TEST(ImporterTest, CarriesFreeWordsAndNames) {
  const Imported imported = ImportText(R"(
[file]
format = "csv"
source = "crm"
[ids]
event_id = "person:{Id}"
customer_id = { column = "Id" }
[[event]]
kind = "ProfileRecorded"
occurred_at = { column = "Day", format = "%Y-%m-%d" }
name = "{First} {Last}"
note = "{Remark}"
)",
                                       "Id,Day,First,Last,Remark\n"
                                       "7,2024-01-02,Ana,Example,\"rang twice,\nsounded upset, " +
                                           std::string(100, 'x') + "\"\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 1u);
  v1::ProfileRecorded profile;
  ASSERT_TRUE(profile.ParseFromString(imported.events[0].payload()));
  EXPECT_EQ(profile.name(), "Ana Example");
  EXPECT_THAT(imported.events[0].note(), HasSubstr("rang twice,\nsounded upset"));
}

TEST(ImporterTest, TakesTheFirstEventWhoseConditionHolds) {
  const Imported imported = Invoices(
      "C9,A1,-2,2011-01-01 10:00,2.50,7,UK\n"
      "9,A1,2,2011-01-01 10:00,2.50,7,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 2u);
  EXPECT_EQ(imported.events[0].kind(), v1::KIND_PURCHASE_REVERSED);
  v1::PurchaseReversed reversed;
  ASSERT_TRUE(reversed.ParseFromString(imported.events[0].payload()));
  EXPECT_EQ(reversed.amount().micros(), 5'000'000);
  EXPECT_EQ(reversed.form(), v1::REVERSAL_FORM_CANCEL);
  EXPECT_EQ(imported.events[1].kind(), v1::KIND_PURCHASE_MADE);
  EXPECT_TRUE(imported.report.kinds.at(v1::KIND_PURCHASE_REVERSED).micros_by_currency.at("GBP") ==
              5'000'000);
}

TEST(ImporterTest, CountsSkippedRowsByTheFirstRuleThatHolds) {
  const Imported imported = Invoices(
      "1,A1,1,2011-01-01 10:00,1,,UK\n"
      "1,TEST,1,2011-01-01 10:00,1,,UK\n"
      "1,TEST,1,2011-01-01 10:00,1,7,UK\n"
      "1,A1,1,2011-01-01 10:00,1,7,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.report.skipped.size(), 3u);
  EXPECT_EQ(imported.report.skipped[0].words, "without Who");
  EXPECT_EQ(imported.report.skipped[0].rows, 2);
  EXPECT_EQ(imported.report.skipped[1].words, "whose Sku is TEST");
  EXPECT_EQ(imported.report.skipped[1].rows, 1);
  EXPECT_EQ(imported.report.events, 1);
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, KeepsTwoCustomersOfOneInvoiceApart) {
  const Imported imported = Invoices(
      "5,A1,1,2011-01-01 10:00,1,7,UK\n"
      "5,A1,1,2011-01-01 10:00,2,8,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 2u);
  EXPECT_EQ(imported.events[0].event_id(), imported.events[1].event_id());
  EXPECT_EQ(imported.events[0].customer_id(), "7");
  EXPECT_EQ(imported.events[1].customer_id(), "8");
}

TEST(ImporterTest, RefusesTheWholeEventForOneBadRow) {
  const Imported imported = Invoices(
      "1,A1,1,2011-01-01 10:00,1,7,UK\n"
      "2,A1,1,2011-01-01 10:00,5,7,UK\n"
      "1,A2,1,2011-01-01 10:00,\"2,55\",7,UK\n"
      "1,A3,1,2011-01-01 10:00,1,7,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 1u);
  EXPECT_EQ(imported.events[0].event_id(), "invoice:2");
  EXPECT_EQ(imported.report.events_refused, 1);
  EXPECT_EQ(imported.report.rows_refused, 3);
  EXPECT_THAT(imported.report.refusals,
              ElementsAre(HasSubstr("sales.csv:4:25: Price '2,55' is not a number")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, RefusesRowsItCannotRead) {
  const Imported imported = Invoices(
      "1,A1,1,2011-01-01 25:00,1,7,UK\n"
      "2,A1,1,2011-01-01 10:00,1,7,U\tK\n"
      "3,A1,1,2011-01-01 10:00,1,7,\xE9\n"
      "4,A1,1,2011-01-01 10:00,1,.0,UK\n"
      "5 6,A1,1,2011-01-01 10:00,1,7,UK\n"
      "7,A1,1,2011-01-01 10:00,1000000001,7,UK\n");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 0);
  EXPECT_EQ(imported.report.events_refused, 6);
  // The first five.
  EXPECT_THAT(
      imported.report.refusals,
      ElementsAre(HasSubstr("sales.csv:2:8: At '2011-01-01 25:00' is not a time of the form %Y-"),
                  HasSubstr("sales.csv:3:1: place has control characters"),
                  HasSubstr("sales.csv:4:29: Land is not UTF-8"),
                  HasSubstr("sales.csv:5:1: the customer id is empty"),
                  HasSubstr("sales.csv:6:1: event id 'invoice:5 6' is not 1 to 64 visible")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, RefusesAmountsBelowZeroOrBeyondTheLimit) {
  const Imported imported = Invoices(
      "1,A1,-1,2011-01-01 10:00,12.5,7,UK\n"
      "2,A1,1,2011-01-01 10:00,600000000,7,UK\n"
      "2,A1,1,2011-01-01 10:00,600000000,7,UK\n"
      "3,A1,1,2011-01-01 10:00,1000000001,7,UK\n");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 0);
  // What only shows when a group is whole is told at the end.
  EXPECT_THAT(
      imported.report.refusals,
      ElementsAre(HasSubstr("sales.csv:5:1: quantity or amount of the item is too great"),
                  HasSubstr("sales.csv:2:1: amount of event invoice:1 adds up to less than zero"),
                  HasSubstr("sales.csv:3:1: amount of event invoice:2 adds up to more than")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, IgnoresBytesThatAreNotUtf8InColumnsItDoesNotUse) {
  const Imported imported = ImportText(
      "[file]\nformat = \"csv\"\nsource = \"s\"\n[ids]\nevent_id = \"{No}\"\n"
      "customer_id = \"{Who}\"\n[[event]]\nkind = \"PurchaseMade\"\n"
      "occurred_at = { column = \"Day\", format = \"%Y-%m-%d\" }\n",
      "No,Who,Day,Remark\n1,7,2011-01-01,caf\xE9\n");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 1);
}

TEST(ImporterTest, RefusesARowWithAFieldTooManyAndGoesOn) {
  const Imported imported = ImportText(
      "[file]\nformat = \"csv\"\nsource = \"s\"\n[ids]\nevent_id = \"{No}\"\n"
      "customer_id = \"{Who}\"\n[[event]]\nkind = \"PurchaseMade\"\n"
      "occurred_at = { column = \"Day\", format = \"%Y-%m-%d\" }\n",
      "No,Who,Day\n1,7,2011-01-01\n2,8,2011,01,01\n3,9\n4,7,2011-01-02\n");
  ASSERT_OK(imported.status);
  EXPECT_TRUE(imported.report.whole);
  EXPECT_EQ(imported.report.events, 2);
  EXPECT_EQ(imported.report.events_refused, 2);
  EXPECT_THAT(imported.report.refusals,
              ElementsAre(HasSubstr("sales.csv:3:10: the row has 5 fields where 3 are expected"),
                          HasSubstr("sales.csv:4:3: the row has 2 fields where 3 are expected")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, RefusesTheInvoiceOfARowWithAFieldTooMany) {
  const Imported imported = Invoices(
      "1,A1,1,2011-01-01 10:00,1,7,UK\n"
      "1,A2,1,2011-01-01 10:00,2,55,7,UK\n"
      "2,A1,1,2011-01-01 10:00,1,7,UK\n"
      "3,A1,1,2011-01-01 10:00,2,55,7,UK\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 1u);
  EXPECT_EQ(imported.events[0].event_id(), "invoice:2");
  EXPECT_EQ(imported.report.events_refused, 2);
  EXPECT_EQ(imported.report.rows_refused, 3);
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, StopsWhenItIsToldTo) {
  std::string rows;
  for (int i = 0; i < 30'000; ++i) absl::StrAppend(&rows, i, ",A1,1,2011-01-01 10:00,1,7,UK\n");
  int asked = 0;
  ImportOptions options;
  options.may_go_on = [&asked] {
    return ++asked < 2 ? absl::OkStatus() : absl::CancelledError("enough");
  };
  const Imported imported = Invoices(rows, options);
  EXPECT_THAT(imported.status, StatusIs(StatusCode::kCancelled, "enough"));
  EXPECT_FALSE(imported.report.whole);
  EXPECT_EQ(imported.report.rows_read, 2 * 8192);
  EXPECT_TRUE(imported.events.empty());
}

TEST(ImporterTest, StopsWhereTheFileCannotBeReadFurther) {
  const Imported imported = Invoices(
      "1,A1,1,2011-01-01 10:00,1,7,UK\n"
      "2,\"A1,1,2011-01-01 10:00,1,7,UK\n");
  EXPECT_THAT(imported.status,
              StatusIs(StatusCode::kInvalidArgument, "sales.csv:3:3: the quote is not closed"));
  EXPECT_EQ(imported.report.rows_read, 1);
  EXPECT_FALSE(imported.report.whole);
  EXPECT_LT(imported.report.file_bytes_read, imported.report.file_bytes);
  EXPECT_TRUE(imported.events.empty());
}

TEST(ImporterTest, LeavesOutItemsBelowZeroButKeepsTheirAmount) {
  const Imported imported = Invoices(
      "1,A1,4,2011-01-01 10:00,1,7,UK\n"
      "1,DISCOUNT,-1,2011-01-01 10:00,1.5,7,UK\n"
      "1,FREE,1,2011-01-01 10:00,0,7,UK\n");
  ASSERT_OK(imported.status);
  const v1::PurchaseMade purchase = imported.Purchase(0);
  EXPECT_EQ(purchase.amount().micros(), 2'500'000);
  EXPECT_EQ(purchase.items_size(), 2);
  EXPECT_EQ(imported.report.items_left_out, 1);
}

TEST(ImporterTest, LeavesOutItemsBeyondTheLimitsOfAnEvent) {
  std::string rows;
  for (int i = 0; i < 1'002; ++i) {
    absl::StrAppend(&rows, "1,S", i, ",1,2011-01-01 10:00,1,7,UK\n");
    absl::StrAppend(&rows, "2,", std::string(60, 'x'), i, ",1,2011-01-01 10:00,1,7,UK\n");
  }
  const Imported imported = Invoices(rows);
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.Purchase(0).items_size(), 1'000);
  EXPECT_EQ(imported.Purchase(0).amount().micros(), 1'002'000'000);
  EXPECT_LE(imported.events[1].payload().size(), 60u << 10);
  EXPECT_GT(imported.Purchase(1).items_size(), 600);
  EXPECT_EQ(imported.Purchase(1).amount().micros(), 1'002'000'000);
  EXPECT_EQ(imported.report.items_left_out, 2 + 1'002 - imported.Purchase(1).items_size());
}

TEST(ImporterTest, GivesTheSameEventsTwice) {
  const std::string rows = "1,A1,4,2011-01-01 10:00,1,7,UK\nC2,A1,-4,2011-01-02 10:00,1,7,UK\n";
  const Imported once = Invoices(rows);
  const Imported twice = Invoices(rows);
  ASSERT_EQ(once.events.size(), 2u);
  ASSERT_EQ(twice.events.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(once.events[i].SerializeAsString(), twice.events[i].SerializeAsString());
  }
}

TEST(ImporterTest, HandsNothingOverInADryRun) {
  std::string rows;
  for (int i = 0; i < 8; ++i) absl::StrAppend(&rows, i, ",A1,1,2011-01-01 10:00,1,7,UK\n");
  const Imported imported = Invoices(rows, {.dry_run = true});
  ASSERT_OK(imported.status);
  EXPECT_TRUE(imported.events.empty());
  EXPECT_EQ(imported.report.events, 8);
  ASSERT_EQ(imported.report.examples.size(), 5u);
  EXPECT_EQ(imported.report.examples[4].event_id(), "invoice:4");
}

TEST(ImporterTest, ReturnsWhatTheSinkSaysAndStops) {
  const ImportFolder folder;
  const auto mapping = ImportMapping::Parse(kInvoices, "shop.toml");
  ASSERT_OK(mapping);
  const std::string path =
      folder.Write("sales.csv", absl::StrCat(kHeading,
                                             "1,A,1,2011-01-01 10:00,1,7,UK\n"
                                             "2,A,1,2011-01-01 10:00,1,7,UK\n"
                                             "3,A,1,2011-01-01 10:00,1,7,UK\n"));
  auto importer = Importer::Open(*mapping, path, {});
  ASSERT_OK(importer);
  int calls = 0;
  const EventSink full = [&calls](v1::Event&&) {
    return ++calls == 2 ? absl::UnavailableError("the server is away") : absl::OkStatus();
  };
  ImportReport report;
  EXPECT_THAT((*importer)->Run(full, report),
              StatusIs(StatusCode::kUnavailable, "the server is away"));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(report.events, 1);
}

TEST(ImporterTest, TellsItsProgress) {
  ImportOptions options;
  int64_t seen = 0;
  int64_t rows_seen = 0;
  options.progress = [&](const ImportReport& report) {
    EXPECT_GE(report.file_bytes_read, seen);
    seen = report.file_bytes_read;
    rows_seen = report.rows_read;
    EXPECT_LE(seen, report.file_bytes);
  };
  const Imported imported = Invoices("1,A1,1,2011-01-01 10:00,1,7,UK\n", options);
  ASSERT_OK(imported.status);
  EXPECT_EQ(seen, imported.report.file_bytes);
  EXPECT_EQ(rows_seen, 1);
}

// One row, one event; what stands behind `fields` fills it.
Imported Rows(const std::string& fields, const std::string& data,
              const std::string& kind = "PurchaseMade", const std::string& id = "{No}") {
  return ImportText(
      absl::StrCat("[file]\nformat = \"csv\"\nsource = \"s\"\n[ids]\nevent_id = \"", id,
                   "\"\ncustomer_id = \"{Who}\"\n[[event]]\nkind = \"", kind,
                   "\"\noccurred_at = { column = \"Day\", format = \"%Y-%m-%d\" }\n", fields),
      data);
}

TEST(ImporterTest, RefusesAnIdThatStandsTwiceForOneCustomer) {
  const Imported imported =
      Rows("", "No,Who,Day\n1,7,2011-01-01\n1,8,2011-01-01\n1,7,2011-01-02\n");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 2);
  EXPECT_THAT(imported.report.refusals,
              ElementsAre(HasSubstr("sales.csv:4:1: event id 1 stands at line 2 already")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, NumbersRowsByTheirFirstLine) {
  const Imported imported =
      Rows("", "Who,Day\n7,2011-01-01\n\n\"7\",2011-01-01\n", "PurchaseMade", "row:{line}");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 2u);
  EXPECT_EQ(imported.events[0].event_id(), "row:2");
  EXPECT_EQ(imported.events[1].event_id(), "row:4");
}

TEST(ImporterTest, FillsEnvelopeFieldsOfEveryType) {
  const Imported imported = Rows(
      "channel = \"{Via}\"\nlive_person = \"{Live}\"\nduration_s = \"{Long}\"\n"
      "wait_s = 30\ncustomer_feeling = -2\nplace = \"{{{Via}}}\"\n"
      "cost = { sum = \"Cost\", currency = \"{Cur}\" }\n"
      "actor = { id = \"a-{No}\", role = \"SALES\" }\n"
      "measures = { pages = \"Pages\", clicks = \"Pages * 2\" }\n",
      "No,Who,Day,Via,Live,Long,Cost,Cur,Pages\n"
      "1,7,2011-01-01,Phone,yes,90,1.25,USD,3\n"
      "2,7,2011-01-02,,,,0,EUR,4\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 2u);
  const v1::Event& event = imported.events[0];
  EXPECT_EQ(event.channel(), v1::CHANNEL_PHONE);
  EXPECT_TRUE(event.live_person());
  EXPECT_EQ(event.duration_s(), 90u);
  EXPECT_EQ(event.wait_s(), 30u);
  EXPECT_EQ(event.customer_feeling(), -2);
  EXPECT_EQ(event.place(), "{Phone}");
  EXPECT_EQ(event.cost().micros(), 1'250'000);
  EXPECT_EQ(event.cost().currency(), "USD");
  EXPECT_EQ(event.actor().id(), "a-1");
  EXPECT_EQ(event.actor().role(), v1::ACTOR_ROLE_SALES);
  ASSERT_EQ(event.measures_size(), 2);
  EXPECT_EQ(event.measures(0).name(), "clicks");
  EXPECT_EQ(event.measures(0).value(), 6);
  EXPECT_EQ(event.measures(1).name(), "pages");
  // An empty text leaves its field absent; an amount of zero is an amount.
  EXPECT_FALSE(imported.events[1].has_live_person());
  EXPECT_FALSE(imported.events[1].has_duration_s());
  EXPECT_EQ(imported.events[1].channel(), v1::CHANNEL_UNSPECIFIED);
  EXPECT_TRUE(imported.events[1].has_cost());
}

TEST(ImporterTest, FillsPayloadsOfOtherKinds) {
  const Imported survey =
      Rows("survey = \"s1\"\nscore = { sum = \"A + B\" }\nmax = 10\n",
           "No,Who,Day,A,B\n1,7,2011-01-01,4,5\n2,7,2011-01-02,4.5,5\n", "SurveyAnswered");
  ASSERT_OK(survey.status);
  ASSERT_EQ(survey.events.size(), 1u);
  v1::SurveyAnswered answer;
  ASSERT_TRUE(answer.ParseFromString(survey.events[0].payload()));
  EXPECT_EQ(answer.score(), 9);
  EXPECT_EQ(answer.max(), 10);
  EXPECT_THAT(survey.report.refusals,
              ElementsAre(HasSubstr("score of event 2 does not add up to a whole number")));

  const Imported offer = Rows(
      "offer = \"o{No}\"\nform = \"{Form}\"\nvalid_until = { column = \"Until\", format = "
      "\"%d/%m/%Y\" }\n",
      "No,Who,Day,Form,Until\n1,7,2011-01-01,upsell,31/01/2011\n2,7,2011-01-01,UPSELL,\n"
      "3,7,2011-01-01,GIFT,\n",
      "OfferMade");
  ASSERT_OK(offer.status);
  ASSERT_EQ(offer.events.size(), 2u);
  v1::OfferMade made;
  ASSERT_TRUE(made.ParseFromString(offer.events[0].payload()));
  EXPECT_EQ(made.form(), v1::OFFER_FORM_UPSELL);
  EXPECT_EQ(FormatTime(made.valid_until_us()), "2011-01-31T12:00:00Z");
  EXPECT_THAT(offer.report.refusals,
              ElementsAre(HasSubstr("sales.csv:4:1: form 'GIFT' is not one of UPSELL")));
}

TEST(ImporterTest, CountsRowsThatNoEventTakes) {
  const Imported imported =
      Rows("when = [{ column = \"No\", above = 1 }, { column = \"Who\", empty = false }]\n",
           "No,Who,Day\n1,7,2011-01-01\n2,7,2011-01-01\n3,,2011-01-01\nx,7,2011-01-01\n");
  ASSERT_OK(imported.status);
  EXPECT_EQ(imported.report.events, 1);
  EXPECT_EQ(imported.report.skipped.back().words, "that no [[event]] takes");
  EXPECT_EQ(imported.report.skipped.back().rows, 2);
  EXPECT_THAT(imported.report.refusals, ElementsAre(HasSubstr("No 'x' is not a number")));
  ExpectEveryRowIsCounted(imported.report);
}

TEST(ImporterTest, RefusesAGroupThatIsNotOneEvent) {
  const std::string mapping =
      "[file]\nformat = \"csv\"\nsource = \"s\"\n[group]\nby = [\"No\"]\n"
      "occurred_at = { column = \"Day\", format = \"%Y-%m-%d\", take = \"latest\" }\n"
      "[ids]\nevent_id = \"{No}\"\ncustomer_id = \"{Who}\"\n"
      "[[event]]\nwhen = { column = \"Price\", not_above = 0 }\nkind = \"EnquiryMade\"\n"
      "[[event]]\nkind = \"PurchaseMade\"\namount = { sum = \"Price\", currency = \"{Cur}\" }\n";
  const Imported imported = ImportText(mapping,
                                       "No,Who,Day,Price,Cur\n"
                                       "1,7,2011-01-01,1,EUR\n1,8,2011-01-01,1,EUR\n"
                                       "2,7,2011-01-01,1,EUR\n2,7,2011-01-01,1,USD\n"
                                       "3,7,2011-01-01,1,EUR\n3,7,2011-01-01,0,EUR\n"
                                       "4,7,2011-01-01,1,EUR\n4,7,2011-01-02,1,EUR\n"
                                       "5,7,2011-01-01,1,euro\n");
  ASSERT_OK(imported.status);
  ASSERT_EQ(imported.events.size(), 1u);
  EXPECT_EQ(FormatTime(imported.events[0].occurred_at_us()), "2011-01-02T12:00:00Z");
  EXPECT_EQ(imported.Purchase(0).amount().micros(), 2'000'000);
  EXPECT_THAT(imported.report.refusals,
              ElementsAre(HasSubstr("sales.csv:3:1: the rows of one event name two customers"),
                          HasSubstr("sales.csv:5:1: amount is in EUR and in USD"),
                          HasSubstr("sales.csv:7:1: the rows of one group belong to different"),
                          HasSubstr("sales.csv:10:1: the currency is not three capital letters")));
  ExpectEveryRowIsCounted(imported.report);
}

}  // namespace
}  // namespace rapport::transactions
