#include "tests/stories/question.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/touchpoint.h"
#include "tests/stories/ask_base.h"
#include "tests/stories/ask_explained.h"
#include "tests/stories/ask_follow_up.h"
#include "tests/stories/ask_history.h"
#include "tests/stories/ask_metric.h"
#include "tests/stories/ask_number.h"
#include "tests/stories/ask_report.h"
#include "tests/stories/reason.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

// The one word behind a verb.
absl::StatusOr<std::string> OneWord(const Clause& clause) {
  if (clause.words.size() == 1) return clause.words[0];
  return Wrong("`", clause.verb, "` is followed by one word");
}

// The reasons of a clause are all found in one receipt.
absl::Status CheckReasons(const Clause& clause, const View& view, const v1::Receipt& receipt) {
  for (const std::vector<std::string>& words : clause.because) {
    ASSIGN_OR_RETURN(const Reason reason, ReadReason(words, view));
    if (Names(receipt, reason)) continue;
    return Differs("the reason is another: rule ", receipt.rule_id(), ", events ",
                   absl::StrJoin(receipt.event_ids(), " "), ": ", receipt.text());
  }
  return absl::OkStatus();
}

// Compares `bare`, such as DAMAGED, with an enum's value by its name. A misspelt name is an error.
template <typename Enum>
absl::Status IsValue(const Clause& clause, absl::string_view prefix, Enum is,
                     const std::string& (*name_of)(Enum),
                     bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  ASSIGN_OR_RETURN(const std::string word, OneWord(clause));
  Enum expected;
  if (!parse(absl::StrCat(prefix, word), &expected)) {
    return Wrong("there is no ", clause.verb, " ", word);
  }
  if ((expected == is) != clause.negated) return absl::OkStatus();
  return Differs(clause.verb, " is ", absl::StripPrefix(name_of(is), prefix));
}

absl::Status AskStage(const Clause& clause, const View& view, Memory&) {
  RETURN_IF_ERROR(IsValue<v1::Stage>(clause, "STAGE_", view.standing->stage(), v1::Stage_Name,
                                     v1::Stage_Parse));
  return CheckReasons(clause, view, view.standing->stage_rule());
}

absl::Status AskReason(const Clause& clause, const View& view, Memory&) {
  RETURN_IF_ERROR(IsValue<v1::StageReason>(clause, "STAGE_REASON_", view.standing->stage_reason(),
                                           v1::StageReason_Name, v1::StageReason_Parse));
  return CheckReasons(clause, view, view.standing->stage_rule());
}

absl::Status AskType(const Clause& clause, const View& view, Memory&) {
  RETURN_IF_ERROR(
      IsValue<v1::RelationshipType>(clause, "RELATIONSHIP_TYPE_", view.standing->primary_type(),
                                    v1::RelationshipType_Name, v1::RelationshipType_Parse));
  return CheckReasons(clause, view, view.standing->type_rule());
}

absl::Status AskMode(const Clause& clause, const View& view, Memory&) {
  RETURN_IF_ERROR(IsValue<v1::ServiceMode>(clause, "SERVICE_MODE_", view.standing->service_mode(),
                                           v1::ServiceMode_Name, v1::ServiceMode_Parse));
  return CheckReasons(clause, view, view.standing->mode_rule());
}

absl::Status AskTrend(const Clause& clause, const View& view, Memory&) {
  return IsValue<v1::Trend>(clause, "TREND_", view.standing->outlook().trend(), v1::Trend_Name,
                            v1::Trend_Parse);
}

std::string FlagsOf(const v1::Standing& standing) {
  std::vector<std::string> names;
  for (const v1::FlagState& one : standing.flags()) {
    names.emplace_back(absl::StripPrefix(v1::Flag_Name(one.flag()), "FLAG_"));
  }
  return names.empty() ? "no flag is up" : absl::StrCat("up: ", absl::StrJoin(names, " "));
}

absl::Status AskFlag(const Clause& clause, const View& view, Memory&) {
  ASSIGN_OR_RETURN(const std::string word, OneWord(clause));
  v1::Flag flag;
  if (!v1::Flag_Parse(absl::StrCat("FLAG_", word), &flag)) return Wrong("there is no flag ", word);
  for (const v1::FlagState& one : view.standing->flags()) {
    if (one.flag() != flag) continue;
    if (clause.negated) return Differs("it is up: ", one.receipt().text());
    return CheckReasons(clause, view, one.receipt());
  }
  return clause.negated ? absl::OkStatus() : Differs("it is not up; ", FlagsOf(*view.standing));
}

absl::Status AskFlags(const Clause& clause, const View& view, Memory&) {
  if (!clause.negated || !clause.words.empty()) return Wrong("write `flag NAME` or `no flags`");
  if (view.standing->flags().empty()) return absl::OkStatus();
  return Differs(FlagsOf(*view.standing));
}

