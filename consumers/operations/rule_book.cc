#include "consumers/operations/rule_book.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/pace.h"
#include "consumers/operations/fill_rebuild.h"
#include "consumers/operations/rules_file.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// Asks for the rules that were active at the position that is asked about.
constexpr absl::string_view kAtKnown = "AT_KNOWN";
constexpr size_t kFoundMax = 8;

// Whole, whatever it was laid over: what a set of the program says may change with the program.
std::string WholeText(const fold::RulesText& rules) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(rules.rules(), &text);
  return text;
}

absl::StatusOr<fold::RulesText> ReadNamed(const std::string& file_or_name) {
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(file_or_name));
  return projections::ReadRules(file.text, file.name);
}

absl::Status NoneOfThatDigest() {
  return absl::NotFoundError(
      "RULES_UNKNOWN: rules: this server has none of that digest; name one that `rapport rules "
      "list` shows, or AT_KNOWN");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> RuleBook::DigestsThatCanBeRead() const {
  absl::StatusOr<std::vector<std::string>> kept = kept_.Digests();
  if (absl::IsDataLoss(kept.status())) return std::vector<std::string>();
  return kept;
}

absl::StatusOr<std::unique_ptr<RuleBook>> RuleBook::Open(Files* files,
                                                         const std::string& data_directory,
                                                         const std::string& rules_file,
                                                         const store::Alarm& alarm) {
  std::unique_ptr<RuleBook> book(new RuleBook(files, data_directory, rules_file, alarm));
  absl::MutexLock lock(&book->mutex_);
  const auto kept = book->kept_.Digests();
  absl::StatusOr<fold::RulesText> rules = absl::UnknownError("");
  if (!rules_file.empty()) {
    rules = ReadNamed(rules_file);
    if (absl::IsNotFound(rules.status())) {
      return absl::NotFoundError(
          absl::StrCat(rules.status().message(), "; check what is given by --rules"));
    }
    RETURN_IF_ERROR(rules.status());
    if (kept.ok() && !kept->empty() && kept->front() != DigestOf(*rules) && alarm) {
      alarm(absl::StrCat("--rules ", rules_file, " is what answers now, ", DigestOf(*rules),
                         ", and ", kept->front(), ", which was activated last, does not"));
    }
  } else {
    RETURN_IF_ERROR(kept.status());
    if (kept->empty()) {
      rules = ReadNamed("standard");
    } else {
      ASSIGN_OR_RETURN(const std::string text, book->kept_.Text(kept->front()));
      rules = projections::ReadRules(text, book->kept_.FileOf(kept->front()));
    }
  }
  RETURN_IF_ERROR(rules.status());
  ASSIGN_OR_RETURN(book->projection_, projections::Catalog(*rules));
  book->active_ = std::make_unique<const fold::RulesText>(*std::move(rules));
  return book;
}

std::string RuleBook::active_digest() const {
  absl::MutexLock lock(&mutex_);
  return DigestOf(*active_);
}

std::string RuleBook::base_currency() const {
  absl::MutexLock lock(&mutex_);
  return active_->rules().fold().base_currency();
}

int64_t RuleBook::unlisted_rate() const {
  constexpr int64_t kOneForOne = 1'000'000;
  absl::MutexLock lock(&mutex_);
  const v1::FoldRules& fold = active_->rules().fold();
  return fold.has_unlisted_rate() ? fold.unlisted_rate() : kOneForOne;
}

void RuleBook::Serve(Engine* engine, OperationBook* operations) {
  engine_ = engine;
  operations_ = operations;
  engine->SetRulesFinder(
      [this](const std::string& name, const Position& known_at) { return Find(name, known_at); });
}

absl::StatusOr<std::optional<fold::RulesText>> RuleBook::TextOf(const std::string& digest) const {
  for (const projections::BuiltInRules& set : projections::AllBuiltInRules()) {
    ASSIGN_OR_RETURN(fold::RulesText rules, projections::ReadRules(set.text, set.name));
    if (DigestOf(rules) == digest) return std::optional(std::move(rules));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> kept, DigestsThatCanBeRead());
  if (std::find(kept.begin(), kept.end(), digest) == kept.end()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, kept_.Text(digest));
  ASSIGN_OR_RETURN(fold::RulesText rules, projections::ReadRules(text, kept_.FileOf(digest)));
  return std::optional(std::move(rules));
}

absl::StatusOr<std::shared_ptr<const fold::Projection>> RuleBook::OfDigest(
    const std::string& digest) const {
  std::shared_ptr<const fold::Projection> active = engine_->rules();
  if (digest == active->digest()) return active;
  if (const auto found = found_.find(digest); found != found_.end()) return found->second;
  ASSIGN_OR_RETURN(const std::optional<fold::RulesText> rules, TextOf(digest));
  if (!rules.has_value()) return NoneOfThatDigest();
  ASSIGN_OR_RETURN(std::shared_ptr<const fold::Projection> projection,
                   projections::Catalog(*rules));
  if (found_.size() >= kFoundMax) found_.clear();
  found_.emplace(digest, projection);
  return projection;
}

absl::StatusOr<std::shared_ptr<const fold::Projection>> RuleBook::Find(
    const std::string& name, const Position& known_at) const {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<const fold::Projection> active = engine_->rules();
  std::string digest = name;
  if (name == kAtKnown) {
    // All that is known is known to those that answer now, also where --rules says which.
    if (known_at.next.empty()) return active;
    ASSIGN_OR_RETURN(digest, kept_.ActiveAt(known_at));
    if (digest.empty()) return active;
  }
  return OfDigest(digest);
}

absl::StatusOr<std::shared_ptr<const fold::Projection>> RuleBook::FindToCompare(
    const v1::WhatIfRequest& request) const {
  if (request.has_rules_text()) {
    ASSIGN_OR_RETURN(const fold::RulesText rules,
                     projections::ReadRules(request.rules_text(), request.file()));
    return projections::Catalog(rules);
  }
  if (!request.has_rules_digest()) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: rules_text: say by which rules, by their text or by rules_digest");
  }
  absl::MutexLock lock(&mutex_);
  return OfDigest(request.rules_digest());
}

