// The quick reading of envelopes and purchases against the generated parser's.
#include "engine/event/quick_fields.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "engine/event/quick_messages.h"
#include "tests/engine/event/random_message.h"

namespace rapport::event {
namespace {

constexpr int kMessages = 20'000;

// Parses one message after another, quickly where that goes; returns how many went.
template <typename M>
int ParseMany(const QuickFields<M>& fields, uint32_t seed) {
  RandomMessage random(seed);
  std::mt19937 changes(seed);
  ReusedMessage<M> reused(&fields);
  int quick = 0;
  for (int i = 0; i < kMessages; ++i) {
    std::string bytes = random.Bytes(M::default_instance());
    // One byte that is anything, or an end that is cut off.
    if (changes() % 4 == 0 && !bytes.empty()) {
      bytes[changes() % bytes.size()] = static_cast<char>(changes());
    }
    if (changes() % 8 == 0) bytes.resize(changes() % (bytes.size() + 1));
    M whole;
    const bool is_message = whole.ParseFromString(bytes);
    if (reused.ParseQuickly(bytes)) {
      ++quick;
      EXPECT_TRUE(is_message) << absl::CHexEscape(bytes);
    } else {
      // As whoever was left with it does it, also for what is none.
      EXPECT_EQ(reused.Changed().ParseFromString(bytes), is_message);
    }
    if (is_message) {
      EXPECT_EQ(reused.message().SerializeAsString(), whole.SerializeAsString())
          << absl::CHexEscape(bytes);
    }
    if (testing::Test::HasFailure()) break;
  }
  return quick;
}

TEST(QuickFieldsTest, AnEnvelopeReadQuicklyIsTheOneParsedWhole) {
  EXPECT_GT(ParseMany(EventFields(), 1), kMessages / 50);
}

TEST(QuickFieldsTest, APurchaseReadQuicklyIsTheOneParsedWhole) {
  EXPECT_GT(ParseMany(PurchaseFields(), 2), kMessages / 4);
}

TEST(QuickFieldsTest, AMessageHasNothingOfTheOneBefore) {
  ReusedMessage<v1::Event> reused(&EventFields());
  v1::Event full;
  full.set_customer_id("cust-1");
  full.set_duration_s(0);
  full.mutable_value()->set_micros(7);
  full.mutable_value()->set_currency("EUR");
  ASSERT_TRUE(reused.ParseQuickly(full.SerializeAsString()));
  v1::Event rest;
  rest.mutable_value()->set_currency("USD");
  ASSERT_TRUE(reused.ParseQuickly(rest.SerializeAsString()));
  EXPECT_EQ(reused.message().SerializeAsString(), rest.SerializeAsString());
  EXPECT_FALSE(reused.message().has_duration_s());
}

TEST(QuickFieldsTest, AMessageThatWasChangedIsClearedWhole) {
  ReusedMessage<v1::Event> reused(&EventFields());
  reused.Changed().set_note("said in clear");
  v1::Event event;
  event.set_event_id("e-1");
  ASSERT_TRUE(reused.ParseQuickly(event.SerializeAsString()));
  EXPECT_EQ(reused.message().SerializeAsString(), event.SerializeAsString());
}

TEST(QuickFieldsTest, WhatTheTableDoesNotKnowIsLeftToTheGeneratedParser) {
  ReusedMessage<v1::Event> reused(&EventFields());
  v1::Event with_note;
  with_note.set_note("a");
  EXPECT_FALSE(reused.ParseQuickly(with_note.SerializeAsString()));
  // Field 2 before field 1; field 4 twice; a number of ten bytes; a text that is not UTF-8.
  EXPECT_FALSE(
      reused.ParseQuickly("\x12\x01"
                          "a"
                          "\x0a\x01"
                          "b"));
  EXPECT_FALSE(reused.ParseQuickly("\x20\x01\x20\x02"));
  EXPECT_FALSE(reused.ParseQuickly("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  EXPECT_FALSE(reused.ParseQuickly("\x12\x01\xff"));
  EXPECT_TRUE(
      reused.ParseQuickly("\x12\x01"
                          "a"));
}

}  // namespace
}  // namespace rapport::event
