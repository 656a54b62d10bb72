// RelationshipService: the door for support tools.
//
// Threads: calls from any thread. Ownership: borrows the engine and the turns of walks.
#pragma once

#include "consumers/edge/method_table.h"
#include "consumers/edge/page.h"
#include "consumers/edge/turns.h"
#include "consumers/support/follow_up_desk.h"
#include "consumers/support/watch_hub.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

class RelationshipService final {
 public:
  RelationshipService(Engine* engine, edge::Turns* walks)
      : engine_(engine),
        walks_(walks),
        page_tokens_(&engine->clock()),
        desk_(engine),
        hub_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status GetRelationship(const edge::Call& call, const v1::GetRelationshipRequest& request,
                               v1::GetRelationshipResponse& response);
  absl::Status BatchGetRelationships(const edge::Call& call,
                                     const v1::BatchGetRelationshipsRequest& request,
                                     v1::BatchGetRelationshipsResponse& response);
  absl::Status ListRelationships(const edge::Call& call,
                                 const v1::ListRelationshipsRequest& request,
                                 v1::ListRelationshipsResponse& response);
  absl::Status SimulateRelationship(const edge::Call& call,
                                    const v1::SimulateRelationshipRequest& request,
                                    v1::SimulateRelationshipResponse& response);
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
  absl::Status WatchRelationships(const edge::Call& call,
                                  const v1::WatchRelationshipsRequest& request,
                                  edge::Sink<v1::WatchRelationshipsResponse>& sink);

  // Streams that WatchRelationships serves now.
  size_t watch_streams() const { return hub_.seats(); }

 private:
  Engine* const engine_;
  edge::Turns* const walks_;
  const edge::PageTokens page_tokens_;
  FollowUpDesk desk_;
  WatchHub hub_;
};

}  // namespace rapport::support
