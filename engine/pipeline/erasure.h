// Erasures on the log: the two events that the engine itself writes, and how they are found again.
//
// Threads: pure, but for the reading of the archive.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "engine/event/key_store.h"
#include "engine/log/archive.h"
#include "rapport/v1/event.pb.h"

namespace rapport::pipeline {

inline constexpr char kErasureSource[] = "rapport/privacy";
// One of each a customer: an id is compared within its customer.
inline constexpr char kRequestedId[] = "rapport:erasure-requested";
inline constexpr char kCompletedId[] = "rapport:erasure-completed";

v1::Event ErasureEvent(v1::Kind kind, const std::string& customer_id, int64_t now_us);

// False for most records, and never for a request: the others need not be parsed.
bool MayAskErasure(const RecordView& record);

// The engine's own request, and no event of that kind which somebody else wrote.
bool IsErasureRequest(const v1::Event& event);

// Destroys the keys of all customers whose erasure the archive holds, as far as these keys have not
// seen it: after a crash between request and destruction, or when keys came back from a backup.
// What was looked at is noted beside the keys, so that a start looks at what is new.
absl::Status ApplyErasures(log::Archive& archive, event::KeyStore& keys, int64_t now_us);

}  // namespace rapport::pipeline
