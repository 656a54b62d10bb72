#include "engine/store/customer_row.h"

#include <vector>

#include "engine/base/coding.h"
#include "engine/model/aliases.h"
#include "engine/model/links.h"

namespace rapport::store {
namespace {

constexpr char kVersion = 4;

bool TakeNumber(absl::string_view& in, uint32_t& value) {
  uint64_t wide = 0;
  if (!TakeVarint(in, wide) || wide > UINT32_MAX) return false;
  value = static_cast<uint32_t>(wide);
  return true;
}

bool ParseInto(absl::string_view in, CustomerRow& row) {
  absl::string_view version, id;
  uint64_t folded = 0;
  if (!TakeBytes(in, 1, version) || version[0] != kVersion || !TakeVarint(in, folded) ||
      !TakeBytes(in, 16, id) || !TakeNumber(in, row.quarantined) || !TakeNumber(in, row.chunks) ||
      !TakeNumber(in, row.tail_size) || !TakeSized(in, row.tail) || !TakeSized(in, row.revisions) ||
      !TakeSized(in, row.links) || !TakeSized(in, row.aliases) || !TakeSized(in, row.facts)) {
    return false;
  }
  if (folded > static_cast<uint64_t>(INT64_MAX)) return false;
  row.folded_to = static_cast<Offset>(folded) - 1;
  row.greatest_id = EventId::FromBytes(id);
  return in.empty();
}

bool HasSoundLinks(const CustomerRow& row) {
  Links links;
  Aliases aliases;
  return Links::Decode(row.links, links) && Aliases::Decode(row.aliases, aliases);
}

// The list can go on from what the row says of it: as many touches as it claims, each at an offset
// of its own, none behind the one that was folded last.
bool HasSoundTouches(const CustomerRow& row) {
  if (row.tail_size >= kTouchesPerChunk || row.chunks >= UINT32_MAX / kTouchesPerChunk ||
      row.folded_to + 1 < Offset{row.touches()}) {
    return false;
  }
  std::vector<Touch> tail, revisions;
  return DecodeTouches(row.tail, tail) && tail.size() == row.tail_size &&
         (tail.empty() || tail.back().offset <= row.folded_to) &&
         DecodeTouches(row.revisions, revisions) && revisions.size() <= row.touches() &&
         (revisions.empty() || revisions.back().offset <= row.folded_to);
}

}  // namespace

void CustomerRow::AppendTo(std::string& out) const {
  out.push_back(kVersion);
  AppendVarint(out, static_cast<uint64_t>(folded_to + 1));
  AppendBigEndian64(out, greatest_id.high);
  AppendBigEndian64(out, greatest_id.low);
  AppendVarint(out, quarantined);
  AppendVarint(out, chunks);
  AppendVarint(out, tail_size);
  AppendSized(out, tail);
  AppendSized(out, revisions);
  AppendSized(out, links);
  AppendSized(out, aliases);
  AppendSized(out, facts);
}

absl::StatusOr<CustomerRow> CustomerRow::Parse(absl::string_view bytes) {
  CustomerRow row;
  if (!ParseInto(bytes, row) || !HasSoundTouches(row) || !HasSoundLinks(row)) {
    return absl::DataLossError(
        "a customer's row in the state store cannot be read; delete the folder `state`, it is "
        "rebuilt from the archive");
  }
  return row;
}

}  // namespace rapport::store
