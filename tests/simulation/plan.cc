#include "tests/simulation/plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rapport::simulation {
namespace {

// A rate that is zero in most seeds, so that each seed is about a few troubles.
int64_t Rate(Dice& dice, int64_t most) { return dice.Chance(400) ? dice.Between(1, most) : 0; }

// A life that is long has little of everything else: each restart compares it from its beginning.
void MakeLong(Dice& dice, Plan& plan) {
  plan.events = static_cast<int>(dice.Between(2'000, 5'000));
  plan.customers = static_cast<int>(dice.Between(1, 20));
  plan.batch_records_max = 64;
  plan.dirty_slots_max = 64;
  for (int64_t* rate : {&plan.power_cut, &plan.tidy_restart, &plan.failing_write, &plan.deadly,
                        &plan.lost_state, &plan.restored, &plan.erasure, &plan.rotation}) {
    *rate = 0;
  }
  plan.tidy_restart = 1;
  plan.restamped = std::max<int64_t>(plan.restamped, 50);
}

void DrawEcho(Dice& others, Plan& plan) {
  // There the oracle would look at each event and all before it.
  plan.echo = !plan.is_long && plan.customers > 1 && others.Chance(500);
  plan.echo_from = plan.echo ? others.Pick({0, 0, 0, 1, 2}) : 0;
  plan.referrals = plan.echo ? others.Pick({50, 200, 500}) : others.Pick({0, 0, 0, 200});
}

}  // namespace

