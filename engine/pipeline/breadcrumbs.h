// Breadcrumbs tell, after the process died, what each partition was folding.
//
// A file that is mapped into memory holds a few numbers for each partition. Writing one is a store
// into memory, and the system keeps it when the process dies; a power cut may lose it, and then
// there is nothing to suspect. In daily life a partition notes only which batch it folds, three
// stores a batch. When it finds such a note at its next start, it folds that range *carefully*:
// one record at a time, each noted before it is looked at, one partition after the other. So a
// death is counted to the one record it came of.
//
//   crumbs->BeginBatch(partition, batch.first, batch.next);  ...  crumbs->EndBatch(partition);
//   { Breadcrumbs::Record record(*crumbs, partition, offset); ... fold it ... }   // carefully
//
// Threads:   per partition from one thread at a time; a Record of one partition waits for that of
//            another.
// Ownership: owns the mapping.
// Errors:    FAILED_PRECONDITION when the file cannot be made or mapped.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "engine/model/ids.h"

namespace rapport::pipeline {

class Breadcrumbs {
 public:
  // From the third death at one record on, it is set aside.
  static constexpr uint32_t kDeathsMax = 3;

  // Takes up what an earlier life left in the file at `path`, and counts its death. A file that is
  // damaged or of another number of partitions leaves nothing to suspect.
  static absl::StatusOr<std::unique_ptr<Breadcrumbs>> Open(const std::string& path, int partitions);
  ~Breadcrumbs();
  Breadcrumbs(const Breadcrumbs&) = delete;
  Breadcrumbs& operator=(const Breadcrumbs&) = delete;

  // What earlier lives left about a partition.
  struct Suspicion {
    // Records of [careful_from, careful_to) are folded one at a time.
    Offset careful_from = 0;
    Offset careful_to = 0;
    // The record that the process died of last; -1 when it was none in particular.
    Offset record = -1;
    // How often, one after the other.
    uint32_t deaths = 0;
  };
  Suspicion Of(Partition partition) const;
  // Forgets earlier deaths at this record.
  void Forgive(Partition partition, Offset record);
  // Nothing is suspect any more.
  void Clear(Partition partition);

  void BeginBatch(Partition partition, Offset first, Offset next);
  void EndBatch(Partition partition);

  // While it lives, a death is that of this record.
  class Record {
   public:
    Record(Breadcrumbs& crumbs, Partition partition, Offset offset);
    ~Record();
    Record(const Record&) = delete;
    Record& operator=(const Record&) = delete;

   private:
    Breadcrumbs& crumbs_;
    const Partition partition_;
    std::lock_guard<std::mutex> lock_;
  };

 private:
  // What the file holds of a partition, in the order of bytes of this machine: the file never
  // leaves it.
  struct Crumb {
    // The batch that is being folded; batch_next 0 = none.
    volatile int64_t batch_first;
    volatile int64_t batch_next;
    // The record that is being folded carefully; -1 = none.
    volatile int64_t record;
    int64_t careful_from;
    int64_t careful_to;
    int64_t suspect;
    uint32_t deaths;
    // Of the four before.
    uint32_t crc;
  };

  Breadcrumbs(void* memory, size_t size) : memory_(memory), size_(size) {}
  Crumb& CrumbOf(Partition partition) const;
  static uint32_t CrcOf(const Crumb& crumb);
  static void TakeUp(Crumb& crumb);
  void Sync();

  void* const memory_;
  const size_t size_;
  std::mutex careful_;
};

}  // namespace rapport::pipeline
