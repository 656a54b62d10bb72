#include "consumers/operations/command_events.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/touchpoint_json.h"
#include "consumers/operations/batch_publisher.h"
#include "consumers/operations/json_values.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"

namespace rapport::operations {
namespace {

// Failures told one by one.
constexpr size_t kFailuresShown = 20;

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::stringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        "the file ", path, " cannot be read; check its name, or use - for standard input"));
  }
  text << file.rdbuf();
  return text.str();
}

// Who reads it wrote JSON.
absl::Status StatusOf(const v1::ErrorStatus& error) {
  return edge::InJson(edge::FromErrorStatus(error));
}

void PrintResult(Format format, const v1::PublishResult& result) {
  if (format != Format::kTable) {
    PrintJson(Format::kJsonLines, {&result});
    return;
  }
  if (result.status() == v1::PublishResult::STATUS_REJECTED) {
    std::printf("rejected  %s  %s\n", result.event_id().c_str(),
                std::string(StatusOf(result.error()).message()).c_str());
    return;
  }
  std::printf("%s  %s  partition %d offset %ld  position %s\n",
              result.status() == v1::PublishResult::STATUS_ACCEPTED ? "accepted" : "duplicate",
              result.event_id().c_str(), result.partition(), static_cast<long>(result.offset()),
              result.position().c_str());
}

// Where the file's lines stand, for messages.
std::string NameOf(const std::string& file) { return file == "-" ? "standard input" : file; }

// `3`, or `3-5` for a value over several lines.
std::string LinesOf(const JsonValue& value) {
  const auto more = std::count(value.text.begin(), value.text.end(), '\n');
  return more == 0 ? absl::StrCat(value.line) : absl::StrCat(value.line, "-", value.line + more);
}

// What went wrong with the events of a file, by the order in which they stand there.
class Failures {
 public:
  explicit Failures(std::string file) : file_(std::move(file)) {}

  void Add(const JsonValue& value, const absl::Status& status) {
    ++count_;
    absl::Status& failure = first_[{value.line, value.column}];
    failure = absl::Status(status.code(),
                           absl::StrCat(file_, ":", LinesOf(value), ": ", status.message()));
    if (absl::IsInvalidArgument(status)) code_ = status.code();
    if (first_.size() > kFailuresShown) first_.erase(std::prev(first_.end()));
  }

  // Tells all but the first, which is returned with their number.
  absl::Status Tell(int64_t events) const {
    if (count_ == 0) return absl::OkStatus();
    const absl::Status& first = first_.begin()->second;
    if (count_ == 1 && events == 1) return first;
    for (auto next = std::next(first_.begin()); next != first_.end(); ++next) {
      std::fprintf(stderr, "rapport: %s\n", std::string(next->second.message()).c_str());
    }
    return absl::Status(code_ == absl::StatusCode::kOk ? first.code() : code_,
                        absl::StrCat(count_, " of ", events, " events ",
                                     count_ == 1 ? "was rejected: " : "were rejected, the first: ",
                                     first.message()));
  }

 private:
  const std::string file_;
  int64_t count_ = 0;
  std::map<std::pair<int64_t, int64_t>, absl::Status> first_;
  // The worst: an event that must be mended.
  absl::StatusCode code_ = absl::StatusCode::kOk;
};

// The event as JSON; what is sealed in it is named beside its fields.
std::string WithMasked(const v1::ReplayEventsResponse& response) {
  std::string json = edge::EventToJson(response.event());
  if (response.masked_fields().empty()) return json;
  json.pop_back();
  return absl::StrCat(json, ",\"maskedFields\":[\"",
                      absl::StrJoin(response.masked_fields(), "\",\""), "\"]}");
}

absl::StatusOr<v1::Touchpoint> TouchpointOf(const JsonValue& value) {
  if (value.open_list) {
    return absl::InvalidArgumentError(
        "PAYLOAD_MALFORMED: the list that begins here is not closed; is the file whole?");
  }
  return edge::JsonToTouchpoint(value.text, {.line = value.line, .column = value.column});
}

