#include "engine/base/sha256.h"

#include <sodium.h>

#include <cstdint>

namespace rapport {

std::string Sha256(absl::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<uint8_t*>(hash.data()),
                     reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return hash;
}

bool EqualInConstantTime(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace rapport
