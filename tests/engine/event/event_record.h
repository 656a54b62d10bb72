// EventRecord: an Event under its key, as the log would hand it to the Validator.
//
//   EventRecord record = APurchaseRecord();
//   record.event.set_source("Shop!");
//   EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFieldInvalid, "source"));
//
// Threads: one. Lifetime: View() borrows from the record and from what View() serialized last.
#pragma once

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/unknown_field_set.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "engine/model/record.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// 2020-01-01 and the log's time for it, a second later.
inline constexpr int64_t kOccurredAt = 1'577'836'800'000'000;
inline constexpr int64_t kAppendedAt = kOccurredAt + 1'000'000;

struct EventRecord {
  v1::Event event;
  std::string key = "cust-1";
  // Used in place of the event when it is not empty.
  std::string value = {};
  std::vector<HeaderView> headers = {};
  Partition partition = 0;
  int64_t append_time_us = kAppendedAt;

  RecordView View() {
    bytes = value.empty() ? event.SerializeAsString() : value;
    RecordView view;
    view.partition = partition;
    view.offset = 7;
    view.append_time_us = append_time_us;
    view.key = key;
    view.value = bytes;
    view.headers = headers;
    return view;
  }

  std::string bytes = {};
};

// An event whose payload is given as text proto.
inline EventRecord ARecord(absl::string_view kind_name, const std::string& payload_text) {
  const KindInfo* kind = FindKindByName(kind_name);
  RAPPORT_CHECK(kind != nullptr) << "there is no kind " << kind_name;
  const std::unique_ptr<google::protobuf::Message> payload(kind->prototype->New());
  RAPPORT_CHECK(google::protobuf::TextFormat::ParseFromString(payload_text, payload.get()))
      << payload_text;
  EventRecord record;
  record.event.set_event_id("shop:1");
  record.event.set_customer_id("cust-1");
  record.event.set_occurred_at_us(kOccurredAt);
  record.event.set_kind(kind->kind);
  record.event.set_source("shop");
  record.event.set_payload(payload->SerializeAsString());
  return record;
}

inline EventRecord APurchaseRecord() {
  return ARecord("PurchaseMade", "order: 'A1' amount { micros: 120000000 currency: 'EUR' }");
}

// What a later version may have written.
inline google::protobuf::UnknownFieldSet& UnknownFields(v1::Event& event) {
  return *event.GetReflection()->MutableUnknownFields(&event);
}

inline std::optional<Rejection> CheckAll(EventRecord record) {
  Validator validator{ValidatorOptions{}};
  auto rejection = validator.CheckEnvelope(record.View());
  return rejection.has_value() ? rejection : validator.CheckPayload();
}

MATCHER(IsAccepted, "is accepted") {
  if (arg.has_value()) *result_listener << arg->ToStatus();
  return !arg.has_value();
}

MATCHER_P2(IsRejectedFor, reason, field, "is rejected for that reason and field") {
  if (!arg.has_value()) {
    *result_listener << "accepted";
    return false;
  }
  *result_listener << arg->ToStatus();
  return arg->reason == reason && arg->field == field && !arg->message.empty();
}

}  // namespace rapport::event
