// ModelFiles: files in memory that lose at a power cut what was not synced.
//
//   ModelFiles files;
//   files.CutAt(3);                       // the third change fails, and all after it
//   EXPECT_FALSE(ReplaceFile(files, "/keys/1", "new").ok());
//   files.Crash(seed);                    // power is back; unsynced bytes and names are lost
//
// A crash keeps of each directory the changes up to some point, and of each file's unsynced bytes
// some beginning; the seed says which.
//
// Threads: one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/files.h"

namespace rapport::kit {

class ModelFiles : public Files {
 public:
  absl::Status MakeDirectory(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override;
  absl::StatusOr<std::string> Read(const std::string& path) override;
  absl::Status Write(const std::string& path, absl::string_view bytes) override;
  absl::Status Append(const std::string& path, absl::string_view bytes) override;
  absl::Status Sync(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status CheckReplaceable(const std::string& path) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& path) override;

  // The n-th change from now on (1 = the next) and all after it fail. 0 = none.
  void CutAt(int64_t n) { left_ = n, is_cut_ = false; }
  // Makes `path` a mount point: its bytes can be read, and no other file can take its place.
  // `is_told`: CheckReplaceable knows it, as a new enough system does.
  void Mount(const std::string& path, bool is_told = true) { mounted_ = path, is_told_ = is_told; }
  void Unmount() { mounted_.clear(); }
  // Brings the power back, with what was lost.
  void Crash(uint64_t seed);
  // Changes so far.
  int64_t changes() const { return changes_; }

  // All files, as a backup sees them; and their return, in place of what is there now.
  std::map<std::string, std::string> Copy() const;
  void Restore(const std::map<std::string, std::string>& copy);

 private:
  struct File {
    std::string bytes;
    std::string synced;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;
  // A name that took a file (null: lost one), not synced yet.
  struct Change {
    std::string directory;
    std::string path;
    std::shared_ptr<File> file;
  };
  absl::Status Changes();
  void Put(const std::string& path, std::shared_ptr<File> file);

  std::string mounted_;
  bool is_told_ = false;
  Names now_;
  Names synced_;
  std::vector<Change> unsynced_;
  int64_t changes_ = 0;
  int64_t left_ = 0;
  bool is_cut_ = false;
};

}  // namespace rapport::kit
