// Boundary cases of stage, flags and next change, given as whole event lists.
#include <gtest/gtest.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/outreach_purpose.pb.h"
#include "tests/golden/stage_vectors.h"

namespace rapport::stage {
namespace {

using kit::EventBuilder;

// The field that the number `n` of an event stands for; empty = none.
absl::string_view NumberField(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_COMPLAINT_RAISED:
      return "severity";
    case v1::KIND_COMPLAINT_ESCALATED:
      return "level";
    case v1::KIND_EXPECTATION_SET:
      return "due_at_us";
    case v1::KIND_AGREEMENT_SIGNED:
    case v1::KIND_AGREEMENT_ENDED:
      return "ends_at_us";
    case v1::KIND_RESOLUTION_ANSWERED:
      return "accepted";
    case v1::KIND_TRIAL_ENDED:
      return "passed";
    case v1::KIND_CONSENT_CHANGED:
      return "granted";
    case v1::KIND_ACCOUNT_MANAGER_ASSIGNED:
      return "key_account";
    default:
      return "";
  }
}

// `hour kind key n`.
EventBuilder Parse(absl::string_view text, size_t id) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  const std::vector<std::string> kind = absl::StrSplit(parts[1], ':');
  EventBuilder event(kit::KindOfName(kind[0]));
  event.Id(id).AtHour(kit::ToNumber(parts[0]));
  if (kind.size() > 1) {
    v1::OutreachPurpose purpose = v1::OUTREACH_PURPOSE_UNSPECIFIED;
    EXPECT_TRUE(v1::OutreachPurpose_Parse("OUTREACH_PURPOSE_" + kind[1], &purpose)) << kind[1];
    event.Set("purpose", purpose);
  }
  const v1::Kind number = event.envelope().kind();
  if (number == v1::KIND_RELATIONSHIP_ENDED) {
    v1::EndReason reason = v1::END_REASON_UNSPECIFIED;
    EXPECT_TRUE(v1::EndReason_Parse("END_REASON_" + parts[2], &reason)) << parts[2];
    event.Set("by", v1::ENDED_BY_CUSTOMER).Set("reason", reason);
  } else if (parts[2] != "-") {
    event.Key(parts[2]);
  }
  const absl::string_view field = NumberField(number);
  if (parts[3] == "-" || field.empty()) return event;
  const bool is_moment = field.size() > 3 && field.substr(field.size() - 3) == "_us";
  event.Set(field, kit::ToNumber(parts[3]) * (is_moment ? kMicrosPerHour : 1));
  return event;
}

TEST(StageEventsGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("stage_events.csv"));
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    std::vector<EventBuilder> events;
    for (const absl::string_view text :
         absl::StrSplit(csv.Text(row, "events_hour_kind_key_n"), ';')) {
      events.push_back(Parse(text, events.size() + 1));
    }
    const int64_t as_of_us = csv.Number(row, "as_of_hour") * kMicrosPerHour;
    equal += MatchesRow(events, as_of_us, csv, row) ? 1 : 0;
  }
  std::cout << "stage_events.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 77u);
}

}  // namespace
}  // namespace rapport::stage
