// Customers are forgotten: once, for good, wherever the power is cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/event/revealer.h"
#include "engine/event/seal.h"
#include "engine/log/archive_block.h"
#include "engine/pipeline/eraser.h"
#include "engine/table/model_table.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::APurchase;
using kit::EngineWorld;
using kit::StatusIs;

constexpr char kText[] = "Rang twice, sounded upset.";
constexpr char kAudit[] = "/audit.jsonl";

v1::Event Noted(const std::string& customer, const std::string& note) {
  v1::Event event =
      kit::EventOf(APurchase().Of(customer).Id(customer).OnDay(20000).Key("o").Worth(5, "EUR"));
  event.set_note(note);
  return event;
}

// Disks of which the archive's can be put back to what it was before. REQUIRES: they are closed.
class OlderArchiveDisk : public kit::WorldDisk {
 public:
  absl::StatusOr<std::unique_ptr<table::Table>> OpenArchive() override {
    table::TableOptions with_wal;
    with_wal.wal = true;
    return archive_->Open(with_wal);
  }
  absl::StatusOr<std::unique_ptr<table::Table>> OpenState() override { return state_->Open({}); }
  void CutPower(uint64_t seed) override {
    archive_->Crash(seed);
    state_->Crash(seed);
  }
  void Restore(uint64_t) override {}
  void LoseState() override { state_ = std::make_unique<table::ModelDisk>(); }

  void BackUp() { backup_ = archive_->Copy(); }
  void PutBack() { archive_ = backup_->Copy(); }
  void DamageBlock(Partition partition, Offset from) {
    const auto table = OpenArchive().value();
    const std::string key = log::BlockKey(partition, from);
    std::string bytes = table->Get(key).value();
    bytes.back() ^= 1;
    table::WriteBatch rows;
    rows.Put(key, bytes);
    EXPECT_OK(table->Write(rows, table::Durability::kSynced));
  }

 private:
  std::unique_ptr<table::ModelDisk> archive_ = std::make_unique<table::ModelDisk>();
  std::unique_ptr<table::ModelDisk> state_ = std::make_unique<table::ModelDisk>();
  std::unique_ptr<table::ModelDisk> backup_;
};

// A pipeline with keys, audit and eraser, whose disks can lose their power.
class Office {
 public:
  explicit Office(int partitions = 1) : Office(partitions, std::make_unique<OlderArchiveDisk>()) {}
  Office(int partitions, std::unique_ptr<OlderArchiveDisk> disk)
      : disk_(*disk), world_(partitions, std::move(disk)) {
    world_.on_erasure() = [this](const std::string& customer) {
      keys_->Destroy(customer, world_.clock().NowMicros()).IgnoreError();
    };
    Open();
  }

  void Open() {
    keys_ = event::KeyStore::Open(&files_, {"/keys", "/wrapping.key"}, 1);
    audit_ = event::Audit::Open(&files_, kAudit);
    ASSERT_OK(world_.Start());
    ASSERT_OK(ApplyErasures(world_.archive(), *keys_, world_.clock().NowMicros()));
    publisher_.emplace(&world_.log(), &world_.pipeline(), &world_.clock(), keys_.get());
    eraser_.emplace(EraserParts{&*publisher_, &world_.pipeline(), &world_.log(), &world_.archive(),
                                keys_.get(), audit_.get()});
    ASSERT_OK(world_.AwaitAll());
  }
  void Crash(uint64_t seed) {
    world_.Crash(seed);
    files_.Crash(seed);
    Open();
  }
  // A tidy end, and a start in which the keys are those of `copy`.
  void Restore(const std::map<std::string, std::string>& copy) {
    world_.Stop();
    std::map<std::string, std::string> files;
    const auto is_key = [](const std::string& path) { return path.rfind("/keys/", 0) == 0; };
    for (const auto& [path, bytes] : files_.Copy()) {
      if (!is_key(path)) files[path] = bytes;
    }
    for (const auto& [path, bytes] : copy) {
      if (is_key(path)) files[path] = bytes;
    }
    files_.Restore(files);
    Open();
  }

