// A customer's touch list that was damaged on disk is an error of whoever asks about the customer,
// never the end of the process.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"
#include "engine/table/model_table.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::history {
namespace {

using kit::EngineWorld;
using kit::StatusIs;

constexpr int64_t kDay = 20'000;
constexpr auto kDamaged = absl::StatusCode::kDataLoss;

// Disks whose state a test can look at while no world runs on them.
class OpenDisk : public kit::WorldDisk {
 public:
  absl::StatusOr<std::unique_ptr<table::Table>> OpenArchive() override {
    table::TableOptions options;
    options.wal = true;
    return archive_.Open(options);
  }
  absl::StatusOr<std::unique_ptr<table::Table>> OpenState() override { return state_.Open({}); }
  void CutPower(uint64_t) override {}
  void Restore(uint64_t) override {}
  void LoseState() override {}

 private:
  table::ModelDisk archive_;
  table::ModelDisk state_;
};

kit::EventBuilder Bought(const std::string& customer, uint64_t id) {
  return kit::APurchase().Of(customer).Id(id).OnDay(kDay).Key("o").Worth(5, "EUR");
}

// What stands at 0, 2 and 7 is Ana's, at 1 Bo's, at 6 nothing; at 3 to 5 are records under Ana's
// key that were rejected: a broken payload, other words under the id of the first, noise.
class DamagedTouchesTest : public testing::Test {
 protected:
  DamagedTouchesTest() {
    auto disk = std::make_unique<OpenDisk>();
    disk_ = disk.get();
    world_ = std::make_unique<EngineWorld>(1, std::move(disk));
    EXPECT_OK(world_->Start());
    world_->Publish(Bought("ana", 1));
    world_->Publish(Bought("bo", 1));
    world_->Publish(Bought("ana", 2));
    v1::Event broken = kit::EventOf(Bought("ana", 3));
    broken.set_payload("\xff");
    world_->PublishRaw("ana", broken.SerializeAsString());
    world_->Publish(Bought("ana", 1).Worth(7, "EUR"));
    world_->PublishRaw("ana", "\xff\xff");
    world_->log().AppendGap(0, 1);
    world_->Publish(Bought("ana", 4));
    EXPECT_OK(world_->AwaitAll());
    EXPECT_OK(world_->pipeline().Checkpoint(absl::Now() + absl::Seconds(60)));
  }

  // Ana's touches are these from now on; her row says that nothing else has changed.
  void SetTouches(const std::vector<store::Touch>& touches) {
    world_->Stop();
    const auto table = disk_->OpenState().value();
    const std::string key = store::CustomerKey(0, "ana");
    const std::string bytes = table->Get(key).value();
    store::CustomerRow row = store::CustomerRow::Parse(bytes).value();
    store::TouchList list;
    for (const store::Touch& touch : touches) list.Append(touch.offset, touch.tag);
    row.tail = list.tail();
    row.tail_size = list.size();
    std::string damaged;
    row.AppendTo(damaged);
    table::WriteBatch batch;
    batch.Put(key, damaged);
    ASSERT_OK(table->Write(batch, table::Durability::kBuffered));
    ASSERT_OK(table->Flush());
    ASSERT_OK(store::CustomerRow::Parse(damaged).status()) << "nothing but the archive tells";
  }

  void ExpectDamageIsTold(const std::string& what) {
    ASSERT_OK(world_->Start());
    ASSERT_OK(world_->AwaitAll());
    v1::Standing standing;
    EXPECT_THAT(world_->History().Evaluate("ana", {}, {}, standing), StatusIs(kDamaged, what));
    EXPECT_THAT(world_->History().Timeline("ana", {}).status(), StatusIs(kDamaged, what));
    EXPECT_THAT(world_->History().Facts("ana", {}).status(), StatusIs(kDamaged, what));
    EXPECT_OK(world_->History().Evaluate("bo", {}, {}, standing));
  }

  static uint32_t TagOf(uint64_t id) { return Bought("ana", id).View().id.Tag(); }

  OpenDisk* disk_ = nullptr;
  std::unique_ptr<EngineWorld> world_;
};

constexpr char kAtOne[] = "offset 1: not the record that was folded for customer ana";

TEST_F(DamagedTouchesTest, ARecordOfAnotherCustomer) {
  SetTouches({{0, TagOf(1)}, {1, TagOf(1)}});
  ExpectDamageIsTold(kAtOne);
}

TEST_F(DamagedTouchesTest, ARecordThatWasRejected) {
  SetTouches({{0, TagOf(1)}, {3, TagOf(3)}});
  ExpectDamageIsTold("offset 3: not the record that was folded for customer ana");
}

TEST_F(DamagedTouchesTest, ARecordOfAnotherIdThanTheListSays) {
  SetTouches({{0, TagOf(1)}, {2, TagOf(7)}});
  ExpectDamageIsTold("offset 2: not the record that was folded for customer ana");
}

TEST_F(DamagedTouchesTest, AnEventThatIsLookedFor) {
  SetTouches({{0, TagOf(9)}, {1, TagOf(1)}});
  ASSERT_OK(world_->Start());
  ASSERT_OK(world_->AwaitAll());
  const EventId one = Bought("ana", 1).View().id, nine = Bought("ana", 9).View().id;
  EXPECT_THAT(world_->pipeline().FindEvent("ana", one).status(), StatusIs(kDamaged, kAtOne));
  EXPECT_THAT(world_->pipeline().FindEvent("ana", nine).status(),
              StatusIs(kDamaged, "offset 0: not the record that was folded for customer ana"));
}

TEST_F(DamagedTouchesTest, ARecordThatCannotBeReadAsAnEvent) {
  SetTouches({{0, TagOf(1)}, {5, TagOf(4)}});
  const std::string at_five = "offset 5: not the record that was folded for customer ana";
  ExpectDamageIsTold(at_five);
  EXPECT_THAT(world_->pipeline().FindEvent("ana", Bought("ana", 4).View().id).status(),
              StatusIs(kDamaged, at_five));
}

// What comes later cannot be told from a copy any more: the partition stops, the process goes on.
TEST_F(DamagedTouchesTest, ACopyOfWhatTheListHasNot) {
  SetTouches({{0, TagOf(9)}, {1, TagOf(1)}});
  ASSERT_OK(world_->Start());
  world_->Publish(Bought("ana", 1));
  EXPECT_THAT(world_->AwaitAll(), StatusIs(absl::StatusCode::kFailedPrecondition, kAtOne));
  EXPECT_THAT(world_->pipeline().progress(0).stopped, StatusIs(kDamaged, kAtOne));
}

// Whoever is folded anew must not be given what is somebody else's.
TEST_F(DamagedTouchesTest, ARecordThatIsFoldedAnew) {
  SetTouches({{0, TagOf(1)}, {1, TagOf(1)}, {7, TagOf(4)}});
  ASSERT_OK(world_->Start());
  const std::string fourth = Bought("ana", 4).envelope().event_id();
  world_->Publish(kit::ARetraction(fourth).Of("ana").Id(9).OnDay(kDay));
  EXPECT_THAT(world_->AwaitAll(), StatusIs(absl::StatusCode::kFailedPrecondition, kAtOne));
  EXPECT_THAT(world_->pipeline().progress(0).stopped, StatusIs(kDamaged, kAtOne));
}

TEST_F(DamagedTouchesTest, AnOffsetAtWhichTheLogHasNothing) {
  SetTouches({{0, TagOf(1)}, {6, TagOf(4)}});
  ExpectDamageIsTold("offset 6: not the record that was folded for customer ana");
}

}  // namespace
}  // namespace rapport::history
