// Tells ThreadSanitizer what Abseil's locks order.
//
// Debian's Abseil is not instrumented, so the sanitizer sees neither a Mutex nor a Notification and
// would call everything that they guard a race. Here the functions we use are defined once more, in
// the test program, where the dynamic linker finds them first: each says what it orders and calls
// the real one. Conditions run on whichever thread unlocks; their reads are left out.
//
// gRPC is not instrumented either, but its headers are compiled here: an operation is filled on the
// thread that asks for it and read where its tag comes out of the queue, and what orders the two is
// inside the library. Reports with a frame of those headers are dropped; a handler of ours never
// runs beneath one.
//
// Only for preset `tsan`. A function of Abseil that is missing here shows as a false race.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "engine/base/check.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

const char* __tsan_default_suppressions() { return "race:grpc::internal::\n"; }
}

#define RAPPORT_TEXT(word) #word
#define RAPPORT_TEXT_OF(word) RAPPORT_TEXT(word)
// The mangled name of a function of Abseil; the namespace of Debian's has seven letters.
#define RAPPORT_ABSL(name) "_ZN4absl7" RAPPORT_TEXT_OF(ABSL_OPTION_INLINE_NAMESPACE_NAME) name

namespace {

// The function of that name in the library itself.
template <typename Function>
Function Real(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  RAPPORT_CHECK(found != nullptr) << name;
  return reinterpret_cast<Function>(found);
}

void Acquire(const void* lock) { __tsan_acquire(const_cast<void*>(lock)); }
void Release(const void* lock) { __tsan_release(const_cast<void*>(lock)); }

class IgnoreReads {
 public:
  IgnoreReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static const auto real = Real<void (*)(Mutex*)>(RAPPORT_ABSL("5Mutex4LockEv"));
  real(this);
  Acquire(this);
}

void Mutex::Unlock() {
  static const auto real = Real<void (*)(Mutex*)>(RAPPORT_ABSL("5Mutex6UnlockEv"));
  Release(this);
  const IgnoreReads ignore;
  real(this);
}

void Mutex::ReaderLock() {
  static const auto real = Real<void (*)(Mutex*)>(RAPPORT_ABSL("5Mutex10ReaderLockEv"));
  real(this);
  Acquire(this);
}

void Mutex::ReaderUnlock() {
  static const auto real = Real<void (*)(Mutex*)>(RAPPORT_ABSL("5Mutex12ReaderUnlockEv"));
  Release(this);
  const IgnoreReads ignore;
  real(this);
}

void Mutex::Await(const Condition& condition) {
  static const auto real =
      Real<void (*)(Mutex*, const Condition&)>(RAPPORT_ABSL("5Mutex5AwaitERKNS0_9ConditionE"));
  Release(this);
  {
    const IgnoreReads ignore;
    real(this, condition);
  }
  Acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static const auto real = Real<bool (*)(Mutex*, const Condition&, Duration)>(
      RAPPORT_ABSL("5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE"));
  Release(this);
  bool is_true = false;
  {
    const IgnoreReads ignore;
    is_true = real(this, condition, timeout);
  }
  Acquire(this);
  return is_true;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static const auto real = Real<bool (*)(Mutex*, const Condition&, Time)>(
      RAPPORT_ABSL("5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE"));
  Release(this);
  bool is_true = false;
  {
    const IgnoreReads ignore;
    is_true = real(this, condition, deadline);
  }
  Acquire(this);
  return is_true;
}

void CondVar::Wait(Mutex* mutex) {
  static const auto real =
      Real<void (*)(CondVar*, Mutex*)>(RAPPORT_ABSL("7CondVar4WaitEPNS0_5MutexE"));
  Release(mutex);
  real(this, mutex);
  Acquire(mutex);
}

void Notification::Notify() {
  static const auto real = Real<void (*)(Notification*)>(RAPPORT_ABSL("12Notification6NotifyEv"));
  Release(this);
  real(this);
}

void Notification::WaitForNotification() const {
  static const auto real = Real<void (*)(const Notification*)>("_ZNK4absl7" RAPPORT_TEXT_OF(
      ABSL_OPTION_INLINE_NAMESPACE_NAME) "12Notification19WaitForNotificationEv");
  real(this);
  Acquire(this);
}

bool Notification::WaitForNotificationWithDeadline(absl::Time deadline) const {
  static const auto real =
      Real<bool (*)(const Notification*, absl::Time)>("_ZNK4absl7" RAPPORT_TEXT_OF(
          ABSL_OPTION_INLINE_NAMESPACE_NAME) "12Notification31WaitForNotificationWithDeadlineENS0_"
                                             "4TimeE");
  const bool notified = real(this, deadline);
  if (notified) Acquire(this);
  return notified;
}

bool BlockingCounter::DecrementCount() {
  static const auto real =
      Real<bool (*)(BlockingCounter*)>(RAPPORT_ABSL("15BlockingCounter14DecrementCountEv"));
  Release(this);
  return real(this);
}

void BlockingCounter::Wait() {
  static const auto real =
      Real<void (*)(BlockingCounter*)>(RAPPORT_ABSL("15BlockingCounter4WaitEv"));
  real(this);
  Acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
