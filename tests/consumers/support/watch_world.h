// WatchWorld: an engine whose clock a test moves, and callers who watch it.
//
//   WatchWorld world(/*partitions=*/2);
//   WatchClient client(world, {});
//   world.Append({APurchase().Of("ana").Id(1).Worth(5, "EUR")});
//   client.AwaitAll();
//   for (const auto& message : client.messages()) ...
//
// Threads: one, besides those of engine, hub and clients. Ownership: a world outlives its clients.
// Errors: what does not come within a minute stops the test program.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "consumers/edge/call.h"
#include "consumers/support/watch_stream.h"
#include "engine/base/time.h"
#include "engine/engine.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/scratch_folder.h"

namespace rapport {

// A day on which these tests begin.
inline constexpr int64_t kWatchDay = 20'000;

class WatchWorld {
 public:
  explicit WatchWorld(int partitions);
  WatchWorld(int partitions, support::WatchOptions options);
  ~WatchWorld();

  // With a heartbeat and time steps as often as can be.
  static support::WatchOptions Quick();

  Engine& engine() { return *engine_; }
  support::WatchHub& hub() { return *hub_; }
  ManualClock& clock() { return clock_; }

  // Appends the events and waits until they are applied.
  void Append(const std::vector<kit::EventBuilder>& events);
  // A merge or split, as both customers' records say it.
  void Link(v1::Kind kind, const std::string& merged, const std::string& survivor, uint64_t id);
  // Lets the standard rules with `from` replaced by `to` answer; empty = as they are. Comes back
  // when they do, also where facts are folded anew before.
  void Activate(const std::string& from, const std::string& to);
  // Closes the engine, and opens it again on its directory. No client may watch.
  void Reopen();
  // Where the log ends.
  Position End();

 private:
  void Open();

  const int partitions_;
  const support::WatchOptions options_;
  kit::ScratchFolder folder_;
  ManualClock clock_{kWatchDay * kMicrosPerDay + kMicrosPerHour};
  std::unique_ptr<fold::Projection> projection_;
  // By the names that answers give them.
  std::map<std::string, std::shared_ptr<const fold::Projection>> rules_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<support::WatchHub> hub_;
};

// One caller, on a thread of his own, who remembers all that he was told.
class WatchClient {
 public:
  // `reads` false: takes nothing before Read is called.
  WatchClient(WatchWorld& world, const v1::WatchRelationshipsRequest& request, bool reads = true);
  // Leaves.
  ~WatchClient();

  void Read();
  // Waits until he was told up to the log's end, the clock's moment and the active rules.
  void AwaitAll();
  // Waits until he was told of such a message.
  void Await(v1::WatchRelationshipsResponse::MessageCase kind);
  // Leaves; what his call ended with.
  absl::Status Leave();

  std::vector<v1::WatchRelationshipsResponse> messages();
  // Those that are changes.
  std::vector<v1::WatchRelationshipsResponse> changes();

 private:
  class Sink;
  void AwaitThat(const std::function<bool(const v1::WatchRelationshipsResponse&)>& is_it);

  WatchWorld* const world_;
  const v1::WatchRelationshipsRequest request_;
  edge::Call call_{edge::Caller()};
  std::unique_ptr<Sink> sink_;
  absl::Status ended_;
  std::thread thread_;
};

}  // namespace rapport
