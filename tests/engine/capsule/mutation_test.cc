// A capsule may come from anybody: whatever is in it, it is refused or replayed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "tests/engine/capsule/capsule_world.h"

namespace rapport::capsule {
namespace {

using kit::APurchase;
using kit::StatusIs;

class MutationTest : public testing::Test {
 protected:
  MutationTest() {
    for (uint64_t id = 1; id <= 3; ++id) {
      world_.Publish(APurchase().Of("ana").Id(id).OnDay(kDay).Key("o").Worth(50, "EUR"));
    }
    world_.PublishRaw("ana", "\xff");
    capsule_ = world_.CapsuleOf("ana").value();
    capsule_.clear_digest();
  }

  // Refused, and the message holds `says`.
  void ExpectRefused(const v1::Capsule& capsule, const std::string& says) {
    EXPECT_THAT(CheckCapsule(capsule), StatusIs(absl::StatusCode::kInvalidArgument, says));
  }
  v1::CapsuleMember& member() { return *capsule_.mutable_members(0); }

  CapsuleWorld world_;
  v1::Capsule capsule_;
};

TEST_F(MutationTest, AChangedByteIsFound) {
  v1::Capsule whole = world_.CapsuleOf("ana").value();
  whole.mutable_members(0)->mutable_records(0)->mutable_value()->back() ^= 1;
  ExpectRefused(whole, "CAPSULE_CHANGED");
}

TEST_F(MutationTest, OnlyOwnFormatIsRead) {
  capsule_.set_format(2);
  ExpectRefused(capsule_, "CAPSULE_VERSION: format: is 2, this program reads 1");
}

TEST_F(MutationTest, WhatCannotBeIsRefusedWithItsField) {
  const v1::Capsule good = capsule_;
  const auto refused = [&](const std::string& says, auto change) {
    capsule_ = good;
    change();
    ExpectRefused(capsule_, absl::StrCat("CAPSULE_MALFORMED: ", says));
  };
  ASSERT_OK(CheckCapsule(good));
  refused("partitions", [&] { capsule_.set_partitions(0); });
  refused("partitions", [&] { capsule_.set_partitions(1025); });
  refused("as_of_us", [&] { capsule_.set_as_of_us(-1); });
  refused("position", [&] { capsule_.set_position("nonsense"); });
  refused("position", [&] { capsule_.set_position("p:0@9,1@9,2@9,3@9"); });
  refused("position", [&] {
    capsule_.set_position(
        "7c1e90ab.1:0@9223372036854775807,1@9223372036854775807,2@9223372036854775807,3@"
        "9223372036854775807");
  });
  refused("customer_id", [&] { capsule_.set_customer_id("ben"); });
  refused("customer_id", [&] { capsule_.clear_members(); });
  refused("members[1].customer_id", [&] { *capsule_.add_members() = good.members(0); });
  refused("members[0].customer_id", [&] { member().set_customer_id("-"); });
  refused("members[0].partition", [&] { member().set_partition(member().partition() ^ 1); });
  refused("members[0].records[1].offset", [&] { member().mutable_records(1)->set_offset(0); });
  refused("members[0].records[2].offset", [&] { member().mutable_records(2)->set_offset(999); });
  refused("members[0].records[0].appended_at_us",
          [&] { member().mutable_records(0)->set_appended_at_us(INT64_MIN); });
  refused("members[0].records[0].verdict", [&] { member().mutable_records(0)->clear_verdict(); });
  refused("members[0].records[0].reason",
          [&] { member().mutable_records(0)->set_reason("KIND_UNKNOWN"); });
  refused("members[0].records[3].reason", [&] { member().mutable_records(3)->clear_reason(); });
  refused("members[0].records[3].withheld", [&] { member().mutable_records(3)->set_value("x"); });
  refused("members[0].records[0].leaves_incomplete",
          [&] { member().mutable_records(0)->set_leaves_incomplete(true); });
}

// Bytes of the records and of the whole, changed at random.
TEST_F(MutationTest, AnythingIsRefusedOrReplayed) {
  std::mt19937_64 random(11);
  int replayed = 0;
  for (int round = 0; round < 3000; ++round) {
    v1::Capsule changed = capsule_;
    std::string bytes = round % 2 == 0 ? capsule_.SerializeAsString()
                                       : capsule_.members(0).records(round % 3).value();
    for (uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (round % 2 == 0) {
      if (!changed.ParseFromString(bytes)) continue;
      changed.clear_digest();
    } else {
      changed.mutable_members(0)->mutable_records(round % 3)->set_value(bytes);
    }
    if (!CheckCapsule(changed).ok()) continue;
    ASSERT_OK(ReplayCapsule(changed, world_.projection()));
    ++replayed;
  }
  EXPECT_GT(replayed, 1000);
}

}  // namespace
}  // namespace rapport::capsule
