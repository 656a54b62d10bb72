// Capsules give what the engine answers again, from nothing but themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/event/erasure.h"
#include "projections/catalog.h"
#include "tests/engine/capsule/capsule_world.h"
#include "tests/kit/random_history.h"

namespace rapport::capsule {
namespace {

using kit::ACorrection;
using kit::AnEvent;
using kit::APurchase;
using kit::ARetraction;
using kit::EventBuilder;
using kit::StatusIs;
using testing::HasSubstr;

EventBuilder Bought(uint64_t id, int64_t day, const std::string& customer = "ana") {
  return APurchase().Of(customer).Id(id).OnDay(day).Key(absl::StrCat("o", id)).Worth(50, "EUR");
}

std::vector<v1::CapsuleVerdict> VerdictsOf(const v1::Capsule& capsule) {
  std::vector<v1::CapsuleVerdict> verdicts;
  for (const v1::CapsuleMember& member : capsule.members()) {
    for (const v1::CapsuleRecord& record : member.records()) verdicts.push_back(record.verdict());
  }
  return verdicts;
}

// One record under each id.
void Merge(CapsuleWorld& world, uint64_t id, const std::string& merged,
           const std::string& survivor) {
  for (const std::string& customer : {merged, survivor}) {
    EventBuilder event = AnEvent(v1::KIND_CUSTOMER_MERGED);
    event.Of(customer).Id(id++).OnDay(kDay + 9).Set("survivor", survivor).Set("merged", merged);
    world.Publish(event);
  }
}

TEST(CapsuleTest, HoldsTheCustomersRecordsAndNobodyElses) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  for (uint64_t id = 100; id < 120; ++id) {
    world.Publish(Bought(id, kDay, absl::StrCat("other", id)));
  }
  world.Publish(Bought(2, kDay + 1));
  const v1::Capsule capsule = world.CapsuleOf("ana").value();
  ASSERT_EQ(capsule.members_size(), 1);
  EXPECT_EQ(capsule.members(0).records_size(), 2);
  EXPECT_EQ(capsule.members(0).customer_id(), "ana");
  EXPECT_EQ(capsule.rules_text(), "the rules");
  EXPECT_EQ(capsule.engine_version(), "1.2.3");
  const v1::CapsuleReplay replay = world.Replayed(capsule);
  EXPECT_TRUE(replay.same()) << Differences(replay);
  EXPECT_EQ(replay.records(), 2);
  EXPECT_EQ(replay.standing().stage(), capsule.standing().stage());
  EXPECT_GT(replay.standing().score_milli(), 0u);
}

TEST(CapsuleTest, SameViewpointGivesTheSameBytes) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  const v1::Capsule first = world.CapsuleOf("ana").value();
  EXPECT_EQ(first.SerializeAsString(), world.CapsuleOf("ana").value().SerializeAsString());
}

TEST(CapsuleTest, TellsTheDigestThatTheStateHas) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  const v1::Capsule capsule = world.CapsuleOf("ana").value();
  std::string digest;
  ASSERT_OK(world.pipeline().Digest(
      capsule.members(0).partition(),
      [&](absl::string_view, const SetDigest& one) { digest = one.Hex(); }));
  EXPECT_EQ(capsule.members(0).facts_digest(), digest);
}

