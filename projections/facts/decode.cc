// Bytes of rapport.v1.CustomerFacts -> facts.

#include <google/protobuf/repeated_field.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "projections/facts/cells.h"
#include "projections/facts/codec.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/ring.h"
#include "rapport/v1/facts.pb.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

// 2099-12-31: what happens later is no event.
constexpr int kLastDay = 47'481;

static_assert(CustomKindNumber(Side::kVendor, kCustomKindsMax - 1) < 1 << KindCell::kKindBits);

absl::Status NotFacts(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("stored facts are damaged: ", what,
                                          "; rebuild this partition from its archive"));
}

bool IsCurrency(absl::string_view code) {
  return code.size() == 3 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Fills facts group by group. The first thing that is no fact is kept as the error.
class Decoder {
 public:
  Decoder(const FoldRules& rules, Facts& facts) : rules_(rules), facts_(facts) {}

  absl::Status All(const v1::CustomerFacts& in) {
    Common(in.common());
    Measures(in.measures());
    Money(in.money());
    Purchases(in.purchases());
    List(ListName::kCases, in.cases().cases());
    List(ListName::kCasework, in.cases().casework());
    Sentiment(in.sentiment());
    Ring(RingName::kDialogue, in.dialogue().has_ring(), in.dialogue().ring());
    List(ListName::kAsks, in.dialogue().asks());
    List(ListName::kMoments, in.dialogue().moments());
    Ring(RingName::kAdvocacy, in.advocacy().has_ring(), in.advocacy().ring());
    List(ListName::kReferrals, in.advocacy().referrals());
    List(ListName::kContacts, in.touches().contacts());
    List(ListName::kMailings, in.touches().mailings());
    List(ListName::kBonds, in.bonds().bonds());
    List(ListName::kDeals, in.deals().deals());
    Value(ListName::kTrial, in.deals().has_trial(), in.deals().trial());
    Known(in.known());
    Value(ListName::kEnded, in.ending().has_ended(), in.ending().ended());
    List(ListName::kWork, in.work().work());
    Rings(in.types(), RingName::kTypeTransactional, RingName::kModePersonal);
    Rings(in.modes(), RingName::kModePersonal, static_cast<RingName>(kRingCount));
    return status_;
  }

 private:
  void Fail(absl::string_view what) {
    if (status_.ok()) status_ = NotFacts(what);
  }

  rapport::Moment Moment(const v1::Moment& in) {
    if (in.event_id().size() != 16) {
      Fail("an event id without 16 bytes");
      return {};
    }
    return {in.at_us(), EventId::FromBytes(in.event_id())};
  }

  void Sum(int name, int64_t value) {
    if (value < 0) return Fail("a negative sum");
    AddSum(facts_, static_cast<uint16_t>(name), value);
  }

  // A number within a range of sum names.
  int Number(uint32_t number, int below) {
    if (number >= static_cast<uint32_t>(below)) Fail("a number out of its list");
    return static_cast<int>(number % static_cast<uint32_t>(below));
  }

  uint16_t Kind(uint32_t kind, absl::string_view own_kind) {
    if (own_kind.empty()) return static_cast<uint16_t>(Number(kind, kCustomKinds));
    const CustomKind* own = rules_.FindCustomKind(own_kind);
    if (own == nullptr || kind != v1::KIND_CUSTOM_TOUCHPOINT) {
      Fail("a custom kind that is none of the rules'");
      return 0;
    }
    return own->number;
  }

  void Common(const v1::CommonFacts& in) {
    facts_.newest_at_us = in.newest_at_us();
    facts_.first_seen_at_us = in.first_seen_at_us();
    for (const v1::KindFacts& cell : in.kinds()) {
      const rapport::Moment last = Moment(cell.last());
      if (last.at_us < 0 || last.at_us >= KindCell::kAtEnd) return Fail("a kind out of all times");
      AddKind(facts_, Kind(cell.kind(), cell.custom_kind()), cell.count(), last);
    }
    for (const v1::PurposeFacts& cell : in.outreach()) {
      AddOutreach(facts_, static_cast<uint8_t>(Number(cell.purpose(), 256)), Moment(cell.last()));
    }
    for (const v1::AwarenessFacts& cell : in.awareness()) {
      AddAwareness(facts_, static_cast<uint8_t>(Number(cell.form(), 256)), Moment(cell.last()));
    }
  }

  void Counts(int base, int below, const google::protobuf::RepeatedPtrField<v1::CountFacts>& in) {
    for (const v1::CountFacts& cell : in) Sum(base + Number(cell.name(), below), cell.count());
  }

  void Measures(const v1::MeasureFacts& in) {
    Sum(kInteractions, in.interactions());
    Sum(kWithDuration, in.with_duration());
    Sum(kDurationSeconds, in.duration_s());
    Sum(kWithValue, in.with_value());
    Sum(kWithOutcomes, in.with_outcomes());
    Sum(kOutcomesMet, in.outcomes_met());
    Sum(kByCustomer, in.by_customer());
    Sum(kPersonal, in.personal());
    Counts(kAreaTouches, kPhaseAnswers - kAreaTouches, in.areas());
    for (const v1::AnswerFacts& cell : in.phases()) {
      const int phase = Number(cell.name(), kPhaseGSum - kPhaseAnswers);
      Sum(kPhaseAnswers + phase, cell.answers());
      Sum(kPhaseGSum + phase, cell.g_sum());
    }
    for (const v1::ChannelFacts& cell : in.channels()) Channel(cell);
    Counts(kCustomerFeeling, kEmployeeFeeling - kCustomerFeeling, in.customer_feelings());
    Counts(kEmployeeFeeling, kChannelTouches - kEmployeeFeeling, in.employee_feelings());
  }

  void Channel(const v1::ChannelFacts& in) {
    const int channel = Number(in.channel(), kChannelCustomerTouches - kChannelTouches);
    Sum(kChannelTouches + channel, in.touches());
    Sum(kChannelCustomerTouches + channel, in.customer_touches());
    Sum(kChannelWaits + channel, in.waited());
    Sum(kChannelWaitSeconds + channel, in.wait_s());
    Sum(kChannelAnswers + channel, in.answers());
    Sum(kChannelGSum + channel, in.g_sum());
  }

  void Money(const v1::MoneyFacts& in) {
    Sum(kSpendCenti, in.spend_centi());
    Sum(kReversedCenti, in.reversed_centi());
    Sum(kGoodsCenti, in.goods_centi());
    Sum(kGoodsStated, in.goods_stated());
    Sum(kGivingCenti, in.giving_centi());
    Sum(kOutreachCenti, in.outreach_centi());
    Sum(kServiceCenti, in.service_centi());
    for (const v1::CurrencyFacts& cell : in.currencies()) {
      if (!IsCurrency(cell.currency())) return Fail("a currency without three letters");
      const auto spend = static_cast<int64_t>(cell.spend_micros());
      const auto reversed = static_cast<int64_t>(cell.reversed_micros());
      if (spend < 0 || reversed < 0) return Fail("a negative sum of money");
      AddCurrency(facts_, cell.currency(), spend, reversed);
    }
  }

  void Purchases(const v1::PurchaseFacts& in) {
    if (in.days_size() > kLastDay + 1) return Fail("more purchase days than there are");
    facts_.purchase_days.Reserve(static_cast<uint32_t>(in.days_size()));
    uint64_t day = 0;
    for (const uint32_t gap : in.days()) {
      day += gap;
      if (day > kLastDay) return Fail("a purchase day far away");
      AddPurchaseDay(facts_, static_cast<int32_t>(day));
    }
    Ring(RingName::kSpend, in.has_spend(), in.spend());
    Sum(kPromotionalPurchases, in.promotional());
    List(ListName::kOrders, in.orders());
  }

  void Ring(RingName name, bool is_there, const v1::Ring& in) {
    if (!is_there) return;
    if (in.top() < 0 || in.top() > kEpochMax) return Fail("a ring's top is no epoch");
    if (!facts_.rings.Find(name).buckets.empty()) return Fail("a ring stands twice");
    CompactVector<RingBucket> own;
    int64_t last = in.top() - kRingEpochs;
    for (const v1::RingBucket& bucket : in.buckets()) {
      if (bucket.epoch() <= last || bucket.epoch() < 0 || bucket.epoch() > in.top() ||
          bucket.sum() == 0) {
        return Fail("a ring's epochs do not ascend");
      }
      last = bucket.epoch();
      own.PushBack({bucket.sum(), static_cast<uint16_t>(last), name});
    }
    if (last < in.top()) own.PushBack({0, static_cast<uint16_t>(in.top()), name});
    // Rings are not stored in the order of their names.
    CompactVector<RingBucket>& all = facts_.rings.buckets();
    const RingBucket* at = all.begin();
    while (at != all.end() && at->ring < name) ++at;
    auto place = static_cast<uint32_t>(at - all.begin());
    all.Reserve(all.size() + own.size());
    for (const RingBucket& bucket : own) all.Insert(all.begin() + place++, bucket);
  }

  void Rings(const v1::RingFacts& in, RingName first, RingName end) {
    const int count = static_cast<int>(end) - static_cast<int>(first);
    for (const v1::Ring& ring : in.rings()) {
      const int name = static_cast<int>(first) + Number(ring.name(), count);
      Ring(static_cast<RingName>(name), true, ring);
    }
  }

  facts::Item Item(const v1::Item& in, bool work) {
    facts::Item item;
    item.moment = Moment(in.moment());
    item.kind = Kind(in.kind(), in.custom_kind());
    item.key = CompactString(in.key());
    item.subject = CompactString(in.subject());
    item.numbers = ItemNumbers(in.n(), in.m(), work ? in.offset() : in.x());
    item.code = static_cast<uint8_t>(Number(in.code(), 256));
    item.flags = static_cast<uint8_t>(Number(in.flags(), 256));
    return item;
  }

  void List(ListName name, const v1::ItemList& in) {
    if (in.items().empty() && in.floor_us() != 0) return Fail("a floor without items");
    facts_.items.Reserve(facts_.items.size() + static_cast<uint32_t>(in.items_size()));
    for (const v1::Item& item : in.items()) Put(name, Item(item, name == ListName::kWork));
    AddFloor(facts_, name, in.floor_us());
  }

  void Value(ListName name, bool is_there, const v1::Item& in) {
    if (is_there) Put(name, Item(in, false));
  }

  // Lists are not stored in the order of their names.
  void Put(ListName name, facts::Item item) {
    item.list = name;
    const facts::Item* at = facts_.items.end();
    while (at != facts_.items.begin() && at[-1].list > name) --at;
    const auto place = static_cast<uint32_t>(at - facts_.items.begin());
    facts_.items.Reserve(facts_.items.size() + 1);
    facts_.items.Insert(facts_.items.begin() + place, std::move(item));
  }

  void Sentiment(const v1::SentimentFacts& in) {
    Ring(RingName::kSentimentPlus, in.has_plus(), in.plus());
    Ring(RingName::kSentimentMinus, in.has_minus(), in.minus());
    for (const v1::DimensionFacts& cell : in.dimensions()) {
      if (cell.answers() < 0 || cell.g_sum() < 0) return Fail("a negative sum of answers");
      AddDimension(facts_, cell.dimension(), cell.answers(), cell.g_sum());
    }
    Value(ListName::kLastSurvey, in.has_last_survey(), in.last_survey());
  }

  void Known(const v1::KnownFacts& in) {
    if (in.has_profile()) {
      facts::Item profile;
      profile.moment = Moment(in.profile());
      profile.kind = v1::KIND_PROFILE_RECORDED;
      Put(ListName::kProfile, std::move(profile));
    }
    List(ListName::kPreferences, in.preferences());
    List(ListName::kConsents, in.consents());
    List(ListName::kDates, in.dates());
    List(ListName::kPeople, in.people());
    List(ListName::kMemberships, in.memberships());
    List(ListName::kAgreements, in.agreements());
    Value(ListName::kOwner, in.has_owner(), in.owner());
  }

  const FoldRules& rules_;
  Facts& facts_;
  absl::Status status_;
};

}  // namespace

absl::Status Decode(absl::string_view bytes, const FoldRules& rules, Facts& facts) {
  v1::CustomerFacts in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return NotFacts("not a CustomerFacts message");
  }
  return Decoder(rules, facts).All(in);
}

size_t MemoryBytes(const Facts& facts) {
  size_t bytes = sizeof(Facts) + facts.kinds.HeapBytes() + facts.sums.HeapBytes() +
                 facts.purchase_days.HeapBytes() + facts.rings.HeapBytes() +
                 facts.items.HeapBytes() + facts.rare_facts.HeapBytes();
  for (const RareFacts& rare : facts.rare_facts) {
    bytes += rare.outreach.HeapBytes() + rare.awareness.HeapBytes() + rare.dimensions.HeapBytes() +
             rare.floors.HeapBytes();
    for (const DimensionCell& cell : rare.dimensions) bytes += cell.dimension.HeapBytes();
  }
  for (const Item& item : facts.items) {
    bytes += item.key.HeapBytes() + item.subject.HeapBytes() + item.numbers.HeapBytes();
  }
  return bytes;
}

}  // namespace rapport::facts
