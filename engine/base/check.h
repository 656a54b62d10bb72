// CHECK: a broken invariant stops the process, in every build.
//
//   RAPPORT_CHECK(next == expected) << "partition " << partition << ": offset went back";
//
// For what must be true whatever a user or a disk does. Bad input is a value (Rejection) or a
// Status, never a CHECK. Shaped like Abseil's CHECK, which Debian 12 does not have yet.
#pragma once

#include <sstream>

namespace rapport {

// Collects the message and ends the process when it goes out of scope.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  [[noreturn]] ~CheckFailure();
  std::ostream& stream() { return stream_; }

 private:
  std::ostringstream stream_;
};

}  // namespace rapport

#define RAPPORT_CHECK(condition) \
  while (!(condition)) ::rapport::CheckFailure(__FILE__, __LINE__, #condition).stream()

// For expressions that return absl::Status.
#define RAPPORT_CHECK_OK(expression)                                         \
  if (const absl::Status check_status_ = (expression); check_status_.ok()) { \
  } else /* NOLINT */                                                        \
    ::rapport::CheckFailure(__FILE__, __LINE__, #expression).stream() << check_status_ << " "
