#include "tests/bench/doors/exporting.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/analytics/export_on_server.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {
namespace {

struct Exported {
  const char* name;
  // Of the log that is known; empty = now.
  std::string known_at;
  std::vector<double> walked_s = {};
  std::vector<double> exported_s = {};
  v1::ExportedFile file = {};
};

// Everybody's stage, flags, score, types and next change, as rows of the table have them, and no
// table.
absl::StatusOr<double> Walk(const Served& served, const v1::Viewpoint& asked) {
  const Engine& engine = served.engine();
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(asked, absl::InfiniteFuture(), engine));
  ASSIGN_OR_RETURN(const auto walk, engine.WalkBase(viewpoint));
  fold::EvaluateOptions options;
  options.receipts = options.follow_ups = false;
  v1::Standing standing;
  RETURN_IF_ERROR(walk->ForEach([](Partition, int64_t) { return absl::OkStatus(); },
                                [&](const history::BaseCustomer& one) {
                                  standing.Clear();
                                  viewpoint.rules->Evaluate(one.survivor, one.facts,
                                                            viewpoint.as_of_us,
                                                            one.Options(options), standing);
                                  return absl::OkStatus();
                                }));
  return absl::ToDoubleSeconds(absl::Now() - begun);
}

absl::Status Export(const Served& served, edge::Turns& turns, int round, Exported& table) {
  v1::ExportRequest request;
  request.mutable_base()->set_table(v1::BASE_TABLE_RELATIONSHIPS);
  request.mutable_base()->mutable_viewpoint()->set_known_at(table.known_at);
  ASSIGN_OR_RETURN(const double walked, Walk(served, request.base().viewpoint()));
  const edge::Call call{edge::Caller()};
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(analytics::ExportOnServer(served.engine(), call, turns, request,
                                            absl::StrCat(served.folder(), "/exports/", round),
                                            table.file));
  table.exported_s.push_back(absl::ToDoubleSeconds(absl::Now() - begun));
  table.walked_s.push_back(walked);
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureExports(const Served& served, int rounds) {
  RETURN_IF_ERROR(served.engine().pipeline().Checkpoint(absl::InfiniteFuture()));
  edge::Turns turns("exports", /*at_once=*/1, /*waiting_max=*/1);
  std::vector<Exported> tables = {
      {"of now", ""}, {"of a position", served.engine().pipeline().Durable().ToString()}};
  for (int round = 0; round < rounds; ++round) {
    for (Exported& table : tables) RETURN_IF_ERROR(Export(served, turns, round, table));
  }
  for (const Exported& table : tables) {
    std::printf(
        "relationships %-14s %lld rows, %lld bytes  %6.2f s as Parquet, %6.2f s walked and "
        "evaluated alone (%.2f of it)\n",
        table.name, static_cast<long long>(table.file.rows()),
        static_cast<long long>(table.file.bytes()), Median(table.exported_s),
        Median(table.walked_s), Median(table.walked_s) / Median(table.exported_s));
  }
  return absl::OkStatus();
}

}  // namespace rapport::bench
