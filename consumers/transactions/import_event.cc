#include "consumers/transactions/import_event.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/transactions/import_fields.h"
#include "engine/base/status_macros.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::transactions {
namespace {

using google::protobuf::Message;

constexpr size_t kCustomerIdBytesMax = 128;
constexpr int kMicrosPower = 6;
constexpr int kMilliPower = 3;

bool IsEventId(absl::string_view id) {
  return !id.empty() && id.size() <= kCodeBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return '!' <= c && c <= '~'; });
}

bool IsCustomerId(absl::string_view id) {
  return id != "-" && id.size() <= kCustomerIdBytesMax && !HasControl(id);
}

// Adds what the expression gives for the row.
absl::Status AddTo(Decimal& sum, const Expression& expression, const RowView& row) {
  ASSIGN_OR_RETURN(const Decimal number, expression.Evaluate(row));
  if (sum.Add(number)) return absl::OkStatus();
  return row.Error("the sum grows beyond 37 digits; check the row's numbers");
}

absl::StatusOr<std::string> CurrencyOf(const Text& text, const RowView& row) {
  ASSIGN_OR_RETURN(std::string currency, text.Render(row));
  if (IsCurrency(currency)) return currency;
  return row.Error("the currency is not three capital letters such as EUR; mend the column");
}

}  // namespace

absl::StatusOr<bool> Holds(const Condition& condition, const RowView& row) {
  using Test = Condition::Test;
  switch (condition.test) {
    case Test::kPrefix:
      return absl::StartsWith(row.Bytes(condition.slot), condition.text);
    case Test::kEquals:
      return row.Bytes(condition.slot) == condition.text;
    case Test::kEmpty:
      return row.Bytes(condition.slot).empty();
    case Test::kFilled:
      return !row.Bytes(condition.slot).empty();
    case Test::kAbove:
    case Test::kNotAbove:
      break;
  }
  ASSIGN_OR_RETURN(Decimal difference, NumberOf(row, condition.slot));
  if (!difference.Add(condition.number.Negated())) {
    return row.Error(condition.slot, "has too many digits to be compared");
  }
  return (difference.Sign() > 0) == (condition.test == Test::kAbove);
}

EventDraft::EventDraft(const ImportMapping& mapping, const EventRule& rule)
    : mapping_(&mapping),
      rule_(&rule),
      payload_(rule.kind->prototype->New()),
      gathered_(rule.fields.size()) {}

absl::StatusOr<EventDraft> EventDraft::Begin(const ImportMapping& mapping, const EventRule& rule,
                                             const RowView& row) {
  EventDraft draft(mapping, rule);
  draft.line_ = row.line();
  draft.event_.set_source(mapping.source);
  draft.event_.set_kind(rule.kind->kind);
  RETURN_IF_ERROR(draft.SetIds(row));
  for (const FieldRule& field : rule.fields) {
    const Text* text = std::get_if<Text>(&field.value);
    if (text != nullptr) RETURN_IF_ERROR(draft.SetFieldText(field, *text, row));
  }
  return draft;
}

Message& EventDraft::TargetOf(const FieldRule& field) {
  if (!field.in_envelope) return *payload_;
  if (field.parent == nullptr) return event_;
  return *event_.GetReflection()->MutableMessage(&event_, field.parent);
}

absl::Status EventDraft::SetIds(const RowView& row) {
  ASSIGN_OR_RETURN(std::string customer_id, mapping_->customer_id.Render(row));
  if (customer_id.empty()) {
    return row.Error("the customer id is empty; leave such rows out by [skip] empty = [...]");
  }
  if (!IsCustomerId(customer_id)) {
    return row.Error("the customer id is longer than 128 bytes, is - or has control characters");
  }
  ASSIGN_OR_RETURN(std::string event_id, mapping_->event_id.Render(row));
  if (!IsEventId(event_id)) {
    return row.Error(absl::StrCat("event id '", event_id,
                                  "' is not 1 to 64 visible ASCII characters; make event_id of "
                                  "other columns"));
  }
  event_.set_customer_id(std::move(customer_id));
  event_.set_event_id(std::move(event_id));
  return absl::OkStatus();
}

