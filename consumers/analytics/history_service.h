// HistoryService: the door for analytics teams.
//
// Threads: calls from any thread. Ownership: borrows the engine.
// Never:   any effect on the log, on facts or on the outside.
#pragma once

#include <functional>
#include <memory>
#include <string>
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

  // All that the rules of a digest say.
  using RulesText = std::function<absl::StatusOr<std::string>(const std::string& digest)>;

  // Walks of the whole base take a turn.
  HistoryService(Engine* engine, FindRules find_rules, RulesText rules_text, edge::Turns* walks)
      : engine_(engine),
        find_rules_(std::move(find_rules)),
        rules_text_(std::move(rules_text)),
        walks_(walks) {}

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
  absl::Status GetCapsule(const edge::Call& call, const v1::GetCapsuleRequest& request,
                          v1::GetCapsuleResponse& response);
  absl::Status Report(const edge::Call& call, const v1::ReportRequest& request,
                      v1::ReportResponse& response);

 private:
  Engine* const engine_;
  const FindRules find_rules_;
  const RulesText rules_text_;
  edge::Turns* const walks_;
};

}  // namespace rapport::analytics
