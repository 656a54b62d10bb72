#include "consumers/edge/role.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rapport::edge {
namespace {

struct NamedRole {
  Role role;
  absl::string_view name;
};

constexpr std::array<NamedRole, 8> kRoles = {{{Role::kAny, "any"},
                                              {Role::kPublisher, "publisher"},
                                              {Role::kReader, "reader"},
                                              {Role::kRevealer, "revealer"},
                                              {Role::kWorker, "worker"},
                                              {Role::kAnalyst, "analyst"},
                                              {Role::kOperator, "operator"},
                                              {Role::kEraser, "eraser"}}};

uint32_t BitOf(Role role) { return 1u << static_cast<unsigned>(role); }

}  // namespace

absl::string_view RoleName(Role role) {
  for (const NamedRole& entry : kRoles) {
    if (entry.role == role) return entry.name;
  }
  return "any";
}

std::optional<Role> RoleFromName(absl::string_view name) {
  for (const NamedRole& entry : kRoles) {
    if (entry.name == name) return entry.role;
  }
  return std::nullopt;
}

std::vector<Role> RolesFromNames(absl::string_view names) {
  std::vector<Role> roles;
  for (const absl::string_view name : absl::StrSplit(names, ", ")) {
    const std::optional<Role> role = RoleFromName(name);
    if (!role.has_value()) return {};
    roles.push_back(*role);
  }
  return roles;
}

RoleSet::RoleSet(std::initializer_list<Role> roles) {
  for (const Role role : roles) Add(role);
}

RoleSet RoleSet::All() {
  RoleSet all;
  for (const NamedRole& entry : kRoles) all.Add(entry.role);
  return all;
}

void RoleSet::Add(Role role) {
  bits_ |= BitOf(role);
  if (role == Role::kRevealer || role == Role::kWorker || role == Role::kAnalyst) {
    bits_ |= BitOf(Role::kReader);
  }
}

bool RoleSet::Cover(Role needed) const {
  return needed == Role::kAny || (bits_ & BitOf(needed)) != 0;
}

std::string RoleSet::ToString() const {
  std::string text;
  for (const NamedRole& entry : kRoles) {
    if (entry.role == Role::kAny || (bits_ & BitOf(entry.role)) == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", entry.name);
  }
  return text;
}

}  // namespace rapport::edge
