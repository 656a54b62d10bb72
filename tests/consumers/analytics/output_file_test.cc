// A file of an export is there whole, or nothing is.
#include "consumers/analytics/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/export_file.h"
#include "engine/base/files.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::analytics {
namespace {

using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

class OutputFileTest : public testing::Test {
 protected:
  std::string Path() const { return folder_.path() + "/out/t/t.csv"; }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    const std::string folder = folder_.path() + "/out/t";
    if (!std::filesystem::exists(folder)) return names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string Text() const { return SystemFiles().Read(Path()).value(); }
  // Writes and commits `text`.
  absl::Status Write(const std::string& text, bool replace = false) {
    auto file = OutputFile::Create(Path(), replace);
    if (!file.ok()) return file.status();
    const absl::Status appended = (*file)->Append(text);
    return appended.ok() ? (*file)->Commit() : appended;
  }

  kit::ScratchFolder folder_;
};

TEST_F(OutputFileTest, HasItsNameOnlyOnceItIsCommitted) {
  auto file = OutputFile::Create(Path(), /*replace=*/false);
  ASSERT_OK(file);
  ASSERT_OK((*file)->Append(std::string(5 << 20, 'a')));
  EXPECT_THAT(Names(), ElementsAre(".t.csv.part"));
  ASSERT_OK((*file)->Append("b"));
  ASSERT_OK((*file)->Commit());
  EXPECT_THAT(Names(), ElementsAre("t.csv"));
  EXPECT_EQ(Text(), std::string(5 << 20, 'a') + "b");
}

TEST_F(OutputFileTest, LeavesNothingWhenItIsGivenUp) {
  {
    auto file = OutputFile::Create(Path(), /*replace=*/false);
    ASSERT_OK(file);
    ASSERT_OK((*file)->Append(std::string(5 << 20, 'a')));
  }
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(OutputFileTest, ReplacesOnlyWhenItIsTold) {
  ASSERT_OK(Write("first"));
  EXPECT_THAT(Write("second"), StatusIs(absl::StatusCode::kAlreadyExists, "FILE_EXISTS"));
  EXPECT_EQ(Text(), "first");
  ASSERT_OK(Write("third", /*replace=*/true));
  EXPECT_EQ(Text(), "third");
}

TEST_F(OutputFileTest, DoesNotReplaceWhatCameMeanwhile) {
  auto file = OutputFile::Create(Path(), /*replace=*/false);
  ASSERT_OK(file);
  ASSERT_OK(SystemFiles().Write(Path(), "another's"));
  EXPECT_THAT((*file)->Commit(), StatusIs(absl::StatusCode::kAlreadyExists, "FILE_EXISTS"));
  EXPECT_EQ(Text(), "another's");
}

TEST_F(OutputFileTest, TwoAtOnceKeepEachOtherOut) {
  auto file = OutputFile::Create(Path(), /*replace=*/true);
  ASSERT_OK(file);
  EXPECT_THAT(OutputFile::Create(Path(), /*replace=*/true),
              StatusIs(absl::StatusCode::kAborted, "EXPORT_RUNS"));
  ASSERT_OK((*file)->Append("mine"));
  ASSERT_OK((*file)->Commit());
  EXPECT_EQ(Text(), "mine");
}

TEST_F(OutputFileTest, BeginsAnewWithWhatAKillLeft) {
  ASSERT_OK(Write("x"));
  ASSERT_OK(SystemFiles().Write(folder_.path() + "/out/t/.t.csv.part", "half of something"));
  ASSERT_OK(Write("y", /*replace=*/true));
  EXPECT_EQ(Text(), "y");
  EXPECT_THAT(Names(), ElementsAre("t.csv"));
}

TEST_F(OutputFileTest, SaysThatThereIsNoFolder) {
  ASSERT_OK(SystemFiles().Write(folder_.path() + "/out", "a file, where a folder should be"));
  EXPECT_THAT(Write("x"), StatusIs(absl::StatusCode::kFailedPrecondition, "FILE_NOT_WRITTEN"));
}

// Writes beyond this many bytes of a file fail while it lives, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : before_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit small = limit_;
    small.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    signal(SIGXFSZ, before_);
  }

 private:
  void (*const before_)(int);
  rlimit limit_;
};

TEST_F(OutputFileTest, AFullDiskLeavesNothing) {
  for (const FileForm form : {FileForm::kParquet, FileForm::kCsv, FileForm::kJsonLines}) {
    const FullDisk full(100'000);
    auto file = ExportFile::Create(folder_.path() + "/out", "t", form, {{"id"}}, false);
    ASSERT_OK(file);
    absl::Status status;
    for (uint64_t row = 0; row < 1'000'000 && status.ok(); ++row) {
      (*file)->batch().column(0).AddText(absl::StrCat(row * 0x9e3779b97f4a7c15));
      (*file)->batch().EndRow();
      status = (*file)->EndRow();
    }
    if (status.ok()) status = (*file)->Finish({});
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted, "DISK_FULL"));
    file->reset();
    EXPECT_THAT(Names(), IsEmpty());
  }
}

}  // namespace
}  // namespace rapport::analytics
