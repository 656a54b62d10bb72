// GrpcCall: one call on a completion queue, from the wait for it to its end. For GrpcDoor only.
//
// Threads: the queue's thread, and the one thread on which the method runs. A call deletes itself.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <memory>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "consumers/edge/dispatcher.h"

namespace rapport::edge {

// What the calls of one door share.
struct GrpcCalls {
  grpc::AsyncGenericService service;
  Dispatcher* dispatcher = nullptr;
  absl::Duration first_request;

  absl::Mutex mutex;
  // Calls that came in and have not ended.
  int running ABSL_GUARDED_BY(mutex) = 0;
  bool closing ABSL_GUARDED_BY(mutex) = false;
};

class GrpcCall {
 public:
  // Waits for the next call of `queue`.
  static void Await(GrpcCalls* calls, grpc::ServerCompletionQueue* queue);
  // What the queue's thread does with a tag that comes out of it.
  static void Proceed(void* tag, bool ok);

 private:
  using Handler = void (GrpcCall::*)(bool ok);
  struct Tag {
    GrpcCall* call;
    Handler handler;
  };
  class StreamSink;
  class StreamSource;

  GrpcCall(GrpcCalls* calls, grpc::ServerCompletionQueue* queue);

  void Accepted(bool ok);
  void Ended(bool ok);
  void HasRequest(bool ok);
  void HasWaited(bool to_the_end);
  void WasRead(bool ok);
  void WasWritten(bool ok);
  void Finished(bool ok);

  void Begin();
  // Has the wait for a stream's request end in time.
  void LimitWait();
  void Run(std::unique_ptr<google::protobuf::Message> request);
  void RunStream(std::shared_ptr<google::protobuf::Message> request);
  // Keeps what let the caller in, with his share of the door, until the next of it, null before the
  // answer is given: whoever has his answer may ask the next.
  void Hold(std::shared_ptr<void> held);
  // Ends the call once its lease is over.
  void EndWith(Lease& lease);
  void Finish(const absl::Status& status);
  void FinishWith(const google::protobuf::Message& response);
  // The last of the two tags that end a call deletes it.
  void Release();

  GrpcCalls* const calls_;
  grpc::ServerCompletionQueue* const queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;

  const Method* method_ = nullptr;
  std::shared_ptr<Call> call_;
  // Of a method that answers with a stream: its request is waited for; the queue's thread alone
  // looks at it.
  bool is_waiting_ = false;
  // Of such a method only, from before its lease can end; else null.
  std::unique_ptr<grpc::Alarm> patience_;

  // How far a read and a write of the stream's thread have come.
  enum class Progress { kNone, kRunning, kDone, kFailed };
  absl::Mutex mutex_;
  Progress read_ ABSL_GUARDED_BY(mutex_) = Progress::kNone;
  Progress write_ ABSL_GUARDED_BY(mutex_) = Progress::kNone;
  // A thread lets go of it, and the queue's thread takes the call away.
  std::shared_ptr<void> held_ ABSL_GUARDED_BY(mutex_);
  // Tags that must come out of the queue before the call can go: two that end it, a read, and that
  // of patience_.
  int ends_left_ ABSL_GUARDED_BY(mutex_) = 2;

  Tag accepted_{this, &GrpcCall::Accepted};
  Tag ended_{this, &GrpcCall::Ended};
  Tag has_request_{this, &GrpcCall::HasRequest};
  Tag has_waited_{this, &GrpcCall::HasWaited};
  Tag was_read_{this, &GrpcCall::WasRead};
  Tag was_written_{this, &GrpcCall::WasWritten};
  Tag finished_{this, &GrpcCall::Finished};
};

}  // namespace rapport::edge
