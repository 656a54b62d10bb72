// What is true of every history: domain specification 7, numbers 3 to 10 and 12.
//
// Random events of all kinds (facts/random_event.h), 500 cases of each property; RAPPORT_CASES says
// how many, RAPPORT_SEED which is the first. A failure names its seed, which alone gives it again.
// Numbers 1, 2 and 11 are facts/facts_property_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/fixed_point.h"
#include "engine/base/time.h"
#include "projections/catalog.h"
#include "projections/facts/alive.h"
#include "projections/facts/attribution.h"
#include "projections/facts/fold.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/reading.h"
#include "projections/loyalty/score.h"
#include "projections/stage/course.h"
#include "tests/kit/standard_rules.h"
#include "tests/projections/facts/random_event.h"

namespace rapport {
namespace {

using facts::Facts;
using facts::Reading;
using facts::Side;

constexpr int64_t kBudget = 2;
// Later than all random events.
constexpr int64_t kAfterAll = 22'000 * kMicrosPerDay;

uint64_t Number(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// Calls `check(random)` for each case, until one fails.
template <typename Check>
void ForEachCase(uint64_t per_mille, const Check& check) {
  const uint64_t first = Number("RAPPORT_SEED", 1);
  const uint64_t cases = std::max<uint64_t>(1, Number("RAPPORT_CASES", 500) * per_mille / 1000);
  for (uint64_t seed = first; seed < first + cases; ++seed) {
    SCOPED_TRACE(absl::StrCat("RAPPORT_CASES=1 RAPPORT_SEED=", seed));
    std::mt19937_64 random(seed);
    check(random);
    if (testing::Test::HasFailure()) return;
  }
}

// A history of 1 to 120 events.
std::vector<kit::EventBuilder> History(std::mt19937_64& random) {
  return facts::RandomEvents(random, 1 + random() % 120);
}

// The facts of one customer as the engine keeps them.
class Held {
 public:
  explicit Held(const fold::Projection& projection)
      : projection_(projection), memory_(::operator new(projection.size())) {
    projection_.Construct(memory_);
  }
  ~Held() {
    projection_.Destroy(memory_);
    ::operator delete(memory_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  void Fold(const kit::EventBuilder& event) { projection_.Fold(memory_, event.View()); }
  std::string Bytes() const {
    std::string bytes;
    projection_.Encode(memory_, /*with_offsets=*/true, bytes);
    return bytes;
  }
  void Take(const std::string& bytes) { RAPPORT_CHECK_OK(projection_.Decode(bytes, memory_)); }
  int64_t newest_us() const { return projection_.NewestAt(memory_); }
  v1::Standing At(int64_t at_us, const fold::EvaluateOptions& options) const {
    v1::Standing standing;
    projection_.Evaluate("cust-1", memory_, at_us, options, standing);
    return standing;
  }

 private:
  const fold::Projection& projection_;
  void* memory_;
};

std::unique_ptr<fold::Projection> Load(const std::string& words) {
  auto projection = projections::Catalog(words, "standard.textproto");
  RAPPORT_CHECK_OK(projection.status());
  return *std::move(projection);
}

const fold::Projection& Standard() {
  static const auto* const kProjection = Load(kit::StandardRulesText()).release();
  return *kProjection;
}

fold::EvaluateOptions Everything() {
  fold::EvaluateOptions options;
  options.metrics = true;
  return options;
}

// 7.3: what was folded live, stored and taken up again, says at every moment what a fold of the
// archive, in whatever order, says.
TEST(PropertiesTest, LiveFactsSayWhatARefoldSays) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    std::vector<kit::EventBuilder> events = History(random);
    auto live = std::make_unique<Held>(Standard());
    for (const kit::EventBuilder& event : events) {
      live->Fold(event);
      if (random() % 16 != 0) continue;
      auto again = std::make_unique<Held>(Standard());
      again->Take(live->Bytes());
      live = std::move(again);
    }
    std::shuffle(events.begin(), events.end(), random);
    Held refolded(Standard());
    for (const kit::EventBuilder& event : events) refolded.Fold(event);
    int64_t at_us = live->newest_us();
    for (int i = 0; i < 4; ++i) {
      const std::string says = live->At(at_us, Everything()).SerializeAsString();
      ASSERT_TRUE(says == refolded.At(at_us, Everything()).SerializeAsString())
          << FormatTime(at_us);
      at_us += static_cast<int64_t>(random() % 200) * kMicrosPerDay;
    }
  });
}

// 7.4: the lines of the score add up to it, its types to a thousand, and shares to their line.
TEST(PropertiesTest, PartsAddUpToTheWhole) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    Held held(Standard());
    for (const kit::EventBuilder& event : History(random)) held.Fold(event);
    const int64_t at_us = held.newest_us() + static_cast<int64_t>(random() % 400) * kMicrosPerDay;
    const v1::Standing standing = held.At(at_us, Everything());
    int64_t sum = 0;
    for (const v1::Line& line : standing.lines()) sum += line.milli_points();
    ASSERT_EQ(sum, standing.score_milli());
    ASSERT_EQ(standing.score(), standing.score_milli() / 1000);
    int64_t share = 0;
    for (const v1::TypeShare& type : standing.types()) share += type.permille();
    ASSERT_TRUE(share == 1000 || standing.types().empty()) << share;