TEST(CapsuleTest, CarriesRevisionsCopiesAndQuarantine) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 1));
  world.Publish(Bought(1, kDay));
  // Another event under an id that is taken.
  world.Publish(Bought(2, kDay + 2).Key("another"));
  world.PublishRaw("ana", "\xff\xff");
  world.Publish(ARetraction(EventOf(Bought(1, kDay)).event_id()).Of("ana").Id(5).OnDay(kDay + 3));
  world.Publish(
      ACorrection(EventOf(Bought(2, kDay)).event_id(), Bought(2, kDay + 1).Worth(9, "EUR"))
          .Of("ana")
          .Id(6)
          .OnDay(kDay + 4));
  EventBuilder bad = Bought(7, kDay);
  bad.envelope().set_source("Shop!");
  world.Publish(bad);
  const v1::Capsule capsule = world.CapsuleOf("ana").value();
  EXPECT_THAT(VerdictsOf(capsule),
              testing::ElementsAre(v1::CAPSULE_VERDICT_FOLDED, v1::CAPSULE_VERDICT_FOLDED,
                                   v1::CAPSULE_VERDICT_DUPLICATE, v1::CAPSULE_VERDICT_QUARANTINED,
                                   v1::CAPSULE_VERDICT_QUARANTINED, v1::CAPSULE_VERDICT_FOLDED,
                                   v1::CAPSULE_VERDICT_FOLDED, v1::CAPSULE_VERDICT_QUARANTINED));
  EXPECT_EQ(capsule.members(0).records(3).reason(), "EVENT_ID_CONFLICT");
  EXPECT_TRUE(capsule.members(0).records(4).withheld());
  EXPECT_EQ(capsule.members(0).records(7).reason(), "FIELD_INVALID");
  EXPECT_FALSE(capsule.members(0).records(7).withheld());
  const v1::CapsuleReplay replay = world.Replayed(capsule);
  EXPECT_TRUE(replay.same()) << Differences(replay);
  EXPECT_EQ(replay.quarantined(), 3);
}

// The one that is incomplete without what was rejected says so, whether its bytes came along or
// not.
TEST(CapsuleTest, CarriesThatSomethingIsMissing) {
  for (const bool is_read : {true, false}) {
    CapsuleWorld world;
    world.Publish(Bought(1, kDay));
    EventBuilder later = Bought(2, kDay);
    later.envelope().set_kind(static_cast<v1::Kind>(9999));
    const std::string bytes =
        is_read ? EventOf(later).SerializeAsString() : std::string("\xff\xff");
    world.PublishWith("ana", bytes, {{"ce_id", "e2"}});
    const v1::Capsule capsule = world.CapsuleOf("ana").value();
    const v1::CapsuleRecord& record = capsule.members(0).records(1);
    EXPECT_EQ(record.withheld(), !is_read) << record.DebugString();
    const v1::CapsuleReplay replay = world.Replayed(capsule);
    EXPECT_TRUE(replay.same()) << Differences(replay);
    bool incomplete = false;
    for (const v1::FlagState& flag : replay.standing().flags()) {
      incomplete = incomplete || flag.flag() == v1::FLAG_INCOMPLETE;
    }
    EXPECT_TRUE(incomplete);
  }
}

TEST(CapsuleTest, MergedCustomersComeTogether) {
  CapsuleWorld world;
  uint64_t id = 0;
  for (const char* customer : {"ana", "ben", "cleo"}) {
    world.Publish(Bought(++id, kDay, customer));
  }
  Merge(world, 10, "ben", "ana");
  for (const char* asked : {"ana", "ben"}) {
    const v1::Capsule capsule = world.CapsuleOf(asked).value();
    ASSERT_EQ(capsule.members_size(), 2);
    EXPECT_EQ(capsule.members(0).customer_id(), "ana");
    EXPECT_EQ(capsule.members(1).customer_id(), "ben");
    const v1::CapsuleReplay replay = world.Replayed(capsule);
    EXPECT_TRUE(replay.same()) << Differences(replay);
    EXPECT_EQ(replay.records(), 4);
  }
  // Without the one half nobody says that they are one.
  v1::Capsule half = world.CapsuleOf("ana").value();
  half.clear_digest();
  half.mutable_members(1)->clear_records();
  const v1::CapsuleReplay replay = world.Replayed(half);
  EXPECT_THAT(Differences(replay), HasSubstr("members: ana, ben -> ana\n"));
}

TEST(CapsuleTest, ThePastIsThatOfTheViewpoint) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  const v1::Capsule before = world.CapsuleOf("ana").value();
  world.Publish(Bought(2, kDay + 50));
  const auto position = Position::Parse(before.position());
  const v1::Capsule then = world.CapsuleOf("ana", At(kDay + 20)).value();
  EXPECT_EQ(then.members(0).records_size(), 2);
  EXPECT_EQ(then.members(0).facts_digest(), before.members(0).facts_digest());
  EXPECT_TRUE(world.Replayed(then).same());
  const v1::Capsule known = world.CapsuleOf("ana", At(kDay + 100), *position).value();
  EXPECT_EQ(known.SerializeAsString(), before.SerializeAsString());
  const v1::Capsule now = world.CapsuleOf("ana").value();
  EXPECT_NE(now.members(0).facts_digest(), before.members(0).facts_digest());
  EXPECT_TRUE(world.Replayed(now).same());
}

