// RelationshipService: the door for support tools.
//
// Threads: calls from any thread. Ownership: borrows the engine.
#pragma once

#include "consumers/edge/method_table.h"
#include "consumers/support/follow_up_desk.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

class RelationshipService final {
 public:
  explicit RelationshipService(Engine* engine) : engine_(engine), desk_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status GetRelationship(const edge::Call& call, const v1::GetRelationshipRequest& request,
                               v1::GetRelationshipResponse& response);
  absl::Status ListFollowUps(const edge::Call& call, const v1::ListFollowUpsRequest& request,
                             v1::ListFollowUpsResponse& response);
  absl::Status ListTimeline(const edge::Call& call, const v1::ListTimelineRequest& request,
                            v1::ListTimelineResponse& response);
  absl::Status ExplainRelationship(const edge::Call& call,
                                   const v1::ExplainRelationshipRequest& request,
                                   v1::ExplainRelationshipResponse& response);
  absl::Status ResolveCustomer(const edge::Call& call, const v1::ResolveCustomerRequest& request,
                               v1::ResolveCustomerResponse& response);
  absl::Status SummarizeBase(const edge::Call& call, const v1::SummarizeBaseRequest& request,
                             v1::SummarizeBaseResponse& response);

 private:
  Engine* const engine_;
  FollowUpDesk desk_;
};

}  // namespace rapport::support
