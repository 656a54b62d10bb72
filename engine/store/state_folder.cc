#include "engine/store/state_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "engine/store/mark.h"
#include "engine/store/state_store.h"

namespace rapport::store {
namespace {

constexpr char kAside[] = "damaged";
constexpr char kOpening[] = ".opening";
constexpr char kCurrent[] = ".current";
constexpr int kStartsMax = 3;

}  // namespace

std::string StateFolder::NameOf(absl::string_view fold_digest) {
  return absl::StrCat(fold_digest.substr(0, 16), "-", kStateFormat);
}

StateFolder::StateFolder(std::string parent, std::string name, Alarm alarm,
                         std::shared_ptr<StartCount> start_count)
    : parent_(std::move(parent)),
      name_(std::move(name)),
      base_(absl::StrCat(parent_, "/", name_)),
      pointer_(&SystemFiles(), base_ + kCurrent),
      alarm_(std::move(alarm)),
      start_count_(start_count ? std::move(start_count) : std::make_shared<StartCount>()) {}

std::unique_ptr<StateFolder> StateFolder::Beside(std::string name) const {
  return std::make_unique<StateFolder>(parent_, std::move(name), alarm_);
}

std::string StateFolder::OpeningMark() const { return base_ + kOpening; }

std::string StateFolder::PathOf(int64_t generation) const {
  return generation == 0 ? base_ : absl::StrCat(base_, ".", generation);
}

int64_t StateFolder::GenerationOf(const std::string& name) const {
  if (name == name_) return 0;
  absl::string_view rest = name;
  int64_t generation = 0;
  const bool is_one = absl::ConsumePrefix(&rest, absl::StrCat(name_, ".")) &&
                      absl::SimpleAtoi(rest, &generation) && generation > 0;
  return is_one ? generation : -1;
}

std::vector<int64_t> StateFolder::Generations() const {
  std::vector<int64_t> there;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent_, error)) {
    const int64_t generation = GenerationOf(entry.path().filename().string());
    if (generation >= 0) there.push_back(generation);
  }
  return there;
}

// Numbers are never used again, so nobody who still reads an old one meets the new one.
absl::Status StateFolder::PrepareBeside(const std::set<std::string>& open) {
  const absl::StatusOr<int64_t> pointer = pointer_.Read();
  if (!pointer.ok() && !absl::IsDataLoss(pointer.status())) return pointer.status();
  serves_ = std::max(serves_, pointer.value_or(0));
  for (const int64_t generation : Generations()) {
    serves_ = std::max(serves_, generation);
    std::error_code ignored;
    const std::string path = PathOf(generation);
    if (!open.contains(path)) std::filesystem::remove_all(path, ignored);
  }
  DeleteMark(DamagedMark());
  DeleteMark(OpeningMark());
  return absl::OkStatus();
}

absl::Status StateFolder::FindServing() {
  const std::vector<int64_t> there = Generations();
  const absl::StatusOr<int64_t> serves = pointer_.Read();
  if (serves.ok()) {
    serves_ = *serves;
  } else if (!absl::IsDataLoss(serves.status())) {
    return serves.status();
  } else {
    // None of them can be trusted to be the one that was shown: a new one is folded.
    serves_ = there.empty() ? 1 : *std::max_element(there.begin(), there.end()) + 1;
    RETURN_IF_ERROR(pointer_.Set(serves_));
    if (alarm_) {
      alarm_(absl::StrCat(serves.status().message(),
                          ". The state is folded again from the archive; nothing is lost. Check "
                          "the disk"));
    }
  }
  for (const int64_t generation : there) {
    std::error_code ignored;
    if (generation != serves_) std::filesystem::remove_all(PathOf(generation), ignored);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> StateFolder::PrepareNext() {
  const std::string next = PathOf(serves_ + 1);
  std::error_code error;
  std::filesystem::remove_all(next, error);
  if (!error) return next;
  return absl::InternalError(absl::StrCat("cannot delete ", next, ": ", error.message()));
}

absl::Status StateFolder::SwitchToNext() {
  RETURN_IF_ERROR(pointer_.Set(serves_ + 1));
  ++serves_;
  return absl::OkStatus();
}

absl::Status StateFolder::Prepare() {
  RETURN_IF_ERROR(MakeDirectories(parent_));
  RETURN_IF_ERROR(FindServing());
  if (const std::string why = ReadMark(DamagedMark()); !why.empty()) {
    RETURN_IF_ERROR(SetAside(absl::DataLossError(why)));
  }
  return CountStart();
}

void StateFolder::DeleteOthers() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == kAside || entry.path() == PathOf(serves_) || entry.path() == pointer_.path() ||
        entry.path() == DamagedMark() || entry.path() == OpeningMark()) {
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
  if (!error && std::filesystem::exists(path())) std::filesystem::rename(path(), aside, error);
  if (error) {
    return absl::InternalError(absl::StrCat("cannot move the damaged state ", path(), " to ", aside,
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
