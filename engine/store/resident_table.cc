#include "engine/store/resident_table.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

#include "absl/hash/hash.h"
#include "engine/base/check.h"

namespace rapport::store {
namespace {

constexpr size_t kFirstPlaces = 1024;
// Of most customer ids.
constexpr size_t kLikelyNameBytes = 16;
// Of a customer id.
constexpr size_t kNameBytesMax = 128;
// To know how large customers are on the whole.
constexpr size_t kPlacesLookedAt = 8192;

}  // namespace

absl::string_view Slot::name() const {
  return {static_cast<const char*>(facts()) + facts_size, name_size};
}

SlotLock::SlotLock(const Slot& slot) : locked_(const_cast<Slot&>(slot).locked) {
  while (locked_.exchange(true, std::memory_order_acquire)) {
    while (locked_.load(std::memory_order_relaxed)) std::this_thread::yield();
  }
}

SlotLock::~SlotLock() { locked_.store(false, std::memory_order_release); }

ResidentTable::ResidentTable(FactsType facts_type, bool holds_all)
    : facts_type_(std::move(facts_type)), places_(kFirstPlaces), holds_all_(holds_all) {
  static_assert(alignof(Slot) == 8);
  RAPPORT_CHECK(facts_type_.size <= UINT16_MAX) << facts_type_.size;
}

ResidentTable::~ResidentTable() {
  for (const Place& place : places_) {
    if (!place.empty()) Free(place.slot());
  }
}

uint32_t ResidentTable::Hash(absl::string_view name) {
  // FNV-1a over words, then mixed: stable and quick for short names.
  uint64_t hash = 0xcbf29ce484222325u ^ name.size();
  while (name.size() >= 8) {
    uint64_t word;
    std::memcpy(&word, name.data(), 8);
    hash = (hash ^ word) * 0x9fb21c651e98df25u;
    hash ^= hash >> 32;
    name.remove_prefix(8);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, name.data(), name.size());
  hash = (hash ^ rest) * 0x9fb21c651e98df25u;
  return static_cast<uint32_t>(hash >> 32);
}

void ResidentTable::Prefetch(uint32_t hash) const {
  __builtin_prefetch(&places_[hash & (places_.size() - 1)]);
}

void ResidentTable::Prefetch(const Slot& slot) const {
  const char* bytes = reinterpret_cast<const char*>(&slot);
  const size_t size = Slot::FactsOffset() + facts_type_.size + kLikelyNameBytes;
  for (size_t at = 0; at < size; at += kCacheLine) __builtin_prefetch(bytes + at);
}

const Slot* ResidentTable::Likely(uint32_t hash) const {
  const size_t mask = places_.size() - 1;
  for (size_t i = hash & mask; !places_[i].empty(); i = (i + 1) & mask) {
    if (!places_[i].MayBe(hash)) continue;
    Prefetch(*places_[i].slot());
    return places_[i].slot();
  }
  return nullptr;
}

Slot* ResidentTable::FindLocked(absl::string_view name, uint32_t hash) const {
  const size_t mask = places_.size() - 1;
  for (size_t i = hash & mask; !places_[i].empty(); i = (i + 1) & mask) {
    if (!places_[i].MayBe(hash)) continue;
    Slot* slot = places_[i].slot();
    if (slot->hash == hash && slot->name() == name) return slot;
  }
  return nullptr;
}

Slot* ResidentTable::Find(absl::string_view name, uint32_t hash) const {
  return FindLocked(name, hash);
}

Slot* ResidentTable::MakeSlot(absl::string_view name, uint32_t hash) {
  RAPPORT_CHECK(name.size() <= kNameBytesMax) << name.size();
  void* memory = std::malloc(Slot::FactsOffset() + facts_type_.size + name.size());
  if (memory == nullptr) throw std::bad_alloc();
  RAPPORT_CHECK(Place::Fits(memory)) << "an address of more bits than a place has";
  auto* slot = new (memory) Slot;
  slot->hash = hash;
  slot->facts_size = static_cast<uint16_t>(facts_type_.size);
  slot->name_size = static_cast<uint16_t>(name.size());
  facts_type_.construct(slot->facts());
  std::memcpy(static_cast<char*>(slot->facts()) + facts_type_.size, name.data(), name.size());
  return slot;
}

Slot* ResidentTable::Insert(absl::string_view name, uint32_t hash) {
  Slot* slot = MakeSlot(name, hash);
  Show(slot);
  return slot;
}

absl::Status ResidentTable::InsertFilled(absl::string_view name, uint32_t hash,
                                         absl::FunctionRef<absl::Status(Slot&)> fill) {
  Slot* slot = MakeSlot(name, hash);
  absl::Status status = fill(*slot);
  status.ok() ? Show(slot) : Free(slot);
  return status;
}

// Gives the slot its place, where readers find it.
void ResidentTable::Show(Slot* slot) {
  absl::WriterMutexLock lock(&mutex_);
  if ((size() + 1) * 10 > places_.size() * 7) Grow();
  const size_t mask = places_.size() - 1;
  size_t i = slot->hash & mask;
  while (!places_[i].empty()) i = (i + 1) & mask;
  places_[i] = Place(slot);
  size_.fetch_add(1, std::memory_order_relaxed);
}

void ResidentTable::Grow() {
  std::vector<Place> old = std::exchange(places_, std::vector<Place>(places_.size() * 2));
  const size_t mask = places_.size() - 1;
  for (const Place& place : old) {
    if (place.empty()) continue;
    size_t i = place.slot()->hash & mask;
    while (!places_[i].empty()) i = (i + 1) & mask;
    places_[i] = place;
  }
}

// Takes a place out and closes the gap it would leave in the run of probes.
void ResidentTable::Remove(size_t place) {
  const size_t mask = places_.size() - 1;
  size_t hole = place;
  for (size_t i = (place + 1) & mask; !places_[i].empty(); i = (i + 1) & mask) {
    const size_t home = places_[i].slot()->hash & mask;
    if (((i - home) & mask) >= ((i - hole) & mask)) {
      places_[hole] = places_[i];
      hole = i;
    }
  }
  places_[hole] = {};
  size_.fetch_sub(1, std::memory_order_relaxed);
}

void ResidentTable::MarkDirty(Slot* slot) {
  slot->recent = true;
  ++changes_;
  if (on_gone_ && !slot->unseen) {
    slot->unseen = true;
    unseen_.push_back(slot);
    ++unseen_count_;
  }
  if (slot->dirty) return;
  slot->dirty = true;
  dirty_.push_back(slot);
}

std::vector<Slot*> ResidentTable::TakeDirty() {
  for (Slot* slot : dirty_) {
    slot->dirty = false;
    slot->in_flight = true;
  }
  return std::exchange(dirty_, {});
}

void ResidentTable::Committed(const std::vector<Slot*>& slots) {
  for (Slot* slot : slots) slot->in_flight = false;
}

std::vector<Slot*> ResidentTable::TakeUnseen() {
  for (Slot* slot : unseen_) slot->unseen = false;
  unseen_count_ -= unseen_.size();
  return std::exchange(unseen_, {});
}

bool ResidentTable::WalkUnseen(size_t places_max, size_t found_max, size_t& hand,
                               std::vector<Slot*>& found) {
  const auto is_done = [&] { return unseen_count_ == 0 || found.size() == found_max; };
  for (size_t step = 0; step < places_max && !is_done(); ++step, ++hand) {
    // Slots move when others go: what was missed is found on the next round.
    if (hand >= places_.size()) hand = 0;
    Slot* slot = places_[hand].slot();
    if (slot == nullptr || !slot->unseen) continue;
    slot->unseen = false;
    --unseen_count_;
    found.push_back(slot);
  }
  return unseen_count_ > 0;
}

void ResidentTable::Evict(size_t budget_bytes) {
  // Measuring takes a while, so it is done again only when their number has changed by an eighth,
  // or has doubled while they fill less than half of the budget; and when all may have grown.
  const bool tight = measured_size_ * bytes_per_slot_ > budget_bytes / 2;
  if (size() > measured_size_ + (tight ? measured_size_ / 8 : measured_size_) ||
      size() < measured_size_ - measured_size_ / 8 ||
      changes_ > std::max(size(), kPlacesLookedAt)) {
    measured_size_ = size();
    changes_ = 0;
    bytes_per_slot_ = MeanBytes() + 1;
  }
  size_t used = size() * bytes_per_slot_;
  const size_t steps_max = places_.size() * 2;
  for (size_t step = 0; step < steps_max && used > budget_bytes; ++step) {
    if (hand_ >= places_.size()) hand_ = 0;
    Slot* slot = places_[hand_].slot();
    if (slot == nullptr || slot->dirty || slot->in_flight || slot->recent) {
      if (slot != nullptr) slot->recent = false;
      ++hand_;
      continue;
    }
    {
      absl::WriterMutexLock lock(&mutex_);
      if (SlotLock::IsHeld(*slot)) {
        ++hand_;
        continue;
      }
      holds_all_ = false;
      Remove(hand_);
    }
    used -= bytes_per_slot_;
    if (slot->unseen) {
      --unseen_count_;
      if (on_gone_) on_gone_(slot->name());
    }
    Free(slot);
  }
}

void ResidentTable::Erase(Slot* slot) {
  RAPPORT_CHECK(!slot->dirty && !slot->in_flight);
  const size_t mask = places_.size() - 1;
  size_t place = slot->hash & mask;
  while (places_[place].slot() != slot) place = (place + 1) & mask;
  {
    absl::WriterMutexLock lock(&mutex_);
    Remove(place);
  }
  // Nobody finds it any more; whoever still looks at it is done soon.
  while (SlotLock::IsHeld(*slot)) std::this_thread::yield();
  if (slot->unseen) {
    --unseen_count_;
    std::erase(unseen_, slot);
  }
  if (on_gone_) on_gone_(slot->name());
  Free(slot);
}

bool ResidentTable::ReadSlot(absl::string_view name,
                             absl::FunctionRef<void(const Slot&)> visit) const {
  mutex_.ReaderLock();
  const Slot* slot = FindLocked(name, Hash(name));
  if (slot == nullptr) {
    mutex_.ReaderUnlock();
    return false;
  }
  // From here on the slot's own lock keeps it from being evicted.
  SlotLock slot_lock(*slot);
  mutex_.ReaderUnlock();
  visit(*slot);
  return true;
}

std::vector<std::string> ResidentTable::Names() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> names;
  names.reserve(size());
  for (const Place& place : places_) {
    if (!place.empty()) names.emplace_back(place.slot()->name());
  }
  return names;
}

