#include "consumers/operations/client_token.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/secret_file.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

using grpc::experimental::InterceptionHookPoints;

class Sender final : public grpc::experimental::Interceptor {
 public:
  explicit Sender(const std::string& token) : token_(token) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->insert({"authorization", absl::StrCat("Bearer ", token_)});
    }
    methods->Proceed();
  }

 private:
  const std::string token_;
};

class Senders final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit Senders(std::string token) : token_(std::move(token)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return new Sender(token_);
  }

 private:
  const std::string token_;
};

}  // namespace

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile("the token", path));
  const std::string token(absl::StripAsciiWhitespace(text));
  for (const char c : token) {
    if (absl::ascii_isgraph(static_cast<unsigned char>(c))) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("wrong usage: ", path, " holds more than a token; it must be the only line"));
  }
  if (!token.empty()) return token;
  return absl::InvalidArgumentError(absl::StrCat("wrong usage: ", path, " holds no token"));
}

std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> SendingToken(
    const std::string& token) {
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> senders;
  if (!token.empty()) senders.push_back(std::make_unique<Senders>(token));
  return senders;
}

}  // namespace rapport::operations
