// ItemPublisher: publishes what callers send, in either spelling, in their name.
//
//   std::vector<v1::PublishResult> results;
//   const Position position = items.Publish(call.caller(), span, options, results);
//
// Threads:   Publish from any thread. Ownership: borrows the engine.
// Errors:    name fields as the item has them, and stand in the result of the item they are about,
// never in its neighbours': those of
//            pipeline::Publisher, SOURCE_NOT_PERMITTED (also for taking back what another source
//            said), ROLE_MISSING for links between customers, and what keeps the engine from
//            writing.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/publish.pb.h"

namespace rapport::transactions {

class ItemPublisher {
 public:
  explicit ItemPublisher(const Engine* engine) : engine_(engine) {}

  // Adds one result per item, in order. The position covers those that stand in the log.
  Position Publish(const edge::Caller& caller, absl::Span<const v1::PublishItem* const> items,
                   const pipeline::PublishOptions& options,
                   google::protobuf::RepeatedPtrField<v1::PublishResult>& results) const;

 private:
  const Engine* const engine_;
};

}  // namespace rapport::transactions
