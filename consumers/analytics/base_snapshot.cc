#include "consumers/analytics/base_snapshot.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

// Rows of one message: some hundred kilobytes.
constexpr int kRowsAtOnce = 500;

class BaseStream {
 public:
  BaseStream(const Engine* engine, const edge::Call* call, const v1::SnapshotBaseRequest& request,
             history::Viewpoint viewpoint, edge::Sink<v1::SnapshotBaseResponse>* sink)
      : engine_(engine),
        call_(call),
        request_(request),
        viewpoint_(std::move(viewpoint)),
        sink_(sink) {
    options_.receipts = false;
    options_.follow_ups = request.table() == v1::BASE_TABLE_FOLLOW_UPS;
    options_.next_change = request.table() == v1::BASE_TABLE_RELATIONSHIPS;
  }

  absl::Status Run() {
    *response_.mutable_info() = edge::AnswerInfoOf(*engine_, viewpoint_);
    response_.set_customers_total(Customers());
    RETURN_IF_ERROR(Send());
    RETURN_IF_ERROR(request_.table() == v1::BASE_TABLE_POINTS ? ExplainEach() : Walk());
    *response_.mutable_info() = edge::AnswerInfoOf(*engine_, viewpoint_);
    response_.set_whole(true);
    return Send();
  }

 private:
  absl::Status Send() {
    response_.set_customers_read(customers_read_);
    if (!sink_->Write(response_)) return edge::CallerLeft();
    response_.Clear();
    rows_ = 0;
    return absl::OkStatus();
  }

  int64_t Customers() const {
    const std::vector<int64_t> customers = edge::CustomersByPartition(*engine_);
    return std::accumulate(customers.begin(), customers.end(), int64_t{0});
  }

  absl::Status Walk() {
    ASSIGN_OR_RETURN(const auto walk, engine_->WalkBase(viewpoint_));
    call_->Expect(walk->Total());
    return walk->ForEach(edge::WhileAsked(*call_),
                         [this](const history::BaseCustomer& one) { return AddRows(one); });
  }

  // Says why, event by event, which the archive has to be asked for.
  absl::Status ExplainEach() {
    ASSIGN_OR_RETURN(std::vector<std::string> customers, engine_->pipeline().CustomerIds());
    std::sort(customers.begin(), customers.end());
    call_->Expect(edge::CustomersByPartition(*engine_));
    for (const std::string& customer : customers) {
      ++customers_read_;
      call_->Note(engine_->pipeline().PartitionOfCustomer(customer), 1);
      if (told_.contains(customer)) continue;
      RETURN_IF_ERROR(edge::CheckAsked(*call_));
      const absl::Status read = AddPoints(customer);
      // Who is not there any more has no rows.
      if (!absl::IsNotFound(read)) RETURN_IF_ERROR(read);
      if (rows_ >= kRowsAtOnce) RETURN_IF_ERROR(Send());
    }
    return absl::OkStatus();
  }

  absl::Status AddRows(const history::BaseCustomer& one) {
    customers_read_ += static_cast<int64_t>(std::max<size_t>(1, one.members.size()));
    encoded_.clear();
    viewpoint_.rules->Encode(one.facts, /*with_offsets=*/false, encoded_);
    facts_.Clear();
    if (!facts_.ParseFromString(encoded_)) {
      return absl::InternalError("BUG: facts that were just encoded cannot be read");
    }
    // Nothing of theirs was folded by then.
    if (facts_.common().newest_at_us() == 0) return absl::OkStatus();
    standing_.Clear();
    viewpoint_.rules->Evaluate(one.survivor, one.facts, viewpoint_.as_of_us, one.Options(options_),
                               standing_);
    if (request_.table() == v1::BASE_TABLE_FOLLOW_UPS) {
      AddFollowUps(one);
    } else {
      AddRelationship(one);
    }
    return rows_ >= kRowsAtOnce ? Send() : absl::OkStatus();
  }

