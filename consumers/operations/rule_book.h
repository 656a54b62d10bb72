// RuleBook: which rules a server answers by, and what others there are.
//
//   ASSIGN_OR_RETURN(auto book, RuleBook::Open(files, data_directory, rules_file, alarm));
//   auto engine = Engine::Open(options, book->projection(), clock);
//   book->Serve(engine.get());
//   book->Activate(text, "mine.textproto", "r-3b19c07de2aa");
//
// At the start those of the command line answer; without any, those that were activated last in
// this data directory; else the standard ones. Whoever activates says which ones he takes to be
// active, so that two do not overrule each other unseen.
//
// Threads:   Open and Serve on one thread; then any.
// Ownership: owns the projection that the engine is opened with, so it must outlive the engine,
//            which it borrows; borrows files, which must outlive it.
// Errors:    INVALID_ARGUMENT (RULES_INVALID), ABORTED (ETAG_MISMATCH), FAILED_PRECONDITION
//            (RULES_NEED_REFOLD), NOT_FOUND (RULES_UNKNOWN) when there is nothing to go back to,
//            those of Engine::StartRefold, and those of Files. Whatever fails, the rules before go
//            on.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "consumers/operations/kept_rules.h"
#include "consumers/operations/operation_book.h"
#include "engine/engine.h"
#include "projections/catalog.h"
#include "rapport/v1/difference.pb.h"
#include "rapport/v1/operations.pb.h"

namespace rapport::operations {

class RuleBook {
 public:
  // `rules_file` is what the command line says: a file, the name of a set, or empty.
  static absl::StatusOr<std::unique_ptr<RuleBook>> Open(Files* files,
                                                        const std::string& data_directory,
                                                        const std::string& rules_file,
                                                        const store::Alarm& alarm);

  const fold::Projection* projection() const { return projection_.get(); }
  // From then on the engine finds rules here, too. Refolds are written down in `operations`, which
  // must outlive the engine.
  void Serve(Engine* engine, OperationBook* operations);

  // How answers name the active ones.
  std::string active_digest() const;
  // What the active ones say of currencies.
  std::string base_currency() const;
  // Millionths of the base currency that one unit of a currency without a rate counts.
  int64_t unlisted_rate() const;
  // The rules of that digest, of the active ones, those kept here and those of the program,
  // whatever their fold part; or AT_KNOWN, those that were active at the position. NOT_FOUND
  // (RULES_UNKNOWN).
  absl::StatusOr<std::shared_ptr<const fold::Projection>> Find(const std::string& name,
                                                               const Position& known_at) const;
  // The rules that a question of what would be names, by text or digest, whatever their fold part.
  absl::StatusOr<std::shared_ptr<const fold::Projection>> FindToCompare(
      const v1::WhatIfRequest& request) const;
  // All that the rules of that digest say, of the active ones, those kept here and those of the
  // program. NOT_FOUND (RULES_UNKNOWN).
  absl::StatusOr<std::string> WholeTextOf(const std::string& digest) const;
  absl::Status List(const v1::ListRulesRequest& request, v1::ListRulesResponse& response) const;
  void Check(const v1::CheckRulesRequest& request, v1::CheckRulesResponse& response) const;
  // `caller` is who asks.
  absl::Status Activate(const v1::ActivateRulesRequest& request, const std::string& caller,
                        v1::ActivateRulesResponse& response);
  absl::Status Rollback(const v1::RollbackRulesRequest& request, const std::string& caller,
                        v1::RollbackRulesResponse& response);
  // Begins a refold once more that the end of a process has interrupted. True when its rules are
  // the active ones already; ETAG_MISMATCH when others than those before are.
  absl::StatusOr<bool> GoOn(const v1::Operation& refold);

 private:
  RuleBook(Files* files, const std::string& data_directory, const std::string& rules_file,
           const store::Alarm& alarm)
      : kept_(files, data_directory), rules_file_(rules_file), alarm_(alarm) {}

  // Those that are kept; none where the list is damaged, which the next activation writes anew.
  absl::StatusOr<std::vector<std::string>> DigestsThatCanBeRead() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckExpected(const std::string& expected) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Nullopt when none of that digest are kept or come with the program.
  absl::StatusOr<std::optional<fold::RulesText>> TextOf(const std::string& digest) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What the rules of that digest fold and evaluate, whatever their fold part: the active ones,
  // those kept here and those of the program. NOT_FOUND (RULES_UNKNOWN).
  absl::StatusOr<std::shared_ptr<const fold::Projection>> OfDigest(const std::string& digest) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What whoever wants other rules allows.
  struct Wish {
    // To those before.
    bool rolls_back = false;
    bool allow_refold = false;
    int64_t records_per_second_max = 0;
    std::string caller;
  };
  // Lets `rules` answer, and keeps that they do. Where they fold otherwise, that is done when the
  // facts are folded anew, if they may be; the operation then.
  absl::StatusOr<std::optional<v1::Operation>> Switch(const fold::RulesText& rules,
                                                      const Wish& wish)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Folds the facts anew by `rules`, of which `projection` is made, as this operation.
  absl::Status StartRefold(const fold::RulesText& rules,
                           std::shared_ptr<const fold::Projection> projection,
                           const v1::Operation& operation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The list once `digest` is active: those before behind it, or without those that are left.
  absl::StatusOr<std::vector<std::string>> ListWith(const std::string& digest,
                                                    bool rolls_back) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes `digests`, whose texts are kept, durable as the list.
  absl::Status KeepList(const std::vector<std::string>& digests, const Position& position)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What the engine asks when the facts of `rules` are about to be shown.
  absl::Status AgreeTo(const fold::RulesText& rules, const v1::Operation& operation,
                       const Position& position);

  mutable absl::Mutex mutex_;
  KeptRules kept_ ABSL_GUARDED_BY(mutex_);
  const std::string rules_file_;
  const store::Alarm alarm_;
  std::unique_ptr<const fold::Projection> projection_;
  Engine* engine_ = nullptr;
  OperationBook* operations_ = nullptr;
  std::unique_ptr<const fold::RulesText> active_ ABSL_GUARDED_BY(mutex_);
  // Those that were asked for lately, by digest: compiling them takes a while.
  mutable std::map<std::string, std::shared_ptr<const fold::Projection>> found_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::operations
