// A capsule over HTTP: what gRPC answers, for those whose role it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/token_file.h"
#include "engine/base/files.h"
#include "tests/consumers/support/doors_kit.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kNote[] = "a canary sings";

class CapsuleDoorTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.engine.data_directory = folder_.path();
    options_.engine.partitions = 2;
    options_.engine.disk_reserve_permille = 0;
    options_.tokens_file = folder_.path() + "/tokens";
    std::string lines;
    for (const std::string role : {"publisher", "reader", "revealer", "worker", "analyst"}) {
      absl::StrAppend(&lines, "token name=", role, " roles=", role,
                      " sources=shop sha256=", edge::TokenHash("t-" + role), "\n");
    }
    ASSERT_OK(SystemFiles().Write(options_.tokens_file, lines));
    server_ = operations::Server::Open(options_).value();
    doors_ = std::make_unique<Doors>(server_.get());
    doors_->Become("t-publisher");
    const edge::RawHttp::Answer taken = doors_->OverHttp(
        "POST /v1/events:publish",
        absl::StrCat(R"({"touchpoint":{"eventId":"shop:1","customerId":"ana","source":"shop",)",
                     R"("occurredAt":"2024-01-05T09:00:00Z","note":")", kNote,
                     R"(","purchaseMade":{"order":"o1"}}})"));
    ASSERT_EQ(taken.status, 200) << taken.body;
    ASSERT_OK(server_->engine().pipeline().WaitFor(
        Position::Parse(absl::StrCat("p:", PartitionOfAna(), "@1")).value(),
        absl::Now() + absl::Seconds(30)));
  }

  Partition PartitionOfAna() const {
    return server_->engine().pipeline().PartitionOfCustomer("ana");
  }
  // An answer without what it says of itself, which is of its own moment.
  static std::string CapsuleIn(const std::string& answer) {
    return answer.substr(0, answer.rfind("\"info\":"));
  }
  edge::RawHttp::Answer Get(const std::string& role) {
    doors_->Become("t-" + role);
    return doors_->OverHttp("GET /v1/customers/ana:capsule?viewpoint.asOfUs=1735689600000000", "");
  }

  kit::ScratchFolder folder_;
  operations::ServerOptions options_;
  std::unique_ptr<operations::Server> server_;
  std::unique_ptr<Doors> doors_;
};

TEST_F(CapsuleDoorTest, AnAnalystGetsTheRecordsRulesAndWhatIsExpected) {
  const edge::RawHttp::Answer answer = Get("analyst");
  ASSERT_EQ(answer.status, 200) << answer.body;
  for (const char* part : {R"("customerId":"ana")", R"("verdict":"CAPSULE_VERDICT_FOLDED")",
                           R"("factsDigest":)", R"("standing":{)", R"("rulesText":)"}) {
    EXPECT_THAT(answer.body, HasSubstr(part));
  }
  EXPECT_THAT(answer.body, Not(HasSubstr(kNote)));
  const std::string told =
      doors_
          ->OverGrpc("HistoryService.GetCapsule",
                     R"({"customerId":"ana","viewpoint":{"asOfUs":"1735689600000000"}})")
          .value();
  EXPECT_EQ(CapsuleIn(told), CapsuleIn(answer.body));
}

TEST_F(CapsuleDoorTest, NobodyElseGetsIt) {
  for (const std::string role : {"publisher", "reader", "revealer", "worker"}) {
    const edge::RawHttp::Answer answer = Get(role);
    EXPECT_EQ(answer.status, 403) << role;
    EXPECT_THAT(answer.body, HasSubstr("GetCapsule needs the role analyst")) << role;
  }
  EXPECT_EQ(Get("stranger").status, 401);
}

}  // namespace
}  // namespace rapport