absl::Status AskRecurring(const Clause& clause, const View& view, Memory&) {
  const bool is =
      clause.verb == "recurring" ? view.standing->recurring() : view.standing->long_term();
  if (is != clause.negated) return absl::OkStatus();
  return Differs("it is ", is ? "" : "not ", clause.verb);
}

// `next stage change on 2024-06-01`, `next follow-up change on 2024-06-01 10:00`, `no next change`.
absl::Status AskNext(const Clause& clause, const View& view, Memory&) {
  const auto on = std::find(clause.words.begin(), clause.words.end(), "on");
  const std::string what = absl::StrJoin(clause.words.begin(), on, " ");
  const v1::Standing& standing = *view.standing;
  std::optional<int64_t> is;
  if (what == "stage change") {
    if (standing.has_next_stage_change_day()) is = standing.next_stage_change_day() * kMicrosPerDay;
  } else if (what == "follow-up change") {
    if (standing.has_next_follow_up_change_us()) is = standing.next_follow_up_change_us();
  } else if (what == "change") {
    if (standing.has_next_change_at_us()) is = standing.next_change_at_us();
  } else {
    return Wrong("write `next stage change`, `next follow-up change` or `next change`");
  }
  std::optional<int64_t> expected;
  if (!clause.negated) {
    if (on == clause.words.end()) return Wrong("write `on` and a moment behind it");
    auto next = static_cast<size_t>(on - clause.words.begin()) + 1;
    ASSIGN_OR_RETURN(expected, TakeMoment(clause.words, next, view.line_us));
    if (next != clause.words.size()) return Wrong("`", clause.words[next], "` is too much");
  }
  if (expected == is) return absl::OkStatus();
  return is.has_value() ? Differs("it is on ", Written(*is)) : Differs("there is none");
}

const v1::KindFacts* FindKindFacts(const View& view, v1::Kind kind) {
  for (const v1::KindFacts& one : view.facts->common().kinds()) {
    if (one.kind() == static_cast<uint32_t>(kind)) return &one;
  }
  return nullptr;
}

// `counted PurchaseMade 3`: events of a kind, in the facts.
absl::Status AskCounted(const Clause& clause, const View& view, Memory&) {
  if (clause.words.size() != 2) return Wrong("write `counted PurchaseMade 3`");
  const event::KindInfo* kind = event::FindKindByName(clause.words[0]);
  if (kind == nullptr) return Wrong("there is no event ", clause.words[0]);
  const v1::KindFacts* facts = FindKindFacts(view, kind->kind);
  const std::string is = absl::StrCat(facts == nullptr ? 0 : facts->count());
  return is == clause.words[1] ? absl::OkStatus() : Differs("there are ", is);
}

// `touched VOICEMAIL 3`: touches of a channel, in the facts.
absl::Status AskTouched(const Clause& clause, const View& view, Memory&) {
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  if (clause.words.size() != 2 ||
      !v1::Channel_Parse(absl::StrCat("CHANNEL_", clause.words[0]), &channel)) {
    return Wrong("write `touched` with a channel and a count, such as `touched PHONE 2`");
  }
  int64_t touches = 0;
  for (const v1::ChannelFacts& one : view.facts->measures().channels()) {
    if (one.channel() == static_cast<uint32_t>(channel)) touches = one.touches();
  }
  if (absl::StrCat(touches) == clause.words[1]) return absl::OkStatus();
  return Differs("there are ", touches);
}

// `spent 40.00EUR`: the exact sum of purchases in a currency.
absl::Status AskSpent(const Clause& clause, const View& view, Memory&) {
  ASSIGN_OR_RETURN(const std::string written, OneWord(clause));
  v1::Event scratch;
  scratch.set_kind(v1::KIND_PURCHASE_MADE);
  RETURN_IF_ERROR(SetFields({absl::StrCat("value=", written)}, scratch));
  int64_t micros = 0;
  for (const v1::CurrencyFacts& one : view.facts->money().currencies()) {
    if (one.currency() == scratch.value().currency()) micros = one.spend_micros();
  }
  if (micros == scratch.value().micros()) return absl::OkStatus();
  return Differs("it is ", micros, " millionths");
}

// `known 2`: so many customers there are by now.
absl::Status AskKnown(const Clause& clause, const View& view, Memory&) {
  ASSIGN_OR_RETURN(const std::string expected, OneWord(clause));
  if (absl::StrCat(view.known) == expected) return absl::OkStatus();
  return Differs("there are ", view.known);
}

