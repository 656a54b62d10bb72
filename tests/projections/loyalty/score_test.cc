#include "projections/loyalty/score.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/facts/kind_table.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/random_history.h"
#include "tests/kit/standard_rules.h"

namespace rapport::loyalty {
namespace {

using facts::Facts;
using facts::Reading;
using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using kit::RandomHistory;

constexpr int64_t kToday = 15'000;

Reading ReadOn(const Facts& facts, int64_t day) {
  const kit::StandardRules& rules = kit::Standard();
  return facts::Read(facts, day * kMicrosPerDay, rules.fold, rules.evaluate);
}

void Fold(Facts& facts, const EventBuilder& event) {
  facts::Fold(facts, event.View(), kit::Standard().fold);
}

ScoreLines ScoreOn(const Facts& facts, int64_t day) {
  return Score(ReadOn(facts, day), kit::Standard().evaluate);
}

TEST(ScoreTest, IsZeroForSomebodyUnknown) {
  const ScoreLines score = ScoreOn(Facts{}, kToday);
  EXPECT_EQ(score.total, 0);
  for (const int64_t milli : score.milli) EXPECT_EQ(milli, 0);
}

TEST(ScoreTest, AFreshPurchaseEarnsRhythmOutlookAndValue) {
  Facts facts;
  Fold(facts, APurchase().OnDay(kToday).Worth(120, "EUR"));
  const ScoreLines score = ScoreOn(facts, kToday);
  EXPECT_EQ(score.of(v1::SCORE_LINE_RHYTHM), 320'000 * 1000 / 3000);
  EXPECT_GT(score.of(v1::SCORE_LINE_OUTLOOK), 0);
  // 12,000 hundredths are between 13 and 14 doublings.
  EXPECT_GT(score.of(v1::SCORE_LINE_VALUE), 13 * 4'000);
  EXPECT_LT(score.of(v1::SCORE_LINE_VALUE), 14 * 4'000);
  EXPECT_EQ(score.of(v1::SCORE_LINE_FRICTION), 0);
}

TEST(ScoreTest, AnOpenComplaintCostsSixtyPointsAndFortyForItsSquare) {
  Facts facts;
  Fold(facts, AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kToday).Key("C1").Set("severity", 2));
  EXPECT_EQ(ScoreOn(facts, kToday).of(v1::SCORE_LINE_FRICTION), -100'000);
}

TEST(ScoreTest, TwoCloseComplaintsCostMoreThanTwiceOne) {
  Facts facts;
  Fold(facts, AnEvent(v1::KIND_COMPLAINT_RAISED).Id(1).OnDay(kToday).Key("C1").Set("severity", 1));
  const int64_t one = ScoreOn(facts, kToday).of(v1::SCORE_LINE_FRICTION);
  Fold(facts, AnEvent(v1::KIND_COMPLAINT_RAISED).Id(2).OnDay(kToday).Key("C2").Set("severity", 1));
  EXPECT_LT(ScoreOn(facts, kToday).of(v1::SCORE_LINE_FRICTION), 2 * one);
}

TEST(ScoreTest, LimitKeepsTheTotalAtZero) {
  Facts facts;
  Fold(facts, AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kToday).Key("C1").Set("severity", 4));
  const ScoreLines score = ScoreOn(facts, kToday);
  EXPECT_EQ(score.total, 0);
  EXPECT_EQ(score.of(v1::SCORE_LINE_LIMIT),
            -score.of(v1::SCORE_LINE_FRICTION) - score.of(v1::SCORE_LINE_DIALOGUE));
}

TEST(ScoreTest, IsReadAtTheNewestEventWhenAskedForAnEarlierMoment) {
  Facts facts;
  Fold(facts, APurchase().OnDay(kToday));
  EXPECT_EQ(ReadOn(facts, kToday - 100).day, kToday);
}

TEST(ScoreTest, LinesAddUpToTheTotalWhateverHappens) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Facts facts;
    for (const EventBuilder& event : RandomHistory(seed, 25)) Fold(facts, event);
    for (const int64_t later : {0, 10, 400}) {
      const int64_t day = DayOf(facts.newest_at_us) + later;
      const ScoreLines score = ScoreOn(facts, day);
      v1::Standing standing;
      WriteScore(score, standing);
      int64_t sum = 0;
      for (const v1::Line& line : standing.lines()) sum += line.milli_points();
      EXPECT_EQ(sum, standing.score_milli()) << "seed " << seed;
      EXPECT_LE(standing.score_milli(), 1'000'000u) << "seed " << seed;
      EXPECT_EQ(standing.score(), standing.score_milli() / 1000) << "seed " << seed;
    }
  }
}

TEST(ScoreTest, AnIdleDayRaisesNoInput) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Facts facts;
    for (const EventBuilder& event : RandomHistory(seed, 25)) Fold(facts, event);
    const int64_t begin = DayOf(facts.newest_at_us);
    Reading before = ReadOn(facts, begin);
    for (int64_t day = begin + 1; day < begin + 800; ++day) {
      const Reading after = ReadOn(facts, day);
      ASSERT_LE(after.rhythm, before.rhythm) << "seed " << seed << ", day " << day;
      ASSERT_LE(after.expected, before.expected) << "seed " << seed << ", day " << day;
      ASSERT_LE(after.spend, before.spend) << "seed " << seed << ", day " << day;
      ASSERT_LE(after.sentiment_plus, before.sentiment_plus) << "seed " << seed;
      ASSERT_LE(after.sentiment_minus, before.sentiment_minus) << "seed " << seed;
      ASSERT_LE(after.advocacy, before.advocacy) << "seed " << seed << ", day " << day;
      ASSERT_LE(after.dialogue, before.dialogue) << "seed " << seed << ", day " << day;
      ASSERT_LE(after.alive_ppm, before.alive_ppm) << "seed " << seed << ", day " << day;
      before = after;
    }
  }
}

