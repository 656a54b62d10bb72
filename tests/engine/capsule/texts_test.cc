// No text in clear leaves in a capsule, and it still says the same.
#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/cloud_event.h"
#include "engine/event/framing.h"
#include "engine/event/seal.h"
#include "rapport/v1/known.pb.h"
#include "tests/engine/capsule/capsule_world.h"

namespace rapport::capsule {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;

constexpr char kSecret[] = "a canary sings";

EventBuilder Noted(uint64_t id, const std::string& note) {
  return APurchase().Of("ana").Id(id).OnDay(kDay).Key("o1").Worth(50, "EUR").Note(note);
}

class TextsTest : public testing::Test {
 protected:
  TextsTest() { event::SetStructuredReader(edge::ReadStructuredEvent); }

  // The capsule, in which the secret is nowhere, and which replays as it says.
  v1::Capsule Safe() {
    v1::Capsule capsule = world_.CapsuleOf("ana").value();
    for (const std::string& hidden :
         {std::string(kSecret), absl::Base64Escape(kSecret), std::string("canary")}) {
      EXPECT_FALSE(absl::StrContains(capsule.SerializeAsString(), hidden)) << capsule.DebugString();
    }
    const v1::CapsuleReplay replay = world_.Replayed(capsule);
    EXPECT_TRUE(replay.same()) << Differences(replay);
    return capsule;
  }
  const v1::CapsuleRecord& Record(const v1::Capsule& capsule, int index) {
    return capsule.members(0).records(index);
  }

  CapsuleWorld world_;
};

TEST_F(TextsTest, ANumberStandsForATextInClear) {
  world_.Publish(Noted(1, kSecret));
  const v1::Capsule capsule = Safe();
  EXPECT_THAT(Record(capsule, 0).texts_taken_out(), ElementsAre("note"));
  EXPECT_EQ(Record(capsule, 0).verdict(), v1::CAPSULE_VERDICT_FOLDED);
}

TEST_F(TextsTest, EqualTextsStayEqualAndOthersDiffer) {
  world_.Publish(Noted(1, kSecret));
  world_.Publish(Noted(1, kSecret));
  world_.Publish(Noted(1, "another canary"));
  const v1::Capsule capsule = Safe();
  EXPECT_EQ(Record(capsule, 1).verdict(), v1::CAPSULE_VERDICT_DUPLICATE);
  EXPECT_EQ(Record(capsule, 2).verdict(), v1::CAPSULE_VERDICT_QUARANTINED);
  EXPECT_EQ(Record(capsule, 2).reason(), "EVENT_ID_CONFLICT");
  EXPECT_EQ(Record(capsule, 0).value(), Record(capsule, 1).value());
  EXPECT_NE(Record(capsule, 0).value(), Record(capsule, 2).value());
}

TEST_F(TextsTest, NamesAndAliasesOfPayloadsAndCorrectionsGo) {
  const EventBuilder named =
      AnEvent(v1::KIND_PROFILE_RECORDED).Of("ana").Id(1).OnDay(kDay).Set("name", kSecret);
  world_.Publish(named);
  world_.Publish(AnEvent(v1::KIND_ALIAS_LINKED).Of("ana").Id(2).OnDay(kDay).Set("value", kSecret));
  world_.Publish(
      kit::ACorrection(named.View().envelope->event_id(), named).Of("ana").Id(3).OnDay(kDay + 1));
  const v1::Capsule capsule = Safe();
  EXPECT_THAT(Record(capsule, 0).texts_taken_out(), ElementsAre("payload.name"));
  EXPECT_THAT(Record(capsule, 1).texts_taken_out(), ElementsAre("payload.value"));
  EXPECT_THAT(Record(capsule, 2).texts_taken_out(), ElementsAre("payload.payload.name"));
}

TEST_F(TextsTest, FramingsAreKeptAroundWhatIsLeft) {
  const std::string bare = EventOf(Noted(1, kSecret)).SerializeAsString();
  const std::string frame("\0\0\0\0\x07\0", 6);
  world_.PublishRaw("ana", frame + bare);
  v1::Event half = EventOf(Noted(2, kSecret));
  half.clear_event_id();
  world_.PublishWith("ana", half.SerializeAsString(),
                     {{"ce_id", "from-a-header"}, {"x-note", kSecret}});
  world_.PublishRaw("ana", absl::StrCat(R"({"specversion":"1.0","id":"json-1","source":"shop",)",
                                        R"("type":"rapport.v1.PurchaseMade","data_base64":")",
                                        absl::Base64Escape(bare), "\"}"));
  const v1::Capsule capsule = Safe();
  EXPECT_TRUE(absl::StartsWith(Record(capsule, 0).value(), frame));
  ASSERT_EQ(Record(capsule, 1).headers_size(), 1);
  EXPECT_EQ(Record(capsule, 1).headers(0).name(), "ce_id");
  EXPECT_FALSE(absl::StartsWith(Record(capsule, 2).value(), "{"));
}

