#include "engine/event/text.h"

#include <gtest/gtest.h>

#include <string>

namespace rapport::event {
namespace {

TEST(TextTest, TakesWellFormedUtf8Only) {
  for (const char* good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  // Stray, cut, overlong, surrogate, above U+10FFFF.
  for (const char* bad : {"\x80", "\xC3", "\xE2\x82", "\xF0\x90\x80", "\xC0\xAF", "\xC1\x81",
                          "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\xFF", "a\xC3(", "\xE2\x28\xA1"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

TEST(TextTest, FindsControlCharactersOfBothSets) {
  for (const char* control : {"a\n", "\x01", "\x1F", "\x7F", "\xC2\x80", "x\xC2\x9F"}) {
    EXPECT_TRUE(HasControl(control)) << control;
  }
  EXPECT_TRUE(HasControl(absl::string_view("\0", 1)));
  for (const char* fine : {"", " ", "~", "\xC2\xA0", "\xC3\x80"}) {
    EXPECT_FALSE(HasControl(fine)) << fine;
  }
}

TEST(TextTest, LimitsCodesTo64Bytes) {
  EXPECT_TRUE(IsCode(std::string(64, 'a')));
  EXPECT_FALSE(IsCode(std::string(65, 'a')));
}

TEST(TextTest, TakesEventIdsOfVisibleAscii) {
  EXPECT_TRUE(IsEventId("shop:inv-536365"));
  EXPECT_TRUE(IsEventId(std::string(64, '~')));
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"),
                                 std::string("a\x7F"), std::string("\xC3\xA9")}) {
    EXPECT_FALSE(IsEventId(bad)) << bad;
  }
}

TEST(TextTest, TakesCustomerIdsInAnyScript) {
  EXPECT_TRUE(IsCustomerId("\xE5\xAE\xA2 12"));
  EXPECT_TRUE(IsCustomerId(std::string(128, 'c')));
  for (const std::string& bad : {std::string(), std::string("-"), std::string(129, 'c'),
                                 std::string("a\tb"), std::string("\xFF")}) {
    EXPECT_FALSE(IsCustomerId(bad)) << bad;
  }
}

TEST(TextTest, KnowsTheFixedFormats) {
  EXPECT_TRUE(IsSource("shop/web_2.eu-1"));
  EXPECT_FALSE(IsSource(""));
  EXPECT_FALSE(IsSource("Shop"));
  EXPECT_FALSE(IsSource(std::string(65, 's')));
  EXPECT_TRUE(IsFollowUpId("0123456789abcdef0123456789abcdef"));
  EXPECT_FALSE(IsFollowUpId("0123456789ABCDEF0123456789abcdef"));
  EXPECT_FALSE(IsFollowUpId("0123456789abcdef0123456789abcde"));
  EXPECT_TRUE(IsCustomKind("store.visit_1-a"));
  EXPECT_FALSE(IsCustomKind("store/visit"));
  EXPECT_FALSE(IsCustomKind(std::string(41, 'k')));
  EXPECT_TRUE(IsCurrency("EUR"));
  EXPECT_FALSE(IsCurrency("EU"));
  EXPECT_FALSE(IsCurrency("eur"));
}

}  // namespace
}  // namespace rapport::event
