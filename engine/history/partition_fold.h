// PartitionFold: the facts of all customers of one partition as of a moment, from its records in
// the order of the log.
//
//   PartitionFold fold(&projection, as_of_us, quarantine, touches_of);
//   while (cursor->NextBatch(batch)) RETURN_IF_ERROR(fold.Add(batch));
//   for (const PartitionFold::Customer* one : fold.ByName()) Evaluate(one->name, one->facts);
//
// What an event is worth may depend on others: who takes events back, puts them right, or says who
// is one with whom, is marked and folded no further; History knows how. Those are few.
//
// Threads:   one thread. Ownership: borrows the projection; owns the customers.
// Errors:    those of `touches_of`.
// Memory:    facts of everybody who is met, and four bytes an event.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/event/validator.h"
#include "engine/fold/projection.h"
#include "engine/model/record.h"
#include "engine/store/reader.h"

namespace rapport::history {

class PartitionFold {
 public:
  // Whom an event is told from by its tag; more often than not that is enough.
  class Tags {
   public:
    // False when an event of this tag was there before.
    bool Insert(uint32_t tag);

   private:
    absl::InlinedVector<uint32_t, 6> few_;
    std::unique_ptr<absl::flat_hash_set<uint32_t>> many_;
  };

  struct Customer {
    std::string name;
    void* facts = nullptr;
    Tags tags;
    // Another one of the same hash.
    Customer* next = nullptr;
    // Something of theirs had happened by then.
    bool known = false;
    // Says something of other events or customers: the facts are not all.
    bool by_history = false;
  };

  // Where the customer's events stand, ascending; asked of those who seem to have one twice.
  using TouchesOf =
      std::function<absl::StatusOr<std::vector<store::Touch>>(absl::string_view name)>;

  // `quarantine`, ascending by offset: those records are not looked at.
  PartitionFold(const fold::Projection* projection, int64_t as_of_us,
                const std::vector<store::QuarantineEntry>& quarantine, TouchesOf touches_of);
  ~PartitionFold();
  PartitionFold(const PartitionFold&) = delete;
  PartitionFold& operator=(const PartitionFold&) = delete;

  // REQUIRES: the batch follows those before.
  absl::Status Add(const RecordBatch& batch);

  // Everybody who was met, also who is not known yet, ascending by the bytes of their ids.
  std::vector<const Customer*> ByName() const;
  // Whether the customer may have records in quarantine.
  bool IsAmiss(absl::string_view name) const { return amiss_.contains(name); }

 private:
  absl::Status AddWindow(absl::Span<const RecordView> records);
  absl::Status AddRecord(const RecordView& record, uint64_t key_hash);
  absl::Status AddEvent(const ValidEvent& event, Customer& customer);
  // Whether the event is one of the customer's, and no copy of another.
  absl::StatusOr<bool> Stands(const ValidEvent& event, Customer& customer);
  bool IsSetAside(Offset offset);
  Customer* Find(uint64_t hash, absl::string_view name) const;
  Customer& FindOrMake(uint64_t hash, absl::string_view name);
  // Asks the memory for all that these records will need; fills in the hashes of their keys.
  void BringNear(absl::Span<const RecordView> records, uint64_t* hashes) const;
  void* NewFacts();

  const fold::Projection* const projection_;
  const int64_t as_of_us_;
  std::vector<Offset> set_aside_;
  absl::flat_hash_set<std::string> amiss_;
  const TouchesOf touches_of_;
  size_t set_aside_passed_ = 0;
  event::Validator validator_;
  std::deque<Customer> customers_;
  // By the hash of the name, of each the customer met last.
  absl::flat_hash_map<uint64_t, Customer*> by_hash_;
  // Of who seems to have an event twice.
  absl::flat_hash_map<const Customer*, std::vector<store::Touch>> touches_;
  const size_t stride_;
  std::vector<char*> slabs_;
  size_t slab_used_ = 0;
};

}  // namespace rapport::history
