#include "tests/stories/story.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "tests/stories/question.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

constexpr char kSource[] = "story";
// Whose the events of nobody known are.
constexpr char kNobody[] = "-";

// Odd lines get ids that grow with time, even ones ids that are hashed: so duplicates are looked
// for on both ways that there are.
std::string IdOfLine(int line, int64_t occurred_us) {
  if (line % 2 == 0) return absl::StrCat("story-", line);
  const auto ms = static_cast<uint64_t>(occurred_us / 1000);
  return absl::StrFormat("%08x-%04x-7000-8000-%012x", ms >> 16, ms & 0xffff, line);
}

class Parser {
 public:
  explicit Parser(absl::string_view file) { story_.file = std::string(file); }

  absl::Status ReadLine(int number, absl::string_view text) {
    line_ = number;
    text = absl::StripAsciiWhitespace(text);
    if (text.empty()) return absl::OkStatus();
    if (text[0] == '#') {
      has_comment_ = has_comment_ || text.size() > 1;
      return absl::OkStatus();
    }
    if (covers_go_on_) return ReadCovers(text);
    if (absl::ConsumePrefix(&text, "covers:")) return ReadCovers(text);
    if (absl::ConsumePrefix(&text, "rules:")) return ReadRules(text);
    if (absl::ConsumePrefix(&text, "echo:")) return ReadEcho(text);
    ASSIGN_OR_RETURN(const std::vector<std::string> words, SplitWords(text));
    if (words[0] == "=>") return ReadQuestion({words.begin() + 1, words.end()});
    if (words[0] == "at") return ReadScene(words, 1, /*past=*/false);
    if (words[0] == "as" && words.size() > 1 && words[1] == "of") return ReadScene(words, 2, true);
    if (absl::ascii_isdigit(static_cast<unsigned char>(words[0][0])) || words[0][0] == '+') {
      return ReadEvent(words);
    }
    return Wrong("`", words[0],
                 "` begins no line: write a date and an event, `at` or `as of` a moment, or `=>` "
                 "and what should be true");
  }

  absl::StatusOr<Story> Finish() {
    if (!has_comment_) return Wrong("say in a comment (#) what the story shows");
    if (story_.steps.empty()) return Wrong("nothing happens in it: write an event");
    if (covers_go_on_) return Wrong("covers: ends with a comma; write the next row");
    return std::move(story_);
  }

 private:
  absl::Status ReadCovers(absl::string_view text) {
    if (!story_.steps.empty()) return Wrong("covers: belongs above the first event");
    covers_go_on_ = absl::EndsWith(text, ",");
    for (absl::string_view row : absl::StrSplit(text, ',')) {
      row = absl::StripAsciiWhitespace(row);
      if (!row.empty()) story_.covers.emplace_back(row);
    }
    return absl::OkStatus();
  }

  absl::Status ReadRules(absl::string_view text) {
    if (!story_.steps.empty()) return Wrong("rules: belongs above the first event");
    story_.rules = std::string(absl::StripAsciiWhitespace(text));
    return absl::OkStatus();
  }

  absl::Status ReadEcho(absl::string_view text) {
    if (!story_.steps.empty()) return Wrong("echo: belongs above the first event");
    if (absl::StripAsciiWhitespace(text) != "on") return Wrong("write `echo: on`, or nothing");
    story_.echo = true;
    return absl::OkStatus();
  }

  // Time goes on from line to line.
  absl::Status GoTo(int64_t at_us) {
    if (at_us < now_us_) {
      return Wrong(Written(at_us), " is before ", Written(now_us_),
                   ", where the story is: lines stand in the order of the log; give a late arrival "
                   "`logged` and a time, ask about the past with `as of`");
    }
    now_us_ = at_us;
    return absl::OkStatus();
  }

