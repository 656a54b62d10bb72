// OutputFile: a file that is there whole under its name, or not at all.
//
//   ASSIGN_OR_RETURN(auto file, OutputFile::Create("out/points/points.parquet",
//   /*replace=*/false)); RETURN_IF_ERROR(file->Append(bytes)); RETURN_IF_ERROR(file->Commit());
//
// Bytes go to a hidden name beside it (`.points.parquet.part`), which takes the name's place once
// they are on the disk. Whoever does not commit leaves nothing behind; after a kill the hidden file
// stays, and the next one of this name begins with it anew.
//
// Threads: one; several processes keep each other out. Ownership: the file until Commit.
// Errors:  ALREADY_EXISTS (FILE_EXISTS) unless it may be replaced; ABORTED (EXPORT_RUNS) while
//          another process writes it; RESOURCE_EXHAUSTED (DISK_FULL); FAILED_PRECONDITION
//          (FILE_NOT_WRITTEN) for everything else, with the system's reason.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "consumers/analytics/table_writer.h"

namespace rapport::analytics {

class OutputFile : public Output {
 public:
  // Makes the folder, too.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path, bool replace);
  ~OutputFile() override;

  absl::Status Append(absl::string_view bytes) override;
  // Brings what was appended to the disk.
  absl::Status Sync();
  // The same, and gives it its name.
  absl::Status Commit();
  int64_t bytes() const { return bytes_; }

 private:
  OutputFile(std::string path, std::string hidden, bool replace, int descriptor);
  absl::Status Flush();
  absl::Status Failed(const char* what) const;

  const std::string path_;
  const std::string hidden_;
  const bool replace_;
  const int descriptor_;
  bool committed_ = false;
  int64_t bytes_ = 0;
  std::string waiting_;
};

}  // namespace rapport::analytics
