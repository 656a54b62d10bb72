// LogEnds knows where a log ends, without making anybody wait for a broker.
//
// A thread of its own asks the log now and then; who only wants to say how far behind an answer is
// takes what it last heard.
//
// Threads:   all methods from any thread. Ownership: borrows the log, which must outlive it.
// Errors:    none: while the log does not answer, the ends last heard stand.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "engine/log/log.h"

namespace rapport::log {

class LogEnds {
 public:
  explicit LogEnds(Log* log);
  ~LogEnds();

  // Per partition the next offset of the log. Asks anew and waits for it at most `patience`; zero
  // takes what was last heard, which is half a second old as long as the log answers.
  std::vector<Offset> Ends(absl::Duration patience);

 private:
  void Run();

  Log* const log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Offset> ends_;
  // Rounds of asking that were wanted, begun and finished.
  int64_t wanted_ = 0;
  int64_t begun_ = 0;
  int64_t finished_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rapport::log
