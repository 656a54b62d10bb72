#include "consumers/edge/grpc_call.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/rpc_status.h"

namespace rapport::edge {
namespace {

// How long a write is waited for once its stream must end.
constexpr absl::Duration kUnreadMax = absl::Seconds(1);

bool ReadMessage(grpc::ByteBuffer& buffer, google::protobuf::Message& message) {
  grpc::ProtoBufferReader reader(&buffer);
  return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

bool WriteMessage(const google::protobuf::Message& message, grpc::ByteBuffer& buffer) {
  bool own = true;
  buffer.Clear();
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message,
                                                                                    &buffer, &own)
      .ok();
}

Credentials CredentialsOf(const grpc::ServerContext& context) {
  Credentials credentials;
  const std::string peer = context.peer();
  // A channel within this process has no address.
  if (peer != "unknown" && !absl::StartsWith(peer, "inproc")) credentials.peer = peer;
  const auto found = context.client_metadata().find("authorization");
  if (found != context.client_metadata().end()) {
    credentials.bearer = BearerOf({found->second.data(), found->second.size()});
  }
  const auto security = context.auth_context();
  if (security != nullptr && security->IsPeerAuthenticated()) {
    for (const grpc::string_ref& name : security->GetPeerIdentity()) {
      credentials.certificate_names.emplace_back(name.data(), name.size());
    }
  }
  return credentials;
}

absl::Time DeadlineOf(const grpc::ServerContext& context) {
  return absl::FromChrono(context.deadline());
}

absl::Status Malformed(const Method& method) {
  return absl::InvalidArgumentError(absl::StrCat("PAYLOAD_MALFORMED: the bytes are no ",
                                                 method.descriptor->input_type()->name(),
                                                 "; encode that message, with texts in UTF-8"));
}

absl::Status NoRequest(absl::Duration waited) {
  return absl::DeadlineExceededError(
      absl::StrCat("DEADLINE_PASSED: no request came within ", absl::FormatDuration(waited),
                   " of the stream's begin; send it as soon as the stream is open"));
}

}  // namespace

// What a stream's method writes to: each message is given to the queue and waited for.
class GrpcCall::StreamSink final : public MessageSink {
 public:
  explicit StreamSink(GrpcCall* call) : call_(call) {}

  bool Write(const google::protobuf::Message& message) override {
    if (call_->call_->cancelled() || !WriteMessage(message, call_->outgoing_)) return false;
    const absl::MutexLock lock(&call_->mutex_);
    if (call_->write_ == Progress::kFailed) return false;
    call_->write_ = Progress::kRunning;
    call_->stream_.Write(call_->outgoing_, &call_->was_written_);
    const auto is_written = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(call_->mutex_) {
      return call_->write_ != Progress::kRunning;
    };
    const auto goes_on = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(call_->mutex_) {
      return is_written() || call_->call_->ended();
    };
    call_->mutex_.Await(absl::Condition(&goes_on));
    // Who does not read for so long hears no reason, either.
    if (!call_->mutex_.AwaitWithTimeout(absl::Condition(&is_written), kUnreadMax)) {
      call_->context_.TryCancel();
      call_->mutex_.Await(absl::Condition(&is_written));
    }
    return call_->write_ == Progress::kDone && !call_->call_->ended();
  }

 private:
  GrpcCall* const call_;
};

class GrpcCall::StreamSource final : public MessageSource {
 public:
  explicit StreamSource(GrpcCall* call) : call_(call) {}

  bool Read(google::protobuf::Message& message) override {
    {
      const absl::MutexLock lock(&call_->mutex_);
      if (call_->read_ == Progress::kFailed || call_->call_->ended()) return false;
      call_->read_ = Progress::kRunning;
      ++call_->ends_left_;
      call_->stream_.Read(&call_->incoming_, &call_->was_read_);
      const auto is_read = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(call_->mutex_) {
        return call_->read_ != Progress::kRunning || call_->call_->ended();
      };
      call_->mutex_.Await(absl::Condition(&is_read));
      if (call_->read_ != Progress::kDone) return false;
    }
    is_malformed_ = !ReadMessage(call_->incoming_, message);
    return !is_malformed_;
  }

  bool is_malformed() const { return is_malformed_; }

