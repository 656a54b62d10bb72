// A file of tokens that changes while somebody serves by it.
#include "consumers/edge/token_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/base/files.h"
#include "rapport/v1/history.pb.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

class Services {
 public:
  absl::Status Digest(const Call&, const v1::DigestRequest&, v1::DigestResponse&) {
    return absl::OkStatus();
  }
};

class TokenFollowerTest : public testing::Test {
 protected:
  TokenFollowerTest()
      : digest_(table_.Add("rapport.v1.HistoryService.Digest", &services_, &Services::Digest)),
        path_(folder_.path() + "/tokens") {
    Write(LineOf("desk"));
    gate_ = std::make_unique<TokenGate>(TokenFile::Read(path_).value());
    follower_ =
        // Only the test looks.
        std::make_unique<TokenFollower>(
            path_, gate_.get(),
            [this](const std::string& what) {
              const absl::MutexLock lock(&mutex_);
              alarms_.push_back(what);
            },
            absl::InfiniteDuration());
  }

  static std::string LineOf(const std::string& name) {
    return absl::StrCat("token name=", name, " roles=analyst sha256=", TokenHash(name), "\n");
  }
  void Write(const std::string& text) { ASSERT_OK(SystemFiles().Write(path_, text)); }
  // A change counts when it looks the same twice.
  void LookTwice() {
    follower_->Look();
    follower_->Look();
  }
  bool IsLetIn(const std::string& token) { return gate_->Admit({.bearer = token}, digest_).ok(); }
  std::vector<std::string> Alarms() {
    const absl::MutexLock lock(&mutex_);
    return std::exchange(alarms_, {});
  }

  kit::ScratchFolder folder_;
  Services services_;
  MethodTable table_;
  const Method& digest_;
  const std::string path_;
  std::unique_ptr<TokenGate> gate_;
  absl::Mutex mutex_;
  std::vector<std::string> alarms_;
  std::unique_ptr<TokenFollower> follower_;
};

TEST_F(TokenFollowerTest, AChangedFileTakesThePlaceOfTheTokensBefore) {
  Write(LineOf("boss"));
  follower_->Look();
  EXPECT_TRUE(IsLetIn("desk"));
  follower_->Look();
  EXPECT_TRUE(IsLetIn("boss"));
  EXPECT_FALSE(IsLetIn("desk"));
  EXPECT_THAT(Alarms(), ElementsAre());
}

TEST_F(TokenFollowerTest, AFileThatIsStillBeingWrittenIsLeftAside) {
  LookTwice();
  Write("");
  follower_->Look();
  Write(LineOf("chief"));
  follower_->Look();
  Write(LineOf("chief") + "token na");
  follower_->Look();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_FALSE(IsLetIn("chief"));
  Write(LineOf("chief") + LineOf("desk"));
  LookTwice();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_TRUE(IsLetIn("chief"));
  EXPECT_THAT(Alarms(), ElementsAre());
}

TEST_F(TokenFollowerTest, AFileThatLetsNobodyInChangesNothingAndIsTold) {
  Write("# all taken out\n");
  LookTwice();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_THAT(Alarms(), ElementsAre(testing::AllOf(
                            HasSubstr("FILE_EMPTY: "), HasSubstr("/tokens lets nobody in"),
                            HasSubstr("The tokens from before go on to hold"))));
}

TEST_F(TokenFollowerTest, ABrokenFileChangesNothingAndIsToldOnce) {
  const std::string broken = LineOf("boss") + "token name=desk rolls=analyst\n";
  Write(broken);
  LookTwice();
  LookTwice();
  // Another file, and the same cause.
  Write(broken + "# not yet\n");
  LookTwice();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_FALSE(IsLetIn("boss"));
  EXPECT_THAT(Alarms(), ElementsAre(testing::AllOf(
                            HasSubstr("/tokens:2: a token has no rolls; did you mean roles?"),
                            HasSubstr("The tokens from before go on to hold"))));
  Write(LineOf("boss"));
  LookTwice();
  EXPECT_TRUE(IsLetIn("boss"));
  // What was put right is told anew when it goes wrong again.
  Write(broken);
  LookTwice();
  EXPECT_THAT(Alarms(), ElementsAre(HasSubstr("a token has no rolls")));
}

TEST_F(TokenFollowerTest, AFileThatOthersMayReadOrThatIsGoneChangesNothing) {
  Write(LineOf("boss"));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  LookTwice();
  EXPECT_TRUE(IsLetIn("desk"));
  ASSERT_EQ(unlink(path_.c_str()), 0);
  LookTwice();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_THAT(Alarms(), ElementsAre(HasSubstr("FILE_EXPOSED"), HasSubstr("FILE_MISSING")));
}

TEST_F(TokenFollowerTest, AFileThatCouldNotBeReadForAMomentIsReadAgain) {
  // No file descriptor is left, and the file itself does not change.
  Write(LineOf("boss"));
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  LookTwice();
  follower_->Look();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_THAT(Alarms(), ElementsAre(HasSubstr("cannot read the file of tokens")));
  follower_->Look();
  EXPECT_TRUE(IsLetIn("boss"));
}

}  // namespace
}  // namespace rapport::edge
