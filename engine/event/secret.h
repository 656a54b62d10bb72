// Secret: 32 bytes that nobody else knows, and what is done with them.
//
//   Secret key = Secret::Random();
//   std::string box = key.Seal("ana/note", "rang twice");
//   key.Open("ana/note", box);                             // "rang twice"; nothing if one byte
//   differs
//
// A box is a nonce of 24 random bytes and XChaCha20-Poly1305. The only door to libsodium in this
// room, and the only place of it whose output differs each time.
//
// Threads: plain values. Never: stays in memory after its end.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/base/hash.h"

namespace rapport::event {

class Secret {
 public:
  static constexpr size_t kBytes = 32;
  // What Seal adds to a text.
  static constexpr size_t kBoxOverhead = 24 + 16;

  static Secret Random();
  // Nothing unless there are kBytes of them.
  static std::optional<Secret> FromBytes(absl::string_view bytes);
  ~Secret();
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;

  // Another secret, for one purpose; tells nothing about this one.
  Secret Derive(absl::string_view purpose) const;
  // A keyed hash of framed pieces.
  Hash128 Tag(std::initializer_list<absl::string_view> pieces) const;

  // `associated` is bound to the box and not in it.
  std::string Seal(absl::string_view associated, absl::string_view plain) const;
  // Nothing for a box of another secret, another `associated`, or with a changed byte.
  std::optional<std::string> Open(absl::string_view associated, absl::string_view box) const;

  absl::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  Secret() = default;
  std::array<uint8_t, kBytes> bytes_ = {};
};

// Overwrites what a text held.
void Wipe(std::string& text);

}  // namespace rapport::event
