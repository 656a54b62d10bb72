#include "consumers/edge/method_table.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "rapport/v1/options.pb.h"

namespace rapport::edge {
namespace {

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

absl::Status CheckDeclared(const google::protobuf::MethodDescriptor& method) {
  if (RolesFromNames(method.options().GetExtension(v1::role)).empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("ROLE_MISSING: ", method.full_name(),
                     " names no role of the contract; nobody may call it, so nothing is served"));
  }
  const v1::HttpRule& http = method.options().GetExtension(v1::http);
  if (method.client_streaming() || (!http.verb().empty() && !http.path().empty())) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("PATH_MISSING: ", method.full_name(), " has no verb and path for HTTP"));
}

}  // namespace

Method& MethodTable::Insert(absl::string_view name, const google::protobuf::Message& request,
                            const google::protobuf::Message& response) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(name));
  RAPPORT_CHECK(descriptor != nullptr) << "no method is called " << name;
  RAPPORT_CHECK(descriptor->input_type() == request.GetDescriptor() &&
                descriptor->output_type() == response.GetDescriptor())
      << name << " has other messages";
  const auto [entry, is_new] = methods_.try_emplace(PathOf(*descriptor));
  RAPPORT_CHECK(is_new) << name << " is there already";
  Method& method = entry->second;
  method.descriptor = descriptor;
  method.request = &request;
  method.response = &response;
  method.roles = RolesFromNames(descriptor->options().GetExtension(v1::role));
  return method;
}

absl::Status MethodTable::CheckComplete() const {
  std::set<const google::protobuf::ServiceDescriptor*> services;
  for (const auto& [path, method] : methods_) services.insert(method.descriptor->service());
  for (const google::protobuf::ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor& method = *service->method(i);
      RETURN_IF_ERROR(CheckDeclared(method));
      if (Find(PathOf(method)) != nullptr) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("METHOD_MISSING: nothing answers ", method.full_name()));
    }
  }
  return absl::OkStatus();
}

const Method* MethodTable::Find(absl::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace rapport::edge
