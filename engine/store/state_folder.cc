#include "engine/store/state_folder.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "engine/store/mark.h"

namespace rapport::store {
namespace {

constexpr char kAside[] = "damaged";
constexpr char kOpening[] = ".opening";
constexpr int kStartsMax = 3;

}  // namespace

StateFolder::StateFolder(std::string parent, std::string name, Alarm alarm,
                         std::shared_ptr<StartCount> start_count)
    : parent_(std::move(parent)),
      name_(std::move(name)),
      path_(absl::StrCat(parent_, "/", name_)),
      alarm_(std::move(alarm)),
      start_count_(start_count ? std::move(start_count) : std::make_shared<StartCount>()) {}

std::string StateFolder::OpeningMark() const { return path_ + kOpening; }

absl::Status StateFolder::Prepare() {
  RETURN_IF_ERROR(MakeDirectories(parent_));
  if (const std::string why = ReadMark(DamagedMark()); !why.empty()) {
    RETURN_IF_ERROR(SetAside(absl::DataLossError(why)));
  }
  return CountStart();
}

void StateFolder::DeleteOthers() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == kAside || name == name_ || entry.path() == DamagedMark() ||
        entry.path() == OpeningMark()) {
      continue;
    }
    std::error_code ignored;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

absl::Status StateFolder::CountStart() {
  const int starts = StartCount::In(OpeningMark());
  if (starts >= kStartsMax) {
    RETURN_IF_ERROR(SetAside(absl::DataLossError(
        absl::StrCat("the last ", starts, " starts ended while the state was being opened"))));
  }
  return start_count_->Count(OpeningMark());
}

void StateFolder::Opened() { start_count_->Clear(OpeningMark()); }

absl::Status StateFolder::SetAside(const absl::Status& why) {
  const std::string aside = absl::StrCat(parent_, "/", kAside);
  std::error_code error;
  std::filesystem::remove_all(aside, error);
  if (!error && std::filesystem::exists(path_)) std::filesystem::rename(path_, aside, error);
  if (error) {
    return absl::InternalError(absl::StrCat("cannot move the damaged state ", path_, " to ", aside,
                                            ": ", error.message(), "; delete it by hand"));
  }
  DeleteMark(DamagedMark());
  start_count_->Clear(OpeningMark());
  if (alarm_) {
    alarm_(absl::StrCat("STATE_DAMAGED: ", why.message(), ". The state is set aside in ", aside,
                        " and folded again from the archive; nothing is lost. Check the disk"));
  }
  return absl::OkStatus();
}

void StateFolder::MarkDamaged(const absl::Status& why) {
  // Where even this cannot be written there is nothing more to do than to say so.
  const absl::Status marked = WriteMark(DamagedMark(), std::string(why.message()));
  if (!alarm_) return;
  alarm_(absl::StrCat(
      "STATE_DAMAGED: ", why.message(), ". ",
      marked.ok() ? "The next start sets the state aside and folds it again from the archive"
                  : marked.message()));
}

}  // namespace rapport::store
