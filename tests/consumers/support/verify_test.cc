// Whether the state is what the archive says, over the wire, also of a state that somebody changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"
#include "engine/table/table.h"
#include "rapport/v1/facts.pb.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  // Four customers; of one an event was taken back, two are one.
  VerifyTest() {
    world_.Publish({Bought("ana", 1), Bought("ana", 2, kDay + 9), Bought("ben", 3),
                    Bought("cem", 4), Bought("cem", 5, kDay + 1), Bought("dan", 9)});
    const std::string target = Bought("cem", 5).envelope().event_id();
    world_.Publish({kit::ARetraction(target).Of("cem").Id(6).OnDay(kDay + 2)});
    for (const char* one : {"ana", "ben"}) {
      kit::EventBuilder link(v1::KIND_CUSTOMER_MERGED);
      world_.Publish({link.Of(one)
                          .Id(one[0] == 'a' ? 7 : 8)
                          .OnDay(kDay + 3)
                          .Set("survivor", "ana")
                          .Set("merged", "ben")});
    }
  }

  v1::VerifyResponse Verify() {
    v1::VerifyResponse response;
    EXPECT_OK(world_.Call(world_.operations(), &Operations::Verify, v1::VerifyRequest(), response));
    return response;
  }

  // Calls `change` with the customer's row of the state, which no server has open.
  void ChangeRow(const std::string& customer,
                 const std::function<void(table::WriteBatch&, const std::string& key,
                                          const std::string& row)>& change) {
    world_.Reopen([&] {
      for (const auto& state : std::filesystem::directory_iterator(world_.folder() + "/state")) {
        if (!state.is_directory()) continue;
        const auto opened = table::OpenRocksTable(state.path().string(), {});
        ASSERT_OK(opened);
        for (Partition partition = 0; partition < 8; ++partition) {
          const std::string key = store::CustomerKey(partition, customer);
          const auto row = (*opened)->Get(key);
          if (!row.ok()) continue;
          table::WriteBatch batch;
          change(batch, key, *row);
          ASSERT_OK((*opened)->Write(batch, table::Durability::kBuffered));
          ASSERT_OK((*opened)->Flush());
        }
      }
    });
    world_.AwaitAll();
  }

  static int64_t Differing(const v1::VerifyResponse& response) {
    int64_t differing = 0;
    for (const v1::VerifiedPartition& one : response.partitions()) differing += one.differing();
    return differing;
  }

  ServiceWorld world_;
};

TEST_F(VerifyTest, AStateThatIsWhatTheArchiveSays) {
  const v1::VerifyResponse response = Verify();
  EXPECT_EQ(response.partitions_size(), world_.engine().pipeline().partitions());
  EXPECT_FALSE(response.has_first());
  EXPECT_EQ(response.records(), 9);
  int64_t customers = 0;
  for (const v1::VerifiedPartition& one : response.partitions()) {
    EXPECT_EQ(one.facts_digest(), one.folded_digest()) << one.partition();
    customers += one.customers();
  }
  EXPECT_EQ(customers, 4);
}

TEST_F(VerifyTest, NamesTheFirstCustomerAndFieldThatDiffer) {
  ChangeRow("cem", [](table::WriteBatch& batch, const std::string& key, const std::string& bytes) {
    auto row = store::CustomerRow::Parse(bytes);
    ASSERT_OK(row);
    v1::CustomerFacts facts;
    ASSERT_TRUE(facts.ParseFromArray(row->facts.data(), static_cast<int>(row->facts.size())));
    facts.mutable_money()->set_spend_centi(facts.money().spend_centi() + 1);
    const std::string changed = facts.SerializeAsString();
    row->facts = changed;
    std::string out;
    row->AppendTo(out);
    batch.Put(key, out);
  });
  const v1::VerifyResponse response = Verify();
  EXPECT_EQ(Differing(response), 1);
  ASSERT_TRUE(response.has_first());
  EXPECT_EQ(response.first().customer_id(), "cem");
  EXPECT_THAT(response.first().field(), HasSubstr("money.spend_centi"));
  EXPECT_THAT(response.first().text(), HasSubstr("not those that the archive gives"));
}

TEST_F(VerifyTest, WhoIsInOneOfBothAloneDiffers) {
  ChangeRow("dan", [](table::WriteBatch& batch, const std::string& key, const std::string&) {
    batch.Delete(key);
  });
  const v1::VerifyResponse response = Verify();
  EXPECT_EQ(Differing(response), 1);
  EXPECT_EQ(response.first().customer_id(), "dan");
  EXPECT_THAT(response.first().text(), HasSubstr("not in the state"));
}

}  // namespace
}  // namespace rapport
