// Importer: the events of a user's file, one by one, as a mapping describes them.
//
//   ASSIGN_OR_RETURN(auto mapping, ImportMapping::Load("deploy/import/cdnow.toml"));
//   ASSIGN_OR_RETURN(auto importer, Importer::Open(mapping, "CDNOW_master.txt.gz", {}));
//   ImportReport report;
//   absl::Status done = importer->Run([&](v1::Event&& event) { return Publish(event); }, report);
//
// Ids come from the file, so that importing it twice, or again after a mistake was mended, adds
// nothing twice. A value that cannot be read costs its event alone, and so does a row with a field
// too many or too few: it is counted, told, and the import goes on. What makes the rest of the file
// unreadable stops it. With [group] the events are handed over at the end of the file, in the order
// of their first rows; without, row by row.
//
// Threads:   one; the sink is called on it. Ownership: borrows the mapping.
// Memory:    one row; with [group] the events of the whole file; per event 16 bytes of its id and
//            its line (none where event_id has {line}); per customer the id.
// Errors:    Open: what ImportReader says, and INVALID_ARGUMENT, in the mapping's own line, for a
//            column that the file does not have. Run: what ImportReader or the sink says.
// Never:     hands over part of an event: one bad row refuses the whole group; one with a field
//            too many or too few refuses each group it may belong to, as far as its fields tell.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consumers/transactions/import_event.h"
#include "consumers/transactions/import_mapping.h"
#include "consumers/transactions/import_reader.h"
#include "consumers/transactions/import_report.h"
#include "engine/base/hash.h"
#include "rapport/v1/event.pb.h"

namespace rapport::transactions {

// Takes one event; an error stops the import and is what Run returns.
using EventSink = std::function<absl::Status(v1::Event&&)>;

struct ImportOptions {
  // Hands nothing to the sink; the report keeps the first events.
  bool dry_run = false;
  size_t examples_max = 5;
  size_t refusals_max = 5;
  // Called now and then, and at the end.
  std::function<void(const ImportReport&)> progress;
  // Asked now and then; an error stops the import and is what Run returns.
  std::function<absl::Status()> may_go_on;
};

class Importer {
 public:
  // Opens the file and finds the mapping's columns in it.
  static absl::StatusOr<std::unique_ptr<Importer>> Open(const ImportMapping& mapping,
                                                        const std::string& path,
                                                        const ImportOptions& options);

  // Goes through the whole file. `report` is filled up to where it came, whatever is returned.
  // To be called once.
  absl::Status Run(const EventSink& sink, ImportReport& report);

 private:
  // The rows of one event.
  struct Group {
    std::optional<EventDraft> draft;
    bool refused = false;
    int64_t rows = 0;
  };

  Importer(const ImportMapping& mapping, const ImportOptions& options,
           std::unique_ptr<ImportReader> reader, std::vector<int> field_of_slot);
  absl::Status TakeRows();
  absl::Status CloseGroups();
  absl::Status TakeRow(const RowView& row);
  // The index of the first rule that leaves the row out, or -1.
  absl::StatusOr<int> SkippedBy(const RowView& row) const;
  // The first [[event]] that takes the row, or null.
  absl::StatusOr<const EventRule*> RuleOf(const RowView& row) const;
  absl::Status AddTo(Group& group, const EventRule& rule, const RowView& row) const;
  Group& GroupOf(const RowView& row);
  void Refuse(Group& group, const absl::Status& why);
  void RefuseRow(const InputRow& row);
  // Refuses the groups that rows with a field too many or too few may belong to.
  void RefuseUnsure();
  void Tell(const absl::Status& why);
  absl::Status Close(Group& group);
  absl::Status CheckUnique(const v1::Event& event, int64_t line);
  absl::Status HandOver(v1::Event&& event);
  void Count(const std::string& customer_id, const EventDraft& draft);
  absl::Status Progress();

  const ImportMapping& mapping_;
  const ImportOptions options_;
  std::unique_ptr<ImportReader> reader_;
  const std::vector<int> field_of_slot_;
  const EventSink* sink_ = nullptr;
  ImportReport* report_ = nullptr;

  std::vector<Group> groups_;
  absl::flat_hash_map<std::string, size_t> group_index_;
  // Of rows with a field too many or too few: all keys they may have had.
  std::vector<std::vector<std::string>> unsure_keys_;
  Group single_;
  absl::flat_hash_map<Hash128, int64_t> line_of_id_;
  absl::flat_hash_set<std::string> customers_;
};

}  // namespace rapport::transactions
