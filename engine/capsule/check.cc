#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/capsule/capsule.h"
#include "engine/capsule/replay.h"
#include "engine/event/text.h"
#include "engine/log/archive_block.h"
#include "engine/log/partitioner.h"
#include "engine/model/position.h"

namespace rapport::capsule {
namespace {

constexpr int kPartitionsMax = 1024;
// What is behind it would not fit into the archive's arithmetic.
constexpr Offset kOffsetMax = Offset{1} << 60;

absl::Status Malformed(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("CAPSULE_MALFORMED: ", field, ": ", what, "; export it again"));
}

bool IsMoment(int64_t at_us) { return at_us >= 0 && at_us < kEndOfTimeMicros; }

absl::Status CheckRecord(const std::string& path, const v1::CapsuleRecord& record) {
  if (!IsMoment(record.appended_at_us())) {
    return Malformed(path + ".appended_at_us", "is no moment before 2100");
  }
  if (record.value().size() > log::kRecordBytesMax) {
    return Malformed(path + ".value", "is longer than a record may be");
  }
  if (record.verdict() == v1::CAPSULE_VERDICT_UNSPECIFIED ||
      !v1::CapsuleVerdict_IsValid(record.verdict())) {
    return Malformed(path + ".verdict", "is none");
  }
  const bool quarantined = record.verdict() == v1::CAPSULE_VERDICT_QUARANTINED;
  if (quarantined == record.reason().empty()) {
    return Malformed(path + ".reason", "belongs to what is in quarantine, and to that always");
  }
  if (record.withheld() && (!quarantined || !record.value().empty() || record.headers_size() > 0)) {
    return Malformed(path + ".withheld", "is for what is in quarantine, without value and headers");
  }
  if (record.leaves_incomplete() && !record.withheld()) {
    return Malformed(path + ".leaves_incomplete", "is for what is withheld");
  }
  return absl::OkStatus();
}

absl::Status CheckMember(const std::string& path, const v1::CapsuleMember& member, int partitions,
                         const Position& position, std::set<Offset>& taken) {
  if (!event::IsCustomerId(member.customer_id())) {
    return Malformed(path + ".customer_id", "is none");
  }
  if (member.partition() != log::PartitionOf(member.customer_id(), partitions)) {
    return Malformed(path + ".partition", "is not where that customer's events stand");
  }
  const auto end = position.next.find(member.partition());
  if (end == position.next.end() || end->second > kOffsetMax) {
    return Malformed("position",
                     absl::StrCat("does not say where partition ", member.partition(), " ends"));
  }
  Offset before = -1;
  for (int i = 0; i < member.records_size(); ++i) {
    const v1::CapsuleRecord& record = member.records(i);
    const std::string name = absl::StrCat(path, ".records[", i, "]");
    if (record.offset() <= before || record.offset() >= end->second) {
      return Malformed(name + ".offset", "must be above the one before, and below the position");
    }
    if (!taken.insert(record.offset()).second) {
      return Malformed(name + ".offset", "is that of another member's record");
    }
    before = record.offset();
    RETURN_IF_ERROR(CheckRecord(name, record));
  }
  return absl::OkStatus();
}

absl::Status CheckMembers(const v1::Capsule& capsule, const Position& position) {
  std::map<Partition, std::set<Offset>> taken;
  bool is_asked_about = false;
  for (int i = 0; i < capsule.members_size(); ++i) {
    const v1::CapsuleMember& member = capsule.members(i);
    const std::string path = absl::StrCat("members[", i, "]");
    if (i > 0 && capsule.members(i - 1).customer_id() >= member.customer_id()) {
      return Malformed(path + ".customer_id", "must be above the one before");
    }
    is_asked_about = is_asked_about || member.customer_id() == capsule.customer_id();
    RETURN_IF_ERROR(
        CheckMember(path, member, capsule.partitions(), position, taken[member.partition()]));
  }
  return is_asked_about ? absl::OkStatus() : Malformed("customer_id", "is not among the members");
}

}  // namespace

absl::Status CheckCapsule(const v1::Capsule& capsule) {
  if (capsule.format() != kFormat) {
    return absl::InvalidArgumentError(absl::StrCat("CAPSULE_VERSION: format: is ", capsule.format(),
                                                   ", this program reads ", kFormat,
                                                   "; replay it with the program that wrote it"));
  }
  if (!capsule.digest().empty() && capsule.digest() != DigestOf(capsule)) {
    return absl::InvalidArgumentError(
        "CAPSULE_CHANGED: digest: the file is not as it was written; export it again, or take the "
        "digest out when it was changed on purpose");
  }
  if (capsule.partitions() < 1 || capsule.partitions() > kPartitionsMax) {
    return Malformed("partitions", "must be 1 to 1024");
  }
  if (!IsMoment(capsule.as_of_us())) return Malformed("as_of_us", "is no moment before 2100");
  const absl::StatusOr<Position> position = Position::Parse(capsule.position());
  if (!position.ok() || position->log.epoch == 0) {
    return Malformed("position", "is not that of a log");
  }
  return CheckMembers(capsule, *position);
}

}  // namespace rapport::capsule
