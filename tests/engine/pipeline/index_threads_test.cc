// Indexes are looked at while partitions fold, evict and commit on threads of their own.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "engine/model/index_row.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

constexpr size_t kCustomers = 30;

// Customers that have a stage, and those who are unsure.
std::multiset<std::string> Found(kit::EngineWorld& world) {
  const auto stages = [](absl::string_view name) -> std::optional<store::WantedRows> {
    if (!StageOfRowName(name).has_value()) return std::nullopt;
    return store::WantedRows();
  };
  const auto sight = world.pipeline().ReadIndex(world.clock().NowMicros(), 1'000, stages);
  EXPECT_OK(sight);
  if (!sight.ok()) return {};
  std::multiset<std::string> found(sight->unsure.begin(), sight->unsure.end());
  for (const store::SeenRow& row : sight->rows) found.insert(row.customer);
  return found;
}

// Few bytes of memory: who was folded is evicted as soon as he is durable.
class IndexThreadsTest : public testing::TestWithParam<size_t> {};

TEST_P(IndexThreadsTest, WhileOthersFoldAReaderFindsEachCustomerOnce) {
  kit::EngineWorld world(2);
  world.options().memory_bytes = GetParam();
  // Full batches come now and then: a partition is far behind, and soon is not any more.
  world.options().batch_records_max = 8;
  world.options().checkpoint_interval = absl::Milliseconds(1);
  uint64_t id = 1;
  const auto publish = [&] {
    const std::string customer = absl::StrCat("c", id % kCustomers);
    world.Publish(kit::APurchase().Of(customer).Id(id++).Key("o").Worth(1, "EUR"));
  };
  for (size_t i = 0; i < kCustomers; ++i) publish();
  ASSERT_OK(world.Start());
  ASSERT_OK(world.AwaitAll());
  std::set<std::string> wanted;
  for (size_t i = 0; i < kCustomers; ++i) wanted.insert(absl::StrCat("c", i));
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::thread reader([&] {
    while (!done && !testing::Test::HasFailure()) {
      const std::multiset<std::string> found = Found(world);
      EXPECT_EQ(found.size(), kCustomers);
      EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), wanted);
      ++reads;
    }
  });
  for (int i = 0; reads < 10'000 && i < 400'000 && !HasFailure(); ++i) {
    world.clock().Advance(1'000);
    publish();
    if (i % 100 < 30 || i % 3 != 0) continue;
    EXPECT_OK(world.AwaitAll());
  }
  const absl::Status applied = world.AwaitAll();
  done = true;
  reader.join();
  ASSERT_OK(applied);
  EXPECT_GT(reads, 0);
}

INSTANTIATE_TEST_SUITE_P(MemoryBytes, IndexThreadsTest, testing::Values(1, size_t{1} << 30));

}  // namespace
}  // namespace rapport::pipeline
