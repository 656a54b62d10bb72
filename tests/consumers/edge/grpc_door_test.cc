#include "consumers/edge/grpc_door.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/token_file.h"
#include "rapport/v1/history.grpc.pb.h"
#include "rapport/v1/publish.grpc.pb.h"
#include "tests/consumers/edge/analyst_token.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Answers Publish from memory, BatchPublish on a worker, and replays until nobody reads.
class Services {
 public:
  absl::Status Publish(const Call& call, const v1::PublishRequest& request,
                       v1::PublishResponse& reply) {
    if (request.item().event().event_id() == "bad") {
      return absl::InvalidArgumentError("FIELD_INVALID: item.event.event_id: is bad; name another");
    }
    reply.mutable_result()->set_event_id(call.caller().name);
    return absl::OkStatus();
  }
  absl::Status BatchPublish(const Call&, const v1::BatchPublishRequest&,
                            v1::BatchPublishResponse& reply) {
    if (wait_for != nullptr) wait_for->WaitForNotification();
    reply.set_position("7c1e90ab.1:3@1043");
    return absl::OkStatus();
  }
  absl::Status Replay(const Call& call, const v1::ReplayEventsRequest& request,
                      Sink<v1::ReplayEventsResponse>& sink) {
    v1::ReplayEventsResponse event;
    for (int64_t offset = 0; request.follow() || offset < 3; ++offset) {
      event.set_offset(offset);
      if (!sink.Write(event)) return absl::CancelledError("nobody reads");
      if (!request.follow() || !call.CancelledWithin(absl::Minutes(1))) continue;
      saw_that_the_reader_left = true;
      break;
    }
    return absl::OkStatus();
  }
  absl::Status Digest(const Call&, const v1::DigestRequest&, v1::DigestResponse&) {
    return absl::OkStatus();
  }

  absl::Notification* wait_for = nullptr;
  std::atomic<bool> saw_that_the_reader_left = false;
};

class GrpcDoorTest : public ::testing::Test {
 protected:
  GrpcDoorTest() {
    table_.Add("rapport.v1.PublishService.Publish", &services_, &Services::Publish).is_quick =
        [](const google::protobuf::Message&) { return true; };
    table_.Add("rapport.v1.PublishService.BatchPublish", &services_, &Services::BatchPublish);
    table_.Add("rapport.v1.HistoryService.ReplayEvents", &services_, &Services::Replay);
    table_.Add("rapport.v1.HistoryService.Digest", &services_, &Services::Digest);
    Open(gate_);
  }

  void Open(Gate& gate, const GrpcOptions& options = {}) {
    door_.reset();
    dispatcher_ = std::make_unique<Dispatcher>(
        &table_, &gate, [this](const Method& method, absl::StatusCode code, absl::Duration) {
          const absl::MutexLock lock(&mutex_);
          if (method.stream) ends_.push_back(code);
        });
    door_ = GrpcDoor::Open(options, dispatcher_.get()).value();
    channel_ = door_->InProcessChannel();
    publishing_ = v1::PublishService::NewStub(channel_);
    history_ = v1::HistoryService::NewStub(channel_);
  }

  // What a stream of which no request is sent ends with; `meanwhile` is called while it lasts.
  absl::Status EndOfMuteStream(const std::string& token, const std::function<void()>& meanwhile) {
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    const auto call = stub.PrepareCall(&context, "/rapport.v1.HistoryService/ReplayEvents", &queue);
    void* tag;
    bool ok;
    call->StartCall(nullptr);
    queue.Next(&tag, &ok);
    grpc::Status status;
    call->Finish(&status, nullptr);
    while (queue.AsyncNext(&tag, &ok, absl::ToChronoTime(absl::Now() + absl::Milliseconds(5))) ==
           grpc::CompletionQueue::TIMEOUT) {
      meanwhile();
    }
    queue.Shutdown();
    return FromRpcStatus(status);
  }

