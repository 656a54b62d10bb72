// Facts -> bytes of rapport.v1.CustomerFacts.

#include <algorithm>
#include <array>

#include "engine/base/check.h"
#include "projections/facts/codec.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/wire.h"

namespace rapport::facts {
namespace {

constexpr RingName kFirstType = RingName::kTypeTransactional;
constexpr RingName kFirstMode = RingName::kModePersonal;

// Walks the cells of facts once, group by group, in the order of CustomerFacts.
class Encoder {
 public:
  Encoder(const Facts& facts, const FoldRules& rules, bool with_offsets, std::string& out)
      : facts_(facts), rules_(rules), wire_(out), with_offsets_(with_offsets) {
    for (const Ring ring : facts.rings) rings_[static_cast<size_t>(ring.name)] = ring;
    uint32_t place = 0;
    for (size_t name = 0; name < kListCount; ++name) {
      begins_[name] = place;
      while (place < facts.items.size() && facts.items[place].list == static_cast<ListName>(name)) {
        ++place;
      }
    }
    begins_[kListCount] = place;
  }

  void All() {
    Group(1, [this] { Common(); });
    Group(2, [this] { Measures(); });
    Group(3, [this] { Money(); });
    Group(4, [this] { Purchases(); });
    Group(5, [this] { Lists(1, {ListName::kCases, ListName::kCasework}); });
    Group(6, [this] { Sentiment(); });
    Group(7, [this] { RingAndLists(RingName::kDialogue, {ListName::kAsks, ListName::kMoments}); });
    Group(8, [this] { RingAndLists(RingName::kAdvocacy, {ListName::kReferrals}); });
    Group(9, [this] { Lists(1, {ListName::kContacts, ListName::kMailings}); });
    Group(10, [this] { Lists(1, {ListName::kBonds}); });
    Group(11, [this] { Deals(); });
    Group(12, [this] { Known(); });
    Group(13, [this] { Value(1, ListName::kEnded); });
    Group(14, [this] { Lists(1, {ListName::kWork}); });
    Group(15, [this] { Rings(kFirstType, kFirstMode); });
    Group(16, [this] { Rings(kFirstMode, static_cast<RingName>(kRingCount)); });
    wire_.Finish();
  }

 private:
  template <typename Body>
  void Group(uint32_t field, Body body) {
    const size_t mark = wire_.Begin(field);
    body();
    wire_.EndIfAny(mark, field);
  }

  void Moment(uint32_t field, const rapport::Moment& moment) {
    const size_t mark = wire_.Begin(field);
    wire_.Fixed(1, moment.at_us);
    wire_.Words(2, moment.id.high, moment.id.low);
    wire_.End(mark);
  }

  // The kind of the contract.
  static uint16_t KindOf(uint16_t kind) {
    return kind < kCustomKinds ? kind : uint16_t{v1::KIND_CUSTOM_TOUCHPOINT};
  }
  // The name of a kind of the business's own.
  void OwnKind(uint32_t field, uint16_t kind) {
    if (kind < kCustomKinds) return;
    const CustomKind* own = rules_.CustomKindOf(kind);
    RAPPORT_CHECK(own != nullptr) << "facts of other rules: kind " << kind;
    wire_.Text(field, own->name);
  }

  void Common() {
    wire_.Fixed(1, facts_.newest_at_us);
    wire_.Fixed(2, facts_.first_seen_at_us);
    for (const KindCell& cell : facts_.kinds) {
      const size_t mark = wire_.Begin(3);
      wire_.Uint(1, KindOf(cell.kind()));
      wire_.Uint(2, cell.count);
      Moment(3, cell.last());
      OwnKind(4, cell.kind());
      wire_.End(mark);
    }
    for (const PurposeCell& cell : facts_.rare().outreach) {
      const size_t mark = wire_.Begin(4);
      wire_.Uint(1, cell.purpose);
      Moment(2, cell.last);
      wire_.End(mark);
    }
    for (const AwarenessCell& cell : facts_.rare().awareness) {
      const size_t mark = wire_.Begin(5);
      wire_.Uint(1, cell.form);
      Moment(2, cell.last);
      wire_.End(mark);
    }
  }

