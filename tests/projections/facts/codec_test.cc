#include "projections/facts/codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "projections/facts/fold.h"
#include "rapport/v1/facts.pb.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::facts {
namespace {

using kit::StatusIs;

const FoldRules& Rules() { return kit::WithOwnKinds().fold; }

Facts RandomFacts(std::mt19937_64& random, size_t count) {
  const std::vector<kit::EventBuilder> events = RandomEvents(random, count);
  return FactsOf(PointersTo(events), Rules());
}

std::string Serialized(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  EXPECT_TRUE(message.SerializeToCodedStream(&coded));
  coded.Trim();
  return bytes;
}

Facts Decoded(const std::string& bytes) {
  Facts facts;
  EXPECT_OK(Decode(bytes, Rules(), facts));
  return facts;
}

TEST(CodecTest, WritesTheBytesOfTheGeneratedClass) {
  std::mt19937_64 random(31);
  for (int round = 0; round < 40; ++round) {
    const std::string bytes = BytesOf(RandomFacts(random, random() % 600));
    v1::CustomerFacts message;
    ASSERT_TRUE(message.ParseFromString(bytes));
    EXPECT_EQ(Serialized(message), bytes);
  }
}

TEST(CodecTest, DecodingGivesFactsThatEncodeAndMeasureTheSame) {
  std::mt19937_64 random(32);
  for (int round = 0; round < 40; ++round) {
    const Facts facts = RandomFacts(random, random() % 600);
    const Facts decoded = Decoded(BytesOf(facts));
    EXPECT_EQ(BytesOf(decoded), BytesOf(facts));
    EXPECT_EQ(decoded.sums.size(), facts.sums.size());
    EXPECT_EQ(decoded.lists().size(), facts.lists().size());
    EXPECT_EQ(decoded.rings.size(), facts.rings.size());
  }
}

TEST(CodecTest, DecodedFactsFoldOnAsIfNeverStored) {
  std::mt19937_64 random(33);
  for (int round = 0; round < 10; ++round) {
    const std::vector<kit::EventBuilder> events = RandomEvents(random, 400);
    Facts straight;
    Facts stored;
    for (size_t i = 0; i < events.size(); ++i) {
      Fold(straight, events[i].View(), Rules());
      Fold(stored, events[i].View(), Rules());
      if (i % 50 == 0) stored = Decoded(BytesOf(stored));
    }
    EXPECT_EQ(BytesOf(stored), BytesOf(straight));
  }
}

TEST(CodecTest, EmptyFactsAreNoBytes) {
  EXPECT_EQ(BytesOf(Facts()), "");
  EXPECT_EQ(BytesOf(Decoded("")), "");
}

TEST(CodecTest, KeepsARingOfTheFirstEpochThatHoldsNothing) {
  kit::EventBuilder free_purchase = kit::APurchase();
  free_purchase.OnDay(1).Worth(0, "EUR");
  const Facts facts = FactsOf({&free_purchase}, Rules());
  EXPECT_EQ(facts.rings.Find(RingName::kSpend).top(), 0);
  const Facts decoded = Decoded(BytesOf(facts));
  EXPECT_EQ(decoded.rings.Find(RingName::kSpend).top(), 0);
}

TEST(CodecTest, RefusesRingsAndDaysThatNoFoldMakes) {
  const auto refuses = [](const v1::CustomerFacts& message) {
    Facts facts;
    return absl::IsDataLoss(Decode(message.SerializeAsString(), Rules(), facts));
  };
  const auto ring_of = [](std::vector<std::pair<int64_t, uint64_t>> buckets, int64_t top) {
    v1::CustomerFacts message;
    v1::Ring& ring = *message.mutable_purchases()->mutable_spend();
    ring.set_top(top);
    for (const auto& [epoch, sum] : buckets) {
      v1::RingBucket& bucket = *ring.add_buckets();
      bucket.set_epoch(epoch);
      bucket.set_sum(sum);
    }
    return message;
  };
  EXPECT_FALSE(refuses(ring_of({{3, 1}, {5, 1}}, 26)));
  EXPECT_TRUE(refuses(ring_of({{3, 1}, {3, 1}}, 5)));
  EXPECT_TRUE(refuses(ring_of({{5, 1}, {3, 1}}, 5)));
  EXPECT_TRUE(refuses(ring_of({{3, 0}}, 5)));
  EXPECT_TRUE(refuses(ring_of({{3, 1}}, 27)));
  EXPECT_TRUE(refuses(ring_of({{3, 1}}, 2)));
  EXPECT_TRUE(refuses(ring_of({}, -1)));
  EXPECT_TRUE(refuses(ring_of({}, 1 << 16)));
  v1::CustomerFacts days;
  days.mutable_purchases()->add_days(47'481);
  EXPECT_FALSE(refuses(days));
  days.mutable_purchases()->add_days(1);
  EXPECT_TRUE(refuses(days));
  v1::CustomerFacts twice;
  for (int i = 0; i < 2; ++i) twice.mutable_types()->add_rings()->set_top(3);
  EXPECT_TRUE(refuses(twice));
}

TEST(CodecTest, LeavesOffsetsOutOfTheDigestOnly) {
  kit::EventBuilder claim(v1::KIND_FOLLOW_UP_CLAIMED);
  claim.Key("0123456789abcdef0123456789abcdef").Set("assignee", "eva").Offset(77);
  const Facts facts = FactsOf({&claim}, Rules());
  std::string with, without;
  Encode(facts, Rules(), true, with);
  Encode(facts, Rules(), false, without);
  EXPECT_EQ(Decoded(with).FindList(ListName::kWork).items[0].x(), 77);
  EXPECT_EQ(Decoded(without).FindList(ListName::kWork).items[0].x(), 0);
}

TEST(CodecTest, AppendsToWhatIsThere) {
  kit::EventBuilder purchase = kit::APurchase();
  std::string bytes = "before";
  Encode(FactsOf({&purchase}, Rules()), Rules(), true, bytes);
  EXPECT_EQ(bytes, "before" + BytesOf(FactsOf({&purchase}, Rules())));
}

TEST(CodecTest, RefusesBytesThatAreNoMessage) {
  Facts facts;
  EXPECT_THAT(Decode("\xff\xff\xff", Rules(), facts),
              StatusIs(absl::StatusCode::kDataLoss, "not a CustomerFacts message"));
}

TEST(CodecTest, RefusesCurrenciesThatAreNotThreeCapitalLetters) {
  for (const std::string& code : {std::string("EU"), std::string("eur"), std::string("\0UR", 3)}) {
    v1::CustomerFacts message;
    message.mutable_money()->add_currencies()->set_currency(code);
    Facts facts;
    EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
                StatusIs(absl::StatusCode::kDataLoss, "a currency without three letters"));
  }
}

TEST(CodecTest, RefusesNegativeMoneyAndAnswers) {
  v1::CustomerFacts money;
  money.mutable_money()->add_currencies()->set_currency("EUR");
  money.mutable_money()->mutable_currencies(0)->set_spend_micros(-1);
  v1::CustomerFacts answers;
  answers.mutable_sentiment()->add_dimensions()->set_g_sum(-1);
  for (const v1::CustomerFacts& message : {money, answers}) {
    Facts facts;
    EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
                StatusIs(absl::StatusCode::kDataLoss, "a negative sum"));
  }
}

