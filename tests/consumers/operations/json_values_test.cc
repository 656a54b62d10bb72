#include "consumers/operations/json_values.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rapport::operations {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The values as `line:column text`, line ends in them as a bar, an unclosed list as `open`.
std::vector<std::string> Split(absl::string_view text) {
  std::vector<std::string> values;
  for (const JsonValue& value : SplitJsonValues(text)) {
    values.push_back(absl::StrCat(
        value.line, ":", value.column, " ",
        value.open_list ? "open" : absl::StrReplaceAll(std::string(value.text), {{"\n", "|"}})));
  }
  return values;
}

TEST(SplitJsonValuesTest, TakesOneObjectALine) {
  EXPECT_THAT(Split("{\"a\":1}\n\n  {\"b\":\"}{\\\"\"}\r\n"),
              ElementsAre("1:1 {\"a\":1}", "3:3 {\"b\":\"}{\\\"\"}"));
  EXPECT_THAT(Split("\xEF\xBB\xBF{}\n{}"), ElementsAre("1:1 {}", "2:1 {}"));
  EXPECT_THAT(Split(" \n\r\n"), IsEmpty());
}

TEST(SplitJsonValuesTest, LeavesOutNothingThatIsNoObject) {
  EXPECT_THAT(Split("hello\n{}\n\"text\"\n{} rest {}\n}\n"),
              ElementsAre("1:1 hello", "2:1 {}", "3:1 \"text\"", "4:1 {}", "4:4 rest {}", "5:1 }"));
}

TEST(SplitJsonValuesTest, TakesObjectsOverSeveralLines) {
  EXPECT_THAT(
      Split("{\n \"a\": [\n  {\"b\": 1},\n  {\"c\": 2}\n ],\n \"d\":\n  {\"e\": 3}\n}\n{}\n"),
      ElementsAre("1:1 {| \"a\": [|  {\"b\": 1},|  {\"c\": 2}| ],| \"d\":|  {\"e\": 3}|}",
                  "9:1 {}"));
}

TEST(SplitJsonValuesTest, TakesTheElementsOfAList) {
  EXPECT_THAT(Split("[{\"a\":1}, {\"b\":2}]"), ElementsAre("1:2 {\"a\":1}", "1:11 {\"b\":2}"));
  EXPECT_THAT(Split("[\n{\n\"a\":1\n},\n{\"b\":2}\n]\n"),
              ElementsAre("2:1 {|\"a\":1|}", "5:1 {\"b\":2}"));
  EXPECT_THAT(Split("[1, {}, \"x\"]\nbehind"),
              ElementsAre("1:2 1", "1:5 {}", "1:9 \"x\"", "2:1 behind"));
  EXPECT_THAT(Split("[]"), IsEmpty());
}

TEST(SplitJsonValuesTest, TellsAListThatIsNotClosed) {
  EXPECT_THAT(Split("{}\n[{\"a\":1},\n"), ElementsAre("1:1 {}", "2:1 open", "2:2 {\"a\":1}"));
}

TEST(SplitJsonValuesTest, LosesNoNeighbourOfALineThatIsCutOff) {
  const std::string whole = "{\"id\":\"x\",\"made\":{\"items\":[{\"sku\":\"s\"}],\"order\":\"o\"}}";
  for (size_t size = 1; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_THAT(Split(absl::StrCat(whole, "\n", cut, "\n", whole, "\n", whole, "\n")),
                ElementsAre("1:1 " + whole, "2:1 " + cut, "3:1 " + whole, "4:1 " + whole));
  }
}

TEST(SplitJsonValuesTest, LosesNoNeighbourOfACutElementOfAList) {
  EXPECT_THAT(Split("[\n  {\n    \"a\": 1,\n    \"b\n  },\n  {\n    \"a\": 2\n  }\n]\n"),
              ElementsAre("2:3 {|    \"a\": 1,|    \"b", "5:3 }", "6:3 {|    \"a\": 2|  }"));
  EXPECT_THAT(Split("[\n  {\n    \"a\": 1,\n  {\n    \"a\": 2\n  }\n]\n"),
              ElementsAre("2:3 {|    \"a\": 1,", "4:3 {|    \"a\": 2|  }"));
}

}  // namespace
}  // namespace rapport::operations
