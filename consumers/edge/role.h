// Role: what somebody may do. The list is that of the contract and the only one.
//
// Threads: all functions are pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::edge {

enum class Role {
  // Whoever may connect.
  kAny,
  kPublisher,
  kReader,
  // A reader who may open sealed texts too.
  kRevealer,
  // A reader who may act on follow-ups too.
  kWorker,
  // A reader of history and reports too.
  kAnalyst,
  kOperator,
  kEraser,
};

// `reader`; as the protos and tokens name it.
absl::string_view RoleName(Role role);
std::optional<Role> RoleFromName(absl::string_view name);
// `analyst, operator`: each of them is enough. Empty when one is no role.
std::vector<Role> RolesFromNames(absl::string_view names);

// The roles of one caller.
class RoleSet {
 public:
  RoleSet() = default;
  RoleSet(std::initializer_list<Role> roles);
  static RoleSet All();

  void Add(Role role);
  // Whether they cover `needed`: everybody has kAny; revealer, worker and analyst read too.
  bool Cover(Role needed) const;
  // `publisher, reader`; for messages.
  std::string ToString() const;

 private:
  uint32_t bits_ = 0;
};

}  // namespace rapport::edge
