#include "consumers/operations/command_customer.h"

#include <cstdio>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/base/clock.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"

namespace rapport::operations {
namespace {

// Reads `90d`, `24h` as so long; false when it is not of that form.
bool ParseSpan(absl::string_view text, int64_t& span_us) {
  int64_t number = 0;
  if (text.size() < 2 || !absl::SimpleAtoi(text.substr(0, text.size() - 1), &number) ||
      number < 0 || number > 40'000) {
    return false;
  }
  if (text.back() != 'd' && text.back() != 'h') return false;
  span_us = number * (text.back() == 'd' ? kMicrosPerDay : kMicrosPerHour);
  return true;
}

std::string OwedText(const v1::FollowUp& follow_up, int64_t now_us) {
  std::string text = absl::StrCat(follow_up.policy(), ", ", DueText(follow_up, now_us));
  if (follow_up.status() == v1::FOLLOW_UP_STATUS_SUPPRESSED) {
    absl::StrAppend(
        &text, " (",
        absl::StripPrefix(v1::Suppression_Name(follow_up.suppressed_by()), "SUPPRESSION_"), ")");
  }
  if (!follow_up.text().empty()) absl::StrAppend(&text, ", ", follow_up.text());
  return text;
}

// Texts that were opened, each on a line of its own.
void PrintTexts(const v1::Touchpoint& touchpoint, const google::protobuf::FieldDescriptor* detail) {
  const auto print = [](const google::protobuf::Message& message) {
    const auto* type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      if (!event::IsSensitive(*field) || !message.GetReflection()->HasField(message, field)) {
        continue;
      }
      std::printf("    %s: %s\n", field->name().c_str(),
                  message.GetReflection()->GetString(message, field).c_str());
    }
  };
  print(touchpoint);
  if (detail != nullptr) print(touchpoint.GetReflection()->GetMessage(touchpoint, detail));
}

void PrintEntry(const v1::TimelineEntry& entry) {
  const v1::Touchpoint& touchpoint = entry.touchpoint();
  const int64_t at_us = touchpoint.occurred_at().seconds() * kMicrosPerSecond +
                        touchpoint.occurred_at().nanos() / 1000;
  const auto* detail = touchpoint.GetDescriptor()->oneof_decl(0);
  const auto* field = touchpoint.GetReflection()->GetOneofFieldDescriptor(touchpoint, detail);
  std::vector<std::string> notes;
  for (const v1::LineEffect& effect : entry.effects()) {
    notes.push_back(absl::StrCat(LineName(effect.line()), " ", effect.milli_points() > 0 ? "+" : "",
                                 Points(effect.milli_points())));
  }
  if (entry.stage_before() != entry.stage_after()) {
    notes.push_back(
        absl::StrCat(StageName(entry.stage_before()), " -> ", StageName(entry.stage_after())));
  }
  if (!entry.opened().empty()) notes.push_back("opens " + absl::StrJoin(entry.opened(), ", "));
  if (!entry.closed().empty()) notes.push_back("closes " + absl::StrJoin(entry.closed(), ", "));
  if (entry.not_folded()) notes.push_back("kept, not folded by this version");
  if (!entry.masked_fields().empty()) {
    notes.push_back("sealed " + absl::StrJoin(entry.masked_fields(), ", "));
  }
  std::printf("%s  %s  %s  %s\n", FormatTime(at_us).c_str(),
              Pad(field == nullptr ? "" : field->message_type()->name(), 22).c_str(),
              Pad(touchpoint.event_id(), 20).c_str(), absl::StrJoin(notes, "  ").c_str());
  PrintTexts(touchpoint, field);
}

absl::StatusOr<std::vector<std::string>> IdsAsked(const std::vector<std::string>& ids) {
  if (ids.size() != 1 || ids[0] != "-") return ids;
  std::vector<std::string> read;
  for (std::string line; std::getline(std::cin, line);) {
    absl::StripAsciiWhitespace(&line);
    if (!line.empty()) read.push_back(line);
  }
  return read;
}

}  // namespace

