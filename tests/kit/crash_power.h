// CrashPower counts what a file system is asked to do and decides what fails.
//
// Threads: all methods from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

namespace rapport::kit {

class CrashPower {
 public:
  enum class Fate {
    kWorks,
    // Nothing happens.
    kFails,
    // It fails, but may have happened.
    kFailsUnknown,
  };

  // What becomes of the next change, one of the file `path`.
  Fate Change(const std::string& path, bool repeats_matter) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++changes_;
    if (is_cut_) return Fate::kFails;
    if (repeats_matter && !failed_path_.empty() && path == failed_path_) ++retries_;
    if (left_ == 0 || --left_ > 0) return Fate::kWorks;
    has_failed_ = true;
    is_cut_ = cuts_;
    if (!cuts_) failed_path_ = path;
    return Fate::kFailsUnknown;
  }

  bool ReadFails() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (reads_left_ == 0 || --reads_left_ > 0) return false;
    has_failed_ = true;
    return true;
  }

  // The n-th change from now fails; with `cuts` all after it, too. 0 lifts it.
  void FailAt(int64_t n, bool cuts) {
    std::lock_guard<std::mutex> lock(mutex_);
    left_ = n;
    cuts_ = cuts;
    Forget();
  }
  void FailReadAt(int64_t n) {
    std::lock_guard<std::mutex> lock(mutex_);
    reads_left_ = n;
    Forget();
  }

  // Whether failing calls fail for good.
  bool cuts() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return cuts_;
  }
  bool has_failed() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return has_failed_;
  }
  int64_t changes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return changes_;
  }
  int64_t retries() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return retries_;
  }

 private:
  void Forget() {
    is_cut_ = false;
    has_failed_ = false;
    failed_path_.clear();
    retries_ = 0;
  }

  mutable std::mutex mutex_;
  int64_t changes_ = 0;
  int64_t left_ = 0;
  int64_t reads_left_ = 0;
  bool cuts_ = true;
  bool is_cut_ = false;
  bool has_failed_ = false;
  std::string failed_path_;
  int64_t retries_ = 0;
};

}  // namespace rapport::kit
