#include "tests/simulation/crumbs.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace rapport::simulation {

Crumbs::Crumbs() : file_(memfd_create("breadcrumbs", MFD_CLOEXEC)) {
  RAPPORT_CHECK(file_ >= 0) << "no file in memory";
}

Crumbs::~Crumbs() {
  crumbs_.reset();
  close(file_);
}

pipeline::Breadcrumbs* Crumbs::Open(int partitions) {
  auto opened = pipeline::Breadcrumbs::Open(absl::StrCat("/proc/self/fd/", file_), partitions);
  RAPPORT_CHECK_OK(opened.status());
  crumbs_ = *std::move(opened);
  return crumbs_.get();
}

void Crumbs::Keep() {
  struct stat stat;
  RAPPORT_CHECK(fstat(file_, &stat) == 0) << "no size";
  kept_.resize(static_cast<size_t>(stat.st_size));
  RAPPORT_CHECK(pread(file_, kept_.data(), kept_.size(), 0) == stat.st_size) << "not read";
}

void Crumbs::LeaveKept() {
  RAPPORT_CHECK(crumbs_ == nullptr) << "open";
  const ssize_t written = pwrite(file_, kept_.data(), kept_.size(), 0);
  RAPPORT_CHECK(written == static_cast<ssize_t>(kept_.size())) << "not written";
}

void Crumbs::Lose() {
  RAPPORT_CHECK(crumbs_ == nullptr) << "open";
  RAPPORT_CHECK(ftruncate(file_, 0) == 0) << "not emptied";
}

}  // namespace rapport::simulation
