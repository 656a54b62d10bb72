#include "consumers/operations/command_watch.h"

#include <cstdio>
#include <set>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consumers/operations/interruption.h"
#include "consumers/operations/moment.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

using Message = v1::WatchRelationshipsResponse;

// A server that answers that it is not ready is asked again.
constexpr absl::Duration kBetweenTries = absl::Milliseconds(200);

std::string StandingText(const v1::Standing& standing) {
  return absl::StrCat(StageText(standing.stage(), standing.stage_reason()), " ",
                      Points(standing.score_milli()));
}

std::string CauseText(const v1::RelationshipChange& change) {
  if (change.cause() == v1::RELATIONSHIP_CAUSE_UNSPECIFIED) return "as it is";
  return std::string(
      absl::StripPrefix(v1::RelationshipCause_Name(change.cause()), "RELATIONSHIP_CAUSE_"));
}

// `2026-01-31T09:30:00Z  cust-1  EXPLORATION 400.000 -> EXPANSION 512.000  EVENTS  stage, score`
std::string RowOf(const v1::RelationshipChange& change) {
  std::vector<std::string> fields;
  for (const std::string& field : change.changed_fields()) {
    fields.emplace_back(absl::StripPrefix(field, "standing."));
  }
  const std::string after = change.has_after() ? StandingText(change.after().standing())
                            : !change.merged_into().empty()
                                ? absl::StrCat("one with ", change.merged_into())
                                : "unknown";
  return absl::StrCat(
      FormatSecond(change.at_us()), "  ", Pad(change.customer_id(), 16), "  ",
      change.has_before() ? absl::StrCat(StandingText(change.before().standing()), " -> ") : "",
      after, "  ", CauseText(change), fields.empty() ? "" : "  ", absl::StrJoin(fields, ", "));
}

void PrintMessage(const Message& message, Format format) {
  if (format != Format::kTable) {
    PrintJson(Format::kJsonLines, {&message});
  } else if (message.has_change()) {
    std::printf("%s\n", RowOf(message.change()).c_str());
  } else if (message.has_resync()) {
    Talk(absl::StrCat("changes are missing here: ", message.resync().reason()));
  }
  std::fflush(stdout);
}

// Ends the stream that is under way once the command is interrupted or its time is over.
class Ender {
 public:
  explicit Ender(absl::Time until) : until_(until), thread_([this] { Run(); }) {}
  ~Ender() {
    left_.Notify();
    thread_.join();
  }

  // The one to end; null = none is under way.
  void Guard(grpc::ClientContext* context) {
    const absl::MutexLock lock(&mutex_);
    context_ = context;
    if (context_ != nullptr && has_ended_) context_->TryCancel();
  }
  // Whether it is over; waits so long for that.
  bool EndsWithin(absl::Duration pause) const {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&has_ended_), pause);
  }
  // CANCELLED when it was interrupted.
  absl::Status Check() const { return interruption_.Check(); }

 private:
  static constexpr absl::Duration kLook = absl::Milliseconds(50);

  void Run() {
    while (!left_.WaitForNotificationWithTimeout(kLook)) {
      if (interruption_.Check().ok() && absl::Now() < until_) continue;
      const absl::MutexLock lock(&mutex_);
      has_ended_ = true;
      if (context_ != nullptr) context_->TryCancel();
      return;
    }
  }

  const absl::Time until_;
  const Interruption interruption_;
  absl::Notification left_;
  mutable absl::Mutex mutex_;
  bool has_ended_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::thread thread_;
};

// Watches over as many streams as it takes.
class Watch {
 public:
  Watch(Client* client, const CustomersWatch& options, absl::Time until)
      : client_(client), options_(options), ender_(until) {
    request_.set_filter(options.filter);
    request_.set_from_position(options.from_position);
    request_.set_include_snapshot(options.snapshot);
  }

  absl::Status Run() {
    for (;;) {
      const absl::Status status = Follow();
      if (ender_.EndsWithin(absl::ZeroDuration())) return ender_.Check();
      if (is_complete_) return absl::OkStatus();
      // A store of this process does not come back, and who never answered is not waited for.
      const bool was_cut = status.ok() || absl::IsUnavailable(status);
      if (!was_cut || !has_begun_ || client_->store() != nullptr) return status;
      if (!is_cut_) {
        Talk(absl::StrCat("the server has ended; waiting for it, to go on ", PlaceToGoOn()));
      }
      is_cut_ = true;
      if (ender_.EndsWithin(kBetweenTries)) return ender_.Check();
    }
  }

  // `from POSITION`, as the next request asks.
  std::string PlaceToGoOn() const {
    return request_.from_position().empty() ? "from then on"
                                            : absl::StrCat("from ", request_.from_position());
  }
  const std::string& position() const { return request_.from_position(); }

 private:
  // One stream, to its end.
  absl::Status Follow() {
    grpc::ClientContext context;
    context.set_wait_for_ready(is_cut_);
    ender_.Guard(&context);
    const auto reader = client_->relationships().WatchRelationships(&context, request_);
    Message message;
    while (!is_complete_ && reader->Read(&message)) Take(message);
    if (is_complete_) context.TryCancel();
    while (reader->Read(&message)) continue;
    const absl::Status status = client_->Explain(reader->Finish());
    ender_.Guard(nullptr);
    return status;
  }

  void Take(const Message& message) {
    has_begun_ = true;
    if (is_cut_) Talk(absl::StrCat("the server is back, going on ", PlaceToGoOn()));
    is_cut_ = false;
    const bool is_new = NotePlace(message);
    if (is_new) PrintMessage(message, options_.format);
    is_complete_ = options_.once && message.has_caught_up();
  }

  // False for what was told before a cut: all of a position is told again after it.
  bool NotePlace(const Message& message) {
    if (message.position() != request_.from_position()) told_.clear();
    if (!message.position().empty()) request_.set_from_position(message.position());
    const bool may_come_again = message.has_change() && !message.position().empty();
    return !may_come_again || told_.insert(Blake2b128(message.SerializeAsString())).second;
  }

  Client* const client_;
  const CustomersWatch& options_;
  Ender ender_;
  v1::WatchRelationshipsRequest request_;
  // Hashes of the changes told at the position: one step may be a change of everybody.
  std::set<Hash128> told_;
  bool has_begun_ = false;
  bool is_cut_ = false;
  bool is_complete_ = false;
};

}  // namespace

absl::Status WatchCustomers(Client& client, const CustomersWatch& options) {
  absl::Time until = absl::InfiniteFuture();
  if (!options.for_span.empty()) {
    ASSIGN_OR_RETURN(const int64_t span_us, SpanOf("--for", options.for_span));
    until = absl::Now() + absl::Microseconds(span_us);
  }
  Watch watch(&client, options, until);
  const absl::Status status = watch.Run();
  if (options.format == Format::kTable && !watch.position().empty()) {
    Talk(absl::StrCat("to go on: rapport customers watch --from ", watch.position()));
  }
  return status;
}

}  // namespace rapport::operations
