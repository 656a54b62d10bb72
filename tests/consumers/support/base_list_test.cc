// Lists and the summary through the indexes are what evaluating everybody gives.
#include "consumers/support/base_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "consumers/support/base_summary.h"
#include "consumers/support/each_relationship.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;

class BaseListTest : public testing::Test {
 protected:
  BaseListTest() {
    std::vector<kit::EventBuilder> events;
    uint64_t id = 1;
    const int64_t today = DayOf(world_.engine().clock().NowMicros());
    // Many are due at the same moment; some ids sort otherwise once they are percent-encoded.
    for (int i = 0; i < 40; ++i) {
      const std::string customer = absl::StrCat(i % 3 == 0 ? "c/" : "c", i);
      for (int j = 0; j <= i % 3; ++j) {
        events.push_back(AnEvent(v1::KIND_COMPLAINT_RAISED)
                             .Of(customer)
                             .Id(id++)
                             .OnDay(today - i % 9)
                             .Key(absl::StrCat("C", j)));
      }
      events.push_back(
          kit::APurchase().Of(customer).Id(id++).OnDay(today - i * 9 - 1).Worth(9, "EUR"));
    }
    world_.Publish(events);
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (Engine().pipeline().IndexesReady() < Engine().pipeline().partitions() &&
           absl::Now() < deadline) {
      std::this_thread::yield();
    }
  }

  rapport::Engine& Engine() { return world_.engine(); }
  history::Viewpoint Now() { return {Engine().clock().NowMicros(), {}}; }
  support::BaseQuestion Ask(const history::Viewpoint& viewpoint) {
    return {&Engine(), &call_, &world_.server().base_walks(), viewpoint};
  }

  // Merges of two each, which may be of two partitions, one chain, and one that only one side says.
  void Merge() {
    std::vector<kit::EventBuilder> events;
    uint64_t id = 1000;
    const auto say = [&](const char* own, const char* merged, const char* survivor) {
      events.push_back(AnEvent(v1::KIND_CUSTOMER_MERGED)
                           .Of(own)
                           .Id(id++)
                           .OnDay(DayOf(Now().as_of_us) - 1)
                           .Set("survivor", survivor)
                           .Set("merged", merged));
    };
    const std::pair<const char*, const char*> merges[] = {
        {"c1", "c2"}, {"c/3", "c4"}, {"c8", "c/9"}, {"c/9", "c10"}, {"c/12", "nobody-yet"}};
    for (const auto& [merged, survivor] : merges) {
      say(merged, merged, survivor);
      say(survivor, merged, survivor);
    }
    say("c13", "c13", "c14");
    world_.Publish(events);
  }

  void ExpectSame(const v1::ListFollowUpsRequest& request, const history::Viewpoint& viewpoint) {
    const auto customers = Engine().pipeline().CustomerIds().value();
    for (const size_t size : {1, 7, 200}) {
      for (size_t begin = 0; begin < 120; begin += size) {
        const auto wanted =
            support::FollowUpsOf(Ask(viewpoint), customers, false, request, begin, size);
        const auto found = support::FollowUpsOfAll(Ask(viewpoint), request, begin, size);
        ASSERT_OK(wanted);
        ASSERT_OK(found);
        ASSERT_EQ(found->total, wanted->total);
        ASSERT_EQ(found->entries.size(), wanted->entries.size()) << begin << " " << size;
        for (size_t i = 0; i < wanted->entries.size(); ++i) {
          ASSERT_EQ(found->entries[i].SerializeAsString(), wanted->entries[i].SerializeAsString())
              << begin << " + " << i;
        }
      }
    }
  }

  // Of everybody who had done something by then, each evaluated by himself.
  v1::SummarizeBaseResponse SummaryOfEach(const history::Viewpoint& viewpoint,
                                          const support::BaseGroups& groups) {
    std::vector<std::string> there;
    std::vector<std::string> all = Engine().pipeline().CustomerIds().value();
    for (std::string& customer : all) {
      bool is_there = Engine().IsPresent(viewpoint);
      const Group group = Engine().history().GroupOf(customer, viewpoint).value();
      for (const std::string& member : group.members) {
        is_there = is_there || !Engine().history().Events(member, viewpoint)->empty();
      }
      if (is_there) there.push_back(std::move(customer));
    }
    support::BaseCounts counts;
    EXPECT_OK(support::ForEachRelationship(
                  Ask(viewpoint), there, /*must_know=*/false,
                  support::BareStanding(groups.has(v1::BASE_GROUP_FOLLOW_UP)),
                  [&](const std::string&, const v1::Standing& one) { counts.Add(one); })
                  .status());
    v1::SummarizeBaseResponse response;
    counts.Write(groups, response);
    return response;
  }

  void ExpectSameSummary(const history::Viewpoint& viewpoint) {
    for (const support::BaseGroups& groups : {support::BaseGroups::All(), LookedUp()}) {
      v1::SummarizeBaseResponse found;
      ASSERT_OK(support::SummarizeAll(Ask(viewpoint), groups, found));
      EXPECT_EQ(found.DebugString(), SummaryOfEach(viewpoint, groups).DebugString());
      EXPECT_GT(found.customers(), 0);
      EXPECT_GT(found.stages_size(), 0);
    }
  }
  // What indexes know.
  static support::BaseGroups LookedUp() {
    v1::SummarizeBaseRequest request;
    for (const v1::BaseGroup group :
         {v1::BASE_GROUP_STAGE, v1::BASE_GROUP_FLAG, v1::BASE_GROUP_FOLLOW_UP}) {
      request.add_groups(group);
    }
    const auto groups = support::BaseGroups::Of(request);
    RAPPORT_CHECK(groups.ok() && groups->AreLookedUp()) << "they are not";
    return *groups;
  }

