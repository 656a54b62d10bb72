// FuzzInput cuts the bytes a fuzzer makes into small values, so that every input means something.
//
//   FuzzInput in(bytes);
//   const bool checks_partition = in.Byte() & 1;
//   const absl::string_view key = in.Sized();
//   const absl::string_view value = in.Rest();
//
// Threads: one. Lifetime: what comes out points into the bytes.
// Errors:  none; where the bytes have ended, zero and empty come out.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace rapport::fuzz {

class FuzzInput {
 public:
  explicit FuzzInput(absl::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return byte;
  }

  // Big-endian.
  uint64_t Number(int bytes) {
    uint64_t number = 0;
    for (int i = 0; i < bytes; ++i) number = number << 8 | Byte();
    return number;
  }

  // At most 65,535 bytes behind two that tell how many.
  absl::string_view Sized() { return Take(Number(2)); }

  absl::string_view Rest() { return Take(rest_.size()); }

 private:
  absl::string_view Take(size_t size) {
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  absl::string_view rest_;
};

}  // namespace rapport::fuzz
