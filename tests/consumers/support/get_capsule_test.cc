// Capsules through the service: what it gives away is what it answers, under the rules it names.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "consumers/operations/capsule_file.h"
#include "engine/base/files.h"
#include "engine/capsule/replay.h"
#include "projections/catalog.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

constexpr char kSecret[] = "a canary sings";

class GetCapsuleTest : public testing::Test {
 protected:
  GetCapsuleTest() {
    for (uint64_t id = 1; id < 6; ++id) {
      world_.Publish({Bought("ana", id, kDay + static_cast<int64_t>(id)).Note(kSecret)});
    }
    world_.AppendRaw("ana", "\xff\xff");
    request_.set_customer_id("ana");
    request_.mutable_viewpoint()->set_as_of_us(kLater);
  }

  v1::Capsule Get() {
    v1::GetCapsuleResponse response;
    EXPECT_OK(world_.Call(world_.past(), &Past::GetCapsule, request_, response));
    return response.capsule();
  }
  absl::Status Refusal() {
    v1::GetCapsuleResponse response;
    return world_.Call(world_.past(), &Past::GetCapsule, request_, response);
  }
  v1::Standing Standing() {
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    *request.mutable_viewpoint() = request_.viewpoint();
    v1::GetRelationshipResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
    response.mutable_standing()->clear_metrics();
    return response.standing();
  }

  ServiceWorld world_;
  v1::GetCapsuleRequest request_;
};

TEST_F(GetCapsuleTest, ItIsWhatIsAnsweredAndReplaysUnderItsOwnRules) {
  const v1::Capsule capsule = Get();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(capsule.standing(), Standing()))
      << capsule.standing().DebugString() << Standing().DebugString();
  const auto rules = projections::Catalog(capsule.rules_text(), "capsule");
  ASSERT_OK(rules);
  EXPECT_EQ((*rules)->digest(), capsule.rules_digest());
  const auto read = operations::ReadCapsuleText(operations::CapsuleText(capsule), "f");
  ASSERT_OK(read);
  const auto replay = capsule::ReplayCapsule(*read, **rules);
  ASSERT_OK(replay);
  EXPECT_TRUE(replay->same()) << replay->DebugString();
  EXPECT_EQ(replay->records(), 6);
  EXPECT_EQ(replay->quarantined(), 1);
}

TEST_F(GetCapsuleTest, SealedTextsStaySealed) {
  const v1::Capsule capsule = Get();
  EXPECT_FALSE(absl::StrContains(capsule.SerializeAsString(), kSecret));
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(capsule.members(0).records(0).value()));
  ASSERT_EQ(event.sealed_size(), 1);
  EXPECT_TRUE(capsule.members(0).records(0).texts_taken_out().empty());
}

TEST_F(GetCapsuleTest, OtherRulesThatAreNamedComeAlong) {
  const std::string standard = Get().rules_digest();
  v1::ActivateRulesRequest activation;
  activation.set_rules_text(
      "parent: \"standard\" name: \"impatient\"\n"
      "evaluate { stages { first_purchase_silence_days: 20 } }");
  activation.set_expected_digest(standard);
  v1::ActivateRulesResponse activated;
  ASSERT_OK(world_.Call(world_.operations(), &Operations::ActivateRules, activation, activated));
  EXPECT_EQ(Get().rules_digest(), activated.rules_digest());
  request_.mutable_viewpoint()->set_rules(standard);
  const v1::Capsule capsule = Get();
  EXPECT_EQ(capsule.rules_digest(), standard);
  EXPECT_EQ(projections::Catalog(capsule.rules_text(), "capsule").value()->digest(), standard);
}

TEST_F(GetCapsuleTest, IsWrittenDown) {
  Get();
  const std::string audit =
      SystemFiles().Read(world_.engine().options().data_directory + "/audit.jsonl").value();
  EXPECT_TRUE(absl::StrContains(audit, "\"action\":\"capsule\",\"customer\":\"ana\"")) << audit;
}

TEST_F(GetCapsuleTest, WhoIsNotThereOrErasedHasNone) {
  request_.set_customer_id("nobody");
  EXPECT_THAT(Refusal(), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  v1::EraseCustomerRequest erasure;
  erasure.set_customer_id("ana");
  erasure.set_purpose("she asked for it");
  v1::EraseCustomerResponse erased;
  ASSERT_OK(world_.Call(world_.privacy(), &Privacy::EraseCustomer, erasure, erased));
  world_.AwaitAll();
  request_.set_customer_id("ana");
  EXPECT_THAT(Refusal(), StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
}

}  // namespace
}  // namespace rapport
