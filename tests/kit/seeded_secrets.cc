#include "tests/kit/seeded_secrets.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "engine/base/check.h"

namespace rapport::kit {
namespace {

// Of the SeededSecrets that lives on this thread; null for none.
thread_local uint64_t* seeded = nullptr;

// SplitMix64.
uint64_t Draw(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

const char* Name() { return "seeded"; }

void Fill(void* bytes, size_t size) {
  if (seeded == nullptr) return randombytes_sysrandom_implementation.buf(bytes, size);
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    const uint64_t drawn = Draw(*seeded);
    std::memcpy(static_cast<char*>(bytes) + at, &drawn, std::min(sizeof(drawn), size - at));
  }
}

uint32_t Number() {
  uint32_t number = 0;
  Fill(&number, sizeof(number));
  return number;
}

void Stir() {
  if (seeded == nullptr) randombytes_sysrandom_implementation.stir();
}

randombytes_implementation implementation = {Name, Number, Stir, nullptr, Fill, nullptr};

}  // namespace

SeededSecrets::SeededSecrets(uint64_t seed) : state_(seed) {
  static std::once_flag once;
  std::call_once(once, [] { randombytes_set_implementation(&implementation); });
  RAPPORT_CHECK(seeded == nullptr) << "one lives on this thread already";
  seeded = &state_;
}

SeededSecrets::~SeededSecrets() { seeded = nullptr; }

}  // namespace rapport::kit
