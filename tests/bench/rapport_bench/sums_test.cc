#include "tests/bench/rapport_bench/sums.h"

#include <gtest/gtest.h>

#include "tests/bench/rapport_bench/peer.h"
#include "tests/kit/status_matchers.h"

namespace rapport::bench {
namespace {

using kit::StatusIs;

TEST(SumsTest, TellApartWhoHasWhat) {
  Sums ours;
  ours.Add("ana", 2, 30, 1);
  ours.Add("bo", 1, 10, 1);
  Sums theirs;
  theirs.Add("bo", 2, 30, 1);
  theirs.Add("ana", 1, 10, 1);
  EXPECT_EQ(ours.events, theirs.events);
  EXPECT_THAT(SameSums(ours, theirs, "a peer"),
              StatusIs(absl::StatusCode::kInternal, "a peer has customers=2"));
}

TEST(SumsTest, DoNotDependOnTheOrderOfCustomers) {
  Sums ours;
  ours.Add("ana", 2, 30, 1);
  ours.Add("bo", 1, 10, 1);
  Sums theirs;
  theirs.Add("bo", 1, 10, 1);
  theirs.Add("ana", 2, 30, 1);
  EXPECT_OK(SameSums(ours, theirs, "a peer"));
}

TEST(PeerTest, ReadsTheLineThatAPeerPrints) {
  Sums sums;
  sums.Add("ana", 2, 30, 1);
  const auto run = ParsePeerRun("ns=1000 second_half_ns=400 durable_ns=1500 " + sums.Text());
  ASSERT_OK(run.status());
  EXPECT_EQ(run->took, absl::Microseconds(1));
  EXPECT_EQ(run->second_half, absl::Nanoseconds(400));
  EXPECT_EQ(run->durable, absl::Nanoseconds(1500));
  EXPECT_EQ(run->sums, sums);
}

TEST(PeerTest, RefusesALineWithoutSums) {
  EXPECT_THAT(ParsePeerRun("ns=1000 second_half_ns=400 durable_ns=1500"),
              StatusIs(absl::StatusCode::kInternal, "not the line of a peer"));
}

}  // namespace
}  // namespace rapport::bench
