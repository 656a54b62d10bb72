// Workload: a made-up shop's events, the same for the same seed on every machine.
//
//   Workload workload(shape, {.events = 1'000'000, .customers = 200'000, .seed = 1});
//   while (workload.Next(record)) Produce(record.key, record.value);
//
// They are purchases, or of all kinds (mixed.h). Events go over two years, in the order of their
// times. Customers are drawn evenly, or by Zipf's law with exponent 1, where the first of 200,000
// makes every 13th purchase. Ids are UUIDv7, which ascend, or texts such as `shop:inv-000123`,
// whose 16 bytes are in no order.
//
// Threads: one. Ownership: owns its table of chances.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/record.h"
#include "tests/bench/rapport_bench/mixed.h"
#include "tests/bench/rapport_bench/random.h"

namespace rapport::bench {

struct Shape {
  std::string name;
  bool zipf = false;
  bool text_ids = false;
  // All kinds, and not purchases alone.
  bool mixed = false;
  // So many times the events and customers that a workload has.
  int event_scale = 1;
  int customer_scale = 1;
  // On the embedded log, also where there is a broker.
  bool embedded = false;
  // Read-modify-write, Kafka Streams and the bound of a rebuild are measured, too.
  bool others = false;
  // Nothing but a rebuild and its bound.
  bool rebuild_only = false;
  // Nothing but restarts after kill -9.
  bool restart_only = false;
};

// `uniform-uuid7`, `uniform-text`, `zipf-uuid7`, `zipf-text`, `mixed-uuid7`; `uniform-large` and
// `mixed-large` with five times as much of everything; `embedded`, as the first, on that log;
// `rebuild`, with ten times the events and five times the customers; `restart`, with five times.
const std::vector<Shape>& AllShapes();

struct Amounts {
  int64_t events = 0;
  int64_t customers = 0;
  uint64_t seed = 1;
};

// What a workload of this shape has, when others have `amounts`.
Amounts Scaled(const Amounts& amounts, const Shape& shape);

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
  void FillPurchase();

  const Shape shape_;
  const Amounts amounts_;
  const Zipf zipf_;
  Random random_;
  MixedKinds mixed_;
  v1::Event event_;
  int64_t number_ = 0;
};

}  // namespace rapport::bench
