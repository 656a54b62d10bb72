#include "consumers/edge/grpc_door.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/method_handler.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/grpc_call.h"

namespace rapport::edge {
namespace {

// A request of 1 MiB and what frames it.
constexpr int kRequestBytesMax = (1 << 20) + 4096;
// An answer may hold a page of timeline entries.
constexpr int kAnswerBytesMax = 64 << 20;
constexpr int kHeaderBytesMax = 16 << 10;
constexpr int kCallsOfConnectionMax = 256;
constexpr int kPingIntervalMillis = 10'000;
constexpr absl::Duration kGrace = absl::Seconds(2);

// Tells gRPC that a service of this name is there, so that reflection lists it. Its methods are
// those of the table.
class ListedService final : public grpc::Service {
 public:
  explicit ListedService(const std::string& name) : path_(absl::StrCat("/", name, "/-")) {
    AddMethod(new grpc::internal::RpcServiceMethod(
        path_.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
        new grpc::internal::UnknownMethodHandler("there is no such method")));
  }

 private:
  const std::string path_;
};

std::set<std::string> ServiceNames(const MethodTable& table) {
  std::set<std::string> names;
  for (const auto& [path, method] : table.methods()) {
    names.insert(method.descriptor->service()->full_name());
  }
  return names;
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kRequestBytesMax);
  builder.SetMaxSendMessageSize(kAnswerBytesMax);
  // Two servers on one port would each get a share of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kHeaderBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kCallsOfConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kPingIntervalMillis);
  // What is packed could be a bomb.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  // Reflection and health have a thread or two; all else goes through the queues.
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 1);
}

}  // namespace

class GrpcDoor::Calls : public GrpcCalls {
 public:
  std::vector<std::unique_ptr<ListedService>> listed;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  std::vector<std::thread> threads;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

GrpcDoor::GrpcDoor() : calls_(std::make_unique<Calls>()) {}

GrpcDoor::~GrpcDoor() { Close(); }

int GrpcDoor::port() const { return calls_->port; }

absl::StatusOr<std::unique_ptr<GrpcDoor>> GrpcDoor::Open(const GrpcOptions& options,
                                                         Dispatcher* dispatcher) {
  static const bool is_set_up = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)is_set_up;
  std::unique_ptr<GrpcDoor> door(new GrpcDoor);
  Calls& calls = *door->calls_;
  calls.dispatcher = dispatcher;
  calls.first_request = options.first_request;
  grpc::ServerBuilder builder;
  SetLimits(builder);
  if (!options.address.empty()) {
    builder.AddListeningPort(
        options.address,
        options.credentials != nullptr ? options.credentials : grpc::InsecureServerCredentials(),
        &calls.port);
  }
  for (const std::string& name : ServiceNames(dispatcher->table())) {
    calls.listed.push_back(std::make_unique<ListedService>(name));
    builder.RegisterService(calls.listed.back().get());
  }
  builder.RegisterAsyncGenericService(&calls.service);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < cores; ++i) calls.queues.push_back(builder.AddCompletionQueue());
  calls.server = builder.BuildAndStart();
  if (calls.server == nullptr || (!options.address.empty() && calls.port == 0)) {
    return absl::UnavailableError(absl::StrCat(
        "PORT_IN_USE: cannot listen on ", options.address,
        "; another program listens there. Stop it or name another address with --grpc"));
  }
  for (const auto& queue : calls.queues) {
    GrpcCall::Await(&calls, queue.get());
    calls.threads.emplace_back([queue = queue.get()] {
      void* tag;
      bool ok;
      while (queue->Next(&tag, &ok)) GrpcCall::Proceed(tag, ok);
    });
  }
  door->SetHealthy(true);
  return door;
}

std::shared_ptr<grpc::Channel> GrpcDoor::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  return calls_->server->InProcessChannel(arguments);
}

void GrpcDoor::SetHealthy(bool healthy) {
  grpc::HealthCheckServiceInterface* const health = calls_->server->GetHealthCheckService();
  health->SetServingStatus(healthy);
  for (const std::string& name : ServiceNames(calls_->dispatcher->table())) {
    health->SetServingStatus(name, healthy);
  }
}

void GrpcDoor::Close() {
  Calls& calls = *calls_;
  if (calls.server == nullptr) {
    // Queues that no server took over are shut all the same.
    for (const auto& queue : calls.queues) queue->Shutdown();
    return;
  }
  {
    const absl::MutexLock lock(&calls.mutex);
    calls.closing = true;
  }
  calls.server->Shutdown(absl::ToChronoTime(absl::Now() + kGrace));
  calls.server->Wait();
  {
    const absl::MutexLock lock(&calls.mutex);
    const auto has_ended = [&calls]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(calls.mutex) {
      return calls.running == 0;
    };
    calls.mutex.Await(absl::Condition(&has_ended));
  }
  for (const auto& queue : calls.queues) queue->Shutdown();
  for (std::thread& thread : calls.threads) thread.join();
  calls.server.reset();
  calls.queues.clear();
}

}  // namespace rapport::edge
