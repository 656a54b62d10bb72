#include "consumers/operations/usage.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/edge/nearest_name.h"

namespace rapport::operations {
namespace {

bool AnyCommand(const CLI::App*) { return true; }
bool AnyFlag(const CLI::Option*) { return true; }

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(AnyCommand)) {
    // A group of options is a command without a name.
    if (!command->get_name().empty()) names.push_back(command->get_name());
  }
  return names;
}

// `--customer` and the like, those of its groups of options included.
std::vector<std::string> FlagNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options(AnyFlag)) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* group : app.get_subcommands(AnyCommand)) {
    if (!group->get_name().empty()) continue;
    for (std::string& name : FlagNames(*group)) names.push_back(std::move(name));
  }
  return names;
}

std::string Unknown(absl::string_view what, const std::string& word,
                    const std::vector<std::string>& known) {
  const std::string nearest = edge::NearestName(word, known);
  return absl::StrCat("there is no ", what, " ", edge::ShownName(word),
                      nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"));
}

// The first word that is not known; empty when all are.
std::string UnknownWord(const CLI::App& app, const std::vector<std::string>& words) {
  const std::vector<std::string> flags = FlagNames(app);
  for (const std::string& word : words) {
    if (!absl::StartsWith(word, "--") || word.size() == 2) continue;
    const std::string flag = word.substr(0, word.find('='));
    bool known = false;
    for (const std::string& name : flags) known = known || name == flag;
    if (!known) return Unknown("flag", flag, flags);
  }
  return "";
}

}  // namespace

absl::Status UsageError(CLI::App& app, int argc, const char* const* argv, const std::string& why) {
  const CLI::App* command = &app;
  std::string path = "rapport";
  std::string blame;
  int at = 1;
  for (; at < argc && blame.empty(); ++at) {
    const std::vector<std::string> names = CommandNames(*command);
    const std::string word = argv[at];
    if (names.empty() || absl::StartsWith(word, "-")) break;
    const CLI::App* next = nullptr;
    for (const CLI::App* child : command->get_subcommands(AnyCommand)) {
      if (child->get_name() == word) next = child;
    }
    if (next == nullptr) {
      blame = Unknown("command", word, names);
    } else {
      command = next;
      absl::StrAppend(&path, " ", word);
    }
  }
  if (blame.empty()) blame = UnknownWord(*command, {argv + at, argv + argc});
  if (blame.empty()) {
    blame = absl::StrReplaceAll(absl::StripSuffix(why, "\n"), {{"\n", ", "}});
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "wrong usage: ", blame, absl::EndsWith(blame, "?") ? " " : "; ", "see `", path, " --help`"));
}

}  // namespace rapport::operations
