// FollowUpDesk: what agents do about follow-ups: take one, do it, let it rest, give it up.
//
// Each act is an event published under the survivor's id. Its event id is made of the follow-up, of
// the etag that was read and of what is asked, so that the same request again finds the event of
// the first and publishes nothing. Acts on one customer run one after another within this process;
// where two processes claim at once, the log decides, and the other one hears ETAG_MISMATCH.
//
// Threads:   calls from any thread. Ownership: borrows the engine.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN, FOLLOW_UP_UNKNOWN), ABORTED (ETAG_MISMATCH),
//            FAILED_PRECONDITION (FOLLOW_UP_OVER, FOLLOW_UP_CLAIMED), INVALID_ARGUMENT, those of
//            publishing, DEADLINE_EXCEEDED (POSITION_NOT_REACHED) when the event is in the log and
//            not applied in time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/follow_up_work.pb.h"

namespace rapport::support {

class FollowUpDesk {
 public:
  explicit FollowUpDesk(Engine* engine) : engine_(engine) {}

  absl::Status Claim(const edge::Call& call, const v1::ClaimFollowUpRequest& request,
                     v1::ClaimFollowUpResponse& response);
  absl::Status Complete(const edge::Call& call, const v1::CompleteFollowUpRequest& request,
                        v1::CompleteFollowUpResponse& response);
  absl::Status Snooze(const edge::Call& call, const v1::SnoozeFollowUpRequest& request,
                      v1::SnoozeFollowUpResponse& response);
  absl::Status Dismiss(const edge::Call& call, const v1::DismissFollowUpRequest& request,
                       v1::DismissFollowUpResponse& response);

 private:
  // Which follow-up, as it was read, and the words that tell one request from another.
  struct Act {
    std::string customer_id;
    std::string follow_up_id;
    std::string etag;
    std::string words;
  };
  // Fills the event of an act on a follow-up that is as it was read.
  using MakeEvent = std::function<absl::Status(const v1::FollowUp& follow_up, v1::Event& event)>;

  // What became of an act; the follow-up is empty when it is no more.
  struct Done {
    v1::FollowUp follow_up;
    std::string event_id;
    std::string position;
    log::Appended appended;
    bool was_done_before = false;
  };

  absl::StatusOr<Done> Do(const edge::Call& call, const Act& act, const MakeEvent& make);
  absl::StatusOr<Done> Publish(const edge::Call& call, const v1::Event& event) const;
  // NOT_FOUND (FOLLOW_UP_UNKNOWN) when there is none of that id now.
  absl::StatusOr<v1::FollowUp> Find(const std::string& customer_id, const std::string& id) const;
  absl::Status FillSubject(const std::string& customer_id, const v1::FollowUp& follow_up,
                           v1::Event& event) const;
  absl::Mutex& MutexOf(const std::string& customer_id);

  Engine* const engine_;
  std::array<absl::Mutex, 64> mutexes_;
};

}  // namespace rapport::support
