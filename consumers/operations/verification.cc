#include "consumers/operations/verification.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "rapport/v1/facts.pb.h"

namespace rapport::operations {
namespace {

// Customers with the digests of their facts.
using Unmet = absl::flat_hash_map<std::string, SetDigest>;

// The first line of what differs, such as `modified: money.spent.count: 3 -> 2`.
std::string FirstField(const std::string& state, const std::string& folded) {
  v1::CustomerFacts before, after;
  if (!before.ParseFromString(state) || !after.ParseFromString(folded)) return "";
  std::string report;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&report);
  differencer.Compare(before, after);
  const std::vector<std::string> lines = absl::StrSplit(report, '\n');
  return lines.front();
}

// The customer's facts in the state, unless they are of later events.
std::string FactsBefore(const Engine& engine, const std::string& customer, Offset next) {
  std::string facts;
  engine.pipeline()
      .Read(customer,
            [&](const store::CustomerView& view) {
              if (view.folded_to >= next) return;
              view.folds->Encode(view.facts, /*with_offsets=*/false, facts);
            })
      .IgnoreError();
  return facts;
}

// Which records are in quarantine, ascending.
absl::StatusOr<std::vector<std::pair<Partition, Offset>>> QuarantinedIn(const Engine& engine) {
  std::vector<std::pair<Partition, Offset>> records;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    ASSIGN_OR_RETURN(const std::vector<store::QuarantineEntry> entries,
                     engine.pipeline().Quarantine(partition, /*from=*/0, /*max=*/SIZE_MAX));
    for (const store::QuarantineEntry& entry : entries)
      records.emplace_back(partition, entry.offset);
  }
  return records;
}

// Places of the log that are not lost.
absl::StatusOr<int64_t> RecordsBefore(const Engine& engine, const Position& position) {
  int64_t records = 0;
  for (const auto& [partition, next] : position.next) records += next;
  ASSIGN_OR_RETURN(const auto decisions, engine.archive().EngineRecords());
  for (const log::EngineRecord& decision : decisions) {
    if (decision.type != log::EngineRecord::Type::kGapAccepted) continue;
    ASSIGN_OR_RETURN(const log::AcceptedGap gap, log::DecodeGap(decision.body));
    const auto known = position.next.find(gap.partition);
    if (known == position.next.end()) continue;
    records -= std::max<int64_t>(0, std::min(gap.to, known->second) - gap.from);
  }
  return records;
}

absl::Status StateChanged() {
  return absl::AbortedError(
      "STATE_CHANGED: records were judged again, or other rules took over, while they were "
      "compared; run verify once more");
}

class Comparison {
 public:
  Comparison(const Engine& engine, v1::VerifyResponse& response)
      : engine_(engine), response_(response) {}

  absl::Status TakeState(const edge::Call& call) {
    const int partitions = engine_.pipeline().partitions();
    unmet_.resize(static_cast<size_t>(partitions));
    folded_.resize(unmet_.size());
    known_at_.log = engine_.archive().identity();
    for (Partition partition = 0; partition < partitions; ++partition) {
      RETURN_IF_ERROR(edge::CheckAsked(call));
      Unmet& own = unmet_[static_cast<size_t>(partition)];
      ASSIGN_OR_RETURN(const pipeline::Digests state,
                       engine_.pipeline().Digest(
                           partition, [&own](absl::string_view name, const SetDigest& digest) {
                             own.emplace(std::string(name), digest);
                           }));
      if (rules_ == nullptr) rules_ = state.folds;
      if (!fold::FoldAlike(*state.folds, *rules_)) return StateChanged();
      known_at_.next[partition] = state.next;
      v1::VerifiedPartition& entry = *response_.add_partitions();
      entry.set_partition(partition);
      entry.set_offset(state.next);
      entry.set_customers(state.customers);
      entry.set_facts_digest(state.facts.Hex());
      digests_.state.Add(state.facts);
    }
    return absl::OkStatus();
  }

