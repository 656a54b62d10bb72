// A file of tokens that changes while somebody serves by it.
#include "consumers/edge/token_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
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
        std::make_unique<TokenFollower>(path_, gate_.get(), [this](const std::string& what) {
          const absl::MutexLock lock(&mutex_);
          alarms_.push_back(what);
        });
  }

  static std::string LineOf(const std::string& name) {
    return absl::StrCat("token name=", name, " roles=analyst sha256=", TokenHash(name), "\n");
  }
  void Write(const std::string& text) { ASSERT_OK(SystemFiles().Write(path_, text)); }
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
  EXPECT_TRUE(IsLetIn("boss"));
  EXPECT_FALSE(IsLetIn("desk"));
  EXPECT_THAT(Alarms(), ElementsAre());
}

TEST_F(TokenFollowerTest, ABrokenFileChangesNothingAndIsToldOnce) {
  Write(LineOf("boss") + "token name=desk rolls=analyst\n");
  follower_->Look();
  follower_->Look();
  EXPECT_TRUE(IsLetIn("desk"));
  EXPECT_FALSE(IsLetIn("boss"));
  EXPECT_THAT(Alarms(), ElementsAre(testing::AllOf(
                            HasSubstr("/tokens:2: a token has no rolls; did you mean roles?"),
                            HasSubstr("The tokens from before go on to hold"))));
  Write(LineOf("boss"));
  follower_->Look();
  EXPECT_TRUE(IsLetIn("boss"));
}

TEST_F(TokenFollowerTest, AFileThatOthersMayReadOrThatIsGoneChangesNothing) {
  Write(LineOf("boss"));
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  follower_->Look();
  EXPECT_TRUE(IsLetIn("desk"));
  ASSERT_EQ(unlink(path_.c_str()), 0);
  follower_->Look();
  EXPECT_TRUE(IsLetIn("desk"));
  const std::vector<std::string> alarms = Alarms();
  // The thread may have looked between the two writes.
  ASSERT_GE(alarms.size(), 2u);
  EXPECT_THAT(alarms[alarms.size() - 2], HasSubstr("FILE_EXPOSED"));
  EXPECT_THAT(alarms.back(), HasSubstr("FILE_MISSING"));
}

}  // namespace
}  // namespace rapport::edge
