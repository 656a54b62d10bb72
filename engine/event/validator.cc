#include "engine/event/validator.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/event/envelope_check.h"
#include "engine/event/fill.h"
#include "engine/event/framing.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_check.h"
#include "engine/event/quick_messages.h"
#include "engine/event/sensitive.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {

using google::protobuf::Message;

// The messages that are parsed into again and again.
struct Validator::Scratch {
  ReusedMessage<v1::Event> event{&EventFields()};
  ReusedMessage<v1::PurchaseMade> purchase{&PurchaseFields()};
  // The kind of the event last checked; null after a rejection.
  const KindInfo* kind = nullptr;
  // One message per kind, made when the first of its kind comes.
  std::vector<std::unique_ptr<Message>> payloads{AllKinds().size()};

  Message& PayloadOf(const KindInfo& of) {
    std::unique_ptr<Message>& payload = payloads[of.index];
    if (payload == nullptr) payload.reset(of.prototype->New());
    return *payload;
  }
};

namespace {

Rejection TooLarge() {
  return {Reason::kTooLarge, "",
          "the event is over 64 KiB; keep documents elsewhere and send their key"};
}

// JSON takes more room than the event that is in it, but not without end.
constexpr size_t kJsonBytesMax = 4 * kEventBytesMax;

std::optional<Rejection> ParseStructured(absl::string_view json, StructuredReader read,
                                         v1::Event& event) {
  event.Clear();
  if (json.size() > kJsonBytesMax) return TooLarge();
  auto rejection = read(json, event);
  if (!rejection.has_value() && event.ByteSizeLong() > kEventBytesMax) rejection = TooLarge();
  if (rejection.has_value()) event.Clear();
  return rejection;
}

std::optional<Rejection> ParseEnvelope(absl::string_view value, const Hints& hints,
                                       ReusedMessage<v1::Event>& event) {
  if (IsStructured(value)) {
    if (const StructuredReader read = TheStructuredReader()) {
      return ParseStructured(value, read, event.Changed());
    }
  }
  absl::string_view bytes;
  auto rejection = Unframe(value, hints, bytes);
  if (!rejection.has_value() && bytes.size() > kEventBytesMax) {
    rejection = TooLarge();
  }
  if (rejection.has_value()) {
    // Nothing of the event before may be taken for a part of this one.
    event.Changed().Clear();
    return rejection;
  }
  if (event.ParseQuickly(bytes)) return std::nullopt;
  return ParseMessage(bytes, "", event.Changed());
}

// True when headers and key have nothing to fill in.
bool IsFilled(const v1::Event& event) {
  return !event.event_id().empty() && !event.customer_id().empty() && !event.source().empty() &&
         event.occurred_at_us() != 0;
}

// The key against the filled body.
std::optional<Rejection> CheckKey(const RecordView& record, const ValidatorOptions& options,
                                  const v1::Event& event) {
  if (record.key.empty()) {
    return Rejection{Reason::kKeyEmpty, "",
                     "the record has no key; set it to customer_id, or to event_id for an "
                     "anonymous event"};
  }
  const std::string& wanted = event.customer_id().empty() ? event.event_id() : event.customer_id();
  if (record.key != wanted) {
    return Rejection{Reason::kKeyMismatch, "customer_id",
                     "is not the record's key; send each event under its customer"};
  }
  if (options.partitions == 0 || options.partition_of == nullptr) return std::nullopt;
  const Partition partition = options.partition_of(record.key, options.partitions);
  if (partition == record.partition) return std::nullopt;
  return Rejection{
      Reason::kPartitionWrong, "",
      absl::StrCat("the record stands on partition ", record.partition, ", its key belongs on ",
                   partition, "; set the producer's partitioner to murmur2_random")};
}

// Whether the value begins as that of an anonymous event does: the key is its id, and no customer
// follows. An event whose fields stand in another order than libraries write is not told.
bool BeginsAsAnonymous(const RecordView& record, const Hints& hints) {
  // The tags of the fields 1 and 2, each before its length.
  constexpr char kEventId = '\x0a', kCustomerId = '\x12';
  absl::string_view bytes;
  if (record.key.size() > 127 || Unframe(record.value, hints, bytes).has_value()) return false;
  const std::string id = {kEventId, static_cast<char>(record.key.size())};
  if (!absl::ConsumePrefix(&bytes, id) || !absl::ConsumePrefix(&bytes, record.key)) return false;
  return bytes.empty() || bytes[0] != kCustomerId;
}

// The time that a correction gives is one that an event may have.
std::optional<Rejection> CheckCorrectedTime(const Message& payload, const ValidEvent& event) {
  if (event.kind != v1::KIND_EVENT_CORRECTED) return std::nullopt;
  const int64_t at_us = static_cast<const v1::EventCorrected&>(payload).occurred_at_us();
  if (at_us == 0) return std::nullopt;
  auto rejection = CheckTime(at_us, event.append_time_us);
  if (rejection.has_value()) rejection->field = "payload.occurred_at_us";
  return rejection;
}

}  // namespace

Validator::Validator(const ValidatorOptions& options)
    : scratch_(std::make_unique<Scratch>()), options_(options) {}

Validator::~Validator() = default;