  uint64_t Sum(int name) const {
    return static_cast<uint64_t>(facts_.Sum(static_cast<uint16_t>(name)));
  }

  // Sums called `first` to `last` as fields 1, 2, ...
  void Sums(SumName first, SumName last) {
    const SumCell* cell =
        std::lower_bound(facts_.sums.begin(), facts_.sums.end(), first,
                         [](const SumCell& sum, uint16_t name) { return sum.name < name; });
    for (; cell != facts_.sums.end() && cell->name <= last; ++cell) {
      wire_.Uint(cell->name - first + 1u, static_cast<uint64_t>(cell->value));
    }
  }

  void Measures() {
    Sums(kInteractions, kPersonal);
    Counts(9, kAreaTouches, kPhaseAnswers);
    Phases();
    Channels();
    Counts(12, kCustomerFeeling, kEmployeeFeeling);
    Counts(13, kEmployeeFeeling, kChannelTouches);
  }

  // Sums from `base` up to `end`, each under its number.
  void Counts(uint32_t field, SumName base, SumName end) {
    for (const SumCell& cell : facts_.sums) {
      if (cell.name < base) continue;
      if (cell.name >= end) break;
      Named(field, cell.name - base, {static_cast<uint64_t>(cell.value)});
    }
  }

  // A message of a number and its sums; left out when all of these are zero.
  void Named(uint32_t field, int number, std::initializer_list<uint64_t> values) {
    if (std::all_of(values.begin(), values.end(), [](uint64_t value) { return value == 0; })) {
      return;
    }
    const size_t mark = wire_.Begin(field);
    wire_.Uint(1, static_cast<uint64_t>(number));
    uint32_t number_of_field = 2;
    for (const uint64_t value : values) wire_.Uint(number_of_field++, value);
    wire_.End(mark);
  }

  // Every phase has answers, so these tell which phases there are.
  void Phases() {
    for (const SumCell& cell : facts_.sums) {
      if (cell.name < kPhaseAnswers) continue;
      if (cell.name >= kPhaseGSum) break;
      const int phase = cell.name - kPhaseAnswers;
      Named(10, phase, {static_cast<uint64_t>(cell.value), Sum(kPhaseGSum + phase)});
    }
  }

  // Every channel has touches, so these tell which channels there are.
  void Channels() {
    for (const SumCell& cell : facts_.sums) {
      if (cell.name < kChannelTouches) continue;
      if (cell.name >= kChannelCustomerTouches) break;
      const int channel = cell.name - kChannelTouches;
      Named(11, channel,
            {static_cast<uint64_t>(cell.value), Sum(kChannelCustomerTouches + channel),
             Sum(kChannelWaits + channel), Sum(kChannelWaitSeconds + channel),
             Sum(kChannelAnswers + channel), Sum(kChannelGSum + channel)});
    }
  }

  void Money() {
    Sums(kSpendCenti, kServiceCenti);
    for (const CurrencySums& cell : facts_.Currencies()) {
      const size_t mark = wire_.Begin(8);
      wire_.Text(1, cell.currency);
      wire_.Uint(2, static_cast<uint64_t>(cell.spend_micros));
      wire_.Uint(3, static_cast<uint64_t>(cell.reversed_micros));
      wire_.End(mark);
    }
  }

  void Purchases() {
    if (!facts_.purchase_days.empty()) {
      const size_t mark = wire_.Begin(1);
      int32_t before = 0;
      for (const uint16_t day : facts_.purchase_days) {
        wire_.Varint(static_cast<uint64_t>(day - before));
        before = day;
      }
      wire_.End(mark);
    }
    OneRing(2, RingName::kSpend);
    wire_.Uint(3, Sum(kPromotionalPurchases));
    Lists(4, {ListName::kOrders});
  }

  void RingBody(const Ring& ring) {
    wire_.Sint(2, ring.top());
    for (const RingBucket& bucket : ring.buckets) {
      if (bucket.sum == 0) continue;
      const size_t mark = wire_.Begin(3);
      wire_.Sint(1, bucket.epoch);
      wire_.Uint(2, bucket.sum);
      wire_.End(mark);
    }
  }

