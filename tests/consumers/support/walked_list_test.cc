// Lists and the summary of the past, walked, are those of asking for each customer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "consumers/support/base_list.h"
#include "consumers/support/base_summary.h"
#include "consumers/support/customer_list.h"
#include "engine/event/erasure.h"
#include "projections/catalog.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/random_history.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::EventBuilder;
using kit::StatusIs;

constexpr absl::StatusCode kExhausted = absl::StatusCode::kResourceExhausted;
constexpr int64_t kSomeDay = 15'100;
constexpr char kTooMany[] = "RATE_LIMITED: 1 walks of the whole base may run at once";

class WalkedListTest : public testing::Test {
 protected:
  rapport::Engine& Engine() { return world_.engine(); }

  support::BaseQuestion Ask(const history::Viewpoint& viewpoint) {
    return {&Engine(), &call_, &world_.server().base_walks(), viewpoint};
  }

  // As somebody on a shared log does, who may say the same twice, or nonsense.
  void Append(const EventBuilder& event) {
    AppendBytes(event.envelope().customer_id(), ItemOf(event).event().SerializeAsString());
  }
  void AppendBytes(const std::string& customer, const std::string& value) {
    ++under_way_;
    Engine().log().Append({customer, value, {}}, [this](const auto& appended) {
      EXPECT_OK(appended);
      --under_way_;
    });
  }