    std::vector<uint128> weights(1 + random() % 20);
    for (uint128& weight : weights) weight = random() % 3 == 0 ? 0 : random() >> random() % 60;
    const int64_t line = static_cast<int64_t>(random() % 2'000'001) - 1'000'000;
    const std::vector<int64_t> shares = facts::Attribute(line, weights);
    const bool weightless =
        std::all_of(weights.begin(), weights.end(), [](uint128 weight) { return weight == 0; });
    ASSERT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), weightless ? 0 : line);
  });
}

// With rules for custom kinds too.
Reading ReadAt(const Facts& facts, int64_t at_us) {
  const kit::StandardRules& rules = kit::WithOwnKinds();
  return facts::Read(facts, at_us, rules.fold, rules.evaluate);
}

// An act of business or of nobody, which may be of the business's own kinds.
bool IsOurs(const kit::EventBuilder& event) {
  if (event.envelope().kind() == v1::KIND_CUSTOM_TOUCHPOINT) return false;
  const Side side = facts::By(event.envelope().kind());
  return side == Side::kVendor || side == Side::kNeutral;
}

// 7.5: whatever we or others do changes no line but the debit of complaints, and that one rises
// only by a resolution.
TEST(PropertiesTest, NoActOfOursRaisesTheScoreButByEndingADebit) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    const kit::StandardRules& rules = kit::WithOwnKinds();
    const std::vector<kit::EventBuilder> events = History(random);
    Facts facts;
    for (const kit::EventBuilder& event : events) {
      const Reading before = ReadAt(facts, kAfterAll);
      facts::Fold(facts, event.View(), rules.fold);
      if (!IsOurs(event)) continue;
      const Reading after = ReadAt(facts, kAfterAll);
      const auto then = loyalty::Score(before, rules.evaluate);
      const auto now = loyalty::Score(after, rules.evaluate);
      ASSERT_EQ(std::tie(before.rhythm, before.expected, before.spend, before.sentiment_plus,
                         before.sentiment_minus, before.advocacy, before.dialogue),
                std::tie(after.rhythm, after.expected, after.spend, after.sentiment_plus,
                         after.sentiment_minus, after.advocacy, after.dialogue))
          << v1::Kind_Name(event.envelope().kind());
      if (event.envelope().kind() == v1::KIND_COMPLAINT_RESOLVED) continue;
      ASSERT_LE(now.total, then.total) << v1::Kind_Name(event.envelope().kind());
    }
  });
}

