// Boundary cases of stage, flags and next change, given as days.
#include <gtest/gtest.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"
#include "rapport/v1/ending.pb.h"
#include "tests/golden/stage_vectors.h"

namespace rapport::stage {
namespace {

using kit::EventBuilder;

// The events of one row. Those of one day happen at its midnight, ordered by their ids.
class Row {
 public:
  Row(const kit::Csv& csv, size_t row) : csv_(csv), row_(row) {}

  EventBuilder& Add(v1::Kind kind, absl::string_view day) {
    events_.push_back(EventBuilder(kind).Id(events_.size() + 1).OnDay(kit::ToNumber(day)));
    return events_.back();
  }
  std::vector<std::string> Cells(absl::string_view column) const {
    return absl::StrSplit(csv_.Text(row_, column), ';', absl::SkipEmpty());
  }
  // One event of `kind` for each day of the column, each with a key of its own.
  void AddAll(absl::string_view column, v1::Kind kind) {
    for (const std::string& day : Cells(column)) {
      EventBuilder& event = Add(kind, day);
      if (event.payload().GetDescriptor()->name().rfind("Expectation", 0) == 0) {
        event.Key(absl::StrCat("e", events_.size()));
      }
    }
  }
  void AddAgreement() {
    for (const std::string& cell : Cells("agreement_signed/last_day")) {
      const std::vector<std::string> parts = absl::StrSplit(cell, '/');
      EventBuilder& event = Add(v1::KIND_AGREEMENT_SIGNED, parts[0]).Key("agreement");
      if (!parts[1].empty()) event.Set("ends_at_us", kit::ToNumber(parts[1]) * kMicrosPerDay);
    }
  }
  void AddEnding() {
    for (const std::string& cell : Cells("ended_day/reason")) {
      const std::vector<std::string> parts = absl::StrSplit(cell, '/');
      v1::EndReason reason = v1::END_REASON_UNSPECIFIED;
      ASSERT_TRUE(v1::EndReason_Parse("END_REASON_" + parts[1], &reason)) << parts[1];
      Add(v1::KIND_RELATIONSHIP_ENDED, parts[0])
          .Set("by", v1::ENDED_BY_CUSTOMER)
          .Set("reason", reason);
    }
  }
  void AddCases() {
    int number = 0;
    for (const std::string& cell : Cells("cases_raised/severity/escalated/resolved/answer")) {
      const std::vector<std::string> parts = absl::StrSplit(cell, '/');
      const std::string key = absl::StrCat("C", ++number);
      Add(v1::KIND_COMPLAINT_RAISED, parts[0]).Key(key).Set("severity", kit::ToNumber(parts[1]));
      if (parts[2] == "1") {
        Add(v1::KIND_COMPLAINT_ESCALATED, parts[0]).Key(key).Set("level", 1);
      }
      if (!parts[3].empty()) Add(v1::KIND_COMPLAINT_RESOLVED, parts[3]).Key(key);
      if (!parts[4].empty()) {
        Add(v1::KIND_RESOLUTION_ANSWERED, parts[3]).Key(key).Set("accepted", parts[4] == "Y");
      }
    }
  }
  const std::vector<EventBuilder>& AddAllColumns() {
    AddAll("purchase_days", v1::KIND_PURCHASE_MADE);
    AddAll("last_other_act", v1::KIND_PRAISE_GIVEN);
    AddAll("last_interest", v1::KIND_INTEREST_SHOWN);
    AddAll("last_bond", v1::KIND_ADAPTATION_MADE);
    AddAgreement();
    AddAll("fraud_ended", v1::KIND_FRAUD_CONFIRMED);
    AddEnding();
    AddAll("trial_failed", v1::KIND_TRIAL_ENDED);
    AddAll("reinstated", v1::KIND_RELATIONSHIP_REINSTATED);
    AddAll("fraud_suspected", v1::KIND_FRAUD_SUSPECTED);
    AddAll("fraud_cleared", v1::KIND_FRAUD_CLEARED);
    AddAll("expectation_missed", v1::KIND_EXPECTATION_MISSED);
    AddAll("expectation_met", v1::KIND_EXPECTATION_MET);
    AddAll("looking_around", v1::KIND_COMPETITOR_NOTICED);
    AddCases();
    return events_;
  }

 private:
  const kit::Csv& csv_;
  size_t row_;
  std::vector<EventBuilder> events_;
};

TEST(StagesGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("stages.csv"));
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    Row one(csv, row);
    const int64_t as_of_us = csv.Number(row, "as_of_day") * kMicrosPerDay;
    equal += MatchesRow(one.AddAllColumns(), as_of_us, csv, row) ? 1 : 0;
  }
  std::cout << "stages.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 74u);
}

}  // namespace
}  // namespace rapport::stage