absl::StatusOr<v1::Viewpoint> ViewpointOf(const std::string& as_of, const std::string& known_at) {
  v1::Viewpoint viewpoint;
  viewpoint.set_known_at(known_at);
  if (as_of.empty()) return viewpoint;
  int64_t span_us = 0;
  if (ParseSpan(as_of, span_us)) {
    viewpoint.set_as_of_us(SystemClock().NowMicros() - span_us);
    return viewpoint;
  }
  ASSIGN_OR_RETURN(const int64_t at_us, ParseTime(as_of));
  viewpoint.set_as_of_us(at_us);
  return viewpoint;
}

void PrintCard(const v1::GetRelationshipResponse& answer) {
  const v1::Standing& standing = answer.standing();
  std::string stage = StageName(standing.stage());
  if (standing.stage_reason() != v1::STAGE_REASON_UNSPECIFIED) {
    absl::StrAppend(&stage, " (", StageReasonName(standing.stage_reason()), ")");
  }
  std::printf("%s   %s   score %d", answer.customer_id().c_str(), stage.c_str(), standing.score());
  if (standing.outlook().trend() != v1::TREND_UNSPECIFIED) {
    std::printf("   trend %s", TrendName(standing.outlook().trend()).c_str());
  }
  std::printf("   as of %s\n", FormatTime(standing.as_of_us()).c_str());
  if (answer.has_profile()) std::printf("name         %s\n", answer.profile().name().c_str());
  if (!answer.masked_fields().empty()) {
    std::printf("sealed       %s\n", absl::StrJoin(answer.masked_fields(), ", ").c_str());
  }
  for (const v1::FlagState& flag : standing.flags()) {
    std::printf("flag         %s%s%s\n", FlagName(flag.flag()).c_str(),
                flag.receipt().text().empty() ? "" : ", ", flag.receipt().text().c_str());
  }
  if (standing.has_next_stage_change_day()) {
    std::printf("next change  %s, stage or flags, if nothing happens\n",
                FormatDay(standing.next_stage_change_day()).c_str());
  }
  if (standing.has_next_follow_up_change_us()) {
    std::printf("next due     %s, a follow-up, if nothing happens\n",
                FormatTime(standing.next_follow_up_change_us()).c_str());
  }
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    if (follow_up.status() == v1::FOLLOW_UP_STATUS_DONE ||
        follow_up.status() == v1::FOLLOW_UP_STATUS_EXPIRED) {
      continue;
    }
    std::printf("owed         %s\n", OwedText(follow_up, standing.as_of_us()).c_str());
  }
  std::printf("score %s, the sum of\n", Points(standing.score_milli()).c_str());
  for (const v1::Line& line : standing.lines()) {
    if (line.milli_points() == 0) continue;
    std::printf("  %s %s  %s\n", Pad(LineName(line.line()), 16).c_str(),
                Pad(Points(line.milli_points()), -9).c_str(), line.receipt().text().c_str());
  }
  std::printf("stage by %s: %s\n", standing.stage_rule().rule_id().c_str(),
              standing.stage_rule().text().c_str());
  if (answer.quarantined() > 0) {
    std::printf("incomplete   %d records are in quarantine: rapport quarantine list\n",
                answer.quarantined());
  }
  std::printf("applied %s, lag %s\n", answer.info().position().c_str(),
              Thousands(answer.info().lag_events()).c_str());
}

