// What was opened and erased is written down, and no byte of it changes unnoticed.
#include "engine/event/audit.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/event/revealer.h"
#include "engine/event/seal.h"
#include "tests/engine/event/event_record.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::event {
namespace {

using kit::ModelFiles;
using kit::StatusIs;

constexpr char kPath[] = "/data/audit.jsonl";
constexpr int64_t kNow = 1'767'225'600'000'000;

AuditEntry AnEntry(const std::string& purpose) {
  return {kNow, "uid 1000", "reveal", "ana", {"note", "payload.name"}, purpose};
}

std::string Bytes(ModelFiles& files) {
  const auto bytes = files.Read(kPath);
  return bytes.ok() ? *bytes : "";
}

TEST(AuditTest, WritesAJsonObjectALine) {
  ModelFiles files;
  const auto audit = Audit::Open(&files, kPath);
  const auto chain = audit->Append(AnEntry("she said: \"call\n\\back\""));
  ASSERT_OK(chain);
  EXPECT_EQ(
      Bytes(files),
      absl::StrCat(R"({"n":1,"at":"2026-01-01T00:00:00Z","who":"uid 1000",)",
                   R"("action":"reveal","customer":"ana",)", R"("fields":["note","payload.name"],)",
                   R"("purpose":"she said: \"call\u000a\\back\"","chain":")", *chain, "\"}\n"));
}

TEST(AuditTest, GoesOnWithItsChainAfterARestart) {
  ModelFiles files;
  std::string chain;
  for (int i = 0; i < 3; ++i) {
    chain = *Audit::Open(&files, kPath)->Append(AnEntry(absl::StrCat("call ", i)));
  }
  const auto end = VerifyAudit(Bytes(files));
  ASSERT_OK(end);
  EXPECT_EQ(end->lines, 3);
  EXPECT_EQ(end->chain, chain);
}

TEST(AuditTest, LosesNoLineWithANameThatWasNeverSynced) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    ModelFiles files;
    files.CutAt(3);
    EXPECT_FALSE(Audit::Open(&files, kPath)->Append(AnEntry("its name is not synced")).ok());
    files.CutAt(0);
    const auto chain = Audit::Open(&files, kPath)->Append(AnEntry("call back"));
    ASSERT_OK(chain);
    files.Crash(seed);
    const auto end = VerifyAudit(Bytes(files));
    ASSERT_OK(end);
    EXPECT_EQ(end->chain, *chain) << "seed " << seed;
  }
}

TEST(AuditTest, FindsEveryChangedByteAndEveryMissingLine) {
  ModelFiles files;
  const auto audit = Audit::Open(&files, kPath);
  for (int i = 0; i < 3; ++i) ASSERT_OK(audit->Append(AnEntry("call back")));
  const std::string whole = Bytes(files);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(VerifyAudit(changed).status(),
                StatusIs(absl::StatusCode::kDataLoss, "AUDIT_CHANGED"))
        << i;
  }
  const size_t line = whole.find('\n') + 1;
  EXPECT_FALSE(VerifyAudit(whole.substr(line)).ok());
  EXPECT_FALSE(VerifyAudit(whole.substr(0, line) + whole.substr(2 * line)).ok());
  // Who cuts the end off leaves a good file; the chain kept elsewhere tells.
  EXPECT_EQ(VerifyAudit(whole.substr(0, line))->lines, 1);
}

TEST(AuditTest, RefusesToGoOnWithAChangedFile) {
  ModelFiles files;
  ASSERT_OK(Audit::Open(&files, kPath)->Append(AnEntry("call back")));
  std::string changed = Bytes(files);
  changed[60] = 'X';
  ASSERT_OK(files.Write(kPath, changed));
  const auto audit = Audit::Open(&files, kPath);
  EXPECT_THAT(audit->Append(AnEntry("call back")).status(),
              StatusIs(absl::StatusCode::kDataLoss, "AUDIT_CHANGED: line 1"));
  EXPECT_EQ(Bytes(files), changed);
}

TEST(AuditTest, HoldsWhatItAnsweredWhereverThePowerIsCut) {
  for (int64_t n = 1; n <= 9; ++n) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      SCOPED_TRACE(absl::StrCat("cut at ", n, ", seed ", seed));
      ModelFiles files;
      files.CutAt(n);
      int64_t answered = 0;
      const auto audit = Audit::Open(&files, kPath);
      while (answered < 4 && audit->Append(AnEntry("call back")).ok()) ++answered;
      files.Crash(seed);
      const auto again = Audit::Open(&files, kPath);
      ASSERT_OK(again->Append(AnEntry("call back")));
      const auto end = VerifyAudit(Bytes(files));
      ASSERT_OK(end);
      EXPECT_GE(end->lines, answered + 1);
    }
  }
}

