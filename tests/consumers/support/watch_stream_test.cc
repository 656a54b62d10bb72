// One caller who watches: what he is told first, what a filter lets through, what a cut, a slow
// reader and the loss of a position do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/consumers/support/watch_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::APurchase;
using kit::StatusIs;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using Message = v1::WatchRelationshipsResponse;

std::vector<std::string> CustomersOf(const std::vector<Message>& changes) {
  std::vector<std::string> customers;
  for (const Message& message : changes) customers.push_back(message.change().customer_id());
  return customers;
}

class WatchStreamTest : public testing::Test {
 protected:
  kit::EventBuilder Bought(const std::string& customer, uint64_t id) {
    return kit::APurchase().Of(customer).Id(id).At(world_.clock().NowMicros()).Worth(5, "EUR");
  }
  static v1::WatchRelationshipsRequest From(const std::string& position) {
    v1::WatchRelationshipsRequest request;
    request.set_from_position(position);
    return request;
  }
  std::string Place() {
    return absl::StrCat(world_.engine().pipeline().Applied().ToString(), ";t@",
                        world_.clock().NowMicros());
  }

  WatchWorld world_{2};
};

TEST_F(WatchStreamTest, TellsWhatHappensFromNowOnAndWhy) {
  world_.Append({Bought("ana", 1)});
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  world_.Append({Bought("ben", 2)});
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  ASSERT_EQ(changes.size(), 1u);
  const v1::RelationshipChange& change = changes[0].change();
  EXPECT_EQ(change.customer_id(), "ben");
  EXPECT_FALSE(change.has_before());
  EXPECT_EQ(change.after().standing().stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(change.cause(), v1::RELATIONSHIP_CAUSE_EVENTS);
  EXPECT_EQ(change.event_ids_size(), 1);
  EXPECT_EQ(change.at_us(), world_.clock().NowMicros());
  EXPECT_THAT(change.changed_fields(), Contains("standing.stage"));
  EXPECT_EQ(change.after().standing().stage_rule().inputs_size(), 0) << "no receipts";
}

TEST_F(WatchStreamTest, SaysWhatIsKnownOfTheCustomer) {
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  kit::EventBuilder manager(v1::KIND_ACCOUNT_MANAGER_ASSIGNED);
  manager.Of("ana").Id(1).At(world_.clock().NowMicros()).Key("eve");
  world_.Append({manager});
  client.AwaitAll();
  ASSERT_EQ(client.changes().size(), 1u);
  const v1::RelationshipChange change = client.changes()[0].change();
  EXPECT_EQ(change.after().known().owner().key(), "eve");
  EXPECT_THAT(change.changed_fields(), Contains("known"));
}

TEST_F(WatchStreamTest, TimeAloneChangesAtItsOwnMoment) {
  world_.Append({Bought("ana", 1)});
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  world_.clock().Advance(400 * kMicrosPerDay + 12'345);
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  ASSERT_FALSE(changes.empty());
  int64_t last_us = 0;
  for (const Message& message : changes) {
    const v1::RelationshipChange& change = message.change();
    EXPECT_EQ(change.cause(), v1::RELATIONSHIP_CAUSE_TIME);
    EXPECT_EQ(change.event_ids_size(), 0);
    EXPECT_EQ(change.at_us(), change.before().standing().next_change_at_us());
    EXPECT_GT(change.at_us(), last_us);
    last_us = change.at_us();
  }
  EXPECT_EQ(changes.back().change().after().standing().stage(), v1::STAGE_DISSOLUTION);
}

TEST_F(WatchStreamTest, OtherRulesChangeEverybodyAtOnce) {
  world_.Append({Bought("ana", 1), Bought("ben", 2)});
  world_.clock().Advance(10 * kMicrosPerDay);
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  world_.Activate("first_purchase_silence_days: 182", "first_purchase_silence_days: 1");
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  EXPECT_THAT(CustomersOf(changes), ElementsAre("ana", "ben"));
  for (const Message& message : changes) {
    EXPECT_EQ(message.change().cause(), v1::RELATIONSHIP_CAUSE_RULES);
    EXPECT_EQ(message.change().after().standing().stage(), v1::STAGE_DISSOLUTION);
  }
}

TEST_F(WatchStreamTest, RulesThatFoldOtherwiseAreToldOfLikeOthersAlsoFromAPlaceBefore) {
  world_.Append({Bought("ana", 40), Bought("ben", 2)});
  world_.clock().Advance(10 * kMicrosPerDay);
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  const std::string place = client.messages()[0].position();
  world_.Activate("half_life_days: 364", "half_life_days: 1");
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  EXPECT_THAT(CustomersOf(changes), ElementsAre("ana", "ben"));
  for (const Message& message : changes) {
    EXPECT_EQ(message.change().cause(), v1::RELATIONSHIP_CAUSE_RULES);
    EXPECT_GT(message.change().before().standing().score_milli(),
              message.change().after().standing().score_milli());
  }
  WatchClient late(world_, From(place));
  late.AwaitAll();
  ASSERT_EQ(late.changes().size(), changes.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(late.changes()[i].change().SerializeAsString(),
              changes[i].change().SerializeAsString());
  }
}

TEST_F(WatchStreamTest, WhoIsMergedIsNobodyByHimselfAndSaysWhoHeIs) {
  world_.Append({Bought("ana", 1), Bought("ben", 2)});
  WatchClient client(world_, {});
  client.Await(Message::kCaughtUp);
  world_.Link(v1::KIND_CUSTOMER_MERGED, "ana", "ben", 3);
  client.AwaitAll();
  // The first of the two records may tell of its own customer, too.
  std::vector<Message> changes = client.changes();
  ASSERT_GE(changes.size(), 2u);
  const v1::RelationshipChange& ana = changes[changes.size() - 2].change();
  const v1::RelationshipChange& ben = changes.back().change();
  EXPECT_EQ(ana.customer_id(), "ana");
  EXPECT_TRUE(ana.has_before());
  EXPECT_FALSE(ana.has_after());
  EXPECT_EQ(ana.merged_into(), "ben");
  EXPECT_EQ(ben.customer_id(), "ben");
  EXPECT_TRUE(absl::StrContains(changes[changes.size() - 2].position(), ";s@"))
      << "the two belong together: " << changes[changes.size() - 2].position();
  EXPECT_FALSE(absl::StrContains(changes.back().position(), ";s@"));
}

TEST_F(WatchStreamTest, AFilterTellsOfWhoMatchesBeforeOrAfter) {
  world_.Append({Bought("ana", 1), Bought("ben", 2)});
  v1::WatchRelationshipsRequest request;
  request.set_filter("stage=EXPANSION");
  WatchClient client(world_, request);
  client.Await(Message::kCaughtUp);
  world_.Append({Bought("ben", 3).Key("second")});
  client.AwaitAll();
  EXPECT_THAT(client.changes(), IsEmpty()) << "two purchases on a day are no expansion";
  world_.clock().Advance(20 * kMicrosPerDay);
  world_.Append({Bought("ana", 4).Key("third")});
  client.AwaitAll();
  EXPECT_THAT(CustomersOf(client.changes()), Contains("ana")) << "who comes in";
  const size_t before = client.changes().size();
  world_.clock().Advance(800 * kMicrosPerDay);
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  ASSERT_GT(changes.size(), before);
  EXPECT_EQ(changes.back().change().before().standing().stage(), v1::STAGE_EXPANSION);
  EXPECT_NE(changes.back().change().after().standing().stage(), v1::STAGE_EXPANSION)
      << "who goes out is told of last when he does";
}

TEST_F(WatchStreamTest, AFilterByOwnerReadsWhatIsKnown) {
  v1::WatchRelationshipsRequest request;
  request.set_filter("owner=eve");
  WatchClient client(world_, request);
  client.Await(Message::kCaughtUp);
  kit::EventBuilder manager(v1::KIND_ACCOUNT_MANAGER_ASSIGNED);
  manager.Of("ana").Id(1).At(world_.clock().NowMicros()).Key("eve");
  world_.Append({Bought("ben", 2), manager});
  client.AwaitAll();
  EXPECT_THAT(CustomersOf(client.changes()), ElementsAre("ana"));
}

// covers: 004-32
TEST_F(WatchStreamTest, AnOwnerHearsWhatChangesOfHisCustomersAndGoesOnWhereHeWasCut) {
  const auto event = [&](v1::Kind kind, uint64_t id, const std::string& key) {
    kit::EventBuilder made(kind);
    made.Of("ana").Id(id).At(world_.clock().NowMicros()).Key(key);
    return made;
  };
  world_.Append({event(v1::KIND_ACCOUNT_MANAGER_ASSIGNED, 1, "eve")});
  v1::WatchRelationshipsRequest request;
  request.set_filter("owner=eve");
  std::vector<Message> told;
  {
    WatchClient client(world_, request);
    client.Await(Message::kCaughtUp);
    world_.Append({Bought("ana", 2), Bought("ben", 3)});
    world_.Append({event(v1::KIND_PREFERENCE_RECORDED, 4, "channel").Set("value", "phone")});
    client.AwaitAll();
    told = client.changes();
  }
  ASSERT_FALSE(told.empty());
  world_.Append({event(v1::KIND_CONTACT_PERSON_RECORDED, 5, "p1").Set("role", "buyer")});
  request.set_from_position(told.back().position());
  WatchClient again(world_, request);
  again.AwaitAll();
  for (Message& message : again.changes()) told.push_back(std::move(message));
  EXPECT_THAT(CustomersOf(told), ElementsAre("ana", "ana", "ana"));
  const char* const changed[] = {"standing.stage", "known", "known"};
  for (size_t i = 0; i < told.size(); ++i) {
    const v1::RelationshipChange& change = told[i].change();
    EXPECT_THAT(change.changed_fields(), Contains(changed[i]));
    EXPECT_EQ(change.cause(), v1::RELATIONSHIP_CAUSE_EVENTS);
    EXPECT_EQ(change.event_ids_size(), 1);
    if (i == 0) continue;
    EXPECT_EQ(change.before().SerializeAsString(),
              told[i - 1].change().after().SerializeAsString());
    EXPECT_NE(change.event_ids(0), told[i - 1].change().event_ids(0));
  }
}

TEST_F(WatchStreamTest, ASnapshotTellsOfEverybodyOnceAndThenOfChanges) {
  world_.Append({Bought("ben", 1), Bought("ana", 2), Bought("cleo", 3), Bought("dora", 4)});
  world_.Link(v1::KIND_CUSTOMER_MERGED, "cleo", "dora", 5);
  v1::WatchRelationshipsRequest request;
  request.set_include_snapshot(true);
  WatchClient client(world_, request);
  client.Await(Message::kCaughtUp);
  const std::vector<Message> snapshot = client.changes();
  EXPECT_THAT(CustomersOf(snapshot), ElementsAre("ana", "ben", "dora"));
  for (const Message& message : snapshot) {
    EXPECT_EQ(message.position(), "") << "a snapshot that is cut begins anew";
    EXPECT_FALSE(message.change().has_before());
    EXPECT_EQ(message.change().cause(), v1::RELATIONSHIP_CAUSE_UNSPECIFIED);
  }
  world_.Append({Bought("ana", 6).Key("again")});
  client.AwaitAll();
  ASSERT_EQ(client.changes().size(), 4u);
  EXPECT_EQ(client.changes()[3].change().before().SerializeAsString(),
            snapshot[0].change().after().SerializeAsString());
}

TEST_F(WatchStreamTest, WhatHappenedSinceAPositionIsToldFirst) {
  const std::string place = Place();
  world_.Append({Bought("ana", 1), Bought("ben", 2)});
  world_.Append({Bought("ana", 3).Key("again")});
  WatchClient client(world_, From(place));
  client.Await(Message::kCaughtUp);
  EXPECT_EQ(client.changes().size(), 3u);
}

TEST_F(WatchStreamTest, APositionThatPublishReturnedServesAsWell) {
  world_.Append({Bought("ana", 1)});
  const std::string position = world_.engine().pipeline().Applied().ToString();
  world_.Append({Bought("ben", 2)});
  WatchClient client(world_, From(position));
  client.Await(Message::kCaughtUp);
  EXPECT_THAT(CustomersOf(client.changes()), Contains("ben"));
}

TEST_F(WatchStreamTest, ManyRecordsAreToldAsOneChangeForEachCustomer) {
  WatchWorld world(/*partitions=*/1);
  const std::string place = absl::StrCat(world.engine().pipeline().Applied().ToString(), ";t@",
                                         world.clock().NowMicros());
  std::vector<kit::EventBuilder> events;
  for (uint64_t id = 1; id <= 1100; ++id) {
    events.push_back(Bought(id % 2 == 0 ? "ana" : "ben", id).Key(absl::StrCat("o", id)));
  }
  world.Append(events);
  WatchClient client(world, From(place));
  client.AwaitAll();
  const std::vector<Message> changes = client.changes();
  ASSERT_EQ(changes.size(), 2u + 1100 - 1024) << "the first 1,024 as one, then one by one";
  EXPECT_EQ(changes[0].change().customer_id(), "ana");
  EXPECT_EQ(changes[0].change().event_ids_size(), 8) << "the newest of many";
  EXPECT_EQ(changes[1].change().customer_id(), "ben");
}

TEST_F(WatchStreamTest, ASlowReaderLosesNothing) {
  support::WatchOptions options = WatchWorld::Quick();
  options.messages_max = 4;
  WatchWorld world(1, options);
  WatchClient client(world, {});
  client.Await(Message::kCaughtUp);
  // From the same place, whenever his thread begins.
  WatchClient slow(world, From(client.messages()[0].position()), /*reads=*/false);
  const auto bought = [&](uint64_t id) {
    return kit::APurchase()
        .Of("ana")
        .Id(id)
        .At(world.clock().NowMicros())
        .Key(absl::StrCat("o", id))
        .Worth(5, "EUR");
  };
  for (uint64_t id = 1; id <= 40; ++id) {
    world.clock().Advance(kMicrosPerHour);
    world.Append({bought(id)});
    client.AwaitAll();
  }
  slow.Read();
  slow.AwaitAll();
  client.AwaitAll();
  const std::vector<Message> told = client.changes();
  const std::vector<Message> told_slowly = slow.changes();
  ASSERT_GE(told.size(), 40u);
  ASSERT_EQ(told_slowly.size(), told.size());
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told_slowly[i].change().SerializeAsString(), told[i].change().SerializeAsString());
  }
}

