// HandEnvelope: the envelope decoded by a loop written for it, to measure the generated parser by.
//
//   HandEnvelope envelope;
//   if (!envelope.Parse(bytes)) ...
//
// It keeps what the generated message keeps of the fields that events of the workload have: texts
// and payload copied into strings that are used again, and texts checked to be UTF-8, as proto3
// asks. Fields it does not know are skipped; texts beyond ASCII are refused, which the workload
// does not have.
//
// Threads: one. Errors: false for bytes that are no message, or a text it cannot tell to be UTF-8.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::bench {

class HandEnvelope {
 public:
  bool Parse(absl::string_view bytes);

  std::string event_id;
  std::string customer_id;
  std::string payload;
  std::string source;
  int64_t occurred_at_us = 0;
  int kind = 0;
  int channel = 0;
  int initiator = 0;

 private:
  void Clear();
  bool TakeText(uint64_t field, absl::string_view bytes);
};

}  // namespace rapport::bench
