// What leaves the quarantine counts as if it had been good from the start: like a rebuild.
//
// Records are set aside by a verdict before they are folded, and so become good when released.
#include "engine/pipeline/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <random>

#include "engine/event/key_store.h"
#include "engine/event/seal.h"
#include "engine/pipeline/erasure.h"
#include "engine/store/keys.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::APurchase;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

kit::EventBuilder Bought(const std::string& customer, uint64_t id, int64_t euros = 10) {
  return APurchase().Of(customer).Id(id).OnDay(20000).Key("o").Worth(euros, "EUR");
}

class RetryTest : public OnePartition {
 protected:
  // Before it is folded.
  void SetAside(Offset offset) {
    if (pipeline_ != nullptr) Close();
    Open();
    ASSERT_OK(Pronounce(*archive_, {0, offset, log::CrashVerdict::Kind::kCrashed, 3, ""}, 1));
    Close();
  }

  // With a note, as the ingress seals it: each time into another box.
  kit::EventBuilder Sealed(kit::EventBuilder event, const std::string& note) {
    event.envelope().set_note(note);
    const std::string& customer = event.envelope().customer_id();
    EXPECT_OK(keys_->Prepare({{customer, ""}})[0]);
    v1::Event closed = kit::EventOf(event);
    event::Seal(*keys_->Find(customer), closed);
    event.envelope() = closed;
    return event;
  }
  // With a note in clear, as only a producer past the ingress can write it.
  static kit::EventBuilder InClear(kit::EventBuilder event, const std::string& note) {
    event.envelope().set_note(note);
    return event;
  }

  RetryOutcome Retry(const RetryFilter& filter = {}) {
    const auto outcome = task().RetryQuarantine(filter, "ops");
    EXPECT_OK(outcome);
    return outcome.value_or(RetryOutcome());
  }

  // Offsets in quarantine with their reasons.
  std::vector<std::pair<Offset, Reason>> Quarantine() {
    std::vector<std::pair<Offset, Reason>> out;
    const auto entries = pipeline_->Quarantine(0, 0, 1000).value();
    for (const auto& entry : entries) out.emplace_back(entry.offset, entry.rejection.reason);
    return out;
  }

  void ExpectLikeARebuild() {
    const auto digests = Digests();
    const store::EventCounters counters = task().counters();
    const int64_t customers = progress().customers;
    EXPECT_EQ(RebuiltDigests(), digests);
    EXPECT_EQ(rebuilt_counters_, counters);
    EXPECT_EQ(progress().customers, customers);
  }

  kit::ModelFiles files_;
  std::unique_ptr<event::KeyStore> keys_ =
      event::KeyStore::Open(&files_, {"/keys", "/wrapping.key"}, 1);
};

TEST_F(RetryTest, NothingIsReleasedThatIsStillBad) {
  PublishRaw("ana", "\xff\xff");
  Publish(Bought("ana", 1));
  Open();
  FoldAll();
  const auto before = Digests();
  const RetryOutcome outcome = Retry();
  EXPECT_EQ(outcome.judged, 1);
  EXPECT_EQ(outcome.released, 0);
  EXPECT_EQ(outcome.customers, 0);
  EXPECT_EQ(Digests(), before);
}

TEST_F(RetryTest, OnlyWhatIsAskedForIsJudged) {
  for (uint64_t id = 1; id <= 6; ++id) Publish(Bought("ana", id));
  for (const Offset offset : {1, 3}) SetAside(offset);
  Open();
  FoldAll();
  EXPECT_EQ(Retry({Reason::kKindUnknown, std::nullopt}).judged, 0);
  EXPECT_EQ(Retry({std::nullopt, 3}).released, 1);
  EXPECT_THAT(Quarantine(), ElementsAre(Pair(1, Reason::kCrashedFold)));
  ExpectLikeARebuild();
}

TEST_F(RetryTest, ARecordThatIsBadForAnotherReasonNowSaysSo) {
  PublishRaw("ana", "\xff\xff");
  Publish(Bought("ana", 1));
  SetAside(0);
  Open();
  FoldAll();
  EXPECT_EQ(Retry().released, 0);
  EXPECT_THAT(Quarantine(), ElementsAre(Pair(0, Reason::kPayloadMalformed)));
  ExpectLikeARebuild();
}

