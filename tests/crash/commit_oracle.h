// CommitOracle remembers each commit of one partition and tells whether a table holds exactly the
// first k of them: the naive way, row by row.
//
//   const Commit commit = oracle.Next(random);      // counted as tried
//   ... write it ...
//   oracle.Durable(commit.number);                  // the table promised to keep it
//   ... crash, open again ...
//   absl::StatusOr<int64_t> k = oracle.Check(*table->NewIterator(), oracle.durable());
//   oracle.CutTo(*k);                               // the rest is lost, for good
//
// A commit carries its number in the position row; rows are put and deleted at random.
//
// Threads: Next and CutTo on one thread at a time; the rest from any thread.
// Errors:  Check gives DATA_LOSS, naming the first row that is wrong.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/table/table.h"

namespace rapport::crash {

struct Commit {
  int64_t number = 0;
  // Keys distinct and ascending; the position row is the last.
  std::vector<table::WriteBatch::Row> rows;
};

class CommitOracle {
 public:
  explicit CommitOracle(int partition) : partition_(partition) {}

  // A new commit; without deletions when `ingest`, for a file holds none.
  Commit Next(std::mt19937_64& random, bool ingest);

  void Durable(int64_t number);
  int64_t durable() const;
  int64_t tried() const;

  // The number of the commit that the rows of the partition are at. DATA_LOSS when they are not
  // what the first commits leave, or fewer than `least` or more than were tried.
  absl::StatusOr<int64_t> Check(table::Iterator& rows, int64_t least) const;

  // Forgets all commits after `number`.
  void CutTo(int64_t number);

 private:
  using Rows = std::map<std::string, std::string>;
  absl::Status Wrong(const std::string& what) const;

  const int partition_;
  mutable std::mutex mutex_;
  // What the first `base_` commits leave.
  Rows base_rows_;
  int64_t base_ = 0;
  // Those after it.
  std::vector<Commit> commits_;
  int64_t durable_ = 0;
};

// The key of a partition's position row: above all its others.
std::string PositionKeyOf(int partition);

}  // namespace rapport::crash
