// What a story asks about metrics: any field of rapport.v1.Metrics, by its path.
//
//   metric expectations.met 1                     metric purchases.last_day = 2024-03-05
//   metric channels.channels[EMAIL].mean_wait_s < 60
//   metric needs.needs[delivery].times 3 because NeedHeard delivery
//   metric praise.testimonials 1                  no metric newsletter
//
// `[KEY]` takes the element of a list that is called so: by its first text or enum. A list is
// compared by its length, a list of words also by the words, joined by `+`. Numbers are written in
// the unit of the field's name; money (`_centi`, `_micros`) as 12.50, days as dates, moments as in
// all of a story, enums by their bare names. `no metric` is true of what is absent; a field of an
// absent group is absent. Each `because` must be among the event ids beside the field.
//
// Threads: pure. Errors: as in question.h.
#pragma once

#include "tests/stories/question.h"

namespace rapport::stories {

absl::Status AskMetric(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
