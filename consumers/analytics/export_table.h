// ExportTable: the columns of a table, each with where its value comes from.
//
//   const ExportTable<v1::BasePoints>& table = PointsTable();
//   RowBatch batch(table.columns());
//   table.Add(row, batch);
//
// docs/export.md says what each column means. Names and types of columns are a promise: new ones
// come at the end, none changes.
//
// Threads: tables are constant. Errors: none.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "consumers/analytics/row_batch.h"
#include "rapport/v1/history.pb.h"
#include "rapport/v1/snapshot.pb.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::analytics {

template <typename Row>
struct ExportField {
  Column column;
  // Adds one value, or null.
  void (*add)(const Row& row, ColumnData& to);
};

template <typename Row>
class ExportTable {
 public:
  explicit ExportTable(std::vector<ExportField<Row>> fields) : fields_(std::move(fields)) {}

  Columns columns() const {
    Columns columns;
    for (const ExportField<Row>& field : fields_) columns.push_back(field.column);
    return columns;
  }
  // Adds the row's values to the first columns of the batch.
  void AddValues(const Row& row, RowBatch& batch) const {
    for (size_t i = 0; i < fields_.size(); ++i) fields_[i].add(row, batch.column(i));
  }
  void Add(const Row& row, RowBatch& batch) const {
    AddValues(row, batch);
    batch.EndRow();
  }

 private:
  const std::vector<ExportField<Row>> fields_;
};

const ExportTable<v1::BaseRelationship>& RelationshipsTable();
const ExportTable<v1::BasePoints>& PointsTable();
const ExportTable<v1::CustomerFollowUp>& FollowUpsTable();

// An event with its payload opened.
struct OpenedEvent {
  const v1::ReplayEventsResponse* record = nullptr;
  // The payload; null when this version does not know its kind.
  const google::protobuf::Message* payload = nullptr;
  // What it is about: the payload's own amount; null = it has none.
  const v1::Money* amount = nullptr;
};

// Events as the log has them, with one column for each of the measures named.
class EventsTable {
 public:
  // `measures` ascend by bytes.
  explicit EventsTable(std::vector<std::string> measures) : measures_(std::move(measures)) {}

  Columns columns() const;
  void Add(const v1::ReplayEventsResponse& record, RowBatch& batch) const;

 private:
  const std::vector<std::string> measures_;
};

}  // namespace rapport::analytics
