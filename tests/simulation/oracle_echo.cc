// What second customers must be told, by going through a customer's records one by one.
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/kind.pb.h"
#include "rapport/v1/service.pb.h"
#include "rapport/v1/work.pb.h"
#include "tests/simulation/oracle.h"

namespace rapport::simulation {
namespace {

template <typename Message>
const Message& PayloadOf(const ValidEvent& event) {
  return static_cast<const Message&>(*event.payload);
}

// A twin as `cause` brings it about, but for kind and payload.
v1::Event TwinOf(const ValidEvent& cause, const std::string& at, const EventId& original,
                 absl::string_view kind_name) {
  v1::Event twin;
  twin.set_event_id(absl::StrCat(
      "echo:", Hex(Blake2b128Framed({original.Bytes(), cause.customer_id, at, kind_name}))));
  twin.set_customer_id(at);
  twin.set_occurred_at_us(cause.occurred_at_us);
  twin.set_source("rapport/echo");
  twin.mutable_actor()->set_id(std::string(cause.customer_id));
  twin.mutable_actor()->set_party(v1::ACTOR_PARTY_CUSTOMER);
  twin.set_interaction_id(cause.envelope->interaction_id());
  return twin;
}

v1::Event With(v1::Event twin, v1::Kind kind, const google::protobuf::Message& payload) {
  twin.set_kind(kind);
  twin.set_payload(payload.SerializeAsString());
  return twin;
}

bool MayBeTold(const ValidEvent& event, absl::string_view second) {
  return !second.empty() && second != event.customer_id && !absl::StrContains(second, '@');
}

v1::Event Retraction(const ValidEvent& cause, const std::string& at, const std::string& target) {
  v1::EventRetracted retracted;
  retracted.set_target_event_id(target);
  return With(TwinOf(cause, at, cause.id, "EventRetracted"), v1::KIND_EVENT_RETRACTED, retracted);
}

// Of a referral made or an answer, as it was logged.
std::optional<v1::Event> Told(const ValidEvent& event) {
  if (event.kind == v1::KIND_REFERRAL_MADE) {
    const auto& made = PayloadOf<v1::ReferralMade>(event);
    if (!MayBeTold(event, made.referred())) return std::nullopt;
    v1::ReferralReceived received;
    received.set_referral(made.referral());
    received.set_referrer(std::string(event.customer_id));
    return With(TwinOf(event, made.referred(), event.id, "ReferralReceived"),
                v1::KIND_REFERRAL_RECEIVED, received);
  }
  if (event.kind != v1::KIND_COMMUNITY_ACTED) return std::nullopt;
  const auto& acted = PayloadOf<v1::CommunityActed>(event);
  if (acted.form() != v1::COMMUNITY_FORM_ANSWERED || acted.request().empty() ||
      !MayBeTold(event, acted.asker())) {
    return std::nullopt;
  }
  v1::QuestionAnswered answered;
  answered.set_request(acted.request());
  v1::Event twin = With(TwinOf(event, acted.asker(), event.id, "QuestionAnswered"),
                        v1::KIND_QUESTION_ANSWERED, answered);
  twin.set_channel(v1::CHANNEL_COMMUNITY);
  return twin;
}

bool IsOfEcho(const ValidEvent& event) { return event.envelope->source() == "rapport/echo"; }

}  // namespace

// How one customer stands to being referred, behind some record.
struct Oracle::Introduced {
  bool has_bought = false;
  // Of the referrals received that count, the one of the earliest moment.
  std::optional<ValidEvent> received;
  bool is_complete() const { return has_bought && received.has_value(); }
};

struct Oracle::Converted {
  Introduced now;
  // Referrals that have converted, once for ever.
  std::set<EventId> done;
  // The one whose conversion nobody has taken back: its id, and the conversion.
  std::optional<std::pair<EventId, v1::Event>> stands;
};

Oracle::Introduced Oracle::IntroducedBy(const OracleCustomer& customer, Partition partition) const {
  Introduced introduced;
  for (const Offset offset : customer.touches) {
    const auto event = Counting(customer, partition, offset);
    if (!event.has_value()) continue;
    introduced.has_bought |= event->kind == v1::KIND_PURCHASE_MADE;
    if (event->kind != v1::KIND_REFERRAL_RECEIVED) continue;
    if (introduced.received.has_value() && introduced.received->moment() < event->moment()) {
      continue;
    }
    introduced.received = event;
  }
  return introduced;
}

// Of those that facts remember, or of all.
std::optional<ValidEvent> Oracle::EarliestPurchase(const OracleCustomer& customer,
                                                   Partition partition) const {
  Facts facts(projection_);
  std::optional<ValidEvent> earliest;
  for (const Offset offset : customer.touches) {
    const auto event = Standing(customer, partition, offset);
    if (event.has_value()) facts.Fold(*event);
  }
  const auto remembered = projection_->IntroductionOf(facts.get()).purchase;
  for (const Offset offset : customer.touches) {
    const auto event = Standing(customer, partition, offset);
    if (!event.has_value() || event->kind != v1::KIND_PURCHASE_MADE) continue;
    if (remembered.has_value() ? event->id == *remembered
                               : !earliest.has_value() || event->moment() < earliest->moment()) {
      earliest = event;
    }
  }
  return earliest;
}

// The conversion that the newest record of the customer brings about.
std::optional<v1::Event> Oracle::Conversion(const OracleCustomer& customer, Partition partition,
                                            Converted& converted) const {
  const ValidEvent event = EventAt(partition, customer.touches.back());
  const ValidEvent& received = *converted.now.received;
  const std::string referrer = PayloadOf<v1::ReferralReceived>(received).referrer();
  if (!MayBeTold(event, referrer) || converted.done.contains(received.id)) return std::nullopt;
  const auto purchase = EarliestPurchase(customer, partition);
  if (!purchase.has_value()) return std::nullopt;
  const auto& made = PayloadOf<v1::PurchaseMade>(*purchase);
  v1::ReferralConverted payload;
  payload.set_referral(PayloadOf<v1::ReferralReceived>(received).referral());
  payload.set_order(made.order());
  v1::Event twin = With(TwinOf(event, referrer, received.id, "ReferralConverted"),
                        v1::KIND_REFERRAL_CONVERTED, payload);
  if (made.has_amount()) *twin.mutable_value() = made.amount();
  converted.done.insert(received.id);
  converted.stands = {received.id, twin};
  return twin;
}

// What the newest record of the customer, a retraction, takes back with a second one.
std::optional<v1::Event> Oracle::TakenBack(const OracleCustomer& customer, Partition partition,
                                           const Introduced& before, Converted& converted) const {
  const Offset at = customer.touches.back();
  const ValidEvent event = EventAt(partition, at);
  const EventId target = MadeAt(partition, at).target;
  std::optional<ValidEvent> aimed;
  for (const Offset offset : customer.touches) {
    if (offset < at && EventAt(partition, offset).id == target) aimed = EventAt(partition, offset);
  }
  if (!aimed.has_value()) return std::nullopt;
  const bool is_received = aimed->kind == v1::KIND_REFERRAL_RECEIVED;
  const auto& stands = converted.stands;
  const bool ends = stands.has_value() && (stands->first == target ||
                                           (before.is_complete() && !converted.now.has_bought));
  if (ends) {
    const v1::Event conversion = std::exchange(converted.stands, std::nullopt)->second;
    return Retraction(event, conversion.customer_id(), conversion.event_id());
  }
  if (is_received || IsOfEcho(event) || IsOfEcho(*aimed)) return std::nullopt;
  for (const Offset other : customer.revisions) {
    const Made& revision = MadeAt(partition, other);
    if (other < at && revision.target == target &&
        revision.valid.kind == v1::KIND_EVENT_RETRACTED) {
      return std::nullopt;
    }
  }
  const auto twin = Told(*aimed);
  if (!twin.has_value()) return std::nullopt;
  return Retraction(event, twin->customer_id(), twin->event_id());
}

std::optional<v1::Event> Oracle::TwinOfNewest(const OracleCustomer& customer, Partition partition,
                                              Converted& converted) const {
  const ValidEvent event = EventAt(partition, customer.touches.back());
  const bool introduces =
      event.kind == v1::KIND_PURCHASE_MADE || event.kind == v1::KIND_REFERRAL_RECEIVED;
  const Introduced before = converted.now;
  // What was corrected before it came may count as a purchase, whatever it was.
  if (introduces || !customer.revisions.empty()) {
    converted.now = IntroducedBy(customer, partition);
  }
  if (event.kind == v1::KIND_EVENT_RETRACTED) {
    return TakenBack(customer, partition, before, converted);
  }
  if (introduces) {
    if (IsOfEcho(event) && event.kind == v1::KIND_PURCHASE_MADE) return std::nullopt;
    if (before.is_complete() || !converted.now.is_complete()) return std::nullopt;
    return Conversion(customer, partition, converted);
  }
  // Taken back before it came.
  if (IsOfEcho(event) || !Told(event).has_value()) return std::nullopt;
  for (const Offset offset : customer.revisions) {
    const Made& revision = MadeAt(partition, offset);
    if (revision.target == event.id && revision.valid.kind == v1::KIND_EVENT_RETRACTED) {
      return std::nullopt;
    }
  }
  return Told(event);
}

bool Oracle::WasAside(absl::string_view customer) const {
  return std::any_of(ever_aside_.begin(), ever_aside_.end(), [&](const auto& place) {
    const auto made = At(place.first, place.second);
    return made != nullptr && made->record.key == customer;
  });
}

std::string Oracle::EchoInQuarantine(const OraclePartition& wanted, Partition partition) const {
  for (const auto& [offset, reason] : wanted.quarantine) {
    const Made& made = MadeAt(partition, offset);
    if (!made.is_echo || reason == Reason::kCrashedFold) continue;
    if (WasAside(made.event->envelope().actor().id())) continue;
    return absl::StrCat("what ", made.record.key, " is told at ", offset, " is ",
                        ReasonName(reason));
  }
  return "";
}

std::vector<OracleTwin> Oracle::Twins(Partition partition, Offset next) const {
  std::vector<OracleTwin> twins;
  OraclePartition state;
  std::map<std::string, Converted> converted;
  for (const auto& [offset, known] : records_[static_cast<size_t>(partition)]) {
    if (offset >= next) break;
    FoldRecord(partition, offset, known, state);
    const auto customer = state.customers.find(known.name);
    if (customer == state.customers.end() || customer->second.touches.empty() ||
        customer->second.touches.back() != offset ||
        MadeAt(partition, offset).valid.customer_id.empty()) {
      continue;
    }
    const auto twin = TwinOfNewest(customer->second, partition, converted[known.name]);
    if (!twin.has_value()) continue;
    twins.push_back({partition, offset, known.name, twin->customer_id(), twin->SerializeAsString(),
                     twin->event_id()});
  }
  return twins;
}

}  // namespace rapport::simulation
