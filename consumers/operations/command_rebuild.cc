#include "consumers/operations/command_rebuild.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consumers/operations/demo_progress.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr absl::Duration kAskEvery = absl::Milliseconds(200);

bool IsUnderWay(const v1::Rebuild& rebuild) {
  return rebuild.phase() == v1::REBUILD_PHASE_FOLDING ||
         rebuild.phase() == v1::REBUILD_PHASE_SWITCHING;
}

absl::Status Outcome(const v1::Rebuild& rebuild) {
  if (rebuild.phase() != v1::REBUILD_PHASE_FAILED) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(rebuild.cause(), ": ", rebuild.message()));
}

}  // namespace

absl::Status AwaitRebuild(Client& client, absl::string_view title, bool shows,
                          v1::Rebuild& rebuild) {
  DemoProgress bar(title, "beside what serves; answers go on");
  while (IsUnderWay(rebuild)) {
    if (shows) bar.Show(rebuild.done(), rebuild.total());
    absl::SleepFor(kAskEvery);
    v1::GetStatusResponse status;
    RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::GetStatus,
                                v1::GetStatusRequest(), &status));
    // A server that was started again meanwhile knows of none.
    if (!status.has_rebuild()) {
      return absl::UnavailableError(
          "the server was started again, which ended the rebuild; nothing has changed");
    }
    rebuild = status.rebuild();
  }
  if (!shows || rebuild.phase() == v1::REBUILD_PHASE_FAILED) return Outcome(rebuild);
  const absl::Duration took = absl::Microseconds(rebuild.ended_at_us() - rebuild.begun_at_us());
  bar.Done(absl::StrCat(Thousands(rebuild.done()), " records"), RateText(rebuild.done(), took));
  return absl::OkStatus();
}

std::string RebuildLine(const v1::Rebuild& rebuild) {
  const int64_t total = std::max<int64_t>(rebuild.total(), 1);
  const std::string records =
      absl::StrCat(Thousands(rebuild.done()), " of ", Thousands(rebuild.total()), " records");
  switch (rebuild.phase()) {
    case v1::REBUILD_PHASE_FOLDING:
      return absl::StrCat("rebuild ", 100 * rebuild.done() / total, " %, ", records);
    case v1::REBUILD_PHASE_SWITCHING:
      return absl::StrCat("rebuild takes over, ", records);
    case v1::REBUILD_PHASE_DONE:
      return absl::StrFormat(
          "rebuild done, %s in %.1f s", records,
          static_cast<double>(rebuild.ended_at_us() - rebuild.begun_at_us()) / 1e6);
    default:
      return absl::StrCat("rebuild given up at ", records, ": ", rebuild.cause(), ": ",
                          rebuild.message());
  }
}

absl::Status RebuildState(Client& client, const RebuildOrder& order, Format format) {
  if (order.no_wait && client.store() != nullptr) {
    return absl::InvalidArgumentError(
        "wrong usage: --no-wait is for a server; a stopped store is rebuilt by this process");
  }
  v1::StartRebuildResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::StartRebuild,
                              v1::StartRebuildRequest(), &answer));
  v1::Rebuild& rebuild = *answer.mutable_rebuild();
  absl::Status ended;
  if (!order.no_wait) ended = AwaitRebuild(client, "rebuild", format == Format::kTable, rebuild);
  if (format != Format::kTable) PrintJson(format, {&rebuild});
  if (order.no_wait && format == Format::kTable) {
    std::printf("rebuild begun; rapport status says how far it is\n");
  }
  return ended;
}

}  // namespace rapport::operations
