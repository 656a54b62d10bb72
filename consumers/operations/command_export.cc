#include "consumers/operations/command_export.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "consumers/analytics/export_file.h"
#include "consumers/analytics/export_table.h"
#include "consumers/operations/command_events.h"
#include "consumers/operations/interruption.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

using analytics::ExportFile;
using analytics::Metadata;

absl::StatusOr<std::unique_ptr<ExportFile>> Begin(const std::string& table,
                                                  const analytics::Columns& columns,
                                                  const ExportTarget& target) {
  ASSIGN_OR_RETURN(const analytics::FileForm form,
                   analytics::FileFormOf(target.format.empty() ? "parquet" : target.format));
  return ExportFile::Create(target.folder, table, form, columns, target.force);
}

// Reads a stream to its end with `take`, which may give it up, as an interruption does.
template <typename Response, typename Take>
absl::Status ReadAllOf(Client& client, grpc::ClientContext& context,
                       grpc::ClientReader<Response>& reader, Take take) {
  const Interruption interruption;
  Response response;
  absl::Status status;
  while (status.ok() && reader.Read(&response)) {
    status = interruption.Check();
    if (status.ok()) status = take(response);
  }
  if (!status.ok()) {
    context.TryCancel();
    while (reader.Read(&response)) continue;
  }
  const absl::Status told = client.Explain(reader.Finish());
  return status.ok() ? told : status;
}

void PrintDone(const ExportFile& file, const std::string& table, absl::Time begun,
               const std::string& positions) {
  std::printf("%s  %s rows  %s bytes  %s s  %s  %s\n", table.c_str(),
              Thousands(file.rows()).c_str(), Thousands(file.bytes()).c_str(),
              absl::StrFormat("%.2f", absl::ToDoubleSeconds(absl::Now() - begun)).c_str(),
              positions.c_str(), file.path().c_str());
}

// What the first and the last message say of the whole.
struct BaseSpan {
  v1::AnswerInfo begin;
  v1::AnswerInfo end;
  bool whole = false;
};

Metadata MetadataOf(const std::string& table, const BaseExport& options, const BaseSpan& span) {
  return {{"rapport.table", table},
          {"rapport.version", RAPPORT_VERSION},
          {"rapport.as_of", FormatTime(span.begin.as_of_us())},
          {"rapport.known_at", options.known_at},
          {"rapport.rules_digest", span.begin.rules_digest()},
          {"rapport.position_from", span.begin.position()},
          {"rapport.position_to", span.end.position()},
          {"rapport.complete_from", span.end.complete_from()}};
}