absl::Status AskOwner(const Clause& clause, const View& view, Memory&) {
  const std::string& is = view.facts->known().owner().key();
  if (clause.negated && clause.words.empty()) {
    return is.empty() ? absl::OkStatus() : Differs("it is ", is);
  }
  ASSIGN_OR_RETURN(const std::string expected, OneWord(clause));
  if ((expected == is) != clause.negated) return absl::OkStatus();
  return Differs("it is ", is.empty() ? "nobody" : is);
}

// `prefers channel EMAIL`: the last word on a preference.
absl::Status AskPrefers(const Clause& clause, const View& view, Memory&) {
  if (clause.words.size() != 2) return Wrong("write `prefers KEY VALUE`");
  std::string is;
  for (const v1::Item& item : view.facts->known().preferences().items()) {
    if (item.key() == clause.words[0]) is = item.subject();
  }
  if ((is == clause.words[1]) != clause.negated) return absl::OkStatus();
  return Differs("it is ", is.empty() ? "not known" : is);
}

// The receipt of the stage, a flag or a line; null = the flag is not up, or there is no such thing.
const v1::Receipt* FindReceipt(const std::string& of, const v1::Standing& standing) {
  if (of == "stage") return &standing.stage_rule();
  for (const v1::FlagState& flag : standing.flags()) {
    if (flag.receipt().rule_id() == of) return &flag.receipt();
  }
  for (const v1::Line& line : standing.lines()) {
    if (line.receipt().rule_id() == of) return &line.receipt();
  }
  return nullptr;
}

// `receipt outlook tx 425`: a number that a receipt gives; days are written as dates. With `of 5`
// it is compared with that number.
absl::Status AskReceipt(const Clause& clause, const View& view, Memory&) {
  const bool compared = clause.words.size() == 5 && clause.words[3] == "of";
  if (clause.words.size() != 3 && !compared) {
    return Wrong("write `receipt outlook tx 425` or `receipt stage purchase_days 2 of 5`");
  }
  const v1::Receipt* receipt = FindReceipt(clause.words[0], *view.standing);
  if (receipt == nullptr) return Differs("there is no receipt of ", clause.words[0]);
  std::vector<std::string> names;
  for (const v1::ReceiptInput& input : receipt->inputs()) {
    const std::string is =
        input.unit() == "day" ? FormatDay(input.value()) : absl::StrCat(input.value());
    const std::string of = input.has_threshold() ? absl::StrCat(input.threshold()) : "";
    names.push_back(absl::StrCat(input.name(), " ", is, of.empty() ? "" : " of ", of));
    if (input.name() == clause.words[1] && is == clause.words[2] &&
        (!compared || of == clause.words[4])) {
      return absl::OkStatus();
    }
  }
  return Differs("it says ", absl::StrJoin(names, ", "));
}

// True when the touchpoint holds every field: setting them again changes nothing.
absl::StatusOr<bool> Holds(const std::vector<std::string>& fields, v1::Event event) {
  RETURN_IF_ERROR(SetFields({}, event));
  v1::Event again = event;
  RETURN_IF_ERROR(SetFields(fields, again));
  return again.SerializeAsString() == event.SerializeAsString();
}

// `timeline shows PurchaseMade A1 amount=40.00EUR place=ny`, `timeline has 3 entries`.
absl::Status AskTimeline(const Clause& clause, const View& view, Memory&) {
  const std::vector<std::string>& words = clause.words;
  const std::vector<v1::TimelineEntry>& entries = view.timeline();
  if (words.size() == 3 && words[0] == "has" && absl::StartsWith(words[2], "entr")) {
    if (words[1] == absl::StrCat(entries.size())) return absl::OkStatus();
    return Differs("it has ", entries.size());
  }
  if (words.size() < 2 || words[0] != "shows") {
    return Wrong("write `timeline shows KIND [KEY] field=value ...` or `timeline has 3 entries`");
  }
  const event::KindInfo* kind = event::FindKindByName(words[1]);
  if (kind == nullptr) return Wrong("there is no event ", words[1]);
  const bool has_key = words.size() > 2 && !absl::StrContains(words[2], '=');
  const std::vector<std::string> fields(words.begin() + (has_key ? 3 : 2), words.end());
  bool found = false;
  for (const v1::TimelineEntry& entry : entries) {
    const v1::Event event = event::TouchpointToEvent(entry.touchpoint());
    if (event.kind() != kind->kind || (has_key && KeyOfPayload(event) != words[2])) continue;
    found = true;
    ASSIGN_OR_RETURN(const bool holds, Holds(fields, event));
    if (holds) return absl::OkStatus();
  }
  return Differs(found ? "it shows one with other fields" : "it shows none");
}