TEST(CodecTest, RefusesEventIdsOfAnotherLength) {
  v1::CustomerFacts message;
  message.mutable_common()->add_kinds()->mutable_last()->set_event_id("short");
  Facts facts;
  EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
              StatusIs(absl::StatusCode::kDataLoss, "an event id without 16 bytes"));
}

TEST(CodecTest, RefusesKindsOutOfAllTimes) {
  for (const int64_t at_us : {int64_t{-1}, KindCell::kAtEnd}) {
    v1::CustomerFacts message;
    v1::Moment& last = *message.mutable_common()->add_kinds()->mutable_last();
    last.set_event_id(std::string(16, 'x'));
    last.set_at_us(at_us);
    Facts facts;
    EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
                StatusIs(absl::StatusCode::kDataLoss, "a kind out of all times"));
    last.set_at_us(KindCell::kAtEnd - 1);
    Facts latest;
    EXPECT_OK(Decode(message.SerializeAsString(), Rules(), latest));
    EXPECT_EQ(latest.kinds[0].last().at_us, KindCell::kAtEnd - 1);
  }
}

TEST(CodecTest, RefusesAFloorWithoutItems) {
  v1::CustomerFacts message;
  message.mutable_cases()->mutable_cases()->set_floor_us(7);
  Facts facts;
  EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
              StatusIs(absl::StatusCode::kDataLoss, "a floor without items"));
}

TEST(CodecTest, RefusesNumbersOutOfTheirLists) {
  v1::CustomerFacts message;
  message.mutable_types()->add_rings()->set_name(8);
  Facts facts;
  EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
              StatusIs(absl::StatusCode::kDataLoss, "a number out of its list"));
}

TEST(CodecTest, RefusesNegativeSums) {
  v1::CustomerFacts message;
  message.mutable_money()->set_spend_centi(-1);
  Facts facts;
  EXPECT_THAT(Decode(message.SerializeAsString(), Rules(), facts),
              StatusIs(absl::StatusCode::kDataLoss, "a negative sum"));
}

TEST(CodecTest, MemoryGrowsWithWhatIsRemembered) {
  EXPECT_EQ(MemoryBytes(Facts()), sizeof(Facts));
  kit::EventBuilder purchase = kit::APurchase();
  purchase.Key("order-1").Worth(12, "EUR");
  const size_t one = MemoryBytes(FactsOf({&purchase}, Rules()));
  EXPECT_GT(one, sizeof(Facts));
  // A customer with a single purchase is the most frequent one and must stay small.
  EXPECT_LE(one, 512u);
}

}  // namespace
}  // namespace rapport::facts
