// What the bytes of a text may be: the character rules of the wire contract.
//
//   if (!IsUtf8(id) || HasControl(id)) ...
//
// Threads: pure.
#pragma once

#include "absl/strings/string_view.h"

namespace rapport::event {

inline constexpr size_t kCodeBytesMax = 64;
inline constexpr size_t kEventIdBytesMax = 64;
inline constexpr size_t kCustomerIdBytesMax = 128;

// Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool IsUtf8(absl::string_view text);

// True for a character of U+0000..001F or U+007F..009F. REQUIRES: UTF-8.
bool HasControl(absl::string_view text);

// At most 64 bytes without control characters; empty is fine.
bool IsCode(absl::string_view text);
// 1..64 bytes of visible ASCII.
bool IsEventId(absl::string_view text);
// 1..128 bytes of UTF-8 without control characters, not `-`.
bool IsCustomerId(absl::string_view text);
// 1..64 of `[a-z0-9._/-]`.
bool IsSource(absl::string_view text);
// 32 lower-case hexadecimal digits.
bool IsFollowUpId(absl::string_view text);
// 1..40 of `[a-z0-9._-]`.
bool IsCustomKind(absl::string_view text);
// Three capital letters.
bool IsCurrency(absl::string_view text);

}  // namespace rapport::event
