// Group: customers that are one, by following their links.
//
//   ASSIGN_OR_RETURN(const Group group, FindGroup("cust-1", links_of));
//
// A link holds while both customers say it; they lie on partitions of their own, so one may know
// earlier than the other. Of the two the word of the greater moment says who goes into whom. All
// that is joined by links that hold is one group, whichever member is asked about.
//
// Its survivor is the end of the links: the member that goes into nobody. Links may run in a
// circle, or one customer may have gone into two: of a circle, and of several ends, it is the least
// id by bytes.
//
// Threads: pure, but for `links_of`.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/links.h"

namespace rapport {

struct Group {
  // The member under which the group is one customer.
  std::string survivor;
  // All of them, ascending by bytes; one alone is a group, too.
  std::vector<std::string> members;

  bool is_merged() const { return members.size() > 1; }
};

// What the records under one id say; empty when nothing is known of it.
using LinksOf = absl::FunctionRef<absl::StatusOr<Links>(const std::string& customer_id)>;

// The group of a customer. Asks for the links of each customer once.
// Errors: those of `links_of`.
absl::StatusOr<Group> FindGroup(absl::string_view customer_id, LinksOf links_of);

}  // namespace rapport
