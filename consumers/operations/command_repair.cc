#include "consumers/operations/command_repair.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

std::string UserName() {
  const char* name = std::getenv("USER");
  return name == nullptr || *name == '\0' ? absl::StrCat("user ", geteuid()) : name;
}

absl::Status AcceptLoss(Client& client, const LossAcceptance& acceptance, Format format) {
  v1::AcceptLossRequest request;
  request.set_partition(acceptance.partition);
  request.set_reason(acceptance.reason);
  request.set_caller(acceptance.caller);
  v1::AcceptLossResponse answer;
  RETURN_IF_ERROR(
      client.Call(client.operations(), &v1::OperationsService::Stub::AcceptLoss, request, &answer));
  if (format != Format::kTable) {
    PrintJson(format, {&answer});
    return absl::OkStatus();
  }
  const v1::AcceptedLoss& loss = answer.loss();
  if (loss.from() == loss.to()) {
    std::printf("nothing is lost: the log holds what was missing again; partition %d goes on\n",
                acceptance.partition);
    return absl::OkStatus();
  }
  std::printf("partition %d: offsets %s to %s are given up (%s); it goes on at %s\n",
              acceptance.partition, Thousands(loss.from()).c_str(),
              Thousands(loss.to() - 1).c_str(), loss.reason().c_str(),
              Thousands(loss.to()).c_str());
  return absl::OkStatus();
}

absl::Status RetryQuarantine(Client& client, const QuarantineSelection& selection, Format format) {
  // A customer with a long history takes a while to fold.
  constexpr absl::Duration kPatience = absl::Minutes(10);
  v1::RetryQuarantineRequest request;
  request.set_reason(selection.reason);
  if (selection.partition >= 0) request.set_partition(selection.partition);
  if (selection.offset >= 0) request.set_offset(selection.offset);
  request.set_caller(selection.caller);
  v1::RetryQuarantineResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::RetryQuarantine,
                              request, &answer, kPatience));
  if (format != Format::kTable) {
    PrintJson(format, {&answer});
    return absl::OkStatus();
  }
  std::printf("%s judged again, %s are good now, %s customers folded anew, %s stay in quarantine\n",
              Thousands(answer.judged()).c_str(), Thousands(answer.released()).c_str(),
              Thousands(answer.customers()).c_str(),
              Thousands(answer.judged() - answer.released()).c_str());
  for (const v1::StandingPartition& standing : answer.left_out()) {
    std::printf("partition %d stands still and was left out: %s, see rapport status\n",
                standing.partition(), standing.cause().c_str());
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
