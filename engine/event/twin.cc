#include "engine/event/twin.h"

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/service.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

template <typename Message>
const Message& PayloadOf(const ValidEvent& event) {
  RAPPORT_CHECK(event.payload != nullptr) << event.kind;
  return static_cast<const Message&>(*event.payload);
}

// A twin of `event`, but for what its kind says.
v1::Event TwinUnder(absl::string_view second, const ValidEvent& event, const EventId& original,
                    v1::Kind kind, const google::protobuf::Message& payload) {
  v1::Event twin;
  twin.set_event_id(TwinId(original, event.customer_id, second, kind));
  twin.set_customer_id(std::string(second));
  twin.set_occurred_at_us(event.occurred_at_us);
  twin.set_kind(kind);
  twin.set_payload(payload.SerializeAsString());
  twin.set_source(kEchoSource);
  twin.mutable_actor()->set_id(std::string(event.customer_id));
  twin.mutable_actor()->set_party(v1::ACTOR_PARTY_CUSTOMER);
  twin.set_interaction_id(event.envelope->interaction_id());
  return twin;
}

// Takes back the twin of that id.
v1::Event Retract(absl::string_view second, const ValidEvent& retraction, std::string twin_id) {
  v1::EventRetracted retracted;
  retracted.set_target_event_id(std::move(twin_id));
  return TwinUnder(second, retraction, retraction.id, v1::KIND_EVENT_RETRACTED, retracted);
}

// Who asked what this event answers; empty when it answers nobody.
absl::string_view AskerOf(const ValidEvent& event) {
  const auto& acted = PayloadOf<v1::CommunityActed>(event);
  const bool answers = acted.form() == v1::COMMUNITY_FORM_ANSWERED && !acted.request().empty();
  return answers ? absl::string_view(acted.asker()) : absl::string_view();
}

}  // namespace

bool MayHaveTwin(v1::Kind kind) {
  return kind == v1::KIND_REFERRAL_MADE || kind == v1::KIND_REFERRAL_RECEIVED ||
         kind == v1::KIND_PURCHASE_MADE || kind == v1::KIND_COMMUNITY_ACTED ||
         kind == v1::KIND_EVENT_RETRACTED;
}

bool IsEcho(const ValidEvent& event) { return event.envelope->source() == kEchoSource; }

bool MayBeTold(absl::string_view of, absl::string_view second) {
  return !of.empty() && !second.empty() && second != of &&
         !CheckCustomerIdLooksPersonal(second).has_value();
}

std::string TwinId(const EventId& original, absl::string_view of, absl::string_view at,
                   v1::Kind kind) {
  const KindInfo* const info = FindKind(kind);
  RAPPORT_CHECK(info != nullptr) << kind;
  return absl::StrCat("echo:", Hex(Blake2b128Framed({original.Bytes(), of, at, info->name})));
}

std::optional<v1::Event> TwinOf(const ValidEvent& event) {
  if (event.kind == v1::KIND_REFERRAL_MADE) {
    const auto& made = PayloadOf<v1::ReferralMade>(event);
    if (!MayBeTold(event.customer_id, made.referred())) return std::nullopt;
    v1::ReferralReceived received;
    received.set_referral(made.referral());
    received.set_referrer(std::string(event.customer_id));
    return TwinUnder(made.referred(), event, event.id, v1::KIND_REFERRAL_RECEIVED, received);
  }
  if (event.kind != v1::KIND_COMMUNITY_ACTED) return std::nullopt;
  const absl::string_view asker = AskerOf(event);
  if (!MayBeTold(event.customer_id, asker)) return std::nullopt;
  v1::QuestionAnswered answered;
  answered.set_request(PayloadOf<v1::CommunityActed>(event).request());
  v1::Event twin = TwinUnder(asker, event, event.id, v1::KIND_QUESTION_ANSWERED, answered);
  twin.set_channel(v1::CHANNEL_COMMUNITY);
  return twin;
}

std::optional<v1::Event> ConversionOf(const ValidEvent& event, const Introduction& introduction,
                                      const ValidEvent& purchase) {
  RAPPORT_CHECK(introduction.received.has_value() && purchase.kind == v1::KIND_PURCHASE_MADE);
  if (!MayBeTold(event.customer_id, introduction.referrer)) return std::nullopt;
  const auto& made = PayloadOf<v1::PurchaseMade>(purchase);
  v1::ReferralConverted converted;
  converted.set_referral(std::string(introduction.referral));
  converted.set_order(made.order());
  v1::Event twin = TwinUnder(introduction.referrer, event, *introduction.received,
                             v1::KIND_REFERRAL_CONVERTED, converted);
  if (made.has_amount()) *twin.mutable_value() = made.amount();
  return twin;
}

std::optional<v1::Event> RetractionOfTwin(const ValidEvent& retraction, const ValidEvent& target) {
  const std::optional<v1::Event> twin = TwinOf(target);
  if (!twin.has_value()) return std::nullopt;
  return Retract(twin->customer_id(), retraction, twin->event_id());
}

std::optional<v1::Event> RetractionOfConversion(const ValidEvent& retraction,
                                                const EventId& received,
                                                absl::string_view referrer) {
  if (!MayBeTold(retraction.customer_id, referrer)) return std::nullopt;
  return Retract(referrer, retraction,
                 TwinId(received, retraction.customer_id, referrer, v1::KIND_REFERRAL_CONVERTED));
}

}  // namespace rapport::event
