// Reasons by name, and rejections as statuses.
#include "engine/model/rejection.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

TEST(RejectionTest, EveryReasonHasANameOfItsOwnThatLeadsBack) {
  std::set<absl::string_view> names;
  for (uint8_t number = 1; number <= static_cast<uint8_t>(Reason::kCrashedFold); ++number) {
    const auto reason = static_cast<Reason>(number);
    EXPECT_EQ(ReasonFromName(ReasonName(reason)), reason) << int{number};
    EXPECT_TRUE(names.insert(ReasonName(reason)).second) << ReasonName(reason);
  }
  EXPECT_EQ(ReasonName(Reason::kKindUnknown), "KIND_UNKNOWN");
}

TEST(RejectionTest, AnUnknownNameOrNumberIsToldAsSuch) {
  EXPECT_EQ(ReasonFromName("NO_SUCH_REASON"), std::nullopt);
  EXPECT_EQ(ReasonFromName("kind_unknown"), std::nullopt);
  EXPECT_EQ(ReasonFromName(""), std::nullopt);
  EXPECT_EQ(ReasonName(static_cast<Reason>(200)), "UNKNOWN_REASON");
}

TEST(RejectionTest, BecomesAStatusWithReasonFieldAndMessage) {
  const Rejection with_field{Reason::kFieldInvalid, "payload.amount.currency", "is missing"};
  EXPECT_EQ(with_field.ToStatus(),
            absl::InvalidArgumentError("FIELD_INVALID: payload.amount.currency: is missing"));
  const Rejection whole{Reason::kTooLarge, "", "has 70 KiB"};
  EXPECT_EQ(whole.ToStatus(), absl::InvalidArgumentError("TOO_LARGE: has 70 KiB"));
  const Rejection conflict{Reason::kEventIdConflict, "event_id", "is taken"};
  EXPECT_THAT(conflict.ToStatus(),
              StatusIs(absl::StatusCode::kAlreadyExists, "EVENT_ID_CONFLICT: event_id: is taken"));
}

}  // namespace
}  // namespace rapport
