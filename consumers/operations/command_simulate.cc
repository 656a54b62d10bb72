#include "consumers/operations/command_simulate.h"

#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/field_path.h"
#include "consumers/operations/command_events.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

std::string StageText(const v1::Standing& standing) {
  std::string text = StageName(standing.stage());
  if (standing.stage_reason() != v1::STAGE_REASON_UNSPECIFIED) {
    absl::StrAppend(&text, " (", StageReasonName(standing.stage_reason()), ")");
  }
  return text;
}

void PrintPair(const char* what, const std::string& before, const std::string& after) {
  std::printf("%s  %s -> %s\n", Pad(what, 12).c_str(), before.c_str(), after.c_str());
}

void PrintLines(const v1::Standing& before, const v1::Standing& after) {
  for (int i = 0; i < after.lines_size(); ++i) {
    const int64_t was = i < before.lines_size() ? before.lines(i).milli_points() : 0;
    const int64_t moved = after.lines(i).milli_points() - was;
    if (moved == 0) continue;
    std::printf("  %s %s\n", Pad(LineName(after.lines(i).line()), 16).c_str(),
                Pad(absl::StrCat(moved > 0 ? "+" : "", Points(moved)), -9).c_str());
  }
}

void PrintFlags(const v1::Standing& before, const v1::Standing& after) {
  std::set<v1::Flag> was, is;
  for (const v1::FlagState& flag : before.flags()) was.insert(flag.flag());
  for (const v1::FlagState& flag : after.flags()) is.insert(flag.flag());
  for (const v1::Flag flag : is) {
    if (!was.contains(flag)) std::printf("flag          +%s\n", FlagName(flag).c_str());
  }
  for (const v1::Flag flag : was) {
    if (!is.contains(flag)) std::printf("flag          -%s\n", FlagName(flag).c_str());
  }
}

// Follow-ups whose status is another.
void PrintFollowUps(const v1::Standing& before, const v1::Standing& after) {
  std::map<std::string, v1::FollowUpStatus> was;
  for (const v1::FollowUp& one : before.follow_ups()) was[one.name()] = one.status();
  for (const v1::FollowUp& one : after.follow_ups()) {
    const auto found = was.find(one.name());
    const std::string then = found == was.end() ? "none" : StatusName(found->second);
    if (found != was.end()) was.erase(found);
    const std::string now = StatusName(one.status());
    if (then == now) continue;
    std::printf("%s  %s  %s -> %s\n", Pad("follow-up", 12).c_str(), one.policy().c_str(),
                then.c_str(), now.c_str());
  }
  for (const v1::FollowUp& one : before.follow_ups()) {
    if (!was.contains(one.name())) continue;
    std::printf("%s  %s  %s -> none\n", Pad("follow-up", 12).c_str(), one.policy().c_str(),
                StatusName(one.status()).c_str());
  }
}

void PrintAnswer(const v1::SimulateRelationshipResponse& answer) {
  const v1::Standing& before = answer.before();
  const v1::Standing& after = answer.after();
  std::printf("%s, as of %s; nothing was written\n", answer.customer_id().c_str(),
              FormatSecond(after.as_of_us()).c_str());
  PrintPair("stage", StageText(before), StageText(after));
  PrintPair("score", Points(before.score_milli()), Points(after.score_milli()));
  PrintLines(before, after);
  PrintFlags(before, after);
  PrintFollowUps(before, after);
}

}  // namespace

absl::Status SimulateCustomer(Client& client, const CustomerSimulate& options) {
  v1::SimulateRelationshipRequest request;
  request.set_customer_id(options.id);
  if (!options.at.empty()) {
    ASSIGN_OR_RETURN(const int64_t at_us, MomentAfter("--at", options.at, NowMicros()));
    request.mutable_viewpoint()->set_as_of_us(at_us);
  }
  request.mutable_viewpoint()->set_rules(options.rules);
  ASSIGN_OR_RETURN(std::vector<v1::Touchpoint> imagined, ReadTouchpoints(options.file));
  for (v1::Touchpoint& touchpoint : imagined) *request.add_touchpoints() = std::move(touchpoint);
  v1::SimulateRelationshipResponse answer;
  const absl::Status status =
      client.Call(client.relationships(), &v1::RelationshipService::Stub::SimulateRelationship,
                  request, &answer);
  // Who imagined it wrote JSON.
  if (!status.ok()) return edge::InJson(status);
  if (options.format == Format::kTable) {
    PrintAnswer(answer);
  } else {
    PrintJson(options.format, {&answer});
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
