#include "consumers/operations/command_watch.h"

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace rapport::operations {
namespace {

using Message = v1::WatchRelationshipsResponse;

std::string StandingText(const v1::Standing& standing) {
  return absl::StrCat(StageText(standing.stage(), standing.stage_reason()), " ",
                      Points(standing.score_milli()));
}

std::string CauseText(const v1::RelationshipChange& change) {
  if (change.cause() == v1::RELATIONSHIP_CAUSE_UNSPECIFIED) return "as it is";
  return std::string(
      absl::StripPrefix(v1::RelationshipCause_Name(change.cause()), "RELATIONSHIP_CAUSE_"));
}

// `2026-01-31T09:30:00Z  cust-1  EXPLORATION 400.000 -> EXPANSION 512.000  EVENTS  stage, score`
std::string RowOf(const v1::RelationshipChange& change) {
  std::vector<std::string> fields;
  for (const std::string& field : change.changed_fields()) {
    fields.emplace_back(absl::StripPrefix(field, "standing."));
  }
  const std::string after = change.has_after() ? StandingText(change.after().standing())
                            : !change.merged_into().empty()
                                ? absl::StrCat("one with ", change.merged_into())
                                : "unknown";
  return absl::StrCat(
      FormatSecond(change.at_us()), "  ", Pad(change.customer_id(), 16), "  ",
      change.has_before() ? absl::StrCat(StandingText(change.before().standing()), " -> ") : "",
      after, "  ", CauseText(change), fields.empty() ? "" : "  ", absl::StrJoin(fields, ", "));
}

void PrintMessage(const Message& message, Format format) {
  if (format != Format::kTable) {
    PrintJson(Format::kJsonLines, {&message});
  } else if (message.has_change()) {
    std::printf("%s\n", RowOf(message.change()).c_str());
  } else if (message.has_resync()) {
    Talk(absl::StrCat("changes are missing here: ", message.resync().reason()));
  }
  std::fflush(stdout);
}

}  // namespace

absl::Status WatchCustomers(Client& client, const CustomersWatch& options) {
  v1::WatchRelationshipsRequest request;
  request.set_filter(options.filter);
  request.set_from_position(options.from_position);
  request.set_include_snapshot(options.snapshot);
  grpc::ClientContext context;
  const auto reader = client.relationships().WatchRelationships(&context, request);
  Message message;
  while (reader->Read(&message)) {
    PrintMessage(message, options.format);
    if (!options.once || !message.has_caught_up()) continue;
    context.TryCancel();
    while (reader->Read(&message)) continue;
    (void)reader->Finish();
    return absl::OkStatus();
  }
  return client.Explain(reader->Finish());
}

}  // namespace rapport::operations