// 7.6: a purchase never lowers S, and a day on which nothing happens raises nothing.
TEST(PropertiesTest, PurchasesDoNotLowerAndIdleDaysDoNotRaise) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    const kit::StandardRules& rules = kit::WithOwnKinds();
    Facts facts;
    for (const kit::EventBuilder& event : History(random)) {
      const int64_t before = ReadAt(facts, kAfterAll).rhythm;
      facts::Fold(facts, event.View(), rules.fold);
      if (event.envelope().kind() != v1::KIND_PURCHASE_MADE) continue;
      ASSERT_GE(ReadAt(facts, kAfterAll).rhythm, before);
    }
    Reading today = ReadAt(facts, facts.newest_at_us);
    for (int i = 0; i < 60; ++i) {
      const int64_t days = 1 + static_cast<int64_t>(random() % 3) * 40;
      const Reading later = ReadAt(facts, (today.day + days) * kMicrosPerDay);
      ASSERT_LE(later.rhythm, today.rhythm);
      ASSERT_LE(later.expected, today.expected);
      ASSERT_LE(later.spend, today.spend);
      ASSERT_LE(later.sentiment_plus, today.sentiment_plus);
      ASSERT_LE(later.sentiment_minus, today.sentiment_minus);
      ASSERT_LE(later.advocacy, today.advocacy);
      ASSERT_LE(later.dialogue, today.dialogue);
      ASSERT_LE(later.alive_ppm, today.alive_ppm);
      today = later;
    }
  });
}

// 7.7: the day that is announced is the first on which stage, reason or flags differ.
TEST(PropertiesTest, SteppingFindsTheDayThatIsAnnounced) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    constexpr int64_t kSteps = 800;
    const kit::StandardRules& rules = kit::WithOwnKinds();
    Facts facts;
    for (const kit::EventBuilder& event : History(random)) {
      facts::Fold(facts, event.View(), rules.fold);
    }
    const Reading reading = ReadAt(facts, facts.newest_at_us);
    const stage::Course course(facts, reading, rules.evaluate);
    const std::optional<int64_t> announced = course.NextChangeDay(reading.day);
    const facts::StageState now = course.At(reading.day);
    for (int64_t day = reading.day + 1; day <= reading.day + kSteps; ++day) {
      const bool differs = course.At(day) != now;
      ASSERT_EQ(differs, announced == day) << FormatDay(day);
      if (differs) return;
    }
  });
}

bool Asks(const v1::FollowUp& one) {
  const bool unasked =
      one.class_() == v1::FOLLOW_UP_CLASS_COURTESY || one.class_() == v1::FOLLOW_UP_CLASS_SALES;
  return unasked &&
         (one.status() == v1::FOLLOW_UP_STATUS_DUE || one.status() == v1::FOLLOW_UP_STATUS_OVERDUE);
}

// 7.8 and 7.9: from change to change, ids are unique, what is done stays done, and no more is asked
// than the budget allows.
TEST(PropertiesTest, TimeAloneReopensNothingAndTheBudgetHolds) {
  ForEachCase(1000, [](std::mt19937_64& random) {
    fold::EvaluateOptions options;
    options.receipts = false;
    Held held(Standard());
    for (kit::EventBuilder event : History(random)) {
      // Close together, so that much is owed at once and closed of late.
      const int64_t hour = 480'000 + static_cast<int64_t>(random() % (20 * 24));
      held.Fold(event.AtHour(hour));
    }
    std::set<std::string> done;
    int64_t at_us = held.newest_us();
    for (int change = 0; change < 12; ++change) {
      const v1::Standing standing = held.At(at_us, options);
      std::set<std::string> ids;
      int64_t asking = 0;
      for (const v1::FollowUp& one : standing.follow_ups()) {
        ASSERT_TRUE(ids.insert(one.name()).second) << one.policy() << " " << one.anchor();
        asking += Asks(one) ? 1 : 0;
        if (one.status() == v1::FOLLOW_UP_STATUS_DONE) {
          done.insert(one.name());
        } else {
          ASSERT_EQ(done.count(one.name()), 0u) << one.policy() << " " << one.anchor();
        }
      }
      ASSERT_LE(asking, kBudget) << FormatTime(at_us);
      if (!standing.has_next_change_at_us()) return;
      ASSERT_GT(standing.next_change_at_us(), at_us);
      at_us = standing.next_change_at_us();
    }
  });
}

