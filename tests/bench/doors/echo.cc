#include "tests/bench/doors/echo.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rapport::bench {

class Echo::Server {
 public:
  grpc::AsyncGenericService service;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  std::vector<std::thread> threads;
  std::unique_ptr<grpc::Server> server;
  grpc::ByteBuffer answer;
  int port = 0;
};

// Its three steps come out of the queue one after the other.
class Echo::Call {
 public:
  static void Await(Server& server, grpc::ServerCompletionQueue* queue) {
    auto* const call = new Call(server, queue);
    server.service.RequestCall(&call->context_, &call->stream_, queue, queue, call);
  }

  void Proceed(bool ok) {
    if (!ok || step_ == Step::kFinish) {
      delete this;
    } else if (step_ == Step::kAccept) {
      Await(server_, queue_);
      step_ = Step::kRead;
      stream_.Read(&request_, this);
    } else {
      step_ = Step::kFinish;
      stream_.WriteAndFinish(server_.answer, grpc::WriteOptions(), grpc::Status::OK, this);
    }
  }

 private:
  enum class Step { kAccept, kRead, kFinish };

  Call(Server& server, grpc::ServerCompletionQueue* queue)
      : server_(server), queue_(queue), stream_(&context_) {}

  Server& server_;
  grpc::ServerCompletionQueue* const queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer request_;
  Step step_ = Step::kAccept;
};

Echo::Echo(std::unique_ptr<Server> server) : server_(std::move(server)) {}

absl::StatusOr<std::unique_ptr<Echo>> Echo::Start(int64_t answer_bytes) {
  auto server = std::make_unique<Server>();
  const grpc::Slice slice(std::string(static_cast<size_t>(answer_bytes), 'x'));
  server->answer = grpc::ByteBuffer(&slice, 1);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &server->port);
  builder.RegisterAsyncGenericService(&server->service);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < cores; ++i) server->queues.push_back(builder.AddCompletionQueue());
  server->server = builder.BuildAndStart();
  if (server->server == nullptr) return absl::UnavailableError("PORT_IN_USE: no port for an echo");
  for (const auto& queue : server->queues) {
    Call::Await(*server, queue.get());
    server->threads.emplace_back([queue = queue.get()] {
      void* tag = nullptr;
      bool ok = false;
      while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
    });
  }
  return std::unique_ptr<Echo>(new Echo(std::move(server)));
}

Echo::~Echo() {
  server_->server->Shutdown();
  for (const auto& queue : server_->queues) queue->Shutdown();
  for (std::thread& thread : server_->threads) thread.join();
}

std::shared_ptr<grpc::Channel> Echo::Channel() const {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port),
                             grpc::InsecureChannelCredentials());
}

}  // namespace rapport::bench
