#include "consumers/operations/command_import.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/touchpoint_json.h"
#include "consumers/operations/batch_publisher.h"
#include "consumers/operations/interruption.h"
#include "consumers/operations/output.h"
#include "consumers/transactions/import.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

using transactions::FormatCount;

// Events refused by the server that are told one by one.
constexpr int64_t kRejectionsShown = 5;
// Batches that may be under way when the import ends, and the one that is not full.
constexpr int kBatchesLeftMax = 8;

class ImportProgress {
 public:
  void Show(const transactions::ImportReport& report) {
    if (Quiet() || isatty(STDERR_FILENO) == 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    const int64_t percent =
        report.file_bytes == 0 ? 100 : 100 * report.file_bytes_read / report.file_bytes;
    std::fprintf(stderr, "\rread %s rows  %3ld %%  %s events",
                 FormatCount(report.rows_read).c_str(), static_cast<long>(percent),
                 FormatCount(report.events).c_str());
  }
  ~ImportProgress() {
    if (shown_ != std::chrono::steady_clock::time_point()) std::fprintf(stderr, "\n");
  }

 private:
  std::chrono::steady_clock::time_point shown_;
};

// What one import has come to.
struct Outcome {
  transactions::ImportReport report;
  // What stopped it, if anything did.
  absl::Status stopped;
  // Why the first was refused that the server refused.
  absl::Status first_rejection;
};

// Sends what was handed over and takes all answers, those behind one that failed too.
absl::Status FinishAll(BatchPublisher& publisher) {
  absl::Status first = publisher.Finish();
  absl::Status next = first;
  for (int i = 0; i < kBatchesLeftMax && !next.ok(); ++i) next = publisher.Finish();
  return first;
}

// Publishes the whole file, or until something stops it.
absl::Status RunImport(const transactions::ImportMapping& mapping, const EventsImport& options,
                       BatchPublisher& publisher, Outcome& outcome) {
  const Interruption interruption;
  ImportProgress progress;
  transactions::ImportOptions import_options;
  import_options.dry_run = options.dry_run;
  import_options.progress = [&](const auto& report) { progress.Show(report); };
  import_options.may_go_on = [&] { return interruption.Check(); };
  ASSIGN_OR_RETURN(auto importer,
                   transactions::Importer::Open(mapping, options.file, import_options));
  outcome.stopped = importer->Run(
      [&](v1::Event&& event) {
        RETURN_IF_ERROR(interruption.Check());
        v1::PublishItem item;
        *item.mutable_event() = std::move(event);
        return publisher.Add(std::move(item));
      },
      outcome.report);
  if (options.dry_run) return absl::OkStatus();
  const absl::Status finished = FinishAll(publisher);
  if (outcome.stopped.ok()) outcome.stopped = finished;
  // Read to its end, but not all of it has arrived.
  outcome.report.whole = outcome.stopped.ok();
  return absl::OkStatus();
}

void PrintOutcome(const Outcome& outcome, const BatchPublisher& publisher, bool dry_run) {
  for (const v1::Event& event : outcome.report.examples) {
    std::printf("%s\n", edge::EventToJson(event).c_str());
  }
  for (const std::string& line : transactions::SummaryLines(outcome.report, publisher.rejected())) {
    std::printf("%s\n", line.c_str());
  }
  if (!dry_run) {
    const int64_t in = publisher.accepted() + publisher.duplicates();
    std::printf("accepted %s, already there %s%s%s\n", FormatCount(publisher.accepted()).c_str(),
                FormatCount(publisher.duplicates()).c_str(), in == 0 ? "" : "   position ",
                in == 0 ? "" : publisher.position().c_str());
    if (!outcome.report.whole) std::printf("run it again: the same ids count once\n");
  }
  std::fflush(stdout);
  for (const std::string& refusal : outcome.report.refusals) {
    std::fprintf(stderr, "rapport: %s\n", refusal.c_str());
  }
}

// The one count of what failed, and what stopped the import before anything else.
absl::Status VerdictOn(const Outcome& outcome, const BatchPublisher& publisher) {
  if (absl::IsCancelled(outcome.stopped)) {
    return absl::CancelledError(
        absl::StrCat("interrupted; ", FormatCount(publisher.accepted() + publisher.duplicates()),
                     " events are in so far. Run it again: the same ids count once"));
  }
  RETURN_IF_ERROR(outcome.stopped);
  const int64_t failed = outcome.report.events_refused + publisher.rejected();
  if (failed == 0) return absl::OkStatus();
  return absl::Status(
      outcome.report.events_refused > 0 ? absl::StatusCode::kInvalidArgument
                                        : outcome.first_rejection.code(),
      absl::StrCat(FormatCount(failed), failed == 1 ? " event was" : " events were",
                   " rejected; mend the rows named above and import again, what is there already "
                   "is not counted twice"));
}

}  // namespace

absl::Status ImportEvents(Client* client, const EventsImport& options) {
  ASSIGN_OR_RETURN(const auto mapping, transactions::ImportMapping::Load(options.mapping));
  Outcome outcome;
  BatchPublisher publisher(client, false, [&](const v1::PublishResult& result) {
    if (result.status() != v1::PublishResult::STATUS_REJECTED) return;
    const absl::Status why = edge::FromErrorStatus(result.error());
    if (outcome.first_rejection.ok()) outcome.first_rejection = why;
    if (publisher.rejected() > kRejectionsShown) return;
    std::fprintf(stderr, "rapport: %s: %s\n", result.event_id().c_str(),
                 std::string(why.message()).c_str());
  });
  RETURN_IF_ERROR(RunImport(mapping, options, publisher, outcome));
  PrintOutcome(outcome, publisher, options.dry_run);
  return VerdictOn(outcome, publisher);
}

}  // namespace rapport::operations
