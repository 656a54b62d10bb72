#include "engine/pipeline/breadcrumbs.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"

namespace rapport::pipeline {
namespace {

// A partition's crumb has a cache line to itself, so that folding threads do not meet there.
constexpr size_t kCrumbBytes = 64;
constexpr char kMagic[] = "rapport breadcrumbs 1";

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat("cannot ", what, " ", path, ": ",
                                                    std::strerror(errno),
                                                    "; check the directory and its disk"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Breadcrumbs>> Breadcrumbs::Open(const std::string& path,
                                                               int partitions) {
  static_assert(sizeof(Crumb) <= kCrumbBytes && sizeof(kMagic) <= kCrumbBytes);
  const size_t size = (static_cast<size_t>(partitions) + 1) * kCrumbBytes;
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Failed("open", path);
  struct stat stat;
  const bool is_old = fstat(file, &stat) == 0 && static_cast<size_t>(stat.st_size) == size;
  // The disk space is taken now: a store into a page that cannot be written would be a death.
  const int error = posix_fallocate(file, 0, static_cast<off_t>(size));
  void* const memory = error != 0 || ftruncate(file, static_cast<off_t>(size)) != 0
                           ? MAP_FAILED
                           : mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (error != 0) errno = error;
  const absl::Status failed = memory == MAP_FAILED ? Failed("map", path) : absl::OkStatus();
  close(file);
  if (!failed.ok()) return failed;
  std::unique_ptr<Breadcrumbs> crumbs(new Breadcrumbs(memory, size));
  const bool is_ours = is_old && std::memcmp(memory, kMagic, sizeof(kMagic)) == 0;
  for (Partition partition = 0; partition < partitions; ++partition) {
    if (is_ours) {
      TakeUp(crumbs->CrumbOf(partition));
    } else {
      crumbs->Clear(partition);
    }
  }
  std::memcpy(memory, kMagic, sizeof(kMagic));
  crumbs->Sync();
  return crumbs;
}

Breadcrumbs::~Breadcrumbs() { munmap(memory_, size_); }

Breadcrumbs::Crumb& Breadcrumbs::CrumbOf(Partition partition) const {
  return *reinterpret_cast<Crumb*>(static_cast<char*>(memory_) +
                                   (static_cast<size_t>(partition) + 1) * kCrumbBytes);
}

uint32_t Breadcrumbs::CrcOf(const Crumb& crumb) {
  const int64_t covered[] = {crumb.careful_from, crumb.careful_to, crumb.suspect, crumb.deaths};
  return Crc32c(0, {reinterpret_cast<const char*>(covered), sizeof(covered)});
}

// Turns where an earlier life ended into what this one suspects.
void Breadcrumbs::TakeUp(Crumb& crumb) {
  if (crumb.crc != CrcOf(crumb)) {
    crumb.careful_from = 0;
    crumb.careful_to = 0;
    crumb.suspect = -1;
    crumb.deaths = 0;
  }
  const auto suspect = [&crumb](int64_t from, int64_t to) {
    crumb.careful_from = crumb.careful_to == 0 ? from : std::min(crumb.careful_from, from);
    crumb.careful_to = std::max(crumb.careful_to, to);
  };
  const int64_t record = crumb.record;
  if (record >= 0) {
    crumb.deaths = record == crumb.suspect ? crumb.deaths + 1 : 1;
    crumb.suspect = record;
    suspect(record, record + 1);
  }
  if (crumb.batch_next > 0) suspect(crumb.batch_first, crumb.batch_next);
  crumb.crc = CrcOf(crumb);
  crumb.batch_next = 0;
  crumb.record = -1;
}

Breadcrumbs::Suspicion Breadcrumbs::Of(Partition partition) const {
  const Crumb& crumb = CrumbOf(partition);
  return {crumb.careful_from, crumb.careful_to, crumb.suspect, crumb.deaths};
}

void Breadcrumbs::Forgive(Partition partition, Offset record) {
  Crumb& crumb = CrumbOf(partition);
  if (crumb.suspect != record) return;
  crumb.suspect = -1;
  crumb.deaths = 0;
  crumb.crc = CrcOf(crumb);
  Sync();
}

void Breadcrumbs::Clear(Partition partition) {
  Crumb& crumb = CrumbOf(partition);
  crumb.batch_next = 0;
  crumb.record = -1;
  crumb.careful_from = 0;
  crumb.careful_to = 0;
  crumb.suspect = -1;
  crumb.deaths = 0;
  crumb.crc = CrcOf(crumb);
  Sync();
}

void Breadcrumbs::BeginBatch(Partition partition, Offset first, Offset next) {
  Crumb& crumb = CrumbOf(partition);
  crumb.batch_first = first;
  crumb.batch_next = next;
  // The note must stand before the work it is about.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

void Breadcrumbs::EndBatch(Partition partition) {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  CrumbOf(partition).batch_next = 0;
}

Breadcrumbs::Record::Record(Breadcrumbs& crumbs, Partition partition, Offset offset)
    : crumbs_(crumbs), partition_(partition), lock_(crumbs.careful_) {
  crumbs_.CrumbOf(partition_).record = offset;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

Breadcrumbs::Record::~Record() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  crumbs_.CrumbOf(partition_).record = -1;
}

// What a failed sync loses is a suspicion; the next death brings it back.
void Breadcrumbs::Sync() { msync(memory_, size_, MS_SYNC); }

}  // namespace rapport::pipeline
