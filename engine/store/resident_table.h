// ResidentTable: one partition's customers in memory: a slot each, found by name.
//
// A slot holds the engine's own values (folded_to, greatest event id, touch list, links, aliases)
// around the facts of a projection, whose size and functions are given and whose content is not
// known here.
//
//   Slot* slot = table.Find(name);
//   { SlotLock lock(*slot); Fold(slot->facts(), event); }
//   table.MarkDirty(slot);
//
// Threads:   the partition's thread inserts, evicts and marks; other threads may call ReadSlot
//            at any time. The partition's thread takes a slot's lock while it changes it.
// Ownership: owns the slots. Pointers to slots hold until the slot is evicted.
// Never:     evicts a slot that is dirty, whose commit is in flight, or that a reader looks at.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/model/aliases.h"
#include "engine/model/ids.h"
#include "engine/model/links.h"
#include "engine/store/touch_list.h"

namespace rapport::store {

// How to make and unmake the facts of a projection.
struct FactsType {
  // Below 64 KiB; facts are aligned to eight bytes.
  size_t size = 0;
  std::function<void(void*)> construct;
  std::function<void(void*)> destroy;
  std::function<size_t(const void*)> memory_bytes;
};

struct Slot {
  // Last offset that was folded here; -1 = none. None at or below it comes again.
  Offset folded_to = -1;
  // Greatest event id ever, whatever became of the event.
  EventId greatest_id;
  TouchList touches;
  Links links;
  Aliases aliases;
  uint32_t hash = 0;
  // Records of this customer in quarantine.
  uint32_t quarantined = 0;
  uint16_t name_size = 0;
  uint16_t facts_size = 0;
  std::atomic<bool> locked{false};
  // Those below are the partition's thread's alone. Changed since the last cut.
  bool dirty : 1 = false;
  // Changed since it was last told by TakeUnseen or WalkUnseen.
  bool unseen : 1 = false;
  // Part of a cut whose commit has not returned.
  bool in_flight : 1 = false;
  // Used since the eviction hand passed.
  bool recent : 1 = false;

  void* facts() { return reinterpret_cast<char*>(this) + FactsOffset(); }
  const void* facts() const { return reinterpret_cast<const char*>(this) + FactsOffset(); }
  absl::string_view name() const;

  static constexpr size_t FactsOffset() { return sizeof(Slot); }
};

// Keeps readers from seeing half a change.
class SlotLock {
 public:
  explicit SlotLock(const Slot& slot);
  ~SlotLock();
  // Whether somebody holds the lock of `slot`.
  static bool IsHeld(const Slot& slot) { return slot.locked.load(std::memory_order_acquire); }
  SlotLock(const SlotLock&) = delete;
  SlotLock& operator=(const SlotLock&) = delete;

 private:
  std::atomic<bool>& locked_;
};

class ResidentTable {
 public:
  // `holds_all`: nothing of the partition is anywhere else.
  explicit ResidentTable(FactsType facts_type, bool holds_all = false);
  ~ResidentTable();
  ResidentTable(const ResidentTable&) = delete;
  ResidentTable& operator=(const ResidentTable&) = delete;

  static uint32_t Hash(absl::string_view name);

  // Brings the place of `hash` into the cache.
  void Prefetch(uint32_t hash) const;
  // Brings a slot, its facts and its name into the cache.
  void Prefetch(const Slot& slot) const;
  // Asks for the slot that most likely belongs to `hash`, and gives it without looking at it; null
  // when no slot does. Partition's thread only.
  const Slot* Likely(uint32_t hash) const;
  // True until a slot was evicted: whoever is not here is nowhere. Partition's thread only.
  bool HoldsAll() const { return holds_all_; }
  // Null when it is not resident. Partition's thread only.
  Slot* Find(absl::string_view name, uint32_t hash) const;
  // A new slot with empty facts. REQUIRES: not resident. Partition's thread only.
  Slot* Insert(absl::string_view name, uint32_t hash);
  // The same, with what `fill` puts in before any reader can see the slot. When `fill` fails there
  // is no slot.
  absl::Status InsertFilled(absl::string_view name, uint32_t hash,
                            absl::FunctionRef<absl::Status(Slot&)> fill);

  // Remembers that `slot` changed. Partition's thread only.
  void MarkDirty(Slot* slot);
  // Slots changed since the last TakeDirty, in the order of their first change; they are clean but
  // in flight from now on, until Committed.
  std::vector<Slot*> TakeDirty();
  // The commit of these slots has returned.
  void Committed(const std::vector<Slot*>& slots);
  size_t dirty() const { return dirty_.size(); }

