#include "engine/store/keys.h"

#include <utility>

#include "engine/base/coding.h"

namespace rapport::store {
namespace {

std::string Prefix(Partition partition, char kind) {
  std::string key;
  AppendBigEndian32(key, static_cast<uint32_t>(partition));
  key.push_back(kind);
  return key;
}

}  // namespace

std::string PositionKey(Partition partition) { return Prefix(partition, 'P'); }

std::string CustomerKey(Partition partition, absl::string_view name) {
  std::string key = Prefix(partition, 'C');
  key.append(name.data(), name.size());
  return key;
}

std::string TouchKey(Partition partition, absl::string_view name, uint32_t chunk) {
  std::string key = Prefix(partition, 'T');
  key.push_back(static_cast<char>(name.size()));
  key.append(name.data(), name.size());
  AppendBigEndian32(key, chunk);
  return key;
}

std::string QuarantineKey(Partition partition, Offset offset) {
  std::string key = Prefix(partition, 'Q');
  AppendBigEndian64(key, static_cast<uint64_t>(offset));
  return key;
}

std::string EchoKey(Partition partition) { return Prefix(partition, 'E'); }

std::string TwinKey(Partition partition, Offset offset) {
  std::string key = EchoKey(partition);
  AppendBigEndian64(key, static_cast<uint64_t>(offset));
  return key;
}

std::string GeneralKey() { return Prefix(-1, 'G'); }

KeyRange CustomerKeys(Partition partition) {
  return {Prefix(partition, 'C'), Prefix(partition, 'D')};
}
KeyRange TouchKeys(Partition partition) { return {Prefix(partition, 'T'), Prefix(partition, 'U')}; }
KeyRange QuarantineKeys(Partition partition) {
  return {Prefix(partition, 'Q'), Prefix(partition, 'R')};
}

KeyRange EchoKeys(Partition partition) { return {Prefix(partition, 'E'), Prefix(partition, 'F')}; }

KeyRange PartitionKeys(Partition partition) {
  std::string begin = Prefix(partition, '\0');
  begin.pop_back();
  return {std::move(begin), Prefix(partition, '\xff')};
}

absl::string_view CustomerOfKey(absl::string_view key) { return key.substr(5); }

Offset OffsetOfKey(absl::string_view key) {
  return static_cast<Offset>(ReadBigEndian64(key.substr(5)));
}

std::string AnonymousName(const EventId& id) {
  std::string name(1, '\0');
  AppendBigEndian16(name, static_cast<uint16_t>(id.high >> 48));
  return name;
}

}  // namespace rapport::store
