#include "tests/consumers/support/grpc_question.h"

#include <grpcpp/generic/generic_stub.h>

#include "consumers/edge/rpc_status.h"

namespace rapport {

absl::StatusOr<grpc::ByteBuffer> AskOverGrpc(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& path,
                                             const grpc::ByteBuffer& request,
                                             grpc::ClientContext& context) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, path, &queue);
  const auto next = [&queue] {
    void* tag;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  call->StartCall(nullptr);
  next();
  call->Write(request, nullptr);
  next();
  call->WritesDone(nullptr);
  next();
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  const bool answers = next();
  if (answers) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  queue.Shutdown();
  if (!answers && !status.ok()) return edge::FromRpcStatus(status);
  return answer;
}

}  // namespace rapport
