#include "engine/history/partition_fold.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/hash/hash.h"
#include "engine/base/check.h"
#include "engine/base/leading_bytes.h"
#include "engine/base/status_macros.h"
#include "engine/event/erasure.h"
#include "engine/event/link.h"
#include "engine/event/revision.h"

namespace rapport::history {
namespace {

// So many records are brought into the cache together, as the pipeline's Folder does.
constexpr size_t kWindow = 32;
constexpr size_t kFactsPerSlab = 256;
constexpr size_t kFewTags = 64;
constexpr size_t kAlignment = 16;

uint64_t HashOf(absl::string_view name) { return absl::HashOf(name); }

bool SaysMore(const ValidEvent& event) {
  return event::IsRevision(event.kind) || event::IsLink(event.kind) ||
         event::IsErasureRequest(*event.envelope);
}

}  // namespace

bool PartitionFold::Tags::Insert(uint32_t tag) {
  if (many_ != nullptr) return many_->insert(tag).second;
  if (std::find(few_.begin(), few_.end(), tag) != few_.end()) return false;
  if (few_.size() < kFewTags) {
    few_.push_back(tag);
    return true;
  }
  many_ = std::make_unique<absl::flat_hash_set<uint32_t>>(few_.begin(), few_.end());
  few_.clear();
  few_.shrink_to_fit();
  return many_->insert(tag).second;
}

PartitionFold::PartitionFold(const fold::Projection* projection, int64_t as_of_us,
                             const std::vector<store::QuarantineEntry>& quarantine,
                             TouchesOf touches_of)
    : projection_(projection),
      as_of_us_(as_of_us),
      touches_of_(std::move(touches_of)),
      validator_(event::ValidatorOptions{}),
      stride_((projection->size() + kAlignment - 1) / kAlignment * kAlignment) {
  for (const store::QuarantineEntry& entry : quarantine) {
    set_aside_.push_back(entry.offset);
    if (!entry.customer_id.empty()) amiss_.insert(entry.customer_id);
  }
}

PartitionFold::~PartitionFold() {
  for (Customer& customer : customers_) projection_->Destroy(customer.facts);
  for (char* slab : slabs_) std::free(slab);
}

absl::Status PartitionFold::Add(const RecordBatch& batch) {
  const absl::Span<const RecordView> records(batch.records);
  for (size_t from = 0; from < records.size(); from += kWindow) {
    RETURN_IF_ERROR(AddWindow(records.subspan(from, kWindow)));
  }
  return absl::OkStatus();
}

absl::Status PartitionFold::AddWindow(absl::Span<const RecordView> records) {
  uint64_t hashes[kWindow];
  BringNear(records, hashes);
  for (size_t i = 0; i < records.size(); ++i) RETURN_IF_ERROR(AddRecord(records[i], hashes[i]));
  return absl::OkStatus();
}

// Each pass asks for what the one before has brought, for all records, so that they wait together.
void PartitionFold::BringNear(absl::Span<const RecordView> records, uint64_t* hashes) const {
  for (size_t i = 0; i < records.size(); ++i) {
    hashes[i] = HashOf(records[i].key);
    by_hash_.prefetch(hashes[i]);
  }
  const Customer* found[kWindow];
  size_t count = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    const auto place = by_hash_.find(hashes[i]);
    if (place == by_hash_.end()) continue;
    found[count++] = place->second;
    __builtin_prefetch(place->second);
    __builtin_prefetch(&place->second->known);
  }
  for (int step = 0; step < fold::Projection::kPrefetchSteps; ++step) {
    for (size_t i = 0; i < count; ++i) projection_->Prefetch(found[i]->facts, step);
  }
}

absl::Status PartitionFold::AddRecord(const RecordView& record, uint64_t key_hash) {
  // A record that is set aside may end the process when it is looked at.
  if (IsSetAside(record.offset)) return absl::OkStatus();
  if (validator_.CheckEnvelope(record).has_value()) return absl::OkStatus();
  const ValidEvent& event = validator_.event();
  if (event.customer_id.empty()) return absl::OkStatus();
  const uint64_t hash = event.customer_id == record.key ? key_hash : HashOf(event.customer_id);
  return AddEvent(event, FindOrMake(hash, event.customer_id));
}

absl::Status PartitionFold::AddEvent(const ValidEvent& event, Customer& customer) {
  ASSIGN_OR_RETURN(const bool stands, Stands(event, customer));
  if (!stands) return absl::OkStatus();
  customer.by_history = customer.by_history || SaysMore(event);
  if (customer.by_history || event.occurred_at_us > as_of_us_) return absl::OkStatus();
  if (projection_->Folds(event.kind)) {
    if (validator_.CheckPayload().has_value()) return absl::OkStatus();
    projection_->Fold(customer.facts, event);
  }
  customer.known = true;
  return absl::OkStatus();
}

absl::StatusOr<bool> PartitionFold::Stands(const ValidEvent& event, Customer& customer) {
  if (customer.tags.Insert(event.id.Tag())) return true;
  auto place = touches_.find(&customer);
  if (place == touches_.end()) {
    ASSIGN_OR_RETURN(std::vector<store::Touch> all, touches_of_(customer.name));
    place = touches_.emplace(&customer, std::move(all)).first;
  }
  const std::vector<store::Touch>& touches = place->second;
  const auto found = std::lower_bound(
      touches.begin(), touches.end(), event.offset,
      [](const store::Touch& touch, Offset offset) { return touch.offset < offset; });
  return found != touches.end() && found->offset == event.offset;
}

bool PartitionFold::IsSetAside(Offset offset) {
  while (set_aside_passed_ < set_aside_.size() && set_aside_[set_aside_passed_] < offset) {
    ++set_aside_passed_;
  }
  return set_aside_passed_ < set_aside_.size() && set_aside_[set_aside_passed_] == offset;
}

PartitionFold::Customer* PartitionFold::Find(uint64_t hash, absl::string_view name) const {
  const auto place = by_hash_.find(hash);
  Customer* customer = place == by_hash_.end() ? nullptr : place->second;
  while (customer != nullptr && customer->name != name) customer = customer->next;
  return customer;
}

PartitionFold::Customer& PartitionFold::FindOrMake(uint64_t hash, absl::string_view name) {
  if (Customer* customer = Find(hash, name)) return *customer;
  Customer& customer = customers_.emplace_back();
  customer.name = std::string(name);
  customer.facts = NewFacts();
  Customer*& place = by_hash_[hash];
  customer.next = std::exchange(place, &customer);
  return customer;
}

void* PartitionFold::NewFacts() {
  if (slabs_.empty() || slab_used_ == kFactsPerSlab) {
    slabs_.push_back(static_cast<char*>(std::aligned_alloc(kAlignment, stride_ * kFactsPerSlab)));
    RAPPORT_CHECK(slabs_.back() != nullptr) << "no memory for " << stride_ * kFactsPerSlab;
    slab_used_ = 0;
  }
  void* const facts = slabs_.back() + stride_ * slab_used_++;
  projection_->Construct(facts);
  return facts;
}

std::vector<const PartitionFold::Customer*> PartitionFold::ByName() const {
  std::vector<std::pair<LeadingBytes, const Customer*>> places;
  places.reserve(customers_.size());
  for (const Customer& customer : customers_) {
    places.emplace_back(LeadingBytes(customer.name), &customer);
  }
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return a.second->name < b.second->name;
  });
  std::vector<const Customer*> customers;
  customers.reserve(places.size());
  for (const auto& [leading, customer] : places) customers.push_back(customer);
  return customers;
}

}  // namespace rapport::history
