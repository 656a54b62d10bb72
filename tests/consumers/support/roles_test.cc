// Who may do what, over gRPC, with a token of each role.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "consumers/edge/token_file.h"
#include "engine/base/files.h"
#include "engine/event/audit.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/options.pb.h"
#include "tests/consumers/support/grpc_question.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using kit::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string>& Roles() {
  static const auto* const roles = new std::vector<std::string>{
      "publisher", "reader", "revealer", "worker", "analyst", "operator", "eraser"};
  return *roles;
}

// Who may call what names this role, as the contract has it.
bool Grants(const std::string& held, const std::string& needed) {
  static const auto* const grants = new std::map<std::string, std::set<std::string>>{
      {"publisher", {"publisher"}},
      {"reader", {"reader", "revealer", "worker", "analyst"}},
      {"revealer", {"revealer"}},
      {"worker", {"worker"}},
      {"analyst", {"analyst"}},
      {"operator", {"operator"}},
      {"eraser", {"eraser"}},
      {"any", {"publisher", "reader", "revealer", "worker", "analyst", "operator", "eraser"}}};
  return grants->at(needed).contains(held);
}

// One token a role, called as the role and with `t-` in front.
std::string Tokens() {
  std::string lines;
  for (const std::string& role : Roles()) {
    absl::StrAppend(&lines, "token name=", role, " roles=", role,
                    " sources=test,shop sha256=", edge::TokenHash("t-" + role), "\n");
  }
  absl::StrAppend(&lines, "token name=twin roles=publisher sources=rapport/echo sha256=",
                  edge::TokenHash("t-twin"), "\n");
  return lines;
}

EventBuilder PurchaseFrom(const std::string& source, uint64_t id) {
  EventBuilder purchase =
      APurchase().Of("ana").Id(id).OnDay(kDay).Key(absl::StrCat("o", id)).Worth(5, "EUR");
  purchase.envelope().set_source(source);
  purchase.envelope().set_publisher("somebody else");
  return purchase;
}

class RolesTest : public testing::Test {
 protected:
  // Calls a method, whatever its kind, with an empty request; OK once it answers anything.
  absl::Status Call(const std::string& path, const std::string& token) {
    world_.Become(token);
    const auto context = world_.Context();
    return AskOverGrpc(world_.server().InProcessChannel(), path, grpc::ByteBuffer(nullptr, 0),
                       *context)
        .status();
  }

  absl::Status Publish(const std::string& token, const std::vector<EventBuilder>& events,
                       v1::BatchPublishResponse& answer) {
    world_.Become(token);
    v1::BatchPublishRequest request;
    for (const EventBuilder& event : events) *request.add_items() = ItemOf(event);
    return world_.Call(world_.publishing(), &Publishing::BatchPublish, request, answer);
  }

  absl::StatusOr<v1::GetRelationshipResponse> Card(const std::string& token, bool reveal) {
    world_.Become(token);
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    request.set_reveal(reveal);
    if (reveal) request.set_purpose("greet her by name");
    v1::GetRelationshipResponse answer;
    const absl::Status status =
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer);
    if (!status.ok()) return status;
    return answer;
  }

  absl::StatusOr<v1::ListTimelineResponse> Timeline(const std::string& token, bool reveal) {
    world_.Become(token);
    v1::ListTimelineRequest request;
    request.set_customer_id("ana");
    request.set_reveal(reveal);
    if (reveal) request.set_purpose("answer her");
    v1::ListTimelineResponse answer;
    const absl::Status status =
        world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer);
    if (!status.ok()) return status;
    return answer;
  }

  // Who published each event of the log.
  std::vector<std::string> Publishers() {
    world_.AwaitAll();
    world_.Become("t-analyst");
    absl::Status status;
    std::vector<std::string> publishers;
    for (const v1::ReplayEventsResponse& event : world_.Replay({}, status)) {
      publishers.push_back(event.event().publisher());
    }
    EXPECT_OK(status);
    return publishers;
  }

  std::string AuditText() {
    return SystemFiles().Read(world_.engine().options().data_directory + "/audit.jsonl").value();
  }

  ServiceWorld world_{Tokens()};
};

