#include "consumers/operations/demo_lives.h"

#include <string>
#include <utility>

#include "consumers/operations/demo_diary.h"
#include "consumers/operations/demo_service.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

// A diary in which moments are told in days before the end.
class Life {
 public:
  Life(absl::string_view customer_id, int64_t begin_us, int64_t end_us)
      : diary_(std::string(customer_id), begin_us, end_us, DemoRandom(0)) {
    diary_.UseShopIds();
  }

  DemoDiary& diary() { return diary_; }

  int64_t At(int64_t days_ago, int64_t hour = 10) const {
    return diary_.end_us() - days_ago * kMicrosPerDay + hour * kMicrosPerHour;
  }

  // A purchase, and thanks for it on the next morning.
  std::string BuysAndIsThanked(int64_t days_ago, int64_t cents, absl::string_view product) {
    const std::string order = diary_.Buys(At(days_ago), cents, product);
    diary_.Thanks(At(days_ago - 1, 9), order);
    return order;
  }

  // One such purchase every so many days.
  void BuysEvery(int64_t gap_days, int64_t from_days_ago, int64_t to_days_ago, int64_t cents,
                 absl::string_view product) {
    for (int64_t ago = from_days_ago; ago >= to_days_ago; ago -= gap_days) {
      BuysAndIsThanked(ago, cents, product);
    }
  }

  void ReadsLetters(int64_t until_days_ago) {
    SendNewsletters(diary_, diary_.begin_us(), At(until_days_ago), 0);
  }

  // Tells the shop that a word of it was welcome.
  void Welcomes(const std::string& outreach, v1::OutreachPurpose purpose, int64_t days_ago) {
    diary_.Answers(At(days_ago, 18), outreach, purpose, v1::OUTREACH_ANSWER_YES);
    diary_.Feels(1);
  }

 private:
  DemoDiary diary_;
};

// The key under which the advocate's first referral stands with both customers.
constexpr absl::string_view kFirstReferral = "referral-0964-6";

constexpr DemoLife kLives[] = {
    {"cust-0417", "a complaint open past its term"},
    {"cust-0052", "a grave complaint, escalated to the management and still open"},
    {"cust-1203", "bought every 31 days, and now not for 75: at risk"},
    {"cust-0964", "speaks for the shop: three referrals, two of which bought"},
    {"cust-0731", "fell silent, was asked back and bought again: won back"},
    {"cust-0311", "damaged by a complaint, repaired in time and content again"},
    {"cust-1402", "one purchase, 58 days ago: time to suggest a second"},
    {"cust-0655", "sent the largest of three orders back"},
    {"cust-1118", "bought every month, then twelve quiet months"},
    {"cust-0088", "loyal for eighteen months"},
};

