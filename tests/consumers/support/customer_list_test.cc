// Lists of customers through the indexes are those of evaluating everybody.
#include "consumers/support/customer_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr int kCustomers = 40;

class CustomerListTest : public testing::Test {
 protected:
  CustomerListTest() {
    std::vector<kit::EventBuilder> events;
    const int64_t today = DayOf(Engine().clock().NowMicros());
    const auto say = [&](kit::EventBuilder event, int i, int64_t ago) {
      events.push_back(event.Of(NameOf(i)).Id(id_++).OnDay(today - ago));
    };
    for (int i = 0; i < kCustomers; ++i) {
      for (int j = 0; j <= i % 5; ++j) {
        say(kit::APurchase().Key(absl::StrCat("o", j)).Worth(9 + i, "EUR"), i, 1 + i * 7 + j * 20);
      }
      if (i % 3 == 0) {
        say(AnEvent(v1::KIND_COMPLAINT_RAISED).Key("C").Set("severity", 3), i, i % 9);
        say(AnEvent(v1::KIND_COMPLAINT_ESCALATED).Key("C").Set("level", 1), i, 0);
      }
      if (i % 4 == 0) {
        say(AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED).Key(i % 8 == 0 ? "agent 7" : "kim"), i, 3);
      }
      if (i % 7 == 0) say(AnEvent(v1::KIND_COMPETITOR_NOTICED).Key("rival"), i, 5);
    }
    world_.Publish(events);
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (Engine().pipeline().IndexesReady() < Engine().pipeline().partitions() &&
           absl::Now() < deadline) {
      std::this_thread::yield();
    }
  }

  // Some sort otherwise once they are percent-encoded.
  static std::string NameOf(int i) { return absl::StrCat(i % 3 == 0 ? "c/" : "c", i); }

  rapport::Engine& Engine() { return world_.engine(); }
  history::Viewpoint Now() {
    history::Viewpoint now{Engine().clock().NowMicros(), {}};
    now.rules = Engine().rules();
    return now;
  }
  support::BaseQuestion Ask(const history::Viewpoint& viewpoint) {
    return {&Engine(), &call_, &world_.server().base_walks(), viewpoint};
  }

  void Merge() {
    std::vector<kit::EventBuilder> events;
    const std::pair<const char*, const char*> merges[] = {
        {"c/3", "c4"}, {"c8", "c/9"}, {"c/9", "c10"}, {"c/12", "nobody-yet"}};
    for (const auto& [merged, survivor] : merges) {
      for (const char* own : {merged, survivor}) {
        events.push_back(AnEvent(v1::KIND_CUSTOMER_MERGED)
                             .Of(own)
                             .Id(id_++)
                             .OnDay(DayOf(Now().as_of_us) - 1)
                             .Set("survivor", survivor)
                             .Set("merged", merged));
      }
    }
    world_.Publish(events);
  }

  // How many the filter lets pass.
  size_t ExpectSame(const std::string& filter_text, const std::string& order_text) {
    const auto filter = support::BaseFilter::Parse(filter_text);
    const auto order = support::ListOrder::Parse(order_text);
    EXPECT_OK(filter);
    EXPECT_OK(order);
    const support::BaseQuestion now = Ask(Now());
    const auto everybody = Engine().pipeline().CustomerIds().value();
    size_t total = 0;
    for (const size_t size : {1, 7, 200}) {
      support::ListPage page{std::nullopt, size, 0};
      size_t seen = 0;
      do {
        const auto wanted = support::CustomersOf(now, everybody, *filter, *order, page);
        const auto found = support::CustomersOfAll(now, *filter, *order, page);
        EXPECT_OK(wanted);
        EXPECT_OK(found);
        EXPECT_EQ(found->total, wanted->total);
        total = found->total;
        EXPECT_EQ(found->end.has_value(), wanted->end.has_value());
        EXPECT_EQ(found->entries.size(), wanted->entries.size());
        if (found->entries.size() != wanted->entries.size()) return total;
        for (size_t i = 0; i < wanted->entries.size(); ++i) {
          EXPECT_EQ(found->entries[i].DebugString(), wanted->entries[i].DebugString());
        }
        seen += found->entries.size();
        page.after = found->end;
        // What stands there is right, however many are taken to stand before it.
        page.begin = seen / 2;
      } while (page.after.has_value() && seen <= kCustomers);
      EXPECT_EQ(seen, total) << "on pages of " << size;
    }
    return total;
  }

  v1::ListRelationshipsResponse List(v1::ListRelationshipsRequest request) {
    v1::ListRelationshipsResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::ListRelationships, request, response));
    return response;
  }

  ServiceWorld world_;
  const edge::Call call_{edge::Caller()};
  uint64_t id_ = 1;
};

