#include "consumers/support/watch_memory.h"

namespace rapport::support {

size_t WatchMemory::BytesOf(const Entries::value_type& entry) {
  // Its id lies in both, with what list and map add.
  return 2 * entry.first.size() + 160 + entry.second->SpaceUsedLong();
}

const WatchState* WatchMemory::Find(const std::string& customer_id) {
  const auto place = places_.find(customer_id);
  if (place == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, place->second);
  return &place->second->second;
}

void WatchMemory::Put(const std::string& customer_id, WatchState state) {
  Drop(customer_id);
  entries_.emplace_front(customer_id, std::move(state));
  bytes_ += BytesOf(entries_.front());
  places_[customer_id] = entries_.begin();
  while (bytes_ > bytes_max_) Drop(std::string(entries_.back().first));
}

void WatchMemory::Drop(const std::string& customer_id) {
  const auto place = places_.find(customer_id);
  if (place == places_.end()) return;
  bytes_ -= BytesOf(*place->second);
  entries_.erase(place->second);
  places_.erase(place);
}

void WatchMemory::DropAll() {
  entries_.clear();
  places_.clear();
  bytes_ = 0;
}

}  // namespace rapport::support
