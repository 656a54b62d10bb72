// Event ids: a UUID's own bytes, else a hash of the text; ordered as their bytes are.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"

namespace rapport {
namespace {

constexpr char kUuid[] = "0190b5a4-7c3d-7e21-8f00-00000000abcd";

TEST(EventIdTest, AUuidIsItsOwnBytes) {
  const EventId id = EventId::FromText(kUuid);
  EXPECT_EQ(id.high, 0x0190b5a47c3d7e21u);
  EXPECT_EQ(id.low, 0x8f0000000000abcdu);
  EXPECT_EQ(id.Hex(), "0190b5a47c3d7e218f0000000000abcd");
  EXPECT_EQ(EventId::FromText("0190B5A4-7C3D-7E21-8F00-00000000ABCD"), id);
}

TEST(EventIdTest, AnyOtherTextIsItsHash) {
  for (const std::string& text :
       {std::string("shop:order-1"), std::string(kUuid) + "0", std::string(kUuid, 35),
        std::string("0190b5a4-7c3d-7e21-8f00-00000000abcg"),
        std::string("0190b5a4x7c3d-7e21-8f00-00000000abcd"),
        std::string("0190b5a47c3d7e218f0000000000abcd----")}) {
    EXPECT_EQ(EventId::FromText(text).Hex(), Hex(Blake2b128(text))) << text;
  }
}

// Each byte at each place, against what a digit is.
TEST(EventIdTest, OnlyHexadecimalDigitsMakeAUuid) {
  for (size_t place = 0; place < sizeof(kUuid) - 1; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = kUuid;
      const bool is_dash = text[place] == '-';
      text[place] = static_cast<char>(byte);
      const std::string digits = absl::StrReplaceAll(text, {{"-", ""}});
      const bool is_uuid =
          is_dash ? byte == '-' : byte < 128 && absl::ascii_isxdigit(static_cast<uint8_t>(byte));
      EXPECT_EQ(EventId::FromText(text).Hex(),
                is_uuid ? absl::AsciiStrToLower(digits) : Hex(Blake2b128(text)))
          << place << " " << byte;
    }
  }
}

TEST(EventIdTest, ComesBackFromItsBytes) {
  for (const char* text : {kUuid, "shop:order-1"}) {
    const EventId id = EventId::FromText(text);
    EXPECT_EQ(id.Bytes().size(), 16u);
    EXPECT_EQ(EventId::FromBytes(id.Bytes()), id);
  }
}

TEST(EventIdTest, IsOrderedAsItsBytes) {
  std::set<EventId> ids;
  std::set<std::string> bytes;
  for (int i = 0; i < 500; ++i) {
    const EventId id = EventId::FromText(absl::StrCat("event ", i));
    ids.insert(id);
    bytes.insert(id.Bytes());
  }
  ASSERT_EQ(ids.size(), 500u);
  auto expected = bytes.begin();
  for (const EventId& id : ids) EXPECT_EQ(id.Bytes(), *expected++);
}

TEST(EventIdTest, TagsOfTimeOrderedIdsDiffer) {
  // Such ids share their first bytes; some differ in the last only.
  std::set<uint32_t> tags;
  for (uint64_t i = 0; i < 1'000; ++i) {
    tags.insert(EventId{0x0190b5a47c3d7e21, 0x8f00000000000000 + i}.Tag());
    tags.insert(EventId{0x0190b5a47c3d7000 + i, 0x8f00000000000000}.Tag());
  }
  EXPECT_GE(tags.size(), 1'998u);
}

TEST(MomentTest, IsOrderedByTimeThenById) {
  const EventId small{1, 9}, great{2, 0};
  EXPECT_LT((Moment{1, great}), (Moment{2, small}));
  EXPECT_LT((Moment{1, small}), (Moment{1, great}));
  EXPECT_LT((Moment{-1, great}), (Moment{0, small}));
  EXPECT_EQ((Moment{1, small}), (Moment{1, small}));
}

}  // namespace
}  // namespace rapport
