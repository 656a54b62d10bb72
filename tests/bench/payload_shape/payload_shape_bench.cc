// What does opening an envelope cost, with kind + payload and with a oneof twin?
//
//   tools/dev bench payload_shape
//
// Both shapes hold the same 4,096 events and are parsed into one reused message, as the pipeline
// does; the payload stays closed. Rounds of the two are interleaved at random, so that a slow
// moment of the machine falls on both. The figures and what follows from them: docs/decisions/0001.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shape.pb.h"
#include "tests/bench/microbench.h"

namespace rapport::bench {
namespace {

using payload_shape::PurchaseMade;
using payload_shape::Tagged;
using payload_shape::Twin;

constexpr int kEvents = 4096;  // a power of two: the next one is a mask away
constexpr int kPurchaseMade = 10;
constexpr int kComplaintAcknowledged = 51;

// Every third event is of another kind, so that the branch on it is not always the same.
bool IsPurchase(int number) { return number % 3 != 0; }

std::string Payload(int number) {
  PurchaseMade purchase;
  purchase.set_order(absl::StrCat("o", number));
  purchase.mutable_amount()->set_micros(12'340'000 + number);
  purchase.mutable_amount()->set_currency("EUR");
  return purchase.SerializeAsString();
}

template <typename Envelope>
void FillEnvelope(int number, Envelope& event) {
  event.set_event_id(absl::StrCat("018f3c5e-7b2a-7cc3-98c4-dc0c0c07398", number % 10));
  event.set_customer_id(absl::StrCat("cust-", 100'000 + number));
  event.set_occurred_at_us(1'700'000'000'000'000 + number);
  event.set_source("shop");
  event.set_channel(1);
  event.set_initiator(1);
}

void FillPayload(int number, Tagged& event) {
  event.set_kind(IsPurchase(number) ? kPurchaseMade : kComplaintAcknowledged);
  event.set_payload(Payload(number));
}

void FillPayload(int number, Twin& event) {
  if (IsPurchase(number)) {
    event.set_purchase_made(Payload(number));
  } else {
    event.set_complaint_acknowledged(Payload(number));
  }
}

// What a fold asks of the envelope before it opens the payload.
int64_t Look(const Tagged& event) {
  return event.kind() + static_cast<int64_t>(event.payload().size());
}
int64_t Look(const Twin& event) { return static_cast<int64_t>(event.payload_case()); }

template <typename Envelope>
std::vector<std::string> Records() {
  std::vector<std::string> records;
  for (int number = 0; number < kEvents; ++number) {
    Envelope event;
    FillEnvelope(number, event);
    FillPayload(number, event);
    records.push_back(event.SerializeAsString());
  }
  return records;
}

template <typename Envelope>
void Parse(benchmark::State& state) {
  const std::vector<std::string> records = Records<Envelope>();
  Envelope event;
  size_t next = 0;
  for (auto _ : state) {
    if (!event.ParseFromString(records[next++ % kEvents])) {
      state.SkipWithError("a record cannot be parsed");
      return;
    }
    benchmark::DoNotOptimize(Look(event));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(Parse<Tagged>)->Name("kind_and_payload");
BENCHMARK(Parse<Twin>)->Name("oneof_twin");

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::RunMicrobenches(argc, argv); }
