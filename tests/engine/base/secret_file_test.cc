// Files that only their owner may read.
#include "engine/base/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "engine/base/files.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

class SecretFileTest : public testing::Test {
 protected:
  SecretFileTest() : path_(folder_.path() + "/secret") {
    EXPECT_OK(SystemFiles().Write(path_, "hunter2"));
  }
  kit::ScratchFolder folder_;
  const std::string path_;
};

TEST_F(SecretFileTest, IsReadByItsOwner) {
  EXPECT_EQ(ReadSecretFile("the password", path_).value(), "hunter2");
}

TEST_F(SecretFileTest, IsRefusedWhenOthersMayUseItAndSaysNothingOfIt) {
  for (const mode_t mode : {0640, 0604, 0610, 0602}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_THAT(ReadSecretFile("the password", path_),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         "FILE_EXPOSED: others than its owner may use the file of the password"));
    EXPECT_OK(ReadOpenFile("settings", path_));
  }
}

TEST_F(SecretFileTest, SaysWhatIsNoFileOrTooLarge) {
  EXPECT_THAT(ReadSecretFile("the password", path_ + "2"),
              StatusIs(absl::StatusCode::kNotFound, "FILE_MISSING"));
  EXPECT_THAT(ReadSecretFile("the password", folder_.path()),
              StatusIs(absl::StatusCode::kNotFound, "is no file of the password"));
  ASSERT_OK(SystemFiles().Write(path_, std::string((1 << 20) + 1, 'x')));
  EXPECT_THAT(ReadSecretFile("the password", path_),
              StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE"));
}

TEST_F(SecretFileTest, SaysWhenReadingFailsAndTakesNothingForTheEnd) {
  // A file that opens and has nothing to read where it begins.
  EXPECT_THAT(ReadSecretFile("the password", "/proc/self/mem"),
              StatusIs(absl::StatusCode::kUnavailable,
                       "FILE_UNREADABLE: cannot read the file of the password /proc/self/mem: "));
}

}  // namespace
}  // namespace rapport