TEST_F(RetryTest, TheSmallestOffsetOfAConflictStandsAndCopiesGoWithTheirEvent) {
  Publish(Bought("ana", 7, 10));
  Publish(Bought("ana", 7, 99));
  Publish(Bought("ben", 8));
  Publish(Bought("ana", 7, 99));
  Publish(Bought("ana", 7, 10));
  SetAside(0);
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().duplicates, 1);
  EXPECT_THAT(Quarantine(),
              ElementsAre(Pair(0, Reason::kCrashedFold), Pair(4, Reason::kEventIdConflict)));
  EXPECT_EQ(Retry({Reason::kCrashedFold, std::nullopt}).released, 1);
  EXPECT_THAT(Quarantine(),
              ElementsAre(Pair(1, Reason::kEventIdConflict), Pair(3, Reason::kEventIdConflict)));
  EXPECT_EQ(task().counters().duplicates, 1) << "the one that was a conflict";
  ExpectLikeARebuild();
}

TEST_F(RetryTest, AConflictOverATextIsNoDuplicateWhenItsCustomerIsFoldedAnew) {
  Publish(Sealed(Bought("ana", 7), "Rang twice."));
  Publish(Sealed(Bought("ana", 7), "Rang once."));
  Publish(Sealed(Bought("ana", 7), "Rang twice."));
  Publish(InClear(Bought("ana", 8), "Came in."));
  Publish(InClear(Bought("ana", 8), "Went out."));
  Publish(Bought("ana", 9));
  SetAside(5);
  Open();
  FoldAll();
  const auto conflicts =
      ElementsAre(Pair(1, Reason::kEventIdConflict), Pair(4, Reason::kEventIdConflict));
  EXPECT_EQ(Retry({Reason::kCrashedFold, std::nullopt}).released, 1);
  EXPECT_THAT(Quarantine(), conflicts);
  EXPECT_EQ(Retry().released, 0);
  EXPECT_THAT(Quarantine(), conflicts);
  EXPECT_EQ(task().counters().duplicates, 1);
  ExpectLikeARebuild();
}

TEST_F(RetryTest, ACopyIsComparedWithTheEventThatStandsInTheEnd) {
  // Of a sealed text and one in clear only the place is compared, so both texts in clear are copies
  // of the sealed one, and none of each other.
  Publish(InClear(Bought("ana", 7), "Rang twice."));
  Publish(Sealed(Bought("ana", 7), "Rang twice."));
  Publish(InClear(Bought("ana", 7), "Rang once."));
  SetAside(0);
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().duplicates, 1);
  EXPECT_EQ(Retry().released, 1);
  EXPECT_THAT(Quarantine(), ElementsAre(Pair(2, Reason::kEventIdConflict)));
  EXPECT_EQ(task().counters().duplicates, 1) << "the sealed one";
  ExpectLikeARebuild();
}

TEST_F(RetryTest, WhatSaysTheSameHoweverManyCustomersHaveItNeedsNoWalkThroughTheArchive) {
  for (const char* customer : {"ana", "ben", "cid", "dan"}) {
    for (int copies = 0; copies < 3; ++copies) Publish(Bought(customer, 7));
    for (int copies = 0; copies < 3; ++copies) Publish(Sealed(Bought(customer, 8), "Rang."));
    for (int copies = 0; copies < 3; ++copies) Publish(InClear(Bought(customer, 9), "Rang."));
  }
  for (int copies = 0; copies < 3; ++copies) Publish(Bought("", 5));
  for (Offset offset = 0; offset < 39; offset += 3) SetAside(offset);
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().folded, 13);
  EXPECT_EQ(task().counters().duplicates, 13);
  const int scans = archive_->scans();
  EXPECT_EQ(Retry().released, 13);
  EXPECT_EQ(archive_->scans(), scans);
  EXPECT_EQ(task().counters().duplicates, 26);
  ExpectLikeARebuild();
}

TEST_F(RetryTest, CopiesOfAllCustomersAreLookedForInOneWalkThroughTheArchive) {
  const std::vector<std::string> customers = {"ana", "ben", "cid", "dan", ""};
  for (const std::string& customer : customers) {
    Publish(Bought(customer, 7, 10));
    Publish(Bought(customer, 7, 99));
    Publish(Bought("eve", next_++));
    Publish(Bought(customer, 7, 99));
  }
  for (Offset offset = 0; offset < 20; offset += 4) SetAside(offset);
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().duplicates, 5);
  const int scans = archive_->scans();
  EXPECT_EQ(Retry().released, 5);
  EXPECT_EQ(archive_->scans(), scans + 1);
  EXPECT_EQ(task().counters().duplicates, 0);
  EXPECT_EQ(task().counters().conflicts, 10);
  ExpectLikeARebuild();
}