TEST_F(RolesTest, EveryMethodIsForItsRoleAlone) {
  for (const auto& [path, method] : world_.server().methods().methods()) {
    const std::string needed = method.descriptor->options().GetExtension(v1::role);
    std::string allowed;
    for (const std::string& role : Roles()) {
      const absl::Status told = Call(path, "t-" + role);
      const bool refused = absl::IsPermissionDenied(told);
      bool grants = false;
      for (const absl::string_view one : absl::StrSplit(needed, ", ")) {
        grants |= Grants(role, std::string(one));
      }
      EXPECT_EQ(!refused, grants) << path << " called by " << role << ": " << told;
      if (refused) {
        EXPECT_THAT(told, StatusIs(absl::StatusCode::kPermissionDenied,
                                   absl::StrCat("ROLE_MISSING: ", method.descriptor->name(),
                                                " needs the role ",
                                                absl::StrReplaceAll(needed, {{", ", " or "}}))));
      } else {
        absl::StrAppend(&allowed, " ", role);
      }
    }
    for (const char* token : {"", "t-nobody"}) {
      EXPECT_THAT(Call(path, token), StatusIs(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"))
          << path;
    }
    std::printf("%-55s%s\n", path.c_str(), allowed.c_str());
  }
}

// covers: 001-04
TEST_F(RolesTest, WhoHasTheRightGetsTheNameAndWhoHasNotTheStandingOnly) {
  v1::BatchPublishResponse taken;
  ASSERT_OK(Publish(
      "t-publisher",
      {APurchase().Of("ana").Id(1).OnDay(kDay).Key("o").Worth(5, "EUR"),
       AnEvent(v1::KIND_PROFILE_RECORDED).Of("ana").Id(2).OnDay(kDay).Set("name", "Ana Example"),
       AnEvent(v1::KIND_THANKS_GIVEN)
           .Of("ana")
           .Id(3)
           .OnDay(kDay + 1)
           .Key("o")
           .Set("form", v1::THANKS_FORM_RECOGNITION)},
      taken));
  for (const v1::PublishResult& result : taken.results()) {
    ASSERT_EQ(result.status(), v1::PublishResult::STATUS_ACCEPTED) << result.DebugString();
  }
  world_.AwaitAll();
  const v1::GetRelationshipResponse seen = Card("t-revealer", true).value();
  EXPECT_EQ(seen.profile().name(), "Ana Example");
  EXPECT_GT(seen.standing().lines_size(), 0);
  EXPECT_GT(seen.standing().follow_ups_size(), 0);
  const v1::GetRelationshipResponse masked = Card("t-reader", false).value();
  EXPECT_FALSE(masked.has_profile());
  EXPECT_THAT(masked.masked_fields(), ElementsAre("profile.name"));
  EXPECT_GT(masked.standing().lines_size(), 0);
  for (const char* token : {"t-reader", "t-worker", "t-analyst"}) {
    EXPECT_THAT(Card(token, true).status(),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         "ROLE_MISSING: reveal needs the role revealer"));
  }
  bool is_recognised = false;
  const v1::ListTimelineResponse timeline = Timeline("t-reader", false).value();
  for (const v1::TimelineEntry& entry : timeline.entries()) {
    is_recognised |= entry.touchpoint().thanks_given().form() == v1::THANKS_FORM_RECOGNITION;
  }
  EXPECT_TRUE(is_recognised);
  // Written down under the name of the token, and only what was opened.
  EXPECT_THAT(AuditText(), HasSubstr(R"("who":"revealer")"));
  EXPECT_THAT(AuditText(), Not(HasSubstr(R"("who":"reader")")));
  EXPECT_EQ(event::VerifyAudit(AuditText())->lines, 1);
}

TEST_F(RolesTest, APublisherSpeaksForItsOwnSourcesAndUnderItsOwnName) {
  v1::BatchPublishResponse taken;
  ASSERT_OK(Publish(
      "t-publisher",
      {PurchaseFrom("shop", 1), PurchaseFrom("web", 2), PurchaseFrom("rapport/echo", 3)}, taken));
  ASSERT_EQ(taken.results_size(), 3);
  EXPECT_EQ(taken.results(0).status(), v1::PublishResult::STATUS_ACCEPTED);
  for (int i = 1; i < 3; ++i) {
    EXPECT_EQ(edge::ReasonOf(edge::FromErrorStatus(taken.results(i).error())),
              "SOURCE_NOT_PERMITTED");
  }
  ASSERT_OK(Publish("t-twin", {PurchaseFrom("rapport/echo", 3)}, taken));
  EXPECT_EQ(taken.results(0).status(), v1::PublishResult::STATUS_ACCEPTED)
      << taken.results(0).DebugString();
  EXPECT_THAT(Publishers(), ElementsAre("publisher", "twin"));
}

TEST_F(RolesTest, APublisherNeitherLinksCustomersNorTakesBackWhatOthersSaid) {
  v1::BatchPublishResponse taken;
  const EventBuilder bought = PurchaseFrom("shop", 1);
  ASSERT_OK(Publish("t-publisher", {bought}, taken));
  world_.AwaitAll();
  const auto refused = [&](const std::string& token, EventBuilder event) {
    EXPECT_OK(Publish(token, {event}, taken));
    EXPECT_EQ(taken.results(0).event_id(), ItemOf(event).event().event_id());
    return edge::ReasonOf(edge::FromErrorStatus(taken.results(0).error()));
  };
  EventBuilder retraction = AnEvent(v1::KIND_EVENT_RETRACTED).Of("ana").Id(2).OnDay(kDay);
  retraction.Set("target_event_id", ItemOf(bought).event().event_id());
  retraction.envelope().set_source("rapport/echo");
  EXPECT_EQ(refused("t-twin", retraction), "SOURCE_NOT_PERMITTED");
  retraction.envelope().set_source("shop");
  ASSERT_OK(Publish("t-publisher", {retraction}, taken));
  EXPECT_EQ(taken.results(0).status(), v1::PublishResult::STATUS_ACCEPTED);
  EventBuilder merge = AnEvent(v1::KIND_CUSTOMER_MERGED).Of("ana").Id(3).OnDay(kDay);
  merge.Set("survivor", "ana").Set("merged", "ben");
  merge.envelope().set_source("shop");
  EXPECT_EQ(refused("t-publisher", merge), "ROLE_MISSING");
}

TEST_F(RolesTest, WhatAWorkerDoesIsPublishedUnderItsName) {
  v1::BatchPublishResponse taken;
  EventBuilder complaint = AnEvent(v1::KIND_COMPLAINT_RAISED).Of("ana").Id(1).Key("C1");
  complaint.At(absl::ToUnixMicros(absl::Now()) - kMicrosPerHour);
  ASSERT_OK(Publish("t-publisher", {complaint}, taken));
  world_.AwaitAll();
  const v1::GetRelationshipResponse card = Card("t-worker", false).value();
  ASSERT_GT(card.standing().follow_ups_size(), 0);
  const v1::FollowUp& open = card.standing().follow_ups(0);
  v1::ClaimFollowUpRequest request;
  request.set_customer_id("ana");
  request.set_follow_up_id(open.name().substr(open.name().rfind('/') + 1));
  request.set_etag(open.etag());
  request.set_assignee("ben");
  v1::ClaimFollowUpResponse reply;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::ClaimFollowUp, request, reply));
  v1::CompleteFollowUpRequest done;
  done.set_customer_id("ana");
  done.set_follow_up_id(request.follow_up_id());
  done.set_etag(reply.follow_up().etag());
  done.mutable_touchpoint()->mutable_thanks_given();
  done.mutable_touchpoint()->set_source("web");
  v1::CompleteFollowUpResponse nothing;
  EXPECT_THAT(world_.Call(world_.relationships(), &Relationships::CompleteFollowUp, done, nothing),
              StatusIs(absl::StatusCode::kPermissionDenied, "SOURCE_NOT_PERMITTED"));
  EXPECT_THAT(Publishers(), ElementsAre("publisher", "worker"));
}

}  // namespace
}  // namespace rapport