absl::StatusOr<std::string> RuleBook::WholeTextOf(const std::string& digest) const {
  absl::MutexLock lock(&mutex_);
  if (digest == DigestOf(*active_)) return WholeText(*active_);
  ASSIGN_OR_RETURN(const std::optional<fold::RulesText> rules, TextOf(digest));
  return rules.has_value() ? absl::StatusOr<std::string>(WholeText(*rules)) : NoneOfThatDigest();
}

absl::Status RuleBook::List(const v1::ListRulesRequest& request,
                            v1::ListRulesResponse& response) const {
  absl::MutexLock lock(&mutex_);
  const std::string active = DigestOf(*active_);
  const auto add = [&](const fold::RulesText& rules, bool built_in) {
    v1::RulesEntry& entry = *response.add_rules();
    entry.set_name(rules.rules().name());
    entry.set_rules_digest(DigestOf(rules));
    entry.set_active(entry.rules_digest() == active);
    entry.set_built_in(built_in);
    entry.set_needs_refold(rules.fold_digest() != active_->fold_digest());
  };
  std::vector<std::pair<std::string, fold::RulesText>> built_in;
  for (const projections::BuiltInRules& set : projections::AllBuiltInRules()) {
    ASSIGN_OR_RETURN(fold::RulesText rules, projections::ReadRules(set.text, set.name));
    std::string digest = DigestOf(rules);
    built_in.emplace_back(std::move(digest), std::move(rules));
  }
  const auto is_built_in = [&](const std::string& digest) {
    return std::any_of(built_in.begin(), built_in.end(),
                       [&](const auto& set) { return set.first == digest; });
  };
  add(*active_, is_built_in(active));
  if (request.with_text()) response.mutable_rules(0)->set_text(WholeText(*active_));
  for (const auto& [digest, rules] : built_in) {
    if (digest != active) add(rules, true);
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> kept, DigestsThatCanBeRead());
  std::vector<std::string> told = {active};
  for (const std::string& digest : kept) {
    if (is_built_in(digest) || std::find(told.begin(), told.end(), digest) != told.end()) continue;
    told.push_back(digest);
    const absl::StatusOr<std::string> text = kept_.Text(digest);
    if (absl::IsDataLoss(text.status())) continue;
    RETURN_IF_ERROR(text.status());
    const auto rules = projections::ReadRules(*text, kept_.FileOf(digest));
    if (rules.ok()) add(*rules, false);
  }
  return absl::OkStatus();
}

