#include "tests/bench/doors/within.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/support/relationship_service.h"
#include "consumers/transactions/publish_service.h"
#include "engine/base/status_macros.h"
#include "tests/bench/doors/work.h"
#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {
namespace {

constexpr int kPublishers = 64;
constexpr int64_t kPublished = 100'000;
constexpr int kBatch = 1000;
constexpr int kTimelineEvents = 100;

int64_t ThreadNanos() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

// Microseconds of CPU that a call takes, the median of the rounds.
absl::StatusOr<double> CpuOf(int rounds, int calls,
                             absl::FunctionRef<absl::Status(int number)> call) {
  std::vector<double> took;
  for (int round = 0; round < rounds; ++round) {
    const int64_t begun = ThreadNanos();
    for (int number = 0; number < calls; ++number) RETURN_IF_ERROR(call(number));
    took.push_back(static_cast<double>(ThreadNanos() - begun) / 1e3 / calls);
  }
  return Median(std::move(took));
}

void Mask(google::protobuf::FieldMask& mask) {
  mask.add_paths("standing.stage");
  mask.add_paths("standing.score");
}

// As a door does: a call, an answer, its bytes.
template <typename Request, typename Response>
absl::Status Ask(support::RelationshipService& service,
                 absl::Status (support::RelationshipService::*method)(const edge::Call&,
                                                                      const Request&, Response&),
                 const Request& request) {
  const edge::Call call(edge::Caller{});
  Response response;
  RETURN_IF_ERROR((service.*method)(call, request, response));
  return response.SerializeAsString().empty() ? absl::InternalError("an answer is empty")
                                              : absl::OkStatus();
}

}  // namespace

absl::Status MeasureCalls(const Served& served, const std::vector<std::string>& busy, int rounds) {
  using support::RelationshipService;
  edge::Turns walks("walks of the whole base", /*at_once=*/1, /*waiting_max=*/0);
  RelationshipService service(&served.engine(), &walks);
  const auto& customers = served.customers();
  const auto get = [&](bool masked, int number) {
    v1::GetRelationshipRequest request;
    if (masked) Mask(*request.mutable_read_mask());
    request.set_customer_id(customers[static_cast<size_t>(number) * 7919 % customers.size()]);
    return Ask(service, &RelationshipService::GetRelationship, request);
  };
  v1::BatchGetRelationshipsRequest batch;
  Mask(*batch.mutable_read_mask());
  for (size_t i = 0; i < kBatch; ++i) {
    batch.add_customer_ids(customers[i * 7919 % customers.size()]);
  }
  v1::ListTimelineRequest timeline;
  timeline.set_page_size(kTimelineEvents);
  ASSIGN_OR_RETURN(const double whole, CpuOf(rounds, 20'000, [&](int i) { return get(false, i); }));
  ASSIGN_OR_RETURN(const double masked, CpuOf(rounds, 50'000, [&](int i) { return get(true, i); }));
  ASSIGN_OR_RETURN(const double many, CpuOf(rounds, 50, [&](int) {
                     return Ask(service, &RelationshipService::BatchGetRelationships, batch);
                   }));
  ASSIGN_OR_RETURN(const double events, CpuOf(rounds, 200, [&](int i) {
                     timeline.set_customer_id(busy[static_cast<size_t>(i) % busy.size()]);
                     return Ask(service, &RelationshipService::ListTimeline, timeline);
                   }));
  std::printf(
      "CPU of a call, no door: Get %.1f us, of stage and score %.1f us, BatchGet %.2f us a "
      "customer, timeline of 100 %.0f us\n",
      whole, masked, many / kBatch, events);
  return absl::OkStatus();
}

absl::Status MeasurePublishingWithin(const Served& served, int rounds) {
  transactions::PublishService service(&served.engine());
  std::vector<double> rates, ratios;
  for (int round = 0; round < rounds; ++round) {
    std::vector<v1::PublishRequest> requests;
    for (int64_t i = 0; i < kPublished; ++i) {
      const auto& customers = served.customers();
      requests.push_back(PublishOf(absl::StrCat("within:", round, ":", i),
                                   customers[static_cast<size_t>(i) % customers.size()], 0));
    }
    std::atomic<size_t> next = 0;
    std::atomic<bool> failed = false;
    const auto publish = [&] {
      for (size_t i = next++; i < requests.size(); i = next++) {
        const edge::Call call(edge::Caller{});
        v1::PublishResponse response;
        const bool good = service.Publish(call, requests[i], response).ok() &&
                          response.result().status() == v1::PublishResult::STATUS_ACCEPTED;
        if (!good) failed = true;
      }
    };
    const absl::Time begun = absl::Now();
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < kPublishers; ++i) threads.emplace_back(publish);
    }
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begun);
    if (failed) return absl::InternalError("an event was not accepted");
    rates.push_back(static_cast<double>(kPublished) / seconds);
    ASSIGN_OR_RETURN(const double bound,
                     SyncsPerSecond(served.folder(), requests[0].ByteSizeLong()));
    ratios.push_back(rates.back() / bound);
  }
  std::printf("%-34s %9.0f /s, %.1f times a sync for each event; the goal is 20\n",
              "Publish by 64 threads, no door", Median(rates), Median(ratios));
  return absl::OkStatus();
}

}  // namespace rapport::bench
