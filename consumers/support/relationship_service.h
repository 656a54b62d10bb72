// RelationshipService: the door for support tools.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/relationships.grpc.pb.h"

namespace rapport::support {

class RelationshipService final : public v1::RelationshipService::Service {
 public:
  explicit RelationshipService(Engine* engine) : engine_(engine) {}

  grpc::Status GetRelationship(grpc::ServerContext* context,
                               const v1::GetRelationshipRequest* request,
                               v1::GetRelationshipResponse* response) override;
  grpc::Status ListFollowUps(grpc::ServerContext* context, const v1::ListFollowUpsRequest* request,
                             v1::ListFollowUpsResponse* response) override;
  grpc::Status ListTimeline(grpc::ServerContext* context, const v1::ListTimelineRequest* request,
                            v1::ListTimelineResponse* response) override;
  grpc::Status ExplainRelationship(grpc::ServerContext* context,
                                   const v1::ExplainRelationshipRequest* request,
                                   v1::ExplainRelationshipResponse* response) override;
  grpc::Status ResolveCustomer(grpc::ServerContext* context,
                               const v1::ResolveCustomerRequest* request,
                               v1::ResolveCustomerResponse* response) override;
  grpc::Status SummarizeBase(grpc::ServerContext* context, const v1::SummarizeBaseRequest* request,
                             v1::SummarizeBaseResponse* response) override;

 private:
  Engine* const engine_;
};

}  // namespace rapport::support
