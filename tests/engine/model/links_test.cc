// What was said last about each other customer, whatever the order, and as bytes.
#include "engine/model/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

using Word = Link::Word;

Link Said(const std::string& other, int64_t at_us, uint64_t id, Word word) {
  return {other, {at_us, {0, id}}, word};
}

TEST(LinksTest, TheGreatestMomentCountsOfEachOther) {
  Links links;
  links.Say(Said("b", 20, 1, Word::kSplit));
  links.Say(Said("b", 10, 2, Word::kGoesInto));
  links.Say(Said("c", 10, 3, Word::kTakesIn));
  ASSERT_EQ(links.all().size(), 2u);
  EXPECT_EQ(links.Find("b")->word, Word::kSplit) << "a merge of before the split";
  EXPECT_EQ(links.Find("c")->word, Word::kTakesIn);
  EXPECT_EQ(links.Find("d"), nullptr);
}

TEST(LinksTest, OfOneTimeTheGreaterIdCounts) {
  Links links;
  links.Say(Said("b", 10, 2, Word::kGoesInto));
  links.Say(Said("b", 10, 1, Word::kSplit));
  EXPECT_EQ(links.Find("b")->word, Word::kGoesInto);
}

TEST(LinksTest, AnyOrderAndAnyCopiesGiveTheSameBytes) {
  std::mt19937 random(7);
  std::vector<Link> said;
  for (uint64_t id = 1; id <= 30; ++id) {
    said.push_back(
        Said(absl::StrCat("c", random() % 5), random() % 8, id, static_cast<Word>(random() % 3)));
  }
  std::string first;
  for (int order = 0; order < 50; ++order) {
    std::shuffle(said.begin(), said.end(), random);
    Links links;
    for (const Link& link : said) {
      for (uint32_t copies = 1 + random() % 2; copies > 0; --copies) links.Say(link);
    }
    if (first.empty()) first = links.Encode();
    EXPECT_EQ(links.Encode(), first);
  }
}

TEST(LinksTest, WhoWasErasedIsOneWithNobodyBeforeAndAfter) {
  Links before, after;
  before.Say(Said("b", 10, 1, Word::kGoesInto));
  before.Erase();
  after.Erase();
  after.Say(Said("b", 10, 1, Word::kGoesInto));
  EXPECT_TRUE(before.erased());
  EXPECT_EQ(before, after);
  EXPECT_TRUE(before.all().empty());
  EXPECT_EQ(before.Encode(), after.Encode());
}

TEST(LinksTest, TheyComeBackFromTheirBytes) {
  Links links, erased, read;
  links.Say(Said("b", -5, 1, Word::kSplit));
  links.Say(Said(std::string(128, 'x'), INT64_MAX, 2, Word::kTakesIn));
  erased.Erase();
  for (const Links& wanted : {Links(), links, erased}) {
    ASSERT_TRUE(Links::Decode(wanted.Encode(), read));
    EXPECT_EQ(read, wanted);
    EXPECT_EQ(read.empty(), wanted.empty());
  }
  EXPECT_EQ(Links().Encode(), "");
}

TEST(LinksTest, BytesThatAreNoLinksAreRefused) {
  Links links, read;
  links.Say(Said("b", 10, 1, Word::kGoesInto));
  const std::string one = links.Encode();
  for (size_t size = 1; size < one.size(); ++size) {
    EXPECT_FALSE(Links::Decode(one.substr(0, size), read)) << size;
  }
  EXPECT_FALSE(Links::Decode(one + one, read)) << "one other, twice";
  EXPECT_FALSE(Links::Decode(one + std::string(1, '\0'), read));
  std::string other_word = one;
  other_word.back() = 3;
  EXPECT_FALSE(Links::Decode(other_word, read));
}

TEST(LinksTest, ACopyIsItsOwn) {
  Links links;
  links.Say(Said("b", 10, 1, Word::kGoesInto));
  Links copy = links;
  copy.Say(Said("c", 10, 2, Word::kGoesInto));
  EXPECT_EQ(links.all().size(), 1u);
  EXPECT_EQ(copy.all().size(), 2u);
}

}  // namespace
}  // namespace rapport
