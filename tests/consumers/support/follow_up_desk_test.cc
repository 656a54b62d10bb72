// What agents do about follow-ups: claim, complete, snooze, dismiss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

class FollowUpDeskTest : public testing::Test {
 protected:
  FollowUpDeskTest() {
    kit::EventBuilder complaint = AnEvent(v1::KIND_COMPLAINT_RAISED);
    complaint.Of("ana").Id(1).At(NowMicros() - kMicrosPerHour).Key("C1");
    complaint.envelope().set_subject("lamp");
    world_.Publish({complaint});
  }

  static int64_t NowMicros() { return absl::ToUnixMicros(absl::Now()); }

  // Ana's follow-up of that policy, as it is now.
  v1::FollowUp Read(const std::string& policy) {
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    v1::GetRelationshipResponse reply;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, request, reply));
    for (const v1::FollowUp& one : reply.standing().follow_ups()) {
      if (one.policy() == policy) return one;
    }
    ADD_FAILURE() << "no " << policy;
    return {};
  }

  template <typename Request>
  static Request About(const v1::FollowUp& follow_up) {
    Request request;
    request.set_customer_id("ana");
    request.set_follow_up_id(follow_up.name().substr(follow_up.name().size() - 32));
    request.set_etag(follow_up.etag());
    return request;
  }

  absl::Status Claim(const v1::ClaimFollowUpRequest& request, v1::ClaimFollowUpResponse& reply) {
    return world_.Call(world_.relationships(), &Relationships::ClaimFollowUp, request, reply);
  }
  absl::Status Complete(const v1::CompleteFollowUpRequest& request,
                        v1::CompleteFollowUpResponse& reply) {
    return world_.Call(world_.relationships(), &Relationships::CompleteFollowUp, request, reply);
  }
  int64_t EventsOfAna() {
    v1::ListTimelineRequest request;
    request.set_customer_id("ana");
    v1::ListTimelineResponse reply;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, reply));
    return reply.total();
  }

  ServiceWorld world_;
};

TEST_F(FollowUpDeskTest, AClaimedFollowUpIsItsAgentsUntilTheClaimEnds) {
  const v1::FollowUp before = Read("complaint_resolve");
  auto request = About<v1::ClaimFollowUpRequest>(before);
  request.set_assignee("ben");
  v1::ClaimFollowUpResponse reply;
  ASSERT_OK(Claim(request, reply));
  EXPECT_EQ(reply.follow_up().assignee(), "ben");
  EXPECT_NE(reply.follow_up().etag(), before.etag());
  EXPECT_GT(reply.follow_up().claimed_until_us(), NowMicros() + 14 * 60 * kMicrosPerSecond);

  auto rival = About<v1::ClaimFollowUpRequest>(Read("complaint_resolve"));
  rival.set_assignee("eve");
  EXPECT_THAT(Claim(rival, reply),
              StatusIs(absl::StatusCode::kFailedPrecondition, "FOLLOW_UP_CLAIMED"));
  // He may take it for longer.
  auto longer = About<v1::ClaimFollowUpRequest>(Read("complaint_resolve"));
  longer.set_assignee("ben");
  longer.set_until_us(NowMicros() + kMicrosPerDay);
  ASSERT_OK(Claim(longer, reply));
  EXPECT_EQ(reply.follow_up().claimed_until_us(), longer.until_us());
}

TEST_F(FollowUpDeskTest, AnAgentWhoseClaimHasEndedMakesWayForAnother) {
  auto request = About<v1::ClaimFollowUpRequest>(Read("complaint_resolve"));
  request.set_assignee("ben");
  request.set_until_us(NowMicros() + kMicrosPerSecond / 5);
  v1::ClaimFollowUpResponse reply;
  ASSERT_OK(Claim(request, reply));
  absl::Status status;
  do {
    auto rival = About<v1::ClaimFollowUpRequest>(Read("complaint_resolve"));
    rival.set_assignee("eve");
    status = Claim(rival, reply);
  } while (absl::IsFailedPrecondition(status) && NowMicros() < request.until_us() + kMicrosPerHour);
  ASSERT_OK(status);
  EXPECT_EQ(reply.follow_up().assignee(), "eve");
}

TEST_F(FollowUpDeskTest, OfManyWhoClaimAtOnceOneGetsIt) {
  const v1::FollowUp before = Read("complaint_resolve");
  std::vector<std::thread> agents;
  std::atomic<int> taken = 0;
  for (int i = 0; i < 8; ++i) {
    agents.emplace_back([&, i] {
      auto request = About<v1::ClaimFollowUpRequest>(before);
      request.set_assignee(absl::StrCat("agent-", i));
      v1::ClaimFollowUpResponse reply;
      const absl::Status status = Claim(request, reply);
      if (status.ok()) {
        ++taken;
      } else {
        EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
      }
    });
  }
  for (std::thread& agent : agents) agent.join();
  EXPECT_EQ(taken, 1);
}

