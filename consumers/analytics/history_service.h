// HistoryService: the door for analytics teams.
//
// Threads: calls from any thread. Ownership: borrows the engine.
// Never:   any effect on the log, on facts or on the outside.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "consumers/edge/method_table.h"
#include "consumers/edge/turns.h"
#include "engine/engine.h"
#include "rapport/v1/history.pb.h"

namespace rapport::analytics {

class HistoryService final {
 public:
  // What folds and evaluates by the rules that a question of what would be names.
  using FindRules = std::function<absl::StatusOr<std::shared_ptr<const fold::Projection>>(
      const v1::WhatIfRequest& request)>;

  // Walks of the whole base take a turn.
  HistoryService(Engine* engine, FindRules find_rules, edge::Turns* walks)
      : engine_(engine), find_rules_(std::move(find_rules)), walks_(walks) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status ReplayEvents(const edge::Call& call, const v1::ReplayEventsRequest& request,
                            edge::Sink<v1::ReplayEventsResponse>& sink);
  absl::Status Digest(const edge::Call& call, const v1::DigestRequest& request,
                      v1::DigestResponse& response);
  absl::Status SnapshotBase(const edge::Call& call, const v1::SnapshotBaseRequest& request,
                            edge::Sink<v1::SnapshotBaseResponse>& sink);
  absl::Status ListStandings(const edge::Call& call, const v1::ListStandingsRequest& request,
                             v1::ListStandingsResponse& response);
  absl::Status Diff(const edge::Call& call, const v1::DiffRequest& request,
                    v1::DiffResponse& response);
  absl::Status WhatIf(const edge::Call& call, const v1::WhatIfRequest& request,
                      v1::WhatIfResponse& response);
  absl::Status Backtest(const edge::Call& call, const v1::BacktestRequest& request,
                        v1::BacktestResponse& response);

 private:
  Engine* const engine_;
  const FindRules find_rules_;
  edge::Turns* const walks_;
};

}  // namespace rapport::analytics
