// Viewpoints and answers: how a request's moment and position reach the engine, and what every
// answer says about itself.
//
// Threads: functions may be called from any thread.
// Errors: INVALID_ARGUMENT for a moment out of range, a malformed position, or a page of other
//         rules; DATA_LOSS for a position of another log, those of Pipeline::WaitFor for one that
//         is not reached; those of Engine::RulesNamed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "consumers/edge/call.h"
#include "consumers/edge/page.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::edge {

// Why a moment cannot be asked about at `now_us`, to stand behind the name of its field or flag;
// empty = it can be.
std::string FaultOfMoment(int64_t as_of_us, int64_t now_us);

// A viewpoint as the engine takes it, as_of filled with now when it was not given, with the rules
// that it names, else those that are active at this moment: all of the answer is of them. Waits
// until its known_at is applied, and is late once the deadline has passed. `field` = what the
// request calls it.
absl::StatusOr<history::Viewpoint> ViewpointOf(const v1::Viewpoint& viewpoint, absl::Time deadline,
                                               const Engine& engine,
                                               absl::string_view field = "viewpoint");

// The same of a page: at the moment of the pages before, unless it names one, and by their rules.
// PAGE_TOKEN_INVALID when others are active by now: half a list by each would be neither's.
absl::StatusOr<history::Viewpoint> ViewpointOfPage(const v1::Viewpoint& viewpoint, const Page& page,
                                                   absl::Time deadline, const Engine& engine);

// The token of the page after `page` of a list that is answered from `viewpoint`.
std::string NextPageToken(const PageTokens& tokens, const Page& page, size_t total,
                          const google::protobuf::Message& query,
                          const history::Viewpoint& viewpoint);

// The same of a list that goes on behind a place; empty when that is empty.
std::string NextPageTokenAfter(const PageTokens& tokens, const Page& page, absl::string_view place,
                               const google::protobuf::Message& query,
                               const history::Viewpoint& viewpoint);

// OK while the caller of a method that may take as long as he likes waits for it: CANCELLED once he
// has left, DEADLINE_EXCEEDED (DEADLINE_PASSED) behind the deadline that he gave.
absl::Status CheckAsked(const Call& call);

// Lets a walk go on while CheckAsked says so, and tells the call how far it is.
history::BaseWalk::GoOn WhileAsked(const Call& call);

// How many customers each partition has.
std::vector<int64_t> CustomersByPartition(const Engine& engine);

// A position of this engine's log: POSITION_LOST for one of another log, POSITION_MALFORMED for one
// that names a partition that is not there.
absl::StatusOr<Position> PositionOf(const std::string& text, const Engine& engine);

// Waits until `min_position` is applied.
absl::Status AwaitPosition(const std::string& min_position, absl::Time deadline,
                           const pipeline::Pipeline& pipeline);

// How answers name rules.
const std::string& RulesDigestOf(const fold::Projection& rules);

// Position, lag and rules of an answer from `viewpoint`, and what was lost of the base. Take it
// before reading: what is read then holds at least this position. REQUIRES: the viewpoint has
// rules, as those of ViewpointOf do.
v1::AnswerInfo AnswerInfoOf(const Engine& engine, const history::Viewpoint& viewpoint);
// The same of an answer that no rules are asked for, such as whether the engine is ready.
v1::AnswerInfo AnswerInfoOf(const Engine& engine, int64_t as_of_us);

// Leaves in `info` what was lost of the partitions of one relationship.
void LimitTo(const Group& group, const Engine& engine, v1::AnswerInfo& info);

// Who is one with the customer asked about, in an answer that can say so.
template <typename Response>
void TellMembers(const std::string& customer_id, const Group& group, Response& response) {
  if (!group.is_merged()) return;
  if (group.survivor != customer_id) response.set_merged_into(group.survivor);
  for (const std::string& member : group.members) response.add_members(member);
}

// The same, and from where on that relationship is whole.
template <typename Response>
void TellGroup(const Engine& engine, const std::string& customer_id, const Group& group,
               Response& response) {
  LimitTo(group, engine, *response.mutable_info());
  TellMembers(customer_id, group, response);
}

}  // namespace rapport::edge
