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

#include "engine/base/status_macros.h"
#include "tests/kit/table_wrapper.h"

namespace rapport::pipeline {

class HookedTable : public kit::TableWrapper {
 public:
  using Hook = std::function<absl::Status(absl::string_view key)>;

  explicit HookedTable(std::unique_ptr<table::Table> inner)
      : TableWrapper(inner.get()), owned_(std::move(inner)) {}

  absl::StatusOr<std::string> Get(absl::string_view key) override {
    // A hook may put another into its place.
    if (const Hook hook = before_get; hook != nullptr) RETURN_IF_ERROR(hook(key));
    return inner().Get(key);
  }

  Hook before_get;

 private:
  const std::unique_ptr<table::Table> owned_;
};

}  // namespace rapport::pipeline
