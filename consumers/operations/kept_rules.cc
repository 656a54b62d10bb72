#include "consumers/operations/kept_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr size_t kKept = 100;

bool IsDigest(absl::string_view text) {
  constexpr size_t kDigits = 12;
  return absl::ConsumePrefix(&text, "r-") && text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

}  // namespace

std::string KeptRules::FileOf(const std::string& digest) const {
  return absl::StrCat(directory_, "/", digest, ".textproto");
}

absl::StatusOr<std::vector<std::string>> KeptRules::Digests() const {
  const absl::StatusOr<std::string> list = files_->Read(directory_ + "/active");
  if (absl::IsNotFound(list.status())) return std::vector<std::string>();
  RETURN_IF_ERROR(list.status());
  std::vector<std::string> digests = absl::StrSplit(*list, '\n', absl::SkipEmpty());
  if (!digests.empty() && std::all_of(digests.begin(), digests.end(), IsDigest)) return digests;
  return absl::DataLossError(
      absl::StrCat("RULES_DAMAGED: ", directory_,
                   "/active is no list of rules; start with --rules FILE, then activate again"));
}

absl::StatusOr<std::string> KeptRules::Text(const std::string& digest) const {
  absl::StatusOr<std::string> text = files_->Read(FileOf(digest));
  if (!absl::IsNotFound(text.status())) return text;
  return absl::DataLossError(absl::StrCat(
      "RULES_DAMAGED: ", FileOf(digest), " is gone; start with --rules FILE, then activate again"));
}

absl::Status KeptRules::Put(const std::string& digest, absl::string_view text) {
  RETURN_IF_ERROR(files_->MakeDirectory(directory_));
  RETURN_IF_ERROR(files_->SyncDirectory(DirectoryOf(directory_)));
  return ReplaceFile(*files_, FileOf(digest), text);
}

absl::Status KeptRules::Activate(const std::vector<std::string>& digests) {
  std::vector<std::string> list = digests;
  if (list.size() > kKept) list.resize(kKept);
  return ReplaceFile(*files_, directory_ + "/active", absl::StrJoin(list, "\n") + "\n");
}

absl::Status KeptRules::Note(const std::string& digest, const Position& position,
                             const std::string& before) {
  absl::StatusOr<std::string> notes = files_->Read(directory_ + "/since");
  if (absl::IsNotFound(notes.status())) notes = before + "\n";
  RETURN_IF_ERROR(notes.status());
  absl::StrAppend(&*notes, digest, " ", position.ToString(), "\n");
  return ReplaceFile(*files_, directory_ + "/since", *notes);
}

absl::StatusOr<std::string> KeptRules::ActiveAt(const Position& position) const {
  const absl::StatusOr<std::string> notes = files_->Read(directory_ + "/since");
  if (absl::IsNotFound(notes.status())) return std::string();
  RETURN_IF_ERROR(notes.status());
  std::string active;
  for (const absl::string_view line : absl::StrSplit(*notes, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    Position since;
    if (words.size() > 1) {
      ASSIGN_OR_RETURN(since, Position::Parse(words[1]));
    }
    const bool later =
        std::any_of(position.next.begin(), position.next.end(), [&since](const auto& known) {
          const auto from = since.next.find(known.first);
          return from != since.next.end() && known.second < from->second;
        });
    if (later) break;
    active = words[0];
  }
  return active;
}

}  // namespace rapport::operations
