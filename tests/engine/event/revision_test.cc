// Which events stand: every rule, and that no order counts.
#include "engine/event/revision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "rapport/v1/work.pb.h"
#include "tests/kit/event_builder.h"

namespace rapport::event {
namespace {

using Fate = Ruling::Fate;

EventId IdOf(uint64_t n) { return {0, n}; }

Revision Retract(uint64_t id, uint64_t target, int64_t at_us = 0) {
  return {{at_us, IdOf(id)}, v1::KIND_EVENT_RETRACTED, static_cast<Offset>(id), IdOf(target)};
}

Revision Correct(uint64_t id, uint64_t target, int64_t at_us) {
  return {{at_us, IdOf(id)}, v1::KIND_EVENT_CORRECTED, static_cast<Offset>(id), IdOf(target)};
}

// What became of an event, and by which: 0 = none.
using Verdict = std::pair<Fate, uint64_t>;
constexpr Verdict kStanding{Fate::kStands, 0};

Verdict Judge(const std::vector<Revision>& all, const Moment& moment, v1::Kind kind) {
  const Revisions revisions(all);
  const Ruling ruling = revisions.RulingOn(moment.id, moment, kind);
  return {ruling.fate, ruling.by == nullptr ? 0 : ruling.by->moment.id.low};
}

// Of an event that is no revision.
Verdict JudgePlain(const std::vector<Revision>& all, uint64_t id) {
  return Judge(all, {5, IdOf(id)}, v1::KIND_PURCHASE_MADE);
}

Verdict JudgeOne(const std::vector<Revision>& all, const Revision& one) {
  return Judge(all, one.moment, one.kind);
}

TEST(RevisionsTest, WhatNothingIsAimedAtStands) {
  EXPECT_EQ(JudgePlain({}, 1), kStanding);
  EXPECT_EQ(JudgePlain({Retract(9, 2), Correct(8, 3, 1)}, 1), kStanding);
}

TEST(RevisionsTest, ARetractionGoesBeforeEveryCorrection) {
  EXPECT_EQ(JudgePlain({Retract(9, 1)}, 1), Verdict(Fate::kRetracted, 9));
  EXPECT_EQ(JudgePlain({Correct(8, 1, 100), Retract(9, 1, 1), Correct(7, 1, 200)}, 1),
            Verdict(Fate::kRetracted, 9));
}

TEST(RevisionsTest, OfSeveralCorrectionsTheGreatestMomentCounts) {
  EXPECT_EQ(JudgePlain({Correct(8, 1, 10), Correct(7, 1, 20)}, 1), Verdict(Fate::kCorrected, 7));
  // Of one time, the greater id.
  EXPECT_EQ(JudgePlain({Correct(8, 1, 20), Correct(7, 1, 20)}, 1), Verdict(Fate::kCorrected, 8));
}

TEST(RevisionsTest, AnEarlierCorrectionSaysWhichGoesBeforeIt) {
  const Revision earlier = Correct(8, 1, 10), later = Correct(7, 1, 20);
  EXPECT_EQ(JudgeOne({earlier, later}, earlier), Verdict(Fate::kCorrected, 7));
  EXPECT_EQ(JudgeOne({earlier, later}, later), kStanding);
}

TEST(RevisionsTest, NothingTakesARetractionBack) {
  const Revision retraction = Retract(9, 1);
  EXPECT_EQ(JudgePlain({retraction, Retract(10, 9), Correct(11, 9, 50)}, 1),
            Verdict(Fate::kRetracted, 9));
  EXPECT_EQ(JudgeOne({retraction, Retract(10, 9), Correct(11, 9, 50)}, retraction), kStanding);
}

TEST(RevisionsTest, ARetractionUndoesACorrection) {
  const Revision correction = Correct(8, 1, 100);
  EXPECT_EQ(JudgePlain({correction, Retract(9, 8)}, 1), kStanding);
  EXPECT_EQ(JudgeOne({correction, Retract(9, 8)}, correction), Verdict(Fate::kRetracted, 9));
  // The one before it counts again.
  EXPECT_EQ(JudgePlain({correction, Retract(9, 8), Correct(7, 1, 50)}, 1),
            Verdict(Fate::kCorrected, 7));
}

TEST(RevisionsTest, ACorrectionUndoesAnEarlierOneAndMayBeUndoneItself) {
  const Revision first = Correct(6, 1, 10), second = Correct(7, 6, 20), third = Correct(8, 7, 30);
  EXPECT_EQ(JudgePlain({first, second}, 1), kStanding);
  EXPECT_EQ(JudgeOne({first, second}, first), Verdict(Fate::kCorrected, 7));
  EXPECT_EQ(JudgePlain({first, second, third}, 1), Verdict(Fate::kCorrected, 6));
  EXPECT_EQ(JudgePlain({first, second, Retract(9, 7)}, 1), Verdict(Fate::kCorrected, 6));
}

TEST(RevisionsTest, ACorrectionOfALaterOneDoesNothingSoCirclesEnd) {
  const Revision earlier = Correct(6, 7, 10), later = Correct(7, 6, 20);
  EXPECT_EQ(JudgeOne({earlier, later}, later), kStanding);
  EXPECT_EQ(JudgeOne({earlier, later}, earlier), Verdict(Fate::kCorrected, 7));
  const Revision itself = Correct(6, 6, 10);
  EXPECT_EQ(JudgeOne({itself}, itself), kStanding);
  EXPECT_EQ(JudgeOne({Retract(9, 9)}, Retract(9, 9)), kStanding);
}

TEST(RevisionsTest, ALongChainOfCorrectionsIsJudgedFromItsEnd) {
  std::vector<Revision> chain = {Correct(2, 1, 2)};
  for (uint64_t n = 3; n <= 100'000; ++n)
    chain.push_back(Correct(n, n - 1, static_cast<int64_t>(n)));
  // Every second one counts, counted from the last.
  EXPECT_EQ(JudgePlain(chain, 1), Verdict(Fate::kCorrected, 2));
  chain.push_back(Correct(100'001, 100'000, 100'001));
  EXPECT_EQ(JudgePlain(chain, 1), kStanding);
}

TEST(RevisionsTest, NoOrderCounts) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<Revision> all;
    for (uint64_t id = 10; id < 22; ++id) {
      const uint64_t target = random() % 2 == 0 ? random() % 3 : 10 + random() % 12;
      const auto at_us = static_cast<int64_t>(random() % 5);
      all.push_back(random() % 3 == 0 ? Retract(id, target, at_us) : Correct(id, target, at_us));
    }
    std::vector<Verdict> verdicts;
    for (uint64_t id = 0; id < 3; ++id) verdicts.push_back(JudgePlain(all, id));
    const std::vector<Revision> ascending = all;
    for (const Revision& one : ascending) verdicts.push_back(JudgeOne(all, one));
    std::shuffle(all.begin(), all.end(), random);
    for (uint64_t id = 0; id < 3; ++id) EXPECT_EQ(JudgePlain(all, id), verdicts[id]) << round;
    for (size_t i = 0; i < ascending.size(); ++i) {
      EXPECT_EQ(JudgeOne(all, ascending[i]), verdicts[3 + i]) << round;
    }
  }
}

TEST(RevisionTest, IsReadFromItsEvent) {
  const kit::EventBuilder event = kit::ARetraction("shop:1").Id(7).OnDay(20'000).Offset(3);
  const Revision revision = RevisionOf(event.View());
  EXPECT_EQ(revision.moment, event.View().moment());
  EXPECT_EQ(revision.target, EventId::FromText("shop:1"));
  EXPECT_EQ(revision.offset, 3);
  EXPECT_FALSE(IsRevision(v1::KIND_CUSTOMER_MERGED));
}

v1::Event Closed(const kit::EventBuilder& builder) {
  v1::Event event = builder.envelope();
  event.set_payload(builder.payload().SerializeAsString());
  return event;
}

TEST(RevisionTest, WhatStandsInPlaceHasTheEnvelopeOfTheCorrectionUnderTheOldId) {
  const kit::EventBuilder old =
      kit::APurchase().Id("shop:1").OnDay(20'000).Worth(400, "EUR").On(v1::CHANNEL_PHONE);
  const kit::EventBuilder better =
      kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Key("C1").On(v1::CHANNEL_EMAIL).Note("wrong till");
  kit::EventBuilder correction = kit::ACorrection("shop:1", better).Id("shop:2").OnDay(20'009);
  v1::Event closed = Closed(correction);
  closed.add_sealed()->set_field("note");
  closed.set_content_tag("tag");
  v1::Event in_place = InPlaceOf(Closed(old), closed);
  EXPECT_EQ(in_place.event_id(), "shop:1");
  EXPECT_EQ(in_place.occurred_at_us(), old.envelope().occurred_at_us());
  EXPECT_EQ(in_place.kind(), v1::KIND_COMPLAINT_RAISED);
  EXPECT_EQ(in_place.payload(), better.payload().SerializeAsString());
  EXPECT_EQ(in_place.channel(), v1::CHANNEL_EMAIL);
  // Its texts are bound to the id of the correction.
  EXPECT_EQ(in_place.sealed_size(), 0);
  EXPECT_TRUE(in_place.note().empty() && in_place.content_tag().empty());
  correction.Set("occurred_at_us", 5);
  in_place = InPlaceOf(Closed(old), Closed(correction));
  EXPECT_EQ(in_place.occurred_at_us(), 5);
}

}  // namespace
}  // namespace rapport::event
