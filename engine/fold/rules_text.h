// RulesText: a rule set read from protobuf text, with the place of every value and its digests.
//
//   ASSIGN_OR_RETURN(RulesText text, RulesText::Parse(bytes, "standard.textproto"));
//   if (prior.r() < 1) return text.Error(prior, "r", 0, "must be at least 1");
//
// Threads:   plain value; const methods from any thread.
// Errors:    INVALID_ARGUMENT, `RULES_INVALID: file:line:column: what is wrong and the cure`.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::fold {

class RulesText {
 public:
  // Reads `text`; `file` is what errors call it. Unknown names are errors.
  static absl::StatusOr<RulesText> Parse(absl::string_view text, absl::string_view file);

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
  std::shared_ptr<const Parsed> parsed_;
};

// `r-` and the first 12 hexadecimal digits of BLAKE2b-128 over both digests: how answers name
// rules.
std::string RulesDigest(absl::string_view fold_digest, absl::string_view evaluate_digest);

}  // namespace rapport::fold