// One table of the base, whose rows stand in one field of the messages.
template <typename Row>
absl::Status ExportRows(
    Client& client, const v1::SnapshotBaseRequest& request, const std::string& name,
    const analytics::ExportTable<Row>& table,
    const google::protobuf::RepeatedPtrField<Row>& (v1::SnapshotBaseResponse::*rows)() const,
    const BaseExport& options, const ExportTarget& target) {
  const absl::Time begun = absl::Now();
  std::unique_ptr<ExportFile> file;
  BaseSpan span;
  grpc::ClientContext context;
  const auto reader = client.history().SnapshotBase(&context, request);
  const auto take = [&](const v1::SnapshotBaseResponse& response) -> absl::Status {
    // Nothing is made before the server has taken the request.
    if (file == nullptr) {
      span.begin = response.info();
      ASSIGN_OR_RETURN(file, Begin(name, table.columns(), target));
    }
    for (const Row& row : (response.*rows)()) {
      table.Add(row, file->batch());
      RETURN_IF_ERROR(file->EndRow());
    }
    span.whole = response.whole();
    if (span.whole) span.end = response.info();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ReadAllOf(client, context, *reader, take));
  if (!span.whole) {
    return absl::UnavailableError(
        "EXPORT_CUT: the server ended before the table did; nothing was left, run it again");
  }
  RETURN_IF_ERROR(file->Finish(MetadataOf(name, options, span)));
  PrintDone(*file, name, begun,
            span.begin.position() == span.end.position()
                ? absl::StrCat("position ", span.begin.position())
                : absl::StrCat("positions ", span.begin.position(), " to ", span.end.position()));
  if (!span.end.complete_from().empty()) {
    std::fprintf(stderr, "rapport: incomplete: events before %s were lost, see rapport status\n",
                 span.end.complete_from().c_str());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ReplayEventsRequest> RequestOf(const EventsExport& options) {
  v1::ReplayEventsRequest request;
  request.set_customer_id(options.customer);
  request.set_from_position(options.from_position);
  request.set_to_position(options.to_position);
  RETURN_IF_ERROR(SetSpan(options.from, options.to, request));
  if (request.has_from_us() && request.has_to_us() && request.from_us() >= request.to_us()) {
    return absl::InvalidArgumentError(
        absl::StrCat("TIME_OUT_OF_RANGE: --to: must be behind --from, ",
                     FormatTime(request.from_us()), ", is ", FormatTime(request.to_us())));
  }
  RETURN_IF_ERROR(AddKinds(options.kinds, request));
  return request;
}

// How many events there are, up to where, and the names of their measures, which are columns.
absl::StatusOr<v1::ReplaySummary> Count(Client& client, v1::ReplayEventsRequest request) {
  request.set_dry_run(true);
  grpc::ClientContext context;
  std::optional<v1::ReplaySummary> summary;
  const auto reader = client.history().ReplayEvents(&context, request);
  RETURN_IF_ERROR(
      ReadAllOf(client, context, *reader, [&](const v1::ReplayEventsResponse& response) {
        if (response.has_summary()) summary = response.summary();
        return absl::OkStatus();
      }));
  if (!summary.has_value()) {
    return absl::UnavailableError("EXPORT_CUT: the server does not say how many events there are");
  }
  return *summary;
}

}  // namespace

absl::Status ExportBase(Client& client, v1::BaseTable table, const BaseExport& options,
                        const ExportTarget& target) {
  v1::SnapshotBaseRequest request;
  request.set_table(table);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  switch (table) {
    case v1::BASE_TABLE_POINTS:
      return ExportRows(client, request, "points", analytics::PointsTable(),
                        &v1::SnapshotBaseResponse::points, options, target);
    case v1::BASE_TABLE_FOLLOW_UPS:
      return ExportRows(client, request, "follow_ups", analytics::FollowUpsTable(),
                        &v1::SnapshotBaseResponse::follow_ups, options, target);
    default:
      return ExportRows(client, request, "relationships", analytics::RelationshipsTable(),
                        &v1::SnapshotBaseResponse::relationships, options, target);
  }
}

absl::Status ExportEvents(Client& client, const EventsExport& options, const ExportTarget& target) {
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(v1::ReplayEventsRequest request, RequestOf(options));
  ASSIGN_OR_RETURN(const v1::ReplaySummary summary, Count(client, request));
  request.set_to_position(summary.position());
  const analytics::EventsTable table({summary.measures().begin(), summary.measures().end()});
  ASSIGN_OR_RETURN(const auto file, Begin("events", table.columns(), target));
  grpc::ClientContext context;
  const auto reader = client.history().ReplayEvents(&context, request);
  RETURN_IF_ERROR(
      ReadAllOf(client, context, *reader, [&](const v1::ReplayEventsResponse& response) {
        table.Add(response, file->batch());
        return file->EndRow();
      }));
  if (file->rows() != summary.events()) {
    return absl::AbortedError(absl::StrCat("EXPORT_CHANGED: ", summary.events(),
                                           " events were counted, and then there were ",
                                           file->rows(), "; nothing was left, run it again"));
  }
  RETURN_IF_ERROR(file->Finish(
      {{"rapport.table", "events"},
       {"rapport.version", RAPPORT_VERSION},
       {"rapport.from", request.has_from_us() ? FormatTime(request.from_us()) : std::string()},
       {"rapport.to", request.has_to_us() ? FormatTime(request.to_us()) : std::string()},
       {"rapport.customer_id", options.customer},
       {"rapport.kinds", absl::StrJoin(options.kinds, " ")},
       {"rapport.position_from", options.from_position},
       {"rapport.position_to", summary.position()}}));
  PrintDone(*file, "events", begun, absl::StrCat("position ", summary.position()));
  return absl::OkStatus();
}

}  // namespace rapport::operations
