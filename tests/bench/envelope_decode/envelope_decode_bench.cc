// What does opening an envelope cost, against a decoder written by hand?
//
//   tools/dev bench envelope_decode
//
// All open the same purchases into one message that is used again; the payload stays closed.
// `quick` is how the engine opens what most events are (engine/event/quick_fields.h), `generated`
// how it opens the rest, `check_envelope` all of Validator::CheckEnvelope, with checks, ids and
// partition. Rounds are interleaved at random, so that a slow moment of the machine falls on all.
// Before, all must read the same from every event. The goal: `quick` at most 1.2 times `by_hand`.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/event/quick_messages.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "rapport/v1/event.pb.h"
#include "tests/bench/envelope_decode/hand_envelope.h"
#include "tests/bench/microbench.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {
namespace {

constexpr int kEvents = 4096;  // a power of two: the next one is a mask away
constexpr int kPartitions = 4;

const std::vector<NewRecord>& Records() {
  static const auto* const records = [] {
    auto* made = new std::vector<NewRecord>(kEvents);
    Workload workload(AllShapes().front(), {.events = kEvents, .customers = 1000, .seed = 1});
    for (NewRecord& record : *made) workload.Next(record);
    return made;
  }();
  return *records;
}

void CheckThatAllReadTheSame() {
  v1::Event event;
  HandEnvelope hand;
  event::ReusedMessage<v1::Event> quick(&event::EventFields());
  for (const NewRecord& record : Records()) {
    RAPPORT_CHECK(quick.ParseQuickly(record.value));
    RAPPORT_CHECK(event.ParseFromString(record.value) && hand.Parse(record.value));
    RAPPORT_CHECK(event.event_id() == hand.event_id && event.customer_id() == hand.customer_id &&
                  event.payload() == hand.payload && event.source() == hand.source &&
                  event.occurred_at_us() == hand.occurred_at_us && event.kind() == hand.kind &&
                  event.channel() == hand.channel && event.initiator() == hand.initiator &&
                  quick.message().SerializeAsString() == event.SerializeAsString())
        << event.event_id();
  }
}

void Generated(benchmark::State& state) {
  v1::Event event;
  size_t next = 0;
  for (auto _ : state) {
    const std::string& bytes = Records()[next++ % kEvents].value;
    RAPPORT_CHECK(event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    benchmark::DoNotOptimize(event.kind());
  }
  state.SetItemsProcessed(state.iterations());
}

void Quick(benchmark::State& state) {
  event::ReusedMessage<v1::Event> event(&event::EventFields());
  size_t next = 0;
  for (auto _ : state) {
    RAPPORT_CHECK(event.ParseQuickly(Records()[next++ % kEvents].value));
    benchmark::DoNotOptimize(event.message().kind());
  }
  state.SetItemsProcessed(state.iterations());
}

void ByHand(benchmark::State& state) {
  HandEnvelope event;
  size_t next = 0;
  for (auto _ : state) {
    RAPPORT_CHECK(event.Parse(Records()[next++ % kEvents].value));
    benchmark::DoNotOptimize(event.kind);
  }
  state.SetItemsProcessed(state.iterations());
}

void CheckEnvelope(benchmark::State& state) {
  event::Validator validator({kPartitions, &log::PartitionOf});
  size_t next = 0;
  for (auto _ : state) {
    const NewRecord& made = Records()[next++ % kEvents];
    RecordView record;
    record.partition = log::PartitionOf(made.key, kPartitions);
    record.append_time_us = int64_t{1'800'000'000'000'000};
    record.key = made.key;
    record.value = made.value;
    RAPPORT_CHECK(!validator.CheckEnvelope(record).has_value());
    benchmark::DoNotOptimize(validator.event().kind);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(Generated)->Name("generated");
BENCHMARK(Quick)->Name("quick");
BENCHMARK(ByHand)->Name("by_hand");
BENCHMARK(CheckEnvelope)->Name("check_envelope");

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) {
  rapport::bench::CheckThatAllReadTheSame();
  return rapport::bench::RunMicrobenches(argc, argv);
}