TEST_F(WatchStreamTest, APlaceAheadOfTheEngineWaitsForIt) {
  world_.Append({Bought("ana", 1)});
  Position ahead = world_.engine().pipeline().Applied();
  const Partition partition = world_.engine().pipeline().PartitionOfCustomer("ana");
  ++ahead.next[partition];
  WatchClient client(world_, From(ahead.ToString()));
  client.Await(Message::kHeartbeat);
  EXPECT_THAT(client.changes(), IsEmpty());
  world_.Append({Bought("ana", 2).Key("skipped"), Bought("ana", 3).Key("told")});
  client.AwaitAll();
  EXPECT_EQ(client.changes().size(), 1u);
}

TEST_F(WatchStreamTest, APositionThatIsLostIsAnsweredByResyncAndTheWatchGoesOn) {
  world_.Append({Bought("ana", 1)});
  v1::WatchRelationshipsRequest request = From("00000001.1:0@1");
  request.set_include_snapshot(true);
  WatchClient client(world_, request);
  client.Await(Message::kCaughtUp);
  const std::vector<Message> messages = client.messages();
  ASSERT_TRUE(messages[0].has_resync());
  EXPECT_TRUE(absl::StrContains(messages[0].resync().reason(), "POSITION_LOST"));
  EXPECT_EQ(messages[0].position(), "");
  EXPECT_THAT(CustomersOf(client.changes()), ElementsAre("ana"));
  world_.Append({Bought("ana", 2).Key("again")});
  client.AwaitAll();
  EXPECT_EQ(client.changes().size(), 2u);
}

