#include "consumers/edge/turns.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "consumers/edge/rpc_status.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

class TurnsTest : public testing::Test {
 protected:
  void AwaitWaiting(int calls) {
    while (turns_.waiting() != calls) std::this_thread::yield();
  }

  Turns turns_{"walks", 1, 2};
};

TEST_F(TurnsTest, GoInTheOrderInWhichTheyCame) {
  const Call call{Caller()};
  auto first = turns_.Take(call);
  ASSERT_OK(first);
  std::string order;
  absl::Mutex mutex;
  std::vector<std::thread> others;
  for (const char name : {'a', 'b'}) {
    others.emplace_back([&, name] {
      const auto turn = turns_.Take(call);
      ASSERT_OK(turn);
      const absl::MutexLock lock(&mutex);
      order += name;
    });
    AwaitWaiting(static_cast<int>(others.size()));
  }
  EXPECT_THAT(turns_.Take(call),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "RATE_LIMITED: 1 walks may run at once, and as many as may wait do"));
  EXPECT_EQ(order, "");
  first->reset();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(order, "ab");
  EXPECT_OK(turns_.Take(call)) << "all turns are over";
}

TEST_F(TurnsTest, NobodyWaitsBeyondHisDeadline) {
  const Call endless{Caller()};
  const auto turn = turns_.Take(endless);
  const Call hurried(Caller(), absl::Now() + absl::Milliseconds(20));
  const auto late = turns_.Take(hurried);
  EXPECT_THAT(late, StatusIs(absl::StatusCode::kResourceExhausted,
                             "RATE_LIMITED: 1 walks may run at once, and it was not your turn"));
  EXPECT_EQ(ToErrorStatus(late.status()).details_size(), 2) << "when to come back";
  EXPECT_EQ(turns_.waiting(), 0);
}

TEST_F(TurnsTest, WhoLeavesGivesUpHisPlace) {
  const Call endless{Caller()};
  auto turn = turns_.Take(endless);
  Call left{Caller()};
  std::thread other([&] {
    EXPECT_THAT(turns_.Take(left), StatusIs(absl::StatusCode::kCancelled, "the caller has left"));
  });
  AwaitWaiting(1);
  left.Cancel();
  other.join();
  EXPECT_EQ(turns_.waiting(), 0);
  turn->reset();
  EXPECT_OK(turns_.Take(endless));
}

class NoProgress : public Progress {
 public:
  void Expect(const std::vector<int64_t>&) override {}
  void Note(const Call&, Partition, int64_t) override {}
};

TEST(OperationTurnsTest, AnOperationTakesNone) {
  Turns turns("walks", /*at_once=*/1, /*waiting_max=*/0);
  NoProgress progress;
  const Call operation(Caller(), absl::InfiniteFuture(), &progress);
  const auto first = turns.Take(operation);
  ASSERT_OK(first.status());
  EXPECT_OK(turns.Take(operation).status());
  const Call call{Caller()};
  EXPECT_OK(turns.Take(call).status()) << "there is one left for who waits";
}

}  // namespace
}  // namespace rapport::edge
