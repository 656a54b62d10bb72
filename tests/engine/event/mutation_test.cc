#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/event/touchpoint.h"
#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

constexpr int kMutations = 200'000;
constexpr uint32_t kSeed = 20'240'105;

std::vector<std::string> Seeds() {
  EventRecord rich = ARecord("PurchaseMade",
                             "order: 'A1' amount { micros: 1 currency: 'EUR' } items { sku: 's' "
                             "quantity_milli: 1000 amount { micros: 1 currency: 'EUR' } }");
  rich.event.set_channel(v1::CHANNEL_PHONE);
  rich.event.mutable_actor()->set_id("agent");
  rich.event.set_duration_s(7);
  rich.event.add_measures()->set_name("stars");
  v1::EventCorrected correction;
  correction.set_target_event_id("shop:1");
  correction.set_kind(v1::KIND_PURCHASE_MADE);
  correction.set_payload(rich.event.payload());
  v1::Event corrected = rich.event;
  corrected.set_kind(v1::KIND_EVENT_CORRECTED);
  corrected.set_payload(correction.SerializeAsString());
  const std::string frame("\0\0\0\0\x01\0", 6);
  return {rich.event.SerializeAsString(),
          frame + rich.event.SerializeAsString(),
          corrected.SerializeAsString(),
          ARecord("ComplaintRaised", "case: 'C1' severity: 3 topic: 'delivery'")
              .event.SerializeAsString(),
          ARecord("OutreachMade", "outreach: 'O1' purpose: 1").event.SerializeAsString(),
          ARecord("MeetingHeld", "meeting: 'M' attendees: 'a'").event.SerializeAsString()};
}

void Mutate(std::mt19937& random, std::string& bytes) {
  const auto below = [&random](size_t n) { return n == 0 ? 0 : random() % n; };
  for (size_t times = 1 + below(3); times > 0; --times) {
    const size_t at = below(bytes.size());
    switch (below(4)) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<char>(random());
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes.resize(at);
        break;
      default:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(9)));
    }
  }
}

// One validator takes mutated records in a row: whatever it says, a second, fresh look at the same
// bytes says the same, and what it accepts converts without loss.
TEST(ValidatorTest, GivesOneVerdictOnDamagedRecords) {
  // The parser writes a line for each bad text.
  const google::protobuf::LogSilencer silencer;
  std::mt19937 random(kSeed);
  const std::vector<std::string> seeds = Seeds();
  Validator validator{ValidatorOptions{}};
  std::map<std::string, int> verdicts;
  for (int i = 0; i < kMutations; ++i) {
    std::string bytes = seeds[random() % seeds.size()];
    Mutate(random, bytes);
    RecordView record;
    record.key = "cust-1";
    record.value = bytes;
    record.append_time_us = kAppendedAt;
    auto rejection = validator.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator.CheckPayload();
    ++verdicts[rejection.has_value() ? std::string(ReasonName(rejection->reason)) : "ACCEPTED"];
    if (rejection.has_value()) {
      if (i % 64 != 0) continue;
      Validator fresh{ValidatorOptions{}};
      auto again = fresh.CheckEnvelope(record);
      if (!again.has_value()) again = fresh.CheckPayload();
      ASSERT_THAT(again, IsRejectedFor(rejection->reason, rejection->field));
      continue;
    }
    const auto touchpoint = EventToTouchpoint(validator.envelope());
    ASSERT_TRUE(touchpoint.ok()) << touchpoint.status();
    // Of unknown fields some are dropped on purpose; touchpoint_test has them.
    if (!validator.envelope().GetReflection()->GetUnknownFields(validator.envelope()).empty()) {
      continue;
    }
    ASSERT_EQ(CanonicalContent(TouchpointToEvent(*touchpoint)),
              CanonicalContent(validator.envelope()));
  }
  // The mutations must reach all of these, else they prove nothing.
  for (const char* reason :
       {"ACCEPTED", "FIELD_INVALID", "KIND_UNKNOWN", "PAYLOAD_MALFORMED", "TEXT_NOT_UTF8",
        "TIME_OUT_OF_RANGE", "KEY_MISMATCH", "FRAME_UNKNOWN"}) {
    EXPECT_GT(verdicts[reason], 0) << reason;
  }
}

}  // namespace
}  // namespace rapport::event