  absl::Status CompareWithArchive(const edge::Call& call) {
    history::Viewpoint viewpoint;
    viewpoint.known_at = known_at_;
    viewpoint.rules = rules_;
    viewpoint.deadline = call.given_deadline();
    ASSIGN_OR_RETURN(const auto walk, engine_.WalkBase(viewpoint));
    call.Expect(walk->Total());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(
        walk->ForEachAlone(edge::WhileAsked(call), [&](const history::BaseCustomer& one) {
          Compare(one);
          return absl::OkStatus();
        }));
    digests_.took = absl::Now() - begun;
    ASSIGN_OR_RETURN(const int64_t records, RecordsBefore(engine_, known_at_));
    response_.set_records(records);
    for (size_t i = 0; i < unmet_.size(); ++i) {
      for (const auto& [customer, digest] : unmet_[i]) {
        Note(static_cast<Partition>(i), customer, "",
             "the state holds facts of a customer of whom the archive has no event");
      }
      response_.mutable_partitions(static_cast<int>(i))->set_folded_digest(folded_[i].Hex());
      digests_.folded.Add(folded_[i]);
    }
    if (!differing_.empty()) *response_.mutable_first() = std::move(differing_.begin()->second);
    return absl::OkStatus();
  }

  const FactsDigests& digests() const { return digests_; }

 private:
  void Compare(const history::BaseCustomer& one) {
    const std::string customer(one.survivor);
    const Partition partition = engine_.pipeline().PartitionOfCustomer(customer);
    const auto at = static_cast<size_t>(partition);
    plain_.clear();
    rules_->Encode(one.facts, /*with_offsets=*/false, plain_);
    SetDigest digest;
    digest.Add({customer, plain_});
    folded_[at].Add(digest);
    const auto state = unmet_[at].find(customer);
    if (state == unmet_[at].end()) {
      Note(partition, customer, "", "the archive has events of a customer who is not in the state");
      return;
    }
    if (!(state->second == digest)) {
      Note(partition, customer,
           FirstField(FactsBefore(engine_, customer, known_at_.next[partition]), plain_),
           "the facts in the state are not those that the archive gives");
    }
    unmet_[at].erase(state);
  }

  void Note(Partition partition, const std::string& customer, const std::string& field,
            const std::string& text) {
    v1::VerifiedPartition& entry = *response_.mutable_partitions(partition);
    entry.set_differing(entry.differing() + 1);
    v1::VerifiedDifference& difference = differing_[{partition, customer}];
    difference.set_customer_id(customer);
    difference.set_partition(partition);
    difference.set_field(field);
    difference.set_text(text);
    // Only the first is told.
    if (differing_.size() > 1) differing_.erase(std::prev(differing_.end()));
  }

  const Engine& engine_;
  // By which the state's facts are folded.
  std::shared_ptr<const fold::Projection> rules_;
  v1::VerifyResponse& response_;
  Position known_at_;
  FactsDigests digests_;
  // By partition: customers of the state who were not met yet, and the sums of the archive.
  std::vector<Unmet> unmet_;
  std::vector<SetDigest> folded_;
  std::map<std::pair<Partition, std::string>, v1::VerifiedDifference> differing_;
  std::string plain_;
};

}  // namespace

absl::StatusOr<FactsDigests> Verify(const Engine& engine, const edge::Call& call,
                                    v1::VerifyResponse& response) {
  RETURN_IF_ERROR(engine.pipeline().Checkpoint(call.given_deadline()));
  ASSIGN_OR_RETURN(const auto before, QuarantinedIn(engine));
  Comparison comparison(engine, response);
  RETURN_IF_ERROR(comparison.TakeState(call));
  RETURN_IF_ERROR(comparison.CompareWithArchive(call));
  if (!response.has_first()) return comparison.digests();
  // What was let out of quarantine meanwhile is folded by the archive and not by the state of then.
  ASSIGN_OR_RETURN(const auto after, QuarantinedIn(engine));
  if (std::includes(after.begin(), after.end(), before.begin(), before.end())) {
    return comparison.digests();
  }
  return StateChanged();
}

}  // namespace rapport::operations