  absl::Status ReadEvent(std::vector<std::string> words) {
    size_t next = 0;
    EventLine event;
    event.line = line_;
    const int64_t last_us = story_.steps.empty() ? 0 : story_.steps.back().event.logged_us;
    if (words[0][0] == '+' && last_us == 0) return Wrong("the first event needs a date");
    ASSIGN_OR_RETURN(event.occurred_us, TakeMoment(words, next, last_us));
    event.logged_us = event.occurred_us;
    const auto logged = std::find(words.begin(), words.end(), "logged");
    if (logged != words.end()) {
      auto at = static_cast<size_t>(logged - words.begin()) + 1;
      ASSIGN_OR_RETURN(event.logged_us, TakeMoment(words, at, event.occurred_us));
      if (at != words.size()) return Wrong("`", words[at], "` stands behind `logged` and its time");
      if (event.logged_us < event.occurred_us) return Wrong("it is logged before it happens");
      words.erase(logged, words.end());
    }
    if (next + 2 > words.size()) return Wrong("a customer and an event are missing");
    const std::string customer = words[next] == kNobody ? "" : words[next];
    ++next;
    const event::KindInfo* kind = event::FindKindByName(words[next++]);
    if (kind == nullptr) return Wrong("there is no event ", words[next - 1]);
    RETURN_IF_ERROR(GoTo(event.logged_us));
    event.kind = std::string(kind->name);
    event.event.set_kind(kind->kind);
    event.event.set_customer_id(customer);
    event.event.set_occurred_at_us(event.occurred_us);
    event.event.set_source(kSource);
    event.event.set_event_id(IdOfLine(line_, event.occurred_us));
    RETURN_IF_ERROR(
        SetFields({words.begin() + static_cast<ptrdiff_t>(next), words.end()}, event.event));
    event.key = KeyOfPayload(event.event);
    RETURN_IF_ERROR(CheckInstant(event));
    customers_.insert(customer);
    story_.steps.push_back({std::move(event), {Scene{line_, now_us_, false, {}}}});
    return absl::OkStatus();
  }

  // Events of one instant are ordered by their ids, which a story does not show.
  absl::Status CheckInstant(const EventLine& event) {
    const auto instant = std::make_pair(event.event.customer_id(), event.occurred_us);
    const auto [it, is_new] = instants_.emplace(instant, event.event.event_id());
    if (is_new || it->second == event.event.event_id()) return absl::OkStatus();
    return Wrong("another event of ", instant.first, " happens at ", Written(instant.second),
                 ": give them different times, since nothing here says which is first");
  }

  absl::Status ReadScene(const std::vector<std::string>& words, size_t next, bool past) {
    if (story_.steps.empty()) return Wrong("nothing has happened yet: write an event first");
    Step& step = story_.steps.back();
    ASSIGN_OR_RETURN(const int64_t at_us, TakeMoment(words, next, step.event.logged_us));
    if (next != words.size()) return Wrong("`", words[next], "` stands behind the moment");
    if (past && at_us > now_us_) return Wrong("`as of` asks about the past; write `at`");
    if (!past) RETURN_IF_ERROR(GoTo(at_us));
    step.scenes.push_back(Scene{line_, at_us, past, {}});
    return absl::OkStatus();
  }

  absl::Status ReadQuestion(std::vector<std::string> words) {
    if (story_.steps.empty()) return Wrong("nothing has happened yet: write an event first");
    Step& step = story_.steps.back();
    Question question;
    question.line = line_;
    question.customer = step.event.event.customer_id();
    while (!words.empty() && words[0].size() > 1 && words[0].back() == ':') {
      question.customer = words[0].substr(0, words[0].size() - 1);
      // With the echo on something may have happened to him that no line says.
      if (!story_.echo && !customers_.contains(question.customer)) {
        return Wrong("nothing has happened to ", question.customer, " yet");
      }
      words.erase(words.begin());
    }
    if (words.size() > 2 && words[0] == "under" && words[1].back() == ':') {
      question.rules = words[1].substr(0, words[1].size() - 1);
      words.erase(words.begin(), words.begin() + 2);
    }
    ASSIGN_OR_RETURN(question.clauses, ParseClauses(words));
    step.scenes.back().questions.push_back(std::move(question));
    return absl::OkStatus();
  }

  Story story_;
  int line_ = 0;
  int64_t now_us_ = 0;
  bool has_comment_ = false;
  bool covers_go_on_ = false;
  std::set<std::string> customers_;
  // Customer and instant -> id of the event.
  std::map<std::pair<std::string, int64_t>, std::string> instants_;
};

}  // namespace

std::string Clause::ToString() const {
  std::string text =
      absl::StrCat(negated ? "no " : "", verb, words.empty() ? "" : " ", absl::StrJoin(words, " "));
  for (const std::vector<std::string>& reason : because) {
    absl::StrAppend(&text, " because ", absl::StrJoin(reason, " "));
  }
  return text;
}

absl::StatusOr<Story> ParseStory(absl::string_view text, absl::string_view file) {
  Parser parser(file);
  int number = 0;
  const auto at_line = [&](const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": ", status.message()));
  };
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const absl::Status status = parser.ReadLine(++number, line);
    if (!status.ok()) return at_line(status);
  }
  absl::StatusOr<Story> story = parser.Finish();
  if (!story.ok()) return at_line(story.status());
  return story;
}

}  // namespace rapport::stories
