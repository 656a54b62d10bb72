#include "consumers/operations/command_events.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "consumers/edge/touchpoint_json.h"
#include "consumers/operations/batch_publisher.h"
#include "consumers/transactions/import.h"
#include "engine/base/status_macros.h"
#include "engine/event/kinds.h"

namespace rapport::operations {
namespace {

// Splits JSON text into its values: one a line, or one over several lines, or an array of them.
// Braces within strings do not count.
std::vector<std::string> SplitJson(const std::string& text) {
  std::vector<std::string> values;
  int depth = 0;
  bool in_string = false;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' && depth++ == 0) begin = i;
    if (c == '}' && depth > 0 && --depth == 0) values.push_back(text.substr(begin, i + 1 - begin));
  }
  if (depth > 0) values.push_back(text.substr(begin));
  return values;
}

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::stringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("the file ", path, " cannot be read; check its name, or use - for stdin"));
  }
  text << file.rdbuf();
  return text.str();
}

std::string ErrorText(const v1::ErrorStatus& error) {
  return std::string(edge::FromErrorStatus(error).message());
}

void PrintResult(Format format, const v1::PublishResult& result) {
  if (format != Format::kTable) {
    PrintJson(Format::kJsonLines, {&result});
    return;
  }
  if (result.status() == v1::PublishResult::STATUS_REJECTED) {
    std::printf("rejected  %s  %s\n", result.event_id().c_str(), ErrorText(result.error()).c_str());
    return;
  }
  std::printf("%s  %s  partition %d offset %ld  position %s\n",
              result.status() == v1::PublishResult::STATUS_ACCEPTED ? "accepted" : "duplicate",
              result.event_id().c_str(), result.partition(), static_cast<long>(result.offset()),
              result.position().c_str());
}

// The worst of what happened, for the exit code.
absl::Status Verdict(int64_t rejected, const absl::Status& first) {
  if (rejected == 0) return absl::OkStatus();
  if (rejected == 1) return first;
  return absl::Status(
      first.code(), absl::StrCat(rejected, " events were rejected, the first: ", first.message()));
}

class ImportProgress {
 public:
  void Show(const transactions::ImportReport& report) {
    if (isatty(STDERR_FILENO) == 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    const int64_t percent =
        report.file_bytes == 0 ? 100 : 100 * report.file_bytes_read / report.file_bytes;
    std::fprintf(stderr, "\rread %s rows  %3ld %%  %s events",
                 transactions::FormatCount(report.rows_read).c_str(), static_cast<long>(percent),
                 transactions::FormatCount(report.events).c_str());
  }
  ~ImportProgress() {
    if (shown_ != std::chrono::steady_clock::time_point()) std::fprintf(stderr, "\n");
  }

 private:
  std::chrono::steady_clock::time_point shown_;
};

// The event as JSON; what is sealed in it is named beside its fields.
std::string WithMasked(const v1::ReplayEventsResponse& response) {
  std::string json = edge::EventToJson(response.event());
  if (response.masked_fields().empty()) return json;
  json.pop_back();
  return absl::StrCat(json, ",\"maskedFields\":[\"",
                      absl::StrJoin(response.masked_fields(), "\",\""), "\"]}");
}

void PrintDryRun(const transactions::ImportReport& report) {
  for (const v1::Event& event : report.examples) {
    std::printf("%s\n", edge::EventToJson(event).c_str());
  }
}

}  // namespace

