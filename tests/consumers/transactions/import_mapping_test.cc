#include "consumers/transactions/import_mapping.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/consumers/transactions/import_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using absl::StatusCode;
using kit::StatusIs;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr absl::string_view kShop = R"([file]
format = "csv"
source = "shop"
[ids]
event_id = "order:{No}"
customer_id = "{Who}"
[[event]]
kind = "PurchaseMade"
occurred_at = { column = "Day", format = "%Y-%m-%d" }
amount = { sum = "Price", currency = "EUR" }
)";

// The shop's mapping with one piece exchanged.
absl::StatusOr<ImportMapping> Changed(absl::string_view from, absl::string_view to) {
  EXPECT_TRUE(absl::StrContains(kShop, from)) << from;
  return ImportMapping::Parse(absl::StrReplaceAll(kShop, {{from, to}}), "shop.toml");
}

// The shop's mapping with lines behind its event.
absl::StatusOr<ImportMapping> With(absl::string_view lines) {
  return ImportMapping::Parse(absl::StrCat(kShop, lines), "shop.toml");
}

#define EXPECT_REFUSED(mapping, text) \
  EXPECT_THAT(mapping, StatusIs(StatusCode::kInvalidArgument, text))

TEST(ImportMappingTest, ReadsASmallMapping) {
  const auto mapping = With("");
  ASSERT_OK(mapping);
  EXPECT_TRUE(mapping->reader.csv);
  EXPECT_TRUE(mapping->reader.header);
  EXPECT_EQ(mapping->source, "shop");
  ASSERT_EQ(mapping->events.size(), 1u);
  EXPECT_EQ(mapping->events[0].kind->kind, v1::KIND_PURCHASE_MADE);
}

TEST(ImportMappingTest, NamesAnUnknownKeyItsPlaceAndWhatWasPerhapsMeant) {
  EXPECT_REFUSED(Changed("source = ", "sorce = "),
                 "shop.toml:3:1: unknown key 'sorce' in [file]; did you mean 'source'?");
  EXPECT_REFUSED(Changed("[ids]", "[id]"),
                 "shop.toml:4:2: unknown key 'id' in the mapping; did you mean 'ids'?");
  EXPECT_REFUSED(Changed("customer_id = \"{Who}\"", "customer_id = { colum = \"Who\" }"),
                 "shop.toml:6:17: unknown key 'colum' in a text; did you mean 'column'?");
  EXPECT_REFUSED(
      Changed("amount = { sum", "amont = { sum"),
      "shop.toml:10:1: unknown key 'amont' in [[event]]: PurchaseMade has no such field; "
      "did you mean 'amount'?");
  EXPECT_REFUSED(Changed("format = \"%Y", "formt = \"%Y"), "unknown key 'formt' in a time");
  EXPECT_REFUSED(Changed("{ sum", "{ neg = true, sum"), "unknown key 'neg' in an amount");
  EXPECT_REFUSED(With("items = { sku = \"x\", count = \"1\" }"), "unknown key 'count' in items");
  EXPECT_REFUSED(With("actor = { nam = \"x\" }"), "unknown key 'nam' in actor");
  EXPECT_REFUSED(Changed("[ids]", "[group]\nbye = [\"No\"]\n[ids]"),
                 "unknown key 'bye' in [group]");
  EXPECT_REFUSED(Changed("[ids]", "[skip]\nempy = [\"No\"]\n[ids]"),
                 "unknown key 'empy' in [skip]");
  EXPECT_REFUSED(With("when = { column = \"No\", prefx = \"C\" }"), "unknown key 'prefx'");
}

TEST(ImportMappingTest, NamesThePlaceOfBrokenToml) {
  EXPECT_REFUSED(Changed("source = \"shop\"", "source = \"shop"), "shop.toml:3:");
  EXPECT_REFUSED(Changed("source = \"shop\"", "source = \"shop"),
                 "in `source`; a text ends on its line with the quotes it began with");
  EXPECT_REFUSED(Changed("format = \"csv\"", "format = csv"), "shop.toml:2:");
  EXPECT_REFUSED(Changed("format = \"csv\"", "format = csv"),
                 "in `format`; a text stands in quotes");
}

