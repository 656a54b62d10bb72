// The runner must find what is wrong: each of these stories says something that is not so.
#include "tests/stories/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/kit/status_matchers.h"

namespace rapport::stories {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kPurchase[] = "2024-01-05 09:00 ana PurchaseMade order=A1 amount=40.00EUR\n";

std::vector<std::string> FailuresOf(const std::string& text) {
  const absl::StatusOr<Story> story = ParseStory(absl::StrCat("# A story.\n", text), "a.story");
  EXPECT_OK(story);
  return story.ok() ? RunStory(*story) : std::vector<std::string>{};
}

// What the runner says to a question about somebody who has just bought and then complained.
std::vector<std::string> FailuresOfAsking(const std::string& question) {
  return FailuresOf(absl::StrCat(
      kPurchase, "2024-01-06 09:00 ana ComplaintRaised case=C1 severity=3\n  => ", question, "\n"));
}

TEST(RunnerTest, IsContentWithATrueStory) {
  EXPECT_THAT(FailuresOfAsking("stage EXPLORATION because S7, flag DAMAGED because case C1, "
                               "friction -180 because case C1, owed complaint_resolve by "
                               "2024-01-11 09:00 because case C1 and purchase days 1"),
              IsEmpty());
}

TEST(RunnerTest, FindsWrongAnswers) {
  const char* wrong[] = {
      "stage EXPANSION",
      "not stage EXPLORATION",
      "reason DORMANT",
      "flag AT_RISK",
      "no flag DAMAGED",
      "no flags",
      "friction -179",
      "friction > -180",
      "loyalty > 999",
      "purchase days 2",
      "share reactive 900",
      "type COMMUNITY",
      "mode DEDICATED",
      "recurring",
      "not owed complaint_resolve",
      "done complaint_resolve",
      "owed complaint_resolve for C2",
      "owed complaint_resolve by 2024-01-11 09:01",
      "owed complaint_resolve to lead",
      "overdue complaint_resolve",
      "no follow-up thank_you",
      "suppressed lead_ask by BUDGET",
      "next stage change on 2024-01-12",
      "no next change",
      "counted PurchaseMade 2",
      "spent 40.01EUR",
      "touched PHONE 1",
      "owner dan",
      "prefers channel EMAIL",
      "timeline has 3 entries",
      "receipt friction F 1499",
      "receipt AT_RISK gap 1",
      "timeline shows PurchaseMade A1 amount=41.00EUR",
      "timeline shows PurchaseMade A2",
      "refused",
      "duplicate",
  };
  for (const char* question : wrong) {
    EXPECT_THAT(FailuresOfAsking(question), ElementsAre(HasSubstr("a.story:4: "))) << question;
  }
}

TEST(RunnerTest, FindsReasonsThatAreNone) {
  EXPECT_THAT(FailuresOfAsking("stage EXPLORATION because S4"),
              ElementsAre(HasSubstr("the reason is another: rule S7")));
  EXPECT_THAT(FailuresOfAsking("flag DAMAGED because PurchaseMade A1"),
              ElementsAre(HasSubstr("the reason is another")));
  EXPECT_THAT(FailuresOfAsking("friction < 0 because PurchaseMade"),
              ElementsAre(HasSubstr("the reason is another")));
  EXPECT_THAT(FailuresOfAsking("owed complaint_resolve because PurchaseMade A1"),
              ElementsAre(HasSubstr("it is otherwise with complaint_resolve")));
}

TEST(RunnerTest, FindsQuestionsAboutWhatDoesNotExist) {
  const char* wrong[] = {
      "flag SAD",
      "stage ENGAGED",
      "not owed complaint_forget",
      "flag DAMAGED because case C9",
      "flag DAMAGED because S99",
      "loyalty < before",
      "counted PurchaseMad 1",
      "suppressed lead_ask by RAIN",
      "owed complaint_resolve soon",
  };
  for (const char* question : wrong) {
    EXPECT_THAT(FailuresOfAsking(question), ElementsAre(HasSubstr("a.story:4: "))) << question;
  }
}

TEST(RunnerTest, FindsLinesThatDoNotCount) {
  EXPECT_THAT(FailuresOf(absl::StrCat(kPurchase, "2024-01-06 ana PurchaseMade amount=5.00\n")),
              ElementsAre(HasSubstr("a.story:3: the line is refused: FIELD_INVALID: "
                                    "payload.amount.currency")));
  EXPECT_THAT(FailuresOf("2024-01-05 09:00 ana PurchaseMade order=A1 id=x\n"
                         "2024-01-06 09:00 ana PurchaseMade order=A1 id=x\n"),
              ElementsAre(HasSubstr("a.story:3: the line counts for nothing")));
}

TEST(RunnerTest, KnowsWhyALineIsRefused) {
  const std::string lines =
      absl::StrCat(kPurchase, "2024-01-06 ana PurchaseMade order=A2 amount=5.00\n");
  EXPECT_THAT(FailuresOf(lines + "=> refused FIELD_INVALID amount.currency, flag INCOMPLETE\n"),
              IsEmpty());
  EXPECT_THAT(FailuresOf(lines + "=> refused order\n"),
              ElementsAre(HasSubstr("it was refused otherwise")));
}

TEST(RunnerTest, NamesRulesThatAreNotThere) {
  EXPECT_THAT(FailuresOf(absl::StrCat("rules: standard + nowhere\n", kPurchase)),
              ElementsAre(HasSubstr("there are no rules nowhere")));
}

}  // namespace
}  // namespace rapport::stories
