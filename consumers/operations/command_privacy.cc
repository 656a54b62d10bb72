#include "consumers/operations/command_privacy.h"

#include <cstdio>
#include <iostream>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/audit.h"

namespace rapport::operations {
namespace {

void PrintReceipt(const v1::ErasureReceipt& receipt) {
  std::printf("%s is forgotten\n", receipt.customer_id().c_str());
  std::printf("requested    %s\n", FormatTime(receipt.requested_at_us()).c_str());
  std::printf("destroyed    %s  key %s\n", FormatTime(receipt.destroyed_at_us()).c_str(),
              receipt.key_id().empty() ? "none, there never was one" : receipt.key_id().c_str());
  std::printf("completed    %s  position %s\n", FormatTime(receipt.completed_at_us()).c_str(),
              receipt.position().c_str());
  for (const std::string& copy : receipt.covered()) std::printf("unreadable   %s\n", copy.c_str());
  for (const std::string& rest : receipt.remains()) std::printf("remains      %s\n", rest.c_str());
  std::printf("audit chain  %s\n", receipt.audit_chain().c_str());
}

}  // namespace

absl::Status EraseCustomer(Client& client, const CustomerErase& options) {
  v1::ErasureReceipt receipt;
  if (options.receipt) {
    v1::GetErasureRequest request;
    request.set_customer_id(options.id);
    v1::GetErasureResponse answer;
    RETURN_IF_ERROR(
        client.Call(client.privacy(), &v1::PrivacyService::Stub::GetErasure, request, &answer));
    receipt = answer.receipt();
  } else {
    v1::EraseCustomerRequest request;
    request.set_customer_id(options.id);
    request.set_purpose(options.purpose);
    v1::EraseCustomerResponse answer;
    RETURN_IF_ERROR(
        client.Call(client.privacy(), &v1::PrivacyService::Stub::EraseCustomer, request, &answer));
    receipt = answer.receipt();
  }
  if (options.format == Format::kTable) {
    PrintReceipt(receipt);
  } else {
    PrintJson(options.format, {&receipt});
  }
  return absl::OkStatus();
}

absl::Status FindCustomers(Client& client, const std::string& alias, Format format) {
  v1::ResolveCustomerRequest request;
  request.set_alias(alias);
  std::string line;
  if (alias == "-" && std::getline(std::cin, line)) request.set_alias(line);
  v1::ResolveCustomerResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(),
                              &v1::RelationshipService::Stub::ResolveCustomer, request, &answer));
  if (format == Format::kTable) {
    for (const std::string& id : answer.customer_ids()) std::printf("%s\n", id.c_str());
  } else {
    PrintJson(format, {&answer});
  }
  if (!answer.customer_ids().empty()) return absl::OkStatus();
  return absl::NotFoundError("CUSTOMER_UNKNOWN: nobody is known under this alias");
}

absl::Status VerifyAuditFile(const std::string& data_directory) {
  const std::string path = data_directory + "/audit.jsonl";
  const absl::StatusOr<std::string> text = SystemFiles().Read(path);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError("there is no audit file " + path +
                               "; check --data, or nothing was opened or erased yet");
  }
  RETURN_IF_ERROR(text.status());
  const absl::StatusOr<event::AuditEnd> end = event::VerifyAudit(*text);
  if (!end.ok()) return absl::DataLossError(std::string(end.status().message()) + " of " + path);
  std::printf("%s lines, unchanged, chain %s\n", Thousands(end->lines).c_str(),
              end->chain.empty() ? "empty" : end->chain.c_str());
  return absl::OkStatus();
}

}  // namespace rapport::operations
