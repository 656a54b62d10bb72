#include "engine/event/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rapport::event {
namespace {

constexpr size_t kSourceBytesMax = 64;
constexpr size_t kCustomKindBytesMax = 40;
constexpr size_t kFollowUpIdBytes = 32;

uint8_t ByteAt(absl::string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

bool IsContinuation(absl::string_view text, size_t i) {
  return i < text.size() && (ByteAt(text, i) & 0xC0) == 0x80;
}

// Bytes of the character that begins at `i`, 0 when it is malformed.
size_t CharacterSize(absl::string_view text, size_t i) {
  const uint8_t lead = ByteAt(text, i);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !IsContinuation(text, i + 1)) return 0;
  if (lead < 0xE0) return 2;
  const uint8_t second = ByteAt(text, i + 1);
  if (!IsContinuation(text, i + 2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = lead == 0xF0 && second < 0x90;
  const bool above = lead == 0xF4 && second >= 0x90;
  return overlong || above || !IsContinuation(text, i + 3) ? 0 : 4;
}

// True when each byte of the word is of 0x20..0x7E.
bool IsPlainWord(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x80 * kOnes;
  // Bytes of ASCII do not borrow from their neighbours while those below are in order.
  const uint64_t below_space = word - 0x20 * kOnes;
  const uint64_t is_delete = (word ^ 0x7F * kOnes) - kOnes;
  return ((word | below_space | is_delete) & kHigh) == 0;
}

uint64_t WordAt(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// True for visible ASCII and spaces alone, which most texts are.
bool IsPlain(absl::string_view text) {
  const char* at = text.data();
  if (text.size() >= 8) {
    const char* const last = at + text.size() - 8;
    bool plain = IsPlainWord(WordAt(last));
    for (; at < last; at += 8) plain &= IsPlainWord(WordAt(at));
    return plain;
  }
  if (text.size() >= 4) {
    // Two halves, which may overlap.
    uint32_t first, last;
    std::memcpy(&first, at, sizeof(first));
    std::memcpy(&last, at + text.size() - 4, sizeof(last));
    return IsPlainWord(uint64_t{first} << 32 | last);
  }
  bool plain = true;
  for (const char c : text) plain &= c >= ' ' && c < '\x7F';
  return plain;
}

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool IsUtf8(absl::string_view text) {
  if (IsPlain(text)) return true;
  for (size_t i = 0; i < text.size();) {
    const size_t size = CharacterSize(text, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

bool HasControl(absl::string_view text) {
  if (IsPlain(text)) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const uint8_t byte = ByteAt(text, i);
    if (byte < 0x20 || byte == 0x7F) return true;
    // U+0080..009F is C2 80..9F.
    if (byte == 0xC2 && i + 1 < text.size() && ByteAt(text, i + 1) < 0xA0) return true;
  }
  return false;
}

bool IsCode(absl::string_view text) { return text.size() <= kCodeBytesMax && !HasControl(text); }

bool IsEventId(absl::string_view text) {
  return !text.empty() && text.size() <= kEventIdBytesMax && IsPlain(text) &&
         text.find(' ') == text.npos;
}

bool IsCustomerId(absl::string_view text) {
  return !text.empty() && text.size() <= kCustomerIdBytesMax && text != "-" &&
         (IsPlain(text) || (IsUtf8(text) && !HasControl(text)));
}

bool IsSource(absl::string_view text) {
  return !text.empty() && text.size() <= kSourceBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsLowerOrDigit(c) || c == '.' || c == '_' || c == '/' || c == '-';
         });
}

bool IsFollowUpId(absl::string_view text) {
  return text.size() == kFollowUpIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9');
         });
}

bool IsCustomKind(absl::string_view text) {
  return !text.empty() && text.size() <= kCustomKindBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerOrDigit(c) || c == '.' || c == '_' || c == '-'; });
}

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace rapport::event