std::optional<Rejection> Validator::CheckEnvelope(const RecordView& record) {
  ReusedMessage<v1::Event>& event = scratch_->event;
  scratch_->kind = nullptr;
  event_ = ValidEvent();
  const Hints hints = ReadHints(record.headers);
  if (auto rejection = ParseEnvelope(record.value, hints, event)) {
    Salvage(record.key, hints, event.Changed());
    return rejection;
  }
  if (!IsFilled(event.message())) {
    if (auto rejection = Fill(record.key, hints, event.Changed())) return rejection;
  }
  if (auto rejection = CheckKey(record, options_, event.message())) return rejection;
  if (auto rejection = CheckEnvelopeFields(event.message(), record.append_time_us)) {
    return rejection;
  }
  Accept(record.partition, record.offset, record.append_time_us);
  return TakeClearTexts();
}

std::optional<Rejection> Validator::TakeClearTexts() {
  if (!MayHoldText(scratch_->event.message())) return std::nullopt;
  v1::Event& event = scratch_->event.Changed();
  std::optional<Rejection> rejection;
  VisitTexts(event, [&](const std::string& path, const std::string& text) {
    event_.clear_fields.push_back(path);
    if (!rejection.has_value()) rejection = CheckSensitiveText(path, text);
  });
  if (rejection.has_value()) {
    event_ = ValidEvent();
    scratch_->kind = nullptr;
    return rejection;
  }
  if (event_.clear_fields.empty()) return std::nullopt;
  event_.clear_content = Blake2b128(CanonicalContent(event));
  VisitTexts(event, [](const std::string&, std::string& text) { text.clear(); });
  return std::nullopt;
}

void Validator::SalvageOnly(const RecordView& record) {
  v1::Event& event = scratch_->event.Changed();
  event.Clear();
  scratch_->kind = nullptr;
  event_ = ValidEvent();
  Hints hints = ReadHints(record.headers);
  if (BeginsAsAnonymous(record, hints)) hints.event_id = record.key;
  Salvage(record.key, hints, event);
}

std::optional<Rejection> Validator::Adopt(const v1::Event& envelope, Partition partition,
                                          Offset offset, int64_t append_time_us) {
  scratch_->event.Changed() = envelope;
  Accept(partition, offset, append_time_us);
  return CheckPayload();
}

void Validator::Accept(Partition partition, Offset offset, int64_t append_time_us) {
  const v1::Event& event = scratch_->event.message();
  scratch_->kind = FindKind(event.kind());
  event_.id = EventId::FromText(event.event_id());
  event_.occurred_at_us = event.occurred_at_us();
  event_.customer_id = event.customer_id();
  event_.kind = event.kind();
  event_.envelope = &event;
  event_.payload = nullptr;
  event_.partition = partition;
  event_.offset = offset;
  event_.append_time_us = append_time_us;
}

std::optional<Rejection> Validator::CheckPayload() {
  RAPPORT_CHECK(scratch_->kind != nullptr) << "the payload of an event without envelope";
  const KindInfo& kind = *scratch_->kind;
  const v1::Event& event = scratch_->event.message();
  const Message* payload = nullptr;
  if (kind.kind == v1::KIND_PURCHASE_MADE && scratch_->purchase.ParseQuickly(event.payload())) {
    payload = &scratch_->purchase.message();
  } else {
    Message& parsed = scratch_->PayloadOf(kind);
    if (auto rejection = ParseMessage(event.payload(), "payload", parsed)) return rejection;
    payload = &parsed;
  }
  if (auto rejection = CheckPayloadFields(kind, event.payload(), *payload, event)) {
    return rejection;
  }
  if (auto rejection = CheckCorrectedTime(*payload, event_)) return rejection;
  event_.payload = payload;
  return std::nullopt;
}

const v1::Event& Validator::envelope() const { return scratch_->event.message(); }

std::optional<Rejection> CheckCustomerIdLooksPersonal(absl::string_view customer_id) {
  if (!absl::StrContains(customer_id, '@')) return std::nullopt;
  return Rejection{Reason::kCustomerIdLooksPersonal, "customer_id",
                   "looks like an e-mail address; use a surrogate key of your own system"};
}

namespace {

// Of the events that the engine writes itself.
constexpr char kEngineIdPrefix[] = "rapport:";

}  // namespace

std::optional<Rejection> CheckPublished(const v1::Event& event) {
  if (!event.sealed().empty()) {
    return Invalid("sealed", "is set by the ingress; send the text itself, or leave it out");
  }
  if (!event.content_tag().empty()) {
    return Invalid("content_tag", "is set by the ingress; leave it empty");
  }
  if (event.kind() == v1::KIND_ERASURE_REQUESTED || event.kind() == v1::KIND_ERASURE_COMPLETED) {
    return Invalid("kind", "is the engine's own; ask for an erasure with `rapport customer erase`");
  }
  if (absl::StartsWith(event.event_id(), kEngineIdPrefix)) {
    return Invalid("event_id", "ids that begin with `rapport:` are the engine's own; use another");
  }
  const std::optional<v1::AliasLinked> alias = LinkedAlias(event);
  if (alias.has_value() && !alias->lookup().empty()) {
    return Invalid(
        event.kind() == v1::KIND_ALIAS_LINKED ? "payload.lookup" : "payload.payload.lookup",
        "is set by the ingress; leave it empty");
  }
  return std::nullopt;
}

}  // namespace rapport::event
