// Key files: what the files of a key store hold, and how they are wrapped. Grammar: docs/format.md,
// "Keys".
//
//   std::string file = Wrap(wrapping, "00000000.keys", EncodeKeys(entries));
//   ASSIGN_OR_RETURN(std::string plain, Unwrap(wrapping, "00000000.keys", file));
//
// Threads: pure functions.
// Errors:  DATA_LOSS for bytes that cannot be read: damaged, of another file, or wrapped by a key
//          that is not there.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/event/secret.h"

namespace rapport::event {

// What is kept of one customer.
struct KeyEntry {
  std::string customer_id;
  uint32_t version = 1;
  // False: the key was destroyed and is never made again; `secret` is nothing.
  bool alive = true;
  std::optional<Secret> secret;
  // Keyed hashes of the customer's aliases.
  std::vector<Hash128> aliases;
  // Of a destroyed key: 32 hexadecimal digits that name it, empty if there never was one.
  std::string key_id;
  int64_t destroyed_at_us = 0;
};

std::string EncodeKeys(absl::Span<const KeyEntry> entries);
absl::StatusOr<std::vector<KeyEntry>> DecodeKeys(absl::string_view bytes);

// Names a key and tells nothing about it: 32 hexadecimal digits.
std::string KeyId(const Secret& secret);

struct WrappingKey {
  Secret secret = Secret::Random();
  int64_t made_at_us = 0;
};

struct WrappingKeys {
  // The first is in use; a second is there only while files change from it to the first.
  std::vector<WrappingKey> keys;
  // Names the key store whose files they wrap; empty before its first start.
  std::string store_id;
};

// The wrapping keys' own file: text, a line for each.
std::string FormatWrappingKeys(const WrappingKeys& keys);
absl::StatusOr<WrappingKeys> ParseWrappingKeys(absl::string_view text);

// Wraps `plain` as the file called `name`, by the key in use.
std::string Wrap(const WrappingKeys& keys, absl::string_view name, absl::string_view plain);
absl::StatusOr<std::string> Unwrap(const WrappingKeys& keys, absl::string_view name,
                                   absl::string_view file);

}  // namespace rapport::event
