// Tells every *.story of this folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/stories/runner.h"

namespace rapport::stories {
namespace {

// How many there are at least, lest an empty folder passes for a good one.
constexpr size_t kStoriesMin = 20;

std::vector<std::string> StoryNames() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat(RAPPORT_SOURCE_DIR, "/tests/stories"))) {
    if (entry.path().extension() == ".story") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class StoryTest : public testing::TestWithParam<std::string> {};

TEST_P(StoryTest, ComesOutAsTold) {
  const std::string file = absl::StrCat("tests/stories/", GetParam(), ".story");
  std::ifstream stream(absl::StrCat(RAPPORT_SOURCE_DIR, "/", file), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  const absl::StatusOr<Story> story = ParseStory(text.str(), file);
  ASSERT_TRUE(story.ok()) << story.status().message();
  for (const std::string& failure : RunStory(*story)) ADD_FAILURE() << failure;
}

INSTANTIATE_TEST_SUITE_P(All, StoryTest, testing::ValuesIn(StoryNames()),
                         [](const auto& info) { return info.param; });

TEST(StoriesTest, AreFound) { EXPECT_GE(StoryNames().size(), kStoriesMin); }

}  // namespace
}  // namespace rapport::stories