void PrintCsvRecord(const v1::ReplayEventsResponse& record) {
  const v1::Event& event = record.event();
  const event::KindInfo* kind = event::FindKind(event.kind());
  PrintCsv(
      {absl::StrCat(record.partition()), absl::StrCat(record.offset()),
       FormatTime(record.appended_at_us()), event.event_id(), event.customer_id(),
       kind == nullptr ? absl::StrCat(static_cast<int>(event.kind())) : std::string(kind->name),
       FormatTime(event.occurred_at_us()), event.source()});
}

}  // namespace

absl::Status PublishEvents(Client& client, const EventsPublish& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadAll(options.file));
  const std::vector<JsonValue> values = SplitJsonValues(text);
  const std::string name = NameOf(options.file);
  if (values.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " holds no JSON object; write one touchpoint a line"));
  }
  Failures failures(name);
  // Those whose results are awaited, in order.
  std::deque<const JsonValue*> sent;
  BatchPublisher publisher(&client, options.dry_run, [&](const v1::PublishResult& result) {
    PrintResult(options.format, result);
    const JsonValue& value = *sent.front();
    sent.pop_front();
    if (result.status() == v1::PublishResult::STATUS_REJECTED) {
      failures.Add(value, StatusOf(result.error()));
    }
  });
  for (const JsonValue& value : values) {
    absl::StatusOr<v1::Touchpoint> touchpoint = TouchpointOf(value);
    if (!touchpoint.ok()) {
      failures.Add(value, touchpoint.status());
      continue;
    }
    v1::PublishItem item;
    *item.mutable_touchpoint() = *std::move(touchpoint);
    sent.push_back(&value);
    RETURN_IF_ERROR(publisher.Add(std::move(item)));
  }
  RETURN_IF_ERROR(publisher.Finish());
  return failures.Tell(static_cast<int64_t>(values.size()));
}

absl::StatusOr<std::vector<v1::Touchpoint>> ReadTouchpoints(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadAll(file));
  std::vector<v1::Touchpoint> touchpoints;
  for (const JsonValue& value : SplitJsonValues(text)) {
    absl::StatusOr<v1::Touchpoint> touchpoint = TouchpointOf(value);
    if (!touchpoint.ok()) {
      return absl::Status(
          touchpoint.status().code(),
          absl::StrCat(NameOf(file), ":", LinesOf(value), ": ", touchpoint.status().message()));
    }
    touchpoints.push_back(*std::move(touchpoint));
  }
  return touchpoints;
}

absl::Status AddKinds(const std::vector<std::string>& names, v1::ReplayEventsRequest& request) {
  for (const std::string& name : names) {
    const event::KindInfo* kind = event::FindKindByName(name);
    if (kind == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("KIND_UNKNOWN: there is no kind ", name, "; write it as PurchaseMade"));
    }
    request.add_kinds(kind->kind);
  }
  return absl::OkStatus();
}

absl::Status TailEvents(Client& client, const EventsTail& options) {
  v1::ReplayEventsRequest request;
  request.set_customer_id(options.customer);
  request.set_from_position(options.from_position);
  request.set_follow(!options.once);
  RETURN_IF_ERROR(AddKinds(options.kinds, request));
  return PrintRecords(client, request, options.format == Format::kCsv && !options.json);
}

absl::Status PrintRecords(Client& client, const v1::ReplayEventsRequest& request, bool csv) {
  grpc::ClientContext context;
  const auto reader = client.history().ReplayEvents(&context, request);
  v1::ReplayEventsResponse response;
  if (csv) {
    PrintCsv({"partition", "offset", "appended_at", "event_id", "customer_id", "kind",
              "occurred_at", "source"});
  }
  while (reader->Read(&response)) {
    if (csv) {
      PrintCsvRecord(response);
    } else {
      std::printf("%s\n", WithMasked(response).c_str());
    }
    std::fflush(stdout);
  }
  return client.Explain(reader->Finish());
}

}  // namespace rapport::operations