// How many pass of each filter is not 0 and not all, or it would compare nothing.
constexpr const char* kFilters[] = {"stage=EXPANSION",
                                    "flag:DAMAGED",
                                    "flag:LOOKING_AROUND AND flag:DAMAGED",
                                    "stage=EXPANSION AND score>=300",
                                    "score<400",
                                    "owner=\"agent 7\"",
                                    "stage=EXPANSION AND owner=kim",
                                    "idle_days>=30 AND score>=100"};

TEST_F(CustomerListTest, EveryFilterInEveryOrderIsThatOfEvaluatingEverybody) {
  for (const char* order : {"", "customer_id desc", "score_milli", "score_milli desc",
                            "next_change_at", "last_seen desc"}) {
    EXPECT_EQ(ExpectSame("", order), static_cast<size_t>(kCustomers));
  }
  for (const char* filter : kFilters) {
    SCOPED_TRACE(filter);
    const size_t total = ExpectSame(filter, "");
    EXPECT_GT(total, 0u);
    EXPECT_LT(total, static_cast<size_t>(kCustomers));
    EXPECT_EQ(ExpectSame(filter, "score_milli desc"), total);
    EXPECT_EQ(ExpectSame(filter, "last_seen"), total);
  }
  EXPECT_EQ(ExpectSame("stage=EXPANSION AND stage=AWARENESS", ""), 0u);
  EXPECT_EQ(ExpectSame("flag:INCOMPLETE", ""), 0u);
}

TEST_F(CustomerListTest, MergedCustomersStandInItOnce) {
  Merge();
  EXPECT_EQ(ExpectSame("", ""), static_cast<size_t>(kCustomers) - 3);
  for (const char* filter : kFilters) {
    SCOPED_TRACE(filter);
    ExpectSame(filter, "");
    ExpectSame(filter, "score_milli");
  }
}

TEST_F(CustomerListTest, AMomentThatTheIndexDoesNotKnowIsThatOfEvaluatingEverybody) {
  for (const char* filter : {"", "stage=EXPANSION", "flag:DAMAGED"}) {
    history::Viewpoint doubted = Now();
    const auto parsed = support::BaseFilter::Parse(filter);
    doubted.as_of_us += 400 * kMicrosPerDay;
    const auto later = support::CustomersOfAll(Ask(doubted), *parsed, {}, {{}, 200, 0});
    const auto wanted = support::CustomersOf(
        Ask(doubted), Engine().pipeline().CustomerIds().value(), *parsed, {}, {{}, 200, 0});
    ASSERT_OK(later);
    ASSERT_OK(wanted);
    EXPECT_EQ(later->total, wanted->total);
  }
}

TEST_F(CustomerListTest, PagesHoldEachOnceInOrder) {
  v1::ListRelationshipsRequest request;
  request.set_order_by("score_milli desc");
  request.set_page_size(7);
  std::set<std::string> seen;
  uint32_t last = UINT32_MAX;
  int64_t as_of_us = 0;
  do {
    const v1::ListRelationshipsResponse page = List(request);
    EXPECT_EQ(page.total(), kCustomers);
    EXPECT_LE(page.relationships_size(), 7);
    if (as_of_us == 0) as_of_us = page.info().as_of_us();
    EXPECT_EQ(page.info().as_of_us(), as_of_us) << "all pages are about one moment";
    for (const v1::ListedRelationship& one : page.relationships()) {
      EXPECT_TRUE(seen.insert(one.customer_id()).second) << one.customer_id();
      EXPECT_LE(one.score_milli(), last);
      last = one.score_milli();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), static_cast<size_t>(kCustomers));
}