  // Slots that have changed since they were told here last, in the order of their change.
  // Partition's thread only. REQUIRES: nothing was evicted since ForgetUnseen or TakeUnseen.
  std::vector<Slot*> TakeUnseen();
  // Empties the list that TakeUnseen gives; the slots stay to be told by WalkUnseen.
  void ForgetUnseen() { unseen_.clear(); }
  // The same for who has forgotten them: looks at up to `places_max` places from `hand` on, which
  // begins at 0, and adds up to `found_max`. False once there are none any more.
  bool WalkUnseen(size_t places_max, size_t found_max, size_t& hand, std::vector<Slot*>& found);
  // From now on slots that change are unseen, and `on_gone` is called with the names of slots that
  // go away: those evicted unseen, all that are erased. Null: nobody looks.
  void Watch(std::function<void(absl::string_view)> on_gone) { on_gone_ = std::move(on_gone); }

  // Frees slots that are clean and not in flight until about `budget_bytes` are used, those not
  // used lately first. Partition's thread only, between batches.
  void Evict(size_t budget_bytes);

  // Takes a slot out. REQUIRES: clean and not in flight. Partition's thread only.
  void Erase(Slot* slot);

  // A customer was folded anew: its slot has changed, its rows will. Partition's thread only.
  void NoteReplaced() { replaced_.fetch_add(1, std::memory_order_release); }
  // How often that was. Who needs several rows of a customer, reads them all again when it is
  // another number behind than it was before: the rows may be of before and after. Any thread.
  uint64_t replaced() const { return replaced_.load(std::memory_order_acquire); }

  // Calls `visit` under the slot's lock; false when it is not resident. Any thread.
  bool ReadSlot(absl::string_view name, absl::FunctionRef<void(const Slot&)> visit) const;
  // Names of all residents. Any thread.
  std::vector<std::string> Names() const;

  size_t size() const { return size_.load(std::memory_order_relaxed); }
  // Bytes of a slot with its facts, on the average, as measured by Evict. Partition's thread only.
  size_t bytes_per_slot() const { return bytes_per_slot_; }
  // Bytes of all slots by that average. Partition's thread only.
  size_t ApproximateBytes() const { return size() * bytes_per_slot_; }
  // Bytes of slots, facts and table; walks all of them. Any thread.
  size_t MemoryBytes() const;

 private:
  // A slot and, where addresses have no bits, the upper half of its hash.
  class Place {
   public:
    Place() = default;
    explicit Place(Slot* slot)
        : word_(reinterpret_cast<uint64_t>(slot) | uint64_t{slot->hash >> 16} << kAddressBits) {}

    Slot* slot() const {
      return reinterpret_cast<Slot*>(word_ & ((uint64_t{1} << kAddressBits) - 1));
    }
    // Whether its slot may be of this hash; told without looking at it.
    bool MayBe(uint32_t hash) const { return word_ >> kAddressBits == hash >> 16; }
    bool empty() const { return word_ == 0; }
    static bool Fits(const void* address) {
      return reinterpret_cast<uint64_t>(address) >> kAddressBits == 0;
    }

   private:
    static constexpr int kAddressBits = 48;
    static_assert(sizeof(Slot*) == sizeof(uint64_t));

    uint64_t word_ = 0;
  };

  Slot* MakeSlot(absl::string_view name, uint32_t hash);
  void Show(Slot* slot);
  Slot* FindLocked(absl::string_view name, uint32_t hash) const;
  void Grow();
  void Remove(size_t place);
  size_t SlotBytes(const Slot& slot) const;
  // Of a slot with its facts and its share of the table.
  size_t MeanBytes() const;
  void Free(Slot* slot);

  const FactsType facts_type_;
  // Guards places_ against readers; the partition's thread alone changes them. Readers let it go
  // once they hold the lock of their slot, and one that waits to write bars new readers: so the
  // partition's thread never waits behind what readers do with a slot.
  mutable absl::Mutex mutex_;
  std::vector<Place> places_;
  std::atomic<size_t> size_{0};
  std::atomic<uint64_t> replaced_{0};
  std::vector<Slot*> dirty_;
  std::vector<Slot*> unseen_;
  // Slots that are marked as unseen.
  size_t unseen_count_ = 0;
  std::function<void(absl::string_view)> on_gone_;
  bool holds_all_;
  size_t hand_ = 0;
  size_t measured_size_ = 0;
  // Changes to customers since they were measured.
  size_t changes_ = 0;
  size_t bytes_per_slot_ = 1024;
};

}  // namespace rapport::store
