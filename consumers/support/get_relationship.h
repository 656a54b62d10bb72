// GetRelationship: one customer, or up to a thousand at one viewpoint.
//
// What a mask does not name is not computed: receipts, follow-ups, moments of change, metrics and
// facts cost much more than stage and score. A batch asks for position and rules once; each of its
// customers is read by himself, so that partitions fold on meanwhile.
//
// Threads: any. Errors: those of reading customers; in a batch each customer has his own.
#pragma once

#include "absl/status/status.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

absl::Status GetOne(const Engine& engine, const edge::Call& call,
                    const v1::GetRelationshipRequest& request,
                    v1::GetRelationshipResponse& response);

absl::Status GetBatch(const Engine& engine, const edge::Call& call,
                      const v1::BatchGetRelationshipsRequest& request,
                      v1::BatchGetRelationshipsResponse& response);

// Whether it is about now, and nothing has to be waited for or read from the archive.
bool IsQuickGet(const google::protobuf::Message& request);
// Few enough, or little enough of each, besides.
bool IsQuickBatch(const google::protobuf::Message& request);

}  // namespace rapport::support
