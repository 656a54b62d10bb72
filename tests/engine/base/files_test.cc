#include "engine/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

int ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return static_cast<int>(info.st_mode & 0777);
}

TEST(FilesTest, KeepsWhatIsItsOwnersAlone) {
  const kit::ScratchFolder folder;
  const std::string directory = folder.path() + "/a/keys";
  const std::string path = directory + "/1.keys";
  ASSERT_OK(SystemFiles().MakeDirectory(directory));
  ASSERT_OK(ReplaceFile(SystemFiles(), path, "one"));
  ASSERT_OK(SystemFiles().Append(directory + "/2.keys", "two"));
  EXPECT_EQ(ModeOf(directory), 0700);
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_EQ(ModeOf(directory + "/2.keys"), 0600);
}

TEST(FilesTest, ReplacesAFileAndLeavesNothingBeside) {
  const kit::ScratchFolder folder;
  const std::string path = folder.path() + "/file";
  ASSERT_OK(ReplaceFile(SystemFiles(), path, "a long text"));
  ASSERT_OK(ReplaceFile(SystemFiles(), path, "short"));
  EXPECT_EQ(*SystemFiles().Read(path), "short");
  EXPECT_THAT(*SystemFiles().List(folder.path()), testing::ElementsAre("file"));
}

TEST(FilesTest, AddsAndRemoves) {
  const kit::ScratchFolder folder;
  const std::string path = folder.path() + "/file";
  ASSERT_OK(SystemFiles().Append(path, "one "));
  ASSERT_OK(SystemFiles().Append(path, "two"));
  ASSERT_OK(SystemFiles().Sync(path));
  EXPECT_EQ(*SystemFiles().Read(path), "one two");
  ASSERT_OK(SystemFiles().Remove(path));
  ASSERT_OK(SystemFiles().Remove(path));
  EXPECT_THAT(SystemFiles().Read(path).status(), StatusIs(absl::StatusCode::kNotFound, path));
}

TEST(FilesTest, KnowsWhereNoFileCanBePut) {
  const kit::ScratchFolder folder;
  EXPECT_OK(SystemFiles().CheckReplaceable(folder.path() + "/file"));
  // A mount point of every machine.
  EXPECT_THAT(SystemFiles().CheckReplaceable("/proc"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "/proc is mounted"));
  EXPECT_THAT(SystemFiles().CheckReplaceable(folder.path() + "/none/file"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "/none"));
}

TEST(FilesTest, ErrorsNameThePath) {
  const kit::ScratchFolder folder;
  const std::string path = folder.path() + "/none/file";
  EXPECT_THAT(SystemFiles().Write(path, "x"), StatusIs(absl::StatusCode::kInternal, path));
  EXPECT_THAT(SystemFiles().Sync(path), StatusIs(absl::StatusCode::kInternal, path));
  EXPECT_THAT(SystemFiles().Rename(path, path + "2"), StatusIs(absl::StatusCode::kInternal, path));
  EXPECT_THAT(SystemFiles().List(path).status(), StatusIs(absl::StatusCode::kInternal, path));
  EXPECT_EQ(DirectoryOf("file"), ".");
  EXPECT_EQ(DirectoryOf("/file"), "/");
}

}  // namespace
}  // namespace rapport
