// ExportWriter: what HistoryService streams, as the file of a table.
//
//   BaseFileWriter writer(request, {"out", FileForm::kParquet});
//   while (reader->Read(&response)) RETURN_IF_ERROR(writer.Take(response));
//   ASSIGN_OR_RETURN(const v1::ExportedFile file, writer.Finish());
//
// Nothing is made before the first answer: a request that is refused leaves no folder behind. Who
// does not come to Finish leaves nothing under the file's name.
//
// Threads: one. Errors: those of ExportFile; UNAVAILABLE (EXPORT_CUT) for a stream that ended
//          before its table did, ABORTED (EXPORT_CHANGED) for other events than were counted.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "consumers/analytics/export_file.h"
#include "consumers/analytics/export_table.h"
#include "rapport/v1/operation_request.pb.h"

namespace rapport::analytics {

// Where to, and how.
struct ExportTarget {
  std::string folder;
  FileForm form = FileForm::kParquet;
  // Takes the place of a file that is there.
  bool replace = false;
};

// `relationships`, `points` or `follow_ups`: what the file and its folder are called.
std::string NameOfTable(v1::BaseTable table);

// One table of the base.
class BaseFileWriter {
 public:
  BaseFileWriter(v1::SnapshotBaseRequest request, ExportTarget target)
      : request_(std::move(request)), target_(std::move(target)) {}

  absl::Status Take(const v1::SnapshotBaseResponse& response);
  // `path` is that of the file.
  absl::StatusOr<v1::ExportedFile> Finish();

 private:
  absl::Status Begin(const v1::AnswerInfo& info);

  const v1::SnapshotBaseRequest request_;
  const ExportTarget target_;
  std::unique_ptr<ExportFile> file_;
  // What the first and the last message say of the whole.
  v1::AnswerInfo begin_;
  v1::AnswerInfo end_;
  bool is_whole_ = false;
};

// Events, once they were counted: their measures are columns.
class EventsFileWriter {
 public:
  // What counts them, as it is sent before.
  static v1::ReplayEventsRequest Counting(v1::ReplayEventsRequest request);

  static absl::StatusOr<std::unique_ptr<EventsFileWriter>> Create(v1::ReplayEventsRequest request,
                                                                  const v1::ReplaySummary& counted,
                                                                  const ExportTarget& target);
  // What gives just the events that were counted.
  const v1::ReplayEventsRequest& request() const { return request_; }

  absl::Status Take(const v1::ReplayEventsResponse& response);
  absl::StatusOr<v1::ExportedFile> Finish();

 private:
  EventsFileWriter(v1::ReplayEventsRequest request, const v1::ReplaySummary& counted,
                   EventsTable table)
      : request_(std::move(request)), counted_(counted.events()), table_(std::move(table)) {}

  v1::ReplayEventsRequest request_;
  const int64_t counted_;
  const EventsTable table_;
  std::unique_ptr<ExportFile> file_;
};

}  // namespace rapport::analytics
