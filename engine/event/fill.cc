#include "engine/event/fill.h"

#include <string>

#include "engine/base/time.h"
#include "engine/event/text.h"

namespace rapport::event {
namespace {

std::optional<Rejection> NotText(absl::string_view field, absl::string_view from) {
  return Rejection{Reason::kTextNotUtf8, std::string(field),
                   std::string(from) + " is not UTF-8; write it in UTF-8"};
}

}  // namespace

std::optional<Rejection> Fill(absl::string_view key, const Hints& hints, v1::Event& event) {
  if (event.event_id().empty() && !hints.event_id.empty()) {
    if (!IsUtf8(hints.event_id)) return NotText("event_id", "the header ce_id or id");
    event.set_event_id(hints.event_id.data(), hints.event_id.size());
  }
  if (event.source().empty() && !hints.source.empty()) {
    if (!IsUtf8(hints.source)) return NotText("source", "the header ce_source");
    event.set_source(hints.source.data(), hints.source.size());
  }
  if (event.customer_id().empty() && key != event.event_id()) {
    if (!IsUtf8(key)) return NotText("customer_id", "the key");
    event.set_customer_id(key.data(), key.size());
  }
  if (event.occurred_at_us() == 0 && !hints.time.empty()) {
    const absl::StatusOr<int64_t> at_us = ParseTime(hints.time);
    if (!at_us.ok()) {
      return Rejection{Reason::kFieldInvalid, "occurred_at_us",
                       "the header ce_time is no moment; write 2026-01-31T09:30:00Z"};
    }
    event.set_occurred_at_us(*at_us);
  }
  return std::nullopt;
}

void Salvage(absl::string_view key, const Hints& hints, v1::Event& event) {
  std::string event_id = event.event_id();
  std::string customer_id = event.customer_id();
  std::string source = event.source();
  event.Clear();
  if (event_id.empty()) event_id.assign(hints.event_id.data(), hints.event_id.size());
  if (source.empty()) source.assign(hints.source.data(), hints.source.size());
  if (customer_id.empty() && key != event_id) customer_id.assign(key.data(), key.size());
  if (IsEventId(event_id)) event.set_event_id(std::move(event_id));
  if (IsCustomerId(customer_id)) event.set_customer_id(std::move(customer_id));
  if (IsSource(source)) event.set_source(std::move(source));
}

}  // namespace rapport::event
