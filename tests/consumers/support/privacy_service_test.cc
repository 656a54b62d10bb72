// Texts in answers, and the right to be forgotten, through the services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "engine/base/files.h"
#include "engine/event/audit.h"
#include "rapport/v1/known.pb.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kNote[] = "Rang twice, sounded upset.";

class PrivacyTest : public testing::Test {
 protected:
  PrivacyTest() {
    world_.Publish(
        {APurchase().Of("ana").Id(1).OnDay(kDay).Key("o").Worth(5, "EUR").Note(kNote),
         AnEvent(v1::KIND_PROFILE_RECORDED).Of("ana").Id(2).OnDay(kDay).Set("name", "Ana Example"),
         AnEvent(v1::KIND_ALIAS_LINKED)
             .Of("ana")
             .Id(3)
             .OnDay(kDay)
             .Set("value", "ana@example.org")});
  }

  v1::ListTimelineResponse Timeline(const std::string& purpose = "") {
    v1::ListTimelineRequest request;
    request.set_customer_id("ana");
    request.set_reveal(!purpose.empty());
    request.set_purpose(purpose);
    v1::ListTimelineResponse answer;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer));
    return answer;
  }
  v1::GetRelationshipResponse Card(const std::string& purpose = "") {
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    request.set_reveal(!purpose.empty());
    request.set_purpose(purpose);
    v1::GetRelationshipResponse answer;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer));
    return answer;
  }
  absl::StatusOr<v1::ErasureReceipt> Erase(const std::string& customer) {
    v1::EraseCustomerRequest request;
    request.set_customer_id(customer);
    request.set_purpose("asked by mail");
    v1::EraseCustomerResponse answer;
    const absl::Status status =
        world_.Call(world_.privacy(), &Privacy::EraseCustomer, request, answer);
    if (!status.ok()) return status;
    return answer.receipt();
  }
  std::string AuditText() {
    const auto text = SystemFiles().Read(world_.engine().options().data_directory + "/audit.jsonl");
    return text.ok() ? *text : "";
  }

  ServiceWorld world_;
};

TEST_F(PrivacyTest, AnswersNameWhatTheyMask) {
  const v1::ListTimelineResponse answer = Timeline();
  ASSERT_EQ(answer.entries_size(), 3);
  EXPECT_THAT(answer.entries(2).masked_fields(), ElementsAre("note"));
  EXPECT_THAT(answer.entries(1).masked_fields(), ElementsAre("payload.name"));
  EXPECT_THAT(answer.entries(0).masked_fields(), ElementsAre("payload.value"));
  for (const v1::TimelineEntry& entry : answer.entries()) {
    EXPECT_TRUE(entry.touchpoint().sealed().empty());
    EXPECT_EQ(entry.touchpoint().content_tag(), "");
    EXPECT_EQ(entry.touchpoint().alias_linked().lookup(), "");
  }
  EXPECT_THAT(Card().masked_fields(), ElementsAre("profile.name"));
  EXPECT_FALSE(Card().has_profile());
  EXPECT_EQ(AuditText(), "");
  absl::Status status;
  for (const v1::ReplayEventsResponse& event : world_.Replay({}, status)) {
    EXPECT_EQ(event.masked_fields_size(), 1);
    EXPECT_TRUE(event.event().sealed().empty());
  }
  EXPECT_OK(status);
  EXPECT_TRUE(absl::StrContains(AuditText(), R"("action":"replay")"));
  EXPECT_EQ(event::VerifyAudit(AuditText())->lines, 1);
}

TEST_F(PrivacyTest, WhoSaysWhySeesTheTextsAndIsWrittenDown) {
  const v1::ListTimelineResponse answer = Timeline("call back");
  EXPECT_EQ(answer.entries(2).touchpoint().note(), kNote);
  EXPECT_EQ(answer.entries(1).touchpoint().profile_recorded().name(), "Ana Example");
  EXPECT_EQ(answer.entries(0).touchpoint().alias_linked().value(), "ana@example.org");
  for (const v1::TimelineEntry& entry : answer.entries()) {
    EXPECT_THAT(entry.masked_fields(), IsEmpty());
    EXPECT_TRUE(entry.touchpoint().sealed().empty());
  }
  EXPECT_EQ(Card("call back").profile().name(), "Ana Example");
  EXPECT_THAT(Card("call back").masked_fields(), IsEmpty());
  EXPECT_TRUE(absl::StrContains(AuditText(), R"("purpose":"call back")"));
  EXPECT_EQ(event::VerifyAudit(AuditText())->lines, 3);
}

