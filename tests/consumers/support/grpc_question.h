// GrpcQuestion: one call of a method by its path, whatever its kind, over a channel.
//
//   ASSIGN_OR_RETURN(grpc::ByteBuffer answer, AskOverGrpc(channel, path, request, context));
//
// Threads: any; each call waits. Errors: what the call ended with when it gave no answer.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace rapport {

// The answer; of a stream its first message, and the rest is left. Not valid when it had none.
absl::StatusOr<grpc::ByteBuffer> AskOverGrpc(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& path,
                                             const grpc::ByteBuffer& request,
                                             grpc::ClientContext& context);

}  // namespace rapport
