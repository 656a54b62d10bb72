// HistoryService: the door for analytics teams.
//
// Threads: calls from any thread. Ownership: borrows the engine.
// Never:   any effect on the log, on facts or on the outside.
#pragma once

#include "consumers/edge/method_table.h"
#include "engine/engine.h"
#include "rapport/v1/history.pb.h"

namespace rapport::analytics {

class HistoryService final {
 public:
  explicit HistoryService(Engine* engine) : engine_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status ReplayEvents(const edge::Call& call, const v1::ReplayEventsRequest& request,
                            edge::Sink<v1::ReplayEventsResponse>& sink);
  absl::Status Digest(const edge::Call& call, const v1::DigestRequest& request,
                      v1::DigestResponse& response);
  absl::Status ListStandings(const edge::Call& call, const v1::ListStandingsRequest& request,
                             v1::ListStandingsResponse& response);

 private:
  Engine* const engine_;
};

}  // namespace rapport::analytics
