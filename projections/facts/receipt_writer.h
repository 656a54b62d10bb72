// ReceiptWriter: puts the numbers, events and words of a reason into a receipt.
//
//   ReceiptWriter writer(receipt);
//   writer.Compared("silence", silence, "days", 182).Latest(facts, v1::KIND_PURCHASE_MADE);
//   writer.Text("Nothing heard for half a year.");
//
// Threads: one. Ownership: borrows the receipt.
#pragma once

#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"
#include "rapport/v1/kind.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::facts {

// `2.500` for 2500 thousandths.
inline std::string Thousandths(int64_t value) {
  return absl::StrFormat("%d.%03d", value / 1000, value % 1000);
}

class ReceiptWriter {
 public:
  // Events that a receipt names at most.
  static constexpr int kEventsMax = 8;

  explicit ReceiptWriter(v1::Receipt& receipt) : receipt_(receipt) {}

  ReceiptWriter& Rule(absl::string_view id) {
    receipt_.set_rule_id(std::string(id));
    return *this;
  }
  ReceiptWriter& Number(absl::string_view name, int64_t value, absl::string_view unit) {
    v1::ReceiptInput* input = receipt_.add_inputs();
    input->set_name(std::string(name));
    input->set_value(value);
    input->set_unit(std::string(unit));
    return *this;
  }
  ReceiptWriter& Compared(absl::string_view name, int64_t value, absl::string_view unit,
                          int64_t threshold) {
    Number(name, value, unit);
    receipt_.mutable_inputs(receipt_.inputs_size() - 1)->set_threshold(threshold);
    return *this;
  }
  // Those behind the first kEventsMax are left out.
  ReceiptWriter& Event(const EventId& id) {
    if (receipt_.event_ids_size() < kEventsMax) receipt_.add_event_ids(id.Hex());
    return *this;
  }
  // The latest event of a kind, if there was one.
  ReceiptWriter& Latest(const Facts& facts, v1::Kind kind) {
    const KindCell* cell = facts.FindKind(static_cast<uint16_t>(kind));
    return cell == nullptr ? *this : Event(cell->last().id);
  }
  void Text(std::string text) { receipt_.set_text(std::move(text)); }

 private:
  v1::Receipt& receipt_;
};

}  // namespace rapport::facts
