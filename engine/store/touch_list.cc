#include "engine/store/touch_list.h"

#include <algorithm>
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

// A varint and a tag.
constexpr size_t kTouchBytesMax = 10 + 4;

char* WriteVarint(uint64_t value, char* to) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

}  // namespace

bool DecodeTouches(absl::string_view chunk, std::vector<Touch>& touches) {
  return ForEachTouch(chunk, [&](const Touch& touch) { touches.push_back(touch); });
}

const Touch* FirstGoingBack(absl::Span<const Touch> touches) {
  const auto back = std::adjacent_find(
      touches.begin(), touches.end(),
      [](const Touch& before, const Touch& touch) { return before.offset >= touch.offset; });
  return back == touches.end() ? nullptr : &*back;
}

void TouchList::Append(Offset offset, uint32_t tag) {
  RAPPORT_CHECK(size() == 0 || offset > last_) << offset << " after " << last_;
  char bytes[kTouchBytesMax];
  char* end = WriteVarint(static_cast<uint64_t>(tail_size_ == 0 ? offset : offset - last_), bytes);
  for (int shift = 24; shift >= 0; shift -= 8) *end++ = static_cast<char>(tag >> shift);
  tail_.Append(bytes, static_cast<uint32_t>(end - bytes));
  last_ = offset;
  if (HasTags()) long_->tags->insert(tag);
  if (++tail_size_ < kTouchesPerChunk) return;
  MakeLong().unsaved.emplace_back(tail());
  tail_.Clear();
  tail_size_ = 0;
  ++chunks_;
}

TouchList::Long& TouchList::MakeLong() {
  if (long_ == nullptr) long_ = std::make_unique<Long>();
  return *long_;
}

const std::vector<std::string>& TouchList::unsaved() const {
  static const std::vector<std::string>* none = new std::vector<std::string>;
  return long_ == nullptr ? *none : long_->unsaved;
}

uint32_t TouchList::first_unsaved() const {
  return chunks_ - static_cast<uint32_t>(unsaved().size());
}

void TouchList::Saved(uint32_t saved) {
  if (long_ == nullptr) return;
  const uint32_t first = first_unsaved();
  if (saved <= first) return;
  std::vector<std::string>& unsaved = long_->unsaved;
  unsaved.erase(unsaved.begin(), unsaved.begin() + (saved - first));
  if (unsaved.empty() && long_->tags == nullptr && long_->revisions.empty()) long_.reset();
}

void TouchList::LoadTags(const std::vector<Touch>& rows) {
  auto tags = std::make_unique<absl::flat_hash_set<uint32_t>>();
  for (const Touch& touch : rows) tags->insert(touch.tag);
  const auto add = [&](const Touch& touch) { tags->insert(touch.tag); };
  for (const std::string& chunk : unsaved()) RAPPORT_CHECK(ForEachTouch(chunk, add));
  RAPPORT_CHECK(ForEachTouch(tail(), add));
  MakeLong().tags = std::move(tags);
}

bool TouchList::HasTag(uint32_t tag) const {
  if (HasTags()) return long_->tags->contains(tag);
  bool found = false;
  ForEachTouch(tail(), [&](const Touch& touch) { found |= touch.tag == tag; });
  return found;
}

void TouchList::NoteRevision(Offset offset, uint32_t target) {
  Long& notes = MakeLong();
  RAPPORT_CHECK(notes.revisions.empty() || offset > notes.revisions.back().offset) << offset;
  notes.revisions.push_back({offset, target});
  notes.revised.insert(target);
}

const std::vector<Touch>& TouchList::revisions() const {
  static const std::vector<Touch>* none = new std::vector<Touch>;
  return long_ == nullptr ? *none : long_->revisions;
}

std::string TouchList::EncodedRevisions() const {
  std::string out;
  Offset last = 0;
  for (const Touch& revision : revisions()) {
    AppendVarint(out, static_cast<uint64_t>(revision.offset - last));
    AppendBigEndian32(out, revision.tag);
    last = revision.offset;
  }
  return out;
}

TouchList TouchList::FromRow(uint32_t chunks, absl::string_view tail, uint32_t tail_size,
                             absl::string_view revisions) {
  TouchList list;
  list.chunks_ = chunks;
  list.tail_.Append(tail.data(), static_cast<uint32_t>(tail.size()));
  list.tail_size_ = tail_size;
  ForEachTouch(tail, [&](const Touch& touch) { list.last_ = touch.offset; });
  ForEachTouch(revisions, [&](const Touch& note) { list.NoteRevision(note.offset, note.tag); });
  return list;
}

size_t TouchList::HeapBytes() const {
  size_t bytes = tail_.HeapBytes();
  if (long_ == nullptr) return bytes;
  bytes += InMemorySteps(sizeof(Long));
  for (const std::string& chunk : unsaved()) bytes += sizeof(std::string) + chunk.capacity();
  if (HasTags()) bytes += long_->tags->capacity() * 5;
  bytes += long_->revisions.capacity() * sizeof(Touch) + long_->revised.capacity() * 5;
  return bytes;
}

}  // namespace rapport::store
