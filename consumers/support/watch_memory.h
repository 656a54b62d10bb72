// WatchMemory: what was told last of those who are one with nobody, the least used forgotten first.
//
//   if (const WatchState* state = memory.Find("ana")) ...
//   memory.Put("ana", state);
//
// Whoever keeps one puts or drops everybody whom a step concerns, so what is there is what the
// relationship is at its place.
//
// Threads: one. Memory: about as many bytes as it was given.
#pragma once

#include <list>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "consumers/support/watch_state.h"

namespace rapport::support {

class WatchMemory {
 public:
  explicit WatchMemory(size_t bytes_max) : bytes_max_(bytes_max) {}

  // Null when it is not there; good until the next call.
  const WatchState* Find(const std::string& customer_id);
  void Put(const std::string& customer_id, WatchState state);
  void Drop(const std::string& customer_id);
  void DropAll();

 private:
  using Entries = std::list<std::pair<std::string, WatchState>>;
  static size_t BytesOf(const Entries::value_type& entry);

  const size_t bytes_max_;
  size_t bytes_ = 0;
  // Used last first.
  Entries entries_;
  absl::flat_hash_map<std::string, Entries::iterator> places_;
};

}  // namespace rapport::support