  absl::Status Publish(const v1::Event& event) {
    const absl::Status status = publisher_->Publish({event}, {})[0].status;
    EXPECT_OK(world_.AwaitAll());
    return status;
  }
  absl::StatusOr<v1::ErasureReceipt> Erase(const std::string& customer) {
    return EraseBy(*eraser_, customer);
  }
  // The same by an eraser whose log is not the pipeline's.
  absl::Status EraseInto(log::Log& log, const std::string& customer) {
    const Publisher publisher(&log, &world_.pipeline(), &world_.clock(), keys_.get());
    Eraser eraser(
        {&publisher, &world_.pipeline(), &log, &world_.archive(), keys_.get(), audit_.get()});
    return EraseBy(eraser, customer).status();
  }
  // The note of a customer's first event, as a revealer sees it.
  std::string NoteOf(const std::string& customer) {
    auto found = world_.pipeline().FindEvent(customer, EventId::FromText(customer));
    EXPECT_OK(found);
    if (const auto key = keys_->Find(customer); key.ok()) event::OpenSealed(*key, found->event);
    return found->event.note();
  }
  bool Requested() {
    return world_.pipeline().FindEvent("ana", EventId::FromText(kRequestedId)).ok();
  }

  EngineWorld& world() { return world_; }
  OlderArchiveDisk& disk() { return disk_; }
  kit::ModelFiles& files() { return files_; }
  event::KeyStore& keys() { return *keys_; }
  Eraser& eraser() { return *eraser_; }

 private:
  absl::StatusOr<v1::ErasureReceipt> EraseBy(Eraser& eraser, const std::string& customer) {
    return eraser.Erase(customer, {"uid 1000", "asked by mail", world_.clock().NowMicros()},
                        absl::Now() + absl::Seconds(30));
  }

  kit::ModelFiles files_;
  OlderArchiveDisk& disk_;
  EngineWorld world_;
  std::unique_ptr<event::KeyStore> keys_;
  std::unique_ptr<event::Audit> audit_;
  std::optional<Publisher> publisher_;
  std::optional<Eraser> eraser_;
};

TEST(EraserTest, ForgetsACustomerAndNobodyElse) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  ASSERT_OK(office.Publish(Noted("bob", kText)));
  ASSERT_EQ(office.NoteOf("ana"), kText);
  const std::string key_id = event::KeyId(office.keys().Find("ana")->secret);
  office.world().clock().Advance(7);
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->customer_id(), "ana");
  EXPECT_EQ(receipt->key_id(), key_id);
  EXPECT_EQ(receipt->destroyed_at_us(), office.world().clock().NowMicros());
  EXPECT_GT(receipt->requested_at_us(), 0);
  EXPECT_GE(receipt->completed_at_us(), receipt->requested_at_us());
  EXPECT_EQ(receipt->clear_texts(), 0);
  EXPECT_EQ(receipt->audit_chain(), event::VerifyAudit(*office.files().Read(kAudit))->chain);
  EXPECT_EQ(office.NoteOf("ana"), "");
  EXPECT_EQ(office.NoteOf("bob"), kText);
  EXPECT_THAT(office.Publish(Noted("ana", "again")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
}

TEST(EraserTest, GivesTheSameReceiptWheneverItIsAsked) {
  Office office;
  EXPECT_THAT(office.Erase("ana").status(),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  EXPECT_THAT(office.eraser().Find("ana").status(),
              StatusIs(absl::StatusCode::kNotFound, "ERASURE_UNKNOWN"));
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  office.world().clock().Advance(1'000'000);
  const Offset end = office.world().log().Range(0)->end;
  EXPECT_EQ(office.Erase("ana")->SerializeAsString(), receipt->SerializeAsString());
  EXPECT_EQ(office.eraser().Find("ana")->SerializeAsString(), receipt->SerializeAsString());
  EXPECT_EQ(office.world().log().Range(0)->end, end);
  EXPECT_EQ(event::VerifyAudit(*office.files().Read(kAudit))->lines, 1);
}

TEST(EraserTest, NeedsAPurpose) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  EXPECT_THAT(office.eraser().Erase("ana", {"uid 1", "", 1}, absl::InfiniteFuture()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "purpose"));
  EXPECT_EQ(office.NoteOf("ana"), kText);
}

TEST(EraserTest, CountsTheTextsThatTheLogKeepsInClear) {
  Office office;
  office.world().PublishRaw("ana", Noted("ana", kText).SerializeAsString());
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->clear_texts(), 1);
  EXPECT_EQ(receipt->key_id(), "");
  EXPECT_THAT(receipt->remains(),
              testing::Contains(testing::HasSubstr("in clear of at least 1 events")));
}

