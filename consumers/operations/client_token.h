// The token a client shows, in every call of a channel.
//
// Threads: any.
#pragma once

#include <grpcpp/support/client_interceptor.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport::operations {

// The token in a file that only its owner may read; blanks around it do not count.
absl::StatusOr<std::string> ReadToken(const std::string& path);

// None for an empty token.
std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> SendingToken(
    const std::string& token);

}  // namespace rapport::operations