TEST(CapsuleTest, RandomHistoriesComeOutAgain) {
  CapsuleWorld world;
  constexpr int kCustomers = 40;
  for (int i = 0; i < kCustomers; ++i) {
    for (EventBuilder& event : kit::RandomHistory(static_cast<uint64_t>(i), 30)) {
      world.Publish(event.Of(absl::StrCat("c", i)));
    }
  }
  for (int i = 0; i < kCustomers; ++i) {
    const int64_t day = kit::kHistoryBegins + 100 + i * 40;
    const v1::CapsuleReplay replay =
        world.Replayed(world.CapsuleOf(absl::StrCat("c", i), At(day)).value());
    EXPECT_TRUE(replay.same()) << i << ": " << Differences(replay);
  }
}

TEST(CapsuleTest, WhatIsChangedIsNamed) {
  CapsuleWorld world;
  for (uint64_t id = 1; id <= 4; ++id) world.Publish(Bought(id, kDay + static_cast<int64_t>(id)));
  const v1::Capsule capsule = world.CapsuleOf("ana").value();

  v1::Capsule one_less = capsule;
  one_less.clear_digest();
  one_less.mutable_members(0)->mutable_records()->RemoveLast();
  EXPECT_THAT(Differences(world.Replayed(one_less)),
              testing::StartsWith(absl::StrCat(
                  "members[0].facts_digest: ", capsule.members(0).facts_digest(), " -> ")));

  v1::Capsule judged = capsule;
  judged.clear_digest();
  judged.mutable_members(0)->mutable_records(1)->set_verdict(v1::CAPSULE_VERDICT_DUPLICATE);
  EXPECT_EQ(Differences(world.Replayed(judged)),
            "members[0].records[1].verdict: DUPLICATE -> FOLDED\n");

  v1::Capsule scored = capsule;
  scored.clear_digest();
  scored.mutable_standing()->set_score_milli(7);
  scored.mutable_standing()->mutable_lines(2)->set_milli_points(1);
  const std::string differences = Differences(world.Replayed(scored));
  EXPECT_THAT(differences, HasSubstr(absl::StrCat("standing.score_milli: 7 -> ",
                                                  capsule.standing().score_milli(), "\n")));
  EXPECT_THAT(differences, HasSubstr("standing.lines[2].milli_points: 1 -> "));
}

TEST(CapsuleTest, OtherRulesGiveAnotherStanding) {
  CapsuleWorld world;
  for (uint64_t id = 1; id <= 4; ++id) world.Publish(Bought(id, kDay + static_cast<int64_t>(id)));
  const v1::Capsule capsule = world.CapsuleOf("ana").value();
  const auto others =
      projections::Catalog(*projections::BuiltInRulesText("donors"), "donors").value();
  const v1::CapsuleReplay replay = ReplayCapsule(capsule, *others).value();
  EXPECT_FALSE(replay.same());
  EXPECT_EQ(replay.rules_digest(), others->digest());
}

TEST(CapsuleTest, NobodyAndTheErasedGetNone) {
  CapsuleWorld world;
  world.Publish(Bought(1, kDay));
  EXPECT_THAT(world.CapsuleOf("nobody"), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  const v1::Event erasure = event::ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", At(kDay + 2));
  world.PublishRaw("ana", erasure.SerializeAsString());
  EXPECT_THAT(world.CapsuleOf("ana"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
}

TEST(CapsuleTest, AVeryLongHistoryIsRefused) {
  CapsuleWorld world;
  for (uint64_t id = 1; id <= kRecordsMax; ++id) world.Publish(Bought(id, kDay));
  EXPECT_OK(world.CapsuleOf("ana"));
  world.Publish(Bought(kRecordsMax + 1, kDay));
  EXPECT_THAT(world.CapsuleOf("ana"), StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE"));
}

}  // namespace
}  // namespace rapport::capsule