TEST_F(PrivacyTest, NobodySeesATextWithoutSayingWhy) {
  v1::ListTimelineRequest request;
  request.set_customer_id("ana");
  request.set_reveal(true);
  v1::ListTimelineResponse answer;
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer),
              StatusIs(absl::StatusCode::kInvalidArgument, "purpose"));
  v1::GetRelationshipRequest card;
  card.set_customer_id("ana");
  card.set_reveal(true);
  v1::GetRelationshipResponse shown;
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::GetRelationship, card, shown),
              StatusIs(absl::StatusCode::kInvalidArgument, "purpose"));
}

TEST_F(PrivacyTest, TheNameIsTheOneLastRecorded) {
  world_.Publish({AnEvent(v1::KIND_PROFILE_RECORDED)
                      .Of("ana")
                      .Id(4)
                      .OnDay(kDay + 1)
                      .Set("name", "Ana Newname"),
                  AnEvent(v1::KIND_PROFILE_RECORDED)
                      .Of("ana")
                      .Id(5)
                      .OnDay(kDay - 1)
                      .Set("name", "Ana Oldname")});
  EXPECT_EQ(Card("call back").profile().name(), "Ana Newname");
}

TEST_F(PrivacyTest, ANameThatWasPutRightIsReadFromItsCorrection) {
  const auto recorded = [](uint64_t id, const std::string& name) {
    return AnEvent(v1::KIND_PROFILE_RECORDED)
        .Of("ana")
        .Id(id)
        .OnDay(kDay + static_cast<int64_t>(id))
        .Set("name", name);
  };
  const std::string wrong = recorded(4, "").envelope().event_id();
  world_.Publish({recorded(4, "Anna Sample"),
                  kit::ACorrection(wrong, recorded(4, "Ana Exemplary")).Id(5).OnDay(kDay + 9)});
  EXPECT_EQ(Card("call back").profile().name(), "Ana Exemplary");
  const v1::ListTimelineResponse answer = Timeline("call back");
  for (const v1::TimelineEntry& entry : answer.entries()) {
    if (entry.touchpoint().event_id() != wrong) continue;
    EXPECT_EQ(entry.touchpoint().profile_recorded().name(), "Anna Sample");
    // Its texts are shown where they stand.
    EXPECT_TRUE(entry.has_counts_as());
    EXPECT_EQ(entry.counts_as().profile_recorded().name(), "");
  }
  world_.Publish({kit::ARetraction(wrong).Of("ana").Id(6).OnDay(kDay + 9)});
  EXPECT_EQ(Card("call back").profile().name(), "Ana Example");
}

