// Merges and splits, folded: each row keeps what its own records say, and facts do not change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/pipeline/erasure.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

std::string TextOf(uint64_t id) { return APurchase().Id(id).envelope().event_id(); }

EventBuilder Bought(uint64_t id) {
  return APurchase().Of("ana").Id(id).OnDay(20'000 + static_cast<int64_t>(id)).Worth(10, "EUR");
}

// That `ana` goes into another, or does not any more; under her id.
EventBuilder Linked(v1::Kind kind, uint64_t id, int64_t day, const std::string& other = "ben") {
  return std::move(
      kit::AnEvent(kind).Of("ana").Id(id).OnDay(day).Set("survivor", other).Set("merged", "ana"));
}
EventBuilder Merged(uint64_t id, int64_t day, const std::string& other = "ben") {
  return Linked(v1::KIND_CUSTOMER_MERGED, id, day, other);
}
EventBuilder Split(uint64_t id, int64_t day, const std::string& other = "ben") {
  return Linked(v1::KIND_CUSTOMER_SPLIT, id, day, other);
}
EventBuilder Retracted(uint64_t id, uint64_t target) {
  return std::move(kit::ARetraction(TextOf(target)).Of("ana").Id(id).OnDay(20'300));
}

class LinkFoldTest : public OnePartition {
 protected:
  void SetUp() override { Open(); }

  void Log(const std::vector<EventBuilder>& events) {
    for (const EventBuilder& event : events) Publish(event);
    FoldAll();
  }
  void LogErasure() {
    PublishRaw("ana", ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", kBegin).SerializeAsString());
    FoldAll();
  }

  Links LinksOfAna() {
    Links links;
    EXPECT_OK(
        pipeline_->Read("ana", [&](const store::CustomerView& view) { links = *view.links; }));
    return links;
  }
  std::string FactsOfAna() {
    std::string bytes;
    EXPECT_OK(pipeline_->Read("ana", [&](const store::CustomerView& view) {
      projection_->Encode(view.facts, /*with_offsets=*/true, bytes);
    }));
    return bytes;
  }
  // Whom ana's records say that she is one with.
  std::vector<std::string> Others() {
    std::vector<std::string> others;
    const Links links = LinksOfAna();
    for (const Link& link : links.all()) {
      if (link.word != Link::Word::kSplit) others.push_back(link.other);
    }
    return others;
  }
  void ExpectLikeARebuild() {
    const auto digests = Digests();
    EXPECT_EQ(RebuiltDigests(), digests);
    EXPECT_EQ(rebuilt_counters_, task().counters());
  }
};

TEST_F(LinkFoldTest, AMergeIsALinkAndNoFact) {
  Log({Bought(1)});
  const std::string facts = FactsOfAna();
  EXPECT_TRUE(LinksOfAna().empty());
  Log({Merged(5, 20'400)});
  EXPECT_THAT(Others(), ElementsAre("ben"));
  EXPECT_EQ(LinksOfAna().Find("ben")->word, Link::Word::kGoesInto);
  EXPECT_EQ(FactsOfAna(), facts) << "not even the newest moment";
  EXPECT_EQ(task().counters().folded, 2);
  EXPECT_EQ(task().counters().not_folded, 0);
  ExpectLikeARebuild();
}

TEST_F(LinkFoldTest, ASplitCountsWhenItsMomentIsTheGreater) {
  Log({Split(4, 20'100), Merged(5, 20'090)});
  EXPECT_THAT(Others(), IsEmpty());
  Log({Merged(6, 20'100)});
  EXPECT_THAT(Others(), ElementsAre("ben")) << "of one time the greater id";
  Log({Merged(7, 20'000, "cleo"), Split(8, 20'050, "cleo")});
  EXPECT_THAT(Others(), ElementsAre("ben"));
  ExpectLikeARebuild();
}

TEST_F(LinkFoldTest, AnyOrderAndCopiesGiveTheSameLinks) {
  std::mt19937 random(5);
  std::vector<std::string> seen;
  for (int order = 0; order < 10; ++order) {
    // Each order is that of another customer.
    const std::string customer = absl::StrCat("c", order);
    std::vector<EventBuilder> events;
    for (uint64_t id = 1; id <= 12; ++id) {
      EventBuilder event = id % 3 == 0 ? Split(id, 20'000 + static_cast<int64_t>(id * 7 % 5))
                                       : Merged(id, 20'000 + static_cast<int64_t>(id * 7 % 5));
      event.Of(customer).Set("merged", customer);
      events.push_back(std::move(event.Set("survivor", id % 2 == 0 ? "ben" : "cleo")));
    }
    std::shuffle(events.begin(), events.end(), random);
    Log(events);
    Log({events[0], events[1]});
    EXPECT_EQ(task().counters().duplicates, 2 * (order + 1));
    EXPECT_OK(pipeline_->Read(
        customer, [&](const store::CustomerView& view) { seen.push_back(view.links->Encode()); }));
  }
  EXPECT_THAT(seen, testing::Each(seen[0]));
  EXPECT_FALSE(seen[0].empty());
}

TEST_F(LinkFoldTest, ARetractedMergeWasNever) {
  Log({Bought(1), Merged(5, 20'100), Merged(6, 20'200), Retracted(9, 6)});
  EXPECT_EQ(LinksOfAna().Find("ben")->moment.at_us, Merged(5, 20'100).View().occurred_at_us);
  Log({Retracted(10, 5)});
  EXPECT_TRUE(LinksOfAna().empty());
  // Also one that comes after its retraction, and one beside a retraction of a split.
  Log({Retracted(11, 7), Merged(7, 20'250), Split(8, 20'260), Merged(12, 20'255)});
  EXPECT_THAT(Others(), IsEmpty());
  Log({Retracted(13, 8)});
  EXPECT_THAT(Others(), ElementsAre("ben"));
  ExpectLikeARebuild();
}

TEST_F(LinkFoldTest, LinksSurviveEvictionAndRestart) {
  options_.memory_bytes = 1;
  Close();
  Open();
  Log({Merged(5, 20'100)});
  Publish(50);
  FoldAll();
  EXPECT_FALSE(task().table().ReadSlot("ana", [](const store::Slot&) {}));
  EXPECT_THAT(Others(), ElementsAre("ben"));
  Close();
  Open();
  EXPECT_THAT(Others(), ElementsAre("ben"));
  // What is loaded again goes on.
  Log({Merged(6, 20'110, "cleo")});
  EXPECT_THAT(Others(), ElementsAre("ben", "cleo"));
}

TEST_F(LinkFoldTest, WhoIsErasedHasNoLinkAnyMore) {
  Log({Merged(5, 20'100)});
  LogErasure();
  EXPECT_THAT(Others(), IsEmpty());
  EXPECT_TRUE(LinksOfAna().erased());
  Log({Merged(6, 20'410)});
  EXPECT_THAT(Others(), IsEmpty()) << "nor later";
  // Nobody takes it back.
  EventBuilder retraction = kit::ARetraction(kRequestedId);
  Log({std::move(retraction.Of("ana").Id(9).OnDay(20'300)), Merged(7, 20'411)});
  EXPECT_THAT(Others(), IsEmpty());
  EXPECT_TRUE(LinksOfAna().erased());
  ExpectLikeARebuild();
}

TEST_F(LinkFoldTest, OfAnonymousTouchpointsNothingIsLinked) {
  EventBuilder anonymous = Merged(5, 20'100);
  Log({Bought(1), std::move(anonymous.Of(""))});
  EXPECT_TRUE(LinksOfAna().empty());
  EXPECT_EQ(task().counters().rejected, 1);
}

}  // namespace
}  // namespace rapport::pipeline
