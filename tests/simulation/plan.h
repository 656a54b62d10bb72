// Plan: everything that a seed decides before the first step.
//
// Threads: plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/simulation/dice.h"

namespace rapport::simulation {

struct Plan {
  // The embedded log, or one outside of the engine, as Kafka is.
  bool embedded = false;
  int partitions = 1;
  int customers = 1;
  int events = 50;
  size_t batch_records_max = 1;
  // A few bytes leave room for hardly any customer, so that each is evicted soon.
  size_t memory_bytes = 0;
  size_t dirty_slots_max = 0;
  int64_t checkpoint_interval_us = 0;
  // Commits of so many rows are ingested.
  size_t ingest_rows_min = 0;

  // Of a thousand events: sent again as they are; sent again with another time; another content
  // under an id that is taken; an id with the tag of another; nobody's; not an event; on a
  // partition that is not its key's.
  int64_t doubled = 0;
  int64_t restamped = 0;
  int64_t conflicting = 0;
  int64_t same_tag = 0;
  int64_t anonymous = 0;
  int64_t malformed = 0;
  int64_t misplaced = 0;
  // Of a thousand events: one that holds a text which is sealed.
  int64_t texts = 0;
  // Of a thousand events: one that takes back or puts right another.
  int64_t revised = 0;
  // Of a thousand events: one of the two by which customers are merged or split.
  int64_t linked = 0;
  // Ids that rise with time, as UUIDv7 do; else they come in no order.
  bool rising_ids = true;

  // Of a thousand steps: the power goes; the process is ended properly; a write fails soon; the log
  // is out of reach for a while; an append's answer is lost or the append happens twice; the clock
  // is set; the state is lost; an older state or archive is restored at the next start.
  int64_t power_cut = 0;
  int64_t tidy_restart = 0;
  int64_t failing_write = 0;
  int64_t unreachable = 0;
  int64_t lost_answer = 0;
  int64_t clock_step = 0;
  int64_t lost_state = 0;
  int64_t restored = 0;
  // The outside log loses records at its front (retention) or its end (an unclean election) while
  // the engine is down, once.
  bool log_front_lost = false;
  bool log_end_lost = false;
  // Of a thousand ends of the process: a record ends it so often that it is set aside unread; a
  // block of the archive is gone afterwards.
  int64_t deaths = 0;
  int64_t lost_block = 0;
  // Of a thousand steps: a record begins to end the process whenever it is folded; somebody asks to
  // forget a customer; the wrapping key changes.
  int64_t deadly = 0;
  int64_t erasure = 0;
  int64_t rotation = 0;
  // Of a thousand ends of the process: the keys come back from an older backup; a file of keys
  // cannot be written at the next start.
  int64_t restored_keys = 0;
  int64_t failing_file = 0;
  // A long life of few customers, in which ids come again after thousands of events.
  bool is_long = false;
  // Of a thousand steps: the outside log gives records again, to whoever reads it next.
  int64_t rewind = 0;
  // Of a thousand steps: somebody has the state rebuilt beside the one that serves.
  int64_t rebuild = 0;
  // The engine tells second customers, from its `echo_from`-th start on; and of a thousand events:
  // one that concerns a second customer, or may.
  bool echo = false;
  int64_t echo_from = 0;
  int64_t referrals = 0;

  // One line.
  std::string ToString() const;
};

Plan DrawPlan(Dice& dice);

}  // namespace rapport::simulation
