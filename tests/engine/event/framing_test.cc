#include "engine/event/framing.h"

#include <gtest/gtest.h>

#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

using testing::HasSubstr;

std::string Bytes(const char* hex_free, size_t size) { return std::string(hex_free, size); }

// The customer that comes out of `prefix` and a purchase.
std::optional<Rejection> CheckFramed(const std::string& prefix,
                                     std::vector<HeaderView> headers = {}) {
  EventRecord record = APurchaseRecord();
  record.value = prefix + record.event.SerializeAsString();
  record.headers = std::move(headers);
  return CheckAll(record);
}

TEST(FramingTest, TakesBareEvents) { EXPECT_THAT(CheckFramed(""), IsAccepted()); }

TEST(FramingTest, TakesConfluentFramesOfTheFirstMessage) {
  EXPECT_THAT(CheckFramed(Bytes("\0\0\0\0\x2A\0", 6)), IsAccepted());
  EXPECT_THAT(CheckFramed(Bytes("\0\0\0\0\x2A\x01\0", 7)), IsAccepted());
  EXPECT_THAT(CheckFramed(Bytes("\0\0\0\0\x2A\x02\0", 7)), IsAccepted());
}

TEST(FramingTest, TakesConfluentFramesWithGuid) {
  const std::string guid = "\x01" + std::string(16, 'g');
  EXPECT_THAT(CheckFramed(guid + Bytes("\0", 1)), IsAccepted());
  EXPECT_THAT(CheckFramed(guid + Bytes("\x02\0", 2)), IsAccepted());
}

TEST(FramingTest, RefusesConfluentFramesOfAnotherMessage) {
  for (const std::string& indexes :
       {Bytes("\x02\x02", 2), Bytes("\x04\0\0", 3), Bytes("\x06", 1)}) {
    EXPECT_THAT(CheckFramed(Bytes("\0\0\0\0\x2A", 5) + indexes),
                IsRejectedFor(Reason::kFrameUnknown, ""));
  }
}

TEST(FramingTest, RefusesFramesThatEndEarly) {
  for (const std::string& value : {Bytes("\0", 1), Bytes("\0\0\0\0", 4), Bytes("\0\0\0\0\x2A", 5),
                                   Bytes("\x01gggg", 5), Bytes("\0\0\0\0\x2A\x02", 6)}) {
    EventRecord record = APurchaseRecord();
    record.value = value;
    EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFrameUnknown, ""));
  }
}

TEST(FramingTest, TakesBareEventsWithTheSchemaInAHeader) {
  const std::string id = Bytes("\x01gggggggggggggggg\0", 18);
  EXPECT_THAT(CheckFramed("", {{"__value_schema_id", id}}), IsAccepted());
  EXPECT_THAT(CheckFramed("", {{"__value_schema_id", absl::string_view(id).substr(0, 17)}}),
              IsAccepted());
}

TEST(FramingTest, RefusesAnotherMessageNamedInTheSchemaHeader) {
  const std::string id = Bytes("\x01gggggggggggggggg\x02\x02", 19);
  EXPECT_THAT(CheckFramed("", {{"__value_schema_id", id}}),
              IsRejectedFor(Reason::kFrameUnknown, ""));
}

TEST(FramingTest, SaysWhichFramingsAreReadWhenJsonComes) {
  EventRecord record = APurchaseRecord();
  record.value = R"({"specversion":"1.0"})";
  const auto rejection = CheckAll(record);
  ASSERT_THAT(rejection, IsRejectedFor(Reason::kFrameUnknown, ""));
  EXPECT_THAT(rejection->message, HasSubstr("bare rapport.v1.Event"));
  record.value = R"([{"specversion":"1.0"}])";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFrameUnknown, ""));
  // The first byte decides, whatever a header says.
  EXPECT_EQ(CheckFramed("", {{"content-type", "application/cloudevents+json; charset=utf-8"}}),
            std::nullopt);
}

TEST(FramingTest, RefusesEveryOtherFirstByteBelowProtobuf) {
  for (char first = 2; first < 8; ++first) {
    EXPECT_THAT(CheckFramed(std::string(1, first)), IsRejectedFor(Reason::kFrameUnknown, ""));
  }
}

TEST(FramingTest, RefusesEmptyValues) {
  Validator validator{ValidatorOptions{}};
  RecordView record;
  record.key = "cust-1";
  EXPECT_THAT(validator.CheckEnvelope(record), IsRejectedFor(Reason::kFrameUnknown, ""));
  EXPECT_EQ(validator.envelope().customer_id(), "cust-1");
}

}  // namespace
}  // namespace rapport::event