TEST_F(RetryTest, TextsInClearAreCountedWithTheEventsThatHoldThem) {
  Publish(InClear(Bought("ana", 1), "Rang twice."));
  Publish(InClear(Bought("ana", 2, 10), "Came in."));
  Publish(InClear(Bought("ana", 2, 99), "Came in."));
  SetAside(0);
  SetAside(1);
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().clear_text, 1);
  EXPECT_EQ(Retry({std::nullopt, 0}).released, 1);
  EXPECT_EQ(task().counters().clear_text, 2);
  EXPECT_EQ(Retry({std::nullopt, 1}).released, 1);
  EXPECT_EQ(task().counters().clear_text, 2) << "one came and one went";
  ExpectLikeARebuild();
}

TEST_F(RetryTest, ACustomerOfWhomNothingElseIsKnownComesIntoBeing) {
  Publish(Bought("ana", 1));
  SetAside(0);
  Open();
  FoldAll();
  EXPECT_FALSE(pipeline_->Read("ana", [](const store::CustomerView&) {}).ok());
  EXPECT_EQ(progress().customers, 0);
  EXPECT_THAT(*pipeline_->CustomerIds(), IsEmpty());
  EXPECT_EQ(Retry().released, 1);
  EXPECT_EQ(progress().customers, 1);
  EXPECT_THAT(*pipeline_->CustomerIds(), ElementsAre("ana"));
  EXPECT_OK(pipeline_->Read("ana", [](const store::CustomerView&) {}));
  ExpectLikeARebuild();
}

TEST_F(RetryTest, AnAnonymousRecordThatIsSetAsideUnreadIsNoCustomer) {
  Publish(Bought("", 5));
  Publish(Bought("", 6));
  // Its id does not come first, so nobody can tell without reading it whose it is.
  v1::Event event = kit::EventOf(Bought("", 7));
  const std::string id = event.event_id();
  event.clear_event_id();
  std::string bytes = event.SerializeAsString();
  event.Clear();
  event.set_event_id(id);
  bytes += event.SerializeAsString();
  PublishRaw(id, bytes);
  SetAside(0);
  SetAside(2);
  Open();
  FoldAll();
  EXPECT_EQ(progress().customers, 0);
  EXPECT_THAT(*pipeline_->CustomerIds(), IsEmpty());
  const auto entries = pipeline_->Quarantine(0, 0, 10).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].customer_id, "");
  EXPECT_EQ(entries[0].event_id, kit::EventOf(Bought("", 5)).event_id());
  ExpectLikeARebuild();
  EXPECT_THAT(*pipeline_->CustomerIds(), IsEmpty()) << "nothing is resident now";
  EXPECT_EQ(Retry().released, 2);
  EXPECT_EQ(progress().customers, 0);
  EXPECT_THAT(Quarantine(), IsEmpty());
  EXPECT_EQ(task().counters().anonymous, 3);
  ExpectLikeARebuild();
  Publish(Bought(kit::EventOf(Bought("", 5)).event_id(), 9));
  FoldAll();
  EXPECT_EQ(progress().customers, 1);
  ExpectLikeARebuild();
}

