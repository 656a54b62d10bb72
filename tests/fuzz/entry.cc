// What libFuzzer calls; RAPPORT_FUZZ_TARGET is the function of targets.h.

#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // The parser writes a line for each bad text.
  static const google::protobuf::LogSilencer* const kSilencer = new google::protobuf::LogSilencer;
  (void)kSilencer;
  rapport::fuzz::RAPPORT_FUZZ_TARGET(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
