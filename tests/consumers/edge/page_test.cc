// Pages of a list.
#include "consumers/edge/page.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "engine/base/time.h"
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

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class PageTest : public testing::Test {
 protected:
  ManualClock clock_{20'000 * kMicrosPerDay};
  PageTokens tokens_{&clock_};
};

TEST_F(PageTest, SizesHaveADefaultAndALimit) {
  EXPECT_EQ(tokens_.Read(0, "", Of("ana"))->size, 50u);
  EXPECT_EQ(tokens_.Read(1, "", Of("ana"))->size, 1u);
  EXPECT_EQ(tokens_.Read(200, "", Of("ana"))->size, 200u);
  EXPECT_EQ(tokens_.Read(INT32_MAX, "", Of("ana"))->size, 200u);
  EXPECT_THAT(tokens_.Read(-1, "", Of("ana")), StatusIs(kInvalid, "FIELD_INVALID: page_size"));
}

TEST_F(PageTest, AllPagesAreAboutTheMomentOfTheFirst) {
  const std::string token = tokens_.Next(*tokens_.Read(10, "", Of("ana")), 25, Of("ana"), 1234567);
  const auto page = tokens_.Read(10, token, Of("ana"));
  ASSERT_OK(page);
  EXPECT_EQ(page->begin, 10u);
  EXPECT_EQ(OfPage({}, *page).as_of_us(), 1234567);
  v1::Viewpoint own;
  own.set_as_of_us(7);
  EXPECT_EQ(OfPage(own, *page).as_of_us(), 7);
  EXPECT_FALSE(OfPage({}, *tokens_.Read(10, "", Of("ana"))).has_as_of_us());
}

TEST_F(PageTest, TokensHoldTheRulesOfTheFirstPage) {
  const std::string token = tokens_.Next({0, 10}, 25, Of("ana"), 1234567, "r-0123456789ab");
  const auto page = tokens_.Read(10, token, Of("ana"));
  ASSERT_OK(page);
  EXPECT_EQ(page->rules, "r-0123456789ab");
  EXPECT_EQ(page->begin, 10u);
  EXPECT_EQ(page->as_of_us, 1234567);
  EXPECT_EQ(tokens_.Read(10, tokens_.Next({0, 10}, 25, Of("ana"), 7), Of("ana"))->rules, "");
}

TEST_F(PageTest, TokensLeadThroughAListOnce) {
  for (const size_t total : {0, 1, 9, 10, 11, 25}) {
    std::string token;
    size_t seen = 0;
    do {
      const auto page = tokens_.Read(10, token, Of("ana"));
      ASSERT_OK(page);
      EXPECT_EQ(page->begin, seen);
      seen += std::min(page->size, total - seen);
      token = tokens_.Next(*page, total, Of("ana"));
    } while (!token.empty());
    EXPECT_EQ(seen, total);
  }
}

TEST_F(PageTest, TokensHoldThePlaceThatAListGoesOnBehind) {
  for (const std::string place : {"-5:ana", ".", "a.b/\xC3\xA9 ", "x"}) {
    const std::string token = tokens_.NextAfter({10, 10}, place, Of("ana"), 7, "r-0123456789ab");
    const auto page = tokens_.Read(10, token, Of("ana"));
    ASSERT_OK(page);
    EXPECT_EQ(page->after, place);
    EXPECT_EQ(page->begin, 20u);
    EXPECT_EQ(page->as_of_us, 7);
    EXPECT_EQ(page->rules, "r-0123456789ab");
    EXPECT_THAT(tokens_.Read(10, token, Of("bob")), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"));
    for (const std::string& wrong : {token + ".", token + "*", token + ".x"}) {
      EXPECT_THAT(tokens_.Read(10, wrong, Of("ana")), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"))
          << wrong;
    }
  }
  EXPECT_EQ(tokens_.NextAfter({0, 10}, "", Of("ana"), 7, "r-0123456789ab"), "");
}

TEST_F(PageTest, ATokenOfAnotherQueryIsRefused) {
  const std::string token = tokens_.Next({0, 10}, 25, Of("ana"));
  ASSERT_OK(tokens_.Read(10, token, Of("ana")));
  ASSERT_OK(tokens_.Read(20, token, Of("ana"))) << "the size may change from page to page";
  EXPECT_THAT(tokens_.Read(10, token, Of("bob")), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"));
}

TEST_F(PageTest, ATokenOfAnotherListOfTheSameWordsIsRefused) {
  v1::ListFollowUpsRequest follow_ups;
  follow_ups.set_customer_id("ana");
  ASSERT_EQ(follow_ups.SerializeAsString(), Of("ana").SerializeAsString());
  const std::string token = tokens_.Next({0, 10}, 25, Of("ana"));
  EXPECT_THAT(tokens_.Read(10, token, follow_ups), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"));
}

TEST_F(PageTest, NoByteOfATokenCanBeChangedAndNoneIsReadable) {
  const std::string token = tokens_.NextAfter({0, 10}, "-5:ana", Of("ana"), 7, "r-0123456789ab");
  std::string box;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &box));
  EXPECT_FALSE(absl::StrContains(box, "ana"));
  for (size_t i = 0; i < box.size(); ++i) {
    std::string changed = box;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(tokens_.Read(10, absl::WebSafeBase64Escape(changed), Of("ana")),
                StatusIs(kInvalid, "PAGE_TOKEN_INVALID"))
        << i;
  }
}

TEST_F(PageTest, ATokenOfAnotherServerOrFromBeforeARestartIsRefused) {
  const PageTokens others(&clock_);
  EXPECT_THAT(tokens_.Read(10, others.Next({0, 10}, 25, Of("ana")), Of("ana")),
              StatusIs(kInvalid,
                       "PAGE_TOKEN_INVALID: page_token: does not belong to this query, or is from "
                       "before the server's last start; begin without one"));
}

TEST_F(PageTest, ATokenHoldsForAnHour) {
  const int64_t made_us = clock_.NowMicros();
  const std::string token = tokens_.Next({0, 10}, 25, Of("ana"));
  for (const int64_t age_us : {int64_t{0}, kMicrosPerHour, -kMicrosPerHour}) {
    clock_.Set(made_us + age_us);
    EXPECT_OK(tokens_.Read(10, token, Of("ana"))) << age_us;
  }
  for (const int64_t age_us : {kMicrosPerHour + 1, -kMicrosPerHour - 1}) {
    clock_.Set(made_us + age_us);
    EXPECT_THAT(
        tokens_.Read(10, token, Of("ana")),
        StatusIs(kInvalid,
                 "PAGE_TOKEN_INVALID: page_token: is older than an hour; begin without one"))
        << age_us;
  }
}

TEST_F(PageTest, WhatIsNoTokenIsRefused) {
  const std::string token = tokens_.Next({0, 10}, 25, Of("ana"));
  for (const std::string& wrong : {std::string("x"), token.substr(1), token.substr(0, 8),
                                   token + "x", token + "=", " " + token, std::string(60, 'A')}) {
    EXPECT_THAT(tokens_.Read(10, wrong, Of("ana")), StatusIs(kInvalid, "PAGE_TOKEN_INVALID"))
        << wrong;
  }
}

}  // namespace
}  // namespace rapport::edge
