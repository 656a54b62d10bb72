#include "tests/kit/model_files.h"

#include <random>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport::kit {

absl::Status ModelFiles::Changes() {
  ++changes_;
  if (left_ > 0 && --left_ == 0) is_cut_ = true;
  return is_cut_ ? absl::InternalError("the power is cut") : absl::OkStatus();
}

void ModelFiles::Put(const std::string& path, std::shared_ptr<File> file) {
  if (file == nullptr) {
    now_.erase(path);
  } else {
    now_[path] = file;
  }
  unsynced_.push_back({DirectoryOf(path), path, std::move(file)});
}

absl::Status ModelFiles::MakeDirectory(const std::string&) { return absl::OkStatus(); }

absl::StatusOr<std::vector<std::string>> ModelFiles::List(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& [path, file] : now_) {
    if (DirectoryOf(path) == directory) names.push_back(path.substr(directory.size() + 1));
  }
  return names;
}

absl::StatusOr<std::string> ModelFiles::Read(const std::string& path) {
  const auto found = now_.find(path);
  if (found == now_.end()) return absl::NotFoundError(path + " is not there");
  return found->second->bytes;
}

absl::Status ModelFiles::Write(const std::string& path, absl::string_view bytes) {
  RETURN_IF_ERROR(Changes());
  if (!now_.contains(path)) Put(path, std::make_shared<File>());
  now_[path]->bytes = std::string(bytes);
  return absl::OkStatus();
}

absl::Status ModelFiles::Append(const std::string& path, absl::string_view bytes) {
  RETURN_IF_ERROR(Changes());
  if (!now_.contains(path)) Put(path, std::make_shared<File>());
  now_[path]->bytes += std::string(bytes);
  return absl::OkStatus();
}

absl::Status ModelFiles::Sync(const std::string& path) {
  RETURN_IF_ERROR(Changes());
  const auto found = now_.find(path);
  if (found == now_.end()) return absl::InternalError(path + " is not there");
  found->second->synced = found->second->bytes;
  return absl::OkStatus();
}

absl::Status ModelFiles::Rename(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(Changes());
  const auto found = now_.find(from);
  if (found == now_.end()) return absl::InternalError(from + " is not there");
  if (to == mounted_) return absl::FailedPreconditionError(to + ": Device or resource busy");
  // One change of the directory: a crash never sees the half of it that only takes the name.
  Put(to, found->second);
  now_.erase(from);
  return absl::OkStatus();
}

absl::Status ModelFiles::CheckReplaceable(const std::string& path) {
  if (path != mounted_ || !is_told_) return absl::OkStatus();
  return absl::FailedPreconditionError(path + " is mounted");
}

absl::Status ModelFiles::Remove(const std::string& path) {
  RETURN_IF_ERROR(Changes());
  if (now_.contains(path)) Put(path, nullptr);
  return absl::OkStatus();
}

absl::Status ModelFiles::SyncDirectory(const std::string& path) {
  RETURN_IF_ERROR(Changes());
  std::vector<Change> others;
  for (Change& change : unsynced_) {
    if (change.directory != path) others.push_back(std::move(change));
  }
  unsynced_ = std::move(others);
  for (auto entry = synced_.begin(); entry != synced_.end();) {
    const bool gone = DirectoryOf(entry->first) == path && !now_.contains(entry->first);
    entry = gone ? synced_.erase(entry) : std::next(entry);
  }
  for (const auto& [name, file] : now_) {
    if (DirectoryOf(name) == path) synced_[name] = file;
  }
  return absl::OkStatus();
}

void ModelFiles::Crash(uint64_t seed) {
  std::mt19937_64 random(seed);
  // Names: of what was not synced, a beginning.
  const size_t kept = random() % (unsynced_.size() + 1);
  for (size_t i = 0; i < kept; ++i) {
    if (unsynced_[i].file == nullptr) {
      synced_.erase(unsynced_[i].path);
    } else {
      synced_[unsynced_[i].path] = unsynced_[i].file;
    }
  }
  unsynced_.clear();
  now_.clear();
  for (auto& [path, file] : synced_) {
    if (file->bytes != file->synced) {
      // The old bytes, or a beginning of the new ones; where some were added, the old ones are in
      // it.
      const bool added = file->bytes.rfind(file->synced, 0) == 0;
      const size_t least = added ? file->synced.size() : 0;
      const size_t size = least + random() % (file->bytes.size() - least + 1);
      file->bytes = random() % 2 == 0 ? file->synced : file->bytes.substr(0, size);
    }
    now_[path] = std::make_shared<File>(File{file->bytes, file->bytes});
  }
  synced_ = now_;
  CutAt(0);
}

std::map<std::string, std::string> ModelFiles::Copy() const {
  std::map<std::string, std::string> copy;
  for (const auto& [path, file] : now_) copy[path] = file->bytes;
  return copy;
}

void ModelFiles::Restore(const std::map<std::string, std::string>& copy) {
  now_.clear();
  for (const auto& [path, bytes] : copy) now_[path] = std::make_shared<File>(File{bytes, bytes});
  synced_ = now_;
  unsynced_.clear();
}

}  // namespace rapport::kit
