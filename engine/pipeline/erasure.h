// Erasures on the log, found again: the events are those of engine/event/erasure.h.
//
// Threads: pure, but for the reading of the archive.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "engine/event/erasure.h"
#include "engine/event/key_store.h"
#include "engine/log/archive.h"
#include "rapport/v1/event.pb.h"

namespace rapport::pipeline {

using event::ErasureEvent;
using event::IsErasureRequest;
using event::kCompletedId;
using event::kErasureSource;
using event::kRequestedId;

// False for most records, and never for a request: the others need not be parsed.
bool MayAskErasure(const RecordView& record);

// Destroys the keys of all customers whose erasure the archive holds, as far as these keys have not
// seen it: after a crash between request and destruction, or when keys came back from a backup.
// What was looked at is noted beside the keys, so that a start looks at what is new.
absl::Status ApplyErasures(log::Archive& archive, event::KeyStore& keys, int64_t now_us);

}  // namespace rapport::pipeline
