// What a data directory needs from the machine.
#include "engine/base/disk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

TEST(DirectoryLockTest, ASecondHolderIsToldTheProcessOfTheFirst) {
  kit::ScratchFolder folder;
  const auto first = DirectoryLock::Take(folder.path());
  ASSERT_OK(first);
  const auto second = DirectoryLock::Take(folder.path());
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kUnavailable, "DIRECTORY_IN_USE"));
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kUnavailable,
                               absl::StrCat(folder.path(), " is used by process ", getpid(), ";")));
}

TEST(DirectoryLockTest, IsFreeAgainWhenItsHolderIsGone) {
  kit::ScratchFolder folder;
  ASSERT_OK(DirectoryLock::Take(folder.path()));
  EXPECT_OK(DirectoryLock::Take(folder.path()));
}

TEST(DirectoryLockTest, AFileLeftByACrashedHolderIsNoHolder) {
  kit::ScratchFolder folder;
  std::ofstream(folder.path() + "/LOCK") << "99999999999999999999\n";
  EXPECT_OK(DirectoryLock::Take(folder.path()));
}

TEST(DirectoryLockTest, MakesTheDirectory) {
  kit::ScratchFolder folder;
  const std::string path = folder.path() + "/a/b";
  ASSERT_OK(DirectoryLock::Take(path));
  EXPECT_TRUE(std::filesystem::is_directory(path));
}

TEST(DiskTest, ADirectoryThatCannotBeMadeIsNamed) {
  kit::ScratchFolder folder;
  std::ofstream(folder.path() + "/file") << "x";
  EXPECT_THAT(MakeDirectories(folder.path() + "/file/below"),
              StatusIs(absl::StatusCode::kFailedPrecondition, folder.path() + "/file/below"));
}

TEST(DiskTest, SpaceIsThatOfADiskThatIsThere) {
  kit::ScratchFolder folder;
  const auto space = DiskSpaceOf(folder.path());
  ASSERT_OK(space);
  EXPECT_GT(space->total_bytes, 0u);
  EXPECT_LE(space->free_bytes, space->total_bytes);
  EXPECT_THAT(DiskSpaceOf(folder.path() + "/nowhere"),
              StatusIs(absl::StatusCode::kInternal, "/nowhere"));
}

TEST(DiskTest, BytesOfADirectoryAreThoseOfAllFilesBelow) {
  kit::ScratchFolder folder;
  EXPECT_EQ(DirectoryBytes(folder.path()), 0u);
  ASSERT_OK(MakeDirectories(folder.path() + "/deep/er"));
  std::ofstream(folder.path() + "/one") << std::string(100, 'x');
  std::ofstream(folder.path() + "/deep/er/two") << std::string(23, 'x');
  EXPECT_EQ(DirectoryBytes(folder.path()), 123u);
  EXPECT_EQ(DirectoryBytes(folder.path() + "/nowhere"), 0u);
}

}  // namespace
}  // namespace rapport
