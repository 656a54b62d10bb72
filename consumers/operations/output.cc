#include "consumers/operations/output.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

bool quiet = false;

template <typename Enum>
std::string Bare(const std::string& name, Enum value, absl::string_view prefix) {
  return name.empty() ? absl::StrCat(static_cast<int>(value))
                      : std::string(absl::StripPrefix(name, prefix));
}

std::string Days(int64_t days) { return absl::StrCat(days, days == 1 ? " day" : " days"); }

}  // namespace

absl::StatusOr<Format> FormatOf(const std::string& name) {
  if (name.empty()) return isatty(STDOUT_FILENO) != 0 ? Format::kTable : Format::kJsonLines;
  if (name == "table") return Format::kTable;
  if (name == "json") return Format::kJson;
  if (name == "jsonl") return Format::kJsonLines;
  if (name == "csv") return Format::kCsv;
  return absl::InvalidArgumentError(
      absl::StrCat("--format ", name, " is not known; use table, json, jsonl or csv"));
}

void BeQuiet() { quiet = true; }
bool Quiet() { return quiet; }

void Talk(const std::string& sentence) {
  if (!quiet) std::fprintf(stderr, "rapport: %s\n", sentence.c_str());
}

void PrintCsv(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    absl::StrAppend(&row, &cell == &cells.front() ? "" : ",");
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      absl::StrAppend(&row, cell);
    } else {
      absl::StrAppend(&row, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
    }
  }
  std::printf("%s\r\n", row.c_str());
}

void PrintJson(Format format, const std::vector<const google::protobuf::Message*>& messages) {
  if (format == Format::kJson) std::printf("[");
  const char* separator = "";
  for (const google::protobuf::Message* message : messages) {
    std::printf("%s%s%s", separator, edge::MessageToJson(*message).c_str(),
                format == Format::kJson ? "" : "\n");
    if (format == Format::kJson) separator = ",\n ";
  }
  if (format == Format::kJson) std::printf("]\n");
}

std::string Thousands(int64_t number) {
  std::string digits = absl::StrCat(number < 0 ? -number : number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return number < 0 ? absl::StrCat("-", digits) : digits;
}

std::string StageName(v1::Stage stage) { return Bare(v1::Stage_Name(stage), stage, "STAGE_"); }
std::string StageText(v1::Stage stage, v1::StageReason reason) {
  if (reason == v1::STAGE_REASON_UNSPECIFIED) return StageName(stage);
  return absl::StrCat(StageName(stage), " (", StageReasonName(reason), ")");
}
std::string StageReasonName(v1::StageReason reason) {
  return Bare(v1::StageReason_Name(reason), reason, "STAGE_REASON_");
}
std::string FlagName(v1::Flag flag) { return Bare(v1::Flag_Name(flag), flag, "FLAG_"); }
std::string LineName(v1::ScoreLine line) {
  return Bare(v1::ScoreLine_Name(line), line, "SCORE_LINE_");
}
std::string StatusName(v1::FollowUpStatus status) {
  return Bare(v1::FollowUpStatus_Name(status), status, "FOLLOW_UP_STATUS_");
}
std::string TrendName(v1::Trend trend) { return Bare(v1::Trend_Name(trend), trend, "TREND_"); }
std::string TypeName(v1::RelationshipType type) {
  return Bare(v1::RelationshipType_Name(type), type, "RELATIONSHIP_TYPE_");
}
std::string ModeName(v1::ServiceMode mode) {
  return Bare(v1::ServiceMode_Name(mode), mode, "SERVICE_MODE_");
}

std::string Points(int64_t milli_points) {
  return absl::StrFormat("%s%d.%03d", milli_points < 0 ? "-" : "", std::abs(milli_points) / 1000,
                         std::abs(milli_points) % 1000);
}

std::string FormatSecond(int64_t at_us) {
  int64_t part_us = at_us % kMicrosPerSecond;
  if (part_us < 0) part_us += kMicrosPerSecond;
  return FormatTime(at_us - part_us);
}

std::string MoneyText(int64_t micros) {
  const uint64_t size =
      micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string text =
      absl::StrFormat("%s%d.%06d", micros < 0 ? "-" : "", size / 1'000'000, size % 1'000'000);
  const size_t cents = text.size() - 4;
  while (text.size() > cents && text.back() == '0') text.pop_back();
  return text;
}

std::string DueText(const v1::FollowUp& follow_up, int64_t now_us, bool past) {
  const int64_t today = DayOf(now_us);
  const int64_t due = DayOf(follow_up.by_us());
  switch (follow_up.status()) {
    case v1::FOLLOW_UP_STATUS_OVERDUE:
      if (due != today) return absl::StrCat(Days(today - due), " overdue");
      return past ? "overdue since that day" : "overdue since today";
    case v1::FOLLOW_UP_STATUS_DUE:
      if (due == today) return past ? "due that day" : "due today";
      if (due == today + 1) return past ? "due the day after" : "due tomorrow";
      return absl::StrCat("due in ", Days(due - today));
    case v1::FOLLOW_UP_STATUS_PENDING:
      return absl::StrCat("from ", FormatDay(DayOf(follow_up.from_us())));
    default:
      return StatusName(follow_up.status());
  }
}

std::string ClaimText(const v1::FollowUp& follow_up) {
  if (!follow_up.has_claimed_until_us()) return "";
  const int64_t until_us = follow_up.claimed_until_us();
  return absl::StrCat(", ", follow_up.assignee(), " has claimed it",
                      until_us == 0 ? "" : absl::StrCat(" until ", FormatSecond(until_us)));
}

std::string Pad(absl::string_view text, int width) {
  const auto wanted = static_cast<size_t>(std::abs(width));
  if (text.size() >= wanted) return std::string(text);
  const std::string blanks(wanted - text.size(), ' ');
  return width < 0 ? absl::StrCat(blanks, text) : absl::StrCat(text, blanks);
}

}  // namespace rapport::operations
