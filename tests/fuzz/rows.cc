// Rows of the state store and of the archive: what is accepted comes back from its own bytes.

#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/log/archive_block.h"
#include "engine/log/engine_record.h"
#include "engine/store/customer_row.h"
#include "engine/store/touch_list.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

using store::CustomerRow;
using store::Touch;
using store::TouchList;

// All touches of a list, unsaved chunks first.
std::vector<Touch> TouchesOf(const TouchList& list) {
  std::vector<Touch> touches;
  for (const std::string& chunk : list.unsaved()) {
    RAPPORT_CHECK(store::DecodeTouches(chunk, touches));
  }
  RAPPORT_CHECK(store::DecodeTouches(list.tail(), touches));
  return touches;
}

void Chunk(absl::string_view bytes) {
  std::vector<Touch> touches;
  if (!store::DecodeTouches(bytes, touches)) return;
  TouchList list;
  for (const Touch& touch : touches) list.Append(touch.offset, touch.tag);
  RAPPORT_CHECK(list.size() == touches.size());
  RAPPORT_CHECK(TouchesOf(list) == touches);
  list.LoadTags({});
  for (const Touch& touch : touches) RAPPORT_CHECK(list.HasTag(touch.tag));
}

void Customer(absl::string_view bytes) {
  const auto row = CustomerRow::Parse(bytes);
  if (!row.ok()) {
    RAPPORT_CHECK(absl::IsDataLoss(row.status())) << row.status();
    return;
  }
  std::string again;
  row->AppendTo(again);
  const auto same = CustomerRow::Parse(again);
  RAPPORT_CHECK(same.ok()) << same.status();
  std::string twice;
  same->AppendTo(twice);
  RAPPORT_CHECK(twice == again);
  // What a slot does with it.
  TouchList list = TouchList::FromRow(row->chunks, row->tail, row->tail_size, row->revisions);
  RAPPORT_CHECK(list.revisions().size() <= list.size());
  RAPPORT_CHECK(list.size() == row->touches());
  list.LoadTags({});
  std::vector<Touch> tail;
  RAPPORT_CHECK(store::DecodeTouches(row->tail, tail) && tail.size() == row->tail_size);
  for (const Touch& touch : tail) RAPPORT_CHECK(list.HasTag(touch.tag));
  const Offset last = tail.empty() ? row->folded_to : tail.back().offset;
  if (last < INT64_MAX) list.Append(last + 1, 7);
}

void Engine(std::string bytes) {
  AppendBigEndian32(bytes, Crc32c(0, bytes));
  const auto record = log::DecodeEngineRecord(bytes);
  if (!record.ok()) return;
  RAPPORT_CHECK(log::EncodeEngineRecord(*record) == bytes);
  const auto identity = log::DecodeIdentity(record->body);
  if (identity.ok()) RAPPORT_CHECK(log::EncodeIdentity(*identity) == record->body);
  const auto gap = log::DecodeGap(record->body);
  if (gap.ok()) RAPPORT_CHECK(log::EncodeGap(*gap) == record->body);
}

void Keys(absl::string_view bytes) {
  Partition partition = 0;
  Offset from = 0;
  uint64_t sequence = 0;
  if (log::ParseBlockKey(bytes, partition, from)) {
    RAPPORT_CHECK(log::BlockKey(partition, from) == bytes);
  }
  if (log::ParseEngineKey(bytes, sequence)) RAPPORT_CHECK(log::EngineKey(sequence) == bytes);
}

}  // namespace

void FuzzRows(absl::string_view input) {
  FuzzInput in(input);
  switch (in.Byte() % 4) {
    case 0:
      return Chunk(in.Rest());
    case 1:
      return Customer(in.Rest());
    case 2:
      return Engine(std::string(in.Rest()));
    default:
      return Keys(in.Rest());
  }
}

}  // namespace rapport::fuzz