// Ten orders, and one that came broken nine days ago. The complaint was acknowledged within two
// hours and is due after five days; nobody has resolved it.
void OpenComplaint(Life& life) {
  life.BuysEvery(24, 234, 18, 64'00, "coffee");
  const std::string complaint = life.diary().Complains(life.At(9), 3, "quality");
  life.diary().Acknowledges(life.At(9, 12), complaint);
  life.ReadsLetters(0);
}

// The grinder of an office failed twelve days ago. Due within two days, it went to a lead after
// three and to the management after five: a customer whose purchases alone would be COMMITMENT.
void EscalatedComplaint(Life& life) {
  life.diary().Prefer(v1::CHANNEL_PHONE);
  life.BuysEvery(14, 308, 14, 310'00, "grinder");
  const std::string complaint = life.diary().Complains(life.At(12, 8), 4, "quality");
  life.diary().Acknowledges(life.At(12, 9), complaint);
  life.diary().Escalates(life.At(9, 9), complaint, 1);
  life.diary().Escalates(life.At(7, 9), complaint, 2);
}

// Fourteen orders, one every 31 days; the next was due 44 days ago. No complaint, no word.
void SilentRegular(Life& life) {
  life.BuysEvery(31, 75 + 13 * 31, 75, 48'00, "coffee");
  life.ReadsLetters(0);
}

// Four orders and a review. Of three referrals two became purchases; the first was thanked for, the
// purchase of five days ago was not yet.
void Advocate(Life& life) {
  DemoDiary& diary = life.diary();
  for (const int64_t ago : {310, 240, 150, 62}) life.BuysAndIsThanked(ago, 55'00, "tea");
  diary.Reviews(life.At(230));
  const std::string first = diary.Refers(life.At(60), "cust-1402");
  diary.Thanks(life.At(59), first);
  diary.Converts(life.At(58, 12), first, "order-1402-1", 39'00);
  diary.Thanks(life.At(57), first);
  const std::string second = diary.Refers(life.At(20), "");
  diary.Thanks(life.At(19), second);
  diary.Converts(life.At(5), second, "", 27'00);
  diary.Refers(life.At(1, 20), "");
}

// Four orders until fifteen months ago, then nothing for nine months. A personal word brought the
// customer back: three orders in the last weeks.
void WonBack(Life& life) {
  for (const int64_t ago : {520, 495, 470, 450}) life.BuysAndIsThanked(ago, 37'00, "filter");
  const std::string word = life.diary().Outreach(life.At(71), v1::OUTREACH_PURPOSE_WIN_BACK);
  life.Welcomes(word, v1::OUTREACH_PURPOSE_WIN_BACK, 70);
  for (const int64_t ago : {66, 40, 12}) life.BuysAndIsThanked(ago, 46'00, "coffee");
}

// Sixty days ago a delivery went badly wrong. It was acknowledged within the hour, made good in two
// days, accepted, and asked after: from DAMAGED back to where it was.
void RepairedComplaint(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(21, 69 + 21 * 8, 69, 52'00, "coffee");
  const std::string complaint = diary.Complains(life.At(60), 3, "delivery");
  diary.Acknowledges(life.At(60, 11), complaint);
  diary.Resolves(life.At(58, 15), complaint, "replacement");
  diary.AnswersResolution(life.At(57, 9), complaint, true);
  const std::string word = diary.Outreach(life.At(53), v1::OUTREACH_PURPOSE_CHECK);
  life.Welcomes(word, v1::OUTREACH_PURPOSE_CHECK, 53);
  life.BuysEvery(21, 48, 6, 61'00, "coffee");
}

// Came by a referral and bought once. Half of those who buy again have done so after 57 days.
void OnePurchase(Life& life) {
  life.diary().IsReferred(life.At(60), kFirstReferral, "cust-0964");
  life.BuysAndIsThanked(58, 39'00, "tea");
}

// Three orders; the largest came back after eight days and was paid back. That is no complaint: the
// day of the purchase still counts, its money does not.
void Returner(Life& life) {
  life.BuysAndIsThanked(140, 35'00, "cups");
  const std::string order = life.BuysAndIsThanked(95, 240'00, "grinder");
  life.diary().Returns(life.At(87), order, 240'00);
  life.BuysAndIsThanked(44, 42'00, "cups");
}

// Seven orders, a month apart, and then nothing for a year but letters that nobody answers.
void TwelveQuietMonths(Life& life) {
  life.BuysEvery(28, 365 + 28 * 6, 365, 45'00, "tea");
  life.ReadsLetters(0);
}

// Every two weeks for eighteen months, thanked each time, and glad about it now and then.
void Loyal(Life& life) {
  life.BuysEvery(14, 536, 4, 58'00, "coffee");
  for (const int64_t ago : {400, 280, 160, 47}) {
    const std::string word = life.diary().Outreach(life.At(ago), v1::OUTREACH_PURPOSE_QUALITY);
    life.Welcomes(word, v1::OUTREACH_PURPOSE_QUALITY, ago - 1);
  }
  life.diary().Reviews(life.At(200));
  life.ReadsLetters(0);
}

}  // namespace

absl::Span<const DemoLife> DemoLives() { return kLives; }

std::vector<v1::Event> TenLives(int64_t begin_us, int64_t end_us) {
  using Writer = void (*)(Life&);
  // In the order of kLives.
  constexpr Writer kWriters[] = {
      OpenComplaint,     EscalatedComplaint, SilentRegular, Advocate,          WonBack,
      RepairedComplaint, OnePurchase,        Returner,      TwelveQuietMonths, Loyal};
  static_assert(sizeof(kWriters) / sizeof(Writer) == sizeof(kLives) / sizeof(DemoLife));
  std::vector<v1::Event> events;
  for (size_t i = 0; i < std::size(kLives); ++i) {
    Life life(kLives[i].customer_id, begin_us, end_us);
    kWriters[i](life);
    for (v1::Event& event : life.diary().Take()) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace rapport::operations
