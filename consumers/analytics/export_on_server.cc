#include "consumers/analytics/export_on_server.h"

#include <optional>

#include "consumers/analytics/base_snapshot.h"
#include "consumers/analytics/export_writer.h"
#include "consumers/analytics/replay.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

// Gives each message to `take`; the stream ends where that fails, or the disk gets low.
template <typename Response, typename Take>
class TakingSink final : public edge::MessageSink {
 public:
  TakingSink(const Engine& engine, Take take) : engine_(engine), take_(std::move(take)) {}

  bool Write(const google::protobuf::Message& message) override {
    status_ = engine_.MayWrite();
    if (status_.ok()) status_ = take_(static_cast<const Response&>(message));
    return status_.ok();
  }

  // What ended the stream, which told `status` of it.
  absl::Status Outcome(const absl::Status& status) const { return status_.ok() ? status : status_; }

 private:
  const Engine& engine_;
  Take take_;
  absl::Status status_;
};

template <typename Response, typename Stream, typename Take>
absl::Status TakeAll(const Engine& engine, Stream stream, Take take) {
  TakingSink<Response, Take> taking(engine, std::move(take));
  edge::Sink<Response> sink(&taking);
  return taking.Outcome(stream(sink));
}

FileForm FormOf(v1::FileForm form) {
  if (form == v1::FILE_FORM_CSV) return FileForm::kCsv;
  return form == v1::FILE_FORM_JSON_LINES ? FileForm::kJsonLines : FileForm::kParquet;
}

absl::Status ExportEvents(const Engine& engine, const edge::Call& call,
                          const v1::ReplayEventsRequest& request, const ExportTarget& target,
                          v1::ExportedFile& file) {
  std::optional<v1::ReplaySummary> counted;
  const auto replay = [&](const v1::ReplayEventsRequest& asked, int passes) {
    return [&engine, &call, &asked, passes](edge::Sink<v1::ReplayEventsResponse>& sink) {
      return ReplayArchive(engine, call, asked, sink, passes);
    };
  };
  const v1::ReplayEventsRequest counting = EventsFileWriter::Counting(request);
  RETURN_IF_ERROR(TakeAll<v1::ReplayEventsResponse>(engine, replay(counting, /*passes=*/2),
                                                    [&](const v1::ReplayEventsResponse& response) {
                                                      counted = response.summary();
                                                      return absl::OkStatus();
                                                    }));
  if (!counted.has_value()) return absl::InternalError("BUG: a replay does not say how much it is");
  ASSIGN_OR_RETURN(const auto writer, EventsFileWriter::Create(request, *counted, target));
  RETURN_IF_ERROR(TakeAll<v1::ReplayEventsResponse>(
      engine, replay(writer->request(), /*passes=*/0),
      [&](const v1::ReplayEventsResponse& response) { return writer->Take(response); }));
  ASSIGN_OR_RETURN(file, writer->Finish());
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckExport(const v1::ExportRequest& request) {
  if (!v1::FileForm_IsValid(request.form())) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: request.file.form: there is no such form; say FILE_FORM_PARQUET, "
        "FILE_FORM_CSV or FILE_FORM_JSON_LINES");
  }
  switch (request.table_case()) {
    case v1::ExportRequest::kBase:
      if (request.base().table() != v1::BASE_TABLE_UNSPECIFIED &&
          v1::BaseTable_IsValid(request.base().table())) {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(
          "FIELD_INVALID: request.file.base.table: say which one, such as "
          "BASE_TABLE_RELATIONSHIPS");
    case v1::ExportRequest::kEvents:
      if (!request.events().follow() && !request.events().dry_run() &&
          request.events().records_per_second_max() == 0) {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(
          "FIELD_INVALID: request.file.events: a file has an end and holds what there is; leave "
          "out follow, dry_run and records_per_second_max");
    default:
      return absl::InvalidArgumentError(
          "FIELD_INVALID: request.file: say which table, base or events");
  }
}

absl::Status ExportOnServer(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                            const v1::ExportRequest& request, const std::string& folder,
                            v1::ExportedFile& file) {
  const ExportTarget target{folder, FormOf(request.form()), /*replace=*/true};
  if (request.has_events()) return ExportEvents(engine, call, request.events(), target, file);
  BaseFileWriter writer(request.base(), target);
  RETURN_IF_ERROR(TakeAll<v1::SnapshotBaseResponse>(
      engine,
      [&](edge::Sink<v1::SnapshotBaseResponse>& sink) {
        return StreamBase(engine, call, walks, request.base(), sink);
      },
      [&](const v1::SnapshotBaseResponse& response) { return writer.Take(response); }));
  ASSIGN_OR_RETURN(file, writer.Finish());
  return absl::OkStatus();
}

}  // namespace rapport::analytics
