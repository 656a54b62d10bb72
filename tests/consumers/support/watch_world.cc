#include "tests/consumers/support/watch_world.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/check.h"
#include "projections/catalog.h"
#include "tests/kit/engine_world.h"

namespace rapport {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

}  // namespace

support::WatchOptions WatchWorld::Quick() {
  support::WatchOptions options;
  options.heartbeat = absl::Milliseconds(5);
  options.pause = absl::Milliseconds(1);
  options.time_step_us = 1;
  return options;
}

WatchWorld::WatchWorld(int partitions) : WatchWorld(partitions, Quick()) {}

WatchWorld::WatchWorld(int partitions, support::WatchOptions options)
    : partitions_(partitions), options_(options) {
  projection_ = projections::StandardCatalog().value();
  Open();
}

WatchWorld::~WatchWorld() = default;

void WatchWorld::Open() {
  EngineOptions options;
  options.data_directory = folder_.path();
  options.partitions = partitions_;
  options.disk_reserve_permille = 0;
  engine_ = Engine::Open(options, projection_.get(), &clock_).value();
  rules_[edge::RulesDigestOf(*engine_->rules())] = engine_->rules();
  engine_->SetRulesFinder(
      [this](const std::string& name,
             const Position&) -> absl::StatusOr<std::shared_ptr<const fold::Projection>> {
        const auto found = rules_.find(name);
        if (found == rules_.end()) return absl::NotFoundError("RULES_UNKNOWN: never heard of");
        return found->second;
      });
  const absl::Status status = engine_->pipeline().WaitFor(End(), absl::Now() + kPatience);
  RAPPORT_CHECK(status.ok()) << status;
  hub_ = std::make_unique<support::WatchHub>(engine_.get(), options_);
}

void WatchWorld::Reopen() {
  hub_.reset();
  rules_.clear();
  engine_.reset();
  Open();
}

void WatchWorld::Append(const std::vector<kit::EventBuilder>& events) {
  for (const kit::EventBuilder& builder : events) {
    const v1::Event event = kit::EventOf(builder);
    const auto appended =
        log::AppendAndWait(engine_->log(), {event.customer_id(), event.SerializeAsString(), {}});
    RAPPORT_CHECK(appended.ok()) << appended.status();
  }
  const absl::Status status = engine_->pipeline().WaitFor(End(), absl::Now() + kPatience);
  RAPPORT_CHECK(status.ok()) << status;
}

void WatchWorld::Link(v1::Kind kind, const std::string& merged, const std::string& survivor,
                      uint64_t id) {
  std::vector<kit::EventBuilder> records;
  for (const std::string& customer : {merged, survivor}) {
    kit::EventBuilder record(kind);
    record.Of(customer).Id(id).At(clock_.NowMicros());
    record.Set("survivor", survivor).Set("merged", merged);
    records.push_back(std::move(record));
  }
  Append(records);
}

void WatchWorld::Activate(const std::string& from, const std::string& to) {
  std::string text(projections::StandardRulesText());
  if (!from.empty()) {
    const std::string other = absl::StrReplaceAll(text, {{from, to}});
    RAPPORT_CHECK(other != text) << "the standard rules do not say " << from;
    text = other;
  }
  std::shared_ptr<const fold::Projection> rules = projections::Catalog(text, "other").value();
  rules_.emplace(edge::RulesDigestOf(*rules), rules);
  if (fold::FoldAlike(*rules, *engine_->rules())) {
    const absl::Status status = engine_->Activate(std::move(rules));
    RAPPORT_CHECK(status.ok()) << status;
    return;
  }
  const absl::Status begun =
      engine_->StartRefold(std::move(rules), [](const Position&) { return absl::OkStatus(); });
  RAPPORT_CHECK(begun.ok()) << begun;
  const absl::Time until = absl::Now() + kPatience;
  while (engine_->pipeline().rebuild().IsUnderWay() && absl::Now() < until) {
    std::this_thread::yield();
  }
  RAPPORT_CHECK(engine_->pipeline().rebuild().cause.ok()) << engine_->pipeline().rebuild().cause;
}

