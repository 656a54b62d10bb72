#include "consumers/analytics/export_writer.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"

namespace rapport::analytics {
namespace {

absl::StatusOr<std::unique_ptr<ExportFile>> Create(const std::string& table, const Columns& columns,
                                                   const ExportTarget& target) {
  return ExportFile::Create(target.folder, table, target.form, columns, target.replace);
}

template <typename Row>
absl::Status AddRows(const ExportTable<Row>& table,
                     const google::protobuf::RepeatedPtrField<Row>& rows, ExportFile& file) {
  for (const Row& row : rows) {
    table.Add(row, file.batch());
    RETURN_IF_ERROR(file.EndRow());
  }
  return absl::OkStatus();
}

Columns ColumnsOf(v1::BaseTable table) {
  switch (table) {
    case v1::BASE_TABLE_POINTS:
      return PointsTable().columns();
    case v1::BASE_TABLE_FOLLOW_UPS:
      return FollowUpsTable().columns();
    default:
      return RelationshipsTable().columns();
  }
}

v1::ExportedFile Described(const ExportFile& file) {
  v1::ExportedFile described;
  described.set_path(file.path());
  described.set_rows(file.rows());
  described.set_bytes(file.bytes());
  return described;
}

std::string KindNames(const v1::ReplayEventsRequest& request) {
  std::vector<std::string> names;
  for (const int kind : request.kinds()) {
    const event::KindInfo* info = event::FindKind(static_cast<v1::Kind>(kind));
    names.push_back(info == nullptr ? absl::StrCat(kind) : std::string(info->name));
  }
  return absl::StrJoin(names, " ");
}

}  // namespace

std::string NameOfTable(v1::BaseTable table) {
  switch (table) {
    case v1::BASE_TABLE_POINTS:
      return "points";
    case v1::BASE_TABLE_FOLLOW_UPS:
      return "follow_ups";
    default:
      return "relationships";
  }
}

absl::Status BaseFileWriter::Begin(const v1::AnswerInfo& info) {
  begin_ = info;
  ASSIGN_OR_RETURN(file_,
                   Create(NameOfTable(request_.table()), ColumnsOf(request_.table()), target_));
  return absl::OkStatus();
}

absl::Status BaseFileWriter::Take(const v1::SnapshotBaseResponse& response) {
  if (file_ == nullptr) RETURN_IF_ERROR(Begin(response.info()));
  RETURN_IF_ERROR(AddRows(RelationshipsTable(), response.relationships(), *file_));
  RETURN_IF_ERROR(AddRows(PointsTable(), response.points(), *file_));
  RETURN_IF_ERROR(AddRows(FollowUpsTable(), response.follow_ups(), *file_));
  is_whole_ = response.whole();
  if (is_whole_) end_ = response.info();
  return absl::OkStatus();
}

absl::StatusOr<v1::ExportedFile> BaseFileWriter::Finish() {
  if (!is_whole_) {
    return absl::UnavailableError(
        "EXPORT_CUT: the server ended before the table did; nothing was left, run it again");
  }
  RETURN_IF_ERROR(file_->Finish({{"rapport.table", NameOfTable(request_.table())},
                                 {"rapport.version", RAPPORT_VERSION},
                                 {"rapport.as_of", FormatTime(begin_.as_of_us())},
                                 {"rapport.known_at", request_.viewpoint().known_at()},
                                 {"rapport.rules_digest", begin_.rules_digest()},
                                 {"rapport.position_from", begin_.position()},
                                 {"rapport.position_to", end_.position()},
                                 {"rapport.complete_from", end_.complete_from()}}));
  v1::ExportedFile described = Described(*file_);
  described.set_position_from(begin_.position());
  described.set_position_to(end_.position());
  described.set_complete_from(end_.complete_from());
  return described;
}

v1::ReplayEventsRequest EventsFileWriter::Counting(v1::ReplayEventsRequest request) {
  request.set_dry_run(true);
  return request;
}

absl::StatusOr<std::unique_ptr<EventsFileWriter>> EventsFileWriter::Create(
    v1::ReplayEventsRequest request, const v1::ReplaySummary& counted, const ExportTarget& target) {
  request.set_to_position(counted.position());
  std::unique_ptr<EventsFileWriter> writer(
      new EventsFileWriter(std::move(request), counted,
                           EventsTable({counted.measures().begin(), counted.measures().end()})));
  ASSIGN_OR_RETURN(writer->file_, analytics::Create("events", writer->table_.columns(), target));
  return writer;
}

absl::Status EventsFileWriter::Take(const v1::ReplayEventsResponse& response) {
  table_.Add(response, file_->batch());
  return file_->EndRow();
}

absl::StatusOr<v1::ExportedFile> EventsFileWriter::Finish() {
  if (file_->rows() != counted_) {
    return absl::AbortedError(absl::StrCat("EXPORT_CHANGED: ", counted_,
                                           " events were counted, and then there were ",
                                           file_->rows(), "; nothing was left, run it again"));
  }
  RETURN_IF_ERROR(file_->Finish(
      {{"rapport.table", "events"},
       {"rapport.version", RAPPORT_VERSION},
       {"rapport.from", request_.has_from_us() ? FormatTime(request_.from_us()) : std::string()},
       {"rapport.to", request_.has_to_us() ? FormatTime(request_.to_us()) : std::string()},
       {"rapport.customer_id", request_.customer_id()},
       {"rapport.kinds", KindNames(request_)},
       {"rapport.position_from", request_.from_position()},
       {"rapport.position_to", request_.to_position()}}));
  v1::ExportedFile described = Described(*file_);
  described.set_position_from(request_.from_position());
  described.set_position_to(request_.to_position());
  return described;
}

}  // namespace rapport::analytics
