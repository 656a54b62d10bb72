#include "consumers/operations/command_repair.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

std::string UserName() {
  const passwd* user = getpwuid(geteuid());
  return user == nullptr ? absl::StrCat("user ", geteuid()) : user->pw_name;
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

}  // namespace rapport::operations
