#include "consumers/transactions/import_moment.h"

#include "engine/base/time.h"
#include "gtest/gtest.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using absl::StatusCode;
using kit::StatusIs;

// The moment as text, or `none`.
std::string Read(absl::string_view zone_name, absl::string_view format, absl::string_view text) {
  const auto zone = FindTimeZone(zone_name);
  if (!zone.ok()) return std::string(zone.status().message());
  const auto parsed = MomentFormat::Parse(format, *zone);
  if (!parsed.ok()) return std::string(parsed.status().message());
  const auto at_us = parsed->Read(text);
  return at_us ? FormatTime(*at_us) : "none";
}

constexpr absl::string_view kFull = "%Y-%m-%d %H:%M:%S";

TEST(MomentFormatTest, ReadsLocalTimeInWinterAndSummer) {
  EXPECT_EQ(Read("Europe/London", kFull, "2010-12-01 08:26:00"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(Read("Europe/London", kFull, "2011-06-01 08:26:00"), "2011-06-01T07:26:00Z");
  EXPECT_EQ(Read("UTC", kFull, "2011-06-01 08:26:00"), "2011-06-01T08:26:00Z");
}

TEST(MomentFormatTest, ReadsABareDayAsNoonUtcWhateverTheZone) {
  EXPECT_EQ(Read("UTC", "%Y%m%d", "19970101"), "1997-01-01T12:00:00Z");
  EXPECT_EQ(Read("Pacific/Kiritimati", "%d.%m.%Y", "1.2.1997"), "1997-02-01T12:00:00Z");
}

TEST(MomentFormatTest, ReadsOffsetsSecondsAndFractions) {
  EXPECT_EQ(Read("UTC", "%Y-%m-%dT%H:%M:%E*S%Ez", "2011-06-01T08:26:00.5+02:00"),
            "2011-06-01T06:26:00.500000Z");
  EXPECT_EQ(Read("Europe/London", "%s", "1300000000"), "2011-03-13T07:06:40Z");
  EXPECT_EQ(Read("UTC", "%m/%d/%Y %I:%M %p", "12/1/2010 1:05 PM"), "2010-12-01T13:05:00Z");
}

TEST(MomentFormatTest, RefusesOtherFormsAndTimesOutOfRange) {
  EXPECT_EQ(Read("UTC", kFull, "2010-12-01"), "none");
  EXPECT_EQ(Read("UTC", kFull, "2010-13-01 00:00:00"), "none");
  EXPECT_EQ(Read("UTC", kFull, "2010-02-30 00:00:00"), "none");
  EXPECT_EQ(Read("UTC", kFull, "1969-12-31 23:59:59"), "none");
  EXPECT_EQ(Read("UTC", kFull, "2100-01-01 00:00:00"), "none");
  EXPECT_EQ(Read("UTC", kFull, "infinite-future"), "none");
  EXPECT_EQ(Read("UTC", "%Y%m%d", ""), "none");
}

TEST(MomentFormatTest, RefusesAFormatThatTellsNoDay) {
  for (const absl::string_view format : {"%H:%M", "%Y-%m", "date", "", "%m-%d"}) {
    EXPECT_NE(Read("UTC", format, "2011").find("does not tell year, month and day"),
              std::string::npos)
        << format;
  }
}

TEST(FindTimeZoneTest, RefusesWhatIsNoNameOfAZone) {
  for (const absl::string_view name :
       {"Europe/Londn", "", "localtime", "/etc/localtime", "../zoneinfo/UTC"}) {
    EXPECT_THAT(FindTimeZone(name),
                StatusIs(StatusCode::kInvalidArgument, "is not in this machine's time zone"))
        << name;
  }
}

}  // namespace
}  // namespace rapport::transactions