TEST_F(RetryTest, AnErasureThatIsReleasedIsToldOf) {
  Publish(Bought("ana", 1));
  PublishRaw("ana", ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", kBegin).SerializeAsString());
  SetAside(0);
  SetAside(1);
  Open();
  FoldAll();
  EXPECT_THAT(erased_, ElementsAre("ana")) << "aside, too";
  erased_.clear();
  EXPECT_EQ(Retry({std::nullopt, 0}).released, 1);
  EXPECT_THAT(erased_, IsEmpty());
  EXPECT_EQ(Retry({std::nullopt, 1}).released, 1);
  EXPECT_THAT(erased_, ElementsAre("ana"));
  ExpectLikeARebuild();
}

TEST_F(RetryTest, AnUnreadRecordOfACustomerMarksHimAsIncomplete) {
  // Its event id is the customer's id, too.
  Publish(Bought("ana", 1).Id("ana"));
  Publish(Bought("ana", 2));
  SetAside(0);
  Open();
  FoldAll();
  uint32_t quarantined = 0;
  EXPECT_OK(pipeline_->Read(
      "ana", [&](const store::CustomerView& view) { quarantined = view.quarantined; }));
  EXPECT_EQ(quarantined, 1u);
  EXPECT_EQ(progress().customers, 1);
  EXPECT_EQ(Retry().released, 1);
  ExpectLikeARebuild();
}

TEST_F(RetryTest, FullChunksOfTheTouchListMoveToo) {
  for (uint64_t id = 1; id <= 300; ++id) Publish(Bought("ana", id));
  for (const Offset offset : {0, 130, 299}) SetAside(offset);
  Open();
  FoldAll();
  EXPECT_EQ(Retry().released, 3);
  EXPECT_EQ(pipeline_->Touches("ana")->size(), 300u);
  ExpectLikeARebuild();
  Publish(Bought("ana", 301));
  Publish(Bought("ana", 5));
  FoldAll();
  EXPECT_EQ(task().counters().duplicates, 1);
  ExpectLikeARebuild();
}

// A reader that a retry overtakes: ana's row is read, her full chunk of touches not yet.
class ReadBesideRetryTest : public RetryTest {
 protected:
  ReadBesideRetryTest() {
    for (uint64_t id = 1; id <= 200; ++id) Publish(Bought("ana", id));
    SetAside(0);
    options_.memory_bytes = 1;
    Open();
    FoldAll();
    EvictAll();
  }

  void EvictAll() {
    Publish(Bought("ben", next_++));
    FoldAll();
    Publish(Bought("cid", next_++));
    FoldAll();
    EXPECT_FALSE(pipeline_->task(0).table().ReadSlot("ana", [](const store::Slot&) {}));
  }

  // Does `deed` once, when a chunk of ana's touches is asked for; its status is the answer.
  void BeforeAChunk(std::function<absl::Status()> deed) {
    state_table_->before_get = [this, deed](absl::string_view key) {
      if (key != store::TouchKey(0, "ana", 0)) return absl::OkStatus();
      state_table_->before_get = nullptr;
      return deed();
    };
  }

  std::vector<Offset> ReadTouches() {
    const auto touches = pipeline_->Touches("ana");
    EXPECT_OK(touches);
    std::vector<Offset> offsets;
    for (const store::Touch& touch : *touches) offsets.push_back(touch.offset);
    return offsets;
  }
};

TEST_F(ReadBesideRetryTest, OldAndNewRowsAreNotMixed) {
  BeforeAChunk([this] {
    EXPECT_EQ(Retry().released, 1);
    EvictAll();
    return absl::OkStatus();
  });
  const std::vector<Offset> read = ReadTouches();
  EXPECT_EQ(state_table_->before_get, nullptr) << "the retry came in between";
  EXPECT_EQ(read, ReadTouches());
  EXPECT_EQ(read.size(), 200u);
}

TEST_F(ReadBesideRetryTest, ARowThatIsGoneByThenIsNoDamage) {
  BeforeAChunk([this] {
    EXPECT_EQ(Retry().released, 1);
    return absl::NotFoundError("gone");
  });
  EXPECT_EQ(ReadTouches().size(), 200u);
  EvictAll();
  BeforeAChunk([] { return absl::NotFoundError("gone"); });
  EXPECT_EQ(pipeline_->Touches("ana").status().code(), absl::StatusCode::kDataLoss)
      << "nothing was folded anew";
}

class RetrySeedTest : public RetryTest, public testing::WithParamInterface<uint64_t> {};

TEST_P(RetrySeedTest, EveryOrderOfReleasesEndsLikeARebuild) {
  std::mt19937_64 random(GetParam());
  const auto one_in = [&](uint64_t count) { return random() % count == 0; };
  for (int i = 0; i < 120; ++i) {
    const uint64_t id = 1 + random() % 60;
    const std::string customer = one_in(6) ? "" : absl::StrCat("c", id % 5);
    if (one_in(12)) PublishRaw(absl::StrCat("c", random() % 5), "\xff\xff");
    kit::EventBuilder event = Bought(customer, id, one_in(4) ? 99 : 10);
    if (one_in(10)) event.envelope().set_kind(static_cast<v1::Kind>(191));
    const std::string note = one_in(3) ? "Rang twice." : "Rang once.";
    if (!customer.empty() && one_in(3)) {
      event = Sealed(event, note);
    } else if (one_in(4)) {
      event = InClear(event, note);
    }
    Publish(event);
  }
  for (Offset offset = 0; offset < log_.Range(0)->end; ++offset) {
    if (one_in(5)) SetAside(offset);
  }
  options_.memory_bytes = one_in(2) ? 1 : size_t{1} << 30;
  Open();
  FoldAll();
  for (int round = 0; round < 20 && !progress().crashed.empty(); ++round) {
    const std::map<Offset, uint32_t> crashed = progress().crashed;
    const auto chosen = std::next(crashed.begin(), static_cast<int>(random() % crashed.size()));
    EXPECT_EQ(Retry({std::nullopt, chosen->first}).judged, 1);
    ExpectLikeARebuild();
  }
  Retry();
  ExpectLikeARebuild();
  EXPECT_TRUE(progress().crashed.empty());
  const store::EventCounters counters = task().counters();
  EXPECT_EQ(counters.archived, counters.folded + counters.duplicates + counters.conflicts +
                                   counters.rejected + counters.not_folded);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RetrySeedTest, testing::Range<uint64_t>(1, 13));

}  // namespace
}  // namespace rapport::pipeline
