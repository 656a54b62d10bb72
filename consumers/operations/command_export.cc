#include "consumers/operations/command_export.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consumers/analytics/export_writer.h"
#include "consumers/operations/command_events.h"
#include "consumers/operations/interruption.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

absl::StatusOr<analytics::ExportTarget> TargetOf(const ExportTarget& target) {
  ASSIGN_OR_RETURN(const analytics::FileForm form,
                   analytics::FileFormOf(target.format.empty() ? "parquet" : target.format));
  return analytics::ExportTarget{target.folder, form, target.force};
}

v1::FileForm FormOf(analytics::FileForm form) {
  if (form == analytics::FileForm::kCsv) return v1::FILE_FORM_CSV;
  return form == analytics::FileForm::kJsonLines ? v1::FILE_FORM_JSON_LINES : v1::FILE_FORM_PARQUET;
}

// The server writes the file into a folder of its own.
absl::Status ExportThere(Client& client, v1::ExportRequest request, const ExportTarget& target) {
  ASSIGN_OR_RETURN(const analytics::ExportTarget written, TargetOf(target));
  request.set_form(FormOf(written.form));
  v1::OperationRequest operation;
  *operation.mutable_file() = std::move(request);
  return StartInBackground(client, operation, target.background, Format::kTable, "--on-server");
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

void WarnOfLoss(const v1::ExportedFile& file) {
  if (file.complete_from().empty()) return;
  std::fprintf(stderr, "rapport: incomplete: events before %s were lost, see rapport status\n",
               file.complete_from().c_str());
}

}  // namespace

absl::StatusOr<v1::ReplayEventsRequest> ReplayRequestOf(const EventsExport& options) {
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

absl::StatusOr<v1::ReplaySummary> CountEvents(Client& client, v1::ReplayEventsRequest request) {
  request = analytics::EventsFileWriter::Counting(std::move(request));
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

absl::Status ExportBase(Client& client, v1::BaseTable table, const BaseExport& options,
                        const ExportTarget& target) {
  v1::SnapshotBaseRequest request;
  request.set_table(table);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  if (target.background.no_wait) {
    v1::ExportRequest asked;
    *asked.mutable_base() = std::move(request);
    return ExportThere(client, std::move(asked), target);
  }
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(analytics::ExportTarget file_target, TargetOf(target));
  analytics::BaseFileWriter writer(request, std::move(file_target));
  grpc::ClientContext context;
  const auto reader = client.history().SnapshotBase(&context, request);
  RETURN_IF_ERROR(
      ReadAllOf(client, context, *reader,
                [&](const v1::SnapshotBaseResponse& response) { return writer.Take(response); }));
  ASSIGN_OR_RETURN(const v1::ExportedFile file, writer.Finish());
  PrintExported(file, Format::kTable, absl::Now() - begun);
  return absl::OkStatus();
}

absl::Status ExportEvents(Client& client, const EventsExport& options, const ExportTarget& target) {
  ASSIGN_OR_RETURN(v1::ReplayEventsRequest request, ReplayRequestOf(options));
  if (target.background.no_wait) {
    v1::ExportRequest asked;
    *asked.mutable_events() = std::move(request);
    return ExportThere(client, std::move(asked), target);
  }
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const analytics::ExportTarget file_target, TargetOf(target));
  ASSIGN_OR_RETURN(const v1::ReplaySummary counted, CountEvents(client, request));
  ASSIGN_OR_RETURN(const auto writer,
                   analytics::EventsFileWriter::Create(std::move(request), counted, file_target));
  grpc::ClientContext context;
  const auto reader = client.history().ReplayEvents(&context, writer->request());
  RETURN_IF_ERROR(
      ReadAllOf(client, context, *reader,
                [&](const v1::ReplayEventsResponse& response) { return writer->Take(response); }));
  ASSIGN_OR_RETURN(const v1::ExportedFile file, writer->Finish());
  PrintExported(file, Format::kTable, absl::Now() - begun);
  return absl::OkStatus();
}

void PrintExported(const v1::ExportedFile& file, Format format, absl::Duration took) {
  if (format != Format::kTable) return PrintJson(format, {&file});
  const std::string& from = file.position_from();
  const std::string& to = file.position_to();
  const std::string positions = from.empty() || from == to
                                    ? absl::StrCat("position ", to)
                                    : absl::StrCat("positions ", from, " to ", to);
  const std::vector<std::string> parts = absl::StrSplit(file.path(), '/');
  const std::string table = parts.size() < 2 ? file.path() : parts[parts.size() - 2];
  std::printf("%s  %s rows  %s bytes  %.2f s  %s  %s\n", table.c_str(),
              Thousands(file.rows()).c_str(), Thousands(file.bytes()).c_str(),
              absl::ToDoubleSeconds(took), positions.c_str(), file.path().c_str());
  WarnOfLoss(file);
}

}  // namespace rapport::operations