void RuleBook::Check(const v1::CheckRulesRequest& request, v1::CheckRulesResponse& response) const {
  for (const fold::RulesError& wrong :
       projections::WrongRules(request.rules_text(), request.file())) {
    v1::RulesError& error = *response.add_errors();
    error.set_file(wrong.file);
    error.set_line(wrong.line);
    error.set_column(wrong.column);
    error.set_message(wrong.what);
  }
  absl::MutexLock lock(&mutex_);
  response.set_active_digest(DigestOf(*active_));
  const auto rules = projections::ReadRules(request.rules_text(), request.file());
  if (!response.errors().empty() || !rules.ok()) return;
  response.set_rules_digest(DigestOf(*rules));
  if (response.rules_digest() == response.active_digest()) {
    response.set_change(v1::RULES_CHANGE_NONE);
  } else if (rules->fold_digest() == active_->fold_digest()) {
    response.set_change(v1::RULES_CHANGE_LIVE);
  } else {
    response.set_change(v1::RULES_CHANGE_NEEDS_REFOLD);
  }
}

absl::Status RuleBook::CheckExpected(const std::string& expected) const {
  if (expected.empty()) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: expected_digest: is empty; say which rules are to be replaced, as "
        "`rapport rules list` names the active ones");
  }
  if (expected == DigestOf(*active_)) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat(
      "ETAG_MISMATCH: the active rules are ", DigestOf(*active_),
      " and not those that were expected; look what they say, then try again: rapport rules list"));
}

