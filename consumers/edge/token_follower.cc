#include "consumers/edge/token_follower.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rapport::edge {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Seconds(1);

// Another one whenever the file may be another.
std::string StampOf(const std::string& path) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) return absl::StrCat("error ", errno);
  return absl::StrCat(file.st_dev, " ", file.st_ino, " ", file.st_size, " ", file.st_mode, " ",
                      file.st_uid, " ", file.st_mtim.tv_sec, ".", file.st_mtim.tv_nsec, " ",
                      file.st_ctim.tv_sec, ".", file.st_ctim.tv_nsec);
}

}  // namespace

TokenFollower::TokenFollower(std::string path, TokenGate* gate, Alarm alarm)
    : path_(std::move(path)), gate_(gate), alarm_(std::move(alarm)) {
  thread_ = std::thread([this] {
    do {
      Look();
    } while (!ending_.WaitForNotificationWithTimeout(kBetweenLooks));
  });
}

TokenFollower::~TokenFollower() {
  ending_.Notify();
  thread_.join();
}

void TokenFollower::Look() {
  const absl::MutexLock lock(&mutex_);
  // Before it is read: what is written in between is seen at the next look.
  std::string stamp = StampOf(path_);
  if (stamp != seen_) {
    seen_ = std::move(stamp);
    absl::StatusOr<TokenFile> tokens = TokenFile::Read(path_);
    if (tokens.ok()) {
      gate_->Replace(*std::move(tokens));
    } else {
      alarm_(absl::StrCat(tokens.status().message(),
                          ". The tokens from before go on to hold; put the file right"));
    }
  }
  gate_->EndStale();
}

}  // namespace rapport::edge
