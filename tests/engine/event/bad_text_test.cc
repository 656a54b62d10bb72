#include "engine/event/bad_text.h"

#include <gtest/gtest.h>

#include "rapport/v1/event.pb.h"

namespace rapport::event {
namespace {

TEST(BadTextTest, NamesTheFieldWithinItsMessage) {
  // actor (11) { id (1): FF }
  EXPECT_EQ(FindBadText(*v1::Event::descriptor(), "\x5A\x03\x0A\x01\xFF"), "actor.id");
  // value (15) { micros: 1, currency: FF }, after a fixed64 and an unknown field.
  const std::string bytes("\x19\0\0\0\0\0\0\0\0\xA2\x06\x01\xFF\x7A\x05\x08\x01\x12\x01\xFF", 20);
  EXPECT_EQ(FindBadText(*v1::Event::descriptor(), bytes), "value.currency");
}

TEST(BadTextTest, SaysNothingOfMalformedBytes) {
  for (const char* bytes : {"\x0A\x05"
                            "ab",
                            "\x0B", "\x08", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"}) {
    EXPECT_EQ(FindBadText(*v1::Event::descriptor(), bytes), std::nullopt);
  }
  // `payload` is bytes and may hold anything.
  EXPECT_EQ(FindBadText(*v1::Event::descriptor(), "\x2A\x01\xFF"), std::nullopt);
}

}  // namespace
}  // namespace rapport::event
