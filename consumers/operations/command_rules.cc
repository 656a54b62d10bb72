#include "consumers/operations/command_rules.h"

#include <google/protobuf/text_format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/command_rebuild.h"
#include "consumers/operations/rules_difference.h"
#include "consumers/operations/rules_file.h"
#include "consumers/operations/rules_words.h"
#include "consumers/operations/time_zone_offsets.h"
#include "engine/base/status_macros.h"
#include "projections/catalog.h"

namespace rapport::operations {
namespace {

absl::StatusOr<fold::RulesText> Read(const RulesChoice& choice) {
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(choice.file));
  return projections::ReadRules(file.text, file.name, choice.over);
}

absl::StatusOr<fold::RulesText> Standard() {
  return projections::ReadRules(projections::StandardRulesText(), "standard");
}

void PrintWrong(const std::vector<fold::RulesError>& errors) {
  for (const fold::RulesError& error : errors) {
    std::printf("%s:%d:%d %s\n", error.file.c_str(), error.line, error.column, error.what.c_str());
  }
}

// How much that is.
absl::StatusOr<int> PrintWhatIsWrong(const RulesChoice& choice) {
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(choice.file));
  const std::vector<fold::RulesError> errors =
      projections::WrongRules(file.text, file.name, choice.over);
  PrintWrong(errors);
  return static_cast<int>(errors.size());
}

// `3 values, evaluate part only: live`.
std::string Summary(const std::vector<RulesDiffering>& changes) {
  if (changes.empty()) return "nothing differs";
  bool folds = false;
  for (const RulesDiffering& change : changes) folds = folds || change.needs_refold;
  return absl::StrCat(changes.size(), changes.size() == 1 ? " value differs, " : " values differ, ",
                      folds ? "the fold part too: needs refold" : "evaluate part only: live");
}

void PrintChanges(const fold::RulesText& a, const fold::RulesText& b) {
  const std::vector<RulesDiffering> changes = RulesDifference(a.rules(), b.rules());
  for (const RulesDiffering& change : changes) {
    if (change.before.empty()) {
      std::printf("  %s added: %s\n", change.path.c_str(), change.after.c_str());
    } else if (change.after.empty()) {
      std::printf("  %s removed, was: %s\n", change.path.c_str(), change.before.c_str());
    } else {
      std::printf("  %s: %s -> %s\n", change.path.c_str(), change.before.c_str(),
                  change.after.c_str());
    }
  }
  std::printf("rules %s -> %s: %s\n", DigestOf(a).c_str(), DigestOf(b).c_str(),
              Summary(changes).c_str());
}

// A question on the terminal; who is not there has to say --yes.
absl::Status Ask(const std::string& question) {
  if (isatty(STDIN_FILENO) == 0) {
    return absl::InvalidArgumentError(
        "wrong usage: nobody is there to be asked; add --yes, after a look with --dry-run where "
        "there is one");
  }
  std::printf("%s [y/N] ", question.c_str());
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "yes") return absl::OkStatus();
  return absl::CancelledError("nothing was changed");
}

absl::StatusOr<v1::ListRulesResponse> RulesOf(Client& client) {
  v1::ListRulesRequest request;
  request.set_with_text(true);
  v1::ListRulesResponse answer;
  RETURN_IF_ERROR(
      client.Call(client.operations(), &v1::OperationsService::Stub::ListRules, request, &answer));
  return answer;
}

