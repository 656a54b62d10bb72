// Aliases: by which other ids a customer is known, as the AliasLinked events that stand say.
//
// Of an alias there is a hash under the customer's own key, so these tell nothing to whoever has
// not that key, and nothing to anybody once it is destroyed. Of each hash the greatest moment is
// kept, and of all hashes the kMax of the greatest moments; so the order in which they come does
// not count.
//
//   Aliases aliases;
//   aliases.Link(lookup, event.moment());
//   if (const Moment* linked = aliases.Find(lookup)) ...
//
// Whoever was erased has none, whatever is linked before or later.
//
// Threads: as safe as a plain value. Memory: a pointer while nothing was linked.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"

namespace rapport {

class Aliases {
 public:
  static constexpr size_t kMax = 64;

  Aliases() = default;
  Aliases(const Aliases& other) { *this = other; }
  Aliases(Aliases&&) = default;
  Aliases& operator=(const Aliases& other);
  Aliases& operator=(Aliases&&) = default;

  // How many there are.
  size_t size() const { return linked_ == nullptr ? 0 : linked_->all.size(); }
  // When the alias of that hash was linked last; null when it was not, or was dropped.
  const Moment* Find(const Hash128& lookup) const;

  void Link(const Hash128& lookup, const Moment& moment);
  // Forgets all, for good.
  void Erase();

  // As a row keeps them, see docs/format.md; empty while nothing was linked.
  std::string Encode() const;
  // False when `bytes` are not aliases.
  static bool Decode(absl::string_view bytes, Aliases& aliases);

  // Bytes beside the object.
  size_t HeapBytes() const;

 private:
  struct Alias {
    Hash128 lookup;
    Moment moment;
  };
  struct Linked {
    bool erased = false;
    // Ascending by hash.
    std::vector<Alias> all;
  };
  bool erased() const { return linked_ != nullptr && linked_->erased; }
  Linked& Made();

  std::unique_ptr<Linked> linked_;
};

}  // namespace rapport
