// Streams whose token is taken back, or changed, while they are open.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/edge/token_file.h"
#include "engine/base/files.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

std::string LineOf(const std::string& name, const std::string& words) {
  return absl::StrCat("token name=", name, " ", words, " sha256=", edge::TokenHash(name), "\n");
}

const std::string& Shop() {
  static const auto* const line = new std::string(LineOf("shop", "roles=publisher sources=*"));
  return *line;
}

const std::string& Desk() {
  static const auto* const line = new std::string(LineOf("desk", "roles=analyst"));
  return *line;
}

class StaleTokensTest : public testing::Test {
 protected:
  // The server looks at the file once a second, and so needs no word of it.
  void Keep(const std::string& lines) {
    ASSERT_OK(SystemFiles().Write(world_.folder() + "/tokens", lines));
  }
  std::unique_ptr<grpc::ClientContext> As(const std::string& token) {
    world_.Become(token);
    return world_.Context();
  }

  ServiceWorld world_{Shop() + Desk()};
};

TEST_F(StaleTokensTest, EndAStreamOfEventsThatWaitsForMore) {
  const auto context = As("shop");
  const auto stream = world_.publishing().StreamPublish(context.get());
  v1::StreamPublishResponse told;
  ASSERT_TRUE(stream->Read(&told));
  v1::StreamPublishRequest request;
  *request.add_items() = BoughtByAna(1);
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&told));
  EXPECT_EQ(told.results(0).status(), v1::PublishResult::STATUS_ACCEPTED);
  Keep(Desk());
  EXPECT_FALSE(stream->Read(&told));
  EXPECT_THAT(edge::FromRpcStatus(stream->Finish()),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       "TOKEN_INVALID: the token is not one of this server's"));
}

TEST_F(StaleTokensTest, EndAWatch) {
  const auto context = As("desk");
  const auto stream = world_.relationships().WatchRelationships(context.get(), {});
  v1::WatchRelationshipsResponse told;
  ASSERT_TRUE(stream->Read(&told));
  EXPECT_TRUE(told.has_caught_up());
  Keep(Shop());
  while (stream->Read(&told)) EXPECT_TRUE(told.has_heartbeat());
  EXPECT_THAT(edge::FromRpcStatus(stream->Finish()),
              StatusIs(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"));
}

TEST_F(StaleTokensTest, EndAReplayThatFollows) {
  const auto context = As("desk");
  v1::ReplayEventsRequest request;
  request.set_follow(true);
  const auto stream = world_.past().ReplayEvents(context.get(), request);
  Keep(Shop() + LineOf("desk", "roles=analyst,operator"));
  v1::ReplayEventsResponse told;
  while (stream->Read(&told)) {
  }
  EXPECT_THAT(edge::FromRpcStatus(stream->Finish()),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       "TOKEN_INVALID: what the token of desk may do was changed"));
}

}  // namespace
}  // namespace rapport