Plan DrawPlan(Dice& dice) {
  Plan plan;
  plan.embedded = dice.Chance(400);
  plan.partitions = dice.Pick({1, 1, 2, 3, 8});
  // Many small worlds, some large ones.
  plan.customers = static_cast<int>(dice.Chance(800) ? dice.Between(1, 12) : dice.Between(13, 200));
  if (dice.Chance(150)) plan.customers = 1;
  plan.events =
      static_cast<int>(dice.Chance(950) ? dice.Between(50, 300) : dice.Between(301, 1500));
  plan.batch_records_max = static_cast<size_t>(dice.Pick({1, 3, 16, 64, 2048}));
  plan.memory_bytes = dice.Chance(333) ? 1 : size_t{1} << 30;
  plan.dirty_slots_max = static_cast<size_t>(dice.Pick({1, 4, 64, 100'000}));
  plan.checkpoint_interval_us = dice.Pick({0, 1'000, 100'000, 1'000'000});
  plan.doubled = Rate(dice, 300);
  plan.restamped = Rate(dice, 300);
  plan.conflicting = Rate(dice, 200);
  plan.same_tag = Rate(dice, 200);
  plan.anonymous = Rate(dice, 200);
  plan.malformed = Rate(dice, 100);
  plan.misplaced = plan.partitions > 1 && !plan.embedded ? Rate(dice, 100) : 0;
  plan.rising_ids = dice.Chance(500);
  plan.power_cut = Rate(dice, 15);
  plan.tidy_restart = Rate(dice, 10);
  plan.failing_write = Rate(dice, 15);
  plan.unreachable = plan.embedded ? 0 : Rate(dice, 30);
  plan.lost_answer = Rate(dice, 50);
  plan.clock_step = Rate(dice, 10);
  plan.lost_state = Rate(dice, 5);
  plan.restored = Rate(dice, 8);
  plan.log_front_lost = !plan.embedded && dice.Chance(60);
  plan.log_end_lost = !plan.embedded && dice.Chance(100);
  plan.ingest_rows_min = static_cast<size_t>(dice.Pick({1, 20, 20'000, 20'000}));
  // A release must not be forgotten by half, which only a whole life of the archive promises.
  const bool remembers =
      plan.failing_write == 0 && plan.restored == 0 && !plan.log_front_lost && !plan.log_end_lost;
  plan.deaths = remembers ? dice.Pick({0, 500, 1000}) : 0;
  plan.deadly = remembers ? Rate(dice, 20) : 0;
  plan.lost_block = Rate(dice, 200);
  plan.texts = Rate(dice, 600);
  plan.erasure = plan.texts > 0 && dice.Chance(700) ? dice.Between(1, 15) : 0;
  plan.rotation = plan.texts > 0 ? Rate(dice, 5) : 0;
  plan.restored_keys = plan.erasure > 0 && dice.Chance(600) ? dice.Between(100, 500) : 0;
  // A whole backup comes back, and the state is newer.
  if (plan.restored_keys > 0 && !plan.embedded && dice.Chance(700)) {
    plan.restored = 8;
    plan.deaths = 0;
    plan.deadly = 0;
    plan.tidy_restart = std::max<int64_t>(plan.tidy_restart, 5);
  }
  plan.failing_file = plan.texts > 0 ? Rate(dice, 400) : 0;
  // Without an end of the process there is no death; a record with a text is worth one.
  if (plan.texts > 0 && remembers && plan.restored == 0) {
    plan.deaths = std::max<int64_t>(plan.deaths, 500);
  }
  if (plan.deaths > 0) plan.tidy_restart = std::max<int64_t>(plan.tidy_restart, 3);
  plan.is_long = dice.Chance(4);
  if (plan.is_long) MakeLong(dice, plan);
  // From dice of its own: what a seed decided before there were rewinds stays as it was.
  Dice others(Dice(dice).Next());
  plan.rewind = plan.embedded ? 0 : others.Pick({0, 0, 5, 50});
  plan.revised = others.Pick({0, 0, 30, 100, 300});
  // There the oracle looks at each event and all of these, again and again.
  if (plan.is_long) plan.revised = std::min<int64_t>(plan.revised, 30);
  plan.linked = plan.customers > 1 ? others.Pick({0, 0, 20, 80, 250}) : 0;
  plan.rebuild = others.Pick({0, 0, 5, 20, 60});
  if (plan.is_long) plan.rebuild = std::min<int64_t>(plan.rebuild, 1);
  DrawEcho(others, plan);
  return plan;
}

std::string Plan::ToString() const {
  std::string text =
      absl::StrCat(embedded ? "embedded log" : "outside log", ", ", partitions, " partitions, ",
                   customers, " customers, ", events, " events, batch ", batch_records_max,
                   ", memory ", memory_bytes, ", dirty ", dirty_slots_max, ", interval ",
                   checkpoint_interval_us, " us, ingest ", ingest_rows_min);
  const std::pair<const char*, int64_t> rates[] = {{"doubled", doubled},
                                                   {"restamped", restamped},
                                                   {"conflicting", conflicting},
                                                   {"same_tag", same_tag},
                                                   {"anonymous", anonymous},
                                                   {"malformed", malformed},
                                                   {"misplaced", misplaced},
                                                   {"rising_ids", rising_ids},
                                                   {"power_cut", power_cut},
                                                   {"tidy_restart", tidy_restart},
                                                   {"failing_write", failing_write},
                                                   {"unreachable", unreachable},
                                                   {"lost_answer", lost_answer},
                                                   {"clock_step", clock_step},
                                                   {"lost_state", lost_state},
                                                   {"restored", restored},
                                                   {"log_front_lost", log_front_lost},
                                                   {"log_end_lost", log_end_lost},
                                                   {"deaths", deaths},
                                                   {"deadly", deadly},
                                                   {"lost_block", lost_block},
                                                   {"texts", texts},
                                                   {"erasure", erasure},
                                                   {"rotation", rotation},
                                                   {"restored_keys", restored_keys},
                                                   {"failing_file", failing_file},
                                                   {"is_long", is_long},
                                                   {"rewind", rewind},
                                                   {"revised", revised},
                                                   {"linked", linked},
                                                   {"rebuild", rebuild},
                                                   {"echo", echo},
                                                   {"echo_from", echo_from},
                                                   {"referrals", referrals}};
  for (const auto& [name, rate] : rates) {
    if (rate > 0) absl::StrAppend(&text, ", ", name, " ", rate);
  }
  return text;
}

}  // namespace rapport::simulation
