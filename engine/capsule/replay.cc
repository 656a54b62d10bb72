#include "engine/capsule/replay.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "engine/capsule/capsule.h"
#include "engine/capsule/difference.h"
#include "engine/fold/facts_memory.h"
#include "engine/history/history.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/refold.h"
#include "engine/table/model_table.h"

namespace rapport::capsule {
namespace {

using pipeline::Fate;

// A member after the fold.
struct FoldedMember {
  explicit FoldedMember(const fold::Projection& projection) : facts(projection) {}
  fold::FactsMemory facts;
  pipeline::Refolded refolded;
  std::vector<store::Touch> touches;
  uint32_t quarantined = 0;
};

using FoldedMembers = std::map<std::string, std::unique_ptr<FoldedMember>, std::less<>>;

// What history may ask of the members, as the pipeline answers it of everybody.
class MembersReader : public store::Reader {
 public:
  MembersReader(int partitions, const fold::Projection* projection, const FoldedMembers* members)
      : partitions_(partitions), projection_(projection), members_(members) {}

  Partition PartitionOfCustomer(absl::string_view customer_id) const override {
    return log::PartitionOf(customer_id, partitions_);
  }
  absl::Status Read(absl::string_view customer_id,
                    absl::FunctionRef<void(const store::CustomerView&)> visit) const override {
    ASSIGN_OR_RETURN(const FoldedMember* const member, Find(customer_id));
    const pipeline::Replacement& anew = member->refolded.anew;
    store::CustomerView view;
    view.facts = member->facts.get();
    view.folds = projection_;
    view.quarantined = member->quarantined;
    view.touches = static_cast<uint32_t>(member->touches.size());
    view.folded_to = anew.folded_to;
    view.has_revisions = !anew.touches.revisions().empty();
    view.links = &anew.links;
    view.aliases = &anew.aliases;
    visit(view);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<store::Touch>> Touches(absl::string_view customer_id) const override {
    ASSIGN_OR_RETURN(const FoldedMember* const member, Find(customer_id));
    return member->touches;
  }
  absl::StatusOr<std::vector<std::string>> CustomerIds() const override {
    std::vector<std::string> ids;
    for (const auto& [id, member] : *members_) ids.push_back(id);
    return ids;
  }
  Position Applied() const override { return {}; }

 private:
  absl::StatusOr<const FoldedMember*> Find(absl::string_view customer_id) const {
    const auto found = members_->find(customer_id);
    if (found != members_->end()) return found->second.get();
    return absl::NotFoundError("CUSTOMER_UNKNOWN: customer_id: the capsule has no such member");
  }

  const int partitions_;
  const fold::Projection* const projection_;
  const FoldedMembers* const members_;
};

std::string TextOf(v1::CapsuleVerdict verdict, absl::string_view reason, absl::string_view field) {
  std::string text = v1::CapsuleVerdict_Name(verdict).substr(sizeof("CAPSULE_VERDICT_") - 1);
  for (const absl::string_view word : {reason, field}) {
    if (!word.empty()) absl::StrAppend(&text, " ", word);
  }
  return text;
}

std::string TextOf(const pipeline::Outcome& outcome, const pipeline::Replacement& anew) {
  switch (outcome.fate) {
    case Fate::kFolded:
      return TextOf(v1::CAPSULE_VERDICT_FOLDED, "", "");
    case Fate::kNotFolded:
      return TextOf(v1::CAPSULE_VERDICT_NOT_FOLDED, "", "");
    case Fate::kDuplicate:
      return TextOf(v1::CAPSULE_VERDICT_DUPLICATE, "", "");
    case Fate::kElsewhere:
      return "of nobody";
    case Fate::kConflict:
    case Fate::kRejected:
      break;
  }
  const auto entry = std::find_if(anew.quarantine.begin(), anew.quarantine.end(),
                                  [&](const auto& one) { return one.offset == outcome.offset; });
  return TextOf(v1::CAPSULE_VERDICT_QUARANTINED, ReasonName(entry->rejection.reason),
                entry->rejection.field);
}

class Replayer {
 public:
  Replayer(const v1::Capsule& capsule, const fold::Projection& projection)
      : capsule_(capsule),
        projection_(projection),
        reader_(capsule.partitions(), &projection, &members_) {}

  absl::StatusOr<v1::CapsuleReplay> Run() {
    ASSIGN_OR_RETURN(position_, Position::Parse(capsule_.position()));
    RETURN_IF_ERROR(FillArchive());
    replay_.set_customer_id(capsule_.customer_id());
    replay_.set_rules_digest(projection_.digest());
    for (int i = 0; i < capsule_.members_size(); ++i) RETURN_IF_ERROR(FoldMember(i));
    RETURN_IF_ERROR(Compare());
    replay_.set_same(replay_.differences().empty());
    return std::move(replay_);
  }

 private:
  // Puts the records where they stood in the log; what stood between them is a gap.
  absl::Status FillArchive() {
    ASSIGN_OR_RETURN(table_, disk_.Open({.wal = true}));
    ASSIGN_OR_RETURN(archive_, log::Archive::Open(table_.get(), capsule_.partitions(),
                                                  position_.log, /*now_us=*/0));
    std::map<Partition, RecordBatch> batches;
    for (const v1::CapsuleMember& member : capsule_.members()) {
      RecordBatch& batch = batches[member.partition()];
      batch.partition = member.partition();
      batch.next = position_.next.at(member.partition());
      for (const v1::CapsuleRecord& record : member.records()) {
        if (!record.withheld()) batch.records.push_back(ViewOf(member, record));
      }
    }
    for (auto& [partition, batch] : batches) {
      std::sort(batch.records.begin(), batch.records.end(),
                [](const RecordView& a, const RecordView& b) { return a.offset < b.offset; });
      if (batch.next == 0) continue;
      RETURN_IF_ERROR(archive_->Append({batch}, table::Durability::kSynced));
    }
    return absl::OkStatus();
  }

