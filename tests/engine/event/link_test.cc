// What merges, splits and erasures say to the customer they stand under.
#include "engine/event/link.h"

#include <gtest/gtest.h>

#include "engine/event/erasure.h"
#include "tests/kit/event_builder.h"

namespace rapport::event {
namespace {

kit::EventBuilder ALink(v1::Kind kind, const char* customer) {
  return std::move(
      kit::AnEvent(kind).Of(customer).Set("survivor", "ben").Set("merged", "ana").At(70).Id(3));
}

Links LinksOf(const kit::EventBuilder& event) {
  Links links;
  AddLink(event.View(), links);
  return links;
}

TEST(LinkTest, OnlyMergesAndSplitsAreLinks) {
  EXPECT_TRUE(IsLink(v1::KIND_CUSTOMER_MERGED));
  EXPECT_TRUE(IsLink(v1::KIND_CUSTOMER_SPLIT));
  EXPECT_FALSE(IsLink(v1::KIND_EVENT_RETRACTED));
  EXPECT_FALSE(IsLink(v1::KIND_ERASURE_REQUESTED));
}

TEST(LinkTest, AMergeSaysToEachWhereItGoes) {
  const kit::EventBuilder of_ana = ALink(v1::KIND_CUSTOMER_MERGED, "ana");
  const Links ana = LinksOf(of_ana);
  ASSERT_EQ(ana.all().size(), 1u);
  EXPECT_EQ(ana.all()[0], (Link{"ben", of_ana.View().moment(), Link::Word::kGoesInto}));
  const Links ben = LinksOf(ALink(v1::KIND_CUSTOMER_MERGED, "ben"));
  ASSERT_EQ(ben.all().size(), 1u);
  EXPECT_EQ(ben.all()[0].other, "ana");
  EXPECT_EQ(ben.all()[0].word, Link::Word::kTakesIn);
}

TEST(LinkTest, ASplitSaysTheSameToBoth) {
  for (const auto& [own, other] : {std::pair{"ana", "ben"}, std::pair{"ben", "ana"}}) {
    const Links links = LinksOf(ALink(v1::KIND_CUSTOMER_SPLIT, own));
    ASSERT_EQ(links.all().size(), 1u);
    EXPECT_EQ(links.all()[0].other, other);
    EXPECT_EQ(links.all()[0].word, Link::Word::kSplit);
  }
}

TEST(LinkTest, OnlyTheEnginesOwnErasureForgetsLinksAndAliases) {
  Links links = LinksOf(ALink(v1::KIND_CUSTOMER_MERGED, "ana"));
  Aliases aliases;
  aliases.Link({1}, {1, {}});
  const auto add = [&](const v1::Event& event) {
    AddErasure(event, links);
    AddErasure(event, aliases);
  };
  v1::Event request = ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", 1);
  request.set_source("shop");
  add(request);
  add(ErasureEvent(v1::KIND_ERASURE_COMPLETED, "ana", 1));
  EXPECT_FALSE(links.erased());
  EXPECT_EQ(aliases.size(), 1u);
  add(ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", 1));
  EXPECT_TRUE(links.erased());
  EXPECT_TRUE(links.all().empty());
  EXPECT_EQ(aliases.size(), 0u);
}

TEST(LinkTest, AnAliasIsLinkedByItsHash) {
  kit::EventBuilder link(v1::KIND_ALIAS_LINKED);
  link.Of("ana").Id(1).Set("lookup", std::string(16, '\x07'));
  Hash128 hash;
  hash.fill(7);
  Aliases aliases;
  AddAlias(link.View(), aliases);
  ASSERT_NE(aliases.Find(hash), nullptr);
  EXPECT_EQ(*aliases.Find(hash), link.View().moment());
}

TEST(LinkTest, AnAliasWithoutAHashOfAnIngressFindsNobody) {
  kit::EventBuilder link(v1::KIND_ALIAS_LINKED);
  Aliases aliases;
  AddAlias(link.Of("ana").Id(1).View(), aliases);
  AddAlias(link.Set("lookup", "short").View(), aliases);
  EXPECT_EQ(aliases.size(), 0u);
}

}  // namespace
}  // namespace rapport::event
