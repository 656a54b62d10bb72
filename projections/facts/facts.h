// Facts: what is remembered of one customer, in memory.
//
// Sparse: every group is sorted cells, so what is empty costs nothing. On disk and on the wire the
// same facts are rapport.v1.CustomerFacts. Every cell is changed by a commutative, associative rule
// (sum, minimum, maximum, set, last writer, top K, ring), so the order of events does not show.
// Source of the rules: domain specification section 2.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/base/compact.h"
#include "engine/model/ids.h"

namespace rapport::facts {

// Cells of which customers have many lie close together.
#pragma pack(push, 4)
// One kind's events: count SUM (stays at 2^32 - 1), last MAX.
class KindCell {
 public:
  // Numbers of kinds, and microseconds of moments, lie below.
  static constexpr int kKindBits = 12;
  static constexpr int64_t kAtEnd = int64_t{1} << (64 - kKindBits);

  KindCell() = default;
  KindCell(uint16_t kind, const Moment& last) { Set(kind, last); }

  uint16_t kind() const { return at_and_kind_ & ((1u << kKindBits) - 1); }
  Moment last() const {
    return {static_cast<int64_t>(at_and_kind_ >> kKindBits), {id_high_, id_low_}};
  }
  // REQUIRES: 0 <= last.at_us < kAtEnd.
  void set_last(const Moment& last) { Set(kind(), last); }

  uint32_t count = 0;

 private:
  void Set(uint16_t kind, const Moment& last) {
    at_and_kind_ = static_cast<uint64_t>(last.at_us) << kKindBits | kind;
    id_high_ = last.id.high;
    id_low_ = last.id.low;
  }

  uint64_t at_and_kind_ = 0;
  uint64_t id_high_ = 0;
  uint64_t id_low_ = 0;
};
#pragma pack(pop)
static_assert(sizeof(KindCell) == 28);

// Latest outreach of a purpose that reached the customer: MAX.
struct PurposeCell {
  uint8_t purpose = 0;
  Moment last;
};

// Latest sign of awareness of a form: MAX.
struct AwarenessCell {
  uint8_t form = 0;
  Moment last;
};

// Names of sums. Those per area, phase, channel, feeling or currency are a base plus a number.
enum SumName : uint16_t {
  kInteractions = 1,
  kWithDuration = 2,
  kDurationSeconds = 3,
  kWithValue = 4,
  kWithOutcomes = 5,
  kOutcomesMet = 6,
  kByCustomer = 7,
  kPersonal = 8,
  kPromotionalPurchases = 9,
  kSpendCenti = 10,
  kReversedCenti = 11,
  kGoodsCenti = 12,
  kGoodsStated = 13,
  kGivingCenti = 14,
  kOutreachCenti = 15,
  kServiceCenti = 16,
  kAreaTouches = 100,      // + area
  kPhaseAnswers = 120,     // + phase
  kPhaseGSum = 130,        // + phase
  kCustomerFeeling = 140,  // + value + 2
  kEmployeeFeeling = 150,  // + value + 2
  kChannelTouches = 200,   // + channel; so on
  kChannelCustomerTouches = 300,
  kChannelWaits = 400,
  kChannelWaitSeconds = 500,
  kChannelAnswers = 600,
  kChannelGSum = 700,
  // + 2 * CurrencyNumber: spent; one more: reversed. Micros of the currency itself.
  kCurrencies = 1000,
};

// Three capital letters as a number that ascends with them. REQUIRES: they are.
constexpr uint16_t CurrencyNumber(absl::string_view code) {
  return static_cast<uint16_t>(((code[0] - 'A') * 26 + code[1] - 'A') * 26 + code[2] - 'A');
}

#pragma pack(push, 2)
// A sum of non-negative values; stays at 2^63 - 1.
struct SumCell {
  uint16_t name = 0;
  int64_t value = 0;
};
#pragma pack(pop)

// What currencies without a rate are summed under.
inline constexpr absl::string_view kUnlisted = "XXX";

// Money of one currency in its own micros, as read from its sums; XXX for those without a rate.
struct CurrencySums {
  std::string currency;
  int64_t spend_micros = 0;
  int64_t reversed_micros = 0;
};

// Survey answers on one dimension.
struct DimensionCell {
  CompactString dimension;
  int64_t answers = 0;
  int64_t g_sum = 0;
};

// Names of rings. Types and modes keep the order of CustomerFacts.types and .modes.
enum class RingName : uint8_t {
  kSpend = 0,
  kSentimentPlus = 1,
  kSentimentMinus = 2,
  kDialogue = 3,
  kAdvocacy = 4,
  kTypeTransactional = 5,
  kTypePromotional = 6,
  kTypeReactive = 7,
  kTypeProactive = 8,
  kTypeCollaborative = 9,
  kTypeAdvocacy = 10,
  kTypePartnership = 11,
  kTypeCommunity = 12,
  kModePersonal = 13,
  kModeAutomated = 14,
  kModeSelfService = 15,
  kModeCommunity = 16,
};
inline constexpr int kRingCount = 17;

#pragma pack(push, 4)
// What one ring holds of one epoch. The newest epoch of a ring has a bucket even when that is zero;
// no other has.
struct RingBucket {
  uint64_t sum = 0;
  uint16_t epoch = 0;
  RingName ring = RingName::kSpend;
};
#pragma pack(pop)
// Days before 2100 have no greater one, whatever the half-life.
inline constexpr int64_t kEpochMax = UINT16_MAX;

// A decayed sum; see ring.h for its arithmetic. Borrows its buckets, ascending by epoch.
struct Ring {
  RingName name = RingName::kSpend;
  absl::Span<const RingBucket> buckets;

