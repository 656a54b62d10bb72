#include "consumers/operations/http_pages.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/edge/descriptors.h"
#include "consumers/edge/open_api.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/operations/output.h"
#include "engine/base/check.h"

namespace rapport::operations {
namespace {

using edge::HttpAnswer;
using edge::HttpHead;

HttpAnswer Text(std::string text, int status = 200) {
  return {status, "text/plain; charset=utf-8", std::move(text), {}};
}

// How far all is that the log held when it was looked at first.
struct Readiness {
  bool is_ready = true;
  int64_t applied = 0;
  int64_t wanted = 0;
  // A line each.
  std::string missing;

  int percent() const {
    if (is_ready) return 100;
    return wanted == 0 ? 0 : static_cast<int>(std::min<int64_t>(99, applied * 100 / wanted));
  }
};

std::string TroubleOf(const pipeline::PartitionProgress& progress) {
  const absl::Status& trouble = progress.stopped.ok() ? progress.waiting : progress.stopped;
  return trouble.ok() ? "" : edge::ReasonOf(trouble);
}

Readiness ReadinessOf(const Engine& engine) {
  Readiness readiness;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    const pipeline::PartitionProgress progress = engine.pipeline().progress(partition);
    readiness.applied += std::min(progress.applied, std::max<Offset>(progress.met_end, 0));
    readiness.wanted += std::max<Offset>(progress.met_end, 0);
    if (progress.is_current) continue;
    readiness.is_ready = false;
    const std::string trouble = TroubleOf(progress);
    absl::StrAppend(&readiness.missing, "partition ", partition, ": ",
                    progress.met_end < 0
                        ? "where its log ends is not known yet"
                        : absl::StrCat("applied ", progress.applied, " of ", progress.met_end),
                    trouble.empty() ? "" : absl::StrCat(", ", trouble), "\n");
  }
  return readiness;
}

HttpAnswer ShowReady(const Engine& engine) {
  const Readiness readiness = ReadinessOf(engine);
  if (readiness.is_ready) return Text("ready\n");
  HttpAnswer answer =
      Text(absl::StrCat("not ready, ", readiness.percent(), " %\n", readiness.missing), 503);
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

HttpAnswer ShowStatus(const Engine& engine) {
  const v1::AnswerInfo info = edge::AnswerInfoOf(engine, 0);
  const Readiness readiness = ReadinessOf(engine);
  const store::EventCounters counters = engine.pipeline().counters();
  std::string text = absl::StrCat(
      "rapport ", RAPPORT_VERSION, ", ", engine.log().name(), " log ",
      engine.archive().identity().ToString(), "\n",
      readiness.is_ready ? "ready" : absl::StrCat("not ready, ", readiness.percent(), " %"), ", ",
      Thousands(info.lag_events()), " events behind, rules ", info.rules_digest(), "\n",
      Thousands(counters.folded), " events folded, ", Thousands(counters.duplicates),
      " duplicates, ", Thousands(counters.rejected + counters.conflicts), " in quarantine\n");
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    const pipeline::PartitionProgress progress = engine.pipeline().progress(partition);
    const std::string trouble = TroubleOf(progress);
    absl::StrAppend(&text, "partition ", partition, ": applied ", progress.applied, ", durable ",
                    progress.durable, ", ", Thousands(progress.customers), " customers",
                    trouble.empty() ? "" : absl::StrCat(", ", trouble), "\n");
  }
  if (const absl::Status paused = engine.MayWrite(); !paused.ok()) {
    absl::StrAppend(&text, "nothing is taken in: ", edge::ReasonOf(paused), "\n");
  }
  return Text(std::move(text));
}

}  // namespace

std::vector<edge::HttpPage> HttpPages(const Engine* engine, const edge::MethodTable* table,
                                      Metrics* metrics) {
  // Whoever may ask for the status may see it here.
  const edge::Method* const status = table->Find("/rapport.v1.OperationsService/GetStatus");
  RAPPORT_CHECK(status != nullptr);
  const auto contract = std::make_shared<const std::string>(edge::OpenApi(*table, RAPPORT_VERSION));
  return {
      {"/livez", nullptr, [](const HttpHead&) { return Text("ok\n"); }},
      {"/readyz", nullptr, [engine](const HttpHead&) { return ShowReady(*engine); }},
      {"/statusz", status, [engine](const HttpHead&) { return ShowStatus(*engine); }},
      {"/metrics", status,
       [metrics](const HttpHead&) {
         HttpAnswer answer = Text(metrics->Text());
         answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
         return answer;
       }},
      {"/openapi.json", nullptr,
       [contract](const HttpHead&) {
         return HttpAnswer{200, "application/json", *contract, {}};
       }},
      {"/descriptors", nullptr,
       [](const HttpHead&) {
         return HttpAnswer{200, "application/protobuf", std::string(edge::DescriptorSet()), {}};
       }},
  };
}

}  // namespace rapport::operations
