// The base as of a moment in one pass, compared with asking for each customer.
#include "engine/history/base_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/event/erasure.h"
#include "engine/history/relationship.h"
#include "projections/catalog.h"
#include "tests/engine/history/bought.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/random_history.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"

namespace rapport::history {
namespace {

using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;

constexpr int kPartitions = 3;
constexpr int64_t kDay = 20'000;

// What is told of one relationship.
struct Told {
  std::string facts;
  std::string standing;
  std::vector<std::string> members;
  uint32_t quarantined = 0;
  bool operator==(const Told&) const = default;
};
using Base = std::map<std::string, Told>;

class BaseWalkTest : public testing::Test {
 protected:
  BaseWalkTest() : world_(kPartitions) { EXPECT_OK(world_.Start()); }

  Position Applied() {
    EXPECT_OK(world_.AwaitAll());
    Position applied = world_.pipeline().Applied();
    for (Partition partition = 0; partition < kPartitions; ++partition) {
      applied.next.try_emplace(partition, 0);
    }
    return applied;
  }

  BaseWalk BaseAt(const Viewpoint& viewpoint, const fold::Projection* folds = nullptr) {
    EXPECT_OK(world_.pipeline().Checkpoint(absl::InfiniteFuture()));
    BaseWalkParts parts{&world_.archive(), &world_.projection(), &world_.pipeline(), nullptr};
    if (folds != nullptr) parts.projection = folds;
    parts.quarantine = [this](Partition partition) {
      return world_.pipeline().Quarantine(partition, /*from=*/0, /*max=*/1'000'000);
    };
    parts.customers = [this](Partition partition) {
      return world_.pipeline().progress(partition).customers;
    };
    return BaseWalk(parts, viewpoint);
  }

  Base InOnePass(const Viewpoint& viewpoint) {
    Base base;
    const BaseWalk past = BaseAt(viewpoint);
    std::atomic<int64_t> records = 0;
    const auto count = [&](Partition, int64_t more) {
      records += more;
      return absl::OkStatus();
    };
    EXPECT_OK(past.ForEach(count, [&](const BaseCustomer& one) {
      Told told;
      world_.projection().Encode(one.facts, /*with_offsets=*/true, told.facts);
      v1::Standing standing;
      world_.projection().Evaluate(one.survivor, one.facts, viewpoint.as_of_us, one.Options({}),
                                   standing);
      told.standing = standing.SerializeAsString();
      told.members.assign(one.members.begin(), one.members.end());
      told.quarantined = one.quarantined;
      EXPECT_TRUE(base.emplace(std::string(one.survivor), told).second) << one.survivor << " twice";
      return absl::OkStatus();
    }));
    int64_t all = 0;
    for (const auto& [partition, next] : viewpoint.known_at.next) all += next;
    if (viewpoint.known_at.next.empty()) {
      all = static_cast<int64_t>(world_.pipeline().CustomerIds().value().size());
    }
    EXPECT_EQ(records, all);
    return base;
  }

  Base OneByOne(const Viewpoint& viewpoint) {
    const History history = world_.History();
    const RelationshipReader reader(&world_.archive(), &world_.projection(), &world_.pipeline(),
                                    &history);
    Base base;
    const auto customers = world_.pipeline().CustomerIds();
    EXPECT_OK(customers);
    for (const std::string& customer : *customers) {
      const auto one = reader.Read(customer, viewpoint, {}, /*with_facts=*/true);
      EXPECT_OK(one);
      bool known = false;
      for (const std::string& member : one->group.members) {
        const auto events = history.Events(member, viewpoint);
        EXPECT_OK(events);
        known = known || !events->empty();
      }
      if (!known) continue;
      base[one->group.survivor] = {
          one->facts, one->standing.SerializeAsString(),
          one->group.is_merged() ? one->group.members : std::vector<std::string>(),
          one->quarantined};
    }
    return base;
  }

