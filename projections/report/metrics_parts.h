// The parts of metrics.cc, one function per group of Metrics, and the arithmetic they share.
//
// Each fills its group only when there is something to say. Threads: pure.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/fixed_point.h"
#include "engine/base/time.h"
#include "projections/facts/known_reading.h"
#include "projections/report/metrics.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::report {

using facts::Item;
using facts::List;
using facts::ListName;

// A result that may be wider than it can be told, at the nearest that can be.
constexpr int64_t Narrow(int128 value) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  if (value < kMin) return kMin;
  return value > kMax ? kMax : static_cast<int64_t>(value);
}

// a / b, rounded half up. REQUIRES: b > 0.
constexpr int64_t Rounded(int128 a, int128 b) { return Narrow(FloorDiv128(2 * a + b, 2 * b)); }

// ratio(a, b) in thousandths = (2000 a + b) div 2b. REQUIRES: b > 0.
constexpr int64_t Permille(int128 a, int128 b) { return Rounded(1000 * a, b); }

// The element of `all` that is of `key`; made when there is none. In order of first mention.
template <typename Keyed>
Keyed& ForKey(std::vector<Keyed>& all, absl::string_view key) {
  for (Keyed& one : all) {
    if (one.key == key) return one;
  }
  Keyed& one = all.emplace_back();
  one.key = key;
  return one;
}

// metrics_money.cc
void WritePurchases(const MetricsInput& input, v1::Metrics& out);
void WriteReciprocity(const MetricsInput& input, v1::Metrics& out);
void WriteProfit(const MetricsInput& input, v1::Metrics& out);

// metrics_touches.cc
void WriteTenure(const MetricsInput& input, v1::Metrics& out);
void WriteCompleteness(const MetricsInput& input, v1::Metrics& out);
void WriteChannels(const MetricsInput& input, v1::Metrics& out);
void WriteAreas(const MetricsInput& input, v1::Metrics& out);
void WriteSatisfaction(const MetricsInput& input, v1::Metrics& out);
void WriteSentiment(const MetricsInput& input, v1::Metrics& out);

// metrics_bonds.cc
void WriteExpectations(const MetricsInput& input, v1::Metrics& out);
void WriteObjectives(const MetricsInput& input, v1::Metrics& out);
void WritePromises(const MetricsInput& input, v1::Metrics& out);

// metrics_dialogue.cc
void WriteNeeds(const MetricsInput& input, v1::Metrics& out);
void WriteQuestionsAndTrust(const MetricsInput& input, v1::Metrics& out);
void WriteFeedback(const MetricsInput& input, v1::Metrics& out);
void WritePraise(const MetricsInput& input, v1::Metrics& out);

// metrics_deals.cc
void WriteReferrals(const MetricsInput& input, v1::Metrics& out);
void WriteOffers(const MetricsInput& input, v1::Metrics& out);
void WriteCompetitor(const MetricsInput& input, v1::Metrics& out);
void WriteCases(const MetricsInput& input, v1::Metrics& out);
void WriteService(const MetricsInput& input, v1::Metrics& out);

// metrics_known.cc
void WritePreferences(const MetricsInput& input, v1::Metrics& out);
void WriteNewsletter(const MetricsInput& input, v1::Metrics& out);
void WriteMemberships(const MetricsInput& input, v1::Metrics& out);
void WriteOwnerAndRoles(const MetricsInput& input, v1::Metrics& out);

}  // namespace rapport::report
