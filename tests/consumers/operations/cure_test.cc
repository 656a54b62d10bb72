// The runbook says something about everything that can stop a partition or end in quarantine.
#include "consumers/operations/cure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "engine/model/rejection.h"

namespace rapport::operations {
namespace {

using testing::HasSubstr;

std::string Runbook() {
  std::ifstream file(RAPPORT_SOURCE_DIR "/docs/runbook.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CureTest, EveryCauseHasAnEntryInTheRunbook) {
  const std::string runbook = Runbook();
  for (const absl::string_view cause : KnownCauses()) {
    EXPECT_THAT(runbook, HasSubstr(absl::StrCat("\n### ", cause, "\n")));
  }
}

TEST(CureTest, EveryReasonForQuarantineHasAnEntryInTheRunbook) {
  const std::string runbook = Runbook();
  int reasons = 0;
  for (int number = 1; number < 100; ++number) {
    const absl::string_view name = ReasonName(static_cast<Reason>(number));
    if (!ReasonFromName(name).has_value()) break;
    EXPECT_THAT(runbook, HasSubstr(absl::StrCat("\n### ", name, "\n")));
    ++reasons;
  }
  EXPECT_GE(reasons, 15);
}

TEST(CureTest, ACureNamesThePartitionItIsFor) {
  EXPECT_THAT(CureOf("ARCHIVE_GAP", 3), HasSubstr("rapport accept-loss --partition 3 --reason"));
  EXPECT_THAT(CureOf("NEVER_HEARD_OF", 3), HasSubstr("docs/runbook.md"));
}

}  // namespace
}  // namespace rapport::operations
