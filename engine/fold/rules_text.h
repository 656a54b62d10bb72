// RulesText: a rule set read from protobuf text, with the place of every value and its digests.
//
//   ASSIGN_OR_RETURN(RulesText text, RulesText::Parse(bytes, "standard.textproto"));
//   if (prior.r() < 1) return text.Error(prior, "r", 0, "must be at least 1");
//
// Rules can be laid over others and then say only what differs: what is written takes the place of
// what stands there. A single value does so by itself. What has a name (ring, list, map, rate,
// custom kind, policy; of a weight what it is for) is laid over the one of that name in the same
// manner, or stands behind the others. All else that may be written several times, and a condition,
// takes the place of all that stands there. `without_policy` takes policies out.
//
// Threads:   plain value; const methods from any thread.
// Errors:    INVALID_ARGUMENT, `RULES_INVALID: file:line:column: what is wrong and the cure`.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::fold {

// An error about rules in its parts.
struct RulesError {
  std::string file;
  int line = 1;
  int column = 1;
  std::string what;
};
// Nothing when `status` is no error of rules.
std::optional<RulesError> RulesErrorOf(const absl::Status& status);

// What tells one of several entries of a rule set apart from its siblings, such as the id of a
// policy; empty when they have no names.
std::string EntryName(const google::protobuf::Message& entry);

class RulesText {
 public:
  // Reads `text`; `file` is what errors call it. Unknown names are errors.
  static absl::StatusOr<RulesText> Parse(absl::string_view text, absl::string_view file);

  // These rules laid over `base`: whole if `base` is. Places and errors name the file that each
  // value is written in; of a value below, in an entry that was laid over, the entry above it. An
  // error when a policy that is to be left out is not there.
  absl::StatusOr<RulesText> Over(const RulesText& base) const;

  // The rules with what `wrong` is about put right after `good`, to see what else is wrong with
  // them; nothing when `wrong` is no error of these rules. No rules to be used.
  std::optional<RulesText> PutRight(const RulesError& wrong, const RulesText& good) const;

  const v1::RuleSet& rules() const;

  // 32 hexadecimal digits: BLAKE2b-128 of the canonical text of the fold part, of the evaluate
  // part.
  const std::string& fold_digest() const;
  const std::string& evaluate_digest() const;

  // An error about `field` (its `index`-th value when repeated) of `message`, which is rules() or
  // lies within it. When the field is not written, the place is the message's own.
  absl::Status Error(const google::protobuf::Message& message, absl::string_view field, int index,
                     absl::string_view what) const;

 private:
  struct Parsed;
  explicit RulesText(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}

  std::shared_ptr<const Parsed> parsed_;
};

// `r-` and the first 12 hexadecimal digits of BLAKE2b-128 over both digests: how answers name
// rules.
std::string RulesDigest(absl::string_view fold_digest, absl::string_view evaluate_digest);

}  // namespace rapport::fold
