// Places of a watch as text, and as positions.
#include "consumers/support/watch_place.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "projections/catalog.h"
#include "tests/kit/status_matchers.h"

namespace rapport::support {
namespace {

using kit::StatusIs;

TEST(WatchPlaceTest, IsReadAndWrittenAndIsAPositionToo) {
  WatchPlace place;
  place.position = {{0x7c1e90ab, 1}, {{0, 12}, {3, 1043}}};
  place.told_to_us = 1764192000000000;
  place.rules = projections::StandardCatalog().value();
  place.step = WatchedStep{WatchedStep::What::kEvents, 3, 2048};
  const std::string text = place.ToString();
  const auto read = WatchPlaceText::Parse(text);
  ASSERT_OK(read) << text;
  EXPECT_EQ(read->position.ToString(), "7c1e90ab.1:0@12,3@1043");
  EXPECT_EQ(read->told_to_us, 1764192000000000);
  EXPECT_EQ(read->rules.size(), 14u) << "r- and twelve digits: " << read->rules;
  EXPECT_EQ(read->step, place.step);
  for (const char* step : {";s@t:1764192000000001", ";s@r:r-0011aabbccdd"}) {
    EXPECT_EQ(
        absl::StrCat(";", WatchPlaceText::Parse(absl::StrCat("p:0@1", step))->step->ToString()),
        step);
  }
  const auto position = Position::Parse(text);
  ASSERT_OK(position) << text;
  EXPECT_EQ(position->ToString(), "7c1e90ab.1:0@12,3@1043");
}

TEST(WatchPlaceTest, APositionAloneIsAPlaceOfWhichTheRestIsNotSaid) {
  const auto read = WatchPlaceText::Parse("7c1e90ab.1:3@1043");
  ASSERT_OK(read);
  EXPECT_FALSE(read->told_to_us.has_value());
  EXPECT_EQ(read->rules, "");
  EXPECT_FALSE(read->step.has_value());
}

TEST(WatchPlaceTest, AStepWithinReachesAsFarAsItsEnd) {
  WatchPlace here, there;
  here.position.next = {{0, 5}, {1, 7}};
  there = here;
  EXPECT_TRUE(here.IsWithin(there));
  here.step = WatchedStep{WatchedStep::What::kEvents, 1, 8};
  EXPECT_FALSE(here.IsWithin(there));
  there.position.next[1] = 8;
  EXPECT_TRUE(here.IsWithin(there));
  here.told_to_us = 1;
  EXPECT_FALSE(here.IsWithin(there));
}

TEST(WatchPlaceTest, WhatCannotBeReadIsNamed) {
  for (const char* text : {"7c1e90ab.1:3@1;t@", "7c1e90ab.1:3@1;t@a", "7c1e90ab.1:3@1;r@",
                           "7c1e90ab.1:3@1;s@1", "7c1e90ab.1:3@1;s@1:b", "7c1e90ab.1:3@1;x@1"}) {
    EXPECT_THAT(WatchPlaceText::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"))
        << text;
  }
}

}  // namespace
}  // namespace rapport::support