  ServiceWorld world_;
  const edge::Call call_{edge::Caller()};
};

TEST_F(BaseListTest, EveryPageIsThatOfEvaluatingEverybody) {
  v1::ListFollowUpsRequest request;
  const history::Viewpoint now = Now();
  ExpectSame(request, now);
  request.add_statuses(v1::FOLLOW_UP_STATUS_DUE);
  request.add_statuses(v1::FOLLOW_UP_STATUS_PENDING);
  request.add_statuses(v1::FOLLOW_UP_STATUS_EXPIRED);
  ExpectSame(request, now);
  request.clear_statuses();
  request.add_policies("complaint_resolve");
  ExpectSame(request, now);
  request.set_due_to_us(now.as_of_us - 2 * kMicrosPerDay);
  ExpectSame(request, now);
}

TEST_F(BaseListTest, WindowsAgentsStagesAndOrdersAreThoseOfEvaluatingEverybody) {
  const history::Viewpoint now = Now();
  for (const v1::FollowUpOrder order :
       {v1::FOLLOW_UP_ORDER_UNSPECIFIED, v1::FOLLOW_UP_ORDER_BY, v1::FOLLOW_UP_ORDER_PRIORITY}) {
    v1::ListFollowUpsRequest request;
    request.set_order(order);
    ExpectSame(request, now);
    request.set_due_from_us(now.as_of_us - 4 * kMicrosPerDay);
    ExpectSame(request, now);
    request.set_due_to_us(now.as_of_us - 2 * kMicrosPerDay);
    ExpectSame(request, now);
    request.add_stages(v1::STAGE_EXPLORATION);
    ExpectSame(request, now);
    request.add_assignees("kim");
    ExpectSame(request, now);
  }
}

TEST_F(BaseListTest, ThePastAndTheFutureAreThoseOfEvaluatingEverybody) {
  v1::ListFollowUpsRequest request;
  history::Viewpoint viewpoint = Now();
  for (const int days : {-30, -3, 3, 400}) {
    viewpoint.as_of_us = Now().as_of_us + days * kMicrosPerDay;
    ExpectSame(request, viewpoint);
  }
}

TEST_F(BaseListTest, MergedCustomersStandInItAsEvaluatingEverybodySays) {
  v1::SummarizeBaseResponse before, after;
  ASSERT_OK(support::SummarizeAll(Ask(Now()), LookedUp(), before));
  Merge();
  v1::ListFollowUpsRequest request;
  for (const int days : {-30, 0, 400}) {
    history::Viewpoint viewpoint = Now();
    viewpoint.as_of_us += days * kMicrosPerDay;
    ExpectSame(request, viewpoint);
    ExpectSameSummary(viewpoint);
  }
  ASSERT_OK(support::SummarizeAll(Ask(Now()), LookedUp(), after));
  EXPECT_EQ(after.customers(), before.customers() - 4);
  const auto list = support::FollowUpsOfAll(Ask(Now()), request, 0, 1000);
  ASSERT_OK(list);
  std::set<std::string> listed, names;
  for (const v1::CustomerFollowUp& entry : list->entries) {
    listed.insert(entry.customer_id());
    EXPECT_TRUE(names.insert(entry.follow_up().name()).second) << "listed twice";
  }
  for (const char* gone : {"c1", "c/3", "c8", "c/9", "c/12"}) EXPECT_FALSE(listed.contains(gone));
  for (const char* there : {"c2", "c4", "c10", "nobody-yet", "c13"}) {
    EXPECT_TRUE(listed.contains(there)) << there;
  }
}

TEST_F(BaseListTest, ARebuildThatTakesOverChangesNoList) {
  Merge();
  ASSERT_OK(Engine().pipeline().StartRebuild());
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (Engine().pipeline().rebuild().IsUnderWay() && absl::Now() < deadline) {
    std::this_thread::yield();
  }
  ASSERT_OK(Engine().pipeline().rebuild().cause);
  ExpectSame({}, Now());
  ExpectSameSummary(Now());
  EXPECT_EQ(Engine().pipeline().IndexesReady(), Engine().pipeline().partitions());
}

TEST_F(BaseListTest, TheSummaryIsThatOfEvaluatingEverybody) {
  for (const int days : {-3, 0, 400}) {
    history::Viewpoint viewpoint = Now();
    viewpoint.as_of_us += days * kMicrosPerDay;
    ExpectSameSummary(viewpoint);
  }
  v1::SummarizeBaseResponse now;
  ASSERT_OK(support::SummarizeAll(Ask(Now()), LookedUp(), now));
  EXPECT_GT(now.flags_size(), 0) << "flags are compared, and there are none";
}

TEST_F(BaseListTest, TheSummaryOfThePastHasThoseWhoHadCome) {
  history::Viewpoint then = Now();
  then.as_of_us -= 95 * kMicrosPerDay;
  v1::SummarizeBaseResponse past, now;
  ASSERT_OK(support::SummarizeAll(Ask(then), LookedUp(), past));
  ASSERT_OK(support::SummarizeAll(Ask(Now()), LookedUp(), now));
  // A first purchase of each is nine days before the one of who comes next; complaints are recent.
  EXPECT_EQ(now.customers(), 40);
  EXPECT_EQ(past.customers(), 29);
  then.as_of_us = 1;
  v1::SummarizeBaseResponse nobody;
  ASSERT_OK(support::SummarizeAll(Ask(then), LookedUp(), nobody));
  EXPECT_EQ(nobody.customers(), 0);
}

}  // namespace
}  // namespace rapport
