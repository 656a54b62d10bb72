// FactsMemory: facts of a customer that has no slot, for as long as somebody needs them.
//
// Threads: as safe as a plain value. Ownership: borrows the projection.
#pragma once

#include <cstdlib>

#include "engine/fold/projection.h"

namespace rapport::fold {

class FactsMemory {
 public:
  explicit FactsMemory(const Projection& projection)
      : projection_(projection),
        memory_(std::aligned_alloc(16, (projection.size() + 15) / 16 * 16)) {
    projection_.Construct(memory_);
  }
  ~FactsMemory() {
    projection_.Destroy(memory_);
    std::free(memory_);
  }
  FactsMemory(const FactsMemory&) = delete;
  FactsMemory& operator=(const FactsMemory&) = delete;
  void* get() { return memory_; }
  const void* get() const { return memory_; }

 private:
  const Projection& projection_;
  void* const memory_;
};

}  // namespace rapport::fold
