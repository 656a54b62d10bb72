// Who is one with whom, and who survives: chains, fans, circles, splits, half a word.
#include "engine/model/group.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using Word = Link::Word;

// Customers whose links are said under both ids, unless a test wants otherwise.
class GroupTest : public testing::Test {
 protected:
  void Merge(const std::string& merged, const std::string& survivor) {
    ++now_;
    Say(merged, survivor, Word::kGoesInto);
    Say(survivor, merged, Word::kTakesIn);
  }
  void Split(const std::string& a, const std::string& b) {
    ++now_;
    Say(a, b, Word::kSplit);
    Say(b, a, Word::kSplit);
  }
  void Say(const std::string& customer, const std::string& other, Word word) {
    links_[customer].Say({other, {now_, {0, ++id_}}, word});
  }

  Group GroupOf(const std::string& customer) {
    const auto group = FindGroup(customer, [this](const std::string& id) -> absl::StatusOr<Links> {
      ++looks_[id];
      return links_[id];
    });
    EXPECT_OK(group);
    return *group;
  }
  void ExpectGroup(const std::string& survivor, const std::vector<std::string>& members) {
    for (const std::string& member : members) {
      EXPECT_EQ(GroupOf(member).survivor, survivor) << "asked about " << member;
      EXPECT_EQ(GroupOf(member).members, members) << "asked about " << member;
    }
  }

  std::map<std::string, Links> links_;
  std::map<std::string, int> looks_;
  int64_t now_ = 0;
  uint64_t id_ = 0;
};

TEST_F(GroupTest, WhoHasNoLinkIsAlone) {
  ExpectGroup("a", {"a"});
  EXPECT_FALSE(GroupOf("a").is_merged());
}

TEST_F(GroupTest, OfAChainTheEndSurvives) {
  Merge("a", "b");
  Merge("b", "d");
  Merge("c", "b");
  ExpectGroup("d", {"a", "b", "c", "d"});
  EXPECT_TRUE(GroupOf("a").is_merged());
}

TEST_F(GroupTest, OfAFanTheMiddleSurvives) {
  for (const char* customer : {"b", "x", "a", "z"}) Merge(customer, "m");
  ExpectGroup("m", {"a", "b", "m", "x", "z"});
}

TEST_F(GroupTest, OfACircleTheLeastIdSurvives) {
  Merge("c", "b");
  Merge("b", "d");
  Merge("d", "c");
  ExpectGroup("b", {"b", "c", "d"});
  // Who is no part of it goes into it.
  Merge("a", "d");
  ExpectGroup("b", {"a", "b", "c", "d"});
}

TEST_F(GroupTest, OfACircleWithAWayOutTheEndOfTheWaySurvives) {
  Merge("a", "b");
  Merge("b", "c");
  Merge("c", "a");
  Merge("c", "z");
  ExpectGroup("z", {"a", "b", "c", "z"});
}

TEST_F(GroupTest, OfSeveralEndsTheLeastIdSurvives) {
  Merge("a", "z");
  Merge("a", "y");
  ExpectGroup("y", {"a", "y", "z"});
}

TEST_F(GroupTest, ASplitTakesTheLinkAwayAndALaterMergeBringsItBack) {
  Merge("a", "b");
  Merge("b", "c");
  Split("a", "b");
  ExpectGroup("a", {"a"});
  ExpectGroup("c", {"b", "c"});
  Merge("a", "b");
  ExpectGroup("c", {"a", "b", "c"});
}

TEST_F(GroupTest, ALinkHoldsOnlyWhileBothSayIt) {
  now_ = 10;
  Say("a", "b", Word::kGoesInto);
  ExpectGroup("a", {"a"});
  ExpectGroup("b", {"b"});
  Say("b", "a", Word::kTakesIn);
  ExpectGroup("b", {"a", "b"});
  now_ = 20;
  Say("b", "a", Word::kSplit);
  ExpectGroup("a", {"a"});
  ExpectGroup("b", {"b"});
}

TEST_F(GroupTest, WhereTheTwoDisagreeTheLaterWordSaysWhoSurvives) {
  Merge("a", "b");
  ++now_;
  Say("a", "b", Word::kTakesIn);
  ExpectGroup("a", {"a", "b"});
  ++now_;
  Say("b", "a", Word::kTakesIn);
  ExpectGroup("b", {"a", "b"});
}

TEST_F(GroupTest, OfTwoWordsOfOneMomentTheLeastIdSurvives) {
  links_["a"].Say({"b", {10, {0, 1}}, Word::kGoesInto});
  links_["b"].Say({"a", {10, {0, 1}}, Word::kGoesInto});
  ExpectGroup("a", {"a", "b"});
}

// A chain of thousands that ends in a circle is followed in one pass.
TEST_F(GroupTest, OfALongChainIntoACircleTheLeastOfTheCircleSurvives) {
  constexpr int kMembers = 20'000;
  for (int i = 1; i < kMembers; ++i) Merge(absl::StrCat("c", i), absl::StrCat("c", i + 1));
  const std::string last = absl::StrCat("c", kMembers);
  Merge(last, "b");
  Merge("b", "a");
  Merge("a", last);
  const Group group = GroupOf("c1");
  EXPECT_EQ(group.survivor, "a");
  EXPECT_EQ(group.members.size(), kMembers + 2u);
}

TEST_F(GroupTest, LooksAtEachCustomerOnce) {
  for (int i = 0; i < 300; ++i) Merge(absl::StrCat("c", i), "hub");
  for (int i = 0; i < 300; ++i) Merge(absl::StrCat("d", i), absl::StrCat("d", i + 1));
  EXPECT_EQ(GroupOf("c7").members.size(), 301u);
  EXPECT_EQ(GroupOf("d0").survivor, "d300");
  for (const auto& [customer, looks] : looks_) EXPECT_EQ(looks, 1) << customer;
}

TEST_F(GroupTest, AnErrorIsPassedOn) {
  const auto group = FindGroup("a", [](const std::string&) -> absl::StatusOr<Links> {
    return absl::DataLossError("a row");
  });
  EXPECT_THAT(group, kit::StatusIs(absl::StatusCode::kDataLoss, "a row"));
}

// Random words of six customers, some of them said by one side only.
TEST_F(GroupTest, EveryMemberSeesTheSameGroupWhateverTheLinks) {
  std::mt19937 random(3);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
  int merged = 0;
  for (int world = 0; world < 400; ++world) {
    links_.clear();
    for (auto words = random() % 14; words > 0; --words) {
      const std::string& one = names[random() % names.size()];
      const std::string& other = names[random() % names.size()];
      if (one == other) continue;
      if (random() % 4 == 0) {
        Split(one, other);
      } else if (random() % 5 == 0) {
        Say(one, other, Word::kGoesInto);
      } else {
        Merge(one, other);
      }
    }
    for (const std::string& name : names) {
      const Group group = GroupOf(name);
      EXPECT_TRUE(std::binary_search(group.members.begin(), group.members.end(), name));
      EXPECT_TRUE(std::binary_search(group.members.begin(), group.members.end(), group.survivor));
      merged += group.is_merged();
      ExpectGroup(group.survivor, group.members);
    }
  }
  EXPECT_GT(merged, 1000);
}

}  // namespace
}  // namespace rapport
