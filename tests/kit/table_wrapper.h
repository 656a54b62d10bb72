// TableWrapper passes everything on to another table. A test overrides what it wants otherwise.
//
//   class SlowTable : public kit::TableWrapper {
//     using TableWrapper::TableWrapper;
//     absl::Status Flush() override { ...; return inner().Flush(); }
//   };
//
// Threads: as the other table's. Ownership: borrows the other table.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/table/table.h"

namespace rapport::kit {

class TableWrapper : public table::Table {
 public:
  explicit TableWrapper(table::Table* inner) : inner_(inner) {}

  absl::StatusOr<std::string> Get(absl::string_view key) override { return inner_->Get(key); }
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

 protected:
  table::Table& inner() { return *inner_; }

 private:
  table::Table* const inner_;
};

}  // namespace rapport::kit