TEST_F(WatchStreamTest, RulesThatNobodyKnowsAreAnsweredByResync) {
  WatchClient client(world_, From(absl::StrCat(Place(), ";r@r-000000000000")));
  client.Await(Message::kResync);
}

TEST_F(WatchStreamTest, RulesOfThePlaceAreToldOfWhenOthersAnswerNow) {
  world_.Append({Bought("ana", 1)});
  world_.clock().Advance(10 * kMicrosPerDay);
  WatchClient first(world_, {});
  first.Await(Message::kCaughtUp);
  ASSERT_OK(first.Leave());
  world_.Activate("first_purchase_silence_days: 182", "first_purchase_silence_days: 1");
  WatchClient second(world_, From(first.messages()[0].position()));
  second.AwaitAll();
  ASSERT_EQ(second.changes().size(), 1u);
  EXPECT_EQ(second.changes()[0].change().cause(), v1::RELATIONSHIP_CAUSE_RULES);
}

TEST_F(WatchStreamTest, GoesOnAfterTheEngineWasOpenedAnew) {
  world_.Append({Bought("ana", 1)});
  std::string place;
  {
    WatchClient client(world_, {});
    client.Await(Message::kCaughtUp);
    place = client.messages()[0].position();
  }
  world_.Append({Bought("ana", 2).Key("again")});
  world_.Reopen();
  WatchClient client(world_, From(place));
  client.AwaitAll();
  EXPECT_EQ(client.changes().size(), 1u);
}

TEST_F(WatchStreamTest, AFilterOrPositionThatCannotBeReadIsRefused) {
  v1::WatchRelationshipsRequest request;
  request.set_filter("colour=red");
  WatchClient first(world_, request);
  EXPECT_THAT(first.Leave(), StatusIs(absl::StatusCode::kInvalidArgument, "FILTER_INVALID"));
  for (const char* position : {"abc", "7c1e90ab.1:0@1;t@x", "7c1e90ab.1:0@1;s@1"}) {
    WatchClient second(world_, From(position));
    EXPECT_THAT(second.Leave(), StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"))
        << position;
  }
}

TEST_F(WatchStreamTest, MoreThanThereAreSeatsForAreTurnedAway) {
  support::WatchOptions options = WatchWorld::Quick();
  options.seats_max = 1;
  WatchWorld world(1, options);
  WatchClient first(world, {});
  first.Await(Message::kCaughtUp);
  {
    WatchClient second(world, {});
    EXPECT_THAT(second.Leave(), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS"));
  }
  ASSERT_OK(first.Leave());
  WatchClient third(world, {});
  third.Await(Message::kCaughtUp);
}

}  // namespace
}  // namespace rapport