// Rules that fold otherwise answer once the facts are folded anew.
template <typename Response>
absl::Status AwaitSwitched(Client& client, bool no_wait, Response& answer) {
  if (answer.has_operation()) {
    v1::Operation& operation = *answer.mutable_operation();
    if (no_wait) {
      std::printf("rules %s answer once the facts are folded anew, %s; %s\n",
                  operation.rebuild().rules_digest().c_str(), operation.id().c_str(),
                  "rapport status says how far");
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(AwaitOperation(client, "refold", kBesideWhatServes, /*shows=*/true, operation));
    answer.set_rules_digest(operation.rebuild().rules_digest());
  }
  if (answer.rules_digest() == answer.previous_digest()) {
    std::printf("rules %s were active already, nothing changed\n", answer.rules_digest().c_str());
    return absl::OkStatus();
  }
  std::printf("rules %s answer now, %s did before\n", answer.rules_digest().c_str(),
              answer.previous_digest().c_str());
  if (!answer.overruled_by().empty()) {
    Talk(absl::StrCat("the next start takes its rules from --rules ", answer.overruled_by(),
                      " again, as this one did; start without it to keep these"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> CheckRules(const RulesChoice& choice) {
  ASSIGN_OR_RETURN(const int wrong, PrintWhatIsWrong(choice));
  if (wrong > 0) return wrong;
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(choice.file));
  ASSIGN_OR_RETURN(const fold::RulesText rules, Read(choice));
  ASSIGN_OR_RETURN(const fold::RulesText standard, Standard());
  std::printf("%s is right: rules %s, %s, %d policies; against the standard rules %s\n",
              file.name.c_str(), DigestOf(rules).c_str(), rules.rules().name().c_str(),
              rules.rules().evaluate().policy_size(),
              Summary(RulesDifference(standard.rules(), rules.rules())).c_str());
  return 0;
}

absl::Status ExplainRules(const RulesChoice& choice) {
  ASSIGN_OR_RETURN(const fold::RulesText rules, Read(choice));
  std::printf("rules %s, %s\n\n%s", rules.rules().name().c_str(), DigestOf(rules).c_str(),
              RulesInWords(rules.rules()).c_str());
  return absl::OkStatus();
}

absl::StatusOr<int> DiffRules(const RulesChoice& a, const RulesChoice& b) {
  ASSIGN_OR_RETURN(const int wrong_before, PrintWhatIsWrong(a));
  ASSIGN_OR_RETURN(const int wrong_after, PrintWhatIsWrong(b));
  if (wrong_before + wrong_after > 0) return wrong_before + wrong_after;
  ASSIGN_OR_RETURN(const fold::RulesText before, Read(a));
  ASSIGN_OR_RETURN(const fold::RulesText after, Read(b));
  PrintChanges(before, after);
  return 0;
}

absl::Status PrintTimeZone(const std::string& zone, const std::string& years) {
  int first = static_cast<int>(absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year()) - 1;
  int last = first + 10;
  if (!years.empty()) {
    const std::vector<std::string> parts = absl::StrSplit(years, '-');
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &first) ||
        !absl::SimpleAtoi(parts[1], &last)) {
      return absl::InvalidArgumentError(
          "wrong usage: --years must be FIRST-LAST, such as 2020-2035");
    }
  }
  ASSIGN_OR_RETURN(const std::string text, TimeZoneOffsets(zone, first, last));
  std::fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

absl::Status ListRules(Client& client, Format format) {
  v1::ListRulesResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::ListRules,
                              v1::ListRulesRequest(), &answer));
  if (format != Format::kTable) {
    PrintJson(format, PointersTo(answer.rules()));
    return absl::OkStatus();
  }
  for (const v1::RulesEntry& rules : answer.rules()) {
    const std::string note =
        absl::StrCat(rules.active() ? "active" : "", rules.needs_refold() ? "needs refold" : "");
    std::printf("%s  %s  %s%s%s\n", rules.rules_digest().c_str(), Pad(note, 12).c_str(),
                rules.name().c_str(), rules.built_in() ? "" : ", activated here", "");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ActivateRules(Client& client, const RulesActivation& activation) {
  RETURN_IF_ERROR(CheckMayNotWait(client, activation.no_wait));
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(activation.rules.file));
  ASSIGN_OR_RETURN(const int wrong, PrintWhatIsWrong(activation.rules));
  if (wrong > 0) return wrong;
  ASSIGN_OR_RETURN(const fold::RulesText rules,
                   projections::ReadRules(file.text, file.name, activation.rules.over));
  ASSIGN_OR_RETURN(const v1::ListRulesResponse known, RulesOf(client));
  if (known.rules().empty()) return absl::InternalError("BUG: the server has no rules");
  const v1::RulesEntry& active = known.rules(0);
  ASSIGN_OR_RETURN(const fold::RulesText before,
                   projections::ReadRules(active.text(), "the active rules"));
  PrintChanges(before, rules);
  if (activation.dry_run) return 0;
  const bool refolds = rules.fold_digest() != before.fold_digest();
  if (!activation.yes) {
    RETURN_IF_ERROR(Ask(refolds ? "Fold all facts anew beside those that answer, then let these "
                                  "rules answer?"
                                : "Let these rules answer from now on?"));
  }
  v1::ActivateRulesRequest request;
  // Whole, so that what was looked at is what is activated, whatever sets the server knows.
  std::string text;
  google::protobuf::TextFormat::PrintToString(rules.rules(), &text);
  request.set_rules_text(text);
  request.set_file(file.name);
  request.set_expected_digest(activation.expected.empty() ? active.rules_digest()
                                                          : activation.expected);
  request.set_allow_refold(true);
  request.set_records_per_second_max(activation.max_rate);
  v1::ActivateRulesResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::ActivateRules,
                              request, &answer));
  RETURN_IF_ERROR(AwaitSwitched(client, activation.no_wait, answer));
  if (answer.rules_digest() != answer.previous_digest()) Talk("back again: rapport rules rollback");
  return 0;
}

absl::Status RollbackRules(Client& client, const RulesActivation& activation) {
  RETURN_IF_ERROR(CheckMayNotWait(client, activation.no_wait));
  ASSIGN_OR_RETURN(const v1::ListRulesResponse known, RulesOf(client));
  if (known.rules().empty()) return absl::InternalError("BUG: the server has no rules");
  v1::RollbackRulesRequest request;
  request.set_expected_digest(activation.expected.empty() ? known.rules(0).rules_digest()
                                                          : activation.expected);
  request.set_allow_refold(activation.yes);
  request.set_records_per_second_max(activation.max_rate);
  v1::RollbackRulesResponse answer;
  const auto call = [&] {
    return client.Call(client.operations(), &v1::OperationsService::Stub::RollbackRules, request,
                       &answer);
  };
  absl::Status done = call();
  if (absl::StartsWith(done.message(), "RULES_NEED_REFOLD")) {
    RETURN_IF_ERROR(
        Ask("Those before fold otherwise. Fold all facts anew beside those that answer, "
            "then go back?"));
    request.set_allow_refold(true);
    done = call();
  }
  RETURN_IF_ERROR(done);
  return AwaitSwitched(client, activation.no_wait, answer);
}

}  // namespace rapport::operations