  void Disturb(const std::string& customer, const std::string& other, const EventBuilder& event) {
    switch (random_() % 12) {
      case 0:
        Append(event);
        break;
      case 1:
        AppendBytes(customer, "no event");
        break;
      case 2:
        Append(std::move(
            kit::ARetraction(event.envelope().event_id()).Of(customer).Id(++id_).OnDay(kDay)));
        break;
      case 3:
        Append(
            std::move(kit::ACorrection(event.envelope().event_id(),
                                       kit::APurchase().Of(customer).OnDay(15'200).Worth(7, "EUR"))
                          .Of(customer)
                          .Id(++id_)
                          .OnDay(kDay)));
        break;
      case 4:
        if (customer == other) break;
        for (const std::string& one : {customer, other}) {
          EventBuilder link(random_() % 4 == 0 ? v1::KIND_CUSTOMER_SPLIT
                                               : v1::KIND_CUSTOMER_MERGED);
          Append(link.Of(one).Id(++id_).OnDay(kDay).Set("survivor", other).Set("merged", customer));
        }
        break;
      case 5:
        if (random_() % 4 != 0) break;
        AppendBytes(customer,
                    event::ErasureEvent(v1::KIND_ERASURE_REQUESTED, customer, kDay * kMicrosPerDay)
                        .SerializeAsString());
        break;
      default:
        break;
    }
  }

  void AppendAnything(int customers, int events) {
    for (int i = 0; i < events; ++i) {
      const std::string customer = absl::StrCat("c", random_() % customers);
      EventBuilder event = kit::RandomHistory(random_(), 1)[0];
      if (random_() % 3 == 0) {
        event = kit::APurchase().OnDay(15'000 + random_() % 900).Worth(9, "EUR");
      }
      if (random_() % 4 == 0) {
        event = kit::AnEvent(v1::KIND_COMPLAINT_RAISED)
                    .Key(absl::StrCat("C", random_() % 3))
                    .OnDay(15'000 + random_() % 900);
      }
      Append(event.Of(customer).Id(++id_));
      Disturb(customer, absl::StrCat("c", random_() % customers), event);
    }
    while (under_way_ > 0) std::this_thread::yield();
    world_.AwaitAll();
  }

  // Every way to see the past that somebody may ask for.
  std::vector<history::Viewpoint> Viewpoints(const Position& before) {
    static const std::shared_ptr<const fold::Projection> pounds =
        projections::Catalog("parent: \"standard\" fold { base_currency: \"GBP\" }", "pounds")
            .value();
    std::vector<history::Viewpoint> viewpoints;
    for (const int64_t day : {15'100, 15'500, 19'000}) {
      for (const Position& known_at : {before, Position()}) {
        for (const auto& rules : {Engine().rules(), pounds}) {
          viewpoints.push_back({day * kMicrosPerDay, known_at, rules});
        }
      }
    }
    // Of now are others' rules alone walked.
    viewpoints.push_back({Engine().clock().NowMicros(), Position(), pounds});
    return viewpoints;
  }

  size_t ExpectSameFollowUps(const history::Viewpoint& viewpoint,
                             const v1::ListFollowUpsRequest& request) {
    const auto everybody = Engine().pipeline().CustomerIds().value();
    size_t total = 0;
    for (const size_t size : {7, 200}) {
      for (size_t begin = 0; begin <= total; begin += size) {
        const auto wanted =
            support::FollowUpsOf(Ask(viewpoint), everybody, false, request, begin, size);
        const auto found = support::FollowUpsOfAll(Ask(viewpoint), request, begin, size);
        EXPECT_OK(wanted);
        EXPECT_OK(found);
        EXPECT_EQ(found->total, wanted->total);
        EXPECT_EQ(found->entries.size(), wanted->entries.size());
        for (size_t i = 0; i < std::min(wanted->entries.size(), found->entries.size()); ++i) {
          EXPECT_EQ(found->entries[i].DebugString(), wanted->entries[i].DebugString());
        }
        total = wanted->total;
      }
    }
    return total;
  }

  size_t ExpectSameCustomers(const history::Viewpoint& viewpoint, const std::string& filter_text,
                             const std::string& order_text) {
    auto everybody = Engine().pipeline().CustomerIds().value();
    if (!Engine().IsPresent(viewpoint)) {
      std::erase_if(everybody, [&](const std::string& customer) {
        return Engine().history().Events(customer, viewpoint).value().empty();
      });
    }
    const auto filter = support::BaseFilter::Parse(filter_text).value();
    const auto order = support::ListOrder::Parse(order_text).value();
    support::ListPage page{std::nullopt, 17, 0};
    size_t total = 0;
    do {
      const auto wanted =
          support::CustomersOf(Ask(viewpoint), everybody, filter, order, page).value();
      const auto found = support::CustomersOfAll(Ask(viewpoint), filter, order, page).value();
      EXPECT_EQ(found.total, wanted.total);
      EXPECT_EQ(found.end.has_value(), wanted.end.has_value());
      EXPECT_EQ(found.entries.size(), wanted.entries.size());
      for (size_t i = 0; i < std::min(wanted.entries.size(), found.entries.size()); ++i) {
        EXPECT_EQ(found.entries[i].DebugString(), wanted.entries[i].DebugString());
      }
      total = wanted.total;
      page.after = wanted.end;
      page.begin += page.size;
    } while (page.after.has_value());
    return total;
  }

  // A base that walks have something to do with.
  Position AppendTwice(uint32_t seed) {
    random_.seed(seed);
    AppendAnything(/*customers=*/30, /*events=*/120);
    const Position before = Engine().pipeline().Applied();
    AppendAnything(/*customers=*/45, /*events=*/120);
    return before;
  }

  // All of whom have done something since.
  void PublishSome() {
    std::vector<EventBuilder> events;
    for (int i = 0; i < 20; ++i) {
      const std::string customer = absl::StrCat("c", i);
      events.push_back(Bought(customer, ++id_, kSomeDay - i));
      events.push_back(Bought(customer, ++id_, kSomeDay + 100 + i));
    }
    world_.Publish(events);
  }

  // What indexes know.
  static support::BaseGroups LookedUp() {
    v1::SummarizeBaseRequest request;
    request.add_groups(v1::BASE_GROUP_STAGE);
    return support::BaseGroups::Of(request).value();
  }

  std::atomic<int> under_way_ = 0;
  ServiceWorld world_;
  const edge::Call call_{edge::Caller()};
  std::mt19937 random_{7};
  uint64_t id_ = 0;
};

TEST_F(WalkedListTest, FollowUpsAreThoseOfEvaluatingEverybody) {
  const Position before = AppendTwice(1);
  size_t owed = 0;
  for (const history::Viewpoint& viewpoint : Viewpoints(before)) {
    SCOPED_TRACE(absl::StrCat(viewpoint.as_of_us / kMicrosPerDay, " ",
                              viewpoint.known_at.ToString(), " ", viewpoint.rules->digest()));
    v1::ListFollowUpsRequest request;
    owed += ExpectSameFollowUps(viewpoint, request);
    request.set_order(v1::FOLLOW_UP_ORDER_PRIORITY);
    request.add_statuses(v1::FOLLOW_UP_STATUS_OVERDUE);
    request.add_statuses(v1::FOLLOW_UP_STATUS_EXPIRED);
    request.set_due_from_us(viewpoint.as_of_us - 90 * kMicrosPerDay);
    owed += ExpectSameFollowUps(viewpoint, request);
    request.add_stages(v1::STAGE_EXPLORATION);
    owed += ExpectSameFollowUps(viewpoint, request);
  }
  EXPECT_GT(owed, 100u) << "lists of nothing are compared";
}

TEST_F(WalkedListTest, CustomersAreThoseOfEvaluatingEverybody) {
  const Position before = AppendTwice(2);
  std::map<std::string, size_t> listed;
  size_t everybody = 0;
  for (const history::Viewpoint& viewpoint : Viewpoints(before)) {
    SCOPED_TRACE(absl::StrCat(viewpoint.as_of_us / kMicrosPerDay, " ",
                              viewpoint.known_at.ToString(), " ", viewpoint.rules->digest()));
    everybody += ExpectSameCustomers(viewpoint, "", "");
    for (const char* filter : {"stage=EXPLORATION", "flag:INCOMPLETE", "score>=100",
                               "stage=EXPLORATION AND score<400"}) {
      for (const char* order : {"", "score_milli desc", "next_change_at", "last_seen"}) {
        listed[filter] += ExpectSameCustomers(viewpoint, filter, order);
      }
    }
  }
  EXPECT_EQ(listed.size(), 4u);
  for (const auto& [filter, entries] : listed) {
    EXPECT_GT(entries, 0u) << filter;
    EXPECT_LT(entries, 4 * everybody) << filter;
  }
}

TEST_F(WalkedListTest, TheBaseThatIsComparedHasAllThatMakesItHard) {
  AppendTwice(1);
  std::set<std::string> merged, quarantined, late;
  const history::Viewpoint then{15'100 * kMicrosPerDay, Position(), Engine().rules()};
  const auto everybody = Engine().pipeline().CustomerIds().value();
  for (const std::string& customer : everybody) {
    const auto one = Engine().ReadRelationship(customer, then, {}).value();
    if (one.group.is_merged()) merged.insert(customer);
    if (one.quarantined > 0) quarantined.insert(customer);
    if (Engine().history().Events(customer, then).value().empty()) late.insert(customer);
  }
  EXPECT_GT(merged.size(), 2u);
  EXPECT_GT(quarantined.size(), 2u);
  EXPECT_GT(late.size(), 2u);
}

TEST_F(WalkedListTest, WhoHadDoneNothingByThenIsInNoListOfThen) {
  world_.Publish({Bought("early", 1, kSomeDay), Bought("late", 2, kSomeDay + 10)});
  const auto listed = [&](int64_t day, const std::string& known_at) {
    v1::ListRelationshipsRequest request;
    if (day > 0) request.mutable_viewpoint()->set_as_of_us(day * kMicrosPerDay);
    request.mutable_viewpoint()->set_known_at(known_at);
    v1::ListRelationshipsResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::ListRelationships, request, response));
    EXPECT_EQ(response.total(), response.relationships_size());
    std::vector<std::string> ids;
    for (const auto& one : response.relationships()) ids.push_back(one.customer_id());
    return ids;
  };
  using testing::ElementsAre;
  EXPECT_THAT(listed(0, ""), ElementsAre("early", "late"));
  EXPECT_THAT(listed(kSomeDay + 11, ""), ElementsAre("early", "late"));
  EXPECT_THAT(listed(kSomeDay + 9, ""), ElementsAre("early"));
  EXPECT_THAT(listed(kSomeDay - 1, ""), ElementsAre());
  const std::string before = Engine().pipeline().Applied().ToString();
  world_.Publish({Bought("told later", 3, kSomeDay)});
  EXPECT_THAT(listed(kSomeDay + 9, before), ElementsAre("early"));
  EXPECT_THAT(listed(kSomeDay + 9, ""), ElementsAre("early", "told later"));
}

// While somebody else walks, it is told who is walked for: whoever is refused.
TEST_F(WalkedListTest, OnlyWhatNoFactsAtHandTellTakesATurn) {
  PublishSome();
  const int64_t now_us = Engine().clock().NowMicros();
  const edge::Call other{edge::Caller()};
  auto turn = world_.server().base_walks().Take(other);
  ASSERT_OK(turn);
  const history::Viewpoint then{kSomeDay * kMicrosPerDay, Position(), Engine().rules()};
  history::Viewpoint known{now_us, Engine().pipeline().Applied(), Engine().rules()};
  const auto by_score = support::ListOrder::Parse("score_milli desc").value();
  v1::SummarizeBaseResponse response;
  for (const history::Viewpoint& viewpoint : {then, known}) {
    const edge::Call hurried(edge::Caller(), absl::Now() + absl::Milliseconds(20));
    support::BaseQuestion question = Ask(viewpoint);
    question.call = &hurried;
    EXPECT_THAT(support::FollowUpsOfAll(question, {}, 0, 50), StatusIs(kExhausted, kTooMany));
    EXPECT_THAT(support::CustomersOfAll(question, {}, by_score, {}),
                StatusIs(kExhausted, kTooMany));
    EXPECT_THAT(support::SummarizeAll(question, LookedUp(), response),
                StatusIs(kExhausted, kTooMany));
  }
  // Nobody has done anything since, or the indexes know.
  const history::Viewpoint now{now_us, Position(), Engine().rules()};
  history::Viewpoint hours_ago = now;
  hours_ago.as_of_us -= 3 * kMicrosPerHour;
  EXPECT_OK(support::FollowUpsOfAll(Ask(now), {}, 0, 50));
  EXPECT_OK(support::FollowUpsOfAll(Ask(hours_ago), {}, 0, 50));
  EXPECT_OK(support::SummarizeAll(Ask(now), LookedUp(), response));
  EXPECT_OK(support::CustomersOfAll(Ask(now), {}, by_score, {}));
  // A later page of a list of now.
  support::BaseQuestion later_page = Ask(hours_ago);
  later_page.is_of_now = true;
  EXPECT_OK(support::CustomersOfAll(later_page, {}, {}, {}));
  // Whoever asks the server waits for the turn of the same walks.
  v1::ListFollowUpsRequest request;
  request.mutable_viewpoint()->set_as_of_us(then.as_of_us);
  v1::ListFollowUpsResponse list;
  std::thread waiting([&] {
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListFollowUps, request, list));
  });
  while (world_.server().base_walks().waiting() == 0) std::this_thread::yield();
  turn->reset();
  waiting.join();
}

TEST_F(WalkedListTest, WhoHasLeftIsToldNothing) {
  PublishSome();
  edge::Call gone{edge::Caller()};
  gone.Cancel();
  const auto by_score = support::ListOrder::Parse("score_milli desc").value();
  for (const int64_t as_of_us : {kSomeDay * kMicrosPerDay, Engine().clock().NowMicros()}) {
    support::BaseQuestion question = Ask({as_of_us, Position(), Engine().rules()});
    question.call = &gone;
    v1::SummarizeBaseResponse response;
    constexpr absl::StatusCode kCancelled = absl::StatusCode::kCancelled;
    EXPECT_THAT(support::SummarizeAll(question, support::BaseGroups::All(), response),
                StatusIs(kCancelled, ""));
    EXPECT_THAT(support::CustomersOfAll(question, {}, by_score, {}), StatusIs(kCancelled, ""));
  }
}

TEST_F(WalkedListTest, WhoWaitsNoLongerIsToldSo) {
  PublishSome();
  const edge::Call late(edge::Caller(), absl::InfinitePast());
  constexpr absl::StatusCode kLate = absl::StatusCode::kDeadlineExceeded;
  const support::ListOrder by_score{support::ListOrder::By::kScore, true};
  support::BaseQuestion question =
      Ask({Engine().clock().NowMicros(), Position(), Engine().rules()});
  question.viewpoint.deadline = late.deadline();
  question.call = &late;
  v1::SummarizeBaseResponse response;
  EXPECT_THAT(support::SummarizeAll(question, support::BaseGroups::All(), response),
              StatusIs(kLate, "DEADLINE_PASSED"));
  EXPECT_THAT(support::CustomersOfAll(question, {}, by_score, {}),
              StatusIs(kLate, "DEADLINE_PASSED"));
  // A walk of the past begins with a checkpoint, which is waited for as long.
  question.viewpoint.as_of_us = kSomeDay * kMicrosPerDay;
  EXPECT_THAT(support::CustomersOfAll(question, {}, by_score, {}), StatusIs(kLate, "checkpoint"));
}

}  // namespace
}  // namespace rapport
