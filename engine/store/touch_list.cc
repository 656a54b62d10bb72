#include "engine/store/touch_list.h"

#include <cstring>

#include "engine/base/check.h"
#include "engine/base/coding.h"

namespace rapport::store {
namespace {

// Calls `visit` with each touch; false when the bytes end within one, or go back.
template <typename Visit>
bool ForEachTouch(absl::string_view chunk, Visit visit) {
  // One less than the least offset that may come.
  Offset last = -1;
  bool is_first = true;
  while (!chunk.empty()) {
    uint64_t delta = 0;
    absl::string_view tag_bytes;
    if (!TakeVarint(chunk, delta) || !TakeBytes(chunk, 4, tag_bytes)) return false;
    // The first says its offset, the others how much further they are.
    const Offset base = is_first ? 0 : last;
    if (delta > static_cast<uint64_t>(INT64_MAX - base)) return false;
    const Offset offset = base + static_cast<Offset>(delta);
    if (offset <= last) return false;
    visit(Touch{offset, ReadBigEndian32(tag_bytes)});
    last = offset;
    is_first = false;
  }
  return true;
}

}  // namespace

bool DecodeTouches(absl::string_view chunk, std::vector<Touch>& touches) {
  return ForEachTouch(chunk, [&](const Touch& touch) { touches.push_back(touch); });
}

void TouchList::Append(Offset offset, uint32_t tag) {
  RAPPORT_CHECK(size() == 0 || offset > last_) << offset << " after " << last_;
  AppendVarint(tail_, static_cast<uint64_t>(tail_size_ == 0 ? offset : offset - last_));
  AppendBigEndian32(tail_, tag);
  last_ = offset;
  if (tags_ != nullptr) tags_->insert(tag);
  if (++tail_size_ < kTouchesPerChunk) return;
  if (unsaved_ == nullptr) unsaved_ = std::make_unique<std::vector<std::string>>();
  unsaved_->push_back(std::move(tail_));
  tail_.clear();
  tail_size_ = 0;
  ++chunks_;
}

const std::vector<std::string>& TouchList::unsaved() const {
  static const std::vector<std::string>* none = new std::vector<std::string>;
  return unsaved_ == nullptr ? *none : *unsaved_;
}

uint32_t TouchList::first_unsaved() const {
  return chunks_ - static_cast<uint32_t>(unsaved().size());
}

void TouchList::Saved(uint32_t saved) {
  if (unsaved_ == nullptr) return;
  const uint32_t first = first_unsaved();
  if (saved <= first) return;
  unsaved_->erase(unsaved_->begin(), unsaved_->begin() + (saved - first));
  if (unsaved_->empty()) unsaved_.reset();
}

void TouchList::LoadTags(const std::vector<Touch>& rows) {
  auto tags = std::make_unique<absl::flat_hash_set<uint32_t>>();
  for (const Touch& touch : rows) tags->insert(touch.tag);
  const auto add = [&](const Touch& touch) { tags->insert(touch.tag); };
  for (const std::string& chunk : unsaved()) RAPPORT_CHECK(ForEachTouch(chunk, add));
  RAPPORT_CHECK(ForEachTouch(tail_, add));
  tags_ = std::move(tags);
}

bool TouchList::HasTag(uint32_t tag) const {
  if (tags_ != nullptr) return tags_->contains(tag);
  bool found = false;
  ForEachTouch(tail_, [&](const Touch& touch) { found |= touch.tag == tag; });
  return found;
}

TouchList TouchList::FromRow(uint32_t chunks, absl::string_view tail, uint32_t tail_size) {
  TouchList list;
  list.chunks_ = chunks;
  list.tail_ = std::string(tail);
  list.tail_size_ = tail_size;
  ForEachTouch(tail, [&](const Touch& touch) { list.last_ = touch.offset; });
  return list;
}

size_t TouchList::HeapBytes() const {
  size_t bytes = tail_.capacity() > 15 ? tail_.capacity() + 1 : 0;
  for (const std::string& chunk : unsaved()) bytes += sizeof(std::string) + chunk.capacity();
  if (tags_ != nullptr) bytes += tags_->capacity() * 5;
  return bytes;
}

}  // namespace rapport::store
