// PartitionTask: events that concern a second customer, and how the log gets their twins.

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/pipeline/partition_task.h"

namespace rapport::pipeline {
namespace {

// Before another generation takes over.
constexpr absl::Duration kSendAllMax = absl::Seconds(10);
constexpr absl::Duration kSendPause = absl::Milliseconds(5);

}  // namespace

absl::Status PartitionTask::OpenEcho() {
  if (!parts_.notes_echoes) return absl::OkStatus();
  const store::StateStore& store = generation_->state->store();
  ASSIGN_OR_RETURN(echo_from_, store.EchoBegin(parts_.partition));
  if (echo_from_.has_value()) folder().BeginEcho(*echo_from_);
  RETURN_IF_ERROR(outbox_.Open(store));
  ShowProgress();
  // The log's end is that of the archive; else it is asked for.
  return parts_.mirror ? absl::OkStatus() : BeginEcho(parts_.archive->End(parts_.partition).next);
}

// What the log holds already is no news to anybody, unless this state has said where it began.
absl::Status PartitionTask::BeginEcho(Offset end) {
  if (!parts_.echo || echo_from_.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(generation_->state->store().BeginEcho(parts_.partition, end));
  echo_from_ = end;
  folder().BeginEcho(end);
  return absl::OkStatus();
}

int64_t PartitionTask::EchoPending() const {
  return outbox_.waiting() + static_cast<int64_t>(twins_in_flight_ + folder().twins());
}

// Nothing is sent to a log that may be another one, nor by who only notes what is to be sent.
void PartitionTask::SendTwins() {
  if (!parts_.echo || !echo_from_.has_value() || phase_ != Phase::kLog || !parts_.may_write().ok())
    return;
  const absl::StatusOr<std::vector<Offset>> sent = outbox_.Send(generation_->state->store());
  if (!sent.ok()) return Halt(sent.status());
  if (sent->empty() && outbox_.refused() == refused_shown_) return;
  folder().NoteEchoed(*sent);
  refused_shown_ = outbox_.refused();
  const int64_t pending = EchoPending();
  parts_.progress->Update(parts_.partition, [&](PartitionProgress& progress) {
    progress.echo_pending = pending;
    progress.echo_refused = refused_shown_;
  });
}

absl::Status PartitionTask::SendAllTwins() {
  if (!echo_from_.has_value() || outbox_.waiting() == 0) return absl::OkStatus();
  if (!parts_.echo) {
    return absl::UnavailableError(absl::StrCat(
        "NOT_READY: ", outbox_.waiting(), " echoes of partition ", parts_.partition,
        " wait for who sends them; serve with --echo on, or give them up with --echo off"));
  }
  const absl::Time until = absl::Now() + kSendAllMax;
  outbox_.Hurry();
  while (true) {
    const int64_t waited = outbox_.waiting();
    SendTwins();
    if (outbox_.waiting() == 0) break;
    // More may wait than are sent at once.
    const bool goes_on = outbox_.IsSending() || outbox_.waiting() < waited;
    if (!goes_on || absl::Now() > until) {
      return absl::UnavailableError(absl::StrCat("NOT_READY: ", outbox_.waiting(),
                                                 " echoes of partition ", parts_.partition,
                                                 " wait for the log: ", outbox_.refused().message(),
                                                 "; rebuild again once they are sent"));
    }
    absl::SleepFor(kSendPause);
  }
  return CommitAll();
}

}  // namespace rapport::pipeline