TEST_F(CustomerListTest, WhoDoesNotChangeStandsOnOnePageWhoeverComesMeanwhile) {
  int number = 0;
  for (const char* order : {"", "customer_id desc", "score_milli", "score_milli desc", "last_seen",
                            "last_seen desc", "next_change_at"}) {
    SCOPED_TRACE(order);
    v1::ListRelationshipsRequest request;
    request.set_order_by(order);
    request.set_page_size(7);
    std::map<std::string, int> seen;
    do {
      const v1::ListRelationshipsResponse page = List(request);
      for (const auto& one : page.relationships()) ++seen[one.customer_id()];
      // Some come first and some last in each order.
      const int64_t today = DayOf(Now().as_of_us);
      for (const char* name : {"!", "~"}) {
        const std::string customer = absl::StrCat(name, ++number);
        std::vector<kit::EventBuilder> events;
        for (int i = 0; i < (number % 4 < 2 ? 1 : 4); ++i) {
          const int64_t ago = number % 3 == 0 ? 1 : 200 + i * 30;
          events.push_back(kit::APurchase()
                               .Of(customer)
                               .Id(id_++)
                               .OnDay(today - ago)
                               .Key(absl::StrCat("n", i))
                               .Worth(90, "EUR"));
        }
        world_.Publish(events);
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && number < 1000);
    for (int i = 0; i < kCustomers; ++i) EXPECT_EQ(seen[NameOf(i)], 1) << NameOf(i);
  }
}

TEST_F(CustomerListTest, APageOfOtherRulesIsRefused) {
  v1::ListRelationshipsRequest request;
  request.set_page_size(7);
  const v1::ListRelationshipsResponse first = List(request);
  request.set_page_token(first.next_page_token());
  EXPECT_EQ(List(request).relationships_size(), 7);
  v1::ActivateRulesRequest activate;
  activate.set_rules_text(
      "parent: \"standard\" name: \"milder\"\nevaluate { friction { closed_unanswered: 400 } }");
  activate.set_expected_digest(first.info().rules_digest());
  v1::ActivateRulesResponse activated;
  ASSERT_OK(world_.Call(world_.operations(), &Operations::ActivateRules, activate, activated));
  v1::ListRelationshipsResponse response;
  EXPECT_THAT(
      world_.Call(world_.relationships(), &Relationships::ListRelationships, request, response),
      StatusIs(kInvalid, "PAGE_TOKEN_INVALID: page_token: the rules changed"));
}

TEST_F(CustomerListTest, AnEntrySaysWhatGetSays) {
  v1::ListRelationshipsRequest request;
  request.set_filter("owner=\"agent 7\"");
  const v1::ListRelationshipsResponse list = List(request);
  ASSERT_GT(list.relationships_size(), 0);
  for (const v1::ListedRelationship& entry : list.relationships()) {
    v1::GetRelationshipRequest get;
    get.set_customer_id(entry.customer_id());
    get.mutable_viewpoint()->set_as_of_us(list.info().as_of_us());
    v1::GetRelationshipResponse one;
    ASSERT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, get, one));
    EXPECT_EQ(entry.owner(), "agent 7");
    EXPECT_EQ(entry.stage(), one.standing().stage());
    EXPECT_EQ(entry.score_milli(), one.standing().score_milli());
    EXPECT_EQ(entry.last_act_day(), one.standing().last_act_day());
    EXPECT_EQ(entry.next_change_at_us(), one.standing().next_change_at_us());
    EXPECT_EQ(entry.flags_size(), one.standing().flags_size());
  }
}

TEST_F(CustomerListTest, WhatCannotBeListedIsRefused) {
  v1::ListRelationshipsRequest request;
  v1::ListRelationshipsResponse response;
  const auto list = [&] {
    return world_.Call(world_.relationships(), &Relationships::ListRelationships, request,
                       response);
  };
  request.set_filter("stage=NOWHERE");
  EXPECT_THAT(list(), StatusIs(kInvalid, "FILTER_INVALID: filter: at byte 7"));
  request.set_filter("");
  request.set_order_by("score_milli up");
  EXPECT_THAT(list(), StatusIs(kInvalid, "FIELD_INVALID: order_by"));
  request.set_order_by("");
  request.set_page_size(3);
  ASSERT_OK(list());
  request.set_page_token(response.next_page_token());
  ASSERT_OK(list());
  const std::string token = request.page_token();
  request.set_order_by("customer_id desc");
  EXPECT_THAT(list(), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"));
  request.set_order_by("");
  request.set_page_token(token);
  request.set_filter("score>=1");
  EXPECT_THAT(list(), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"));
}

}  // namespace
}  // namespace rapport