absl::Status MayOpenAll(const std::string&, absl::Time) { return absl::OkStatus(); }

// A store, an audit file and an event of cust-1, whose note is sealed.
class RevealerTest : public testing::Test {
 protected:
  RevealerTest() {
    EXPECT_OK(keys_->Prepare({{"cust-1", ""}})[0]);
    event_.set_note("Rang twice.");
    Seal(*keys_->Find("cust-1"), event_);
  }
  Revealer WhoAsks(Revealer::MayOpen may_open = MayOpenAll) {
    return Revealer(keys_.get(), audit_.get(), std::move(may_open));
  }

  ModelFiles files_;
  const std::unique_ptr<KeyStore> keys_ = KeyStore::Open(&files_, {"/keys", "/wrapping.key"}, kNow);
  const std::unique_ptr<Audit> audit_ = Audit::Open(&files_, kPath);
  v1::Event event_ = APurchaseRecord().event;
  v1::Event* const place_ = &event_;
};

TEST_F(RevealerTest, WritesDownWhatItOpens) {
  const Revealer revealer = WhoAsks();
  EXPECT_THAT(revealer.Open("cust-1", {"uid 1000", "", kNow}, {place_}),
              StatusIs(absl::StatusCode::kInvalidArgument, "purpose"));
  EXPECT_EQ(event_.note(), "");
  ASSERT_OK(revealer.Open("cust-1", {"uid 1000", "call back", kNow}, {place_}));
  EXPECT_EQ(event_.note(), "Rang twice.");
  EXPECT_TRUE(absl::StrContains(Bytes(files_), R"("customer":"cust-1","fields":["note"])"));
  // Nothing is sealed any more, so nothing is opened.
  ASSERT_OK(revealer.Open("cust-1", {"uid 1000", "call back", kNow}, {place_}));
  EXPECT_EQ(VerifyAudit(Bytes(files_))->lines, 1);
}

TEST_F(RevealerTest, OpensNothingThatItCannotWriteDown) {
  const Revealer revealer = WhoAsks();
  files_.CutAt(1);
  EXPECT_THAT(revealer.Open("cust-1", {"uid 1000", "call back", kNow}, {place_}),
              StatusIs(absl::StatusCode::kUnavailable, "AUDIT_UNAVAILABLE"));
  EXPECT_EQ(event_.note(), "");
}

TEST_F(RevealerTest, OpensNothingOfACustomerWhoMayBeErased) {
  const absl::Time deadline = absl::UnixEpoch();
  const Revealer revealer = WhoAsks([&](const std::string& customer, absl::Time until) {
    EXPECT_EQ(until, deadline);
    return absl::UnavailableError("NOT_READY: " + customer);
  });
  EXPECT_THAT(revealer.Open("cust-1", {"uid 1000", "call back", kNow, deadline}, {place_}),
              StatusIs(absl::StatusCode::kUnavailable, "NOT_READY: cust-1"));
  EXPECT_EQ(event_.note(), "");
  EXPECT_EQ(Bytes(files_), "");
}

TEST_F(RevealerTest, OpensNothingOfACustomerWhoIsErasedWhileItWaits) {
  const Revealer revealer = WhoAsks([&](const std::string& customer, absl::Time) {
    return keys_->Destroy(customer, kNow).status();
  });
  ASSERT_OK(revealer.Open("cust-1", {"uid 1000", "call back", kNow}, {place_}));
  EXPECT_EQ(event_.note(), "");
  EXPECT_EQ(Bytes(files_), "");
}

TEST_F(RevealerTest, LeavesSealedWhatHasNoKey) {
  v1::Event event = APurchaseRecord().event;
  event.set_note("Rang twice.");
  Seal({1, Secret::Random()}, event);
  v1::Event* const place = &event;
  const Revealer revealer = WhoAsks();
  for (int erased = 0; erased < 2; ++erased) {
    ASSERT_OK(revealer.Open("cust-2", {"uid 1000", "call back", kNow}, {place}));
    EXPECT_EQ(SealedPaths(event).size(), 1u);
    ASSERT_OK(keys_->Destroy("cust-2", kNow).status());
  }
  EXPECT_EQ(Bytes(files_), "");
}

}  // namespace
}  // namespace rapport::event