absl::Status PublishEvents(Client& client, const EventsPublish& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadAll(options.file));
  absl::Status first;
  int64_t rejected = 0;
  // The first is told at the end, with their number.
  const auto count = [&](const absl::Status& status) {
    if (rejected++ == 0) first = status;
  };
  BatchPublisher publisher(&client, options.dry_run, [&](const v1::PublishResult& result) {
    PrintResult(options.format, result);
    if (result.status() == v1::PublishResult::STATUS_REJECTED) {
      count(edge::FromErrorStatus(result.error()));
    }
  });
  int number = 0;
  for (const std::string& value : SplitJson(text)) {
    ++number;
    absl::StatusOr<v1::Touchpoint> touchpoint = edge::JsonToTouchpoint(value);
    if (!touchpoint.ok()) {
      const std::string message =
          absl::StrCat("event ", number, ": ", touchpoint.status().message());
      if (rejected > 0) std::fprintf(stderr, "rapport: %s\n", message.c_str());
      count(absl::InvalidArgumentError(message));
      continue;
    }
    v1::PublishItem item;
    *item.mutable_touchpoint() = *std::move(touchpoint);
    RETURN_IF_ERROR(publisher.Add(std::move(item)));
  }
  if (number == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.file, " holds no JSON object; write one touchpoint a line"));
  }
  RETURN_IF_ERROR(publisher.Finish());
  return Verdict(rejected, first);
}

absl::Status ImportEvents(Client* client, const EventsImport& options) {
  ASSIGN_OR_RETURN(const auto mapping, transactions::ImportMapping::Load(options.mapping));
  ImportProgress progress;
  transactions::ImportOptions import_options;
  import_options.dry_run = options.dry_run;
  import_options.progress = [&](const transactions::ImportReport& report) {
    progress.Show(report);
  };
  ASSIGN_OR_RETURN(auto importer,
                   transactions::Importer::Open(mapping, options.file, import_options));
  absl::Status first;
  BatchPublisher publisher(client, false, [&](const v1::PublishResult& result) {
    if (result.status() != v1::PublishResult::STATUS_REJECTED) return;
    if (first.ok()) first = edge::FromErrorStatus(result.error());
    if (publisher.rejected() <= 5) {
      std::fprintf(stderr, "rapport: %s: %s\n", result.event_id().c_str(),
                   ErrorText(result.error()).c_str());
    }
  });
  transactions::ImportReport report;
  absl::Status done = importer->Run(
      [&](v1::Event&& event) {
        v1::PublishItem item;
        *item.mutable_event() = std::move(event);
        return publisher.Add(std::move(item));
      },
      report);
  if (client != nullptr) {
    // What was handed over before an error is sent and told.
    const absl::Status finished = publisher.Finish();
    if (done.ok()) done = finished;
  }
  if (options.dry_run) PrintDryRun(report);
  for (const std::string& line : transactions::SummaryLines(report, publisher.rejected())) {
    std::printf("%s\n", line.c_str());
  }
  if (!options.dry_run) {
    std::printf("accepted %s, already there %s   position %s\n",
                transactions::FormatCount(publisher.accepted()).c_str(),
                transactions::FormatCount(publisher.duplicates()).c_str(),
                publisher.position().c_str());
  }
  for (const std::string& refusal : report.refusals) {
    std::fprintf(stderr, "rapport: %s\n", refusal.c_str());
  }
  RETURN_IF_ERROR(done);
  if (report.events_refused > 0 && publisher.rejected() == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(report.events_refused, " events could not be made; mend the rows named above ",
                     "and import again, what is there already is not counted twice"));
  }
  return Verdict(publisher.rejected(), first);
}

absl::Status TailEvents(Client& client, const EventsTail& options) {
  v1::ReplayEventsRequest request;
  request.set_customer_id(options.customer);
  request.set_from_position(options.from_position);
  request.set_follow(!options.once);
  for (const std::string& name : options.kinds) {
    const event::KindInfo* kind = event::FindKindByName(name);
    if (kind == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("KIND_UNKNOWN: there is no kind ", name, "; write it as PurchaseMade"));
    }
    request.add_kinds(kind->kind);
  }
  grpc::ClientContext context;
  const auto reader = client.history().ReplayEvents(&context, request);
  v1::ReplayEventsResponse response;
  while (reader->Read(&response)) {
    std::printf("%s\n", WithMasked(response).c_str());
    std::fflush(stdout);
  }
  return client.Explain(edge::FromRpcStatus(reader->Finish()));
}

}  // namespace rapport::operations
