// Crumbs: the file of breadcrumbs of a simulated world, which outlives deaths of the process and
// not every power cut. It lies in memory and nowhere else.
//
// Threads: one. Ownership: owns file and breadcrumbs.
#pragma once

#include <memory>
#include <string>

#include "engine/pipeline/breadcrumbs.h"

namespace rapport::simulation {

class Crumbs {
 public:
  Crumbs();
  ~Crumbs();
  Crumbs(const Crumbs&) = delete;
  Crumbs& operator=(const Crumbs&) = delete;

  pipeline::Breadcrumbs* Open(int partitions);
  void Close() { crumbs_.reset(); }

  // Keeps what a process that ends here leaves behind, whatever is tidied up afterwards.
  void Keep();
  // Puts that in the file's place. REQUIRES: closed.
  void LeaveKept();
  // Loses the file. REQUIRES: closed.
  void Lose();

 private:
  const int file_;
  std::string kept_;
  std::unique_ptr<pipeline::Breadcrumbs> crumbs_;
};

}  // namespace rapport::simulation
