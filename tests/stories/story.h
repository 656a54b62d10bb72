// Story: a *.story file read: what happens to customers, line by line, and what is asked of it.
//
//   # A regular is let down; we make it right.
//   rules: standard
//
//   2024-03-01 10:00  ana  ComplaintRaised  case=C1 severity=3
//     => flag DAMAGED because case C1
//   at +182d
//     => friction > -10 and friction < 0
//
// Lines are in the order of the log; `logged` gives a late arrival the time at which the log took
// it. Questions are asked when the last line was logged, at the moment of an `at`, or of the past
// `as of` a moment. README.md here says it from the writer's side.
//
// Threads:   plain values; parsing is pure.
// Errors:    INVALID_ARGUMENT, `file:line: what is wrong and what to write`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/stories/event_line.h"

namespace rapport::stories {

// One thing that is asked, such as `flag DAMAGED because case C1`.
struct Clause {
  bool negated = false;
  // First word, such as `flag`.
  std::string verb;
  // What follows it, without the reasons.
  std::vector<std::string> words;
  // The words behind each `because`.
  std::vector<std::vector<std::string>> because;

  std::string ToString() const;
};

struct Question {
  int line = 0;
  // Whom it is about.
  std::string customer;
  // A further set of rules it is asked under; empty = those of the story.
  std::string rules;
  std::vector<Clause> clauses;
};

// Questions of one moment.
struct Scene {
  int line = 0;
  int64_t at_us = 0;
  // Asked of the past, `as of` a moment, and not of the present.
  bool past = false;
  std::vector<Question> questions;
};

struct Step {
  EventLine event;
  // The first is at the moment of the line.
  std::vector<Scene> scenes;
};

struct Story {
  // As messages name it.
  std::string file;
  std::vector<std::string> covers;
  // `standard`, or `standard + care`.
  std::string rules = "standard";
  // Whether the engine appends the twins of what concerns a second customer.
  bool echo = false;
  std::vector<Step> steps;
};

absl::StatusOr<Story> ParseStory(absl::string_view text, absl::string_view file);

}  // namespace rapport::stories
