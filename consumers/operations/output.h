// Output: how answers are printed: a table for people, JSON for programs.
//
// Answers go to stdout, talk to stderr. On a terminal the default is a table, in a pipe JSON lines;
// CSV is flat: the same columns in every row, lists joined with blanks.
//
// Threads: one thread.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::operations {

enum class Format { kTable, kJson, kJsonLines, kCsv };

// `table`, `json`, `jsonl`, `csv`, or empty for the default. INVALID_ARGUMENT names what is
// understood.
absl::StatusOr<Format> FormatOf(const std::string& name);

// --quiet: only errors, and what answers lack, on stderr. Called before any other thread begins.
void BeQuiet();
bool Quiet();
// Says a sentence on stderr, unless it is to be quiet.
void Talk(const std::string& sentence);

template <typename Messages>
std::vector<const google::protobuf::Message*> PointersTo(const Messages& messages) {
  std::vector<const google::protobuf::Message*> pointers;
  for (const auto& message : messages) pointers.push_back(&message);
  return pointers;
}

// One row of CSV as RFC 4180 has it.
void PrintCsv(const std::vector<std::string>& cells);

// Prints messages: one JSON object a line, or for kJson one array. Only for these two.
void PrintJson(Format format, const std::vector<const google::protobuf::Message*>& messages);

// `541,909`.
std::string Thousands(int64_t number);
// `EXPANSION` for STAGE_EXPANSION, `DORMANT` for STAGE_REASON_DORMANT and so on.
std::string StageName(v1::Stage stage);
// `DISSOLUTION (DORMANT)`, or the stage alone when there is no reason.
std::string StageText(v1::Stage stage, v1::StageReason reason);
std::string StageReasonName(v1::StageReason reason);
std::string FlagName(v1::Flag flag);
std::string LineName(v1::ScoreLine line);
std::string StatusName(v1::FollowUpStatus status);
std::string TrendName(v1::Trend trend);
std::string TypeName(v1::RelationshipType type);
std::string ModeName(v1::ServiceMode mode);
// Milli-points as points with three digits: `186.666`.
std::string Points(int64_t milli_points);
// `due tomorrow`, `2 days overdue`, `from 2026-05-12` as seen from `now_us`; `past` when that is
// not today: `due that day`.
std::string DueText(const v1::FollowUp& follow_up, int64_t now_us, bool past = false);
// `, ben has claimed it until 2026-05-12T09:30:00Z`; empty when nobody has.
std::string ClaimText(const v1::FollowUp& follow_up);
// FormatTime without the microseconds.
std::string FormatSecond(int64_t at_us);
// `64.20`: two decimals, more where there are any. Never rounds.
std::string MoneyText(int64_t micros);

// Pads with blanks on the right (left when `width` is negative).
std::string Pad(absl::string_view text, int width);

}  // namespace rapport::operations
