#include "engine/store/customer_index.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/hash/hash.h"
#include "engine/base/check.h"

namespace rapport::store {
namespace {

// What the memory takes for a block besides the bytes asked for, about.
constexpr size_t kBlockBytes = 16;
// A B-tree's nodes are three quarters full, about.
constexpr size_t NodeBytes(size_t count, size_t each) { return count * each * 4 / 3; }

}  // namespace

void CutRows(size_t limit, std::vector<SeenRow>& rows) {
  std::sort(rows.begin(), rows.end());
  if (limit == 0) rows.clear();
  if (rows.size() <= limit) return;
  size_t end = limit;
  while (end < rows.size() && rows[end] == rows[limit - 1]) ++end;
  rows.resize(end);
}

size_t CustomerIndex::HashOf::operator()(absl::string_view customer) const {
  return absl::Hash<absl::string_view>()(customer);
}

CustomerIndex::Row CustomerIndex::Entry::row(size_t i) const {
  Row row;
  std::memcpy(&row, bytes.get() + i * sizeof(Row), sizeof(Row));
  return row;
}

size_t CustomerIndex::Entry::HeapBytes() const {
  return rows * sizeof(Row) + customer_size + kBlockBytes;
}

CustomerIndex::CustomerIndex() : customers_(0, HashOf{&entries_}, Equal{&entries_}) {}

uint32_t CustomerIndex::NameOf(const std::string& text) {
  const auto [place, is_new] = name_numbers_.try_emplace(text, 0);
  if (!is_new) return place->second;
  if (free_names_.empty()) {
    place->second = static_cast<uint32_t>(names_.size());
    names_.emplace_back();
  } else {
    place->second = free_names_.back();
    free_names_.pop_back();
  }
  names_[place->second].text = text;
  return place->second;
}

void CustomerIndex::FreeName(uint32_t name) {
  name_numbers_.erase(names_[name].text);
  names_[name] = Name();
  free_names_.push_back(name);
}

void CustomerIndex::TakeOut(uint32_t number) {
  const Entry& entry = entries_[number];
  for (size_t i = 0; i < entry.rows; ++i) {
    const Row row = entry.row(i);
    Refs& refs = names_[row.name].refs;
    const auto found = refs.find(Ref(row.key.value(), number));
    RAPPORT_CHECK(found != refs.end()) << "a row that its name does not have";
    refs.erase(found);
    if (refs.empty()) FreeName(row.name);
  }
}

void CustomerIndex::SetDue(uint32_t number, int64_t due_us) {
  Entry& entry = entries_[number];
  if (entry.due_us == due_us) return;
  if (entry.due_us != INT64_MAX) due_.erase(Ref(entry.due_us, number));
  entry.due_us = due_us;
  if (due_us != INT64_MAX) due_.insert(Ref(due_us, number));
}

void CustomerIndex::Fill(uint32_t number, absl::string_view customer,
                         const std::vector<IndexRow>& rows) {
  Entry& entry = entries_[number];
  const size_t size = rows.size() * sizeof(Row) + customer.size();
  RAPPORT_CHECK(rows.size() <= UINT32_MAX && customer.size() <= UINT8_MAX) << rows.size();
  auto bytes = std::make_unique<char[]>(size);
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row row{NameOf(rows[i].name), Key(rows[i].key)};
    std::memcpy(bytes.get() + i * sizeof(Row), &row, sizeof(Row));
    names_[row.name].refs.insert(Ref(rows[i].key, number));
  }
  std::memcpy(bytes.get() + rows.size() * sizeof(Row), customer.data(), customer.size());
  if (entry.is_used) entry_bytes_ -= entry.HeapBytes();
  entry.bytes = std::move(bytes);
  entry.rows = static_cast<uint32_t>(rows.size());
  entry.customer_size = static_cast<uint8_t>(customer.size());
  entry.is_used = true;
  entry_bytes_ += entry.HeapBytes();
}