  // The newest epoch; -1 = nothing was ever added.
  int32_t top() const { return buckets.empty() ? -1 : buckets.back().epoch; }
};

// All rings of a customer, by name.
class Rings {
 public:
  class Iterator {
   public:
    Iterator(const RingBucket* at, const RingBucket* end) : at_(at), end_(end) {}
    Ring operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const RingBucket* at_;
    const RingBucket* end_;
  };
  Iterator begin() const { return {buckets_.begin(), buckets_.end()}; }
  Iterator end() const { return {buckets_.end(), buckets_.end()}; }

  // Without buckets when there is none of that name.
  Ring Find(RingName name) const;
  bool empty() const { return buckets_.empty(); }
  uint32_t size() const;
  // All buckets, by ring and epoch. Whoever changes them keeps the rules of RingBucket.
  CompactVector<RingBucket>& buckets() { return buckets_; }

  void Prefetch() const { buckets_.Prefetch(); }
  size_t HeapBytes() const { return buckets_.HeapBytes(); }

 private:
  CompactVector<RingBucket> buckets_;
};

// Names of lists. LAST(K) lists keep the K items with the greatest moments; MAP(K) keep one item
// per key (the last write) and the K keys with the greatest moments; values are LAST(1).
enum class ListName : uint8_t {
  kOrders = 0,
  kCases = 1,
  kCasework = 2,
  kAsks = 3,
  kMoments = 4,
  kReferrals = 5,
  kContacts = 6,
  kMailings = 7,
  kBonds = 8,
  kDeals = 9,
  kWork = 10,
  kPreferences = 11,
  kConsents = 12,
  kDates = 13,
  kPeople = 14,
  kMemberships = 15,
  kAgreements = 16,
  kLastSurvey = 17,
  kTrial = 18,
  kProfile = 19,
  kOwner = 20,
  kEnded = 21,
};
inline constexpr int kListCount = 22;
constexpr bool IsMap(ListName name) {
  return name >= ListName::kPreferences && name <= ListName::kAgreements;
}

// Bits of Item::flags.
enum ItemFlag : uint8_t {
  kByCustomer_ = 1,   // begun by the customer
  kReached = 2,       // the outreach reached the customer
  kPersonalItem = 4,  // personal contact
  kAccepted = 8,      // accepted, granted, passed, left, key account
  kAsksBack = 16,
  kExceeded = 32,
  kConsent = 64,
  kAllThree = 128,  // cause, fix and prevention all given
};

// The numbers of an item, in eight bytes unless more than a small `n` is there.
class ItemNumbers {
 public:
  ItemNumbers() = default;
  ItemNumbers(int64_t n, int64_t m, int64_t x);
  ItemNumbers(const ItemNumbers& other) : ItemNumbers(other.n(), other.m(), other.x()) {}
  ItemNumbers(ItemNumbers&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  ItemNumbers& operator=(ItemNumbers other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~ItemNumbers() {
    if (!is_inline()) delete all();
  }

  int64_t n() const { return is_inline() ? static_cast<int64_t>(word_) >> 1 : all()->n; }
  int64_t m() const { return is_inline() ? 0 : all()->m; }
  int64_t x() const { return is_inline() ? 0 : all()->x; }
  size_t HeapBytes() const { return is_inline() ? 0 : InMemorySteps(sizeof(All)); }

 private:
  struct All {
    int64_t n;
    int64_t m;
    int64_t x;
  };
  bool is_inline() const { return word_ == 0 || (word_ & 1) != 0; }
  All* all() const { return reinterpret_cast<All*>(word_); }

  // 0: all are zero. Odd: n in the other bits. Else where all three lie.
  uint64_t word_ = 0;
};

// A condensed event in a list. What n, m, x, code and subject mean depends on the kind: see
// facts.proto.
struct Item {
  Moment moment;
  // n and m; x are points that expire (memberships), or the offset in the log (work).
  ItemNumbers numbers;
  CompactString key;
  CompactString subject;
  uint16_t kind = 0;
  uint8_t code = 0;
  uint8_t flags = 0;
  ListName list = ListName::kOrders;

  int64_t n() const { return numbers.n(); }
  int64_t m() const { return numbers.m(); }
  int64_t x() const { return numbers.x(); }
  bool has(ItemFlag flag) const { return (flags & flag) != 0; }
};

// What was left out of a list at last.
struct Floor {
  int64_t at_us = 0;
  ListName list = ListName::kOrders;
};

// One list. Borrows its items, ascending by moment (maps too). Everything left out of a LAST(K)
// list happened at or before `floor_us`; 0 = nothing was left out. Maps and values keep no floor.
// Good until any list of the customer changes: their items lie together.
struct List {
  ListName name = ListName::kOrders;
  int64_t floor_us = 0;
  absl::Span<const Item> items;
};

// All lists of a customer, by name: those with items.
class Lists {
 public:
  Lists(absl::Span<const Item> items, absl::Span<const Floor> floors)
      : items_(items), floors_(floors) {}

  class Iterator {
   public:
    Iterator(const Lists& lists, const Item* at) : lists_(lists), at_(at) { FindEnd(); }
    List operator*() const {
      return {at_->list, lists_.FloorOf(at_->list), {at_, static_cast<size_t>(end_ - at_)}};
    }
    Iterator& operator++() {
      at_ = end_;
      FindEnd();
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    void FindEnd() {
      const Item* all = lists_.items_.data() + lists_.items_.size();
      while (end_ != all && (end_ == at_ || end_->list == at_->list)) ++end_;
    }

    const Lists& lists_;
    const Item* at_;
    const Item* end_ = at_;
  };
  Iterator begin() const { return {*this, items_.data()}; }
  Iterator end() const { return {*this, items_.data() + items_.size()}; }
  bool empty() const { return items_.empty(); }
  uint32_t size() const;

  // Without items when there is none of that name.
  List Find(ListName name) const;
  int64_t FloorOf(ListName name) const;

 private:
  absl::Span<const Item> items_;
  absl::Span<const Floor> floors_;
};

// What few customers have.
struct RareFacts {
  CompactVector<PurposeCell> outreach;      // by purpose
  CompactVector<AwarenessCell> awareness;   // by form
  CompactVector<DimensionCell> dimensions;  // by name
  CompactVector<Floor> floors;              // by list; of lists with items
};

struct Facts {
  // Microseconds UTC; 0 = none.
  int64_t newest_at_us = 0;
  int64_t first_seen_at_us = 0;
  CompactVector<KindCell> kinds;          // by kind
  CompactVector<SumCell> sums;            // by name
  CompactVector<uint16_t> purchase_days;  // ascending, distinct
  Rings rings;
  CompactVector<Item> items;  // by list, then by moment
  // One, or none when there is nothing in it.
  CompactVector<RareFacts> rare_facts;

  const RareFacts& rare() const;
  // Made when there is none. Whoever makes it puts something in.
  RareFacts& MakeRare();

  Lists lists() const {
    return {{items.begin(), items.size()}, {rare().floors.begin(), rare().floors.size()}};
  }
  List FindList(ListName name) const { return lists().Find(name); }
  // Null when there is no such cell.
  const KindCell* FindKind(uint16_t kind) const;
  // 0 when there is no such cell.
  int64_t Sum(uint16_t name) const;
  // Those with money, ascending by code.
  std::vector<CurrencySums> Currencies() const;
  // Something was bought, or taken back, in a currency without a rate.
  bool HasUnlistedCurrency() const;
};

}  // namespace rapport::facts