TEST(ImportMappingTest, ShowsNoValueOfBrokenToml) {
  const auto refused = [](absl::string_view text) {
    return std::string(ImportMapping::Parse(text, "m.toml").status().message());
  };
  EXPECT_THAT(refused("key = \"hidden\n"), AllOf(HasSubstr("in `key`"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refused("keys = [\n\"hidden\" \"hidden\"\n]\n"),
              AllOf(HasSubstr("m.toml:2:"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refused("key: hidden\n"),
              AllOf(HasSubstr("a setting is written name = \"text\""), Not(HasSubstr("hidden"))));
  EXPECT_THAT(refused("key = 98765432109876543210\n"),
              AllOf(HasSubstr("a number is not representable"), Not(HasSubstr("9876"))));
  EXPECT_THAT(refused("[file\n"), HasSubstr("in `[file`; a table begins with its name"));
}

// toml++ asserts that a name follows.
TEST(ImportMappingTest, RefusesATableWithoutAName) {
  EXPECT_THAT(ImportMapping::Parse("[[# not a name\n", "m.toml"),
              StatusIs(absl::StatusCode::kInvalidArgument, "look for a `[` without a name"));
}

TEST(ImportMappingTest, RefusesALetterBehindANumber) {
  EXPECT_THAT(ImportMapping::Parse("[file]\nskip_lines = 39\u043d\n", "m.toml"),
              StatusIs(absl::StatusCode::kInvalidArgument, "m.toml:2:"));
}

TEST(ImportMappingTest, SaysWhichFileIsMissing) {
  EXPECT_THAT(ImportMapping::Load("/nowhere/shop.toml"),
              StatusIs(StatusCode::kNotFound, "mapping /nowhere/shop.toml cannot be opened"));
}

TEST(ImportMappingTest, RefusesWrongFileOptions) {
  EXPECT_REFUSED(Changed("\"csv\"", "\"xls\""), "shop.toml:2:10: format 'xls' is not known");
  EXPECT_REFUSED(Changed("\"csv\"", "\"blank-seperated\""), "did you mean 'blank-separated'?");
  EXPECT_REFUSED(Changed("\"csv\"", "3"), "format must be a text in quotes");
  EXPECT_REFUSED(Changed("format = \"csv\"\n", ""), "shop.toml:1:1: [file] needs format");
  EXPECT_REFUSED(Changed("source = \"shop\"", "source = \"My Shop\""), "source must be 1 to 64");
  EXPECT_REFUSED(Changed("[ids]", "skip_lines = -1\n[ids]"), "skip_lines must be 0 or more");
  EXPECT_REFUSED(Changed("[ids]", "skip_lines = \"1\"\n[ids]"), "must be a whole number");
  EXPECT_REFUSED(Changed("[ids]", "header = \"no\"\n[ids]"), "header must be true or false");
  EXPECT_REFUSED(Changed("[ids]", "header = false\n[ids]"), "header = false needs columns");
  EXPECT_REFUSED(Changed("[ids]", "columns = [\"a\"]\n[ids]"),
                 "columns is only for header = false");
  EXPECT_REFUSED(Changed("[ids]", "header = false\ncolumns = [1]\n[ids]"), "a list of texts");
  EXPECT_REFUSED(Changed("[ids]", "separator = \"::\"\n[ids]"), "separator must be one character");
  EXPECT_REFUSED(Changed("[ids]", "time_zone = \"Mars\"\n[ids]"),
                 "shop.toml:4:13: time zone 'Mars' is not in this machine's");
}

TEST(ImportMappingTest, RefusesMissingSections) {
  EXPECT_REFUSED(ImportMapping::Parse("", "shop.toml"), "[file] is missing");
  EXPECT_REFUSED(Changed("[ids]\nevent_id = \"order:{No}\"\ncustomer_id = \"{Who}\"\n", ""),
                 "[ids] is missing");
  EXPECT_REFUSED(ImportMapping::Parse(kShop.substr(0, kShop.find("[[event]]")), "shop.toml"),
                 "[[event]] is missing");
  EXPECT_REFUSED(Changed("customer_id = \"{Who}\"\n", ""), "[ids] needs event_id and customer_id");
  EXPECT_REFUSED(Changed("occurred_at = { column = \"Day\", format = \"%Y-%m-%d\" }\n", ""),
                 "the event needs occurred_at");
  EXPECT_REFUSED(Changed("kind = \"PurchaseMade\"\n", ""), "[[event]] needs kind");
  EXPECT_REFUSED(Changed("[[event]]", "[event]"), "[[event]] is missing");
}

TEST(ImportMappingTest, RefusesWrongIds) {
  EXPECT_REFUSED(Changed("\"order:{No}\"", "\"order\""), "event_id needs a column or {line}");
  EXPECT_REFUSED(Changed("\"order:{No}\"", "\"order:{No\""), "shop.toml:5:12: a column is written");
  EXPECT_REFUSED(Changed("\"order:{No}\"", "\"order:{}\""), "a column is written {Name}");
  EXPECT_REFUSED(Changed("\"order:{No}\"", "\"order:}\""), "a closing brace has no opening one");
  EXPECT_REFUSED(Changed("\"order:{No}\"", "7"), "write a text");
}

TEST(ImportMappingTest, RefusesWrongTimesAndKinds) {
  EXPECT_REFUSED(Changed("\"%Y-%m-%d\"", "\"%H\""), "does not tell year, month and day");
  EXPECT_REFUSED(Changed("\"%Y-%m-%d\" }", "\"%Y-%m-%d\", take = \"first\" }"),
                 "take must be earliest or latest");
  EXPECT_REFUSED(Changed("{ column = \"Day\", format = \"%Y-%m-%d\" }", "\"Day\""),
                 "a time is written {");
  EXPECT_REFUSED(Changed("\"PurchaseMade\"", "\"PurchaseMad\""),
                 "there is no kind of event 'PurchaseMad'; did you mean 'PurchaseMade'?");
}

TEST(ImportMappingTest, RefusesWrongConditions) {
  EXPECT_REFUSED(With("when = \"C\""), "a condition is written {");
  EXPECT_REFUSED(With("when = { column = \"No\" }"), "a condition needs one of prefix");
  EXPECT_REFUSED(With("when = { column = \"No\", prefix = \"C\", empty = true }"), "needs one of");
  EXPECT_REFUSED(With("when = { prefix = \"C\" }"), "a condition needs column");
  EXPECT_REFUSED(With("when = { column = \"Price\", above = 0.5 }"), "above must be a number");
  EXPECT_OK(With("when = { column = \"Price\", above = \"0.5\" }"));
}

TEST(ImportMappingTest, RefusesWrongAmounts) {
  EXPECT_REFUSED(Changed("\"EUR\"", "\"euro\""), "currency must be three capital letters");
  EXPECT_REFUSED(Changed(", currency = \"EUR\"", ""), "an amount needs currency");
  EXPECT_REFUSED(Changed("sum = \"Price\", ", ""), "sum is missing");
  EXPECT_REFUSED(Changed("\"Price\"", "\"Price /\""), "shop.toml:10:18: '/' is not understood");
  EXPECT_REFUSED(Changed("{ sum = \"Price\", currency = \"EUR\" }", "\"{Price}\""),
                 "amount is an amount");
  EXPECT_REFUSED(Changed("amount = { sum = \"Price\", currency = \"EUR\" }",
                         "items = { sku = \"x\", amount = \"Price\" }"),
                 "items needs currency");
}

TEST(ImportMappingTest, RefusesWrongFields) {
  EXPECT_REFUSED(With("channel = \"CARRIER_PIGEON\""), "is not one of WEBSITE, EMAIL");
  EXPECT_REFUSED(With("live_person = 3"), "is neither true");
  EXPECT_REFUSED(With("duration_s = -1"), "is not between 0 and");
  EXPECT_REFUSED(With("duration_s = \"long\""), "is not a whole number");
  EXPECT_REFUSED(With("items = \"Sku\""), "items must be a table");
  EXPECT_REFUSED(With(absl::StrCat("place = \"", std::string(65, 'x'), "\"")),
                 "place has 65 bytes, of 64 at most");
  EXPECT_REFUSED(With(absl::StrCat("note = \"", std::string(8193, 'x'), "\"")),
                 "note has 8193 bytes, of 8192 at most");
  EXPECT_REFUSED(With("publisher = \"me\""), "unknown key 'publisher'");
  EXPECT_REFUSED(With("measures = {}"), "measures needs 1 to 16 names");
}

TEST(ImportMappingTest, NamesTheMappingsLineForAColumnTheFileDoesNotHave) {
  const ImportFolder folder;
  const auto mapping = With("");
  ASSERT_OK(mapping);
  const std::string path = folder.Write("sales.csv", "No,Who,Date,Price\n");
  EXPECT_REFUSED(Importer::Open(*mapping, path, {}).status(),
                 absl::StrCat("shop.toml:9:26: column 'Day' is not in ", path,
                              " (it has No, Who, Date, Price)"));
  const std::string twice = folder.Write("twice.csv", "No,Who,Day,Price,Price\n");
  EXPECT_REFUSED(Importer::Open(*mapping, twice, {}).status(), "column 'Price' stands twice");
}

TEST(ImportMappingTest, ReadsEveryMappingThatIsShipped) {
  for (const std::string name :
       {"online-retail", "online-retail-purchases", "cdnow", "cdnow-sample"}) {
    EXPECT_OK(
        ImportMapping::Load(absl::StrCat(RAPPORT_SOURCE_DIR, "/deploy/import/", name, ".toml")));
  }
}

}  // namespace
}  // namespace rapport::transactions