uint32_t CustomerIndex::FreshEntry(absl::string_view customer) {
  if (const auto found = customers_.find(customer); found != customers_.end()) {
    TakeOut(*found);
    unsure_.erase(*found);
    return *found;
  }
  uint32_t number = 0;
  if (free_.empty()) {
    number = static_cast<uint32_t>(entries_.size());
    entries_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  Fill(number, customer, {});
  customers_.insert(number);
  return number;
}

void CustomerIndex::Put(absl::string_view customer, const IndexRows& rows, int64_t as_of_us) {
  absl::WriterMutexLock lock(&mutex_);
  const uint32_t number = FreshEntry(customer);
  Fill(number, customer, rows.rows);
  entries_[number].since_us = as_of_us;
  SetDue(number, rows.changes_at_us);
  latest_us_ = std::max(latest_us_, as_of_us);
}

void CustomerIndex::PutUnsure(absl::string_view customer, int64_t due_us) {
  absl::WriterMutexLock lock(&mutex_);
  const uint32_t number = FreshEntry(customer);
  Fill(number, customer, {});
  unsure_.insert(number);
  SetDue(number, due_us);
}

void CustomerIndex::Remove(absl::string_view customer) {
  absl::WriterMutexLock lock(&mutex_);
  const auto found = customers_.find(customer);
  if (found == customers_.end()) return;
  const uint32_t number = *found;
  TakeOut(number);
  SetDue(number, INT64_MAX);
  unsure_.erase(number);
  customers_.erase(found);
  Entry& entry = entries_[number];
  entry_bytes_ -= entry.HeapBytes();
  entry = Entry();
  free_.push_back(number);
}

void CustomerIndex::Doubt() {
  absl::WriterMutexLock lock(&mutex_);
  names_.clear();
  free_names_.clear();
  name_numbers_.clear();
  latest_us_ = INT64_MIN;
  for (uint32_t number = 0; number < entries_.size(); ++number) {
    if (!entries_[number].is_used) continue;
    const std::string customer(entries_[number].customer());
    Fill(number, customer, {});
    unsure_.insert(number);
    SetDue(number, INT64_MIN);
  }
}

void CustomerIndex::SetRules(absl::string_view rules) {
  absl::WriterMutexLock lock(&mutex_);
  rules_ = std::string(rules);
  ready_ = false;
  doubted_ = 0;
}

bool CustomerIndex::DoubtSome(size_t places) {
  absl::WriterMutexLock lock(&mutex_);
  const size_t end = std::min(entries_.size(), doubted_ + places);
  for (; doubted_ < end; ++doubted_) {
    if (!entries_[doubted_].is_used) continue;
    const auto number = static_cast<uint32_t>(doubted_);
    const std::string customer(entries_[number].customer());
    TakeOut(number);
    Fill(number, customer, {});
    unsure_.insert(number);
    SetDue(number, INT64_MIN);
  }
  return doubted_ < entries_.size();
}

std::vector<std::string> CustomerIndex::Due(int64_t now_us, size_t max) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> due;
  for (const Ref& ref : due_) {
    if (ref.key() > now_us || due.size() == max) break;
    due.emplace_back(entries_[ref.entry()].customer());
  }
  return due;
}

void CustomerIndex::SetReady(bool ready) {
  absl::WriterMutexLock lock(&mutex_);
  ready_ = ready;
}

bool CustomerIndex::Contains(absl::string_view customer) const {
  absl::ReaderMutexLock lock(&mutex_);
  return customers_.contains(customer);
}

bool CustomerIndex::ready() const {
  absl::ReaderMutexLock lock(&mutex_);
  return ready_;
}

size_t CustomerIndex::customers() const {
  absl::ReaderMutexLock lock(&mutex_);
  return customers_.size();
}

size_t CustomerIndex::unsure() const {
  absl::ReaderMutexLock lock(&mutex_);
  return unsure_.size();
}

