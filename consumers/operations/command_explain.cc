#include "consumers/operations/command_explain.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"

namespace rapport::operations {
namespace {

// Kinds of one change that are named.
constexpr int kKindsMax = 6;

// An event and what it has of one line or type.
struct Weighed {
  const v1::ExplainedEvent* event = nullptr;
  int64_t milli_points = 0;
  int64_t weight_now = 0;
};

std::string KindText(v1::Kind kind) {
  const event::KindInfo* info = event::FindKind(kind);
  return info == nullptr ? absl::StrCat("kind ", kind) : std::string(info->name);
}

// `PurchaseMade shop:8841`, `visit v1`; an event without a key by its id.
std::string EventText(const v1::ExplainedEvent& event) {
  const std::string kind =
      event.custom_kind().empty() ? KindText(event.kind()) : event.custom_kind();
  return absl::StrCat(kind, " ", event.key().empty() ? event.event_id() : event.key());
}

// Prints the heaviest events, and how many others there are with what they have together.
void PrintWeighed(std::vector<Weighed> all, int most, bool with_points, bool is_money) {
  std::stable_sort(all.begin(), all.end(), [](const Weighed& a, const Weighed& b) {
    return std::pair(std::abs(a.milli_points), a.weight_now) >
           std::pair(std::abs(b.milli_points), b.weight_now);
  });
  const auto shown = std::min(all.size(), static_cast<size_t>(most));
  for (size_t i = 0; i < shown; ++i) {
    const Weighed& one = all[i];
    const std::string points = with_points ? Pad(Points(one.milli_points), -9) + "  " : "";
    const std::string weight =
        is_money ? MoneyText(one.weight_now * 10'000) : Points(one.weight_now);
    std::printf("    %s%s  %s  weight now %s\n", points.c_str(),
                FormatDay(DayOf(one.event->occurred_at_us())).c_str(),
                Pad(EventText(*one.event), 32).c_str(), weight.c_str());
  }
  if (shown == all.size()) return;
  int64_t rest = 0;
  for (size_t i = shown; i < all.size(); ++i) rest += all[i].milli_points;
  const std::string points = with_points ? Pad(Points(rest), -9) + "  " : "";
  std::printf("    %sand %s more\n", points.c_str(),
              Thousands(static_cast<int64_t>(all.size() - shown)).c_str());
}

void PrintScore(const v1::Explanation& explanation, int most) {
  const v1::Standing& standing = explanation.standing();
  if (standing.lines().empty()) return;
  std::map<v1::ScoreLine, std::vector<Weighed>> by_line;
  for (const v1::ExplainedEvent& event : explanation.events()) {
    for (const v1::LineShare& share : event.shares()) {
      by_line[share.line()].push_back({&event, share.milli_points(), share.weight_now()});
    }
  }
  std::printf("score %s, the sum of\n", Points(standing.score_milli()).c_str());
  for (const v1::Line& line : standing.lines()) {
    if (line.milli_points() == 0) continue;
    std::printf("  %s %s  %s\n", Pad(LineName(line.line()), 16).c_str(),
                Pad(Points(line.milli_points()), -9).c_str(), line.receipt().text().c_str());
    PrintWeighed(by_line[line.line()], most, true, line.line() == v1::SCORE_LINE_VALUE);
    for (const v1::UnsharedLine& left : explanation.unshared()) {
      if (left.line() != line.line() || left.line() == v1::SCORE_LINE_LIMIT) continue;
      std::printf("    %s  no event's\n", Pad(Points(left.milli_points()), -9).c_str());
    }
  }
}

void PrintStageAndFlags(const v1::Standing& standing) {
  if (standing.has_stage_rule()) {
    std::printf("stage %s by %s: %s\n",
                StageText(standing.stage(), standing.stage_reason()).c_str(),
                standing.stage_rule().rule_id().c_str(), standing.stage_rule().text().c_str());
  }
  for (const v1::FlagState& flag : standing.flags()) {
    std::printf("flag %s: %s\n", FlagName(flag.flag()).c_str(), flag.receipt().text().c_str());
  }
}

void PrintTypes(const v1::Explanation& explanation, int most) {
  const v1::Standing& standing = explanation.standing();
  if (!standing.has_type_rule()) return;
  std::printf("type %s: %s\n", standing.type_rule().rule_id().c_str(),
              standing.type_rule().text().c_str());
  for (const v1::TypeShare& share : standing.types()) {
    const std::string& name = share.receipt().rule_id();
    std::printf("  %s %s of 1000  %s\n", Pad(absl::StripPrefix(name, "type_"), 16).c_str(),
                Pad(absl::StrCat(share.permille()), -4).c_str(), share.receipt().text().c_str());
    std::vector<Weighed> events;
    for (const v1::ExplainedEvent& event : explanation.events()) {
      for (const v1::TypeWeight& weight : event.types()) {
        if (weight.name() == name) events.push_back({&event, 0, weight.weight_now()});
      }
    }
    PrintWeighed(std::move(events), most, false, false);
  }
  std::printf("mode %s: %s\n", standing.mode_rule().rule_id().c_str(),
              standing.mode_rule().text().c_str());
}

// Null when it is not among those told.
const v1::ExplainedEvent* FindEvent(const std::string& id, const v1::Explanation& explanation) {
  for (const v1::ExplainedEvent& event : explanation.events()) {
    if (event.id() == id) return &event;
  }
  return nullptr;
}

std::string EventTextOf(const std::string& id, const v1::Explanation& explanation) {
  const v1::ExplainedEvent* event = FindEvent(id, explanation);
  return event == nullptr ? id : EventText(*event);
}

// `ThanksGiven or OutreachMade THANKS`
std::string ClosersText(const v1::FollowUp& one) {
  return one.closes_by().empty() ? "" : "; closed by " + absl::StrJoin(one.closes_by(), " or ");
}

// What became of it, in words.
std::string FateText(const v1::FollowUp& one, const v1::Explanation& explanation) {
  switch (one.status()) {
    case v1::FOLLOW_UP_STATUS_DONE:
      return absl::StrCat("done by ", EventTextOf(one.closed_by(), explanation));
    case v1::FOLLOW_UP_STATUS_EXPIRED:
      return absl::StrCat("expired", ClosersText(one));
    case v1::FOLLOW_UP_STATUS_SUPPRESSED:
      return absl::StrCat(
          "rests: ", absl::StripPrefix(v1::Suppression_Name(one.suppressed_by()), "SUPPRESSION_"),
          ClosersText(one));
    default: {
      const int64_t as_of_us = explanation.standing().as_of_us();
      return absl::StrCat(DueText(one, as_of_us, IsPast(as_of_us)), ClosersText(one));
    }
  }
}

// Events and texts that it carries: what opened it, what to speak of, and what to say.
void PrintContext(const v1::FollowUp& one, const v1::Explanation& explanation, int most) {
  const int shown = std::min(one.context_size(), most);
  for (int i = 0; i < shown; ++i) {
    const v1::FollowUpContext& context = one.context(i);
    const v1::ExplainedEvent* event = FindEvent(context.event_id(), explanation);
    std::printf("    with %s%s%s%s\n", context.name().c_str(), context.key().empty() ? "" : " ",
                context.key().c_str(),
                event == nullptr
                    ? ""
                    : absl::StrCat(" of ", FormatDay(DayOf(event->occurred_at_us()))).c_str());
  }
  if (shown < one.context_size()) {
    std::printf("    and %s more\n", Thousands(one.context_size() - shown).c_str());
  }
}

// The one that took its place, if it is among those that are told.
void PrintOutranked(const v1::FollowUp& one, const v1::Explanation& explanation) {
  if (one.outranked_by().empty()) return;
  for (const v1::FollowUp& first : explanation.standing().follow_ups()) {
    if (!absl::EndsWith(first.name(), "/" + one.outranked_by())) continue;
    std::printf("    outranked by %s%s%s, priority %d, by %s\n", first.policy().c_str(),
                first.key().empty() ? "" : " ", first.key().c_str(), first.priority(),
                FormatSecond(first.by_us()).c_str());
    return;
  }
  std::printf("    outranked by follow-up %s\n", one.outranked_by().c_str());
}

void PrintFollowUps(const v1::Explanation& explanation, int most) {
  for (const v1::FollowUp& one : explanation.standing().follow_ups()) {
    std::printf("follow-up %s%s%s, %s\n    from %s by %s%s, %s\n", one.policy().c_str(),
                one.key().empty() ? "" : " ", one.key().c_str(), FateText(one, explanation).c_str(),
                FormatSecond(one.from_us()).c_str(), FormatSecond(one.by_us()).c_str(),
                one.has_until_us() ? (" until " + FormatSecond(one.until_us())).c_str() : "",
                one.text().c_str());
    PrintOutranked(one, explanation);
    PrintContext(one, explanation, most);
  }
}

// `PurchaseMade`, `3 x PurchaseMade on as many days`, `MeetingHeld, OfferAnswered or 4 others`.
std::string WhatOf(const v1::PossibleChange& change) {
  std::vector<std::string> kinds;
  for (const int kind : change.kinds()) kinds.push_back(KindText(static_cast<v1::Kind>(kind)));
  kinds.insert(kinds.end(), change.custom_kinds().begin(), change.custom_kinds().end());
  const auto others = static_cast<int>(kinds.size()) - kKindsMax;
  if (others > 0) kinds.resize(kKindsMax);
  std::string text = absl::StrJoin(kinds, ", ");
  if (others > 0) absl::StrAppend(&text, " or ", others, others == 1 ? " other" : " others");
  if (!change.key().empty()) absl::StrAppend(&text, " ", change.key());
  if (change.count() > 1) text = absl::StrCat(change.count(), " x ", text, " on as many days");
  return text;
}

void PrintChanges(const v1::Explanation& explanation) {
  const auto& changes = explanation.changes();
  const auto print = [&](bool by_time, const char* heading) {
    bool first = true;
    for (const v1::PossibleChange& change : changes) {
      if (change.has_day() != by_time) continue;
      if (std::exchange(first, false)) std::printf("%s\n", heading);
      const std::string what = by_time ? FormatDay(change.day()) : WhatOf(change);
      std::printf("  %s: %s\n", what.c_str(), change.text().c_str());
    }
  };
  print(true, "if nothing happens");
  print(false, "what would change it");
}

void PrintExplanation(const v1::ExplainRelationshipResponse& answer, int most) {
  const v1::Standing& standing = answer.explanation().standing();
  std::printf("%s   %s   score %s   as of %s\n", answer.customer_id().c_str(),
              StageText(standing.stage(), standing.stage_reason()).c_str(),
              Points(standing.score_milli()).c_str(), FormatSecond(standing.as_of_us()).c_str());
  if (!answer.merged_into().empty()) {
    std::printf("merged into %s\n", answer.merged_into().c_str());
  }
  if (answer.members_size() > 0) {
    std::printf("together %s, as one customer\n", absl::StrJoin(answer.members(), ", ").c_str());
  }
  PrintScore(answer.explanation(), most);
  PrintStageAndFlags(standing);
  PrintTypes(answer.explanation(), most);
  PrintFollowUps(answer.explanation(), most);
  PrintChanges(answer.explanation());
  if (answer.quarantined() > 0) {
    std::printf("incomplete: %d records are in quarantine: rapport quarantine list\n",
                answer.quarantined());
  }
  if (!answer.info().complete_from().empty()) {
    std::printf("incomplete: events before %s were lost: rapport status\n",
                answer.info().complete_from().c_str());
  }
  std::printf("applied %s, lag %s, rules %s\n", answer.info().position().c_str(),
              Thousands(answer.info().lag_events()).c_str(), answer.info().rules_digest().c_str());
}

// `follow-up` is EXPLAIN_SUBJECT_FOLLOW_UP.
absl::StatusOr<v1::ExplainSubject> SubjectOf(const std::string& word) {
  const std::string name = absl::StrCat(
      "EXPLAIN_SUBJECT_", absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}}));
  v1::ExplainSubject subject;
  if (v1::ExplainSubject_Parse(name, &subject) && subject != v1::EXPLAIN_SUBJECT_UNSPECIFIED) {
    return subject;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "wrong usage: --subject must be stage, score, follow-up, type or flag, is ", word));
}

}  // namespace

absl::Status ExplainCustomer(Client& client, const CustomerExplain& options) {
  v1::ExplainRelationshipRequest request;
  request.set_customer_id(options.id);
  for (const std::string& word : options.subjects) {
    ASSIGN_OR_RETURN(const v1::ExplainSubject subject, SubjectOf(word));
    request.add_subjects(subject);
  }
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  v1::ExplainRelationshipResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(),
                              &v1::RelationshipService::Stub::ExplainRelationship, request,
                              &answer));
  if (options.format == Format::kTable) {
    PrintExplanation(answer, options.events);
  } else {
    PrintJson(options.format, {&answer});
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
