#include "engine/store/generation_pointer.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rapport::store {

absl::StatusOr<int64_t> GenerationPointer::Read() const {
  const absl::StatusOr<std::string> bytes = files_->Read(path_);
  if (absl::IsNotFound(bytes.status())) return 0;
  if (!bytes.ok()) return bytes.status();
  absl::string_view text = *bytes;
  int64_t generation = 0;
  const bool is_whole = absl::ConsumeSuffix(&text, "\n");
  if (is_whole && absl::SimpleAtoi(text, &generation) && generation >= 0) return generation;
  return absl::DataLossError(
      absl::StrCat("STATE_DAMAGED: ", path_, " does not say which state serves"));
}

absl::Status GenerationPointer::Set(int64_t generation) {
  const absl::Status set = ReplaceFile(*files_, path_, absl::StrCat(generation, "\n"));
  if (set.ok()) return set;
  // A refusal leaves the old number; all the same nobody goes on after one.
  return absl::InternalError(set.message());
}

}  // namespace rapport::store
