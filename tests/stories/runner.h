// Runner: tells a story to a real pipeline and says what came out differently.
//
//   ASSIGN_OR_RETURN(Story story, ParseStory(text, "tests/stories/let_down.story"));
//   for (const std::string& failure : RunStory(story)) ADD_FAILURE() << failure;
//
// Each line is published, its questions are asked, the power is cut, and everything is asked again.
// When the story is over, history is asked for every moment as it was known then, and what
// invariants.h lists is checked, whatever the story asks.
//
// Threads:   one, besides those of the pipeline. Ownership: owns what it runs.
// Errors:    those of the story are values, each `file:line: what`; a pipeline that does not start
//            is one of them.
#pragma once

#include <string>
#include <vector>

#include "tests/stories/story.h"

namespace rapport::stories {

// Empty when everything is as the story says.
std::vector<std::string> RunStory(const Story& story);

}  // namespace rapport::stories