size_t CustomerIndex::RowsOf(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = name_numbers_.find(name);
  return found == name_numbers_.end() ? 0 : names_[found->second].refs.size();
}

size_t CustomerIndex::MemoryBytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  size_t bytes = entry_bytes_ + entries_.size() * sizeof(Entry) +
                 customers_.capacity() * (sizeof(uint32_t) + 1) +
                 unsure_.capacity() * (sizeof(uint32_t) + 1) + NodeBytes(due_.size(), sizeof(Ref)) +
                 (free_.capacity() + free_names_.capacity()) * sizeof(uint32_t) +
                 name_numbers_.capacity() * (sizeof(std::string) + sizeof(uint32_t) + 1);
  for (const Name& name : names_) {
    bytes += sizeof(Name) + 2 * name.text.size() + NodeBytes(name.refs.size(), sizeof(Ref));
  }
  return bytes;
}

absl::flat_hash_set<uint32_t> CustomerIndex::OutOfDate(int64_t as_of_us) const {
  absl::flat_hash_set<uint32_t> found;
  for (const Ref& ref : due_) {
    if (ref.key() > as_of_us) break;
    if (!unsure_.contains(ref.entry())) found.insert(ref.entry());
  }
  if (as_of_us >= latest_us_) return found;
  for (uint32_t number = 0; number < entries_.size(); ++number) {
    const Entry& entry = entries_[number];
    if (entry.is_used && entry.since_us > as_of_us && !unsure_.contains(number)) {
      found.insert(number);
    }
  }
  return found;
}

void CustomerIndex::AddRows(const Name& name, const WantedRows& wanted, size_t limit,
                            const absl::flat_hash_set<uint32_t>& left_out,
                            std::vector<SeenRow>& rows) const {
  size_t added = 0;
  int64_t last_key = 0;
  for (const Ref& ref : name.refs) {
    if (ref.key() > wanted.key_max || (added >= limit && ref.key() != last_key)) break;
    if (left_out.contains(ref.entry())) continue;
    last_key = ref.key();
    ++added;
    rows.push_back(
        {wanted.group, ref.key(), wanted.weight, std::string(entries_[ref.entry()].customer())});
  }
}

bool CustomerIndex::Read(int64_t as_of_us, size_t limit, WantsRows wants, IndexSight& sight,
                         absl::string_view rules) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (!ready_ || (!rules.empty() && rules != rules_)) return false;
  const absl::flat_hash_set<uint32_t> out_of_date = OutOfDate(as_of_us);
  for (const uint32_t number : unsure_) sight.unsure.emplace_back(entries_[number].customer());
  for (const uint32_t number : out_of_date) {
    sight.unsure.emplace_back(entries_[number].customer());
  }
  std::vector<std::optional<WantedRows>> wanted(names_.size());
  for (size_t i = 0; i < names_.size(); ++i) {
    const Name& name = names_[i];
    if (name.refs.empty()) continue;
    wanted[i] = wants(name.text);
    if (!wanted[i].has_value()) continue;
    const auto end = wanted[i]->key_max == INT64_MAX
                         ? name.refs.end()
                         : name.refs.upper_bound(Ref(wanted[i]->key_max, UINT32_MAX));
    const size_t count = end == name.refs.end()
                             ? name.refs.size()
                             : static_cast<size_t>(std::distance(name.refs.begin(), end));
    sight.counts[name.text] += static_cast<int64_t>(count);
    if (limit > 0) AddRows(name, *wanted[i], limit, out_of_date, sight.rows);
  }
  for (const uint32_t number : out_of_date) {
    const Entry& entry = entries_[number];
    for (size_t i = 0; i < entry.rows; ++i) {
      const Row row = entry.row(i);
      if (wanted[row.name].has_value() && row.key.value() <= wanted[row.name]->key_max) {
        --sight.counts[names_[row.name].text];
      }
    }
  }
  CutRows(limit, sight.rows);
  return true;
}

}  // namespace rapport::store