  void AddRelationship(const history::BaseCustomer& one) {
    v1::BaseRelationship& row = *response_.add_relationships();
    row.set_customer_id(std::string(one.survivor));
    *row.mutable_standing() = standing_;
    row.set_quarantined(one.quarantined);
    row.set_members(std::max<uint32_t>(1, static_cast<uint32_t>(one.members.size())));
    row.set_first_seen_at_us(facts_.common().first_seen_at_us());
    row.set_newest_at_us(facts_.common().newest_at_us());
    int64_t events = 0;
    for (const v1::KindFacts& kind : facts_.common().kinds()) events += kind.count();
    row.set_events(events);
    row.set_spend_centi(facts_.money().spend_centi());
    row.set_reversed_centi(facts_.money().reversed_centi());
    ++rows_;
  }

  void AddFollowUps(const history::BaseCustomer& one) {
    for (v1::FollowUp& follow_up : *standing_.mutable_follow_ups()) {
      v1::CustomerFollowUp& row = *response_.add_follow_ups();
      row.set_customer_id(std::string(one.survivor));
      row.set_stage(standing_.stage());
      row.set_score(standing_.score());
      *row.mutable_follow_up() = std::move(follow_up);
      ++rows_;
    }
  }

  absl::Status AddPoints(const std::string& customer) {
    constexpr v1::ExplainSubject kScore[] = {v1::EXPLAIN_SUBJECT_SCORE};
    ASSIGN_OR_RETURN(const history::ExplainedRelationship why,
                     engine_->ExplainRelationship(customer, viewpoint_, kScore));
    Tell(why.group);
    for (const v1::ExplainedEvent& event : why.explanation.events()) {
      for (const v1::LineShare& share : event.shares()) {
        if (share.milli_points() == 0) continue;
        v1::BasePoints& row = AddPoint(why.group.survivor, share.line(), share.milli_points());
        row.set_event_id(event.event_id());
        row.set_kind(event.kind());
        row.set_occurred_at_us(event.occurred_at_us());
        row.set_partition(event.partition());
        row.set_offset(event.offset());
      }
      if (rows_ >= kRowsAtOnce) RETURN_IF_ERROR(Send());
    }
    for (const v1::UnsharedLine& line : why.explanation.unshared()) {
      if (line.milli_points() != 0) AddPoint(why.group.survivor, line.line(), line.milli_points());
    }
    return absl::OkStatus();
  }

  v1::BasePoints& AddPoint(const std::string& customer, v1::ScoreLine line, int64_t milli_points) {
    v1::BasePoints& row = *response_.add_points();
    row.set_customer_id(customer);
    row.set_line(line);
    row.set_milli_points(milli_points);
    ++rows_;
    return row;
  }

  // Members of one relationship are told of once.
  void Tell(const Group& group) {
    if (group.is_merged()) told_.insert(group.members.begin(), group.members.end());
  }

  const Engine* const engine_;
  const edge::Call* const call_;
  const v1::SnapshotBaseRequest& request_;
  const history::Viewpoint viewpoint_;
  edge::Sink<v1::SnapshotBaseResponse>* const sink_;
  fold::EvaluateOptions options_;
  absl::flat_hash_set<std::string> told_;
  int64_t customers_read_ = 0;
  int rows_ = 0;
  // Used again for every customer.
  std::string encoded_;
  v1::CustomerFacts facts_;
  v1::Standing standing_;
  v1::SnapshotBaseResponse response_;
};

}  // namespace

absl::Status StreamBase(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                        const v1::SnapshotBaseRequest& request,
                        edge::Sink<v1::SnapshotBaseResponse>& sink) {
  if (request.table() == v1::BASE_TABLE_UNSPECIFIED || !v1::BaseTable_IsValid(request.table())) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: table: say which one, such as BASE_TABLE_RELATIONSHIPS");
  }
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), engine));
  // The whole base takes as long as the caller likes to wait.
  viewpoint.deadline = call.given_deadline();
  // What is wrong or has to come first is not waited for in a turn.
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks.Take(call));
  return BaseStream(&engine, &call, request, std::move(viewpoint), &sink).Run();
}

}  // namespace rapport::analytics
