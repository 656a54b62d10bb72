// What a command says of a server that answers, and of one that is not there.
#include "consumers/operations/client.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;

class Refusing : public v1::RelationshipService::Service {
 public:
  grpc::Status GetRelationship(grpc::ServerContext*, const v1::GetRelationshipRequest*,
                               v1::GetRelationshipResponse*) override {
    return answer;
  }
  grpc::Status answer;
};

class ClientTest : public testing::Test {
 protected:
  void Serve() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  absl::Status Ask() {
    Target target;
    target.server = address_;
    const auto client = Client::Connect(target);
    if (!client.ok()) return client.status();
    v1::GetRelationshipResponse response;
    return (*client)->Call((*client)->relationships(),
                           &v1::RelationshipService::Stub::GetRelationship,
                           v1::GetRelationshipRequest(), &response);
  }

  kit::ScratchFolder folder_;
  const std::string address_ = absl::StrCat("unix:", folder_.path(), "/door");
  Refusing service_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(ClientTest, SaysWhatTheServerAnswers) {
  Serve();
  for (const char* message : {"NOT_READY: partition 0 is behind", "KEY_STORE_UNAVAILABLE: x"}) {
    service_.answer = edge::ToRpcStatus(absl::UnavailableError(message));
    EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kUnavailable, message));
  }
}

TEST_F(ClientTest, SaysThatNobodyAnswers) {
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kUnavailable, "SERVER_UNAVAILABLE: no server"));
  // As something answers that stands in between.
  Serve();
  service_.answer = grpc::Status(grpc::StatusCode::UNAVAILABLE, "no upstream");
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kUnavailable, "SERVER_UNAVAILABLE: no server"));
}

}  // namespace
}  // namespace rapport::operations