TEST_F(PrivacyTest, AnErasedCustomerStaysSealedAlsoAfterARestart) {
  EXPECT_THAT(world_.Find("Ana@Example.org"), ElementsAre("ana"));
  const auto receipt = Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_FALSE(receipt->key_id().empty());
  EXPECT_GT(receipt->covered_size(), 2);
  for (int opened = 0; opened < 2; ++opened) {
    const v1::ListTimelineResponse answer = Timeline("call back");
    ASSERT_EQ(answer.entries_size(), 5);
    EXPECT_EQ(answer.entries(4).touchpoint().note(), "");
    EXPECT_THAT(answer.entries(4).masked_fields(), ElementsAre("note"));
    EXPECT_FALSE(Card("call back").has_profile());
    EXPECT_THAT(world_.Find("ana@example.org"), IsEmpty());
    EXPECT_EQ(Erase("ana")->SerializeAsString(), receipt->SerializeAsString());
    world_.Reopen();
  }
  v1::GetErasureRequest request;
  request.set_customer_id("ana");
  v1::GetErasureResponse answer;
  ASSERT_OK(world_.Call(world_.privacy(), &Privacy::GetErasure, request, answer));
  EXPECT_EQ(answer.receipt().SerializeAsString(), receipt->SerializeAsString());
  EXPECT_THAT(Erase("bob").status(), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

// The archive, which is the log, came back from a backup and lacks what was folded since.
TEST_F(PrivacyTest, NothingIsOpenedOrLookedUpWhereAnErasureMayBeLost) {
  const std::filesystem::path data = world_.engine().options().data_directory;
  const auto copy = [&data](const char* from, const char* to) {
    std::filesystem::remove_all(data / to);
    std::filesystem::copy(data / from, data / to, std::filesystem::copy_options::recursive);
  };
  world_.Reopen([&] { copy("archive", "older"); });
  world_.Publish({APurchase().Of("ana").Id(4).OnDay(kDay).Key("p").Worth(5, "EUR")});
  world_.Reopen([&] { copy("older", "archive"); });
  const auto stopped =
      StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED: ARCHIVE_DAMAGED");
  v1::GetRelationshipRequest card;
  card.set_customer_id("ana");
  v1::GetRelationshipResponse shown;
  EXPECT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, card, shown));
  card.set_reveal(true);
  card.set_purpose("call back");
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::GetRelationship, card, shown),
              stopped);
  v1::ResolveCustomerRequest alias;
  alias.set_alias("ana@example.org");
  v1::ResolveCustomerResponse found;
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::ResolveCustomer, alias, found),
              stopped);
  EXPECT_THAT(found.customer_ids(), IsEmpty());
  EXPECT_EQ(AuditText(), "");
  EXPECT_THAT(Erase("ana").status(), stopped);
  v1::GetStatusResponse status;
  ASSERT_OK(
      world_.Call(world_.operations(), &Operations::GetStatus, v1::GetStatusRequest(), status));
  const int own = world_.engine().pipeline().PartitionOfCustomer("ana");
  EXPECT_TRUE(status.partitions(own).texts_wait());
  EXPECT_FALSE(status.partitions(1 - own).texts_wait());
}

TEST_F(PrivacyTest, ATextWrittenPastTheIngressIsCountedAndShownToNobody) {
  v1::Event raw =
      ItemOf(APurchase().Of("ana").Id(9).OnDay(kDay).Key("p").Worth(5, "EUR").Note("in clear"))
          .event();
  world_.AppendRaw("ana", raw.SerializeAsString());
  const v1::ListTimelineResponse answer = Timeline("call back");
  for (const v1::TimelineEntry& entry : answer.entries()) {
    EXPECT_FALSE(absl::StrContains(entry.SerializeAsString(), "in clear"));
  }
  v1::GetStatusResponse status;
  ASSERT_OK(
      world_.Call(world_.operations(), &Operations::GetStatus, v1::GetStatusRequest(), status));
  EXPECT_EQ(status.events().clear_text(), 1);
  EXPECT_EQ(status.key_store_cause(), "");
  EXPECT_EQ(Erase("ana")->clear_texts(), 1);
}

TEST_F(PrivacyTest, FactsAreAnsweredWithoutTheKeys) {
  ASSERT_OK(SystemFiles().Remove(world_.engine().options().data_directory + "/wrapping.key"));
  world_.Reopen();
  EXPECT_THAT(Card().masked_fields(), ElementsAre("profile.name"));
  EXPECT_EQ(Timeline().entries_size(), 3);
  v1::ListTimelineRequest request;
  request.set_customer_id("ana");
  request.set_reveal(true);
  request.set_purpose("call back");
  v1::ListTimelineResponse answer;
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer),
              StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE"));
  EXPECT_THAT(Erase("ana").status(),
              StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE"));
  v1::GetStatusResponse status;
  ASSERT_OK(
      world_.Call(world_.operations(), &Operations::GetStatus, v1::GetStatusRequest(), status));
  EXPECT_TRUE(absl::StrContains(status.key_store_cause(), "wrapping key"));
  world_.Publish({APurchase().Of("ana").Id(8).OnDay(kDay).Key("q").Worth(5, "EUR")});
}

}  // namespace
}  // namespace rapport
