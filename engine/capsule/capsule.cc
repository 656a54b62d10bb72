#include "engine/capsule/capsule.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/capsule/without_texts.h"
#include "engine/pipeline/quarantine.h"
#include "engine/pipeline/revised_fold.h"

namespace rapport::capsule {
namespace {

class Maker {
 public:
  Maker(const CapsuleSource& source, const history::Viewpoint& viewpoint, v1::Capsule& capsule)
      : source_(source),
        viewpoint_(viewpoint),
        capsule_(capsule),
        without_texts_(source.archive->partitions()) {}

  absl::Status Make(const std::string& customer_id) {
    ASSIGN_OR_RETURN(const Group group, source_.history->GroupOf(customer_id, viewpoint_));
    Position position;
    position.log = source_.archive->identity();
    fold::EvaluateOptions options;
    for (const std::string& member : group.members) {
      RETURN_IF_ERROR(AddMember(member, options));
      const Partition partition = source_.pipeline->PartitionOfCustomer(member);
      position.next[partition] = viewpoint_.known_at.next.at(partition);
    }
    capsule_.set_position(position.ToString());
    return source_.history->Evaluate(group, viewpoint_, options, *capsule_.mutable_standing());
  }

 private:
  // A member's records as the state knows them.
  struct Known {
    std::set<Offset> touches;
    std::map<Offset, store::QuarantineEntry> quarantine;
  };

  absl::StatusOr<Known> KnownOf(const std::string& name, Partition partition) const {
    Known known;
    ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, source_.pipeline->Touches(name));
    for (const store::Touch& touch : touches) known.touches.insert(touch.offset);
    ASSIGN_OR_RETURN(std::vector<store::QuarantineEntry> entries,
                     source_.pipeline->Quarantine(partition, /*from=*/0, /*max=*/SIZE_MAX));
    for (store::QuarantineEntry& entry : entries) {
      const Offset offset = entry.offset;
      known.quarantine.emplace(offset, std::move(entry));
    }
    return known;
  }

  absl::Status CheckNotErased(const std::string& name) const {
    bool erased = false;
    RETURN_IF_ERROR(source_.pipeline->Read(
        name, [&](const store::CustomerView& view) { erased = view.links->erased(); }));
    if (!erased) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("CUSTOMER_ERASED: customer_id: ", name,
                     " was erased, so nothing of them is copied; take another customer"));
  }

  absl::Status AddMember(const std::string& name, fold::EvaluateOptions& options) {
    RETURN_IF_ERROR(CheckNotErased(name));
    const Partition partition = source_.pipeline->PartitionOfCustomer(name);
    ASSIGN_OR_RETURN(const Known known, KnownOf(name, partition));
    v1::CapsuleMember& member = *capsule_.add_members();
    member.set_customer_id(name);
    member.set_partition(partition);
    const log::ArchiveEnd end = source_.archive->End(partition);
    member.set_lost(end.complete_from > 0);
    options.lost = options.lost || member.lost();
    const auto cursor =
        source_.archive->Scan(partition, end.start, viewpoint_.known_at.next.at(partition));
    RecordBatch batch;
    while (cursor->NextBatch(batch)) {
      RETURN_IF_ERROR(history::CheckInTime(viewpoint_));
      for (const RecordView& record : batch.records) {
        if (record.key == name) RETURN_IF_ERROR(AddRecord(record, known, options, member));
      }
    }
    RETURN_IF_ERROR(cursor->status());
    ASSIGN_OR_RETURN(const std::string facts, source_.history->Facts(name, viewpoint_));
    member.set_facts_digest(FactsDigestOf(name, facts));
    return absl::OkStatus();
  }

  absl::Status AddRecord(const RecordView& record, const Known& known,
                         fold::EvaluateOptions& options, v1::CapsuleMember& member) {
    v1::CapsuleRecord made;
    made.set_offset(record.offset);
    made.set_appended_at_us(record.append_time_us);
    const auto entry = known.quarantine.find(record.offset);
    if (entry != known.quarantine.end()) {
      AddQuarantined(record, entry->second, options, made);
    } else if (without_texts_.Copy(record, made)) {
      // An anonymous event whose id is the customer's is nobody's.
      if (without_texts_.event().customer_id.empty()) return absl::OkStatus();
      made.set_verdict(VerdictOf(known));
    } else {
      return absl::FailedPreconditionError(
          absl::StrCat("CAPSULE_IMPOSSIBLE: record ", record.partition, "@", record.offset,
                       " cannot be told without the texts in it; ask as known at an earlier "
                       "position"));
    }
    bytes_ += made.ByteSizeLong();
    *member.add_records() = std::move(made);
    if (++records_ <= kRecordsMax && bytes_ <= kBytesMax) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: customer_id: more than ",
                                                   kRecordsMax, " records or ", kBytesMax >> 20,
                                                   " MiB; ask as known at an earlier position"));
  }

  void AddQuarantined(const RecordView& record, const store::QuarantineEntry& entry,
                      fold::EvaluateOptions& options, v1::CapsuleRecord& made) {
    v1::Event envelope;
    envelope.set_customer_id(entry.customer_id);
    const bool leaves_incomplete = pipeline::LeavesIncomplete(record, entry.rejection, envelope,
                                                              source_.archive->partitions());
    options.quarantined = options.quarantined || leaves_incomplete;
    made.set_verdict(v1::CAPSULE_VERDICT_QUARANTINED);
    made.set_reason(std::string(ReasonName(entry.rejection.reason)));
    made.set_field(entry.rejection.field);
    // What ends the process when it is looked at is not looked at.
    if (entry.rejection.reason != Reason::kCrashedFold && without_texts_.Copy(record, made)) return;
    made.set_withheld(true);
    made.set_leaves_incomplete(leaves_incomplete);
  }

  v1::CapsuleVerdict VerdictOf(const Known& known) const {
    const ValidEvent& event = without_texts_.event();
    if (!known.touches.contains(event.offset)) return v1::CAPSULE_VERDICT_DUPLICATE;
    return pipeline::CountsAsFolded(*source_.projection, event.kind)
               ? v1::CAPSULE_VERDICT_FOLDED
               : v1::CAPSULE_VERDICT_NOT_FOLDED;
  }

  const CapsuleSource& source_;
  const history::Viewpoint& viewpoint_;
  v1::Capsule& capsule_;
  WithoutTexts without_texts_;
  int64_t records_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<v1::Capsule> MakeCapsule(const CapsuleSource& source, const std::string& customer_id,
                                        const history::Viewpoint& viewpoint,
                                        const CapsuleOrigin& origin) {
  v1::Capsule capsule;
  capsule.set_format(kFormat);
  capsule.set_customer_id(customer_id);
  capsule.set_as_of_us(viewpoint.as_of_us);
  capsule.set_partitions(source.archive->partitions());
  capsule.set_engine_version(origin.engine_version);
  capsule.set_rules_digest(viewpoint.rules->digest());
  capsule.set_rules_text(origin.rules_text);
  RETURN_IF_ERROR(Maker(source, viewpoint, capsule).Make(customer_id));
  capsule.set_digest(DigestOf(capsule));
  return capsule;
}

std::string DigestOf(const v1::Capsule& capsule) {
  v1::Capsule bare = capsule;
  bare.clear_digest();
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    bare.SerializeToCodedStream(&out);
  }
  return Hex(Blake2b128(bytes));
}

std::string FactsDigestOf(absl::string_view customer_id, absl::string_view facts) {
  SetDigest digest;
  digest.Add({customer_id, facts});
  return digest.Hex();
}

}  // namespace rapport::capsule