  // Everything that makes one event depend on another, and what is no event.
  void Disturb(const std::string& customer, const std::string& other, EventBuilder& event) {
    switch (random_() % 12) {
      case 0:  // The same again.
        world_.Publish(event);
        break;
      case 1:  // Another one under its id.
        world_.Publish(event.On(v1::CHANNEL_VOICEMAIL));
        break;
      case 2:
        world_.PublishRaw(customer, "no event");
        break;
      case 3:
        world_.Publish(std::move(
            kit::ARetraction(event.envelope().event_id()).Of(customer).Id(++id_).OnDay(kDay)));
        break;
      case 4:
        world_.Publish(
            std::move(kit::ACorrection(event.envelope().event_id(),
                                       APurchase().Of(customer).OnDay(15'200).Worth(7, "EUR"))
                          .Of(customer)
                          .Id(++id_)
                          .OnDay(kDay)));
        break;
      case 5:
        if (customer == other) break;
        for (const std::string& one : {customer, other}) {
          EventBuilder link(random_() % 4 == 0 ? v1::KIND_CUSTOMER_SPLIT
                                               : v1::KIND_CUSTOMER_MERGED);
          world_.Publish(
              link.Of(one).Id(++id_).OnDay(kDay).Set("survivor", other).Set("merged", customer));
        }
        break;
      case 6:
        if (random_() % 4 != 0) break;
        world_.PublishRaw(customer,
                          event::ErasureEvent(v1::KIND_ERASURE_REQUESTED, customer, At(kDay))
                              .SerializeAsString());
        break;
      default:
        break;
    }
  }

  void PublishAnything(int customers, int events) {
    for (int i = 0; i < events; ++i) {
      const std::string customer = absl::StrCat("c", random_() % customers);
      EventBuilder event = kit::RandomHistory(random_(), 1)[0];
      if (random_() % 3 == 0) event = APurchase().OnDay(15'000 + random_() % 900).Worth(9, "EUR");
      world_.Publish(event.Of(customer).Id(++id_));
      Disturb(customer, absl::StrCat("c", random_() % customers), event);
    }
  }

  kit::EngineWorld world_;
  std::mt19937 random_{7};
  uint64_t id_ = 0;
};

TEST_F(BaseWalkTest, SaysOfEverybodyWhatHistorySays) {
  for (const uint32_t seed : {1u, 2u, 3u, 4u, 5u}) {
    random_.seed(seed);
    PublishAnything(/*customers=*/40, /*events=*/150);
    const Position before = Applied();
    PublishAnything(/*customers=*/60, /*events=*/150);
    const Position after = Applied();
    for (const int64_t day : {15'100, 15'500, 19'000, 21'000}) {
      for (const Position& known_at : {before, after, Position()}) {
        const Viewpoint viewpoint{At(day), known_at};
        const Base base = InOnePass(viewpoint), expected = OneByOne(viewpoint);
        ASSERT_EQ(base.size(), expected.size()) << "seed " << seed << " day " << day;
        for (const auto& [customer, told] : expected) {
          const auto found = base.find(customer);
          ASSERT_TRUE(found != base.end()) << customer;
          EXPECT_TRUE(found->second == told)
              << customer << " seed " << seed << " day " << day << " facts "
              << (found->second.facts == told.facts) << " standing "
              << (found->second.standing == told.standing) << " members "
              << (found->second.members == told.members) << " quarantined "
              << found->second.quarantined << " for " << told.quarantined;
        }
      }
    }
  }
}

// Under other fold rules the past is what an engine under those rules would have.
TEST_F(BaseWalkTest, OtherRulesFoldTheSameEventsOtherwise) {
  constexpr char kPounds[] = "parent: \"standard\" fold { base_currency: \"GBP\" }";
  kit::EngineWorld other(kPartitions, projections::Catalog(kPounds, "pounds").value());
  ASSERT_OK(other.Start());
  for (uint64_t id = 1; id <= 60; ++id) {
    EventBuilder event = kit::RandomHistory(id, 1)[0];
    if (id % 3 == 0) event = APurchase().OnDay(15'000 + static_cast<int64_t>(id)).Worth(9, "EUR");
    event.Of(absl::StrCat("c", id % 9)).Id(id);
    world_.Publish(event);
    other.Publish(event);
    if (id % 10 != 0) continue;
    const auto retraction = std::move(
        kit::ARetraction(event.envelope().event_id()).Of(absl::StrCat("c", id % 9)).Id(100 + id));
    world_.Publish(retraction);
    other.Publish(retraction);
  }
  ASSERT_OK(other.AwaitAll());
  const Viewpoint viewpoint{At(kDay), Applied()};
  std::map<std::string, std::string> facts;
  EXPECT_OK(BaseAt(viewpoint, &other.projection())
                .ForEach([](Partition, int64_t) { return absl::OkStatus(); },
                         [&](const BaseCustomer& one) {
                           other.projection().Encode(one.facts, /*with_offsets=*/false,
                                                     facts[std::string(one.survivor)]);
                           return absl::OkStatus();
                         }));
  EXPECT_EQ(facts.size(), 9u);
  for (const auto& [customer, folded] : facts) {
    EXPECT_TRUE(folded == other.History().Facts(customer, viewpoint).value()) << customer;
    EXPECT_FALSE(folded == world_.History().Facts(customer, viewpoint).value()) << customer;
  }
}

TEST_F(BaseWalkTest, ManyEventsOfOneCustomerAndCopiesOfThem) {
  for (int round = 0; round < 2; ++round) {
    for (uint64_t id = 1; id <= 300; ++id) {
      world_.Publish(Bought(id, kDay + static_cast<int64_t>(id)));
    }
  }
  const Viewpoint viewpoint{At(kDay + 250), Applied()};
  const Base base = InOnePass(viewpoint);
  EXPECT_EQ(base, OneByOne(viewpoint));
  v1::Standing standing;
  ASSERT_TRUE(standing.ParseFromString(base.at("ana").standing));
  EXPECT_EQ(standing.purchase_days(), 250);
}

TEST_F(BaseWalkTest, WhoHadDoneNothingByThenIsNotOfTheBase) {
  world_.Publish(Bought(1, kDay));
  world_.Publish(std::move(Bought(2, kDay + 10).Of("ben")));
  world_.PublishRaw("cem", "no event");
  const Position all = Applied();
  EXPECT_EQ(InOnePass({At(kDay + 5), all}).size(), 1u);
  EXPECT_EQ(InOnePass({At(kDay + 15), all}).size(), 2u);
  EXPECT_EQ(InOnePass({At(kDay - 5), all}).size(), 0u);
}

TEST_F(BaseWalkTest, ComesByPartitionThenById) {
  PublishAnything(/*customers=*/50, /*events=*/200);
  const Viewpoint viewpoint{At(kDay + 1), Applied()};
  std::vector<std::pair<Partition, std::string>> order;
  EXPECT_OK(BaseAt(viewpoint).ForEach(
      [](Partition, int64_t) { return absl::OkStatus(); },
      [&](const BaseCustomer& one) {
        if (one.members.empty()) {
          order.emplace_back(world_.pipeline().PartitionOfCustomer(one.survivor), one.survivor);
        }
        return absl::OkStatus();
      }));
  EXPECT_GT(order.size(), 20u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(BaseWalkTest, TellsHowMuchOfEachPartitionIsDone) {
  PublishAnything(/*customers=*/600, /*events=*/1200);
  for (const Position& known_at : {Applied(), Position()}) {
    const BaseWalk walk = BaseAt({At(kDay + 400), known_at});
    const std::vector<int64_t> total = walk.Total();
    std::vector<std::atomic<int64_t>> done(total.size());
    EXPECT_OK(walk.ForEach(
        [&](Partition partition, int64_t more) {
          done[static_cast<size_t>(partition)] += more;
          return absl::OkStatus();
        },
        [](const BaseCustomer&) { return absl::OkStatus(); }));
    for (size_t i = 0; i < total.size(); ++i) {
      EXPECT_GT(total[i], 0);
      EXPECT_EQ(done[i], total[i]) << known_at.ToString();
    }
  }
}

TEST_F(BaseWalkTest, EndsWhereItIsToldTo) {
  PublishAnything(/*customers=*/50, /*events=*/200);
  const Viewpoint viewpoint{At(kDay + 1), Applied()};
  const auto go_on = [](Partition, int64_t) { return absl::OkStatus(); };
  int visited = 0;
  const absl::Status full = absl::ResourceExhaustedError("full");
  EXPECT_EQ(
      BaseAt(viewpoint).ForEach(
          go_on, [&](const BaseCustomer&) { return ++visited == 3 ? full : absl::OkStatus(); }),
      full);
  EXPECT_EQ(visited, 3);
  const absl::Status late = absl::DeadlineExceededError("late");
  EXPECT_EQ(BaseAt(viewpoint).ForEach([&](Partition, int64_t) { return late; },
                                      [](const BaseCustomer&) { return absl::OkStatus(); }),
            late);
}

}  // namespace
}  // namespace rapport::history
