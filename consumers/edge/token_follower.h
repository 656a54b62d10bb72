// TokenFollower: lets a changed file of tokens take effect while the server runs.
//
//   TokenGate gate(TokenFile::Read(path).value());
//   TokenFollower follower(path, &gate, [](const std::string& what) { ... tells the operator ...
//   });
//
// Once a second the file is looked at: when its moment of change, size or inode is another, it is
// read again and takes the place of the tokens before, all at once. A file that cannot be read, or
// in which a line is wrong, changes nothing: the tokens before hold, and the alarm says why, once
// for each change. Then streams end whose token or certificate is not good any more.
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
#include "consumers/edge/gate.h"

namespace rapport::edge {

class TokenFollower {
 public:
  using Alarm = std::function<void(const std::string&)>;

  TokenFollower(std::string path, TokenGate* gate, Alarm alarm);
  ~TokenFollower();
  TokenFollower(const TokenFollower&) = delete;
  TokenFollower& operator=(const TokenFollower&) = delete;

  // What is done once a second.
  void Look();

 private:
  const std::string path_;
  TokenGate* const gate_;
  const Alarm alarm_;
  absl::Notification ending_;
  absl::Mutex mutex_;
  // Tells one content of the file from the next; empty before the first look.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace rapport::edge
