// Call: one call of a method, as the method sees it, whatever door it came through.
//
//   absl::Status Get(const edge::Call& call, const v1::GetRequest& request, v1::GetResponse&
//   reply);
//
// Threads: the methods of Call from any thread; a MessageSource and a MessageSink by one thread
//          each. Ownership: the door owns all of it until the method has returned.
#pragma once

#include <google/protobuf/message.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "consumers/edge/role.h"
#include "engine/model/ids.h"

namespace rapport::edge {

// How many events somebody may still publish now.
class Allowance {
 public:
  virtual ~Allowance() = default;
  // Takes `events` from it; false, and takes nothing, when there are not as many left.
  virtual bool Take(int64_t events) = 0;
};

// Who calls.
struct Caller {
  // As the audit file and stamps on events name him: that of the token or certificate, else the
  // network address, else the user of this process.
  std::string name;
  RoleSet roles = RoleSet::All();
  // Sources in whose name he may publish; `*` = any but those of the engine, which begin with
  // `rapport/`. Who proved no name is not bound to any.
  std::vector<std::string> sources;
  // Whether `name` was proven, by a token or certificate.
  bool is_authenticated = false;
  // Null = as many events as he likes.
  std::shared_ptr<Allowance> publishes;

  bool MayPublishAs(absl::string_view source) const;
};

// PERMISSION_DENIED (SOURCE_NOT_PERMITTED) when `caller` may not publish as `source`.
absl::Status CheckSource(const Caller& caller, absl::string_view source);

// PERMISSION_DENIED (ROLE_MISSING) when `caller` lacks the role that `what` needs, or has none of
// those of which each is enough.
absl::Status CheckRole(const Caller& caller, Role needed, absl::string_view what);
absl::Status CheckRole(const Caller& caller, absl::Span<const Role> enough, absl::string_view what);

// CANCELLED: nobody reads the answer any more.
absl::Status CallerLeft();

class Call;

// Who wants to know how far a call is that reads the whole base, and says how fast it may be.
// Threads: any, several at once.
class Progress {
 public:
  virtual ~Progress() = default;
  // So much more will be read, of each partition: records, or customers of the present.
  virtual void Expect(const std::vector<int64_t>& by_partition) = 0;
  // So much more was read by `call`. Waits while that is faster than it may be.
  virtual void Note(const Call& call, Partition partition, int64_t done) = 0;
};

class Call {
 public:
  // `given`: the caller's own deadline, InfiniteFuture when he gave none. `progress`: null, or who
  // wants to know; it outlives the call.
  explicit Call(Caller caller, absl::Time given = absl::InfiniteFuture(),
                Progress* progress = nullptr);

  const Caller& caller() const { return caller_; }
  // RESOURCE_EXHAUSTED (RATE_LIMITED) when the caller publishes more than he may.
  absl::Status TakePublishes(int64_t events) const;
  // When the server gives up: 5 s after the call began when no deadline was given, at most 30 s,
  // and a little before the caller's own, so that he hears why. Of an operation, which nobody waits
  // for, 30 s from now.
  absl::Time deadline() const;
  // The caller's own, for methods that may take as long as he likes.
  absl::Time given_deadline() const { return given_; }

  // It is an operation: nobody waits for it, and somebody wants to know how far it is.
  bool is_operation() const { return progress_ != nullptr; }
  // Tell who wants to know how far it is, if anybody does.
  void Expect(const std::vector<int64_t>& by_partition) const {
    if (progress_ != nullptr) progress_->Expect(by_partition);
  }
  void Note(Partition partition, int64_t done) const {
    if (progress_ != nullptr) progress_->Note(*this, partition, done);
  }

  // The caller has left, or the server ends: nobody reads the answer.
  bool cancelled() const { return cancelled_.HasBeenNotified(); }
  // The same once `pause` is over, or at once when the call is cancelled meanwhile.
  bool CancelledWithin(absl::Duration pause) const {
    return cancelled_.WaitForNotificationWithTimeout(pause);
  }
  // The server ends the call, for a reason that its caller is told instead of what the method
  // returns. The first reason counts.
  void End(absl::Status why);
  bool ended() const { return is_ended_; }
  // What the caller is told when the method returned `status`.
  absl::Status StatusOf(absl::Status status) const;
  // Also called again, as when a server ends whose caller has just left.
  void Cancel() {
    if (!cancelling_.exchange(true)) cancelled_.Notify();
  }

 private:
  const Caller caller_;
  const absl::Time given_;
  const absl::Time deadline_;
  Progress* const progress_;
  std::atomic<bool> cancelling_ = false;
  absl::Notification cancelled_;
  std::atomic<bool> is_ended_ = false;
  mutable absl::Mutex mutex_;
  absl::Status why_ended_ ABSL_GUARDED_BY(mutex_);
};

// What a method that answers with a stream writes to.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // Waits until the door has taken the message; false once nobody reads any more.
  virtual bool Write(const google::protobuf::Message& message) = 0;
};

// What a method that is asked by a stream reads from.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // Waits for the next message; false behind the last.
  virtual bool Read(google::protobuf::Message& message) = 0;
};

// The same with the types of one method.
template <typename Response>
class Sink {
 public:
  explicit Sink(MessageSink* sink) : sink_(sink) {}
  bool Write(const Response& response) { return sink_->Write(response); }

 private:
  MessageSink* const sink_;
};

template <typename Request>
class Source {
 public:
  explicit Source(MessageSource* source) : source_(source) {}
  bool Read(Request& request) { return source_->Read(request); }

 private:
  MessageSource* const source_;
};

}  // namespace rapport::edge
