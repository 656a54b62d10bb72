// Erasures on the log: the two events that the engine itself writes, and how they are known.
//
// Threads: pure.
#pragma once

#include <string>

#include "rapport/v1/event.pb.h"

namespace rapport::event {

inline constexpr char kErasureSource[] = "rapport/privacy";
// One of each a customer: an id is compared within its customer.
inline constexpr char kRequestedId[] = "rapport:erasure-requested";
inline constexpr char kCompletedId[] = "rapport:erasure-completed";

v1::Event ErasureEvent(v1::Kind kind, const std::string& customer_id, int64_t now_us);

// The engine's own request, and no event of that kind which somebody else wrote.
bool IsErasureRequest(const v1::Event& event);

}  // namespace rapport::event
