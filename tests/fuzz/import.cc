// Imports: any mapping over any file; every row counted once, every event fit for the log.

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/transactions/import.h"
#include "engine/base/check.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

using transactions::Importer;
using transactions::ImportMapping;
using transactions::ImportReport;

// A file in memory, by a path of this process.
class MemoryFile {
 public:
  explicit MemoryFile(absl::string_view bytes) : file_(memfd_create("import", MFD_CLOEXEC)) {
    RAPPORT_CHECK(file_ >= 0);
    RAPPORT_CHECK(write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return absl::StrCat("/proc/self/fd/", file_); }

 private:
  int file_;
};

void CheckCounts(const ImportReport& report, int64_t taken) {
  int64_t rows = report.rows_used + report.rows_refused;
  for (const ImportReport::Skipped& skipped : report.skipped) rows += skipped.rows;
  RAPPORT_CHECK(rows == report.rows_read) << rows << " of " << report.rows_read << " rows counted";
  RAPPORT_CHECK(report.events == taken);
  (void)transactions::SummaryLines(report);
}

}  // namespace

void FuzzImport(absl::string_view input) {
  constexpr absl::string_view kBetween = "\n%%\n";
  const size_t at = input.find(kBetween);
  const bool has_file = at != absl::string_view::npos;
  const auto mapping = ImportMapping::Parse(has_file ? input.substr(0, at + 1) : input, "m.toml");
  if (!mapping.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(mapping.status())) << mapping.status();
    return;
  }
  const MemoryFile file(has_file ? input.substr(at + kBetween.size()) : "");
  const auto importer = Importer::Open(*mapping, file.path(), {});
  if (!importer.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(importer.status())) << importer.status();
    return;
  }
  int64_t taken = 0;
  ImportReport report;
  const absl::Status done = (*importer)->Run(
      [&](v1::Event&& event) {
        ++taken;
        v1::Event read;
        RAPPORT_CHECK(read.ParseFromString(event.SerializeAsString()))
            << "an event that cannot be put on the log";
        return absl::OkStatus();
      },
      report);
  RAPPORT_CHECK(done.ok() || absl::IsInvalidArgument(done)) << done;
  if (done.ok()) CheckCounts(report, taken);
}

}  // namespace rapport::fuzz
