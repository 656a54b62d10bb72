#include "consumers/transactions/import.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {
namespace {

constexpr int64_t kProgressEvery = 8192;
// Keys tried for one row whose fields are not the columns.
constexpr size_t kUnsureKeysMax = 10'000;

// The length keeps ("ab", "c") and ("a", "bc") apart.
void AppendToKey(absl::string_view field, std::string& key) {
  absl::StrAppend(&key, field.size(), ":", field);
}

// All keys that the row may have had: of a column's field, every one it can have become when fields
// came in or were lost before it.
std::vector<std::string> KeysOf(const InputRow& row, const std::vector<int>& key_columns,
                                size_t columns) {
  const int fields = static_cast<int>(row.fields.size());
  const int moved = fields - static_cast<int>(columns);
  std::vector<std::string> keys = {""};
  for (const int column : key_columns) {
    const int first = std::max(column + std::min(moved, 0), 0);
    const int last = std::min(column + std::max(moved, 0), fields - 1);
    std::vector<std::string> longer;
    for (const std::string& key : keys) {
      for (int i = first; i <= last && longer.size() < kUnsureKeysMax; ++i) {
        AppendToKey(row.fields[static_cast<size_t>(i)].text, longer.emplace_back(key));
      }
    }
    keys = std::move(longer);
  }
  return keys;
}

}  // namespace

Importer::Importer(const ImportMapping& mapping, const ImportOptions& options,
                   std::unique_ptr<ImportReader> reader, std::vector<int> field_of_slot)
    : mapping_(mapping),
      options_(options),
      reader_(std::move(reader)),
      field_of_slot_(std::move(field_of_slot)) {}

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(const ImportMapping& mapping,
                                                         const std::string& path,
                                                         const ImportOptions& options) {
  ASSIGN_OR_RETURN(auto reader, ImportReader::Open(path, mapping.reader));
  ASSIGN_OR_RETURN(auto fields, mapping.columns.Bind(mapping.path, reader->columns(), path));
  return std::unique_ptr<Importer>(
      new Importer(mapping, options, std::move(reader), std::move(fields)));
}

absl::Status Importer::Run(const EventSink& sink, ImportReport& report) {
  sink_ = &sink;
  report_ = &report;
  report.file_bytes = reader_->file_bytes();
  for (const Condition& rule : mapping_.skips) report.skipped.push_back({.words = rule.words});
  report.skipped.push_back({.words = "that no [[event]] takes"});

  absl::Status status = TakeRows();
  if (status.ok()) status = CloseGroups();
  report.whole = status.ok();
  Progress().IgnoreError();  // What stopped it is returned.
  return status;
}

absl::Status Importer::TakeRows() {
  InputRow fields;
  const RowView row(reader_->path(), mapping_.columns, fields, field_of_slot_);
  while (true) {
    ASSIGN_OR_RETURN(const bool found, reader_->Next(fields));
    if (!found) return absl::OkStatus();
    ++report_->rows_read;
    if (fields.wrong.ok()) {
      RETURN_IF_ERROR(TakeRow(row));
    } else {
      RefuseRow(fields);
    }
    if (report_->rows_read % kProgressEvery == 0) RETURN_IF_ERROR(Progress());
  }
}

absl::Status Importer::CloseGroups() {
  RefuseUnsure();
  group_index_.clear();
  for (size_t i = 0; i < groups_.size(); ++i) {
    RETURN_IF_ERROR(Close(groups_[i]));
    if (i % kProgressEvery == 0) RETURN_IF_ERROR(Progress());
  }
  return absl::OkStatus();
}

absl::Status Importer::Progress() {
  report_->text_bytes = reader_->text_bytes();
  report_->file_bytes_read = reader_->file_bytes_read();
  report_->customers = static_cast<int64_t>(customers_.size());
  report_->groups = static_cast<int64_t>(groups_.size());
  if (options_.progress) options_.progress(*report_);
  return options_.may_go_on ? options_.may_go_on() : absl::OkStatus();
}

absl::StatusOr<int> Importer::SkippedBy(const RowView& row) const {
  for (size_t i = 0; i < mapping_.skips.size(); ++i) {
    ASSIGN_OR_RETURN(const bool holds, Holds(mapping_.skips[i], row));
    if (holds) return static_cast<int>(i);
  }
  return -1;
}

absl::StatusOr<const EventRule*> Importer::RuleOf(const RowView& row) const {
  for (const EventRule& rule : mapping_.events) {
    bool all = true;
    for (const Condition& condition : rule.when) {
      ASSIGN_OR_RETURN(const bool holds, Holds(condition, row));
      all = all && holds;
    }
    if (all) return &rule;
  }
  return nullptr;
}

Importer::Group& Importer::GroupOf(const RowView& row) {
  if (mapping_.group_by.empty()) {
    single_ = Group();
    return single_;
  }
  std::string key;
  for (const int slot : mapping_.group_by) AppendToKey(row.Bytes(slot), key);
  const auto [found, is_new] = group_index_.try_emplace(std::move(key), groups_.size());
  if (is_new) groups_.emplace_back();
  return groups_[found->second];
}

