// EventDraft: one event in the making, from its first row to its last.
//
//   ASSIGN_OR_RETURN(EventDraft draft, EventDraft::Begin(mapping, rule, first_row));
//   RETURN_IF_ERROR(draft.Add(first_row));
//   RETURN_IF_ERROR(draft.Add(second_row));
//   ASSIGN_OR_RETURN(v1::Event event, draft.Finish(path));
//
// Texts and ids come from the first row, times are the earliest or latest of all rows, sums go over
// all rows and are rounded once, when the event is finished.
//
// Threads:   one. Ownership: borrows mapping and rule; owns what it has gathered.
// Limits:    those of the contract: 1,000 items and 60 KiB of payload, further items are counted
// and
//            left out, the amount stays whole.
// Errors:    INVALID_ARGUMENT that begins with file, line and column. A draft that failed is done.
// Never:     an amount or item below zero in an event.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/transactions/import_mapping.h"
#include "google/protobuf/message.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/money.pb.h"

namespace rapport::transactions {

// Whether the row is as the condition says.
absl::StatusOr<bool> Holds(const Condition& condition, const RowView& row);

class EventDraft {
 public:
  static absl::StatusOr<EventDraft> Begin(const ImportMapping& mapping, const EventRule& rule,
                                          const RowView& row);

  // Takes in one more row, the first one too.
  absl::Status Add(const RowView& row);

  // The whole event. To be called once.
  absl::StatusOr<v1::Event> Finish(const std::string& path);

  const EventRule& rule() const { return *rule_; }
  // The line on which the first row begins.
  int64_t line() const { return line_; }
  // Lines of the purchase that an item cannot express: below zero, or beyond the limits.
  int64_t items_left_out() const { return items_left_out_; }
  // What the payload says in its field `amount`, once finished.
  const std::optional<v1::Money>& amount() const { return amount_; }

 private:
  // What the rows so far give for one field.
  struct Gathered {
    Decimal sum;
    std::string currency;
    std::optional<int64_t> at_us;
    std::vector<Decimal> measures;
  };

  EventDraft(const ImportMapping& mapping, const EventRule& rule);
  google::protobuf::Message& TargetOf(const FieldRule& field);
  absl::Status SetIds(const RowView& row);
  absl::Status SetFieldText(const FieldRule& field, const Text& text, const RowView& row);
  absl::Status AddMoment(const MomentRule& rule, const RowView& row, std::optional<int64_t>& at_us);
  absl::Status AddSum(const FieldRule& field, const SumRule& rule, const RowView& row,
                      Gathered& gathered);
  absl::Status AddMeasures(const std::vector<MeasureRule>& rules, const RowView& row,
                           Gathered& gathered);
  absl::Status AddItem(const ItemsRule& rule, const RowView& row);
  absl::Status FinishField(const FieldRule& field, const Gathered& gathered);
  absl::Status FinishSum(const FieldRule& field, const SumRule& rule, const Gathered& gathered);

  const ImportMapping* mapping_;
  const EventRule* rule_;
  int64_t line_ = 0;
  int64_t items_left_out_ = 0;
  v1::Event event_;
  std::unique_ptr<google::protobuf::Message> payload_;
  std::optional<int64_t> occurred_at_us_;
  // One for each field of the rule.
  std::vector<Gathered> gathered_;
  std::optional<v1::Money> amount_;
};

}  // namespace rapport::transactions