absl::Status ShowCustomers(Client& client, const CustomerShow& options) {
  ASSIGN_OR_RETURN(const auto ids, IdsAsked(options.ids));
  v1::GetRelationshipRequest request;
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.set_min_position(options.min_position);
  request.set_include_facts(options.facts);
  request.set_reveal(options.reveal);
  request.set_purpose(options.purpose);
  std::vector<v1::GetRelationshipResponse> answers;
  for (const std::string& id : ids) {
    request.set_customer_id(id);
    v1::GetRelationshipResponse answer;
    RETURN_IF_ERROR(client.Call(client.relationships(),
                                &v1::RelationshipService::Stub::GetRelationship, request, &answer));
    if (options.format == Format::kTable) {
      PrintCard(answer);
    } else if (options.format == Format::kJsonLines) {
      PrintJson(options.format, {&answer});
    } else {
      answers.push_back(std::move(answer));
    }
  }
  if (options.format == Format::kJson) {
    std::vector<const google::protobuf::Message*> messages;
    for (const auto& answer : answers) messages.push_back(&answer);
    PrintJson(options.format, messages);
  }
  return absl::OkStatus();
}

absl::Status ShowTimeline(Client& client, const CustomerTimeline& options) {
  v1::ListTimelineRequest request;
  request.set_customer_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.set_reveal(options.reveal);
  request.set_purpose(options.purpose);
  int left = options.limit;
  std::vector<v1::TimelineEntry> entries;
  while (left > 0) {
    request.set_page_size(std::min(left, 200));
    v1::ListTimelineResponse answer;
    RETURN_IF_ERROR(client.Call(client.relationships(),
                                &v1::RelationshipService::Stub::ListTimeline, request, &answer));
    for (auto& entry : *answer.mutable_entries()) entries.push_back(std::move(entry));
    left -= answer.entries_size();
    if (answer.next_page_token().empty()) break;
    request.set_page_token(answer.next_page_token());
  }
  if (options.format == Format::kTable) {
    for (const v1::TimelineEntry& entry : entries) PrintEntry(entry);
    return absl::OkStatus();
  }
  std::vector<const google::protobuf::Message*> messages;
  for (const auto& entry : entries) messages.push_back(&entry);
  PrintJson(options.format, messages);
  return absl::OkStatus();
}

absl::Status ListFollowUps(Client& client, const FollowUpsList& options) {
  v1::ListFollowUpsRequest request;
  request.set_customer_id(options.customer.empty() ? "-" : options.customer);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, ""));
  const int64_t now_us = request.viewpoint().has_as_of_us() ? request.viewpoint().as_of_us()
                                                            : SystemClock().NowMicros();
  int64_t span_us = 0;
  if (ParseSpan(options.due, span_us)) {
    request.set_due_to_us(now_us + span_us);
  } else if (!options.due.empty()) {
    ASSIGN_OR_RETURN(const int64_t due_us, ParseTime(options.due));
    request.set_due_to_us(due_us);
  }
  for (const std::string& policy : options.policies) request.add_policies(policy);
  for (const std::string& department : options.departments) request.add_departments(department);
  request.set_page_size(options.limit);
  v1::ListFollowUpsResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(), &v1::RelationshipService::Stub::ListFollowUps,
                              request, &answer));
  if (options.format != Format::kTable) {
    std::vector<const google::protobuf::Message*> messages;
    for (const auto& entry : answer.follow_ups()) messages.push_back(&entry);
    PrintJson(options.format, messages);
    return absl::OkStatus();
  }
  for (const v1::CustomerFollowUp& entry : answer.follow_ups()) {
    std::printf(
        "%s  %s  %s  score %s  %s\n", Pad(entry.customer_id(), 16).c_str(),
        Pad(entry.follow_up().policy(), 22).c_str(), Pad(StageName(entry.stage()), 12).c_str(),
        Pad(absl::StrCat(entry.score()), -4).c_str(),
        absl::StrCat(DueText(entry.follow_up(), now_us), ", ", entry.follow_up().text()).c_str());
  }
  std::printf("%s of %s\n", Thousands(answer.follow_ups_size()).c_str(),
              Thousands(answer.total()).c_str());
  return absl::OkStatus();
}

}  // namespace rapport::operations
