// HistoryService: the door for analytics teams.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine.
// Never:   any effect on the log, on facts or on the outside.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/history.grpc.pb.h"

namespace rapport::analytics {

class HistoryService final : public v1::HistoryService::Service {
 public:
  explicit HistoryService(Engine* engine) : engine_(engine) {}

  grpc::Status ReplayEvents(grpc::ServerContext* context, const v1::ReplayEventsRequest* request,
                            grpc::ServerWriter<v1::ReplayEventsResponse>* writer) override;
  grpc::Status Digest(grpc::ServerContext* context, const v1::DigestRequest* request,
                      v1::DigestResponse* response) override;
  grpc::Status ListStandings(grpc::ServerContext* context, const v1::ListStandingsRequest* request,
                             v1::ListStandingsResponse* response) override;

 private:
  Engine* const engine_;
};

}  // namespace rapport::analytics