absl::Status EventDraft::SetFieldText(const FieldRule& field, const Text& text,
                                      const RowView& row) {
  ASSIGN_OR_RETURN(const std::string rendered, text.Render(row));
  if (rendered.empty()) return absl::OkStatus();
  const absl::Status set = SetText(*field.field, rendered, TargetOf(field));
  if (set.ok()) return set;
  // A text that is long or not to be shown is not repeated.
  const bool show = rendered.size() <= kCodeBytesMax && !HasControl(rendered);
  const std::string shown = show ? absl::StrCat("'", rendered, "' ") : "";
  return row.Error(absl::StrCat(field.name, " ", shown, set.message()));
}

absl::Status EventDraft::AddMoment(const MomentRule& rule, const RowView& row,
                                   std::optional<int64_t>& at_us) {
  const auto read = rule.format.Read(row.Bytes(rule.slot));
  if (!read) {
    return row.Error(rule.slot, absl::StrCat("is not a time of the form ", rule.format.written(),
                                             " between 1970 and 2099"));
  }
  if (!at_us) {
    at_us = *read;
  } else {
    at_us = rule.latest ? std::max(*at_us, *read) : std::min(*at_us, *read);
  }
  return absl::OkStatus();
}

absl::Status EventDraft::AddSum(const FieldRule& field, const SumRule& rule, const RowView& row,
                                Gathered& gathered) {
  if (rule.currency) {
    ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(*rule.currency, row));
    if (!gathered.currency.empty() && gathered.currency != currency) {
      return row.Error(absl::StrCat(field.name, " is in ", gathered.currency, " and in ", currency,
                                    " in the rows of one event; put the currency into [group] by"));
    }
    gathered.currency = currency;
  }
  return AddTo(gathered.sum, rule.sum, row);
}

absl::Status EventDraft::AddMeasures(const std::vector<MeasureRule>& rules, const RowView& row,
                                     Gathered& gathered) {
  gathered.measures.resize(rules.size());
  for (size_t i = 0; i < rules.size(); ++i) {
    RETURN_IF_ERROR(AddTo(gathered.measures[i], rules[i].sum, row));
  }
  return absl::OkStatus();
}

absl::Status EventDraft::AddItem(const ItemsRule& rule, const RowView& row) {
  auto& purchase = static_cast<v1::PurchaseMade&>(*payload_);
  Decimal quantity;
  Decimal amount;
  if (rule.quantity) RETURN_IF_ERROR(AddTo(quantity, *rule.quantity, row));
  if (rule.amount) RETURN_IF_ERROR(AddTo(amount, *rule.amount, row));
  const auto quantity_milli = quantity.Scaled(kMilliPower);
  const auto micros = amount.Scaled(kMicrosPower);
  if (!quantity_milli || !micros || *micros > kMoneyMicrosMax) {
    return row.Error("quantity or amount of the item is too great; check the row's numbers");
  }
  ASSIGN_OR_RETURN(std::string sku, rule.sku.Render(row));
  if (sku.size() > kCodeBytesMax || HasControl(sku)) {
    return row.Error(
        "the sku of the item is longer than 64 bytes or has control characters; map another "
        "column");
  }
  if (*quantity_milli < 0 || *micros < 0 || purchase.items_size() >= kItemsMax) {
    ++items_left_out_;
    return absl::OkStatus();
  }
  v1::PurchaseItem& item = *purchase.add_items();
  item.set_sku(std::move(sku));
  item.set_quantity_milli(*quantity_milli);
  if (rule.amount) {
    ASSIGN_OR_RETURN(std::string currency, CurrencyOf(*rule.currency, row));
    item.mutable_amount()->set_micros(*micros);
    item.mutable_amount()->set_currency(std::move(currency));
  }
  return absl::OkStatus();
}

