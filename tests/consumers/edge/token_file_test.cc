// The file of tokens: what it takes, what it refuses, who is found.
#include "consumers/edge/token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
using ::testing::ElementsAre;

std::string LineOf(const std::string& token, const std::string& words) {
  return absl::StrCat("token ", words, " sha256=", TokenHash(token), "\n");
}

TEST(TokenFileTest, FindsATokenByItsHash) {
  const TokenFile file =
      TokenFile::Parse(absl::StrCat("# who may call\n\n",
                                    LineOf("secret-1",
                                           "name=shop roles=publisher sources=shop,web"
                                           " expires=2027-01-01"),
                                    LineOf("secret-2", "name=desk roles=reader,worker")),
                       "tokens")
          .value();
  const Grant* const shop = file.FindToken("secret-1");
  ASSERT_NE(shop, nullptr);
  EXPECT_EQ(shop->name, "shop");
  EXPECT_EQ(shop->roles.ToString(), "publisher");
  EXPECT_THAT(shop->sources, ElementsAre("shop", "web"));
  EXPECT_EQ(shop->expires, absl::FromUnixSeconds(1798761600));
  const Grant* const desk = file.FindToken("secret-2");
  ASSERT_NE(desk, nullptr);
  EXPECT_EQ(desk->roles.ToString(), "reader, worker");
  EXPECT_EQ(desk->expires, absl::InfiniteFuture());
  for (const char* unknown : {"", "secret-3", "secret-", "secret-11"}) {
    EXPECT_EQ(file.FindToken(unknown), nullptr) << unknown;
  }
  EXPECT_EQ(file.FindToken(std::string(257, 'x')), nullptr);
}

TEST(TokenFileTest, FindsACertificateByItsName) {
  const TokenFile file =
      TokenFile::Parse("certificate name=crm.example.org roles=reader", "tokens").value();
  ASSERT_NE(file.FindCertificate("crm.example.org"), nullptr);
  EXPECT_EQ(file.FindCertificate("example.org"), nullptr);
  EXPECT_EQ(file.FindToken("crm.example.org"), nullptr);
}

TEST(TokenFileTest, SaysWhichLineIsWrongAndWhatWasMeant) {
  const std::string hash = absl::StrCat(" sha256=", TokenHash("x"));
  const struct {
    std::string line, says;
  } cases[] = {
      {"tokn name=a", "tokens:2: begins with tokn; did you mean token?"},
      {"rapport_0123", "tokens:2: is a token itself; only the line that begins with token name="},
      {"token name=a role=reader" + hash, "a token has no role; did you mean roles?"},
      {"token name=a roles=reeder" + hash, "there is no role reeder; did you mean reader?"},
      {"token name=a roles=any" + hash, "there is no role any"},
      {"token name=a name=b", "says name twice"},
      {"token name=a roles=reader", "needs sha256="},
      {"token name=a roles=reader sha256=12", "sha256 must be the 64"},
      {"token roles=reader" + hash, "needs name= and roles="},
      {"token name=a roles=publisher" + hash, "a publisher needs sources="},
      {"token name=a roles=reader expires=soon" + hash, "expires must be a day"},
      {"certificate name=a roles=reader sha256=12", "a certificate has no sha256"},
      {LineOf("x", "name=a roles=reader") + LineOf("x", "name=b roles=reader"),
       "has the hash of a line above"},
      {"certificate name=a roles=reader\ncertificate name=a roles=worker", "stands above already"},
  };
  for (const auto& entry : cases) {
    EXPECT_THAT(TokenFile::Parse(absl::StrCat("# first\n", entry.line), "tokens").status(),
                StatusIs(absl::StatusCode::kInvalidArgument, entry.says));
  }
}

TEST(TokenFileTest, RefusesAFileThatOthersMayRead) {
  kit::ScratchFolder folder;
  const std::string path = folder.path() + "/tokens";
  std::ofstream(path) << LineOf("x", "name=a roles=reader");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_THAT(TokenFile::Read(path).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "FILE_EXPOSED"));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ASSERT_OK(TokenFile::Read(path).status());
  EXPECT_THAT(TokenFile::Read(folder.path()).status(), StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST(TokenFileTest, GivesAnotherTokenEachTime) {
  const std::string token = NewToken();
  EXPECT_EQ(token.size(), 8u + 64u);
  EXPECT_NE(token, NewToken());
}

}  // namespace
}  // namespace rapport::edge