absl::Status Importer::AddTo(Group& group, const EventRule& rule, const RowView& row) const {
  if (!group.draft) {
    ASSIGN_OR_RETURN(auto draft, EventDraft::Begin(mapping_, rule, row));
    group.draft = std::move(draft);
  } else if (&group.draft->rule() != &rule) {
    return row.Error(
        "the rows of one group belong to different [[event]]s; put the column that tells them "
        "apart into [group] by");
  }
  return group.draft->Add(row);
}

absl::Status Importer::TakeRow(const RowView& row) {
  const absl::StatusOr<int> skipped = SkippedBy(row);
  if (skipped.ok() && *skipped >= 0) {
    ++report_->skipped[static_cast<size_t>(*skipped)].rows;
    return absl::OkStatus();
  }
  absl::Status wrong = skipped.status();
  const EventRule* rule = nullptr;
  if (wrong.ok()) {
    const absl::StatusOr<const EventRule*> found = RuleOf(row);
    if (found.ok() && *found == nullptr) {
      ++report_->skipped.back().rows;
      return absl::OkStatus();
    }
    wrong = found.status();
    if (found.ok()) rule = *found;
  }
  Group& group = GroupOf(row);
  ++group.rows;
  if (group.refused) return absl::OkStatus();
  if (wrong.ok()) wrong = AddTo(group, *rule, row);
  if (!wrong.ok()) Refuse(group, wrong);
  return mapping_.group_by.empty() ? Close(group) : absl::OkStatus();
}

void Importer::Refuse(Group& group, const absl::Status& why) {
  group.refused = true;
  group.draft.reset();
  ++report_->events_refused;
  Tell(why);
}

void Importer::Tell(const absl::Status& why) {
  if (report_->refusals.size() < options_.refusals_max) {
    report_->refusals.emplace_back(why.message());
  }
}

void Importer::RefuseRow(const InputRow& row) {
  Tell(row.wrong);
  ++report_->rows_refused;
  if (mapping_.group_by.empty()) {
    ++report_->events_refused;
  } else {
    std::vector<int> columns;
    for (const int slot : mapping_.group_by) {
      columns.push_back(field_of_slot_[static_cast<size_t>(slot)]);
    }
    unsure_keys_.push_back(KeysOf(row, columns, reader_->columns().size()));
  }
}

void Importer::RefuseUnsure() {
  for (const std::vector<std::string>& keys : unsure_keys_) {
    bool found = false;
    for (const std::string& key : keys) {
      const auto group = group_index_.find(key);
      if (group == group_index_.end()) continue;
      found = true;
      Group& refused = groups_[group->second];
      if (refused.refused) continue;
      refused.refused = true;
      refused.draft.reset();
      ++report_->events_refused;
    }
    // The event had this row alone.
    if (!found) ++report_->events_refused;
  }
}

absl::Status Importer::CheckUnique(const v1::Event& event, int64_t line) {
  if (mapping_.event_id.has_line()) return absl::OkStatus();
  const Hash128 id = Blake2b128Framed({event.customer_id(), event.event_id()});
  const auto [found, is_new] = line_of_id_.try_emplace(id, line);
  if (is_new) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(reader_->path(), ":", line, ":1: event id ", event.event_id(),
                   " stands at line ", found->second,
                   " already, for the same customer; put one "
                   "more column into event_id, or join the rows by [group]"));
}

void Importer::Count(const std::string& customer_id, const EventDraft& draft) {
  ++report_->events;
  customers_.insert(customer_id);
  const event::KindInfo& kind = *draft.rule().kind;
  ImportReport::KindTotal& total = report_->kinds[kind.kind];
  total.name = std::string(kind.name);
  ++total.events;
  if (draft.amount()) {
    total.micros_by_currency[draft.amount()->currency()] += draft.amount()->micros();
  }
  report_->items_left_out += draft.items_left_out();
}

absl::Status Importer::HandOver(v1::Event&& event) {
  if (!options_.dry_run) return (*sink_)(std::move(event));
  if (report_->examples.size() < options_.examples_max) {
    report_->examples.push_back(std::move(event));
  }
  return absl::OkStatus();
}

absl::Status Importer::Close(Group& group) {
  absl::StatusOr<v1::Event> event = v1::Event();
  if (!group.refused) {
    event = group.draft->Finish(reader_->path());
    absl::Status wrong = event.status();
    if (wrong.ok()) wrong = CheckUnique(*event, group.draft->line());
    if (!wrong.ok()) Refuse(group, wrong);
  }
  if (group.refused) {
    report_->rows_refused += group.rows;
    return absl::OkStatus();
  }
  // What has been handed over needs no memory any more.
  const EventDraft draft = *std::move(group.draft);
  group.draft.reset();
  const std::string customer_id = event->customer_id();
  RETURN_IF_ERROR(HandOver(*std::move(event)));
  report_->rows_used += group.rows;
  Count(customer_id, draft);
  return absl::OkStatus();
}

}  // namespace rapport::transactions
