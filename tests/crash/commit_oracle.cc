#include "tests/crash/commit_oracle.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"

namespace rapport::crash {
namespace {

constexpr uint64_t kNames = 300;

std::string PrefixOf(int partition) { return absl::StrFormat("%02d|", partition); }

void Apply(const Commit& commit, std::map<std::string, std::string>& rows) {
  for (const table::WriteBatch::Row& row : commit.rows) {
    if (row.is_delete) {
      rows.erase(row.key);
    } else {
      rows[row.key] = row.value;
    }
  }
}

}  // namespace

std::string PositionKeyOf(int partition) { return absl::StrCat(PrefixOf(partition), "P"); }

Commit CommitOracle::Next(std::mt19937_64& random, bool ingest) {
  std::lock_guard<std::mutex> lock(mutex_);
  Commit commit;
  commit.number = base_ + static_cast<int64_t>(commits_.size()) + 1;
  std::set<uint64_t> names;
  for (uint64_t count = 1 + random() % (ingest ? 60 : 12); count > 0; --count) {
    names.insert(random() % kNames);
  }
  for (const uint64_t name : names) {
    const bool is_delete = !ingest && random() % 10 == 0;
    std::string value;
    if (!is_delete) {
      value = absl::StrCat(commit.number, ":",
                           std::string(random() % 600, static_cast<char>('a' + random() % 26)));
    }
    commit.rows.push_back(
        {is_delete, absl::StrFormat("%sC%04d", PrefixOf(partition_), name), std::move(value)});
  }
  commit.rows.push_back({false, PositionKeyOf(partition_), absl::StrCat(commit.number)});
  commits_.push_back(commit);
  return commit;
}

void CommitOracle::Durable(int64_t number) {
  std::lock_guard<std::mutex> lock(mutex_);
  durable_ = std::max(durable_, number);
}

int64_t CommitOracle::durable() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return durable_;
}

int64_t CommitOracle::tried() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return base_ + static_cast<int64_t>(commits_.size());
}

absl::Status CommitOracle::Wrong(const std::string& what) const {
  return absl::DataLossError(absl::StrCat("partition ", partition_, ": ", what));
}

absl::StatusOr<int64_t> CommitOracle::Check(table::Iterator& rows, int64_t least) const {
  Rows found;
  int64_t number = 0;
  const std::string position = PositionKeyOf(partition_);
  for (rows.Seek(PrefixOf(partition_)); rows.Valid() && rows.key() <= position; rows.Next()) {
    if (rows.key() == position && !absl::SimpleAtoi(rows.value(), &number)) {
      return Wrong("the position is no number");
    }
    found.emplace(rows.key(), rows.value());
  }
  if (!rows.status().ok()) return rows.status();

  std::lock_guard<std::mutex> lock(mutex_);
  const int64_t tried = base_ + static_cast<int64_t>(commits_.size());
  if (number < least || number > tried || number < base_) {
    return Wrong(absl::StrCat("is at commit ", number, ", allowed is ", least, " to ", tried));
  }
  Rows wanted = base_rows_;
  for (int64_t i = base_; i < number; ++i) Apply(commits_[static_cast<size_t>(i - base_)], wanted);
  const auto [here, there] =
      std::mismatch(found.begin(), found.end(), wanted.begin(), wanted.end());
  if (here == found.end() && there == wanted.end()) return number;
  const std::string at = absl::StrCat(" (position ", number, " of ", tried, ")");
  if (there == wanted.end() || (here != found.end() && here->first < there->first)) {
    return Wrong(absl::StrCat("row ", here->first, " must not be there", at));
  }
  if (here == found.end() || there->first < here->first) {
    return Wrong(absl::StrCat("row ", there->first, " of commit ",
                              there->second.substr(0, there->second.find(':')), " is lost", at));
  }
  return Wrong(absl::StrCat("row ", here->first, " is of commit ",
                            here->second.substr(0, here->second.find(':')), ", not of ",
                            there->second.substr(0, there->second.find(':')), at));
}

void CommitOracle::CutTo(int64_t number) {
  std::lock_guard<std::mutex> lock(mutex_);
  RAPPORT_CHECK(number >= base_) << number;
  for (; base_ < number; ++base_) {
    Apply(commits_.front(), base_rows_);
    commits_.erase(commits_.begin());
  }
  commits_.clear();
  durable_ = number;
}

}  // namespace rapport::crash
