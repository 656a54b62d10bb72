#include "consumers/operations/interruption.h"

namespace rapport::operations {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void Note(int) { interrupted = 1; }

}  // namespace

Interruption::Interruption() {
  interrupted = 0;
  struct sigaction once = {};
  once.sa_handler = Note;
  // The second one is not noted any more; calls that wait are not broken off.
  once.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &once, &int_before_);
  sigaction(SIGTERM, &once, &term_before_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &int_before_, nullptr);
  sigaction(SIGTERM, &term_before_, nullptr);
}

absl::Status Interruption::Check() const {
  return interrupted == 0 ? absl::OkStatus() : absl::CancelledError("interrupted");
}

}  // namespace rapport::operations
