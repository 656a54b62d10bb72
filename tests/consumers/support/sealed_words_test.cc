// Words that only who has the right to them can read, and what everybody learns from their events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "consumers/edge/token_file.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::EventBuilder;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string Tokens() {
  std::string lines;
  for (const char* role : {"publisher", "reader", "revealer"}) {
    absl::StrAppend(&lines, "token name=", role, " roles=", role,
                    " sources=* sha256=", edge::TokenHash(role), "\n");
  }
  return lines;
}

class SealedWordsTest : public testing::Test {
 protected:
  void Publish(const std::vector<EventBuilder>& events) {
    world_.Become("publisher");
    world_.Publish(events);
  }

  v1::GetRelationshipResponse Card(const std::string& insight, int64_t as_of_us = kLater) {
    world_.Become("reader");
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    request.add_insights(insight);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    v1::GetRelationshipResponse answer;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, answer));
    return answer;
  }

  v1::ListTimelineResponse Timeline(const std::string& token) {
    world_.Become(token);
    v1::ListTimelineRequest request;
    request.set_customer_id("ana");
    request.set_reveal(token == "revealer");
    if (request.reveal()) request.set_purpose("learn from it");
    v1::ListTimelineResponse answer;
    EXPECT_OK(world_.Call(world_.relationships(), &Relationships::ListTimeline, request, answer));
    return answer;
  }

  // The words are shown to the revealer alone, and named to the reader.
  void ExpectForTheRevealerAlone(const std::string& words) {
    const v1::ListTimelineResponse masked = Timeline("reader");
    EXPECT_THAT(masked.DebugString(), Not(HasSubstr(words)));
    bool is_named = false;
    for (const v1::TimelineEntry& entry : masked.entries()) {
      is_named |= !entry.masked_fields().empty() && entry.masked_fields(0) == "note";
    }
    EXPECT_TRUE(is_named);
    EXPECT_THAT(Timeline("revealer").DebugString(), HasSubstr(words));
  }

  ServiceWorld world_{Tokens()};
};

// The number in a column of the row that these keys name, or of the total for none; -1 = no such
// row.
int64_t NumberIn(const v1::Table& table, const std::string& column,
                 const std::vector<std::string>& keys = {}) {
  int place = -1;
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).name() == column) place = i;
  }
  EXPECT_GE(place, 0) << column;
  if (keys.empty()) return table.total().cells(place).number();
  for (const v1::Row& row : table.rows()) {
    bool is_it = true;
    for (size_t i = 0; i < keys.size(); ++i) {
      is_it = is_it && row.cells(static_cast<int>(i)).text() == keys[i];
    }
    if (is_it) return row.cells(place).number();
  }
  return -1;
}

EventBuilder Found(uint64_t id, uint32_t seconds, const std::string& words) {
  EventBuilder found =
      AnEvent(v1::KIND_ROOT_CAUSE_FOUND).Of("ana").Id(id).OnDay(kDay + 1).Key("C1");
  found.Set("cause", "battery").Note(words);
  found.envelope().set_duration_s(seconds);
  return found;
}

// covers: 000-07
TEST_F(SealedWordsTest, TheCaseShowsCauseAndTimeAndTheReportSumsItByCause) {
  Publish({AnEvent(v1::KIND_COMPLAINT_RAISED).Of("ana").Id(1).OnDay(kDay).Key("C1"),
           Found(2, 25 * 60, "the cell swells in the sun"), Found(3, 5 * 60, "seen once more")});
  const v1::GetRelationshipResponse card = Card("causes");
  ASSERT_EQ(card.insights_size(), 1);
  EXPECT_EQ(NumberIn(card.insights(0), "time", {"cause", "battery"}), 30 * 60);
  EXPECT_EQ(NumberIn(card.insights(0), "found", {"cause", "battery"}), 2);
  ASSERT_GT(card.standing().metrics().cases_size(), 0);
  EXPECT_TRUE(card.standing().metrics().cases(0).cause_found());
  EXPECT_FALSE(card.standing().metrics().cases(0).cause_event_id().empty());
  std::vector<std::string> causes;
  std::vector<uint32_t> times;
  const v1::ListTimelineResponse timeline = Timeline("reader");
  for (const v1::TimelineEntry& entry : timeline.entries()) {
    if (!entry.touchpoint().has_root_cause_found()) continue;
    causes.push_back(entry.touchpoint().root_cause_found().cause());
    times.push_back(entry.touchpoint().duration_s());
  }
  EXPECT_THAT(causes, testing::ElementsAre("battery", "battery"));
  EXPECT_THAT(times, Contains(25 * 60));
  ExpectForTheRevealerAlone("the cell swells in the sun");
}

EventBuilder Answered(uint64_t id, const std::string& dimension, int64_t score) {
  EventBuilder answer =
      AnEvent(v1::KIND_SURVEY_ANSWERED).Of("ana").Id(id).OnDay(kDay + 2).Key("S1");
  answer.Set("dimension", dimension).Set("score", score).Set("min", 0).Set("max", 10);
  return answer;
}

// covers: 004-33
TEST_F(SealedWordsTest, ASurveyIsOpenThenClosedAndItsScoresCount) {
  const auto asked = [](uint64_t id, const std::string& survey) {
    return AnEvent(v1::KIND_FEEDBACK_REQUESTED).Of("ana").Id(id).OnDay(kDay).Key(survey);
  };
  EventBuilder words = Answered(3, "speed", 9);
  words.Note("your driver sang");
  Publish(
      {asked(1, "S1"), asked(2, "S2"), words, Answered(4, "price", 4), Answered(5, "service", 8)});
  const v1::Table before = Card("surveys", (kDay + 1) * kMicrosPerDay).insights(0);
  EXPECT_EQ(NumberIn(before, "asked"), 2);
  EXPECT_EQ(NumberIn(before, "unanswered"), 2);
  const v1::GetRelationshipResponse card = Card("surveys");
  const v1::Table& after = card.insights(0);
  EXPECT_EQ(NumberIn(after, "answered"), 1);
  EXPECT_EQ(NumberIn(after, "unanswered"), 1);
  EXPECT_EQ(NumberIn(after, "answers"), 3);
  std::map<std::string, int64_t> means;
  for (const auto& dimension : card.standing().metrics().satisfaction().dimensions()) {
    means[dimension.dimension()] = dimension.mean_permille();
  }
  EXPECT_EQ(means,
            (std::map<std::string, int64_t>{{"price", 400}, {"service", 800}, {"speed", 900}}));
  ExpectForTheRevealerAlone("your driver sang");
}

}  // namespace
}  // namespace rapport
