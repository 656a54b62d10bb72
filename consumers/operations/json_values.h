// SplitJsonValues: the JSON values of a text, each with the line on which it begins.
//
//   for (const JsonValue& value : SplitJsonValues(text)) Publish(value.text, value.line);
//
// The rule is JSON Lines: one object a line. Besides:
//   text    = { blank | object | list | other }
//   list    = "[" { blank | "," | object | other } "]"
//   object  = what lies between "{" and its "}", over as many lines as it takes
//   other   = anything else, up to the end of its line; in a list up to the next "," or "]" too
// An object ends early, unfinished, where it cannot go on: at a line end within a string; before a
// line that begins with "{" where an object has no place; and before a line that begins, in its
// first column, with an object that is whole. So what is cut off takes no neighbour with it.
//
// Threads: pure. Never: leaves anything out but blanks and the marks of lists; what is no object
// is a value too, for whoever parses it to refuse.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::operations {

struct JsonValue {
  // Part of the text that was split.
  absl::string_view text;
  // Where it begins, from 1; the column in bytes.
  int64_t line = 0;
  int64_t column = 0;
  // The "[" of a list that is not closed.
  bool open_list = false;
};

std::vector<JsonValue> SplitJsonValues(absl::string_view text);

}  // namespace rapport::operations
