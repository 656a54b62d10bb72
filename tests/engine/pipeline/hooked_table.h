// HookedTable passes everything on to another table, and tells of each Get before it happens.
//
//   HookedTable table(std::move(inner));
//   table.before_get = [](absl::string_view key) { ...; return absl::OkStatus(); };
//
// So a test makes something happen between two reads. A status that is not OK is the answer.
//
// Threads: as the table's own, and the hook's. Ownership: owns the table.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/table/table.h"

namespace rapport::pipeline {

class HookedTable : public table::Table {
 public:
  using Hook = std::function<absl::Status(absl::string_view key)>;

  explicit HookedTable(std::unique_ptr<table::Table> inner) : inner_(std::move(inner)) {}

  absl::StatusOr<std::string> Get(absl::string_view key) override {
    // A hook may put another into its place.
    if (const Hook hook = before_get; hook != nullptr) RETURN_IF_ERROR(hook(key));
    return inner_->Get(key);
  }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) override {
    return inner_->MultiGet(keys);
  }
  std::unique_ptr<table::Iterator> NewIterator() override { return inner_->NewIterator(); }
  absl::Status Write(const table::WriteBatch& batch, table::Durability durability) override {
    return inner_->Write(batch, durability);
  }
  absl::Status Flush() override { return inner_->Flush(); }
  absl::Status Ingest(absl::Span<const table::KeyValue> rows) override {
    return inner_->Ingest(rows);
  }
  uint64_t ApproximateBytes() override { return inner_->ApproximateBytes(); }

  Hook before_get;

 private:
  const std::unique_ptr<table::Table> inner_;
};

}  // namespace rapport::pipeline
