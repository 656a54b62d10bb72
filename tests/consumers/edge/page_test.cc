// Pages of a list.
#include "consumers/edge/page.h"

#include <gtest/gtest.h>

#include "rapport/v1/relationships.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

v1::ListTimelineRequest Of(const std::string& customer) {
  v1::ListTimelineRequest request;
  request.set_customer_id(customer);
  return request;
}

TEST(PageTest, SizesHaveADefaultAndALimit) {
  EXPECT_EQ(PageOf(0, "", Of("ana"))->size, 50u);
  EXPECT_EQ(PageOf(1, "", Of("ana"))->size, 1u);
  EXPECT_EQ(PageOf(200, "", Of("ana"))->size, 200u);
  EXPECT_EQ(PageOf(INT32_MAX, "", Of("ana"))->size, 200u);
  EXPECT_THAT(PageOf(-1, "", Of("ana")),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: page_size"));
}

TEST(PageTest, AllPagesAreAboutTheMomentOfTheFirst) {
  const std::string token = NextPageToken(*PageOf(10, "", Of("ana")), 25, Of("ana"), 1234567);
  const auto page = PageOf(10, token, Of("ana"));
  ASSERT_OK(page);
  EXPECT_EQ(page->begin, 10u);
  EXPECT_EQ(OfPage({}, *page).as_of_us(), 1234567);
  v1::Viewpoint own;
  own.set_as_of_us(7);
  EXPECT_EQ(OfPage(own, *page).as_of_us(), 7);
  EXPECT_FALSE(OfPage({}, *PageOf(10, "", Of("ana"))).has_as_of_us());
}

TEST(PageTest, TokensHoldTheRulesOfTheFirstPage) {
  const std::string token = NextPageToken({0, 10}, 25, Of("ana"), 1234567, "r-0123456789ab");
  const auto page = PageOf(10, token, Of("ana"));
  ASSERT_OK(page);
  EXPECT_EQ(page->rules, "r-0123456789ab");
  EXPECT_EQ(page->begin, 10u);
  EXPECT_EQ(page->as_of_us, 1234567);
  EXPECT_EQ(NextPageToken(*page, 25, Of("ana"), 7, "r-ba9876543210").substr(0, 10),
            NextPageToken({10, 10}, 25, Of("ana"), 7).substr(0, 10));
  EXPECT_EQ(PageOf(10, NextPageToken({0, 10}, 25, Of("ana"), 7), Of("ana"))->rules, "");
}

TEST(PageTest, TokensLeadThroughAListOnce) {
  for (const size_t total : {0, 1, 9, 10, 11, 25}) {
    std::string token;
    size_t seen = 0;
    do {
      const auto page = PageOf(10, token, Of("ana"));
      ASSERT_OK(page);
      EXPECT_EQ(page->begin, seen);
      seen += std::min(page->size, total - seen);
      token = NextPageToken(*page, total, Of("ana"));
    } while (!token.empty());
    EXPECT_EQ(seen, total);
  }
}

TEST(PageTest, TokensHoldThePlaceThatAListGoesOnBehind) {
  for (const std::string place : {"-5:ana", ".", "a.b/\xC3\xA9 ", "x"}) {
    const std::string token = NextPageTokenAfter({10, 10}, place, Of("ana"), 7, "r-0123456789ab");
    const auto page = PageOf(10, token, Of("ana"));
    ASSERT_OK(page);
    EXPECT_EQ(page->after, place);
    EXPECT_EQ(page->begin, 20u);
    EXPECT_EQ(page->as_of_us, 7);
    EXPECT_EQ(page->rules, "r-0123456789ab");
    EXPECT_THAT(PageOf(10, token, Of("bob")),
                StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
    for (const std::string& wrong : {token + ".", token + "*", token + ".x"}) {
      EXPECT_THAT(PageOf(10, wrong, Of("ana")),
                  StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"))
          << wrong;
    }
  }
  EXPECT_EQ(NextPageTokenAfter({0, 10}, "", Of("ana"), 7, "r-0123456789ab"), "");
}

TEST(PageTest, ATokenOfAnotherQueryIsRefused) {
  const std::string token = NextPageToken({0, 10}, 25, Of("ana"));
  ASSERT_OK(PageOf(10, token, Of("ana")));
  ASSERT_OK(PageOf(20, token, Of("ana"))) << "the size may change from page to page";
  EXPECT_THAT(PageOf(10, token, Of("bob")),
              StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
}

TEST(PageTest, WhatIsNoTokenIsRefused) {
  const std::string token = NextPageToken({0, 10}, 25, Of("ana"));
  for (const std::string& wrong :
       {std::string("x"), token.substr(1), token.substr(0, 8), token + "x",
        token.substr(0, 8) + "0x" + token.substr(8), std::string("00000000a")}) {
    EXPECT_THAT(PageOf(10, wrong, Of("ana")),
                StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"))
        << wrong;
  }
}

}  // namespace
}  // namespace rapport::edge