Position WatchWorld::End() {
  Position end;
  for (Partition partition = 0; partition < partitions_; ++partition) {
    end.next[partition] = engine_->log().Range(partition)->end;
  }
  return end;
}

class WatchClient::Sink final : public edge::MessageSink {
 public:
  explicit Sink(bool reads) : reads_(reads) {}

  bool Write(const google::protobuf::Message& message) override {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](Sink* sink) { return sink->reads_ || sink->closed_; }, this));
    if (closed_) return false;
    told_.push_back(static_cast<const v1::WatchRelationshipsResponse&>(message));
    return true;
  }
  void Read() {
    const absl::MutexLock lock(&mutex_);
    reads_ = true;
  }
  void Close() {
    const absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  std::vector<v1::WatchRelationshipsResponse> told() {
    const absl::MutexLock lock(&mutex_);
    return told_;
  }

  absl::Mutex mutex_;
  bool reads_;
  bool closed_ = false;
  std::vector<v1::WatchRelationshipsResponse> told_;
};

WatchClient::WatchClient(WatchWorld& world, const v1::WatchRelationshipsRequest& request,
                         bool reads)
    : world_(&world), request_(request), sink_(std::make_unique<Sink>(reads)) {
  thread_ = std::thread([this] {
    edge::Sink<v1::WatchRelationshipsResponse> sink(sink_.get());
    ended_ = support::Watch(world_->engine(), world_->hub(), call_, request_, sink);
  });
}

WatchClient::~WatchClient() { (void)Leave(); }

absl::Status WatchClient::Leave() {
  call_.Cancel();
  sink_->Close();
  if (thread_.joinable()) thread_.join();
  return ended_;
}

void WatchClient::Read() { sink_->Read(); }

void WatchClient::AwaitThat(
    const std::function<bool(const v1::WatchRelationshipsResponse&)>& is_it) {
  // Asked more than once, also after it was so.
  size_t seen = 0;
  bool is_there = false;
  const auto came = [&] {
    while (!is_there && seen < sink_->told_.size()) is_there = is_it(sink_->told_[seen++]);
    return is_there;
  };
  const absl::MutexLock lock(&sink_->mutex_);
  RAPPORT_CHECK(sink_->mutex_.AwaitWithTimeout(absl::Condition(&came), kPatience))
      << "after " << sink_->told_.size() << " messages, the last of which is "
      << (sink_->told_.empty() ? "none" : sink_->told_.back().ShortDebugString());
}

void WatchClient::Await(v1::WatchRelationshipsResponse::MessageCase kind) {
  AwaitThat([&](const v1::WatchRelationshipsResponse& message) {
    return message.message_case() == kind;
  });
}

void WatchClient::AwaitAll() {
  const Position end = world_->End();
  const int64_t now_us = world_->clock().NowMicros();
  const std::string rules = edge::RulesDigestOf(*world_->engine().rules());
  AwaitThat([&](const v1::WatchRelationshipsResponse& message) {
    if (message.has_change() || message.has_resync()) return false;
    const auto place = support::WatchPlaceText::Parse(message.position()).value();
    if (place.position.next.empty() || *place.told_to_us < now_us || place.rules != rules) {
      return false;
    }
    for (const auto& [partition, next] : end.next) {
      if (place.position.next.at(partition) < next) return false;
    }
    return true;
  });
}

std::vector<v1::WatchRelationshipsResponse> WatchClient::messages() { return sink_->told(); }

std::vector<v1::WatchRelationshipsResponse> WatchClient::changes() {
  std::vector<v1::WatchRelationshipsResponse> changes;
  for (v1::WatchRelationshipsResponse& message : sink_->told()) {
    if (message.has_change()) changes.push_back(std::move(message));
  }
  return changes;
}

}  // namespace rapport
