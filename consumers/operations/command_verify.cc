#include "consumers/operations/command_verify.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

void PrintTable(const v1::VerifyResponse& answer, int64_t customers, int64_t differing,
                absl::Duration took) {
  std::printf("partition    next offset  facts of the state                facts of the archive\n");
  for (const v1::VerifiedPartition& one : answer.partitions()) {
    std::printf("%s  %s  %s  %s%s\n", Pad(absl::StrFormat("%d", one.partition()), 9).c_str(),
                Pad(Thousands(one.offset()), -13).c_str(), one.facts_digest().c_str(),
                one.folded_digest().c_str(), one.differing() == 0 ? "" : "  differ");
  }
  std::printf("%s customers compared with %s records in %.1f s: ", Thousands(customers).c_str(),
              Thousands(answer.records()).c_str(), absl::ToDoubleSeconds(took));
  if (differing == 0) {
    std::printf("the state is what the archive says\n");
    return;
  }
  std::printf("%s differ\n", Thousands(differing).c_str());
  const v1::VerifiedDifference& first = answer.first();
  std::printf("first: %s on partition %d: %s", first.customer_id().c_str(), first.partition(),
              first.text().c_str());
  if (!first.field().empty()) std::printf("; %s", first.field().c_str());
  std::printf("\nrapport rebuild folds the state anew; keep a copy of the folder for a report\n");
}

}  // namespace

int PrintVerified(const v1::VerifyResponse& answer, Format format, absl::Duration took) {
  int64_t customers = 0, differing = 0;
  for (const v1::VerifiedPartition& one : answer.partitions()) {
    customers += one.customers();
    differing += one.differing();
  }
  if (format == Format::kTable) {
    PrintTable(answer, customers, differing, took);
  } else {
    PrintJson(format, {&answer});
  }
  return static_cast<int>(std::min<int64_t>(differing, INT32_MAX));
}

absl::StatusOr<int> VerifyState(Client& client, const BackgroundOrder& order, Format format) {
  v1::OperationRequest request;
  request.mutable_verify();
  if (order.no_wait) {
    RETURN_IF_ERROR(StartInBackground(client, request, order, format, "--no-wait"));
    return 0;
  }
  ASSIGN_OR_RETURN(const EndedOperation ended, FollowToEnd(client, request, order, "verify",
                                                           /*shows=*/format == Format::kTable));
  return PrintResult(ended, format);
}

}  // namespace rapport::operations
