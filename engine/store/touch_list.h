// TouchList: where a customer's events stand in the archive, with a 32-bit tag of each event id.
//
// The last chunk (the tail) is resident with the slot; full chunks are rows of their own and are
// read only when somebody asks for history, or when an id that is not the greatest must be told
// from all before.
//
//   if (!list.MayHold(tag)) list.Append(offset, tag);
//
// Chunks hold kTouchesPerChunk touches each, so equal logs give equal chunks.
//
// Touches that take back or put right another event are noted a second time, with the tag of what
// they are aimed at: those notes are few and always resident.
// Threads: as safe as a plain value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/base/compact.h"
#include "engine/model/ids.h"

namespace rapport::store {

inline constexpr uint32_t kTouchesPerChunk = 128;

// One touch: an event's offset and the tag of its id.
struct Touch {
  Offset offset = 0;
  uint32_t tag = 0;
  bool operator==(const Touch&) const = default;
};

// Adds the touches of an encoded chunk to `touches`; false when the bytes are not a chunk, such as
// one whose offsets do not ascend.
bool DecodeTouches(absl::string_view chunk, std::vector<Touch>& touches);

// Each chunk ascends by itself; one that was damaged need not follow the one before. The first
// touch that the next one does not follow; null when all ascend.
const Touch* FirstGoingBack(absl::Span<const Touch> touches);

class TouchList {
 public:
  // Touches in all.
  uint32_t size() const { return chunks_ * kTouchesPerChunk + tail_size_; }
  // Full chunks, each a row of its own.
  uint32_t chunks() const { return chunks_; }
  // Touches since the last full chunk, encoded.
  absl::string_view tail() const { return {tail_.begin(), tail_.size()}; }

  // Adds a touch. REQUIRES: offset greater than every offset so far.
  void Append(Offset offset, uint32_t tag);

  // Full chunks that are not rows yet; the first of them has the number first_unsaved().
  const std::vector<std::string>& unsaved() const;
  uint32_t first_unsaved() const;
  // Forgets unsaved chunks up to chunk number `saved`, which are rows now.
  void Saved(uint32_t saved);

  // True when all tags are resident: there is no full chunk, or LoadTags was called.
  bool AllTagsResident() const { return chunks_ == 0 || HasTags(); }
  // Makes all tags resident. `rows` are the touches of the full chunks that are rows.
  void LoadTags(const std::vector<Touch>& rows);
  // True when a touch with this tag is there. REQUIRES: AllTagsResident().
  bool HasTag(uint32_t tag) const;

  // Notes that the event at `offset` takes back or puts right the one with the tag `target`.
  // REQUIRES: offset greater than that of every note so far.
  void NoteRevision(Offset offset, uint32_t target);
  // Those notes: the offset of each revision with the tag of its target.
  const std::vector<Touch>& revisions() const;
  // Whether one is aimed at this tag.
  bool IsRevised(uint32_t tag) const {
    return long_ != nullptr && !long_->revisions.empty() && long_->revised.contains(tag);
  }
  // The notes as a row keeps them, encoded as a chunk.
  std::string EncodedRevisions() const;

  // As read back from a row. REQUIRES: `tail` is a chunk of `tail_size` touches, `revisions` one of
  // notes.
  static TouchList FromRow(uint32_t chunks, absl::string_view tail, uint32_t tail_size,
                           absl::string_view revisions = {});

  // Asks the memory for what Append will look at.
  void Prefetch() const { tail_.Prefetch(); }
  size_t HeapBytes() const;

 private:
  // What only customers with many touches have, or with revisions.
  struct Long {
    std::vector<std::string> unsaved;
    // Null when they are not resident.
    std::unique_ptr<absl::flat_hash_set<uint32_t>> tags;
    std::vector<Touch> revisions;
    // Their tags.
    absl::flat_hash_set<uint32_t> revised;
  };
  bool HasTags() const { return long_ != nullptr && long_->tags != nullptr; }
  Long& MakeLong();

  CompactVector<char> tail_;
  std::unique_ptr<Long> long_;
  Offset last_ = 0;
  uint32_t chunks_ = 0;
  uint32_t tail_size_ = 0;
};

}  // namespace rapport::store