// `refused [REASON] [FIELD]`: the last line is in quarantine for that.
absl::Status AskRefused(const Clause& clause, const View& view, Memory&) {
  if (view.fate != Fate::kRefused) return Differs("the last line was not refused");
  const Rejection& rejection = *view.rejection;
  for (const std::string& word : clause.words) {
    const std::optional<rapport::Reason> reason = ReasonFromName(word);
    if (reason.has_value()
            ? *reason == rejection.reason
            : rejection.field == word || rejection.field == absl::StrCat("payload.", word)) {
      continue;
    }
    return Differs("it was refused otherwise: ", rejection.ToStatus().message());
  }
  return absl::OkStatus();
}

absl::Status AskFate(const Clause& clause, const View& view, Memory&) {
  const Fate expected = clause.verb == "duplicate" ? Fate::kDuplicate : Fate::kKept;
  if (view.fate == expected) return absl::OkStatus();
  return Differs("the last line is none");
}

using Asker = absl::Status (*)(const Clause&, const View&, Memory&);

const std::map<std::string, Asker>& Askers() {
  static const auto* const askers = new std::map<std::string, Asker>{
      {"stage", AskStage},         {"reason", AskReason},       {"type", AskType},
      {"mode", AskMode},           {"trend", AskTrend},         {"flag", AskFlag},
      {"flags", AskFlags},         {"receipt", AskReceipt},     {"recurring", AskRecurring},
      {"long-term", AskRecurring}, {"next", AskNext},           {"counted", AskCounted},
      {"touched", AskTouched},     {"spent", AskSpent},         {"owner", AskOwner},
      {"prefers", AskPrefers},     {"timeline", AskTimeline},   {"refused", AskRefused},
      {"duplicate", AskFate},      {"kept", AskFate},           {"remember", Remember},
      {"owed", AskFollowUp},       {"due", AskFollowUp},        {"overdue", AskFollowUp},
      {"pending", AskFollowUp},    {"suppressed", AskFollowUp}, {"done", AskFollowUp},
      {"expired", AskFollowUp},    {"follow-up", AskFollowUp},  {"line", AskLine},
      {"metric", AskMetric},       {"report", AskReport},       {"insight", AskReport},
      {"known", AskKnown},         {"history", AskHistory},     {"weight", AskWeight},
      {"base", AskBase},
  };
  return *askers;
}

bool IsVerb(const std::string& word) { return Askers().contains(word) || IsQuantity(word); }

// Splits off the words behind each `because`.
absl::StatusOr<Clause> ParseClause(std::vector<std::string> words, const Clause* before) {
  Clause clause;
  if (!words.empty() && (words[0] == "no" || words[0] == "not")) {
    clause.negated = true;
    words.erase(words.begin());
  }
  if (words.empty()) return Wrong("a question is missing behind `=>`, `and` or a comma");
  if (IsVerb(words[0])) {
    clause.verb = words[0];
    words.erase(words.begin());
  } else if (before != nullptr && !clause.negated) {
    clause.verb = before->verb;
    clause.negated = before->negated;
  } else {
    return Wrong("`", words[0], "` is no question; README.md lists them");
  }
  std::vector<std::string>* into = &clause.words;
  for (const std::string& word : words) {
    if (word == "because") {
      into = &clause.because.emplace_back();
    } else {
      into->push_back(word);
    }
  }
  return clause;
}

}  // namespace

absl::StatusOr<std::vector<Clause>> ParseClauses(const std::vector<std::string>& words) {
  std::vector<Clause> clauses;
  auto begin = words.begin();
  while (true) {
    const auto end = std::find_if(
        begin, words.end(), [](const std::string& word) { return word == "," || word == "and"; });
    const std::vector<std::string> part(begin, end);
    if (!part.empty() && part[0] == "because" && !clauses.empty()) {
      clauses.back().because.emplace_back(part.begin() + 1, part.end());
    } else {
      ASSIGN_OR_RETURN(Clause clause,
                       ParseClause(part, clauses.empty() ? nullptr : &clauses.back()));
      clauses.push_back(std::move(clause));
    }
    if (end == words.end()) return clauses;
    begin = end + 1;
  }
}

absl::Status Check(const Clause& clause, const View& view, Memory& memory) {
  const auto asker = Askers().find(clause.verb);
  return asker != Askers().end() ? asker->second(clause, view, memory)
                                 : AskNumber(clause, view, memory);
}

bool ExpectsFate(const Clause& clause) {
  return clause.verb == "refused" || clause.verb == "duplicate" || clause.verb == "kept";
}

bool ExpectsFate(const Step& step) {
  for (const Question& question : step.scenes[0].questions) {
    for (const Clause& clause : question.clauses) {
      if (ExpectsFate(clause)) return true;
    }
  }
  return false;
}

}  // namespace rapport::stories