  RecordView ViewOf(const v1::CapsuleMember& member, const v1::CapsuleRecord& record) {
    std::vector<HeaderView>& headers = headers_.emplace_back();
    for (const v1::CapsuleHeader& header : record.headers()) {
      headers.push_back({header.name(), header.value()});
    }
    RecordView view;
    view.partition = member.partition();
    view.offset = record.offset();
    view.append_time_us = record.appended_at_us();
    view.key = member.customer_id();
    view.value = record.value();
    view.headers = headers;
    return view;
  }

  absl::Status FoldMember(int index) {
    const v1::CapsuleMember& member = capsule_.members(index);
    std::vector<Offset> offsets;
    auto folded = std::make_unique<FoldedMember>(projection_);
    for (const v1::CapsuleRecord& record : member.records()) {
      if (!record.withheld()) offsets.push_back(record.offset());
      folded->quarantined += record.leaves_incomplete() ? 1 : 0;
    }
    const pipeline::Verdicts none;
    pipeline::Refolder refolder({member.partition(), capsule_.partitions(), &projection_,
                                 archive_.get(), /*breadcrumbs=*/nullptr},
                                &none);
    ASSIGN_OR_RETURN(folded->refolded, refolder.Refold(member.customer_id(), offsets));
    folded->quarantined += folded->refolded.anew.quarantined;
    RETURN_IF_ERROR(projection_.Decode(folded->refolded.anew.facts, folded->facts.get()));
    for (const pipeline::Outcome& outcome : folded->refolded.outcomes) {
      if (outcome.fate != Fate::kFolded && outcome.fate != Fate::kNotFolded) continue;
      folded->touches.push_back({outcome.offset, outcome.id.Tag()});
    }
    CompareVerdicts(index, folded->refolded);
    options_.quarantined = options_.quarantined || folded->quarantined > 0;
    options_.lost = options_.lost || member.lost();
    members_.emplace(member.customer_id(), std::move(folded));
    return absl::OkStatus();
  }

  void CompareVerdicts(int index, const pipeline::Refolded& refolded) {
    size_t next = 0;
    for (int i = 0; i < capsule_.members(index).records_size(); ++i) {
      const v1::CapsuleRecord& record = capsule_.members(index).records(i);
      const std::string expected = TextOf(record.verdict(), record.reason(), record.field());
      const std::string got =
          record.withheld() ? expected : TextOf(refolded.outcomes[next++], refolded.anew);
      replay_.set_records(replay_.records() + 1);
      const bool quarantined = absl::StartsWith(
          got, TextOf(v1::CAPSULE_VERDICT_QUARANTINED, /*reason=*/"", /*field=*/""));
      if (quarantined) replay_.set_quarantined(replay_.quarantined() + 1);
      if (got == expected) continue;
      AddDifference(absl::StrCat("members[", index, "].records[", i, "].verdict"), expected, got,
                    replay_);
    }
  }

  absl::Status Compare() {
    const history::History history(archive_.get(), &projection_, &reader_);
    history::Viewpoint viewpoint;
    viewpoint.as_of_us = capsule_.as_of_us();
    viewpoint.known_at = position_;
    ASSIGN_OR_RETURN(const Group group, history.GroupOf(capsule_.customer_id(), viewpoint));
    std::vector<std::string> expected;
    for (int i = 0; i < capsule_.members_size(); ++i) {
      const v1::CapsuleMember& member = capsule_.members(i);
      expected.push_back(member.customer_id());
      ASSIGN_OR_RETURN(const std::string facts, history.Facts(member.customer_id(), viewpoint));
      const std::string digest = FactsDigestOf(member.customer_id(), facts);
      if (digest == member.facts_digest()) continue;
      AddDifference(absl::StrCat("members[", i, "].facts_digest"), member.facts_digest(), digest,
                    replay_);
    }
    if (group.members != expected) {
      AddDifference("members", absl::StrJoin(expected, ", "), absl::StrJoin(group.members, ", "),
                    replay_);
    }
    RETURN_IF_ERROR(history.Evaluate(group, viewpoint, options_, *replay_.mutable_standing()));
    AddDifferences(capsule_.standing(), replay_.standing(), replay_);
    return absl::OkStatus();
  }

  const v1::Capsule& capsule_;
  const fold::Projection& projection_;
  Position position_;
  table::ModelDisk disk_;
  std::unique_ptr<table::Table> table_;
  std::unique_ptr<log::Archive> archive_;
  // Of all records.
  std::deque<std::vector<HeaderView>> headers_;
  FoldedMembers members_;
  MembersReader reader_;
  fold::EvaluateOptions options_;
  v1::CapsuleReplay replay_;
};

}  // namespace

absl::StatusOr<v1::CapsuleReplay> ReplayCapsule(const v1::Capsule& capsule,
                                                const fold::Projection& projection) {
  return Replayer(capsule, projection).Run();
}

}  // namespace rapport::capsule
