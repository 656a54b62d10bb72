#include "tests/stories/story.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/service.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::stories {
namespace {

using kit::StatusIs;

// The tag in pieces: whoever looks for rows that tests cover must not find these.
const std::string kTag =
    "covers"
    ":";

Story Read(const std::string& text) {
  const absl::StatusOr<Story> story = ParseStory(absl::StrCat("# A story.\n", text), "a.story");
  EXPECT_OK(story);
  return story.ok() ? *story : Story{};
}

// The error of a story whose second line is `line`.
absl::Status ErrorOf(const std::string& line) {
  return ParseStory(
             absl::StrCat("# A story.\n", line, "\n2030-01-01 10:00 zoe PurchaseMade order=Z\n"),
             "a.story")
      .status();
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(StoryTest, ReadsHeadEventsAndQuestions) {
  const Story story = Read(kTag + R"( 001-13,
004-39
rules: standard + care

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR item=cup:2:30.00EUR item=tea:1:10EUR
  => stage EXPLORATION because S7 and because PurchaseMade A1, purchase days 1
at +182d
  => ana: under repair: not owed win_back
2024-08-01 08:00  ben  ComplaintRaised  case=C1  logged 2024-08-02
as of 2024-01-06
  => ana: no flags
)");
  EXPECT_EQ(story.covers, (std::vector<std::string>{"001-13", "004-39"}));
  EXPECT_EQ(story.rules, "standard + care");
  ASSERT_EQ(story.steps.size(), 2u);
  v1::PurchaseMade bought;
  ASSERT_TRUE(bought.ParseFromString(story.steps[0].event.event.payload()));
  EXPECT_EQ(bought.order(), "A1");
  EXPECT_EQ(bought.amount().micros(), 40'000'000);
  EXPECT_EQ(bought.items_size(), 2);
  EXPECT_EQ(bought.items(0).quantity_milli(), 2'000);
  ASSERT_EQ(story.steps[0].scenes.size(), 2u);
  const std::vector<Clause>& first = story.steps[0].scenes[0].questions[0].clauses;
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].ToString(), "stage EXPLORATION because S7 because PurchaseMade A1");
  EXPECT_EQ(first[1].ToString(), "purchase days 1");
  const Question& later = story.steps[0].scenes[1].questions[0];
  EXPECT_EQ(later.rules, "repair");
  EXPECT_TRUE(later.clauses[0].negated);
  EXPECT_GT(story.steps[1].event.logged_us, story.steps[1].event.occurred_us);
  EXPECT_TRUE(story.steps[1].scenes[1].past);
  EXPECT_EQ(story.steps[1].scenes[1].questions[0].customer, "ana");
}

TEST(StoryTest, SetsEnvelopeFieldsAndUnits) {
  const Story story = Read(
      "2024-01-05 09:00 ana QuestionAnswered request=Q channel=PHONE wait=2h duration=480s "
      "asks_back=no live_person=yes actor=dan role=SERVICE party=EMPLOYEE cost=3.5EUR "
      "customer_feeling=-2 measure=mood:3 measure=basket:1200 place=\"New York\" id=shop-1\n");
  const v1::Event& event = story.steps.at(0).event.event;
  EXPECT_EQ(event.channel(), v1::CHANNEL_PHONE);
  EXPECT_EQ(event.wait_s(), 7200u);
  EXPECT_EQ(event.duration_s(), 480u);
  EXPECT_TRUE(event.live_person());
  EXPECT_EQ(event.actor().id(), "dan");
  EXPECT_EQ(event.actor().party(), v1::ACTOR_PARTY_EMPLOYEE);
  EXPECT_EQ(event.cost().micros(), 3'500'000);
  EXPECT_EQ(event.customer_feeling(), -2);
  ASSERT_EQ(event.measures_size(), 2);
  EXPECT_EQ(event.measures(0).name(), "basket");
  EXPECT_EQ(event.place(), "New York");
  EXPECT_EQ(event.event_id(), "shop-1");
  v1::QuestionAnswered answered;
  ASSERT_TRUE(answered.ParseFromString(event.payload()));
  EXPECT_TRUE(answered.has_asks_back());
}

TEST(StoryTest, GivesLinesIdsOfBothSorts) {
  const Story story = Read(
      "2024-01-05 09:00 ana PurchaseMade order=A\n2024-01-06 09:00 ana PurchaseMade order=B\n");
  EXPECT_EQ(story.steps[0].event.event.event_id(), "story-2");
  EXPECT_EQ(story.steps[1].event.event.event_id().size(), 36u);
}

TEST(StoryTest, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_THAT(ErrorOf("2024-01-05 ana PurchaseMad order=A"),
              StatusIs(kInvalid, "a.story:2: there is no event PurchaseMad"));
  EXPECT_THAT(ErrorOf("2024-01-05 ana PurchaseMade quantity=A"),
              StatusIs(kInvalid, "a.story:2: field quantity: is neither a field of PurchaseMade"));
  EXPECT_THAT(ErrorOf("2024-01-05 ana OutreachMade purpose=CHECKED"),
              StatusIs(kInvalid, "`CHECKED`"));
  EXPECT_THAT(ErrorOf("2024-01-05 ana ResolutionAnswered accepted=true"),
              StatusIs(kInvalid, "neither yes nor no"));
  EXPECT_THAT(ErrorOf("2024-01-05 ana PurchaseMade amount=xEUR"),
              StatusIs(kInvalid, "field amount"));
  EXPECT_THAT(ErrorOf("2024-13-05 ana PurchaseMade"), StatusIs(kInvalid, "2024-13-05"));
  EXPECT_THAT(ErrorOf("2024-01-05 ana PurchaseMade logged 2024-01-04"),
              StatusIs(kInvalid, "logged before it happens"));
  EXPECT_THAT(ErrorOf("at 2024-01-05"), StatusIs(kInvalid, "nothing has happened yet"));
  EXPECT_THAT(ErrorOf("yesterday ana PurchaseMade"), StatusIs(kInvalid, "begins no line"));
}

TEST(StoryTest, GoesForwardInTime) {
  EXPECT_THAT(ErrorOf("2030-01-02 ana PurchaseMade order=A"),
              StatusIs(kInvalid, "a.story:3: 2030-01-01 10:00 is before 2030-01-02 00:00"));
  EXPECT_THAT(ErrorOf("2029-01-02 ana PurchaseMade order=A\nat +2000d"),
              StatusIs(kInvalid, "is before"));
  EXPECT_THAT(ErrorOf("2029-01-02 ana PurchaseMade order=A\nas of +1d"),
              StatusIs(kInvalid, "write `at`"));
}

TEST(StoryTest, RefusesTwoEventsOfOneCustomerAtOneInstant) {
  EXPECT_THAT(ErrorOf("2030-01-01 10:00 zoe ThanksGiven for=Z"),
              StatusIs(kInvalid, "another event of zoe happens at 2030-01-01 10:00"));
}

TEST(StoryTest, RefusesQuestionsThatAreNone) {
  const std::string event = "2029-01-02 ana PurchaseMade order=A\n";
  EXPECT_THAT(ErrorOf(event + "=> happy"), StatusIs(kInvalid, "a.story:3: `happy` is no question"));
  EXPECT_THAT(ErrorOf(event + "=> stage EXPLORATION and"), StatusIs(kInvalid, "is missing"));
  EXPECT_THAT(ErrorOf(event + "=> ben: no flags"),
              StatusIs(kInvalid, "nothing has happened to ben"));
}

TEST(StoryTest, NeedsAWordOnWhatItShows) {
  EXPECT_THAT(ParseStory("2024-01-05 ana PurchaseMade order=A\n", "a.story").status(),
              StatusIs(kInvalid, "say in a comment"));
}

TEST(StoryTest, TheEchoIsOffUnlessTheHeadSaysOn) {
  EXPECT_FALSE(Read("2030-01-01 10:00 zoe PurchaseMade order=Z\n").echo);
  EXPECT_TRUE(Read("echo: on\n2030-01-01 10:00 zoe PurchaseMade order=Z\n").echo);
  EXPECT_THAT(ErrorOf("echo: maybe"),
              StatusIs(kInvalid, "a.story:2: write `echo: on`, or nothing"));
}

}  // namespace
}  // namespace rapport::stories