absl::Status EventDraft::Add(const RowView& row) {
  ASSIGN_OR_RETURN(const std::string customer_id, mapping_->customer_id.Render(row));
  if (customer_id != event_.customer_id()) {
    return row.Error("the rows of one event name two customers; put the customer into [group] by");
  }
  RETURN_IF_ERROR(AddMoment(rule_->occurred_at, row, occurred_at_us_));
  for (size_t i = 0; i < rule_->fields.size(); ++i) {
    const FieldRule& field = rule_->fields[i];
    if (const auto* sum = std::get_if<SumRule>(&field.value)) {
      RETURN_IF_ERROR(AddSum(field, *sum, row, gathered_[i]));
    } else if (const auto* moment = std::get_if<MomentRule>(&field.value)) {
      if (row.Bytes(moment->slot).empty()) continue;
      RETURN_IF_ERROR(AddMoment(*moment, row, gathered_[i].at_us));
    } else if (const auto* measures = std::get_if<std::vector<MeasureRule>>(&field.value)) {
      RETURN_IF_ERROR(AddMeasures(*measures, row, gathered_[i]));
    } else if (const auto* items = std::get_if<ItemsRule>(&field.value)) {
      RETURN_IF_ERROR(AddItem(*items, row));
    }
  }
  return absl::OkStatus();
}

absl::Status EventDraft::FinishSum(const FieldRule& field, const SumRule& rule,
                                   const Gathered& gathered) {
  const Decimal sum = rule.negate ? gathered.sum.Negated() : gathered.sum;
  if (!rule.currency) {
    const auto whole = sum.Whole();
    if (!whole) return absl::InvalidArgumentError("does not add up to a whole number");
    return SetInteger(*field.field, *whole, TargetOf(field));
  }
  const auto micros = sum.Scaled(kMicrosPower);
  if (sum.Sign() < 0) {
    return absl::InvalidArgumentError(
        "adds up to less than zero; amounts have no sign, the kind says the direction");
  }
  if (!micros || *micros > kMoneyMicrosMax) {
    return absl::InvalidArgumentError("adds up to more than 1,000,000,000; check the rows");
  }
  Message& target = TargetOf(field);
  auto& money =
      static_cast<v1::Money&>(*target.GetReflection()->MutableMessage(&target, field.field));
  money.set_micros(*micros);
  money.set_currency(gathered.currency);
  if (!field.in_envelope && field.name == "amount") amount_ = money;
  return absl::OkStatus();
}

absl::Status EventDraft::FinishField(const FieldRule& field, const Gathered& gathered) {
  if (const auto* sum = std::get_if<SumRule>(&field.value)) return FinishSum(field, *sum, gathered);
  Message& target = TargetOf(field);
  if (gathered.at_us) {
    target.GetReflection()->SetInt64(&target, field.field, *gathered.at_us);
  }
  const auto* measures = std::get_if<std::vector<MeasureRule>>(&field.value);
  if (measures == nullptr) return absl::OkStatus();
  for (size_t i = 0; i < measures->size(); ++i) {
    const auto whole = gathered.measures[i].Whole();
    if (!whole) {
      return absl::InvalidArgumentError(
          absl::StrCat((*measures)[i].name, " does not add up to a whole number"));
    }
    auto& measure =
        static_cast<v1::Measure&>(*target.GetReflection()->AddMessage(&target, field.field));
    measure.set_name((*measures)[i].name);
    measure.set_value(*whole);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Event> EventDraft::Finish(const std::string& path) {
  for (size_t i = 0; i < rule_->fields.size(); ++i) {
    const absl::Status done = FinishField(rule_->fields[i], gathered_[i]);
    if (done.ok()) continue;
    return absl::InvalidArgumentError(absl::StrCat(path, ":", line_, ":1: ", rule_->fields[i].name,
                                                   " of event ", event_.event_id(), " ",
                                                   done.message()));
  }
  if (rule_->kind->kind == v1::KIND_PURCHASE_MADE) {
    auto& purchase = static_cast<v1::PurchaseMade&>(*payload_);
    while (purchase.ByteSizeLong() > kPayloadBytesMax && purchase.items_size() > 0) {
      purchase.mutable_items()->RemoveLast();
      ++items_left_out_;
    }
  }
  event_.set_occurred_at_us(*occurred_at_us_);
  event_.set_payload(payload_->SerializeAsString());
  return std::move(event_);
}

}  // namespace rapport::transactions
