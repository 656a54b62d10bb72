// Workload: a made-up shop's purchases, the same for the same seed on every machine.
//
//   Workload workload(shape, {.events = 1'000'000, .customers = 200'000, .seed = 1});
//   while (workload.Next(record)) Produce(record.key, record.value);
//
// Events go over two years, in the order of their times. Customers are drawn evenly, or by Zipf's
// law with exponent 1, where the first of 200,000 makes every 13th purchase. Ids are UUIDv7, which
// ascend, or texts such as `shop:inv-000123`, whose 16 bytes are in no order.
//
// Threads: one. Ownership: owns its table of chances.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/record.h"

namespace rapport::bench {

struct Shape {
  std::string name;
  bool zipf = false;
  bool text_ids = false;
};

// `uniform-uuid7`, `uniform-text`, `zipf-uuid7`, `zipf-text`.
const std::vector<Shape>& AllShapes();

struct Amounts {
  int64_t events = 0;
  int64_t customers = 0;
  uint64_t seed = 1;
};

// SplitMix64: small, and the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  // Below `bound`, which is not 0.
  uint64_t Below(uint64_t bound);

 private:
  uint64_t state_;
};

// Draws 0..n-1 with chances 1 : 1/2 : 1/3 : ..., in one step each (Walker's alias table).
class Zipf {
 public:
  explicit Zipf(int64_t n);
  uint64_t Draw(Random& random) const;

 private:
  struct Column {
    // Below it the column's own number is drawn, else `other`.
    uint64_t own = 0;
    uint32_t other = 0;
  };
  std::vector<Column> columns_;
  uint64_t total_ = 0;
};

class Workload {
 public:
  Workload(const Shape& shape, const Amounts& amounts);

  // The next event as it stands on a log; false behind the last.
  bool Next(NewRecord& record);

 private:
  std::string Id(int64_t at_us);

  const Shape shape_;
  const Amounts amounts_;
  const Zipf zipf_;
  Random random_;
  int64_t number_ = 0;
};

}  // namespace rapport::bench
