// PolicyParts: reads triggers and closers of one policy. For policy_compile.cc.
//
// Threads: one. Ownership: borrows everything. Errors: INVALID_ARGUMENT with place and cure.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/fold/rules_text.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

class PolicyParts {
 public:
  PolicyParts(const fold::RulesText& text, const facts::FoldRules& fold_rules,
              const v1::PolicyRule& rule)
      : text_(text), fold_rules_(fold_rules), rule_(rule) {}

  absl::StatusOr<Trigger> CompileTrigger(const v1::PolicyTrigger& rule) const;
  absl::StatusOr<Closer> CompileCloser(const v1::PolicyCloser& rule) const;

 private:
  template <typename... Parts>
  absl::Status Error(const google::protobuf::Message& message, absl::string_view field,
                     const Parts&... what) const {
    return text_.Error(message, field, 0, absl::StrCat("policy ", rule_.id(), ": ", what...));
  }

  absl::Status CompileEvent(const v1::PolicyTrigger& rule, Trigger& trigger) const;
  absl::Status CompileState(const v1::PolicyState& rule, Trigger& trigger) const;
  absl::Status CompileSilence(const v1::PolicySilence& rule, Trigger& trigger) const;
  absl::Status CheckWords(const v1::PolicyCloser& rule) const;
  absl::Status FindLists(const v1::PolicyCloser& rule, Closer& closer) const;
  ListMask ListsOfCustomerActs() const;
  // Of a kind of the contract's, or of the business's own by name.
  struct Remembered {
    uint16_t kind = 0;
    facts::ListName list = facts::ListName::kOrders;
    std::string name;
  };
  absl::StatusOr<Remembered> Find(const google::protobuf::Message& message, v1::Kind kind,
                                  const std::string& custom_kind, absl::string_view does) const;

  const fold::RulesText& text_;
  const facts::FoldRules& fold_rules_;
  const v1::PolicyRule& rule_;
};

// The name of a purpose without what all have in common: `THANKS`.
std::string PurposeName(int purpose);

}  // namespace rapport::follow_up
