// Whose an alias is, through the services: what stands counts, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "rapport/v1/known.pb.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::EventBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kAlias[] = "ana@example.org";

EventBuilder ALink(const std::string& customer, uint64_t id, const std::string& alias = kAlias) {
  EventBuilder link = AnEvent(v1::KIND_ALIAS_LINKED);
  link.Of(customer).Id(id).OnDay(kDay + static_cast<int64_t>(id)).Set("value", alias);
  return link;
}

std::string IdOf(const EventBuilder& event) { return event.envelope().event_id(); }

class AliasesTest : public testing::Test {
 protected:
  // Puts `alias` in the place of what the event `target` links.
  void Correct(const EventBuilder& target, uint64_t id, const std::string& alias) {
    EventBuilder correction = kit::ACorrection(IdOf(target), ALink("ana", 0, alias));
    world_.Publish({correction.Of("ana").Id(id).OnDay(kDay + static_cast<int64_t>(id))});
  }
  std::filesystem::path Data() { return world_.engine().options().data_directory; }

  ServiceWorld world_;
};

TEST_F(AliasesTest, IsTheirsWhoLinkedItWhoeverDidSoLastFirst) {
  world_.Publish({ALink("ana", 2), ALink("bob", 3), ALink("carl", 1)});
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("bob", "ana", "carl"));
  world_.Publish({ALink("carl", 4, " ANA@example.org ")});
  EXPECT_THAT(world_.Find("Ana@Example.org"), ElementsAre("carl", "bob", "ana"));
  EXPECT_THAT(world_.Find("ana@example.com"), IsEmpty());
}

TEST_F(AliasesTest, IsNobodysOnceItIsRetractedUnlessItWasLinkedAgain) {
  world_.Publish({ALink("ana", 1), ALink("ana", 2)});
  world_.Publish({kit::ARetraction(IdOf(ALink("ana", 2))).Of("ana").Id(3).OnDay(kDay + 3)});
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("ana"));
  world_.Publish({kit::ARetraction(IdOf(ALink("ana", 1))).Of("ana").Id(4).OnDay(kDay + 4)});
  EXPECT_THAT(world_.Find(kAlias), IsEmpty());
  world_.Publish({ALink("ana", 5)});
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("ana"));
}

TEST_F(AliasesTest, ACorrectedOneIsFoundByWhatTheCorrectionSays) {
  world_.Publish({ALink("ana", 1, "ana@example.net")});
  Correct(ALink("ana", 1), 2, kAlias);
  EXPECT_THAT(world_.Find("ana@example.net"), IsEmpty());
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("ana"));
  v1::ListTimelineRequest request;
  request.set_customer_id("ana");
  v1::ListTimelineResponse answer;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer));
  ASSERT_EQ(answer.entries_size(), 2);
  for (const v1::TimelineEntry& entry : answer.entries()) {
    v1::AliasLinked corrected;
    corrected.ParseFromString(entry.touchpoint().event_corrected().payload());
    EXPECT_EQ(entry.touchpoint().alias_linked().lookup() + corrected.lookup() +
                  entry.counts_as().alias_linked().lookup(),
              "");
  }
}

TEST_F(AliasesTest, WasNeverLinkedByAnEventThatDidNotReachTheLog) {
  world_.Publish({ALink("ana", 1)});
  // As a publisher leaves it that ended between making the key and logging the event.
  ASSERT_OK(world_.engine().keys().Prepare({{"bob", kAlias}})[0]);
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("ana"));
}

TEST_F(AliasesTest, IsTheSameAfterARestartAndAfterARebuild) {
  world_.Publish({ALink("ana", 1), ALink("bob", 2), ALink("bob", 3, "+49 30 12345")});
  world_.Publish({kit::ARetraction(IdOf(ALink("bob", 2))).Of("bob").Id(4).OnDay(kDay + 4)});
  const auto expect_found = [this] {
    EXPECT_THAT(world_.Find(kAlias), ElementsAre("ana"));
    EXPECT_THAT(world_.Find("+493012345"), ElementsAre("bob"));
  };
  expect_found();
  world_.Reopen();
  expect_found();
  const std::filesystem::path state = Data() / "state";
  world_.Reopen([&] { std::filesystem::remove_all(state); });
  world_.Publish({ALink("carl", 5, "carl@example.org")});
  expect_found();
}

TEST_F(AliasesTest, IsNobodysAnyMoreOnceTheyAreForgotten) {
  world_.Publish({ALink("ana", 1), ALink("bob", 2)});
  v1::EraseCustomerRequest request;
  request.set_customer_id("ana");
  request.set_purpose("asked by mail");
  v1::EraseCustomerResponse answer;
  ASSERT_OK(world_.Call(world_.privacy(), &Privacy::EraseCustomer, request, answer));
  EXPECT_THAT(world_.Find(kAlias), ElementsAre("bob"));
  size_t left = 99;
  ASSERT_OK(world_.engine().pipeline().Read(
      "ana", [&](const store::CustomerView& view) { left = view.aliases->size(); }));
  EXPECT_EQ(left, 0u) << "the row goes, too";
}

}  // namespace
}  // namespace rapport
