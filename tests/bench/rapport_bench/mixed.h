// Mixed: events of all kinds that a customer's life is made of, by a fixed table of shares.
//
//   MixedKinds kinds;
//   v1::Event event;
//   kinds.Fill(at_us, customers, random, event);     // kind, payload and the envelope's details
//
// Purchases are a quarter; the rest is service, dialogue, outreach, complaints, promises and what
// is known of a customer. Every payload holds what its kind requires and about half of what it
// allows; keys are drawn from three of each sort, so that steps of one case or promise meet. Left
// out are technical kinds (retraction, correction, merging, erasure), which are about other events,
// and texts that are sealed before they come to a log.
//
// Threads: one. Ownership: owns a message of every kind, used again and again.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "rapport/v1/event.pb.h"
#include "tests/bench/rapport_bench/random.h"

namespace rapport::bench {

class MixedKinds {
 public:
  MixedKinds();

  // Draws a kind and fills all but ids, customer, time and source. The customer of `event`, if it
  // is set, is not the other one of a referral.
  void Fill(int64_t at_us, int64_t customers, Random& random, v1::Event& event);

 private:
  struct Row {
    v1::Kind kind = v1::KIND_UNSPECIFIED;
    std::unique_ptr<google::protobuf::Message> payload;
  };
  std::vector<Row> rows_;
  // The row of each thousandth.
  std::vector<size_t> drawn_;
};

}  // namespace rapport::bench