// A record that is no event of its customer, for the id of the first is taken.
std::string Conflicting(const std::string& customer, const std::string& note) {
  v1::Event event = Noted(customer, note);
  event.set_duration_s(60);
  return event.SerializeAsString();
}

TEST(EraserTest, CountsTheTextsInQuarantineToo) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", "")));
  office.world().PublishRaw("ana", Conflicting("ana", kText));
  office.world().PublishRaw("ana", Conflicting("ana", ""));
  // Somebody else's key.
  v1::Event foreign = Noted("ana", kText);
  office.world().PublishRaw("bob", foreign.SerializeAsString());
  // Bytes that nobody can look into, with the key of their customer.
  office.world().PublishRaw("ana", "\x0a\xff");
  foreign.set_event_id("other");
  foreign.clear_note();
  foreign.set_payload("\x0a\xff");
  office.world().PublishRaw("ana", foreign.SerializeAsString());
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->clear_texts(), 2);
  EXPECT_EQ(receipt->unreadable(), 2);
  EXPECT_THAT(receipt->remains(), testing::Contains(testing::HasSubstr("of at least 2 events")));
  EXPECT_THAT(receipt->remains(), testing::Contains(testing::HasSubstr("2 records in quarantine")));
}

TEST(EraserTest, ForgetsACustomerWhoIsKnownByAKeyAlone) {
  Office office;
  // As a publisher leaves it that ended between making the key and logging the event.
  ASSERT_OK(office.keys().Prepare({{"ana", "ana@example.org"}})[0]);
  const std::string key_id = event::KeyId(office.keys().Find("ana")->secret);
  EXPECT_THAT(office.eraser().Find("ana").status(),
              StatusIs(absl::StatusCode::kNotFound, "ERASURE_UNKNOWN"));
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->key_id(), key_id);
  EXPECT_THAT(*office.keys().Resolve("ana@example.org"), testing::IsEmpty());
  EXPECT_EQ(office.Erase("ana")->SerializeAsString(), receipt->SerializeAsString());
  EXPECT_THAT(office.Publish(Noted("ana", kText)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
}

TEST(EraserTest, ForgetsACustomerOfWhomThereAreOnlyRecordsInQuarantine) {
  Office office;
  v1::Event noted = Noted("ana", kText);
  noted.set_kind(static_cast<v1::Kind>(777));
  office.world().PublishRaw("ana", noted.SerializeAsString());
  const auto receipt = office.Erase("ana");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->key_id(), "");
  EXPECT_EQ(receipt->clear_texts(), 1);
  EXPECT_THAT(office.Publish(Noted("ana", kText)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
  EXPECT_THAT(office.Erase("bob").status(),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

// Ana's record on the partition that is not hers.
class StrayRecordTest : public testing::Test {
 protected:
  void Stray() {
    const std::string bytes = Noted("ana", kText).SerializeAsString();
    office_.world().log().AppendTo(other_, {"ana", bytes, {}});
    ASSERT_OK(office_.world().AwaitAll());
    ASSERT_OK(office_.world().pipeline().Checkpoint(absl::Now() + absl::Seconds(30)));
    ASSERT_EQ(office_.world().pipeline().Quarantine(other_, 0, 9)->size(), 1u);
  }
  void ExpectReceiptOf(int unreadable) {
    const auto receipt = office_.Erase("ana");
    ASSERT_OK(receipt);
    EXPECT_EQ(receipt->clear_texts(), 0);
    EXPECT_EQ(receipt->unreadable(), unreadable);
    EXPECT_EQ(office_.NoteOf("ana"), "");
    EXPECT_EQ(office_.eraser().Find("ana")->SerializeAsString(), receipt->SerializeAsString());
  }

  Office office_{2};
  const Partition other_ = 1 - office_.world().pipeline().PartitionOfCustomer("ana");
};

TEST_F(StrayRecordTest, ThatIsInNoArchiveAnyMoreIsCountedAsUnreadable) {
  ASSERT_OK(office_.Publish(Noted("ana", kText)));
  office_.world().Stop();
  office_.disk().BackUp();
  office_.Open();
  Stray();
  office_.world().Stop();
  office_.disk().PutBack();
  office_.world().log().DropBefore(other_, 1);
  office_.Open();
  Position beyond{office_.world().archive().identity(), {{other_, 2}}};
  ASSERT_THAT(office_.world().pipeline().WaitFor(beyond, absl::Now() + absl::Seconds(30)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
  ASSERT_TRUE(absl::IsNotFound(office_.world().archive().Read(other_, 0).status()));
  ExpectReceiptOf(1);
}

TEST_F(StrayRecordTest, ThatIsDamagedIsCountedAsUnreadable) {
  ASSERT_OK(office_.Publish(Noted("ana", kText)));
  Stray();
  office_.world().log().AppendTo(other_, {"ana", "behind it", {}});
  ASSERT_OK(office_.world().AwaitAll());
  office_.world().Stop();
  // A start looks for erasures; the next one does not look at this range again.
  office_.Open();
  office_.world().Stop();
  office_.disk().DamageBlock(other_, 0);
  office_.Open();
  ASSERT_TRUE(absl::IsDataLoss(office_.world().archive().Read(other_, 0).status()));
  // The one behind it is in a good block, but nobody can look into it.
  ExpectReceiptOf(2);
}

// A partition whose state knows what neither log nor archive holds.
TEST(EraserTest, DoesNothingForACustomerOfAPartitionThatLostEvents) {
  Office office;
  office.world().Stop();
  office.disk().BackUp();
  office.Open();
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  office.world().Stop();
  office.disk().PutBack();
  office.world().log().DropBefore(0, 1);
  office.Open();
  EXPECT_THAT(office.Erase("ana").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED: ARCHIVE_GAP"));
  EXPECT_OK(office.keys().Find("ana").status());
  EXPECT_EQ(office.world().log().Range(0)->end, 1) << "nothing is asked for";
}

TEST(EraserTest, DoesNothingForACustomerOfAPartitionWhoseLogIsAnotherOne) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  office.world().Stop();
  office.world().log().CutFrom(0, 0);
  office.Open();
  EXPECT_THAT(office.Erase("ana").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED: LOG_CHANGED"));
  EXPECT_OK(office.keys().Find("ana").status());
  EXPECT_EQ(office.world().log().Range(0)->end, 0) << "nothing is asked for";
}

// Nobody has noticed yet, and what the new log holds is not read.
TEST(EraserTest, KeepsTheKeyWhenTheLogThatTookTheRequestIsAnotherOne) {
  Office office;
  for (const char* id : {"ana", "bob", "cem"}) ASSERT_OK(office.Publish(Noted(id, kText)));
  log::MemoryLog other(1, office.world().log().identity(), &office.world().clock());
  EXPECT_THAT(office.EraseInto(other, "ana"),
              StatusIs(absl::StatusCode::kUnavailable, "NOT_READY: the log has taken the request"));
  EXPECT_EQ(other.Range(0)->end, 1);
  EXPECT_OK(office.keys().Find("ana").status());
  EXPECT_THAT(office.eraser().Find("ana").status(),
              StatusIs(absl::StatusCode::kNotFound, "ERASURE_UNKNOWN"));
}

TEST(EraserTest, ATraceOfAnErasureThatIsNotArchivedYetIsNotUnknown) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  office.world().Stop();
  office.disk().BackUp();
  office.Open();
  ASSERT_OK(office.Erase("ana"));
  office.world().Stop();
  office.disk().PutBack();
  office.world().log().DropBefore(0, office.world().log().Range(0)->end);
  office.Open();
  EXPECT_THAT(office.eraser().Find("ana").status(),
              StatusIs(absl::StatusCode::kUnavailable, "NOT_READY"));
  EXPECT_THAT(office.Erase("ana").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED"));
}

TEST(EraserTest, ForgetsACustomerWhoseIdLooksPersonal) {
  Office office;
  office.world().PublishRaw("ana@example.org", Noted("ana@example.org", kText).SerializeAsString());
  const auto receipt = office.Erase("ana@example.org");
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->clear_texts(), 1);
}

TEST(EraserTest, DestroysAgainWhatABackupBringsBack) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  ASSERT_OK(office.Publish(Noted("bob", kText)));
  const auto backup = office.files().Copy();
  ASSERT_OK(office.Erase("ana"));
  office.Restore(backup);
  EXPECT_TRUE(office.keys().FindTombstone("ana").has_value());
  EXPECT_EQ(office.NoteOf("ana"), "");
  EXPECT_EQ(office.NoteOf("bob"), kText);
  // Also when the backup is older than everything, so that there is no mark in it.
  auto oldest = backup;
  oldest.erase("/keys/erasures-applied");
  office.Restore(oldest);
  EXPECT_EQ(office.NoteOf("ana"), "");
}

TEST(EraserTest, TakesNoErasureFromWhoMayNotAsk) {
  Office office;
  ASSERT_OK(office.Publish(Noted("ana", kText)));
  v1::Event foreign =
      ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", 20000 * int64_t{86'400'000'000});
  foreign.set_source("shop");
  EXPECT_THAT(office.Publish(foreign), StatusIs(absl::StatusCode::kInvalidArgument, "kind"));
  office.world().PublishRaw("ana", foreign.SerializeAsString());
  ASSERT_OK(office.world().AwaitAll());
  office.Restore(office.files().Copy());
  EXPECT_EQ(office.NoteOf("ana"), kText);
}

TEST(EraserTest, EndsTheSameWhereverThePowerIsCut) {
  bool whole = false;
  for (int64_t n = 1; !whole; ++n) {
    for (uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(absl::StrCat("cut at ", n, ", seed ", seed));
      Office office;
      ASSERT_OK(office.Publish(Noted("ana", kText)));
      office.files().CutAt(n);
      const bool done = office.Erase("ana").ok();
      whole = done;
      office.Crash(seed);
      ASSERT_OK(office.keys().status());
      // The request was durable, so the key is gone before anybody is served.
      if (done || office.Requested()) {
        ASSERT_TRUE(office.Requested());
        EXPECT_TRUE(office.keys().FindTombstone("ana").has_value());
        EXPECT_EQ(office.NoteOf("ana"), "");
      }
      const auto receipt = office.Erase("ana");
      ASSERT_OK(receipt);
      EXPECT_EQ(office.NoteOf("ana"), "");
      EXPECT_EQ(office.Erase("ana")->SerializeAsString(), receipt->SerializeAsString());
      EXPECT_OK(event::VerifyAudit(*office.files().Read(kAudit)).status());
      if (HasFailure()) return;
    }
    ASSERT_LT(n, 100);
  }
}

}  // namespace
}  // namespace rapport::pipeline