TEST_F(FollowUpDeskTest, WhatWasDoneClosesItWithKeySubjectAndFollowUpFilledIn) {
  const v1::FollowUp before = Read("complaint_resolve");
  auto request = About<v1::CompleteFollowUpRequest>(before);
  request.mutable_touchpoint()->mutable_complaint_resolved()->set_remedy("replaced");
  v1::CompleteFollowUpResponse reply;
  ASSERT_OK(Complete(request, reply));
  EXPECT_EQ(reply.follow_up().status(), v1::FOLLOW_UP_STATUS_DONE);

  v1::ListTimelineRequest asked;
  asked.set_customer_id("ana");
  v1::ListTimelineResponse timeline;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, asked, timeline));
  const v1::Touchpoint& done = timeline.entries(0).touchpoint();
  EXPECT_EQ(done.event_id(), reply.event_id());
  EXPECT_EQ(done.complaint_resolved().case_(), "C1");
  EXPECT_EQ(done.complaint_resolved().remedy(), "replaced");
  EXPECT_EQ(done.subject(), "lamp");
  EXPECT_EQ(done.follow_up_id(), request.follow_up_id());
}

TEST_F(FollowUpDeskTest, TheSameRequestAgainDoesNothingAgain) {
  auto request = About<v1::CompleteFollowUpRequest>(Read("complaint_resolve"));
  request.mutable_touchpoint()->mutable_complaint_resolved();
  v1::CompleteFollowUpResponse first, again;
  ASSERT_OK(Complete(request, first));
  const int64_t events = EventsOfAna();
  ASSERT_OK(Complete(request, again));
  EXPECT_EQ(again.event_id(), first.event_id());
  EXPECT_EQ(again.position(), first.position());
  EXPECT_EQ(EventsOfAna(), events);
}

TEST_F(FollowUpDeskTest, RefusesWhatDoesNotCloseItAndNamesWhatDoes) {
  auto request = About<v1::CompleteFollowUpRequest>(Read("complaint_resolve"));
  v1::CompleteFollowUpResponse reply;
  EXPECT_THAT(Complete(request, reply),
              StatusIs(absl::StatusCode::kInvalidArgument, "must be ComplaintResolved"));
  request.mutable_touchpoint()->mutable_gift_given();
  EXPECT_THAT(Complete(request, reply),
              StatusIs(absl::StatusCode::kInvalidArgument, "GiftGiven does not close"));
}

TEST_F(FollowUpDeskTest, RefusesWhatIsNotAsItWasRead) {
  auto request = About<v1::CompleteFollowUpRequest>(Read("complaint_resolve"));
  request.set_etag("0123456789abcdef");
  v1::CompleteFollowUpResponse reply;
  EXPECT_THAT(Complete(request, reply), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  request.set_follow_up_id("0123456789abcdef0123456789abcdef");
  EXPECT_THAT(Complete(request, reply), StatusIs(absl::StatusCode::kNotFound, "FOLLOW_UP_UNKNOWN"));
  request.set_follow_up_id("C1");
  EXPECT_THAT(Complete(request, reply),
              StatusIs(absl::StatusCode::kInvalidArgument, "follow_up_id"));
}

TEST_F(FollowUpDeskTest, ASnoozedOneRestsAndADismissedOneRestsForGood) {
  auto snooze = About<v1::SnoozeFollowUpRequest>(Read("complaint_resolve"));
  snooze.set_until_us(NowMicros() + kMicrosPerDay);
  v1::SnoozeFollowUpResponse snoozed;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::SnoozeFollowUp, snooze, snoozed));
  EXPECT_EQ(snoozed.follow_up().suppressed_by(), v1::SUPPRESSION_SNOOZED);

  auto dismiss = About<v1::DismissFollowUpRequest>(Read("complaint_resolve"));
  v1::DismissFollowUpResponse dismissed;
  EXPECT_THAT(
      world_.Call(world_.relationships(), &Relationships::DismissFollowUp, dismiss, dismissed),
      StatusIs(absl::StatusCode::kInvalidArgument, "reason"));
  dismiss.set_reason("solved-by-phone");
  ASSERT_OK(
      world_.Call(world_.relationships(), &Relationships::DismissFollowUp, dismiss, dismissed));
  EXPECT_EQ(dismissed.follow_up().suppressed_by(), v1::SUPPRESSION_DISMISSED);
}

TEST_F(FollowUpDeskTest, LeavesWhatIsOverAlone) {
  auto request = About<v1::CompleteFollowUpRequest>(Read("complaint_resolve"));
  request.mutable_touchpoint()->mutable_complaint_resolved();
  v1::CompleteFollowUpResponse reply;
  ASSERT_OK(Complete(request, reply));
  auto claim = About<v1::ClaimFollowUpRequest>(Read("complaint_resolve"));
  claim.set_assignee("ben");
  v1::ClaimFollowUpResponse claimed;
  EXPECT_THAT(Claim(claim, claimed),
              StatusIs(absl::StatusCode::kFailedPrecondition, "FOLLOW_UP_OVER"));
}

}  // namespace
}  // namespace rapport
