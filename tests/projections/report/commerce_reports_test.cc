// Reports on buying, giving and bringing others.
#include <gtest/gtest.h>

#include "rapport/v1/touchpoint.pb.h"
#include "tests/projections/report/base.h"

namespace rapport::report {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder Costs(EventBuilder event, int64_t units) {
  event.envelope().mutable_cost()->set_currency("EUR");
  event.envelope().mutable_cost()->set_micros(units * 1'000'000);
  return event;
}

EventBuilder In(EventBuilder event, const char* interaction) {
  event.envelope().set_interaction_id(interaction);
  return event;
}

EventBuilder Bought(const char* customer, int64_t day, int64_t units) {
  return APurchase().Of(customer).OnDay(day).Worth(units, "EUR");
}

EventBuilder Converted(const char* customer, int64_t day, const char* key, int64_t units) {
  EventBuilder event = AnEvent(v1::KIND_REFERRAL_CONVERTED).Of(customer).OnDay(day).Key(key);
  event.envelope().mutable_value()->set_currency("EUR");
  event.envelope().mutable_value()->set_micros(units * 1'000'000);
  return event;
}

TEST(PurchasesTest, CountsByEachQuestionAndOnceInTheTotal) {
  Base base;
  EventBuilder first = Bought("ana", 100, 40).Key("A1").Set("start_reason", "friend");
  first.envelope().set_reason("price");
  first.envelope().set_place("ny");
  first.On(v1::CHANNEL_PHONE);
  base.Add(first);
  base.Add(Bought("ana", 110, 2).Key("A2"));
  base.Add(
      AnEvent(v1::KIND_FULFILMENT_STEP_DONE).Of("ana").OnDay(111).Key("A1").Set("step", "sent"));
  const TableView view = base.Tell("purchases", 200);
  EXPECT_EQ(view.Number({"reason", "price"}, "purchases"), 1);
  EXPECT_EQ(view.Number({"reason", ""}, "purchases"), 1);
  EXPECT_EQ(view.Money({"place", "ny"}, "spend"), "40 EUR");
  EXPECT_EQ(view.Number({"start_reason", "friend"}, "purchases"), 1);
  EXPECT_EQ(view.Number({"channel", "PHONE"}, "purchases"), 1);
  EXPECT_EQ(view.Number({"month", "1970-04"}, "purchases"), 2);
  EXPECT_EQ(view.Text({"order", "A1"}, "steps"), "sent");
  EXPECT_EQ(view.Number({}, "purchases"), 2);
  EXPECT_EQ(view.Money({}, "spend"), "42 EUR");
  EXPECT_EQ(view.Number({}, "gap"), 10);
}

TEST(PurchasesTest, TellsOrdersOfOneCustomerOnly) {
  Base base;
  base.Add(Bought("ana", 100, 40).Key("A1"));
  base.Add(Bought("ben", 100, 40).Key("B1"));
  EXPECT_EQ(base.Tell("purchases", 200).Find({"order"}), nullptr);
}

TEST(TransactionalShareTest, IsOfThoseWhoDoNothingButBuy) {
  Base base;
  base.Add(Bought("ana", 100, 1));
  base.Add(Bought("ben", 100, 1));
  base.Add(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").OnDay(150).Key("Q1"));
  EXPECT_EQ(base.Tell("transactional_share", 120).Number({}, "share"), 1000);
  const TableView later = base.Tell("transactional_share", 160);
  EXPECT_EQ(later.Number({}, "known"), 2);
  EXPECT_EQ(later.Number({}, "transactional"), 1);
  EXPECT_EQ(later.Number({}, "share"), 500);
}

TEST(ReferralsTest, AreCountedPerThousandTransactionsWithWhatTheyBrought) {
  Base base;
  for (int i = 0; i < 100; ++i) base.Add(Bought("ana", 100 + i, 1));
  base.Add(In(Bought("ben", 100, 1).Key("B1"), "i1"));
  base.Add(In(AnEvent(v1::KIND_REFERRAL_MADE)
                  .Of("ben")
                  .OnDay(101)
                  .Key("R1")
                  .Set("qualified", 1)
                  .Set("referred", "cleo"),
              "i1"));
  base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ben").OnDay(102).Key("R2").Set("decision_maker", 1));
  base.Add(Converted("ben", 110, "R1", 50));
  const TableView view = base.Tell("referrals", 300);
  EXPECT_EQ(view.Number({}, "transactions"), 101);
  EXPECT_EQ(view.Number({}, "made"), 2);
  EXPECT_EQ(view.Number({}, "per_1000_transactions"), 20);  // 19.8
  EXPECT_EQ(view.Number({}, "qualified"), 1);
  EXPECT_EQ(view.Number({}, "decision_makers"), 1);
  EXPECT_EQ(view.Number({}, "converted_per_1000"), 500);
  EXPECT_EQ(view.Money({}, "value"), "50 EUR");
  EXPECT_EQ(view.Text({"ben", "R1"}, "referred"), "cleo");
  EXPECT_EQ(view.Text({"ben", "R1"}, "transaction"), "B1");
  EXPECT_EQ(view.Number({}, "with_transaction"), 1);
  EXPECT_EQ(view.Customers({}), (std::vector<std::string>{"ana", "ben"}));
}

TEST(OrdersTest, TellWhatWasSaidLastOfEach) {
  Base base;
  base.Add(Bought("ana", 100, 1).Key("A1"));
  base.Add(Bought("ana", 102, 2).Key("A2"));
  const auto step = [](const char* order, int64_t day, const char* name) {
    return AnEvent(v1::KIND_FULFILMENT_STEP_DONE).Of("ana").OnDay(day).Key(order).Set("step", name);
  };
  base.Add(step("A1", 103, "shipped"));
  base.Add(step("A1", 101, "packed"));
  base.Add(AnEvent(v1::KIND_PURCHASE_REVERSED)
               .Of("ana")
               .OnDay(105)
               .Key("A2")
               .Set("form", v1::REVERSAL_FORM_RETURN)
               .Worth(1, "EUR"));
  const TableView early = base.Tell("orders", 102);
  EXPECT_EQ(early.Text({"A1"}, "state"), "packed");
  EXPECT_EQ(early.Text({"A2"}, "state"), "BOUGHT");
  const TableView view = base.Tell("orders", 300);
  EXPECT_EQ(view.Text({"A1"}, "state"), "shipped");
  EXPECT_EQ(view.Number({"A1"}, "since"), 103 * kMicrosPerDay);
  EXPECT_EQ(view.Number({"A1"}, "steps"), 2);
  EXPECT_EQ(view.Text({"A2"}, "state"), "RETURN");
  EXPECT_EQ(view.Money({"A2"}, "amount"), "2 EUR");
  EXPECT_EQ(view.Money({}, "reversed"), "1 EUR");
}

// covers: 002-06
TEST(ReferralsTest, OfAHundredTransactionsAreThirtyPerThousand) {
  Base base;
  for (int i = 0; i < 100; ++i) base.Add(Bought("ana", 100 + i, 1));
  const TableView without = base.Tell("referrals", 300);
  EXPECT_EQ(without.Number({}, "made"), 0);
  EXPECT_EQ(without.Number({}, "converted"), 0);
  EXPECT_EQ(without.Number({}, "per_1000_transactions"), 0);
  EXPECT_EQ(without.Number({}, "converted_per_1000"), 0);
  EXPECT_EQ(without.Money({}, "value"), "");  // printed as 0
  for (const char* key : {"R1", "R2", "R3"}) {
    base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ana").OnDay(150).Key(key));
  }
  base.Add(Converted("ana", 160, "R2", 50));
  const TableView view = base.Tell("referrals", 300);
  EXPECT_EQ(view.Number({}, "per_1000_transactions"), 30);
  EXPECT_EQ(view.Number({}, "converted_per_1000"), 333);
  EXPECT_EQ(view.Money({}, "value"), "50 EUR");
}

// covers: 002-20
TEST(ReferralsTest, AreLeadsEachWithItsTransaction) {
  Base base;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    base.Add(In(Bought("ana", 100 + i, 1).Key("A" + n), ("i" + n).c_str()));
  }
  const auto lead = [](const char* key, const char* interaction) {
    return In(AnEvent(v1::KIND_REFERRAL_MADE)
                  .Of("ana")
                  .OnDay(130)
                  .Key(key)
                  .Set("form", v1::REFERRAL_FORM_LEAD),
              interaction);
  };
  base.Add(lead("L1", "i3").Set("qualified", 1).Set("decision_maker", 1));
  base.Add(lead("L2", "i3").Set("qualified", 1).Set("decision_maker", 1));
  base.Add(lead("L3", "i7").Set("qualified", 1));
  base.Add(lead("L4", "i8"));
  base.Add(Converted("ana", 160, "L3", 50));
  const TableView view = base.Tell("referrals", 300);
  EXPECT_EQ(view.Number({}, "per_1000_transactions"), 200);
  EXPECT_EQ(view.Number({}, "qualified"), 3);
  EXPECT_EQ(view.Number({}, "decision_makers"), 2);
  EXPECT_EQ(view.Number({}, "converted"), 1);
  EXPECT_EQ(view.Number({}, "with_transaction"), 4);
  EXPECT_EQ(view.Text({"ana", "L1"}, "transaction"), "A3");
  EXPECT_EQ(view.Text({"ana", "L2"}, "transaction"), "A3");
  EXPECT_EQ(view.Text({"ana", "L3"}, "transaction"), "A7");
  EXPECT_EQ(view.Text({"ana", "L4"}, "transaction"), "A8");
  EXPECT_EQ(view.Text({"ana", "L1"}, "form"), "LEAD");
  EXPECT_EQ(view.table().rows_size(), 4);
}

TEST(ReferralsTest, AreNoughtPerThousandWithoutAny) {
  Base base;
  base.Add(Bought("ana", 100, 1));
  const TableView view = base.Tell("referrals", 300);
  EXPECT_EQ(view.Number({}, "per_1000_transactions"), 0);
  EXPECT_EQ(view.Number({}, "converted_per_1000"), 0);
}

TEST(ReferralsTest, CountWhatHappenedInTheWindowOnly) {
  Base base;
  base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ben").OnDay(99).Key("R1"));
  base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ben").OnDay(100).Key("R2"));
  base.Add(AnEvent(v1::KIND_REFERRAL_MADE).Of("ben").OnDay(110).Key("R3"));
  EXPECT_EQ(base.Tell("referrals", 300, 100, 110).Number({}, "made"), 1);
}

TEST(PromotionsTest, TellRedemptionsInAndOutOfValidity) {
  Base base;
  base.Add(AnEvent(v1::KIND_PROMOTION_SENT)
               .Of("ana")
               .OnDay(100)
               .Key("MAY")
               .Set("valid_until_us", 110 * kMicrosPerDay));
  base.Add(Bought("ana", 101, 10).Key("A1").Set("promotion", "MAY"));
  base.Add(AnEvent(v1::KIND_PROMOTION_REDEEMED).Of("ana").OnDay(101).Key("MAY").Set("order", "A1"));
  base.Add(Bought("ana", 110, 10).Key("A2").Set("promotion", "MAY"));
  base.Add(AnEvent(v1::KIND_PROMOTION_REDEEMED).Of("ana").OnDay(111).Key("MAY").Set("order", "A3"));
  base.Add(Bought("ana", 112, 10).Key("A3"));
  base.Add(Bought("ben", 112, 10).Key("B1").Set("promotion", "MAY"));
  const TableView view = base.Tell("promotions", 200);
  EXPECT_EQ(view.Number({"MAY"}, "sent"), 1);
  EXPECT_EQ(view.Number({"MAY"}, "redeemed"), 4);
  EXPECT_EQ(view.Number({"MAY"}, "in_validity"), 2);
  EXPECT_EQ(view.Number({"MAY"}, "out_of_validity"), 1);
  EXPECT_EQ(view.Number({}, "all_purchases"), 4);
  EXPECT_EQ(view.Number({}, "dependence"), 750);
}

TEST(OffersTest, AreAcceptedDeclinedLapsedOrOpen) {
  Base base;
  const auto offer = [](const char* key) {
    return AnEvent(v1::KIND_OFFER_MADE)
        .Of("ana")
        .OnDay(100)
        .Key(key)
        .Set("form", v1::OFFER_FORM_UPSELL)
        .Set("product", "cup");
  };
  base.Add(offer("O1"));
  base.Add(offer("O2").Set("preference", "colour"));
  base.Add(offer("O3").Set("valid_until_us", 120 * kMicrosPerDay));
  base.Add(offer("O4").Set("valid_until_us", 120 * kMicrosPerDay));
  base.Add(offer("O5"));
  base.Add(AnEvent(v1::KIND_OFFER_ANSWERED).Of("ana").OnDay(101).Key("O1").Set("accepted", 1));
  base.Add(AnEvent(v1::KIND_OFFER_ANSWERED).Of("ana").OnDay(101).Key("O2"));
  base.Add(Bought("ana", 119, 15).Set("offer", "O4"));
  const TableView before = base.Tell("offers", 119);
  EXPECT_EQ(before.Number({"UPSELL", "cup"}, "open"), 3);
  const TableView view = base.Tell("offers", 120);
  EXPECT_EQ(view.Number({"UPSELL", "cup"}, "accepted"), 1);
  EXPECT_EQ(view.Number({"UPSELL", "cup"}, "declined"), 1);
  // What was bought by an offer that nobody answered is bought, not accepted.
  EXPECT_EQ(view.Number({"UPSELL", "cup"}, "lapsed"), 2);
  EXPECT_EQ(view.Number({"UPSELL", "cup"}, "bought"), 1);
  EXPECT_EQ(view.Number({"UPSELL", "cup"}, "open"), 1);
  EXPECT_EQ(view.Number({}, "acceptance"), 200);
  EXPECT_EQ(view.Number({}, "tailored_share"), 200);
  EXPECT_EQ(view.Money({}, "value"), "15 EUR");
}

TEST(ConcessionsTest, SayWhatTheyCostWhomTheyWonAndWhatCameBack) {
  Base base;
  const auto concession = [](const char* customer, int64_t day, const char* key) {
    return Costs(AnEvent(v1::KIND_CONCESSION_MADE).Of(customer).OnDay(day).Key(key), 20);
  };
  base.Add(concession("ana", 100, "C1"));
  base.Add(Bought("ana", 90, 1000));
  base.Add(Bought("ana", 110, 200));
  base.Add(concession("ana", 115, "C2"));
  base.Add(Bought("ana", 120, 100));
  base.Add(concession("ben", 100, "C3").Set("acquisition", 1));
  base.Add(Bought("ben", 101, 7));
  base.Add(concession("cleo", 100, "C4").Set("acquisition", 1));
  const TableView view = base.Tell("concessions", 200);
  EXPECT_EQ(view.Money({"ana", "C1"}, "spend_since"), "300 EUR");
  EXPECT_EQ(view.Number({"ana", "C1"}, "payback"), 15'000);
  EXPECT_EQ(view.Money({"ana", "C2"}, "spend_since"), "100 EUR");
  EXPECT_EQ(view.Money({}, "spend_since"), "307 EUR");
  EXPECT_EQ(view.Money({}, "cost"), "80 EUR");
  EXPECT_EQ(view.Number({"ben", "C3"}, "won"), 1);
  EXPECT_EQ(view.Number({"cleo", "C4"}, "not_won"), 1);
  EXPECT_EQ(view.Number({}, "cost_per_won"), 4000);
}

TEST(ReciprocityTest, WeighsWhatEachSideGives) {
  Base base;
  base.Add(Bought("ana", 100, 90));
  base.Add(AnEvent(v1::KIND_FEEDBACK_GIVEN).Of("ana").OnDay(101).Key("F1"));
  base.Add(AnEvent(v1::KIND_PURCHASE_REVERSED).Of("ana").OnDay(102).Worth(10, "EUR"));
  base.Add(Costs(AnEvent(v1::KIND_GIFT_GIVEN).Of("ana").OnDay(103).Key("G1"), 12));
  const TableView view = base.Tell("reciprocity", 200);
  EXPECT_EQ(view.Money({"customer", "PurchaseMade"}, "value"), "90 EUR");
  EXPECT_EQ(view.Money({"customer", "PurchaseReversed"}, "value"), "-10 EUR");
  EXPECT_EQ(view.Number({"customer", "FeedbackGiven"}, "events"), 1);
  EXPECT_EQ(view.Money({"business", "GiftGiven"}, "value"), "12 EUR");
  EXPECT_EQ(view.Number({}, "balance"), 6800);
  EXPECT_EQ(view.Number({}, "reciprocity"), 150);
  EXPECT_EQ(view.Number({}, "begun_by_customer"), 750);
}

TEST(ProfitabilityTest, IsTheMarginLessServiceGivingAndOutreach) {
  Base base;
  base.Add(Costs(Bought("ana", 100, 500), 300));
  base.Add(Costs(AnEvent(v1::KIND_COMPLAINT_RESOLVED).Of("ana").OnDay(101).Key("C1"), 30));
  base.Add(Costs(AnEvent(v1::KIND_CONCESSION_MADE).Of("ana").OnDay(102).Key("C2"), 20));
  base.Add(Costs(AnEvent(v1::KIND_OUTREACH_MADE).Of("ana").OnDay(103).Key("O1"), 10));
  base.Add(Bought("ben", 100, 5));
  const TableView view = base.Tell("profitability", 200);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"ana", "ben"}));
  EXPECT_EQ(view.Number({"ana"}, "margin"), 20'000);
  EXPECT_EQ(view.Number({"ana"}, "service"), 3000);
  EXPECT_EQ(view.Number({"ana"}, "giving"), 2000);
  EXPECT_EQ(view.Number({"ana"}, "outreach"), 1000);
  EXPECT_EQ(view.Number({"ana"}, "profit"), 14'000);
  EXPECT_EQ(view.Number({"ana"}, "without_cost"), 0);
  EXPECT_EQ(view.Number({"ben"}, "without_cost"), 1);
}

TEST(RepeatTest, IsTheShareWhoBuyAgainAfterTheNthDay) {
  Base base;
  for (const int64_t day : {100, 110, 130}) base.Add(Bought("ana", day, 1));
  base.Add(Bought("ben", 100, 1));
  const TableView view = base.Tell("repeat", 200);
  EXPECT_EQ(view.Number({"1"}, "again"), 500);
  EXPECT_EQ(view.Number({"1"}, "gap"), 10);
  EXPECT_EQ(view.Number({"2"}, "again"), 1000);
  EXPECT_EQ(view.Number({"3"}, "again"), 0);
}

// Four who began in two months, and one who never bought.
Base BaseOfCohorts(const std::vector<const char*>& names) {
  Base base;
  base.Add(Bought(names[0], 5, 40));
  base.Add(Bought(names[0], 20, 10));
  base.Add(Bought(names[0], 65, 30));
  base.Add(Bought(names[1], 10, 5));
  base.Add(AnEvent(v1::KIND_PURCHASE_REVERSED).Of(names[1]).OnDay(12).Worth(5, "EUR"));
  base.Add(APurchase().Of(names[2]).OnDay(40).Worth(7, "USD"));
  base.Add(APurchase().Of(names[2]).OnDay(95).Worth(8, "USD"));
  base.Add(Bought(names[3], 58, 1));
  base.Add(AnEvent(v1::KIND_FEEDBACK_GIVEN).Of(names[4]).OnDay(3).Key("F1"));
  return base;
}

TEST(CohortsTest, CountsWhoBoughtInEachMonthSinceTheFirst) {
  const TableView view = BaseOfCohorts({"ana", "ben", "cleo", "dora", "evi"}).Tell("cohorts", 100);
  EXPECT_EQ(view.Firsts(), (std::vector<std::string>{"1970-01", "1970-01", "1970-01", "1970-01",
                                                     "1970-02", "1970-02", "1970-02"}));
  EXPECT_EQ(view.Number({"1970-01", "00"}, "customers"), 2);
  EXPECT_EQ(view.Number({"1970-01", "00"}, "bought"), 2);
  EXPECT_EQ(view.Number({"1970-01", "00"}, "share"), 1000);
  EXPECT_EQ(view.Number({"1970-01", "00"}, "purchases"), 3);
  EXPECT_EQ(view.Money({"1970-01", "00"}, "spend"), "55 EUR");
  EXPECT_EQ(view.Number({"1970-01", "01"}, "customers"), 2);
  EXPECT_EQ(view.Number({"1970-01", "01"}, "bought"), 0);
  EXPECT_EQ(view.Number({"1970-01", "01"}, "share"), 0);
  EXPECT_EQ(view.Money({"1970-01", "01"}, "spend"), "");
  EXPECT_EQ(view.Number({"1970-01", "02"}, "share"), 500);
  EXPECT_EQ(view.Money({"1970-01", "02"}, "spend"), "30 EUR");
  EXPECT_EQ(view.Customers({"1970-01", "02"}), (std::vector<std::string>{"ana"}));
  EXPECT_EQ(view.Number({"1970-01", "03"}, "customers"), 2) << "April has begun";
  EXPECT_EQ(view.Number({"1970-02", "00"}, "customers"), 2);
  EXPECT_EQ(view.Money({"1970-02", "00"}, "spend"), "1 EUR, 7 USD");
  EXPECT_EQ(view.Number({"1970-02", "02"}, "share"), 500);
  EXPECT_EQ(view.Number({}, "customers"), 4);
  EXPECT_EQ(view.Number({}, "bought"), 2);
  EXPECT_EQ(view.Number({}, "share"), 500);
  EXPECT_EQ(view.Number({}, "purchases"), 7);
  EXPECT_EQ(view.Money({}, "spend"), "86 EUR, 15 USD");
}

TEST(CohortsTest, TheOrderOfCustomersMattersNot) {
  const auto cells = [](const TableView& view) {
    std::string text;
    for (const v1::Row& row : view.table().rows()) {
      for (const v1::Cell& cell : row.cells()) text += cell.ShortDebugString() + "|";
    }
    for (const v1::Cell& cell : view.table().total().cells()) text += cell.ShortDebugString() + "|";
    return text;
  };
  const std::string told = cells(BaseOfCohorts({"a", "b", "c", "d", "e"}).Tell("cohorts", 100));
  EXPECT_EQ(cells(BaseOfCohorts({"e", "d", "c", "b", "a"}).Tell("cohorts", 100)), told);
  EXPECT_EQ(cells(BaseOfCohorts({"c", "e", "a", "d", "b"}).Tell("cohorts", 100)), told);
}

TEST(CohortsTest, ASeasonIsOfThoseWhoseFirstPurchaseLiesInIt) {
  const TableView view =
      BaseOfCohorts({"ana", "ben", "cleo", "dora", "evi"}).Tell("cohorts", 100, 31, 59);
  EXPECT_EQ(view.Find({"1970-01", "00"}), nullptr);
  EXPECT_EQ(view.Number({"1970-02", "00"}, "customers"), 2);
  EXPECT_EQ(view.Find({"1970-02", "01"}), nullptr) << "it ends what is counted, too";
}

TEST(CohortsTest, BeyondTwoYearsIsOneRow) {
  Base base;
  // January 1970; January, February and July 1972.
  for (const int64_t day : {5, 744, 770, 920}) base.Add(Bought("ana", day, 1));
  const TableView view = base.Tell("cohorts", 1000);
  EXPECT_EQ(view.table().rows_size(), 26);
  EXPECT_EQ(view.Number({"1970-01", "24"}, "purchases"), 1);
  EXPECT_EQ(view.Number({"1970-01", "later"}, "customers"), 1);
  EXPECT_EQ(view.Number({"1970-01", "later"}, "bought"), 1);
  EXPECT_EQ(view.Number({"1970-01", "later"}, "purchases"), 2);
  EXPECT_EQ(base.Tell("cohorts", 744).Find({"1970-01", "later"}), nullptr);
}

TEST(CoPurchaseTest, RanksWhatIsBoughtTogetherAndCountsHits) {
  Base base;
  const auto buys = [&](const char* customer, const char* product, int64_t day) {
    EventBuilder event = Bought(customer, day, 1);
    event.envelope().set_subject(product);
    base.Add(event);
  };
  for (const char* customer : {"ana", "ben", "cleo"}) buys(customer, "X", 100);
  for (const char* customer : {"ana", "ben"}) buys(customer, "Y", 101);
  buys("ana", "Z", 102);
  const auto recommends = [&](const char* customer, const char* product) {
    base.Add(AnEvent(v1::KIND_OFFER_MADE)
                 .Of(customer)
                 .OnDay(103)
                 .Key("O1")
                 .Set("form", v1::OFFER_FORM_RECOMMENDATION)
                 .Set("product", product));
  };
  recommends("ben", "Z");
  recommends("cleo", "Y");
  base.Add(AnEvent(v1::KIND_OFFER_ANSWERED).Of("ben").OnDay(104).Key("O1"));
  buys("cleo", "Y", 105);
  const TableView view = base.Tell("co_purchase", 200);
  EXPECT_EQ(view.Number({"X", "Y"}, "both"), 3);
  EXPECT_EQ(view.Number({"X", "Y"}, "share"), 1000);
  EXPECT_EQ(view.Number({"X", "Z"}, "share"), 333);
  EXPECT_EQ(view.Number({}, "taken"), 1);
  EXPECT_EQ(view.Number({}, "declined"), 1);
  EXPECT_EQ(view.Number({}, "hit_rate"), 500);
}

TEST(AnonymousTest, SumsPurchasesOfNobodyByPlace) {
  Base base;
  for (const char* place : {"airport", "airport", "station"}) {
    EventBuilder event = Bought("", 100, 5);
    event.envelope().set_place(place);
    base.Add(event);
  }
  base.Add(Bought("ana", 100, 5));
  const TableView view = base.Tell("anonymous", 200);
  EXPECT_EQ(view.Number({"airport"}, "purchases"), 2);
  EXPECT_EQ(view.Money({"airport"}, "spend"), "10 EUR");
  EXPECT_EQ(view.Money({}, "spend"), "15 EUR");
  EXPECT_EQ(base.Tell("purchases", 200).Number({}, "purchases"), 1);
}

TEST(CoverageTest, CountsTouchesByBandOfSpendAndBeforeTheFirstPurchase) {
  Base base;
  base.Add(AnEvent(v1::KIND_OUTREACH_MADE).Of("ana").OnDay(99).Key("O1"));
  base.Add(Bought("ana", 100, 100));
  base.Add(AnEvent(v1::KIND_OUTREACH_MADE).Of("ana").OnDay(101).Key("O2"));
  base.Add(Bought("ben", 100, 1));
  const TableView view = base.Tell("coverage", 200);
  EXPECT_EQ(view.Number({"06"}, "touches"), 2);
  EXPECT_EQ(view.Number({"06"}, "new"), 1);
  EXPECT_EQ(view.Number({"06"}, "existing"), 1);
  EXPECT_EQ(view.Number({"00"}, "touches"), 0);
  EXPECT_EQ(view.Number({}, "touches_per_customer"), 1000);
}

TEST(CampaignsTest, CountProspectsByCampaignAndSource) {
  Base base;
  const auto met = [&](const char* customer) {
    EventBuilder event =
        AnEvent(v1::KIND_AWARENESS_SHOWN).Of(customer).OnDay(100).On(v1::CHANNEL_SOCIAL_EVENT);
    event.envelope().set_campaign("fair");
    base.Add(event);
  };
  met("ana");
  met("ben");
  base.Add(Bought("cleo", 90, 1));
  met("cleo");
  base.Add(Bought("ana", 110, 30));
  const TableView view = base.Tell("campaigns", 200);
  EXPECT_EQ(view.Number({"fair", "SOCIAL_EVENT"}, "prospects"), 2);
  EXPECT_EQ(view.Number({"fair", "SOCIAL_EVENT"}, "converted"), 1);
  EXPECT_EQ(view.Money({}, "value"), "30 EUR");
  EXPECT_EQ(view.Customers({"fair"}), (std::vector<std::string>{"ana", "ben"}));
}

}  // namespace
}  // namespace rapport::report
