// KeptRules: the rules that were activated in a data directory, so that a restart finds them.
//
//   ASSIGN_OR_RETURN(auto digests, kept.Digests());      // the active one first; empty = none
//   ASSIGN_OR_RETURN(auto text, kept.Text(digests[0]));
//
//   DATA/rules/active                         digests, a line each, what is active first
//   DATA/rules/r-3b19c07de2aa.textproto       the text of one, whole
//   DATA/rules/since                          digest and position from which on it was active, a
//                                             line each, the first one without a position
//
// A text is durable before the list names it, and the list is replaced whole: a power cut leaves
// the rules before or the rules after.
//
// Threads:   one at a time. Ownership: borrows the files.
// Errors:    those of Files; DATA_LOSS (RULES_DAMAGED) for a list or text that cannot be.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/base/files.h"
#include "engine/model/position.h"

namespace rapport::operations {

class KeptRules {
 public:
  KeptRules(Files* files, const std::string& data_directory)
      : files_(files), directory_(data_directory + "/rules") {}

  // Those of before too, the last one first.
  absl::StatusOr<std::vector<std::string>> Digests() const;
  absl::StatusOr<std::string> Text(const std::string& digest) const;
  std::string FileOf(const std::string& digest) const;

  // Makes a text durable, under its digest.
  absl::Status Put(const std::string& digest, absl::string_view text);
  // Makes `digests`, whose texts are there, the list; keeps the first hundred.
  absl::Status Activate(const std::vector<std::string>& digests);

  // Keeps that `digest` is active from `position` on, and `before` was before the first such note.
  absl::Status Note(const std::string& digest, const Position& position, const std::string& before);
  // Which were active at the position; empty when nobody has activated any.
  absl::StatusOr<std::string> ActiveAt(const Position& position) const;

 private:
  Files* const files_;
  const std::string directory_;
};

}  // namespace rapport::operations