TEST(ScoreTest, APurchaseNeverLowersRhythm) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Facts facts;
    for (const EventBuilder& event : RandomHistory(seed, 25)) Fold(facts, event);
    const int64_t day = DayOf(facts.newest_at_us) + 3;
    const int64_t before = ReadOn(facts, day).rhythm;
    Fold(facts, APurchase().Id(1'000).OnDay(day - static_cast<int64_t>(seed % 90)));
    EXPECT_GE(ReadOn(facts, day).rhythm, before) << "seed " << seed;
  }
}

// Ending a complaint's debit apart, only the customer's own acts earn points.
TEST(ScoreTest, ActsOfOthersEarnNothing) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Facts facts;
    const std::vector<EventBuilder> history = RandomHistory(seed, 25);
    for (const EventBuilder& event : history) Fold(facts, event);
    const int64_t day = DayOf(facts.newest_at_us) + 1;
    const int64_t total = ScoreOn(facts, day).total;
    for (EventBuilder event : RandomHistory(seed + 1'000, 40)) {
      const v1::Kind kind = event.envelope().kind();
      if (facts::By(kind) == facts::Side::kCustomer) continue;
      if (kind == v1::KIND_COMPLAINT_RESOLVED) continue;
      Facts more = facts;
      Fold(more, event.Id(9'000).OnDay(day));
      EXPECT_LE(ScoreOn(more, day).total, total) << "seed " << seed << ", " << v1::Kind_Name(kind);
    }
  }
}

TEST(ScoreReceiptTest, NamesTheInputsOfEveryLine) {
  const kit::StandardRules& rules = kit::Standard();
  Facts facts;
  const EventBuilder bought = APurchase().Id(7).OnDay(kToday).Worth(120, "EUR");
  const EventBuilder raised =
      AnEvent(v1::KIND_COMPLAINT_RAISED).Id(8).OnDay(kToday).Key("C1").Set("severity", 3);
  Fold(facts, bought);
  Fold(facts, raised);
  const Reading reading = ReadOn(facts, kToday);
  v1::Standing standing;
  WriteScore(Score(reading, rules.evaluate), standing);
  WriteReceipts(reading, facts, rules.fold, rules.evaluate, standing);
  ASSERT_EQ(standing.lines_size(), kLines);
  for (const v1::Line& line : standing.lines()) {
    EXPECT_FALSE(line.receipt().rule_id().empty()) << line.line();
    EXPECT_FALSE(line.receipt().text().empty()) << line.line();
    EXPECT_GT(line.receipt().inputs_size(), 0) << line.line();
  }
  const v1::Receipt& rhythm = standing.lines(v1::SCORE_LINE_RHYTHM - 1).receipt();
  EXPECT_EQ(rhythm.rule_id(), "rhythm");
  EXPECT_EQ(rhythm.inputs(0).name(), "S");
  EXPECT_EQ(rhythm.inputs(0).value(), 1000);
  EXPECT_EQ(rhythm.event_ids(0), bought.View().id.Hex());
  const v1::Receipt& friction = standing.lines(v1::SCORE_LINE_FRICTION - 1).receipt();
  EXPECT_EQ(friction.inputs(0).value(), 1500);
  EXPECT_EQ(friction.event_ids(0), raised.View().id.Hex());
  EXPECT_NE(friction.text().find("case C1"), std::string::npos) << friction.text();
}

TEST(ScoreReceiptTest, SaysWhenAClosingMayBeForgotten) {
  const kit::StandardRules& rules = kit::Standard();
  Facts facts;
  Fold(facts, AnEvent(v1::KIND_COMPLAINT_RAISED).Id(1).OnDay(kToday).Key("C1"));
  for (int i = 0; i < 200; ++i) {
    Fold(facts, AnEvent(v1::KIND_COMPLAINT_ACKNOWLEDGED).Id(2 + i).OnDay(kToday + 1).Key("C2"));
  }
  const Reading reading = ReadOn(facts, kToday + 1);
  v1::Standing standing;
  WriteScore(Score(reading, rules.evaluate), standing);
  WriteReceipts(reading, facts, rules.fold, rules.evaluate, standing);
  const std::string& text = standing.lines(v1::SCORE_LINE_FRICTION - 1).receipt().text();
  EXPECT_NE(text.find("forgotten"), std::string::npos) << text;
}

}  // namespace
}  // namespace rapport::loyalty