  // Sends bytes to a method by its path, and gives what it is told.
  grpc::Status Send(const std::string& path, const std::string& bytes, std::string& reply) {
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1), response;
    const auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
    grpc::Status status;
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag;
    bool ok;
    queue.Next(&tag, &ok);
    if (status.ok()) {
      grpc::Slice whole;
      EXPECT_TRUE(response.DumpToSingleSlice(&whole).ok());
      reply.assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    queue.Shutdown();
    return status;
  }

  // What streams were counted as, once so many have ended.
  std::vector<absl::StatusCode> EndsOf(size_t streams) {
    const absl::MutexLock lock(&mutex_);
    const auto are_there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return ends_.size() >= streams;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&are_there), absl::Seconds(60));
    return ends_;
  }

  absl::Mutex mutex_;
  std::vector<absl::StatusCode> ends_ ABSL_GUARDED_BY(mutex_);
  Services services_;
  MethodTable table_;
  OpenGate gate_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<GrpcDoor> door_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PublishService::Stub> publishing_;
  std::unique_ptr<v1::HistoryService::Stub> history_;
};

TEST_F(GrpcDoorTest, AnswersAMethodOfTheTable) {
  grpc::ClientContext context;
  v1::PublishResponse reply;
  EXPECT_OK(FromRpcStatus(publishing_->Publish(&context, {}, &reply)));
  EXPECT_THAT(reply.result().event_id(), HasSubstr("uid "));
}

TEST_F(GrpcDoorTest, TellsReasonAndFieldOfARefusal) {
  grpc::ClientContext context;
  v1::PublishRequest request;
  request.mutable_item()->mutable_event()->set_event_id("bad");
  v1::PublishResponse reply;
  const absl::Status status = FromRpcStatus(publishing_->Publish(&context, request, &reply));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
}

TEST_F(GrpcDoorTest, SaysThatAMethodIsNotThere) {
  std::string reply;
  const grpc::Status status = Send("/rapport.v1.PublishService/Print", "", reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("/rapport.v1.PublishService/Print"));
}

TEST_F(GrpcDoorTest, RefusesBytesThatAreNotTheRequest) {
  for (const char* path :
       {"/rapport.v1.PublishService/Publish", "/rapport.v1.HistoryService/ReplayEvents"}) {
    std::string reply;
    const grpc::Status status = Send(path, "\x0a\x7f", reply);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << path;
    EXPECT_EQ(ReasonOf(FromRpcStatus(status)), "PAYLOAD_MALFORMED") << path;
  }
}

TEST_F(GrpcDoorTest, GivesEachMessageOfAStreamInOrder) {
  grpc::ClientContext context;
  const auto stream = history_->ReplayEvents(&context, {});
  std::vector<int64_t> offsets;
  v1::ReplayEventsResponse event;
  while (stream->Read(&event)) offsets.push_back(event.offset());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_THAT(offsets, ElementsAre(0, 1, 2));
}

TEST_F(GrpcDoorTest, TellsAStreamThatItsReaderHasLeft) {
  grpc::ClientContext context;
  v1::ReplayEventsRequest request;
  request.set_follow(true);
  const auto stream = history_->ReplayEvents(&context, request);
  v1::ReplayEventsResponse event;
  ASSERT_TRUE(stream->Read(&event));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Returns once the method has.
  door_->Close();
  dispatcher_->Drain();
  EXPECT_TRUE(services_.saw_that_the_reader_left);
}

