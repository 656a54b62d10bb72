#include "consumers/edge/token_follower.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rapport::edge {
namespace {

// Another one whenever the file may be another.
std::string StampOf(const std::string& path) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) return absl::StrCat("error ", errno);
  return absl::StrCat(file.st_dev, " ", file.st_ino, " ", file.st_size, " ", file.st_mode, " ",
                      file.st_uid, " ", file.st_mtim.tv_sec, ".", file.st_mtim.tv_nsec, " ",
                      file.st_ctim.tv_sec, ".", file.st_ctim.tv_nsec);
}

}  // namespace

TokenFollower::TokenFollower(std::string path, TokenGate* gate, Alarm alarm,
                             absl::Duration between_looks)
    : path_(std::move(path)), gate_(gate), alarm_(std::move(alarm)) {
  thread_ = std::thread([this, between_looks] {
    while (!ending_.WaitForNotificationWithTimeout(between_looks)) Look();
  });
}

TokenFollower::~TokenFollower() {
  ending_.Notify();
  thread_.join();
}

void TokenFollower::Look() {
  const absl::MutexLock lock(&mutex_);
  const std::string stamp = StampOf(path_);
  if (stamp == taken_) {
    told_.clear();
  } else if (stamp == last_) {
    Take(stamp);
  }
  last_ = stamp;
  gate_->EndStale();
}

void TokenFollower::Take(const std::string& stamp) {
  absl::StatusOr<TokenFile> tokens = TokenFile::Read(path_);
  // Somebody writes it just now; the next looks see what becomes of it.
  if (StampOf(path_) != stamp) return;
  if (tokens.ok() && !tokens->empty()) {
    gate_->Replace(*std::move(tokens));
    taken_ = stamp;
    told_.clear();
    return;
  }
  const std::string why = tokens.ok() ? absl::StrCat("FILE_EMPTY: ", path_, " lets nobody in")
                                      : std::string(tokens.status().message());
  if (why == told_) return;
  told_ = why;
  alarm_(absl::StrCat(why, ". The tokens from before go on to hold; put the file right"));
}

}  // namespace rapport::edge
