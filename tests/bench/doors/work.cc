#include "tests/bench/doors/work.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "rapport/v1/commerce.pb.h"
#include "tests/bench/doors/load.h"
#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {
namespace {

constexpr int kPublishers = 64;
constexpr int64_t kPublished = 20'000;
constexpr int64_t kReads = 30'000;
constexpr int64_t kTimelines = 3'000;
constexpr int kTimelineEvents = 100;
constexpr int kTimelineCustomers = 200;
constexpr int kPastEvents = 200;
constexpr int kPastCustomers = 200;
constexpr int64_t kFirstAtUs = int64_t{1'700'000'000} * kMicrosPerSecond;
constexpr absl::Duration kSyncing = absl::Seconds(2);
// More than are folded while a round reads.
constexpr int64_t kFoldedAtMost = 4'000'000;

absl::StatusOr<Load> PublishAll(const Served& served, const std::vector<std::string>& requests) {
  return RunLoad(served.Channel(), "/rapport.v1.PublishService/Publish", requests,
                 {.in_flight = kPublishers, .calls = static_cast<int64_t>(requests.size())});
}

// Folds in the background until it is told to end; how many events a second.
class Folding {
 public:
  Folding(const Served& served, ServedOptions options, uint64_t seed) {
    options.events = kFoldedAtMost;
    thread_ = std::thread([this, &served, options, seed] {
      const absl::Time begun = absl::Now();
      const auto events = served.Fold(seed, options, [this] { return stop_.load(); });
      status_ = events.status();
      if (!events.ok()) return;
      per_s_ = static_cast<double>(*events) / absl::ToDoubleSeconds(absl::Now() - begun);
    });
  }
  ~Folding() {
    if (thread_.joinable()) End().IgnoreError();
  }

  absl::Status End() {
    stop_ = true;
    thread_.join();
    return status_;
  }
  double per_s() const { return per_s_; }

 private:
  std::atomic<bool> stop_ = false;
  absl::Status status_;
  double per_s_ = 0;
  std::thread thread_;
};

// One way of reading, in each round alone and beside folding.
struct Read {
  const char* name;
  std::string path;
  std::vector<std::string> requests;
  int64_t calls = 0;
  int in_flight = 4;
  std::vector<double> alone_us = {};
  std::vector<double> alone_p50_us = {};
  std::vector<double> beside_us = {};
  std::vector<double> folded_per_s = {};
};

// As of the moment of their newest event but one, whose events come from the archive.
std::vector<std::string> PastOf(const std::vector<std::string>& customers) {
  std::vector<std::string> requests;
  for (const std::string& customer : customers) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(kFirstAtUs + (kPastEvents - 2) * kMicrosPerDay);
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

std::vector<Read> ReadsOf(const Served& served, const std::vector<std::string>& busy,
                          const std::vector<std::string>& old) {
  std::vector<std::string> gets, timelines;
  for (const std::string& customer : busy) {
    v1::ListTimelineRequest request;
    request.set_customer_id(customer);
    request.set_page_size(kTimelineEvents);
    timelines.push_back(request.SerializeAsString());
  }
  for (const std::string& customer : served.customers()) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    gets.push_back(request.SerializeAsString());
  }
  const std::string service = "/rapport.v1.RelationshipService/";
  std::vector<Read> reads;
  reads.push_back({"Get", service + "GetRelationship", std::move(gets), kReads});
  reads.push_back({"timeline of 100", service + "ListTimeline", timelines, kTimelines});
  reads.push_back({"timeline of 100", service + "ListTimeline", std::move(timelines), kTimelines,
                   /*in_flight=*/1});
  reads.push_back({"as-of, 200 events", service + "GetRelationship", PastOf(old), kTimelines});
  reads.push_back({"as-of, 200 events", service + "GetRelationship", PastOf(old), kTimelines,
                   /*in_flight=*/1});
  return reads;
}

// Publishes so many events, a day apart, of each of so many customers, and names those.
absl::StatusOr<std::vector<std::string>> PublishMany(const Served& served, const char* name,
                                                     int customers, int events) {
  std::vector<std::string> named, published;
  for (int i = 0; i < customers; ++i) {
    named.push_back(absl::StrCat(name, i));
    for (int event = 0; event < events; ++event) {
      const std::string id = absl::StrCat(named.back(), ":", event);
      published.push_back(PublishOf(id, named.back(), event).SerializeAsString());
    }
  }
  RETURN_IF_ERROR(PublishAll(served, published).status());
  return named;
}

}  // namespace

v1::PublishRequest PublishOf(const std::string& id, const std::string& customer, int64_t day) {
  v1::PublishRequest request;
  v1::Event& event = *request.mutable_item()->mutable_event();
  event.set_event_id(id);
  event.set_customer_id(customer);
  event.set_source("bench");
  event.set_occurred_at_us(kFirstAtUs + day * kMicrosPerDay);
  event.set_kind(v1::KIND_PURCHASE_MADE);
  v1::PurchaseMade purchase;
  purchase.set_order(id);
  event.set_payload(purchase.SerializeAsString());
  return request;
}

absl::StatusOr<double> SyncsPerSecond(const std::string& folder, size_t bytes) {
  const std::string path = folder + "/syncs";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return absl::InternalError("cannot open " + path);
  const std::string record(bytes, 'x');
  int64_t syncs = 0;
  const absl::Time begun = absl::Now();
  bool ok = true;
  while (ok && absl::Now() - begun < kSyncing) {
    ok = ::write(file, record.data(), record.size()) == static_cast<ssize_t>(record.size()) &&
         ::fdatasync(file) == 0;
    ++syncs;
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  ::close(file);
  if (!ok) return absl::InternalError("cannot write and sync " + path);
  return static_cast<double>(syncs) / seconds;
}

absl::StatusOr<std::vector<std::string>> PublishBusy(const Served& served) {
  return PublishMany(served, "busy-", kTimelineCustomers, kTimelineEvents);
}

absl::Status MeasurePublishing(const Served& served, int rounds) {
  std::vector<double> published, syncs, ratios, tails;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> requests;
    for (int64_t i = 0; i < kPublished; ++i) {
      requests.push_back(PublishOf(absl::StrCat("bench:", round, ":", i),
                                   served.customers()[i % served.customers().size()], 0)
                             .SerializeAsString());
    }
    ASSIGN_OR_RETURN(const Load load, PublishAll(served, requests));
    ASSIGN_OR_RETURN(const double bound, SyncsPerSecond(served.folder(), requests[0].size()));
    published.push_back(load.calls_per_s);
    syncs.push_back(bound);
    ratios.push_back(load.calls_per_s / bound);
    tails.push_back(absl::ToDoubleMicroseconds(load.p99));
  }
  std::printf("%-34s %9.0f /s  p99 %6.0f us\n%-34s %9.0f /s\n%-34s %9.1f times\n",
              "Publish, 64 in flight", Median(published), Median(tails), "a sync for each event",
              Median(syncs), "of that", Median(ratios));
  return absl::OkStatus();
}

absl::Status MeasureReadsWhileFolding(const Served& served, const ServedOptions& options,
                                      const std::vector<std::string>& busy, int rounds) {
  ASSIGN_OR_RETURN(const std::vector<std::string> old,
                   PublishMany(served, "old-", kPastCustomers, kPastEvents));
  std::vector<Read> reads = ReadsOf(served, busy, old);
  const auto channel = served.Channel();
  std::vector<double> folded_alone;
  uint64_t seed = 2;
  for (int round = 0; round < rounds; ++round) {
    ServedOptions some = options;
    some.events = std::min<int64_t>(options.events, 500'000);
    const absl::Time begun = absl::Now();
    ASSIGN_OR_RETURN(const int64_t events, served.Fold(seed++, some, [] { return false; }));
    folded_alone.push_back(static_cast<double>(events) /
                           absl::ToDoubleSeconds(absl::Now() - begun));
    for (Read& read : reads) {
      const LoadOptions load{.in_flight = read.in_flight, .calls = read.calls};
      ASSIGN_OR_RETURN(const Load alone, RunLoad(channel, read.path, read.requests, load));
      Folding folding(served, options, seed++);
      ASSIGN_OR_RETURN(const Load beside, RunLoad(channel, read.path, read.requests, load));
      RETURN_IF_ERROR(folding.End());
      read.alone_us.push_back(absl::ToDoubleMicroseconds(alone.p99));
      read.alone_p50_us.push_back(absl::ToDoubleMicroseconds(alone.p50));
      read.beside_us.push_back(absl::ToDoubleMicroseconds(beside.p99));
      read.folded_per_s.push_back(folding.per_s());
    }
  }
  std::printf("%-34s %9.0f /s\n", "folding alone", Median(folded_alone));
  for (const Read& read : reads) {
    std::printf(
        "%-17s %d in flight  p50 %6.0f us, p99 %6.0f us alone, p99 %6.0f us while folding (%.2f "
        "times); folding %.0f /s (%.2f of alone)\n",
        read.name, read.in_flight, Median(read.alone_p50_us), Median(read.alone_us),
        Median(read.beside_us), Median(read.beside_us) / Median(read.alone_us),
        Median(read.folded_per_s), Median(read.folded_per_s) / Median(folded_alone));
  }
  return absl::OkStatus();
}

}  // namespace rapport::bench
