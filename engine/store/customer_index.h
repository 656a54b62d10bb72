// CustomerIndex: one partition's customers by what a projection lets be looked up about them.
//
//   index.Put("ana", rows, now_us);                    // partition's thread
//   index.Read(as_of_us, limit, wants, sight);         // any thread
//
// A customer's rows hold from the moment they were evaluated at until they change by time alone;
// for other moments, and of customers whose rows are not known, Read names the customer as unsure,
// and who asks evaluates him. So an answer is exact for every moment and never waits for upkeep:
// upkeep only keeps the unsure few.
//
//   names_   name -> rows by key        due_     customers by when their rows change
//   entries_ customer -> his rows       unsure_  customers whose rows are not known
//
// Rows are of one set of rules; to who asks by another the index is not ready.
//
// Threads:   Put, PutUnsure, Remove, Doubt, DoubtSome, SetRules and SetReady from the partition's
//            thread; everything else from any thread.
// Ownership: owns copies of names and rows; customers that are not resident stay in it.
// Never:     looks into a name; evaluates anybody.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/model/index_row.h"

namespace rapport::store {

// How a reader wants the rows of a name: by group, key, weight and customer; none beyond key_max.
struct WantedRows {
  int64_t group = 0;
  int64_t weight = 0;
  int64_t key_max = INT64_MAX;
};
// Nullopt = not wanted.
using WantsRows = absl::FunctionRef<std::optional<WantedRows>(absl::string_view name)>;

struct SeenRow {
  int64_t group = 0;
  int64_t key = 0;
  int64_t weight = 0;
  std::string customer;

  auto operator<=>(const SeenRow&) const = default;
};

// What the index knows at a moment.
struct IndexSight {
  // The first `limit` wanted rows, in order, and all that are equal to the last of them.
  std::vector<SeenRow> rows;
  // How many wanted rows there are, by name.
  absl::flat_hash_map<std::string, int64_t> counts;
  // Customers of whom rows and counts tell nothing.
  std::vector<std::string> unsure;
};

// Brings `rows` into order and cuts them behind the first `limit` and what equals the last.
void CutRows(size_t limit, std::vector<SeenRow>& rows);

class CustomerIndex {
 public:
  CustomerIndex();
  CustomerIndex(const CustomerIndex&) = delete;
  CustomerIndex& operator=(const CustomerIndex&) = delete;

  // The customer's rows, as evaluated at `as_of_us`.
  void Put(absl::string_view customer, const IndexRows& rows, int64_t as_of_us);
  // The customer is there; his rows are not known. Due names him from `due_us` on.
  void PutUnsure(absl::string_view customer, int64_t due_us = INT64_MIN);
  void Remove(absl::string_view customer);
  // Takes all rows for unknown.
  void Doubt();
  // What is put from now on is of these rules. Not ready until what was put before is doubted.
  void SetRules(absl::string_view rules);
  // Takes the rows of another `places` places for unknown; true while there are more.
  bool DoubtSome(size_t places);
  // Up to `max` customers whose rows have changed by `now_us`; they are evaluated and put again.
  std::vector<std::string> Due(int64_t now_us, size_t max) const;
  // Not ready: who asks takes everybody for unsure, those included who are not here.
  void SetReady(bool ready) ABSL_LOCKS_EXCLUDED(mutex_);

  bool Contains(absl::string_view customer) const;
  bool ready() const;
  size_t customers() const;
  // Customers whose rows are not known.
  size_t unsure() const;
  // Rows of that name, of whom they were known last.
  size_t RowsOf(const std::string& name) const;
  size_t MemoryBytes() const;

  // Adds what is known at `as_of_us`; false, and nothing, while it is not ready or its rows are of
  // other rules.
  bool Read(int64_t as_of_us, size_t limit, WantsRows wants, IndexSight& sight,
            absl::string_view rules = "") const;

 private:
  // A key that needs no more than four bytes of alignment.
  class Key {
   public:
    Key() = default;
    explicit Key(int64_t key)
        : high_(static_cast<int32_t>(key >> 32)), low_(static_cast<uint32_t>(key)) {}
    int64_t value() const {
      return static_cast<int64_t>(static_cast<uint64_t>(static_cast<uint32_t>(high_)) << 32 | low_);
    }
    auto operator<=>(const Key&) const = default;

   private:
    int32_t high_ = 0;
    uint32_t low_ = 0;
  };
  // A key and a customer, in twelve bytes.
  class Ref {
   public:
    Ref(int64_t key, uint32_t entry) : key_(key), entry_(entry) {}
    int64_t key() const { return key_.value(); }
    uint32_t entry() const { return entry_; }
    auto operator<=>(const Ref&) const = default;

   private:
    Key key_;
    uint32_t entry_;
  };
  using Refs = absl::btree_multiset<Ref>;

  struct Name {
    std::string text;
    Refs refs;
  };
  struct Row {
    uint32_t name = 0;
    Key key;
  };
  struct Entry {
    // `rows` Rows, then the customer's id.
    std::unique_ptr<char[]> bytes;
    int64_t since_us = 0;
    int64_t due_us = INT64_MAX;
    uint32_t rows = 0;
    uint8_t customer_size = 0;
    bool is_used = false;

    absl::string_view customer() const { return {bytes.get() + rows * sizeof(Row), customer_size}; }
    Row row(size_t i) const;
    // Of `bytes`, with what the allocator adds, about.
    size_t HeapBytes() const;
  };
  struct HashOf {
    using is_transparent = void;
    const std::deque<Entry>* entries;
    size_t operator()(absl::string_view customer) const;
    size_t operator()(uint32_t entry) const { return (*this)((*entries)[entry].customer()); }
  };
  struct Equal {
    using is_transparent = void;
    const std::deque<Entry>* entries;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, absl::string_view b) const { return (*entries)[a].customer() == b; }
    bool operator()(absl::string_view a, uint32_t b) const { return (*entries)[b].customer() == a; }
  };

  uint32_t NameOf(const std::string& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Nobody has a row of that name any more.
  void FreeName(uint32_t name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The customer's entry, which neither names nor unsure_ hold. It must be filled.
  uint32_t FreshEntry(absl::string_view customer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fill(uint32_t entry, absl::string_view customer, const std::vector<IndexRow>& rows)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOut(uint32_t entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetDue(uint32_t entry, int64_t due_us) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Customers whose rows are known, but not of that moment.
  absl::flat_hash_set<uint32_t> OutOfDate(int64_t as_of_us) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void AddRows(const Name& name, const WantedRows& wanted, size_t limit,
               const absl::flat_hash_set<uint32_t>& left_out, std::vector<SeenRow>& rows) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<uint32_t> free_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<uint32_t, HashOf, Equal> customers_ ABSL_GUARDED_BY(mutex_);
  std::deque<Name> names_ ABSL_GUARDED_BY(mutex_);
  std::vector<uint32_t> free_names_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, uint32_t> name_numbers_ ABSL_GUARDED_BY(mutex_);
  absl::btree_set<Ref> due_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<uint32_t> unsure_ ABSL_GUARDED_BY(mutex_);
  // The latest moment that rows were evaluated at.
  int64_t latest_us_ ABSL_GUARDED_BY(mutex_) = INT64_MIN;
  size_t entry_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
  std::string rules_ ABSL_GUARDED_BY(mutex_);
  // Places before this one hold no rows of rules before.
  size_t doubted_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rapport::store
