#include "consumers/operations/command_capsule.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/analytics/output_file.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/operations/capsule_file.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/rules_file.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/capsule/replay.h"
#include "engine/event/framing.h"
#include "projections/catalog.h"

namespace rapport::operations {
namespace {

using Projection = std::unique_ptr<fold::Projection>;

absl::StatusOr<Projection> RulesOf(const v1::Capsule& capsule, const std::string& file) {
  return projections::Catalog(capsule.rules_text(), absl::StrCat(file, " rules_text"));
}

absl::StatusOr<v1::CapsuleReplay> Replay(const v1::Capsule& capsule, const std::string& file,
                                         const fold::Projection* rules) {
  Projection own;
  if (rules == nullptr) {
    ASSIGN_OR_RETURN(own, RulesOf(capsule, file));
    rules = own.get();
  }
  ASSIGN_OR_RETURN(v1::CapsuleReplay replay, capsule::ReplayCapsule(capsule, *rules));
  replay.set_file(file);
  return replay;
}

// What the files and folders name, each folder's capsules by name.
absl::StatusOr<std::vector<std::string>> FilesOf(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> names, SystemFiles().List(path));
    const size_t before = files.size();
    for (const std::string& name : names) {
      if (absl::EndsWith(name, kCapsuleEnding)) files.push_back(absl::StrCat(path, "/", name));
    }
    if (files.size() > before) continue;
    return absl::NotFoundError(absl::StrCat("FILE_UNKNOWN: ", path, " holds no file that ends in ",
                                            kCapsuleEnding, "; name the files themselves"));
  }
  return files;
}

absl::StatusOr<v1::CapsuleReplay> ReplayFile(const std::string& file,
                                             const fold::Projection* rules) {
  const absl::StatusOr<std::string> text = SystemFiles().Read(file);
  if (!text.ok()) {
    return absl::NotFoundError(
        absl::StrCat("FILE_UNKNOWN: ", file, " cannot be read; check the path"));
  }
  ASSIGN_OR_RETURN(const v1::Capsule capsule, ReadCapsuleText(*text, file));
  return Replay(capsule, file, rules);
}

std::string ValueText(const std::string& value) { return value.empty() ? "nothing" : value; }

std::string DifferenceText(const v1::CapsuleDifference& difference) {
  return absl::StrCat(difference.field(), ": ", ValueText(difference.expected()), " -> ",
                      ValueText(difference.got()));
}

std::string StandingText(const v1::CapsuleReplay& replay) {
  const v1::Standing& standing = replay.standing();
  return absl::StrCat(StageText(standing.stage(), standing.stage_reason()), " by ",
                      standing.stage_rule().rule_id(), ", ", Points(standing.score_milli()));
}

std::string RecordsText(const v1::CapsuleReplay& replay) {
  return absl::StrCat(Thousands(replay.records()), replay.records() == 1 ? " record" : " records",
                      replay.quarantined() == 0
                          ? ""
                          : absl::StrCat(", ", Thousands(replay.quarantined()), " in quarantine"));
}

// One line of what came of a capsule, or under other rules all that is otherwise.
void PrintReplay(const v1::CapsuleReplay& replay, bool under_others) {
  const int more = replay.differences_size() - 1;
  if (under_others) {
    std::printf("%s  %s under %s: %s, %s\n", replay.file().c_str(), replay.customer_id().c_str(),
                replay.rules_digest().c_str(), StandingText(replay).c_str(),
                replay.same() ? "as under its own" : absl::StrCat(more + 1, " differ").c_str());
    for (const v1::CapsuleDifference& difference : replay.differences()) {
      std::printf("  %s\n", DifferenceText(difference).c_str());
    }
    return;
  }
  std::printf("%s  %s  %s: %s, %s\n", replay.same() ? "same     " : "otherwise",
              replay.file().c_str(), replay.customer_id().c_str(), RecordsText(replay).c_str(),
              replay.same() ? StandingText(replay).c_str()
                            : absl::StrCat(DifferenceText(replay.differences(0)),
                                           more > 0 ? absl::StrCat(" and ", more, " more") : "")
                                  .c_str());
}

absl::StatusOr<v1::GetCapsuleRequest> RequestOf(const CapsuleExport& options) {
  v1::GetCapsuleRequest request;
  request.set_customer_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  return request;
}

}  // namespace

absl::StatusOr<int> ExportCapsule(Client& client, const CapsuleExport& options) {
  event::SetStructuredReader(edge::ReadStructuredEvent);
  ASSIGN_OR_RETURN(const v1::GetCapsuleRequest request, RequestOf(options));
  std::unique_ptr<analytics::OutputFile> file;
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(file, analytics::OutputFile::Create(options.file, options.force));
  }
  v1::GetCapsuleResponse answer;
  RETURN_IF_ERROR(
      client.Call(client.history(), &v1::HistoryService::Stub::GetCapsule, request, &answer));
  const std::string text = CapsuleText(answer.capsule());
  if (file == nullptr) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  RETURN_IF_ERROR(file->Append(text));
  RETURN_IF_ERROR(file->Commit());
  // As whoever gets it will read it.
  ASSIGN_OR_RETURN(const v1::CapsuleReplay replay, ReplayFile(options.file, /*rules=*/nullptr));
  if (options.format == Format::kTable) {
    PrintReplay(replay, /*under_others=*/false);
  } else {
    PrintJson(options.format, {&replay});
  }
  return replay.same() ? 0 : 1;
}

absl::StatusOr<int> ReplayCapsules(const CapsuleReplays& options) {
  event::SetStructuredReader(edge::ReadStructuredEvent);
  ASSIGN_OR_RETURN(const Format format,
                   FormatOf(options.format.empty() ? "table" : options.format));
  if (format == Format::kCsv) {
    return absl::InvalidArgumentError(
        "wrong usage: a replay is no table of rows; use --format table, json or jsonl");
  }
  Projection rules;
  if (!options.rules.empty()) {
    ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(options.rules));
    ASSIGN_OR_RETURN(rules, projections::Catalog(file.text, file.name));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesOf(options.paths));
  absl::Status bad;
  int otherwise = 0;
  std::vector<v1::CapsuleReplay> replays;
  for (const std::string& file : files) {
    absl::StatusOr<v1::CapsuleReplay> replay = ReplayFile(file, rules.get());
    if (!replay.ok()) {
      if (!bad.ok()) Tell(bad);
      bad = std::move(replay).status();
      continue;
    }
    otherwise += replay->same() ? 0 : 1;
    if (format == Format::kTable) PrintReplay(*replay, rules != nullptr);
    if (format != Format::kTable) replays.push_back(*std::move(replay));
  }
  if (format != Format::kTable) PrintJson(format, PointersTo(replays));
  RETURN_IF_ERROR(bad);
  return rules == nullptr ? otherwise : 0;
}

}  // namespace rapport::operations
