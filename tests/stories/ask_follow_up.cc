#include "tests/stories/ask_follow_up.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "rapport/v1/channel.pb.h"
#include "tests/stories/reason.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

bool IsOwed(const v1::FollowUp& one) {
  return one.status() == v1::FOLLOW_UP_STATUS_DUE || one.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
}

bool HasStatus(const std::string& verb, const v1::FollowUp& one) {
  if (verb == "follow-up") return true;
  if (verb == "owed") return IsOwed(one);
  v1::FollowUpStatus status;
  return v1::FollowUpStatus_Parse(absl::StrCat("FOLLOW_UP_STATUS_", absl::AsciiStrToUpper(verb)),
                                  &status) &&
         one.status() == status;
}

// What policies can wait for: AT_RISK, DORMANT, ENDED.
bool IsState(const std::string& rule) {
  v1::Flag flag;
  return rule == "DORMANT" || rule == "ENDED" || v1::Flag_Parse(absl::StrCat("FLAG_", rule), &flag);
}

// What a follow-up carries; with a count exactly so many different ones.
struct Carried {
  std::string name, key;
  std::optional<size_t> count;
};

// What narrows a question down. Everything that is set must be so.
struct Wanted {
  std::optional<int64_t> opened_us, from_us, by_us, until_us;
  std::string key, department, assignee, priority;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::Suppression suppressed_by = v1::SUPPRESSION_UNSPECIFIED;
  std::optional<Reason> closed_by;
  std::vector<Reason> causes;
  std::vector<Carried> carried;
  // Held back by the budget, since another goes first; of that policy, if one is named.
  bool outranked = false;
  std::string outranked_by;

  bool Fits(const v1::FollowUp& one) const {
    const auto is = [](const std::optional<int64_t>& wanted, int64_t at_us) {
      return !wanted.has_value() || *wanted == at_us;
    };
    const auto said = [](const std::string& wanted, const std::string& text) {
      return wanted.empty() || wanted == text;
    };
    return is(opened_us, one.opened_at_us()) && is(from_us, one.from_us()) &&
           is(by_us, one.by_us()) &&
           (!until_us.has_value() || (one.has_until_us() && *until_us == one.until_us())) &&
           said(key, one.key()) && said(department, one.department()) &&
           said(assignee, one.assignee()) && said(priority, absl::StrCat(one.priority())) &&
           (channel == 0 || one.channel() == static_cast<uint32_t>(channel)) &&
           (suppressed_by == 0 || one.suppressed_by() == suppressed_by) &&
           (!closed_by.has_value() || closed_by->events.contains(one.closed_by())) &&
           std::all_of(causes.begin(), causes.end(),
                       [&](const Reason& cause) { return HangsOn(one, cause); }) &&
           std::all_of(carried.begin(), carried.end(),
                       [&](const Carried& wanted) { return Carries(one, wanted); });
  }

  // `standing` is that of the follow-up.
  bool Outranked(const v1::FollowUp& one, const v1::Standing& standing) const {
    if (!outranked) return true;
    if (one.outranked_by().empty()) return false;
    return outranked_by.empty() ||
           std::any_of(standing.follow_ups().begin(), standing.follow_ups().end(),
                       [&](const v1::FollowUp& other) {
                         return other.policy() == outranked_by &&
                                absl::EndsWith(other.name(), one.outranked_by());
                       });
  }

 private:
  static bool Carries(const v1::FollowUp& one, const Carried& wanted) {
    // By the events that say so: one event twice is one.
    std::set<std::string> found;
    for (const v1::FollowUpContext& context : one.context()) {
      if (context.name() == wanted.name && context.key() == wanted.key) {
        found.insert(context.event_id());
      }
    }
    return wanted.count.has_value() ? found.size() == *wanted.count : !found.empty();
  }
};

// Reads what stands behind the policy's name.
class WantedReader {
 public:
  WantedReader(const Clause& clause, const View& view) : clause_(clause), view_(view) {}

  absl::StatusOr<Wanted> Read() {
    while (next_ < clause_.words.size()) RETURN_IF_ERROR(ReadOne(clause_.words[next_++]));
    for (const std::vector<std::string>& words : clause_.because) {
      ASSIGN_OR_RETURN(Reason cause, ReadReason(words, view_));
      if (!cause.rule.empty() && !IsState(cause.rule)) {
        return Wrong("a follow-up is owed because of an event, a date or a state");
      }
      wanted_.causes.push_back(std::move(cause));
    }
    return std::move(wanted_);
  }

 private:
  absl::Status ReadOne(const std::string& word) {
    if (word == "by" && clause_.verb == "suppressed" && wanted_.suppressed_by == 0) {
      return ReadSuppression();
    }
    if (word == "opened") return Moment(wanted_.opened_us);
    if (word == "from") return Moment(wanted_.from_us);
    if (word == "by") return Moment(wanted_.by_us);
    if (word == "until") return Moment(wanted_.until_us);
    if (word == "for") return Word(wanted_.key);
    if (word == "to") return Word(wanted_.department);
    if (word == "assigned") return Word(wanted_.assignee);
    if (word == "priority") return Word(wanted_.priority);
    if (word == "carrying") return ReadCarried();
    if (word == "outranked") return ReadOutranked();
    if (word == "with") return ReadCloser();
    if (word == "through") {
      std::string name;
      RETURN_IF_ERROR(Word(name));
      if (v1::Channel_Parse(absl::StrCat("CHANNEL_", name), &wanted_.channel)) {
        return absl::OkStatus();
      }
      return Wrong("there is no channel ", name);
    }
    return Wrong("`", word, "` says nothing about a follow-up: write by, from, until, for, to ...");
  }