// One number of the evaluate part, changed.
std::unique_ptr<fold::Projection> OtherMeaning(std::mt19937_64& random) {
  const std::pair<const char*, const char*> kChanges[] = {
      {"horizon_days: 273", "horizon_days: 100"},
      {"rhythm { weight: 320000", "rhythm { weight: 1000"},
      {"prior { r: 250", "prior { r: 900"},
      {"budget { contacts: 2", "budget { contacts: 5"},
      {"recurring_purchase_days: 2", "recurring_purchase_days: 7"},
      {"wait { channel: CHANNEL_CHAT at_most_s: 60", "wait { channel: CHANNEL_CHAT at_most_s: 61"},
      {"wanted_preference: \"channel\"", "wanted_preference: \"shoe size\""},
  };
  const auto& [from, to] = kChanges[random() % std::size(kChanges)];
  return Load(kit::StandardRulesTextWith(from, to));
}

// 7.10: other meaning, same facts and same digest of what is folded.
TEST(PropertiesTest, ChangedMeaningLeavesFactsAlone) {
  ForEachCase(100, [](std::mt19937_64& random) {
    const std::unique_ptr<fold::Projection> other = OtherMeaning(random);
    ASSERT_EQ(other->fold_digest(), Standard().fold_digest());
    ASSERT_NE(other->evaluate_digest(), Standard().evaluate_digest());
    Held here(Standard());
    Held there(*other);
    for (const kit::EventBuilder& event : History(random)) {
      here.Fold(event);
      there.Fold(event);
    }
    const std::string bytes = here.Bytes();
    ASSERT_EQ(there.Bytes(), bytes);
    there.At(there.newest_us(), Everything());
    ASSERT_EQ(there.Bytes(), bytes);
  });
}

// MBG/NBD's P(alive) with the standard prior, as it stands in the literature.
double AliveInFloatingPoint(double x, double tx, double age) {
  const double odds = std::pow((30.0 + age) / (30.0 + tx), 0.25 + x) * 0.8 / (2.5 + x);
  return 1.0 / (1.0 + odds);
}

// 7.12: powers, logarithms and decay never turn round, and P(alive) is what it should be.
TEST(PropertiesTest, IntegerFunctionsAreMonotoneAndCloseToTheTruth) {
  ForEachCase(20'000, [](std::mt19937_64& random) {
    const auto f = static_cast<uint32_t>(random() % 65'535);
    ASSERT_LE(Exp2Q(f), Exp2Q(f + 1));
    const uint64_t v = (random() >> (1 + random() % 62)) + 1;
    ASSERT_LE(Log2Q(v), Log2Q(v + 1));
    const auto value = static_cast<int64_t>(random() >> 24);
    const auto age = static_cast<int64_t>(random() % 9'000);
    const auto half_life = 1 + static_cast<int64_t>(random() % 400);
    ASSERT_GE(Decay(value, age, half_life), Decay(value, age + 1, half_life));
    ASSERT_LE(Decay(value, age, half_life), Decay(value + 1, age, half_life));
    const auto x = static_cast<int64_t>(random() % 401);
    const int64_t tx = x == 0 ? 0 : x + static_cast<int64_t>(random() % 4'000);
    const int64_t life = tx + static_cast<int64_t>(random() % 4'000);
    const int64_t alive = facts::AlivePpm(kit::Standard().evaluate.prior, x, tx, life);
    ASSERT_NEAR(static_cast<double>(alive) / 1e6,
                AliveInFloatingPoint(static_cast<double>(x), static_cast<double>(tx),
                                     static_cast<double>(life)),
                0.001)
        << "x " << x << ", tx " << tx << ", T " << life;
    ASSERT_GE(alive, facts::AlivePpm(kit::Standard().evaluate.prior, x, tx, life + 1));
  });
}

}  // namespace
}  // namespace rapport
