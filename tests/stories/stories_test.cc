// Tells every *.story of this folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/stories/rule_sets.h"
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

absl::StatusOr<Story> ReadStory(const std::string& name) {
  const std::string file = absl::StrCat("tests/stories/", name, ".story");
  std::ifstream stream(absl::StrCat(RAPPORT_SOURCE_DIR, "/", file), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return ParseStory(text.str(), file);
}

// The policies that the story says are owed `by` a moment.
std::set<std::string> TimedPolicies(const Story& story) {
  static const std::set<std::string> kOwed = {"owed", "due", "overdue", "pending"};
  std::set<std::string> policies;
  for (const Step& step : story.steps) {
    for (const Scene& scene : step.scenes) {
      for (const Question& question : scene.questions) {
        for (const Clause& clause : question.clauses) {
          const std::vector<std::string>& words = clause.words;
          if (clause.negated || !kOwed.contains(clause.verb)) continue;
          if (std::find(words.begin(), words.end(), "by") != words.end()) {
            policies.insert(words.front());
          }
        }
      }
    }
  }
  return policies;
}

class StoryTest : public testing::TestWithParam<std::string> {};

TEST_P(StoryTest, ComesOutAsTold) {
  const absl::StatusOr<Story> story = ReadStory(GetParam());
  ASSERT_TRUE(story.ok()) << story.status().message();
  for (const std::string& failure : RunStory(*story)) ADD_FAILURE() << failure;
}

INSTANTIATE_TEST_SUITE_P(All, StoryTest, testing::ValuesIn(StoryNames()),
                         [](const auto& info) { return info.param; });

TEST(StoriesTest, AreFound) { EXPECT_GE(StoryNames().size(), kStoriesMin); }

TEST(StoriesTest, TellByWhenEachStandardPolicyIsDue) {
  const absl::StatusOr<RuleSet> rules = LoadRules("standard");
  ASSERT_TRUE(rules.ok()) << rules.status().message();
  std::set<std::string> untold = rules->policies;
  for (const std::string& name : StoryNames()) {
    const absl::StatusOr<Story> story = ReadStory(name);
    if (!story.ok()) continue;  // it says so above
    for (const std::string& policy : TimedPolicies(*story)) untold.erase(policy);
  }
  for (const std::string& policy : untold) {
    ADD_FAILURE() << "no story tells by when " << policy << " is due: write one with `due "
                  << policy << " by ...`";
  }
}

}  // namespace
}  // namespace rapport::stories
