#include "tests/stories/reason.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/event/kinds.h"
#include "engine/model/ids.h"

namespace rapport::stories {
namespace {

constexpr int kStageRules = 10;

}  // namespace

std::string HexIdOf(const v1::Event& event) { return EventId::FromText(event.event_id()).Hex(); }

bool IsRule(const std::string& id) {
  for (int i = 1; i <= kStageRules; ++i) {
    if (id == absl::StrCat("S", i)) return true;
  }
  v1::Flag flag;
  if (v1::Flag_Parse(absl::StrCat("FLAG_", id), &flag)) return flag != v1::FLAG_UNSPECIFIED;
  v1::RelationshipType type;
  if (v1::RelationshipType_Parse(absl::StrCat("RELATIONSHIP_TYPE_", id), &type)) return true;
  v1::ServiceMode mode;
  if (v1::ServiceMode_Parse(absl::StrCat("SERVICE_MODE_", id), &mode)) return true;
  v1::ScoreLine line;
  return v1::ScoreLine_Parse(absl::StrCat("SCORE_LINE_", absl::AsciiStrToUpper(id)), &line) &&
         absl::AsciiStrToLower(id) == id;
}

absl::StatusOr<Reason> ReadReason(std::vector<std::string> words, const View& view) {
  Reason reason;
  const std::string written = absl::StrJoin(words, " ");
  if (words.size() == 1 && (IsRule(words[0]) || words[0] == "DORMANT" || words[0] == "ENDED")) {
    reason.rule = words[0];
    return reason;
  }
  if (words.size() == 2 && words[0] == "date") {
    reason.date = words[1];
    return reason;
  }
  if (written == "first purchase") {
    reason.first_purchase = true;
    return reason;
  }
  // `first` or `last` chooses among equal ones.
  std::string which;
  if (words.size() > 1 && (words.back() == "first" || words.back() == "last")) {
    which = words.back();
    words.pop_back();
  }
  const std::string kind = words.empty() ? "" : words[0] == "case" ? "ComplaintRaised" : words[0];
  if (words.empty() || words.size() > 2 || event::FindKindByName(kind) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("`because ", written,
                     "` names neither a rule (S10, DAMAGED, friction) nor an event: "
                     "write PurchaseMade A1, or case C1"));
  }
  for (const EventLine* event : view.events) {
    if (event->kind == kind && (words.size() < 2 || event->key == words[1])) {
      if (which == "first" && !reason.events.empty()) break;
      if (which == "last") reason.events.clear();
      reason.events.insert(HexIdOf(event->event));
    }
  }
  if (!reason.events.empty()) return reason;
  return absl::InvalidArgumentError(
      absl::StrCat("`because ", written, "`: no such event of this customer counts so far"));
}

bool Names(const v1::Receipt& receipt, const Reason& reason) {
  if (!reason.rule.empty()) return receipt.rule_id() == reason.rule;
  return std::any_of(receipt.event_ids().begin(), receipt.event_ids().end(),
                     [&](const std::string& id) { return reason.events.contains(id); });
}

bool HangsOn(const v1::FollowUp& follow_up, const Reason& reason) {
  if (!reason.rule.empty()) {
    return std::any_of(follow_up.context().begin(), follow_up.context().end(),
                       [&](const v1::FollowUpContext& one) {
                         return one.name() == "STATE" && absl::StrContains(one.key(), reason.rule);
                       });
  }
  if (!reason.date.empty()) {
    return follow_up.cause().empty() &&
           absl::StartsWith(follow_up.anchor(), absl::StrCat("date:", reason.date, "/"));
  }
  if (reason.first_purchase) {
    return follow_up.cause().empty() &&
           (follow_up.anchor() == "once" || absl::StartsWith(follow_up.anchor(), "repeat:"));
  }
  return reason.events.contains(follow_up.cause());
}

}  // namespace rapport::stories
