#include "engine/event/quick_messages.h"

namespace rapport::event {
namespace {

constexpr uint64_t kSigned64Max = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

const QuickFields<v1::Actor>& ActorFields() {
  using M = v1::Actor;
  static const auto* const fields = new QuickFields<M>{
      QuickText<&M::mutable_id, &M::clear_id>(M::kIdFieldNumber),
      QuickNumber<v1::ActorRole, &M::set_role, &M::clear_role>(M::kRoleFieldNumber),
      QuickNumber<v1::ActorParty, &M::set_party, &M::clear_party>(M::kPartyFieldNumber),
  };
  return *fields;
}

}  // namespace

const QuickFields<v1::Money>& MoneyFields() {
  using M = v1::Money;
  static const auto* const fields = new QuickFields<M>{
      QuickNumber<int64_t, &M::set_micros, &M::clear_micros, kSigned64Max>(M::kMicrosFieldNumber),
      QuickText<&M::mutable_currency, &M::clear_currency>(M::kCurrencyFieldNumber),
  };
  return *fields;
}

const QuickFields<v1::Event>& EventFields() {
  using M = v1::Event;
  static const auto* const fields = new QuickFields<M>{
      QuickText<&M::mutable_event_id, &M::clear_event_id>(M::kEventIdFieldNumber),
      QuickText<&M::mutable_customer_id, &M::clear_customer_id>(M::kCustomerIdFieldNumber),
      QuickFixed64<&M::set_occurred_at_us, &M::clear_occurred_at_us>(M::kOccurredAtUsFieldNumber),
      QuickNumber<v1::Kind, &M::set_kind, &M::clear_kind>(M::kKindFieldNumber),
      QuickText<&M::mutable_payload, &M::clear_payload, false>(M::kPayloadFieldNumber),
      QuickText<&M::mutable_source, &M::clear_source>(M::kSourceFieldNumber),
      QuickNumber<v1::Channel, &M::set_channel, &M::clear_channel>(M::kChannelFieldNumber),
      QuickNumber<v1::Initiator, &M::set_initiator, &M::clear_initiator>(M::kInitiatorFieldNumber),
      QuickNumber<v1::Area, &M::set_area, &M::clear_area>(M::kAreaFieldNumber),
      QuickNumber<v1::Phase, &M::set_phase, &M::clear_phase>(M::kPhaseFieldNumber),
      QuickMessage<&M::mutable_actor, &M::clear_actor, &ActorFields>(M::kActorFieldNumber),
      QuickText<&M::mutable_contact, &M::clear_contact>(M::kContactFieldNumber),
      QuickNumber<uint32_t, &M::set_duration_s, &M::clear_duration_s>(M::kDurationSFieldNumber),
      QuickNumber<uint32_t, &M::set_wait_s, &M::clear_wait_s>(M::kWaitSFieldNumber),
      QuickMessage<&M::mutable_value, &M::clear_value, &MoneyFields>(M::kValueFieldNumber),
      QuickMessage<&M::mutable_cost, &M::clear_cost, &MoneyFields>(M::kCostFieldNumber),
      QuickNumber<bool, &M::set_live_person, &M::clear_live_person, 1>(M::kLivePersonFieldNumber),
      QuickText<&M::mutable_intended_outcome, &M::clear_intended_outcome>(
          M::kIntendedOutcomeFieldNumber),
      QuickText<&M::mutable_outcome, &M::clear_outcome>(M::kOutcomeFieldNumber),
      QuickSigned<&M::set_customer_feeling, &M::clear_customer_feeling>(
          M::kCustomerFeelingFieldNumber),
      QuickSigned<&M::set_employee_feeling, &M::clear_employee_feeling>(
          M::kEmployeeFeelingFieldNumber),
      QuickText<&M::mutable_reason, &M::clear_reason>(M::kReasonFieldNumber),
      QuickText<&M::mutable_place, &M::clear_place>(M::kPlaceFieldNumber),
      QuickText<&M::mutable_subject, &M::clear_subject>(M::kSubjectFieldNumber),
      QuickText<&M::mutable_campaign, &M::clear_campaign>(M::kCampaignFieldNumber),
      QuickText<&M::mutable_playbook, &M::clear_playbook>(M::kPlaybookFieldNumber),
      QuickText<&M::mutable_follow_up_id, &M::clear_follow_up_id>(M::kFollowUpIdFieldNumber),
      QuickText<&M::mutable_interaction_id, &M::clear_interaction_id>(M::kInteractionIdFieldNumber),
      QuickText<&M::mutable_channel_name, &M::clear_channel_name>(M::kChannelNameFieldNumber),
      QuickText<&M::mutable_publisher, &M::clear_publisher>(M::kPublisherFieldNumber),
      QuickText<&M::mutable_trace_parent, &M::clear_trace_parent>(M::kTraceParentFieldNumber),
  };
  return *fields;
}

const QuickFields<v1::PurchaseMade>& PurchaseFields() {
  using M = v1::PurchaseMade;
  static const auto* const fields = new QuickFields<M>{
      QuickText<&M::mutable_order, &M::clear_order>(M::kOrderFieldNumber),
      QuickMessage<&M::mutable_amount, &M::clear_amount, &MoneyFields>(M::kAmountFieldNumber),
      QuickText<&M::mutable_promotion, &M::clear_promotion>(M::kPromotionFieldNumber),
      QuickText<&M::mutable_offer, &M::clear_offer>(M::kOfferFieldNumber),
      QuickText<&M::mutable_objective, &M::clear_objective>(M::kObjectiveFieldNumber),
      QuickText<&M::mutable_start_reason, &M::clear_start_reason>(M::kStartReasonFieldNumber),
  };
  return *fields;
}

}  // namespace rapport::event
