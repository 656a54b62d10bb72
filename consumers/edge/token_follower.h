// TokenFollower: lets a changed file of tokens take effect while the server runs.
//
//   TokenGate gate(TokenFile::Read(path).value());
//   TokenFollower follower(path, &gate, [](const std::string& what) { ... tells the operator ...
//   });
//
// Once a second the file is looked at: when its moment of change, size or inode is another, and the
// same at two looks in a row, so that nobody is still writing it, it is read again and takes the
// place of the tokens before, all at once. A file that cannot be read, in which a line is wrong or
// that lets nobody in changes nothing: the tokens before hold, and the alarm says why, once for
// each cause. It is read again at each look until it is good. Then streams end whose token or
// certificate is not good any more.
//
// Threads:   one of its own; Look also from any other.
// Ownership: borrows the gate, which must outlive it.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "consumers/edge/gate.h"

namespace rapport::edge {

class TokenFollower {
 public:
  using Alarm = std::function<void(const std::string&)>;

  TokenFollower(std::string path, TokenGate* gate, Alarm alarm,
                absl::Duration between_looks = absl::Seconds(1));
  ~TokenFollower();
  TokenFollower(const TokenFollower&) = delete;
  TokenFollower& operator=(const TokenFollower&) = delete;

  // What is done once a second.
  void Look();

 private:
  // Reads the file, which had `stamp` at this look and the one before.
  void Take(const std::string& stamp) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  TokenGate* const gate_;
  const Alarm alarm_;
  absl::Notification ending_;
  absl::Mutex mutex_;
  // Stamps tell one content of the file from the next: that of the tokens that hold, and that of
  // the look before. Empty when there is none yet.
  std::string taken_ ABSL_GUARDED_BY(mutex_);
  std::string last_ ABSL_GUARDED_BY(mutex_);
  // Why the file is not taken, as the alarm was told; empty when it is.
  std::string told_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace rapport::edge