TEST_F(TextsTest, WhatHoldsNoTextKeepsItsBytes) {
  const std::string bare = EventOf(Noted(1, "")).SerializeAsString();
  const std::string frame("\0\0\0\0\x07\0", 6);
  world_.PublishRaw("ana", frame + bare);
  const v1::Capsule capsule = Safe();
  EXPECT_EQ(Record(capsule, 0).value(), frame + bare);
}

// Only the last of two notes is read; the first one is in the bytes all the same.
TEST_F(TextsTest, WhatNoFieldHoldsIsLeftOut) {
  v1::Event first;
  first.set_note(kSecret);
  v1::Event twice = EventOf(Noted(1, ""));
  const std::string empty_note("\xfa\x01\x00", 3);
  world_.PublishRaw("ana", first.SerializeAsString() + twice.SerializeAsString() + empty_note);
  v1::Event unknown = EventOf(Noted(2, ""));
  unknown.GetReflection()->MutableUnknownFields(&unknown)->AddLengthDelimited(777, kSecret);
  world_.PublishRaw("ana", unknown.SerializeAsString());
  Safe();
}

TEST_F(TextsTest, WhatCannotBeReadIsWithheld) {
  world_.Publish(Noted(1, ""));
  const std::string broken = EventOf(Noted(2, kSecret)).SerializeAsString() + "\xff";
  world_.PublishRaw("ana", broken);
  world_.PublishRaw("ana", absl::StrCat("[", kSecret));
  world_.PublishRaw("ana", absl::StrCat("{\"note\":\"", kSecret));
  const v1::Capsule capsule = Safe();
  ASSERT_EQ(capsule.members(0).records_size(), 4);
  for (int i = 1; i < 4; ++i) {
    EXPECT_TRUE(Record(capsule, i).withheld());
    EXPECT_TRUE(Record(capsule, i).value().empty());
    EXPECT_FALSE(Record(capsule, i).reason().empty());
  }
}

TEST_F(TextsTest, ARejectedEventShowsItsFieldsAndNoTexts) {
  EventBuilder bad = Noted(1, kSecret);
  bad.envelope().set_source("Shop!");
  world_.Publish(bad);
  EventBuilder later = Noted(2, kSecret);
  later.envelope().set_kind(static_cast<v1::Kind>(9999));
  v1::Event of_later = EventOf(later);
  of_later.set_payload(kSecret);
  world_.PublishRaw("ana", of_later.SerializeAsString());
  world_.Publish(Noted(3, ""));
  const v1::Capsule capsule = Safe();
  EXPECT_FALSE(Record(capsule, 0).withheld());
  EXPECT_EQ(Record(capsule, 0).reason(), "FIELD_INVALID");
  EXPECT_FALSE(Record(capsule, 1).withheld());
  EXPECT_EQ(Record(capsule, 1).reason(), "KIND_UNKNOWN");
}

}  // namespace
}  // namespace rapport::capsule