  // A ring that stands alone has no name; it is there even when only its top is, and that zero.
  void OneRing(uint32_t field, RingName name) {
    const Ring& ring = rings_[static_cast<size_t>(name)];
    if (ring.buckets.empty()) return;
    const size_t mark = wire_.Begin(field);
    RingBody(ring);
    wire_.End(mark);
  }

  void Rings(RingName first, RingName end) {
    for (const Ring ring : facts_.rings) {
      if (ring.name < first || ring.name >= end) continue;
      const size_t mark = wire_.Begin(1);
      wire_.Uint(1, static_cast<uint64_t>(ring.name) - static_cast<uint64_t>(first));
      RingBody(ring);
      wire_.End(mark);
    }
  }

  void Item(uint32_t field, const facts::Item& item, bool work) {
    const size_t mark = wire_.Begin(field);
    Moment(1, item.moment);
    wire_.Uint(2, KindOf(item.kind));
    wire_.Text(3, item.key.view());
    wire_.Text(4, item.subject.view());
    wire_.Sint(5, item.n());
    wire_.Sint(6, item.m());
    wire_.Uint(7, item.code);
    wire_.Uint(8, item.flags);
    if (!work) wire_.Sint(9, item.x());
    if (work && with_offsets_) wire_.Uint(10, static_cast<uint64_t>(item.x()));
    OwnKind(11, item.kind);
    wire_.End(mark);
  }

  absl::Span<const facts::Item> ItemsOf(ListName name) const {
    const auto number = static_cast<size_t>(name);
    const uint32_t begin = begins_[number];
    return {facts_.items.begin() + begin, begins_[number + 1] - begin};
  }

  // Lists under the field numbers from `field` on.
  void Lists(uint32_t field, std::initializer_list<ListName> names) {
    for (const ListName name : names) {
      const auto items = ItemsOf(name);
      if (!items.empty()) {
        const size_t mark = wire_.Begin(field);
        for (const facts::Item& item : items) Item(1, item, name == ListName::kWork);
        wire_.Fixed(2, facts_.lists().FloorOf(name));
        wire_.End(mark);
      }
      ++field;
    }
  }

  void RingAndLists(RingName ring, std::initializer_list<ListName> lists) {
    OneRing(1, ring);
    Lists(2, lists);
  }

  // The one item of a value.
  void Value(uint32_t field, ListName name) {
    const auto items = ItemsOf(name);
    if (!items.empty()) Item(field, items[0], false);
  }

  void Sentiment() {
    OneRing(1, RingName::kSentimentPlus);
    OneRing(2, RingName::kSentimentMinus);
    for (const DimensionCell& cell : facts_.rare().dimensions) {
      const size_t mark = wire_.Begin(3);
      wire_.Text(1, cell.dimension.view());
      wire_.Uint(2, static_cast<uint64_t>(cell.answers));
      wire_.Uint(3, static_cast<uint64_t>(cell.g_sum));
      wire_.End(mark);
    }
    Value(4, ListName::kLastSurvey);
  }

  void Deals() {
    Lists(1, {ListName::kDeals});
    Value(2, ListName::kTrial);
  }

  void Known() {
    const auto profile = ItemsOf(ListName::kProfile);
    if (!profile.empty()) Moment(1, profile[0].moment);
    Lists(2, {ListName::kPreferences, ListName::kConsents, ListName::kDates, ListName::kPeople,
              ListName::kMemberships, ListName::kAgreements});
    Value(8, ListName::kOwner);
  }

  const Facts& facts_;
  const FoldRules& rules_;
  WireWriter wire_;
  bool with_offsets_;
  std::array<Ring, kRingCount> rings_ = {};
  // Where each list begins among the items.
  std::array<uint32_t, kListCount + 1> begins_ = {};
};

}  // namespace

void Encode(const Facts& facts, const FoldRules& rules, bool with_offsets, std::string& out) {
  Encoder(facts, rules, with_offsets, out).All();
}

}  // namespace rapport::facts
