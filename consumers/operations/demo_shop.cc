#include "consumers/operations/demo_shop.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "consumers/operations/demo_diary.h"
#include "consumers/operations/demo_habit.h"
#include "consumers/operations/demo_lives.h"
#include "consumers/operations/demo_service.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr int kMonths = 18;

struct Customer {
  DemoDiary diary;
  DemoHistory history;
};

std::vector<std::string> CrowdIds(size_t count) {
  std::vector<std::string> ids;
  for (int number = 1; ids.size() < count; ++number) {
    std::string id = absl::StrFormat("cust-%04d", number);
    const bool taken = std::any_of(DemoLives().begin(), DemoLives().end(),
                                   [&](const DemoLife& life) { return life.customer_id == id; });
    if (!taken) ids.push_back(std::move(id));
  }
  return ids;
}

std::vector<Customer> Crowd(const ShopOptions& options, int64_t begin_us, int64_t end_us) {
  std::vector<Customer> crowd;
  DemoRandom seeds(options.seed);
  for (std::string& id : CrowdIds(static_cast<size_t>(options.customers) - DemoLives().size())) {
    // A stream of chance for each, so that one life does not move the others.
    DemoRandom random(seeds.Next());
    const Habit habit = SomeHabit(random);
    Customer& customer =
        crowd.emplace_back(Customer{DemoDiary(std::move(id), begin_us, end_us, random), {}});
    customer.history = LiveBy(habit, customer.diary);
  }
  return crowd;
}

// The referrer tells the shop shortly before the referred comes, and hears of the purchase.
void Refer(Customer& referrer, Customer& referred) {
  const DemoHistory& came = referred.history;
  const int64_t told_us = came.joined_us - referrer.diary.random().Between(2, 90) * kMicrosPerHour;
  const std::string referral = referrer.diary.Refers(told_us, referred.diary.customer_id());
  ThankForReferral(referrer.diary, told_us, referral);
  referred.diary.IsReferred(told_us, referral, referrer.diary.customer_id());
  if (came.first_order.empty()) return;
  referrer.diary.Converts(came.first_order_us, referral, came.first_order, came.first_order_cents);
  ThankForReferral(referrer.diary, came.first_order_us, referral);
}

// Of those who came lately, every third was sent by a customer who buys often.
void ReferEachOther(uint64_t seed, std::vector<Customer>& crowd) {
  DemoRandom random(~seed);
  for (Customer& referred : crowd) {
    if (!referred.history.joined_lately || !random.Chance(330)) continue;
    for (int tries = 0; tries < 20; ++tries) {
      Customer& referrer =
          crowd[static_cast<size_t>(random.Between(0, static_cast<int64_t>(crowd.size()) - 1))];
      if (&referrer == &referred || referrer.history.purchases < 4 ||
          referrer.history.joined_us + 30 * kMicrosPerDay > referred.history.joined_us) {
        continue;
      }
      Refer(referrer, referred);
      break;
    }
  }
}

}  // namespace

int64_t ShopBeginDay(int64_t end_day) {
  CivilDate date = CivilOfDay(end_day);
  const int64_t months = date.year * 12 + date.month - 1 - kMonths;
  date.year = months / 12;
  date.month = static_cast<int>(months % 12) + 1;
  date.day = std::min(date.day, DaysInMonth(date.year, date.month));
  return DayOfCivil(date);
}

std::vector<v1::Event> MakeShop(const ShopOptions& options) {
  RAPPORT_CHECK(options.customers >= static_cast<int>(DemoLives().size()))
      << "the shop has ten customers at least";
  const int64_t begin_us = ShopBeginDay(options.end_day) * kMicrosPerDay;
  const int64_t end_us = options.end_day * kMicrosPerDay;
  std::vector<v1::Event> events = TenLives(begin_us, end_us);
  std::vector<Customer> crowd = Crowd(options, begin_us, end_us);
  ReferEachOther(options.seed, crowd);
  for (Customer& customer : crowd) {
    std::vector<v1::Event> life = customer.diary.Take();
    std::move(life.begin(), life.end(), std::back_inserter(events));
  }
  std::stable_sort(events.begin(), events.end(), [](const v1::Event& a, const v1::Event& b) {
    return a.occurred_at_us() < b.occurred_at_us();
  });
  return events;
}

}  // namespace rapport::operations
