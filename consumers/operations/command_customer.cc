#include "consumers/operations/command_customer.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "consumers/operations/customer_metrics.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/table_print.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"

namespace rapport::operations {
namespace {

constexpr int64_t kPageMax = 200;

std::string OwedText(const v1::FollowUp& follow_up, int64_t now_us) {
  std::string text =
      absl::StrCat(follow_up.policy(), ", ", DueText(follow_up, now_us, IsPast(now_us)));
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

// What happened, in words of its own.
struct Happening {
  int64_t at_us = 0;
  std::string kind;
  // Empty where the kind has none.
  std::string amount;
  std::string currency;
  // `website`, or the name a publisher gave.
  std::string channel;
};

Happening HappeningOf(const v1::Touchpoint& touchpoint) {
  Happening happening;
  happening.at_us = touchpoint.occurred_at().seconds() * kMicrosPerSecond +
                    touchpoint.occurred_at().nanos() / 1000;
  if (!touchpoint.channel_name().empty()) {
    happening.channel = touchpoint.channel_name();
  } else if (touchpoint.channel() != v1::CHANNEL_UNSPECIFIED) {
    happening.channel = absl::AsciiStrToLower(
        absl::StripPrefix(v1::Channel_Name(touchpoint.channel()), "CHANNEL_"));
  }
  const auto* oneof = touchpoint.GetDescriptor()->FindOneofByName("detail");
  const auto* field = touchpoint.GetReflection()->GetOneofFieldDescriptor(touchpoint, oneof);
  if (field == nullptr) return happening;
  happening.kind = field->message_type()->name();
  const auto* amount = field->message_type()->FindFieldByName("amount");
  if (amount == nullptr || amount->message_type() != v1::Money::descriptor()) return happening;
  const auto& detail = touchpoint.GetReflection()->GetMessage(touchpoint, field);
  if (!detail.GetReflection()->HasField(detail, amount)) return happening;
  v1::Money money;
  money.CopyFrom(detail.GetReflection()->GetMessage(detail, amount));
  happening.amount = MoneyText(money.micros());
  happening.currency = money.currency();
  return happening;
}

std::vector<std::string> EffectsOf(const v1::TimelineEntry& entry) {
  std::vector<std::string> effects;
  for (const v1::LineEffect& effect : entry.effects()) {
    effects.push_back(absl::StrCat(LineName(effect.line()), " ",
                                   effect.milli_points() > 0 ? "+" : "",
                                   Points(effect.milli_points())));
  }
  return effects;
}

// What a retraction or correction is aimed at; empty for other kinds.
std::string TargetOf(const v1::Touchpoint& touchpoint) {
  return touchpoint.has_event_retracted() ? touchpoint.event_retracted().target_event_id()
                                          : touchpoint.event_corrected().target_event_id();
}

// `EUR 40.00 website`
std::string WithWhat(const Happening& happening) {
  std::string with = happening.currency;
  for (const std::string& word : {happening.amount, happening.channel}) {
    if (!word.empty()) absl::StrAppend(&with, with.empty() ? "" : " ", word);
  }
  return with;
}

// Why an entry does not count as it was logged, and what counts in its place.
std::vector<std::string> RevisionsOf(const v1::TimelineEntry& entry) {
  if (!entry.retracted_by().empty()) return {"retracted by " + entry.retracted_by()};
  if (entry.corrected_by().empty()) return {};
  if (!entry.has_counts_as()) return {"corrected by " + entry.corrected_by()};
  const Happening now = HappeningOf(entry.counts_as());
  std::string what = now.kind;
  const std::string with = WithWhat(now);
  if (!with.empty()) absl::StrAppend(&what, " ", with);
  if (now.at_us != HappeningOf(entry.touchpoint()).at_us) {
    absl::StrAppend(&what, " of ", FormatTime(now.at_us));
  }
  return {absl::StrCat("corrected by ", entry.corrected_by(), ": ", what)};
}

// `ana into ben` of a merge, `ana from ben` of a split; empty for other kinds.
std::string LinkOf(const v1::Touchpoint& touchpoint) {
  if (touchpoint.has_customer_merged()) {
    const v1::CustomerMerged& link = touchpoint.customer_merged();
    return absl::StrCat(link.merged(), " into ", link.survivor());
  }
  if (!touchpoint.has_customer_split()) return "";
  const v1::CustomerSplit& link = touchpoint.customer_split();
  return absl::StrCat(link.merged(), " from ", link.survivor());
}

// `whose`: among merged customers a column says so.
void PrintEntry(const v1::TimelineEntry& entry, bool whose) {
  const Happening happening = HappeningOf(entry.touchpoint());
  std::vector<std::string> notes = RevisionsOf(entry);
  const std::string target = TargetOf(entry.touchpoint());
  if (!target.empty()) notes.push_back("of " + target);
  if (entry.touchpoint().has_custom_touchpoint()) {
    const v1::CustomTouchpoint& custom = entry.touchpoint().custom_touchpoint();
    notes.push_back(custom.key().empty() ? custom.custom_kind()
                                         : absl::StrCat(custom.custom_kind(), " ", custom.key()));
  }
  const std::string link = LinkOf(entry.touchpoint());
  if (!link.empty()) notes.push_back(link);
  const std::string with = WithWhat(happening);
  if (!with.empty()) notes.push_back(with);
  for (std::string& effect : EffectsOf(entry)) notes.push_back(std::move(effect));
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
  const std::string column = whose ? Pad(entry.touchpoint().customer_id(), 12) + "  " : "";
  std::printf("%s  %s%s  %s  %s\n", FormatTime(happening.at_us).c_str(), column.c_str(),
              Pad(happening.kind, 22).c_str(), Pad(entry.touchpoint().event_id(), 20).c_str(),
              absl::StrJoin(notes, "  ").c_str());
  const v1::Touchpoint& touchpoint = entry.touchpoint();
  const auto* detail = touchpoint.GetDescriptor()->FindOneofByName("detail");
  PrintTexts(touchpoint, touchpoint.GetReflection()->GetOneofFieldDescriptor(touchpoint, detail));
}

void PrintCsvEntries(const std::vector<v1::TimelineEntry>& entries) {
  PrintCsv({"occurred_at", "kind", "event_id", "source", "amount", "currency", "channel", "effects",
            "stage_before", "stage_after", "opened", "closed", "partition", "offset",
            "retracted_by", "corrected_by", "customer_id"});
  for (const v1::TimelineEntry& entry : entries) {
    const Happening happening = HappeningOf(entry.touchpoint());
    PrintCsv({FormatTime(happening.at_us), happening.kind, entry.touchpoint().event_id(),
              entry.touchpoint().source(), happening.amount, happening.currency, happening.channel,
              absl::StrJoin(EffectsOf(entry), "; "), StageName(entry.stage_before()),
              StageName(entry.stage_after()), absl::StrJoin(entry.opened(), " "),
              absl::StrJoin(entry.closed(), " "), absl::StrCat(entry.partition()),
              absl::StrCat(entry.offset()), entry.retracted_by(), entry.corrected_by(),
              entry.touchpoint().customer_id()});
  }
}

void PrintCsvHeading() {
  PrintCsv({"customer_id", "stage", "stage_reason", "score", "score_milli", "trend", "flags",
            "owed", "overdue", "next_stage_change_day", "purchase_days", "as_of", "position",
            "merged_into", "members"});
}

void PrintCsvCard(const v1::GetRelationshipResponse& answer) {
  const v1::Standing& standing = answer.standing();
  std::vector<std::string> flags;
  for (const v1::FlagState& flag : standing.flags()) flags.push_back(FlagName(flag.flag()));
  int owed = 0;
  int overdue = 0;
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    overdue += follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
    owed += follow_up.status() == v1::FOLLOW_UP_STATUS_DUE ||
            follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
  }
  PrintCsv({answer.customer_id(), StageName(standing.stage()),
            standing.stage_reason() == v1::STAGE_REASON_UNSPECIFIED
                ? ""
                : StageReasonName(standing.stage_reason()),
            absl::StrCat(standing.score()), absl::StrCat(standing.score_milli()),
            standing.outlook().trend() == v1::TREND_UNSPECIFIED
                ? ""
                : TrendName(standing.outlook().trend()),
            absl::StrJoin(flags, " "), absl::StrCat(owed), absl::StrCat(overdue),
            standing.has_next_stage_change_day() ? FormatDay(standing.next_stage_change_day()) : "",
            absl::StrCat(standing.purchase_days()), FormatTime(standing.as_of_us()),
            answer.info().position(), answer.merged_into(), absl::StrJoin(answer.members(), " ")});
}

// What a timeline is beside its entries.
struct TimelineHead {
  // From where on it is whole; empty = nothing was lost.
  std::string complete_from;
  std::string merged_into;
  std::vector<std::string> members;
};

// All entries of a timeline up to `limit`, newest first.
absl::StatusOr<std::vector<v1::TimelineEntry>> ReadTimeline(Client& client,
                                                            v1::ListTimelineRequest request,
                                                            int64_t limit,
                                                            TimelineHead* head = nullptr) {
  std::vector<v1::TimelineEntry> entries;
  while (limit > 0) {
    request.set_page_size(static_cast<int>(std::min(limit, kPageMax)));
    v1::ListTimelineResponse answer;
    RETURN_IF_ERROR(client.Call(client.relationships(),
                                &v1::RelationshipService::Stub::ListTimeline, request, &answer));
    for (auto& entry : *answer.mutable_entries()) entries.push_back(std::move(entry));
    if (head != nullptr) {
      *head = {answer.info().complete_from(),
               answer.merged_into(),
               {answer.members().begin(), answer.members().end()}};
    }
    limit -= answer.entries_size();
    if (answer.next_page_token().empty()) break;
    request.set_page_token(answer.next_page_token());
  }
  return entries;
}

// The moment of the first event, when nothing had happened yet at the moment asked about.
absl::StatusOr<std::optional<int64_t>> FirstLater(Client& client, const std::string& id,
                                                  const v1::Viewpoint& viewpoint) {
  v1::ListTimelineRequest request;
  request.set_customer_id(id);
  *request.mutable_viewpoint() = viewpoint;
  ASSIGN_OR_RETURN(const auto then, ReadTimeline(client, request, 1));
  if (!then.empty()) return std::nullopt;
  request.mutable_viewpoint()->clear_as_of_us();
  ASSIGN_OR_RETURN(const auto now,
                   ReadTimeline(client, request, std::numeric_limits<int64_t>::max()));
  if (now.empty()) return std::nullopt;
  return HappeningOf(now.back().touchpoint()).at_us;
}

// The card, or that there is none yet.
absl::Status PrintCardOrNone(Client& client, const v1::Viewpoint& viewpoint,
                             const v1::GetRelationshipResponse& answer) {
  if (viewpoint.has_as_of_us()) {
    ASSIGN_OR_RETURN(const auto first, FirstLater(client, answer.customer_id(), viewpoint));
    if (first.has_value()) {
      std::printf("nothing was known of %s at that time; the first event is of %s\n",
                  answer.customer_id().c_str(), FormatDay(DayOf(*first)).c_str());
      return absl::OkStatus();
    }
  }
  PrintCard(answer);
  return absl::OkStatus();
}

// The tables in place of the card; their columns differ, so there is one of each customer.
absl::Status CheckCsv(const CustomerShow& options) {
  if (options.format != Format::kCsv || options.insights.size() <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "CSV holds one table: ask for one --insight, or for another --format");
}

void PrintCsvAnswer(const v1::GetRelationshipResponse& answer) {
  if (answer.insights().empty()) return PrintCsvCard(answer);
  for (const v1::Table& table : answer.insights()) PrintTableCsv(table);
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

void PrintCard(const v1::GetRelationshipResponse& answer) {
  const v1::Standing& standing = answer.standing();
  const std::string stage = StageText(standing.stage(), standing.stage_reason());
  std::printf("%s   %s   score %d", answer.customer_id().c_str(), stage.c_str(), standing.score());
  if (standing.outlook().trend() != v1::TREND_UNSPECIFIED) {
    std::printf("   trend %s", TrendName(standing.outlook().trend()).c_str());
  }
  std::printf("   as of %s\n", FormatSecond(standing.as_of_us()).c_str());
  if (!answer.merged_into().empty()) {
    std::printf("merged into  %s\n", answer.merged_into().c_str());
  }
  if (answer.members_size() > 0) {
    std::printf("together     %s, as one customer\n",
                absl::StrJoin(answer.members(), ", ").c_str());
  }
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
  for (const std::string& line : KindLines(standing)) std::printf("%s\n", line.c_str());
  for (const std::string& line : MetricLines(standing.metrics())) {
    std::printf("%s\n", line.c_str());
  }
  if (answer.quarantined() > 0) {
    std::printf("incomplete   %d records are in quarantine: rapport quarantine list\n",
                answer.quarantined());
  }
  if (!answer.info().complete_from().empty()) {
    std::printf("incomplete   events before %s were lost: rapport status\n",
                answer.info().complete_from().c_str());
  }
  std::printf("applied %s, lag %s\n", answer.info().position().c_str(),
              Thousands(answer.info().lag_events()).c_str());
}

absl::Status ShowCustomers(Client& client, const CustomerShow& options) {
  ASSIGN_OR_RETURN(const auto ids, IdsAsked(options.ids));
  v1::GetRelationshipRequest request;
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(),
                   ViewpointOf(options.as_of, options.known_at, options.as_of_name));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  request.set_include_facts(options.facts);
  request.set_reveal(options.reveal);
  request.set_purpose(options.purpose);
  RETURN_IF_ERROR(CheckCsv(options));
  for (const std::string& name : options.insights) request.add_insights(name);
  if (options.format == Format::kCsv && options.insights.empty()) PrintCsvHeading();
  std::vector<v1::GetRelationshipResponse> answers;
  for (const std::string& id : ids) {
    request.set_customer_id(id);
    v1::GetRelationshipResponse answer;
    RETURN_IF_ERROR(client.Call(client.relationships(),
                                &v1::RelationshipService::Stub::GetRelationship, request, &answer));
    switch (options.format) {
      case Format::kTable:
        RETURN_IF_ERROR(PrintCardOrNone(client, request.viewpoint(), answer));
        for (const v1::Table& table : answer.insights()) PrintTable(table);
        break;
      case Format::kCsv:
        PrintCsvAnswer(answer);
        break;
      case Format::kJsonLines:
        PrintJson(options.format, {&answer});
        break;
      case Format::kJson:
        answers.push_back(std::move(answer));
    }
  }
  if (options.format == Format::kJson) PrintJson(options.format, PointersTo(answers));
  return absl::OkStatus();
}

absl::Status ShowTimeline(Client& client, const CustomerTimeline& options) {
  v1::ListTimelineRequest request;
  request.set_customer_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_reveal(options.reveal);
  request.set_purpose(options.purpose);
  TimelineHead head;
  ASSIGN_OR_RETURN(const auto entries, ReadTimeline(client, request, options.limit, &head));
  if (!head.members.empty()) {
    Talk(absl::StrCat(absl::StrJoin(head.members, ", "), " are one customer",
                      head.merged_into.empty() ? "" : ", merged into " + head.merged_into));
  }
  switch (options.format) {
    case Format::kTable:
      for (const v1::TimelineEntry& entry : entries) PrintEntry(entry, !head.members.empty());
      break;
    case Format::kCsv:
      PrintCsvEntries(entries);
      break;
    default:
      PrintJson(options.format, PointersTo(entries));
  }
  if (!head.complete_from.empty()) {
    std::fprintf(stderr, "rapport: incomplete: events before %s were lost, see rapport status\n",
                 head.complete_from.c_str());
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
