// ServiceWorld: a server in this process over an empty data directory, and stubs of its services.
//
//   ServiceWorld world;
//   world.Publish({APurchase().Of("ana").Id(1).Worth(10, "EUR")});
//   v1::GetRelationshipResponse reply;
//   EXPECT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, request, reply));
//
// Threads: one. Ownership: owns everything. Errors: what cannot be opened stops the test program.
#pragma once

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/operations/server.h"
#include "engine/base/time.h"
#include "rapport/v1/history.grpc.pb.h"
#include "rapport/v1/operations.grpc.pb.h"
#include "rapport/v1/privacy.grpc.pb.h"
#include "rapport/v1/publish.grpc.pb.h"
#include "rapport/v1/relationships.grpc.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/scratch_folder.h"

namespace rapport {

using Publishing = v1::PublishService::Stub;
using Relationships = v1::RelationshipService::Stub;
using Past = v1::HistoryService::Stub;
using Operations = v1::OperationsService::Stub;
using Privacy = v1::PrivacyService::Stub;

// A day on which things happen in these tests, and a moment after all of them.
inline constexpr int64_t kDay = 20'000;
inline constexpr int64_t kLater = (kDay + 60) * kMicrosPerDay;

class ServiceWorld {
 public:
  ServiceWorld() { Reopen(); }
  // With a file of tokens of these lines, which a token must be shown for.
  explicit ServiceWorld(std::string tokens) : tokens_(std::move(tokens)) { Reopen(); }
  // Serves the same directory anew. `meanwhile` is called when nobody has it.
  void Reopen(const std::function<void()>& meanwhile = [] {});

  // Shows this token from now on.
  void Become(std::string token) { token_ = std::move(token); }
  std::unique_ptr<grpc::ClientContext> Context() const;

  Publishing& publishing() { return *publishing_; }
  Relationships& relationships() { return *relationships_; }
  Past& past() { return *past_; }
  Operations& operations() { return *operations_; }
  Privacy& privacy() { return *privacy_; }
  Engine& engine() { return server_->engine(); }
  operations::Server& server() { return *server_; }
  const std::string& folder() const { return folder_.path(); }

  template <typename Stub, typename Method, typename Request, typename Response>
  absl::Status Call(Stub& stub, Method method, const Request& request, Response& response) {
    return edge::FromRpcStatus((stub.*method)(Context().get(), request, &response));
  }

  // Publishes the events, of which all must be accepted, and waits until they are applied.
  void Publish(const std::vector<kit::EventBuilder>& events);
  // Waits until all that the log holds is applied.
  void AwaitAll();
  // Appends bytes that no publisher would take, as somebody on a shared log might, and waits.
  void AppendRaw(const std::string& key, const std::string& value);
  // Who is found by an alias.
  std::vector<std::string> Find(const std::string& alias);
  // All that the stream has to give.
  std::vector<v1::ReplayEventsResponse> Replay(const v1::ReplayEventsRequest& request,
                                               absl::Status& status);

 private:
  kit::ScratchFolder folder_;
  const std::string tokens_;
  std::string token_;
  std::unique_ptr<operations::Server> server_;
  std::unique_ptr<Publishing> publishing_;
  std::unique_ptr<Relationships> relationships_;
  std::unique_ptr<Past> past_;
  std::unique_ptr<Operations> operations_;
  std::unique_ptr<Privacy> privacy_;
};

// A purchase of 5 EUR, whose order is `o` and its id.
kit::EventBuilder Bought(const std::string& customer, uint64_t id, int64_t day = kDay);

// Ana's purchase of 5 of a currency, as it is published, whose order is `o` and its id.
v1::PublishItem BoughtByAna(uint64_t id, const std::string& currency = "EUR");

// The event as it is published: payload closed, source filled.
v1::PublishItem ItemOf(const kit::EventBuilder& builder);

}  // namespace rapport
