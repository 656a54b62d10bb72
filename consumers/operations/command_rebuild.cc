#include "consumers/operations/command_rebuild.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "consumers/operations/command_background.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

void PrintEstimate(const v1::RebuildEstimate& estimate) {
  std::printf("%s records to fold, %s MB of disk besides, %s MB free\n",
              Thousands(estimate.records()).c_str(),
              Thousands(estimate.disk_bytes() / 1'000'000).c_str(),
              Thousands(estimate.free_bytes() / 1'000'000).c_str());
  if (estimate.seconds() > 0) {
    std::printf("about %s s at the pace of the last one\n", Thousands(estimate.seconds()).c_str());
  }
}

}  // namespace

std::string RebuildLine(const v1::Rebuild& rebuild) {
  const int64_t total = std::max<int64_t>(rebuild.total(), 1);
  const std::string records =
      absl::StrCat(Thousands(rebuild.done()), " of ", Thousands(rebuild.total()), " records");
  switch (rebuild.phase()) {
    case v1::REBUILD_PHASE_FOLDING:
      return absl::StrCat(100 * rebuild.done() / total, " %, ", records,
                          rebuild.seconds_left() > 0
                              ? absl::StrCat(", ", Thousands(rebuild.seconds_left()), " s left")
                              : "");
    case v1::REBUILD_PHASE_SWITCHING:
      return absl::StrCat("takes over, ", records);
    case v1::REBUILD_PHASE_CANCELLED:
      return absl::StrCat("cancelled at ", records);
    case v1::REBUILD_PHASE_DONE:
      return absl::StrFormat(
          "done, %s in %.1f s", records,
          static_cast<double>(rebuild.ended_at_us() - rebuild.begun_at_us()) / 1e6);
    default:
      return absl::StrCat("given up at ", records, ": ", rebuild.cause(), ": ", rebuild.message());
  }
}

absl::Status RebuildState(Client& client, const RebuildOrder& order, Format format) {
  RETURN_IF_ERROR(CheckMayNotWait(client, order.no_wait));
  v1::StartRebuildRequest request;
  request.set_dry_run(order.dry_run);
  request.set_records_per_second_max(order.max_rate);
  v1::StartRebuildResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::StartRebuild,
                              request, &answer));
  if (order.dry_run) {
    if (format != Format::kTable) PrintJson(format, {&answer.estimate()});
    if (format == Format::kTable) PrintEstimate(answer.estimate());
    return absl::OkStatus();
  }
  v1::Operation& operation = *answer.mutable_operation();
  absl::Status ended;
  if (!order.no_wait) {
    ended =
        AwaitOperation(client, "rebuild", kBesideWhatServes, format == Format::kTable, operation);
  }
  v1::Rebuild& rebuild = *operation.mutable_rebuild();
  if (format != Format::kTable) PrintJson(format, {&rebuild});
  if (order.no_wait && format == Format::kTable) {
    std::printf("rebuild begun, %s; rapport status says how far it is\n", operation.id().c_str());
  }
  return ended;
}

}  // namespace rapport::operations
