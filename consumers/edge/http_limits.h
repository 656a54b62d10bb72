// Limits of the HTTP door; tests make them small.
//
// Threads: plain values.
#pragma once

#include "absl/time/time.h"

namespace rapport::edge {

struct HttpLimits {
  // Between requests; a tenth of it when more than half of the connections are taken.
  absl::Duration idle = absl::Seconds(60);
  // From the first byte of a head to its last, and the same of a body.
  absl::Duration head = absl::Seconds(10);
  absl::Duration body = absl::Seconds(30);
  // Without a byte that the caller takes off an answer.
  absl::Duration write = absl::Seconds(30);
  // How long a stream that says nothing keeps its head back: an error may come instead.
  absl::Duration stream_head = absl::Milliseconds(300);
  // What a stream that must end leaves its reader to take what is on its way.
  absl::Duration hurry = absl::Seconds(1);
  int connections = 2048;
  // Requests above 64 KiB at once.
  int large_bodies = 64;
  // Bytes of answers that wait to be sent.
  size_t unsent_bytes = 256 << 20;
};

}  // namespace rapport::edge