  absl::Status Moment(std::optional<int64_t>& into) {
    ASSIGN_OR_RETURN(into, TakeMoment(clause_.words, next_, view_.line_us));
    return absl::OkStatus();
  }

  absl::Status Word(std::string& into) {
    if (next_ == clause_.words.size()) return Wrong("a word is missing at the end");
    into = clause_.words[next_++];
    return absl::OkStatus();
  }

  absl::Status ReadSuppression() {
    std::string name;
    RETURN_IF_ERROR(Word(name));
    if (v1::Suppression_Parse(absl::StrCat("SUPPRESSION_", name), &wanted_.suppressed_by)) {
      return absl::OkStatus();
    }
    return Wrong("nothing is suppressed by ", name);
  }

  // `NEED delivery`, or `3 FulfilmentStepDone A1`.
  absl::Status ReadCarried() {
    Carried carried;
    RETURN_IF_ERROR(Word(carried.name));
    size_t count = 0;
    if (absl::SimpleAtoi(carried.name, &count)) {
      carried.count = count;
      RETURN_IF_ERROR(Word(carried.name));
    }
    RETURN_IF_ERROR(Word(carried.key));
    wanted_.carried.push_back(std::move(carried));
    return absl::OkStatus();
  }

  absl::Status ReadOutranked() {
    wanted_.outranked = true;
    if (next_ == clause_.words.size() || clause_.words[next_] != "by") return absl::OkStatus();
    ++next_;
    RETURN_IF_ERROR(Word(wanted_.outranked_by));
    if (view_.policies->contains(wanted_.outranked_by)) return absl::OkStatus();
    return Wrong("the rules have no policy ", wanted_.outranked_by);
  }

  absl::Status ReadCloser() {
    std::vector<std::string> words;
    while (next_ < clause_.words.size()) words.push_back(clause_.words[next_++]);
    ASSIGN_OR_RETURN(wanted_.closed_by, ReadReason(words, view_));
    return absl::OkStatus();
  }

  const Clause& clause_;
  const View& view_;
  size_t next_ = 1;
  Wanted wanted_;
};

std::string Describe(const v1::FollowUp& one) {
  std::string text =
      absl::StrCat(absl::AsciiStrToLower(absl::StripPrefix(v1::FollowUpStatus_Name(one.status()),
                                                           "FOLLOW_UP_STATUS_")),
                   one.key().empty() ? "" : " for ", one.key(), " from ", Written(one.from_us()),
                   " by ", Written(one.by_us()), " to ", one.department());
  if (one.status() == v1::FOLLOW_UP_STATUS_SUPPRESSED) {
    absl::StrAppend(&text, " by ",
                    absl::StripPrefix(v1::Suppression_Name(one.suppressed_by()), "SUPPRESSION_"));
  }
  for (const v1::FollowUpContext& context : one.context()) {
    absl::StrAppend(&text, " carrying ", context.name(), " ", context.key());
  }
  return absl::StrCat(text, ": ", one.text());
}

absl::Status Differs(const std::string& policy, const View& view) {
  std::string text = absl::StrCat("it is otherwise with ", policy, ":");
  bool any = false;
  for (const v1::FollowUp& one : view.standing->follow_ups()) {
    if (one.policy() != policy) continue;
    absl::StrAppend(&text, any ? "; " : " ", Describe(one));
    any = true;
  }
  return absl::FailedPreconditionError(any ? text : absl::StrCat("there is no ", policy));
}

}  // namespace

absl::Status AskFollowUp(const Clause& clause, const View& view, Memory&) {
  if (clause.words.empty()) return Wrong("name a policy, such as thank_you");
  const std::string& policy = clause.words[0];
  if (!view.policies->contains(policy)) return Wrong("the rules have no policy ", policy);
  ASSIGN_OR_RETURN(const Wanted wanted, WantedReader(clause, view).Read());
  if (clause.verb == "suppressed" && wanted.suppressed_by == 0 && !clause.negated) {
    return Wrong("write `suppressed ", policy, " by OPEN_CASE`");
  }
  bool found = false, owed = false;
  for (const v1::FollowUp& one : view.standing->follow_ups()) {
    if (one.policy() != policy) continue;
    found = found || (HasStatus(clause.verb, one) && wanted.Fits(one) &&
                      wanted.Outranked(one, *view.standing));
    owed = owed || IsOwed(one);
  }
  if (clause.negated) return found ? Differs(policy, view) : absl::OkStatus();
  const bool over = clause.verb == "done" && wanted.key.empty() && wanted.causes.empty();
  return found && !(over && owed) ? absl::OkStatus() : Differs(policy, view);
}

}  // namespace rapport::stories
