// Records: framing, envelope, payload, and the two entrances that must agree.

#include <optional>
#include <string>
#include <vector>

#include "consumers/edge/touchpoint_json.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/text.h"
#include "engine/event/touchpoint.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/unknown_fields.h"

namespace rapport::fuzz {
namespace {

constexpr int kPartitions = 4;
// 2025-01-01.
constexpr int64_t kAppendedAt = 1'735'689'600'000'000;
constexpr absl::string_view kHeaderNames[] = {
    "ce_id", "id", "ce_source", "ce_time", "content-type", "__value_schema_id", "ce_type", ""};

// What a validator said: nothing, or why not.
using Verdict = std::optional<Rejection>;

struct Judged {
  Verdict verdict;
  // The envelope passed.
  bool has_event = false;
};

Judged Judge(event::Validator& validator, const RecordView& record) {
  Judged judged;
  judged.verdict = validator.CheckEnvelope(record);
  judged.has_event = !judged.verdict.has_value();
  if (judged.has_event) judged.verdict = validator.CheckPayload();
  return judged;
}

void CheckSame(const Verdict& a, const Verdict& b, absl::string_view where) {
  RAPPORT_CHECK(a.has_value() == b.has_value())
      << where << ": " << (a.has_value() ? a : b)->ToStatus() << " against accepted";
  if (!a.has_value()) return;
  RAPPORT_CHECK(a->reason == b->reason && a->field == b->field)
      << where << ": " << a->ToStatus() << " against " << b->ToStatus();
}

// Pipeline and ingress, as they are set up in the product.
event::Validator& Pipeline() {
  static auto* const kValidator =
      new event::Validator(event::ValidatorOptions{kPartitions, &log::PartitionOf});
  return *kValidator;
}
event::Validator& Ingress() {
  static auto* const kValidator = new event::Validator(event::ValidatorOptions{});
  return *kValidator;
}

// The record that publishing `event` would append, without its headers.
struct PublishedRecord {
  explicit PublishedRecord(const v1::Event& event)
      : key(event.customer_id().empty() ? event.event_id() : event.customer_id()),
        value(event.SerializeAsString()) {
    view.partition = log::PartitionOf(key, kPartitions);
    view.append_time_us = kAppendedAt;
    view.key = key;
    view.value = value;
  }
  PublishedRecord(const PublishedRecord&) = delete;
  PublishedRecord& operator=(const PublishedRecord&) = delete;

  std::string key;
  std::string value;
  RecordView view;
};

// What the quarantine keeps of a rejected record can be shown and stored.
void CheckSalvaged(const v1::Event& event) {
  RAPPORT_CHECK(event::IsUtf8(event.customer_id()) && event::IsUtf8(event.event_id()) &&
                event::IsUtf8(event.source()));
}

// An accepted event as its touchpoint and as JSON, and back.
void CheckComesBack(const v1::Event& event) {
  const auto touchpoint = event::EventToTouchpoint(event);
  RAPPORT_CHECK(touchpoint.ok()) << touchpoint.status();
  if (HasUnknownFields(event) || HasUnknownFields(*touchpoint)) return;
  const std::string canonical = event::CanonicalContent(event);
  const v1::Event closed = event::TouchpointToEvent(*touchpoint);
  RAPPORT_CHECK(event::CanonicalContent(closed) == canonical);
  RAPPORT_CHECK(closed.occurred_at_us() == event.occurred_at_us());
  const auto read = edge::JsonToEvent(edge::EventToJson(event));
  RAPPORT_CHECK(read.ok()) << read.status();
  RAPPORT_CHECK(event::CanonicalContent(*read) == canonical);
  RAPPORT_CHECK(read->occurred_at_us() == event.occurred_at_us());
}

// The event that the pipeline took out of a record, published again by itself.
void CheckIngressAgrees(const Judged& judged) {
  const v1::Event event = Pipeline().envelope();
  const PublishedRecord again(event);
  v1::Event parsed;
  RAPPORT_CHECK(parsed.ParseFromString(again.value));
  RAPPORT_CHECK(parsed.SerializeAsString() == again.value);
  RAPPORT_CHECK(event::CanonicalContent(parsed) == event::CanonicalContent(event));
  CheckSame(Judge(Ingress(), again.view).verdict, judged.verdict, "ingress");
  CheckSame(Judge(Pipeline(), again.view).verdict, judged.verdict, "pipeline, published again");
}

// Bytes that are a bare event: what the ingress says of it, the pipeline says of its record.
void CheckPipelineAgrees(absl::string_view value) {
  v1::Event event;
  if (!event.ParseFromArray(value.data(), static_cast<int>(value.size()))) return;
  PublishedRecord record(event);
  const Judged judged = Judge(Ingress(), record.view);
  CheckSame(Judge(Pipeline(), record.view).verdict, judged.verdict, "pipeline");
  if (judged.verdict.has_value()) return;
  const std::string time = FormatTime(event.occurred_at_us());
  const std::vector<HeaderView> headers = {{"content-type", "application/protobuf"},
                                           {"ce_id", event.event_id()},
                                           {"ce_source", event.source()},
                                           {"ce_time", time}};
  record.view.headers = headers;
  CheckSame(Judge(Pipeline(), record.view).verdict, std::nullopt, "pipeline, with headers");
  CheckComesBack(Pipeline().envelope());
}

}  // namespace

void FuzzRecord(absl::string_view input) {
  FuzzInput in(input);
  const uint8_t options = in.Byte();
  RecordView record;
  record.key = in.Sized();
  std::vector<HeaderView> headers;
  for (int i = 0; i < (options & 3); ++i) {
    const absl::string_view name = kHeaderNames[in.Byte() % std::size(kHeaderNames)];
    headers.push_back({name, in.Sized()});
  }
  record.headers = headers;
  record.value = in.Rest();
  record.append_time_us = kAppendedAt;
  record.partition = options & 4 ? 0 : log::PartitionOf(record.key, kPartitions);

  const Judged judged = Judge(Pipeline(), record);
  CheckSame(Judge(Pipeline(), record).verdict, judged.verdict, "asked again");
  if (judged.has_event) {
    CheckIngressAgrees(judged);
  } else {
    CheckSalvaged(Pipeline().envelope());
  }
  CheckPipelineAgrees(record.value);
}

}  // namespace rapport::fuzz
