// ModelGenerations: the generations of a state in memory, each a ModelDisk, and the real pointer on
// ModelFiles. A power cut leaves of them what the disks and the files leave.
//
//   ModelGenerations generations;
//   table::Table* state = generations.OpenServing().value();
//   ...
//   generations.files().CutAt(3);   // the third change of the pointer's files fails
//   generations.Crash(seed);        // after that everything is closed: OpenServing again
//
// Threads:   Begin, Switch and Leave from any thread; the rest from one, while nothing is open.
// Ownership: owns the tables it gives.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "engine/store/generation_pointer.h"
#include "engine/store/generations.h"
#include "engine/table/model_table.h"
#include "tests/kit/model_files.h"

namespace rapport::kit {

class ModelGenerations : public store::Generations {
 public:
  ModelGenerations();

  // Opens what the pointer says; what is left of others is deleted, as a start does.
  absl::StatusOr<table::Table*> OpenServing();
  // Closes all tables; nothing more is written.
  void Close();

  absl::StatusOr<table::Table*> Begin(const std::string& fold_digest) override;
  absl::Status Switch(const std::function<absl::Status()>& agree) override;
  void Leave(table::Table* table) override;

  void Crash(uint64_t seed);

  // The disk of the generation that serves, as the pointer says.
  table::ModelDisk& disk() { return *disks_.at(serves_); }
  // Puts another disk in its place, with facts of that fold digest. REQUIRES: closed.
  void Replace(std::unique_ptr<table::ModelDisk> disk, std::string fold_digest = "") {
    disks_[serves_] = std::move(disk);
    digests_[serves_] = std::move(fold_digest);
  }
  // By which rules the facts of the generation that serves are folded, as Begin was told; empty =
  // nobody said.
  std::string fold_digest() const { return digests_.contains(serves_) ? digests_.at(serves_) : ""; }
  ModelFiles& files() { return files_; }
  int64_t serves() const { return serves_; }
  // Disks that are there: 1 but for a rebuild, and while somebody reads an old generation.
  size_t count() const;
  // The n-th operation of what Begin gives next fails; 0 = none.
  void FailNextAt(int64_t n) { fail_next_at_ = n; }

 private:
  struct Open {
    int64_t generation = 0;
    std::unique_ptr<table::Table> table;
  };

  ModelFiles files_;
  store::GenerationPointer pointer_;
  mutable std::mutex mutex_;
  std::map<int64_t, std::unique_ptr<table::ModelDisk>> disks_;
  std::map<table::Table*, Open> open_;
  std::map<int64_t, std::string> digests_;
  int64_t serves_ = 0;
  int64_t fail_next_at_ = 0;
};

}  // namespace rapport::kit