 private:
  GrpcCall* const call_;
  bool is_malformed_ = false;
};

GrpcCall::GrpcCall(GrpcCalls* calls, grpc::ServerCompletionQueue* queue)
    : calls_(calls), queue_(queue), stream_(&context_) {
  context_.AsyncNotifyWhenDone(&ended_);
}

void GrpcCall::Await(GrpcCalls* calls, grpc::ServerCompletionQueue* queue) {
  auto* const call = new GrpcCall(calls, queue);
  calls->service.RequestCall(&call->context_, &call->stream_, queue, queue, &call->accepted_);
}

void GrpcCall::Proceed(void* tag, bool ok) {
  const Tag& entry = *static_cast<Tag*>(tag);
  (entry.call->*entry.handler)(ok);
}

void GrpcCall::Accepted(bool ok) {
  // The door closes; a call that never came is never told to have ended.
  if (!ok) {
    delete this;
    return;
  }
  bool closing;
  {
    const absl::MutexLock lock(&calls_->mutex);
    ++calls_->running;
    closing = calls_->closing;
  }
  if (!closing) Await(calls_, queue_);
  Begin();
}

void GrpcCall::Begin() {
  method_ = calls_->dispatcher->table().Find(context_.method());
  if (method_ == nullptr) {
    Finish(absl::UnimplementedError(absl::StrCat("METHOD_UNKNOWN: there is no ", context_.method(),
                                                 "; reflection lists what there is")));
    return;
  }
  absl::StatusOr<Admission> admission =
      calls_->dispatcher->gate().Admit(CredentialsOf(context_), *method_);
  if (!admission.ok()) {
    Finish(admission.status());
    return;
  }
  call_ = std::make_shared<Call>(std::move(admission->caller), DeadlineOf(context_));
  if (method_->stream) LimitWait();
  if (admission->lease != nullptr) EndWith(*admission->lease);
  Hold(std::make_shared<Admission>(*std::move(admission)));
  if (method_->converse) {
    RunStream(nullptr);
  } else {
    stream_.Read(&incoming_, &has_request_);
  }
}

void GrpcCall::LimitWait() {
  is_waiting_ = true;
  {
    const absl::MutexLock lock(&mutex_);
    ends_left_ += 2;
  }
  patience_ = std::make_unique<grpc::Alarm>();
  patience_->Set(queue_, absl::ToChronoTime(absl::Now() + calls_->first_request), &has_waited_);
}

void GrpcCall::HasWaited(bool to_the_end) {
  if (std::exchange(is_waiting_, false)) {
    // Cut short: what let the caller in is over.
    const absl::Status late = to_the_end ? NoRequest(calls_->first_request) : CallerLeft();
    Finish(call_->StatusOf(late));
  }
  Release();
}

void GrpcCall::HasRequest(bool ok) {
  if (method_->stream) {
    // The one tag of the read, which the others outlive.
    const bool is_wanted = std::exchange(is_waiting_, false);
    if (is_wanted) patience_->Cancel();
    Release();
    if (!is_wanted) return;
  }
  std::unique_ptr<google::protobuf::Message> request(method_->request->New());
  if (!ok || !ReadMessage(incoming_, *request)) {
    Finish(Malformed(*method_));
  } else if (method_->answer) {
    Run(std::move(request));
  } else {
    RunStream(std::move(request));
  }
}

void GrpcCall::Run(std::unique_ptr<google::protobuf::Message> request) {
  calls_->dispatcher->Answer(*method_, call_, std::move(request),
                             [this](absl::Status status, const google::protobuf::Message& reply) {
                               status.ok() ? FinishWith(reply) : Finish(status);
                             });
}

void GrpcCall::RunStream(std::shared_ptr<google::protobuf::Message> request) {
  const bool runs = calls_->dispatcher->Stream(
      *method_, call_,
      [this, request]() -> absl::Status {
        StreamSink sink(this);
        if (method_->stream) return method_->stream(*call_, *request, sink);
        StreamSource source(this);
        const absl::Status status = method_->converse(*call_, source, sink);
        return status.ok() && source.is_malformed() ? Malformed(*method_) : status;
      },
      [this](const absl::Status& status) { Finish(status); });
  if (runs) return;
  Finish(TooManyStreams());
}

void GrpcCall::WasRead(bool ok) {
  {
    const absl::MutexLock lock(&mutex_);
    read_ = ok ? Progress::kDone : Progress::kFailed;
  }
  Release();
}

void GrpcCall::WasWritten(bool ok) {
  const absl::MutexLock lock(&mutex_);
  write_ = ok ? Progress::kDone : Progress::kFailed;
}

void GrpcCall::FinishWith(const google::protobuf::Message& response) {
  if (!WriteMessage(response, outgoing_)) {
    Finish(absl::InternalError("BUG: the answer could not be encoded"));
    return;
  }
  Hold(nullptr);
  stream_.WriteAndFinish(outgoing_, grpc::WriteOptions(), grpc::Status::OK, &finished_);
}

void GrpcCall::Finish(const absl::Status& status) {
  Hold(nullptr);
  stream_.Finish(ToRpcStatus(status), &finished_);
}

void GrpcCall::Hold(std::shared_ptr<void> held) {
  const absl::MutexLock lock(&mutex_);
  held_.swap(held);
}

void GrpcCall::EndWith(Lease& lease) {
  lease.WhenOver([this](const absl::Status& why) {
    call_->End(why);
    if (patience_ != nullptr) patience_->Cancel();
    // Wakes the thread that waits for a read or a write.
    const absl::MutexLock lock(&mutex_);
  });
}

void GrpcCall::Finished(bool) { Release(); }

void GrpcCall::Ended(bool) {
  if (call_ != nullptr && context_.IsCancelled()) call_->Cancel();
  Release();
}

void GrpcCall::Release() {
  {
    const absl::MutexLock lock(&mutex_);
    if (--ends_left_ > 0) return;
  }
  GrpcCalls* const calls = calls_;
  delete this;
  const absl::MutexLock lock(&calls->mutex);
  --calls->running;
}

}  // namespace rapport::edge
