// One customer for tests of stages: events in, course out.
//
//   Customer ana;
//   ana.Buys({15000, 15030});
//   EXPECT_EQ(ana.On(15030).rule, "S10");
//
// Threads: one.
#pragma once

#include <initializer_list>
#include <memory>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/stage/course.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::stage {

class Customer {
 public:
  void Does(kit::EventBuilder event) {
    facts::Fold(facts_, event.Id(++events_).View(), kit::Standard().fold);
  }
  void Buys(std::initializer_list<int64_t> days) {
    for (const int64_t day : days) Does(kit::APurchase().OnDay(day));
  }

  // Read on `day`, which must not be before the newest event.
  const Course& CourseOn(int64_t day) {
    const kit::StandardRules& rules = kit::Standard();
    reading_ = std::make_unique<facts::Reading>(
        facts::Read(facts_, day * kMicrosPerDay, rules.fold, rules.evaluate));
    course_ = std::make_unique<Course>(facts_, *reading_, rules.evaluate);
    return *course_;
  }
  facts::StageState On(int64_t day) { return CourseOn(day).At(day); }

  const facts::Facts& facts() const { return facts_; }
  const facts::Reading& reading() const { return *reading_; }

 private:
  facts::Facts facts_;
  uint64_t events_ = 0;
  std::unique_ptr<facts::Reading> reading_;
  std::unique_ptr<Course> course_;
};

}  // namespace rapport::stage
