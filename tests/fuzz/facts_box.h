// FactsBox holds facts of a projection in memory of their own.
//
//   FactsBox facts(projection);
//   projection.Fold(facts.get(), event);
//   std::string bytes = facts.Bytes();
//
// Threads: one. Ownership: owns the facts, borrows the projection.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/fold/projection.h"

namespace rapport::fuzz {

class FactsBox {
 public:
  explicit FactsBox(const fold::Projection& projection)
      : projection_(projection),
        memory_((projection.size() + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t)) {
    RAPPORT_CHECK(projection.align() <= alignof(std::max_align_t));
    projection_.Construct(get());
  }
  ~FactsBox() { projection_.Destroy(get()); }
  FactsBox(const FactsBox&) = delete;
  FactsBox& operator=(const FactsBox&) = delete;

  void* get() { return memory_.data(); }
  std::string Bytes() {
    std::string bytes;
    projection_.Encode(get(), /*with_offsets=*/true, bytes);
    return bytes;
  }

 private:
  const fold::Projection& projection_;
  std::vector<std::max_align_t> memory_;
};

}  // namespace rapport::fuzz