size_t ResidentTable::SlotBytes(const Slot& slot) const {
  const size_t own = Slot::FactsOffset() + facts_type_.size + slot.name_size;
  return InMemorySteps(own) + facts_type_.memory_bytes(slot.facts()) - facts_type_.size +
         slot.touches.HeapBytes() + slot.links.HeapBytes() + slot.aliases.HeapBytes();
}

size_t ResidentTable::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  size_t bytes = places_.size() * sizeof(Place);
  for (const Place& place : places_) {
    if (place.empty()) continue;
    SlotLock slot_lock(*place.slot());
    bytes += SlotBytes(*place.slot());
  }
  return bytes;
}

// Hashes spread slots evenly, so that some thousands of places tell enough. The partition's thread
// alone changes slots and places, so it needs no lock to look at them.
size_t ResidentTable::MeanBytes() const {
  size_t slots = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < std::min(places_.size(), kPlacesLookedAt); ++i) {
    if (places_[i].empty()) continue;
    ++slots;
    bytes += SlotBytes(*places_[i].slot());
  }
  return places_.size() * sizeof(Place) / (size() + 1) + bytes / std::max<size_t>(slots, 1);
}

void ResidentTable::Free(Slot* slot) {
  facts_type_.destroy(slot->facts());
  slot->~Slot();
  std::free(slot);
}

}  // namespace rapport::store