absl::Status RuleBook::KeepList(const std::vector<std::string>& digests, const Position& position) {
  RETURN_IF_ERROR(kept_.Activate(digests));
  // The list has said it: what only AT_KNOWN asks for holds nothing up.
  const absl::Status noted = kept_.Note(digests.front(), position, DigestOf(*active_));
  if (!noted.ok() && alarm_) {
    alarm_(absl::StrCat("AT_KNOWN will not know that ", digests.front(), " answer from ",
                        position.ToString(), " on, which could not be written: ", noted.message()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> RuleBook::ListWith(const std::string& digest,
                                                            bool rolls_back) const {
  ASSIGN_OR_RETURN(std::vector<std::string> list, DigestsThatCanBeRead());
  if (rolls_back) {
    list.erase(list.begin(), std::find(list.begin(), list.end(), digest));
    if (!list.empty()) list.erase(list.begin());
  } else if (const std::string active = DigestOf(*active_);
             list.empty() || list.front() != active) {
    list.insert(list.begin(), active);
  }
  list.insert(list.begin(), digest);
  return list;
}

absl::StatusOr<std::optional<v1::Operation>> RuleBook::Switch(const fold::RulesText& rules,
                                                              const Wish& wish) {
  if (engine_->rules()->digest() != DigestOf(*active_)) {
    return absl::UnavailableError("NOT_READY: other rules are about to take over; try again");
  }
  const bool refolds = rules.fold_digest() != active_->fold_digest();
  if (refolds && !wish.allow_refold) {
    return absl::FailedPreconditionError(absl::StrCat(
        "RULES_NEED_REFOLD: the fold part of ", DigestOf(rules), " is not that of ",
        DigestOf(*active_),
        ", so all facts must be folded anew beside them; allow it (allow_refold), or leave the "
        "fold part as it is"));
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const fold::Projection> projection, projections::Catalog(rules));
  // Durable before anybody is answered by them; the texts before the list that names them.
  RETURN_IF_ERROR(kept_.Put(DigestOf(*active_), WholeText(*active_)));
  RETURN_IF_ERROR(kept_.Put(DigestOf(rules), WholeText(rules)));
  if (!refolds) {
    ASSIGN_OR_RETURN(const auto list, ListWith(DigestOf(rules), wish.rolls_back));
    RETURN_IF_ERROR(KeepList(list, engine_->pipeline().Applied()));
    RETURN_IF_ERROR(engine_->Activate(std::move(projection)));
    active_ = std::make_unique<const fold::RulesText>(rules);
    return std::nullopt;
  }
  v1::Operation operation;
  operation.set_kind(v1::OPERATION_KIND_REFOLD);
  operation.set_caller(wish.caller);
  operation.set_previous_digest(DigestOf(*active_));
  operation.set_rolls_back(wish.rolls_back);
  operation.set_records_per_second_max(wish.records_per_second_max);
  operation.mutable_rebuild()->set_rules_digest(DigestOf(rules));
  RETURN_IF_ERROR(BeginOperation(*operations_, operation, [&](const v1::Operation& begun) {
    mutex_.AssertHeld();
    return StartRefold(rules, projection, begun);
  }));
  FillRebuild(engine_->pipeline().rebuild(), engine_->clock().NowMicros(),
              *operation.mutable_rebuild());
  return operation;
}

absl::Status RuleBook::StartRefold(const fold::RulesText& rules,
                                   std::shared_ptr<const fold::Projection> projection,
                                   const v1::Operation& operation) {
  const auto agree = [this, rules, operation](const Position& position) {
    return AgreeTo(rules, operation, position);
  };
  return engine_->StartRefold(
      std::move(projection), agree,
      {operation.records_per_second_max(), operations_->WhenEnded(operation.id())});
}

absl::StatusOr<bool> RuleBook::GoOn(const v1::Operation& refold) {
  absl::MutexLock lock(&mutex_);
  const std::string& digest = refold.rebuild().rules_digest();
  if (DigestOf(*active_) == digest) return true;
  RETURN_IF_ERROR(CheckExpected(refold.previous_digest()));
  ASSIGN_OR_RETURN(const std::string text, kept_.Text(digest));
  ASSIGN_OR_RETURN(const fold::RulesText rules, projections::ReadRules(text, kept_.FileOf(digest)));
  ASSIGN_OR_RETURN(std::shared_ptr<const fold::Projection> projection, projections::Catalog(rules));
  RETURN_IF_ERROR(StartRefold(rules, std::move(projection), refold));
  return false;
}

absl::Status RuleBook::AgreeTo(const fold::RulesText& rules, const v1::Operation& operation,
                               const Position& position) {
  absl::MutexLock lock(&mutex_);
  if (DigestOf(*active_) != operation.previous_digest()) {
    return absl::AbortedError(absl::StrCat(
        "ETAG_MISMATCH: while the facts were folded anew, ", DigestOf(*active_),
        " were activated; look what they say, then activate again: rapport rules list"));
  }
  ASSIGN_OR_RETURN(const auto list, ListWith(DigestOf(rules), operation.rolls_back()));
  RETURN_IF_ERROR(KeepList(list, position));
  active_ = std::make_unique<const fold::RulesText>(rules);
  return absl::OkStatus();
}

absl::Status RuleBook::Activate(const v1::ActivateRulesRequest& request, const std::string& caller,
                                v1::ActivateRulesResponse& response) {
  RETURN_IF_ERROR(edge::CheckPace(request.records_per_second_max()));
  ASSIGN_OR_RETURN(const fold::RulesText rules,
                   projections::ReadRules(request.rules_text(), request.file()));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckExpected(request.expected_digest()));
  const std::string active = DigestOf(*active_);
  response.set_previous_digest(active);
  response.set_overruled_by(rules_file_);
  if (DigestOf(rules) != active) {
    ASSIGN_OR_RETURN(std::optional<v1::Operation> operation,
                     Switch(rules, {/*rolls_back=*/false, request.allow_refold(),
                                    request.records_per_second_max(), caller}));
    if (operation.has_value()) *response.mutable_operation() = *std::move(operation);
  }
  response.set_rules_digest(DigestOf(*active_));
  return absl::OkStatus();
}

absl::Status RuleBook::Rollback(const v1::RollbackRulesRequest& request, const std::string& caller,
                                v1::RollbackRulesResponse& response) {
  RETURN_IF_ERROR(edge::CheckPace(request.records_per_second_max()));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckExpected(request.expected_digest()));
  const std::string active = DigestOf(*active_);
  ASSIGN_OR_RETURN(std::vector<std::string> kept, kept_.Digests());
  // A program of before may have named the same rules otherwise.
  std::optional<fold::RulesText> before;
  while (!kept.empty() && (!before.has_value() || DigestOf(*before) == active)) {
    ASSIGN_OR_RETURN(const std::string text, kept_.Text(kept.front()));
    ASSIGN_OR_RETURN(before, projections::ReadRules(text, kept_.FileOf(kept.front())));
    kept.erase(kept.begin());
  }
  if (!before.has_value() || DigestOf(*before) == active) {
    return absl::NotFoundError(absl::StrCat("RULES_UNKNOWN: there is nothing to go back to from ",
                                            active, "; activate others: rapport rules activate"));
  }
  ASSIGN_OR_RETURN(std::optional<v1::Operation> operation,
                   Switch(*before, {/*rolls_back=*/true, request.allow_refold(),
                                    request.records_per_second_max(), caller}));
  if (operation.has_value()) *response.mutable_operation() = *std::move(operation);
  response.set_previous_digest(active);
  response.set_rules_digest(DigestOf(*active_));
  response.set_overruled_by(rules_file_);
  return absl::OkStatus();
}

}  // namespace rapport::operations
