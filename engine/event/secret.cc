#include "engine/event/secret.h"

#include <sodium.h>

#include <cstring>

#include "engine/base/check.h"

namespace rapport::event {
namespace {

static_assert(Secret::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(Secret::kBoxOverhead == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                          crypto_aead_xchacha20poly1305_ietf_ABYTES);
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

void FillRandom(void* bytes, size_t size) {
  static const bool ready = sodium_init() >= 0;
  RAPPORT_CHECK(ready) << "libsodium finds no randomness on this machine";
  // allow: random, because keys and nonces must be new; nothing that is folded depends on them
  randombytes_buf(bytes, size);
}

// Keyed BLAKE2b over pieces, each framed by its length.
void KeyedHash(absl::string_view key, std::initializer_list<absl::string_view> pieces, uint8_t* out,
               size_t size) {
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, Bytes(key), key.size(), size);
  for (const absl::string_view piece : pieces) {
    uint8_t length[4];
    for (size_t i = 0; i < 4; ++i) length[i] = static_cast<uint8_t>(piece.size() >> (8 * i));
    crypto_generichash_blake2b_update(&state, length, sizeof(length));
    crypto_generichash_blake2b_update(&state, Bytes(piece), piece.size());
  }
  crypto_generichash_blake2b_final(&state, out, size);
  sodium_memzero(&state, sizeof(state));
}

}  // namespace

Secret Secret::Random() {
  Secret secret;
  FillRandom(secret.bytes_.data(), kBytes);
  return secret;
}

std::optional<Secret> Secret::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) return std::nullopt;
  Secret secret;
  std::memcpy(secret.bytes_.data(), bytes.data(), kBytes);
  return secret;
}

Secret::~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

Secret Secret::Derive(absl::string_view purpose) const {
  Secret secret;
  KeyedHash(bytes(), {purpose}, secret.bytes_.data(), kBytes);
  return secret;
}

Hash128 Secret::Tag(std::initializer_list<absl::string_view> pieces) const {
  Hash128 tag;
  KeyedHash(bytes(), pieces, tag.data(), tag.size());
  return tag;
}

std::string Secret::Seal(absl::string_view associated, absl::string_view plain) const {
  std::string box(kBoxOverhead + plain.size(), '\0');
  auto* const nonce = reinterpret_cast<uint8_t*>(box.data());
  FillRandom(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, Bytes(plain),
                                             plain.size(), Bytes(associated), associated.size(),
                                             nullptr, nonce, bytes_.data());
  return box;
}

std::optional<std::string> Secret::Open(absl::string_view associated, absl::string_view box) const {
  if (box.size() < kBoxOverhead) return std::nullopt;
  std::string plain(box.size() - kBoxOverhead, '\0');
  const int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<uint8_t*>(plain.data()), nullptr, nullptr, Bytes(box) + kNonceBytes,
      box.size() - kNonceBytes, Bytes(associated), associated.size(), Bytes(box), bytes_.data());
  if (wrong != 0) return std::nullopt;
  return plain;
}

void Wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace rapport::event
