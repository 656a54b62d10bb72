#include "tests/crash/engine_cycles.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace rapport::crash {
namespace {

using kit::AnEvent;
using kit::APurchase;

constexpr absl::Duration kPatience = absl::Seconds(60);

absl::Status Wrong(const std::string& what) { return absl::DataLossError(what); }

// Digests of all that is in the world's log, durable.
absl::StatusOr<kit::WorldDigests> DigestsOf(kit::EngineWorld& world, int partitions) {
  RETURN_IF_ERROR(world.AwaitAll());
  RETURN_IF_ERROR(world.pipeline().Checkpoint(absl::Now() + kPatience));
  SetDigest facts, state;
  for (Partition partition = 0; partition < partitions; ++partition) {
    ASSIGN_OR_RETURN(const pipeline::Digests digests, world.DurableDigest(partition));
    facts.Add(digests.facts);
    state.Add(digests.state);
  }
  return kit::WorldDigests{facts.Hex(), state.Hex()};
}

}  // namespace

EngineCycles::EngineCycles(const EngineCyclesOptions& options)
    : damage_(options.damage),
      random_(options.seed),
      partitions_(1 + static_cast<int>(options.seed % 3)),
      disk_(new RocksWorldDisk(options.damage)),
      world_(partitions_, std::unique_ptr<kit::WorldDisk>(disk_)) {
  world_.options().checkpoint_interval = absl::Milliseconds(static_cast<int64_t>(random_() % 4));
  world_.options().batch_records_max = 1 + random_() % 40;
  // Commits of few rows go through files of their own too, and what the archive gives is cut amid.
  constexpr size_t kIngestRowsMin[] = {1, 20, 20'000};
  world_.options().ingest_rows_min = kIngestRowsMin[random_() % 3];
  world_.options().checkpoint_interval_archive =
      absl::Milliseconds(static_cast<int64_t>(random_() % 4));
  // A third of the worlds keeps hardly any customer in memory.
  if (options.seed % 3 == 0) world_.options().memory_bytes = 1;
}

void EngineCycles::PublishSome(int count) {
  for (int i = 0; i < count; ++i) {
    const bool again = next_id_ > 1 && random_() % 8 == 0;
    // An id decides its event, so a second copy is a duplicate.
    const uint64_t id = again ? 1 + random_() % (next_id_ - 1) : next_id_++;
    const std::string customer = absl::StrCat("c", id % 23);
    const auto day = static_cast<int64_t>(20000 + id * 7919 % 90);
    if (random_() % 40 == 0) world_.PublishRaw(customer, "\xff\xff");
    if (id % 3 == 0) {
      world_.Publish(APurchase().Of(customer).Id(id).OnDay(day).Key("o").Worth(5, "EUR"));
    } else if (id % 3 == 1) {
      world_.Publish(AnEvent(v1::KIND_COMPLAINT_RAISED).Of(customer).Id(id).OnDay(day).Key("k"));
    } else {
      world_.Publish(AnEvent(v1::KIND_OUTREACH_MADE)
                         .Of(customer)
                         .Id(id)
                         .OnDay(day)
                         .Key("u")
                         .Set("purpose", v1::OUTREACH_PURPOSE_CHECK));
    }
  }
}

absl::Status EngineCycles::Run(int lives, Tally& tally) {
  for (int life = 0; life < lives; ++life) {
    PublishSome(60);
    ++tally.cycles;
    const bool cut_at_open = random_() % 6 == 0;
    const auto at = static_cast<int64_t>(1 + random_() % (cut_at_open ? 60 : 120));
    if (cut_at_open) disk_->files().CutPowerAt(at);
    const absl::Status started = world_.Start();
    if (!started.ok() && !disk_->files().has_failed()) return started;
    if (!cut_at_open) disk_->files().CutPowerAt(at);
    if (started.ok()) {
      PublishSome(120);
      // Either all is applied, or the power is cut and a partition has stopped.
      const absl::Status awaited = world_.AwaitAll();
      if (!awaited.ok() && !disk_->files().has_failed()) return awaited;
    } else {
      ++tally.cut_at_open;
    }
    tally.cut += disk_->files().has_failed();
    world_.Crash(random_());
    absl::Status again = world_.Start();
    if (damage_ && absl::IsDataLoss(again)) {
      // A state that came back damaged is set aside, as the engine does.
      ++tally.refused;
      world_.Stop();
      world_.LoseState();
      again = world_.Start();
    }
    RETURN_IF_ERROR(again);
    RETURN_IF_ERROR(CheckPrefixes());
    if (random_() % 2 == 0) RETURN_IF_ERROR(world_.AwaitAll());
    world_.Stop();
  }
  tally.commits += static_cast<int64_t>(next_id_);
  const absl::Status end = CheckEnd();
  tally.Add(disk_->files().story());
  return end;
}

absl::Status EngineCycles::CheckPrefixes() {
  for (Partition partition = 0; partition < partitions_; ++partition) {
    ASSIGN_OR_RETURN(const pipeline::Digests digests, world_.DurableDigest(partition));
    if (digests.facts.Hex() == world_.FactsOfPrefix(partition, digests.next)) continue;
    return Wrong(absl::StrCat("partition ", partition, " at ", digests.next,
                              " is not the fold of the log up to there"));
  }
  return absl::OkStatus();
}

absl::Status EngineCycles::CheckEnd() {
  RETURN_IF_ERROR(world_.Start());
  ASSIGN_OR_RETURN(const kit::WorldDigests lived, DigestsOf(world_, partitions_));
  const store::EventCounters counters = world_.pipeline().counters();
  world_.Stop();
  if (counters.folded != static_cast<int64_t>(next_id_ - 1)) {
    return Wrong(absl::StrCat(counters.folded, " events counted, published were ", next_id_ - 1));
  }
  // The same log, folded by an engine that nothing happens to.
  kit::EngineWorld calm(partitions_);
  for (Partition partition = 0; partition < partitions_; ++partition) {
    ASSIGN_OR_RETURN(const auto range, world_.log().Range(partition));
    ASSIGN_OR_RETURN(const auto reader, world_.log().NewReader(partition, 0));
    for (Offset next = 0; next < range.end;) {
      ASSIGN_OR_RETURN(const RecordBatch batch, reader->Read(1000, absl::Seconds(1)));
      for (const RecordView& record : batch.records) {
        calm.log().AppendTo(partition, {std::string(record.key), std::string(record.value), {}});
      }
      next = batch.next;
    }
  }
  RETURN_IF_ERROR(calm.Start());
  ASSIGN_OR_RETURN(const kit::WorldDigests undisturbed, DigestsOf(calm, partitions_));
  if (!(lived == undisturbed)) return Wrong("the digests are not those of an undisturbed run");
  world_.LoseState();
  RETURN_IF_ERROR(world_.Start());
  ASSIGN_OR_RETURN(const kit::WorldDigests rebuilt, DigestsOf(world_, partitions_));
  world_.Stop();
  if (!(lived == rebuilt)) return Wrong("the digests are not those of a rebuild");
  return absl::OkStatus();
}

}  // namespace rapport::crash
