// Capsule files: what is written is read back, and what is wrong is told with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "consumers/operations/capsule_file.h"
#include "engine/capsule/capsule.h"
#include "rapport/v1/commerce.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::HasSubstr;

v1::Capsule ACapsule() {
  v1::Event event;
  event.set_event_id("shop:1");
  event.set_customer_id("ana");
  event.set_occurred_at_us(1'577'836'800'000'000);
  event.set_kind(v1::KIND_PURCHASE_MADE);
  event.set_source("shop");
  v1::PurchaseMade purchase;
  purchase.set_order("A1");
  event.set_payload(purchase.SerializeAsString());
  v1::Capsule capsule;
  capsule.set_format(capsule::kFormat);
  capsule.set_customer_id("ana");
  capsule.set_as_of_us(1'577'923'200'000'000);
  capsule.set_position("7c1e90ab.1:0@6");
  capsule.set_partitions(1);
  capsule.set_rules_text("name: \"a\\\"b\"\n# Müller\nfold { }\n");
  v1::CapsuleMember& member = *capsule.add_members();
  member.set_customer_id("ana");
  v1::CapsuleRecord& record = *member.add_records();
  record.set_offset(4);
  record.set_appended_at_us(1'577'836'801'000'000);
  record.set_value(event.SerializeAsString());
  record.set_verdict(v1::CAPSULE_VERDICT_FOLDED);
  v1::CapsuleRecord& withheld = *member.add_records();
  withheld.set_offset(5);
  withheld.set_verdict(v1::CAPSULE_VERDICT_QUARANTINED);
  withheld.set_reason("PAYLOAD_MALFORMED");
  withheld.set_withheld(true);
  capsule.mutable_standing()->set_score_milli(402'000);
  capsule.mutable_standing()->mutable_stage_rule()->set_text("Müller\nsaid \"yes\"");
  capsule.set_digest(capsule::DigestOf(capsule));
  return capsule;
}

TEST(CapsuleFileTest, WhatIsWrittenIsReadBack) {
  const v1::Capsule capsule = ACapsule();
  const std::string text = CapsuleText(capsule);
  EXPECT_EQ(text, CapsuleText(capsule));
  const auto read = ReadCapsuleText(text, "ana.capsule");
  ASSERT_OK(read);
  EXPECT_EQ(read->SerializeAsString(), capsule.SerializeAsString());
  for (std::string rules : {"", "no end of line", "\n", "a\n\nb\n"}) {
    v1::Capsule other = capsule;
    other.set_rules_text(rules);
    other.set_digest(capsule::DigestOf(other));
    EXPECT_EQ(ReadCapsuleText(CapsuleText(other), "f")->rules_text(), rules);
  }
}

TEST(CapsuleFileTest, APersonReadsWhatHappened) {
  const std::string text = CapsuleText(ACapsule());
  EXPECT_THAT(text, HasSubstr("  # 0@4 2020-01-01T00:00:00Z PurchaseMade { order: \"A1\" }\n"));
  EXPECT_THAT(text, HasSubstr("  # 0@5 withheld: it may hold texts\n"));
  EXPECT_THAT(text, HasSubstr("402.000, as of 2020-01-02T00:00:00Z; 2 records.\n"));
  EXPECT_THAT(text, HasSubstr("\n  \"# Müller\\n\"\n")) << "a line of rules is a line";
}

TEST(CapsuleFileTest, WhatIsNoCapsuleIsToldWithItsPlace) {
  const std::string text = CapsuleText(ACapsule());
  const auto read = [&](const std::string& from, const std::string& to) {
    return ReadCapsuleText(absl::StrReplaceAll(text, {{from, to}}), "ana.capsule");
  };
  EXPECT_THAT(
      read("partitions: 1", "partitions: one"),
      StatusIs(absl::StatusCode::kInvalidArgument, "CAPSULE_MALFORMED: ana.capsule:9:13: "));
  EXPECT_THAT(read("partitions: 1", "partitions: 1 cat: 3"),
              StatusIs(absl::StatusCode::kInvalidArgument, "\"cat\""));
  EXPECT_THAT(
      read("partitions: 1", "partitions: 2"),
      StatusIs(absl::StatusCode::kInvalidArgument, "CAPSULE_CHANGED: ana.capsule: digest: "));
  EXPECT_THAT(read("format: 1\n", "format: 2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "CAPSULE_VERSION: ana.capsule: "));
  EXPECT_THAT(ReadCapsuleText("", "ana.capsule"),
              StatusIs(absl::StatusCode::kInvalidArgument, "CAPSULE_VERSION: "));
}

// Wherever it ends, it is no capsule; only comments and blanks at the end may go.
TEST(CapsuleFileTest, WhatEndsTooEarlyIsRefused) {
  const std::string text = CapsuleText(ACapsule());
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_FALSE(ReadCapsuleText(text.substr(0, size), "f").ok()) << text.substr(0, size);
  }
}

TEST(CapsuleFileTest, AChangeOnPurposeTakesTheDigestOut) {
  const std::string text = CapsuleText(ACapsule());
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  std::erase_if(lines, [](const std::string& line) { return absl::StartsWith(line, "digest:"); });
  const auto read = ReadCapsuleText(
      absl::StrReplaceAll(absl::StrJoin(lines, "\n"), {{"score_milli: 402000", "score_milli: 1"}}),
      "ana.capsule");
  ASSERT_OK(read);
  EXPECT_EQ(read->standing().score_milli(), 1u);
}

}  // namespace
}  // namespace rapport::operations
