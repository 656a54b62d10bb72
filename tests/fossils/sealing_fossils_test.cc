// Keys and sealed texts as they were once released: the same files still open the same texts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "engine/base/hash.h"
#include "engine/event/seal.h"
#include "rapport/v1/known.pb.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

std::string ReadText(const std::string& name) {
  std::ifstream in(RAPPORT_SOURCE_DIR "/tests/fossils/sealing/" + name);
  EXPECT_TRUE(in.good()) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string ReadHex(const std::string& name) {
  std::string digits = ReadText(name);
  digits.erase(std::remove_if(digits.begin(), digits.end(), absl::ascii_isspace), digits.end());
  return absl::HexStringToBytes(digits);
}

// Ana has a key and an alias, Bob is erased.
TEST(SealingFossilsTest, OldFilesOpenOldTexts) {
  kit::ModelFiles files;
  files.Restore({{"/wrapping.key", ReadText("wrapping.key")},
                 {"/keys/lookup.secret", ReadHex("lookup.secret.hex")},
                 {"/keys/00000000.keys", ReadHex("00000000.keys.hex")}});
  const auto keys = event::KeyStore::Open(&files, {"/keys", "/wrapping.key"}, 1);
  ASSERT_OK(keys->status());
  EXPECT_THAT(*keys->Resolve("ana@example.org"), testing::ElementsAre("ana"));
  EXPECT_EQ(keys->FindTombstone("bob")->at_us, 1'767'225'600'000'000);
  EXPECT_EQ(keys->FindTombstone("bob")->key_id, "912e4c50cbbbfb0430f5ce19b6b0219d");
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(ReadHex("event.hex")));
  const auto key = keys->Find("ana");
  ASSERT_OK(key);
  EXPECT_TRUE(event::OpenSealed(*key, event).empty());
  EXPECT_EQ(event.note(), "Rang twice, sounded upset.");
  v1::AliasLinked alias;
  ASSERT_TRUE(alias.ParseFromString(event.payload()));
  EXPECT_EQ(alias.value(), "ana@example.org");
  // The same content still has the same tag.
  v1::Event again = event;
  again.clear_content_tag();
  event::Seal(*key, again);
  EXPECT_EQ(again.content_tag(), event.content_tag());
}

}  // namespace
}  // namespace rapport