TEST_F(GrpcDoorTest, AStreamWhoseRequestDoesNotComeEndsInTime) {
  GrpcOptions options;
  options.first_request = absl::Milliseconds(20);
  Open(gate_, options);
  EXPECT_THAT(EndOfMuteStream("", [] {}),
              kit::StatusIs(absl::StatusCode::kDeadlineExceeded,
                            "DEADLINE_PASSED: no request came within 20ms"));
  // Whose request came goes on for as long as it likes.
  grpc::ClientContext context;
  const auto stream = history_->ReplayEvents(&context, {});
  v1::ReplayEventsResponse event;
  EXPECT_TRUE(stream->Read(&event));
  EXPECT_EQ(EndOfMuteStream("", [] {}).code(), absl::StatusCode::kDeadlineExceeded);
  while (stream->Read(&event)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(GrpcDoorTest, AStreamWhoseRequestDoesNotComeEndsWithItsToken) {
  TokenGate gate(AnalystToken("desk"));
  Open(gate);
  EXPECT_THAT(EndOfMuteStream("desk",
                              [&] {
                                gate.Replace(AnalystToken("shop"));
                                gate.EndStale();
                              }),
              kit::StatusIs(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"));
  door_.reset();
}

TEST_F(GrpcDoorTest, CountsAStreamAsWhatItsCallerWasTold) {
  TokenGate gate(AnalystToken("desk"));
  Open(gate);
  v1::ReplayEventsRequest endless;
  endless.set_follow(true);
  v1::ReplayEventsResponse event;
  const auto open = [&](grpc::ClientContext& context, const v1::ReplayEventsRequest& request) {
    context.AddMetadata("authorization", "Bearer desk");
    auto stream = history_->ReplayEvents(&context, request);
    EXPECT_TRUE(stream->Read(&event));
    return stream;
  };
  grpc::ClientContext whole, left, stale;
  const auto read_to_its_end = open(whole, {});
  while (read_to_its_end->Read(&event)) {
  }
  EXPECT_TRUE(read_to_its_end->Finish().ok());
  EXPECT_THAT(EndsOf(1), ElementsAre(absl::StatusCode::kOk));
  const auto given_up = open(left, endless);
  left.TryCancel();
  EXPECT_EQ(EndsOf(2).back(), absl::StatusCode::kCancelled);
  const auto taken_back = open(stale, endless);
  gate.Replace(AnalystToken("shop"));
  gate.EndStale();
  EXPECT_EQ(taken_back->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(EndsOf(3).back(), absl::StatusCode::kUnauthenticated);
  EXPECT_FALSE(given_up->Finish().ok());
  door_.reset();
}

TEST_F(GrpcDoorTest, EndsOpenStreamsWhenItCloses) {
  grpc::ClientContext context;
  v1::ReplayEventsRequest request;
  request.set_follow(true);
  const auto stream = history_->ReplayEvents(&context, request);
  v1::ReplayEventsResponse event;
  ASSERT_TRUE(stream->Read(&event));
  door_->Close();
  while (stream->Read(&event)) {
  }
  EXPECT_FALSE(stream->Finish().ok());
}

TEST_F(GrpcDoorTest, AnswersFromMemoryWhileAllWorkersWait) {
  absl::Notification go;
  services_.wait_for = &go;
  std::vector<std::thread> waiting;
  for (int i = 0; i < 80; ++i) {
    waiting.emplace_back([this] {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
      v1::BatchPublishResponse reply;
      EXPECT_TRUE(publishing_->BatchPublish(&context, {}, &reply).ok());
    });
  }
  for (int i = 0; i < 100; ++i) {
    grpc::ClientContext context;
    v1::PublishResponse reply;
    ASSERT_TRUE(publishing_->Publish(&context, {}, &reply).ok());
  }
  go.Notify();
  for (std::thread& thread : waiting) thread.join();
}

TEST_F(GrpcDoorTest, OpensNoMoreStreamsThanThereIsRoomFor) {
  constexpr int kStreams = 321;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::ReplayEventsResponse>>> streams;
  v1::ReplayEventsRequest request;
  request.set_follow(true);
  int opened = 0;
  for (int i = 0; i < kStreams; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    streams.push_back(history_->ReplayEvents(contexts.back().get(), request));
    v1::ReplayEventsResponse event;
    if (streams.back()->Read(&event)) ++opened;
  }
  EXPECT_EQ(opened, 320);
  const absl::Status refused = FromRpcStatus(streams.back()->Finish());
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_STREAMS");
  EXPECT_THAT(EndsOf(1), ElementsAre(absl::StatusCode::kResourceExhausted));
  for (const auto& context : contexts) context->TryCancel();
  for (int i = 0; i + 1 < kStreams; ++i) streams[static_cast<size_t>(i)]->Finish();
}

}  // namespace
}  // namespace rapport::edge
