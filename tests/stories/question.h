// Questions: what a story may ask, and whether the answer is the one it expects.
//
//   ASSIGN_OR_RETURN(std::vector<Clause> clauses, ParseClauses({"flag", "DAMAGED"}));
//   absl::Status right = Check(clauses[0], view, memory);   // the message says what is the case
//
// README.md here lists the questions. A reason (`because`) is looked up in the receipt of what is
// asked, in the cause of a follow-up, or, for a line of the score, in what the timeline says the
// event did to that line: an event that only happens to be in the story is no reason.
//
// Threads:   one. Ownership: a View borrows what it shows.
// Errors:    INVALID_ARGUMENT: the question itself is wrong (no such flag, policy, event).
//            FAILED_PRECONDITION: the answer is another one.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/model/rejection.h"
#include "rapport/v1/explanation.pb.h"
#include "rapport/v1/facts.pb.h"
#include "rapport/v1/relationships.pb.h"
#include "rapport/v1/report.pb.h"
#include "rapport/v1/standing.pb.h"
#include "rapport/v1/standings.pb.h"
#include "tests/stories/story.h"

namespace rapport::stories {

// What the engine did with a line.
enum class Fate { kFolded, kKept, kDuplicate, kRefused };

// One customer at the moment of a question.
struct View {
  const v1::Standing* standing = nullptr;
  const v1::CustomerFacts* facts = nullptr;
  // Of the same standing; null where only other rules were asked.
  const v1::Explanation* explanation = nullptr;
  // Their timeline, made when asked for.
  std::function<const std::vector<v1::TimelineEntry>&()> timeline;
  // What they were over time, up to the moment of the question, at each change.
  std::function<const std::vector<v1::StandingRow>&()> history;
  // How all customers of the story are, as a reader is told.
  std::function<absl::StatusOr<v1::SummarizeBaseResponse>()> base;
  // Their events so far that count.
  std::vector<const EventLine*> events;
  // The report of that name over all customers of the story, or over this one alone.
  // Groups with less than `answers_min` answers are not compared.
  std::function<absl::StatusOr<v1::Table>(const std::string& name, bool insight,
                                          int64_t answers_min)>
      table;
  // Ids of the policies of the rules.
  const std::set<std::string>* policies = nullptr;
  // How many customers are known by now.
  int64_t known = 0;
  // The moment of the last line, from which distances count.
  int64_t line_us = 0;
  Fate fate = Fate::kFolded;
  // With kRefused.
  std::optional<Rejection> rejection;
};

// What the story remembered, by name: thousandths.
using Memory = std::map<std::string, int64_t>;

// Clauses are joined by `and` or a comma; one that begins with no verb goes on with the one before:
// `done thank_you, answer`.
absl::StatusOr<std::vector<Clause>> ParseClauses(const std::vector<std::string>& words);

absl::Status Check(const Clause& clause, const View& view, Memory& memory);

// True when the clause says that the last line was not folded, and so expects it.
bool ExpectsFate(const Clause& clause);
// Whether a question at the moment of the line asks so.
bool ExpectsFate(const Step& step);

}  // namespace rapport::stories
