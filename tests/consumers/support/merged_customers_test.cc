// Merged customers as support tools see them: one relationship, under one id, once in each list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class MergedCustomersTest : public testing::Test {
 protected:
  MergedCustomersTest() {
    world_.Publish({Complained("ana", 1, kDay), Complained("ben", 2, kDay + 1),
                    Complained("cleo", 3, kDay + 2)});
  }

  static EventBuilder Complained(const std::string& customer, uint64_t id, int64_t day) {
    return std::move(
        AnEvent(v1::KIND_COMPLAINT_RAISED).Of(customer).Id(id).OnDay(day).Key(customer));
  }
  void Link(v1::Kind kind, const std::string& merged, const std::string& survivor, int64_t day) {
    std::vector<EventBuilder> records;
    for (const std::string& customer : {merged, survivor}) {
      EventBuilder record(kind);
      record.Of(customer).Id(++id_).OnDay(day).Set("survivor", survivor).Set("merged", merged);
      records.push_back(std::move(record));
    }
    world_.Publish(records);
  }
  void MergeAnaIntoBen() { Link(v1::KIND_CUSTOMER_MERGED, "ana", "ben", kDay + 10); }

  v1::GetRelationshipResponse Card(const std::string& customer, const std::string& purpose = "") {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(kLater);
    request.set_reveal(!purpose.empty());
    request.set_purpose(purpose);
    v1::GetRelationshipResponse answer;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer));
    return answer;
  }
  v1::ListTimelineResponse Timeline(const std::string& customer, const std::string& purpose = "") {
    v1::ListTimelineRequest request;
    request.set_customer_id(customer);
    request.set_reveal(!purpose.empty());
    request.set_purpose(purpose);
    v1::ListTimelineResponse answer;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer));
    return answer;
  }
  // Whose complaints are to be resolved, and under which keys.
  std::multiset<std::string> Owed(const std::string& customer) {
    v1::ListFollowUpsRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(kLater);
    request.add_policies("complaint_resolve");
    v1::ListFollowUpsResponse answer;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListFollowUps, request, answer));
    std::multiset<std::string> owed;
    for (const v1::CustomerFollowUp& entry : answer.follow_ups()) {
      owed.insert(absl::StrCat(entry.customer_id(), " ", entry.follow_up().anchor()));
    }
    return owed;
  }
  int64_t CustomersInSum() {
    v1::SummarizeBaseRequest request;
    request.mutable_viewpoint()->set_as_of_us(kLater);
    v1::SummarizeBaseResponse answer;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::SummarizeBase, request, answer));
    return answer.customers();
  }

  ServiceWorld world_;
  uint64_t id_ = 100;
};

TEST_F(MergedCustomersTest, WhoIsAloneIsNotCalledMerged) {
  const v1::GetRelationshipResponse card = Card("ana");
  EXPECT_EQ(card.merged_into(), "");
  EXPECT_THAT(card.members(), IsEmpty());
  EXPECT_THAT(Timeline("ana").members(), IsEmpty());
}

TEST_F(MergedCustomersTest, ACardSaysIntoWhomAndWithWhom) {
  const std::string alone = Card("ana").standing().SerializeAsString();
  MergeAnaIntoBen();
  const v1::GetRelationshipResponse ana = Card("ana"), ben = Card("ben");
  EXPECT_EQ(ana.customer_id(), "ana");
  EXPECT_EQ(ana.merged_into(), "ben");
  EXPECT_EQ(ben.merged_into(), "");
  EXPECT_THAT(ana.members(), ElementsAre("ana", "ben"));
  EXPECT_THAT(ben.members(), ElementsAre("ana", "ben"));
  EXPECT_EQ(ana.standing().SerializeAsString(), ben.standing().SerializeAsString());
  Link(v1::KIND_CUSTOMER_SPLIT, "ana", "ben", kDay + 11);
  EXPECT_EQ(Card("ana").merged_into(), "");
  EXPECT_EQ(Card("ana").standing().SerializeAsString(), alone);
}

TEST_F(MergedCustomersTest, ListsCountThemOnceUnderTheSurvivor) {
  EXPECT_EQ(CustomersInSum(), 3);
  MergeAnaIntoBen();
  EXPECT_EQ(CustomersInSum(), 2);
  EXPECT_THAT(Owed("-"), UnorderedElementsAre("ben key:ana", "ben key:ben", "cleo key:cleo"));
  EXPECT_THAT(Owed("ana"), UnorderedElementsAre("ben key:ana", "ben key:ben"));
  EXPECT_THAT(Owed("cleo"), ElementsAre("cleo key:cleo"));
}

TEST_F(MergedCustomersTest, ATimelineIsOfAllAndSaysWhose) {
  MergeAnaIntoBen();
  const v1::ListTimelineResponse timeline = Timeline("ana");
  EXPECT_EQ(timeline.merged_into(), "ben");
  EXPECT_EQ(timeline.total(), 4);
  std::vector<std::string> customers;
  for (const auto& entry : timeline.entries()) {
    customers.push_back(entry.touchpoint().customer_id());
  }
  EXPECT_THAT(customers, ElementsAre("ben", "ana", "ben", "ana"));
}

TEST_F(MergedCustomersTest, TextsAreOpenedUnderTheKeyOfWhoseTheyAre) {
  world_.Publish({APurchase().Of("ana").Id(11).OnDay(kDay + 3).Worth(5, "EUR").Note("of ana"),
                  APurchase().Of("ben").Id(12).OnDay(kDay + 4).Worth(5, "EUR").Note("of ben")});
  MergeAnaIntoBen();
  const v1::ListTimelineResponse timeline = Timeline("ben", "call back");
  std::vector<std::string> notes;
  for (const auto& entry : timeline.entries()) {
    EXPECT_THAT(entry.masked_fields(), IsEmpty());
    if (!entry.touchpoint().note().empty()) notes.push_back(entry.touchpoint().note());
  }
  EXPECT_THAT(notes, ElementsAre("of ben", "of ana"));
}

// One id under two customers is two events, and the later one is meant.
TEST_F(MergedCustomersTest, TheNameIsTheOneLastRecordedOfAny) {
  const auto named = [](const char* customer, int64_t day, const char* name) {
    return AnEvent(v1::KIND_PROFILE_RECORDED).Of(customer).Id(20).OnDay(day).Set("name", name);
  };
  world_.Publish({named("ana", kDay + 5, "Ana Later"), named("ben", kDay + 4, "Ben Before")});
  MergeAnaIntoBen();
  EXPECT_EQ(Card("ben", "call back").profile().name(), "Ana Later");
  EXPECT_EQ(Card("ana", "call back").profile().name(), "Ana Later");
  EXPECT_THAT(Card("ben").masked_fields(), ElementsAre("profile.name"));
}

}  // namespace
}  // namespace rapport
