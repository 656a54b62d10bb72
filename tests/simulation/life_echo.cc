// What second customers are told in a simulated life: all that concerns them since the engine began
// to tell, whatever breaks; nothing of before, and nothing because something is folded anew.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

std::string Both(absl::string_view key, absl::string_view bytes) {
  return absl::StrCat(key, "\n", bytes);
}

v1::Event EchoOf(const std::string& both) {
  v1::Event event;
  RAPPORT_CHECK(event.ParseFromString(both.substr(both.find('\n') + 1))) << "no event";
  return event;
}

}  // namespace

// The engine says something on its way to the log.
void Life::SeeEcho(const NewRecord& record) {
  if (!world_.echo()) return Fail("a second customer is told though nobody should be");
  SeeEchoBegin();
  workload_.KeepEcho(record);
  sent_echoes_.push_back({Both(record.key, record.value), echo_.at, result_.steps});
  ++result_.echoes;
  Note("echo", static_cast<int64_t>(record.value.size()));
}

// What comes back says where it had begun.
void Life::CompareEchoBegin() {
  if (!world_.echo()) return;
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    Offset& at = echo_.at[static_cast<size_t>(partition)];
    const Offset said = world_.pipeline().task(partition).echo_from().value_or(-1);
    if (at < 0 || said == at) continue;
    if (!switched_maybe_ || said != world_.pipeline().progress(partition).applied) {
      Fail(absl::StrCat("partition ", partition, " tells second customers from ", said,
                        ", and had begun at ", at));
    }
    at = said;
  }
  switched_maybe_ = false;
  SeeEchoBegin();
}

// A state that has not begun begins where the log ends.
void Life::SeeEchoBegin() {
  if (!world_.echo() || failed()) return;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const size_t p = static_cast<size_t>(partition);
    const std::optional<Offset> said = world_.pipeline().task(partition).echo_from();
    if (echo_.at[p] >= 0 || !said.has_value()) continue;
    echo_.at[p] = echo_.must[p] = *said;
    Note("echo begins", partition, *said);
    const Offset end = plan_.embedded ? world_.archive().End(partition).next
                                      : world_.outside().Range(partition)->end;
    // The log that comes instead of a lost one may be shorter, or the archive without its last
    // block; what a write that failed left behind may be there.
    const bool is_calm = must_stop_[p].empty() && plan_.failing_write == 0 && !may_have_begun_;
    const Offset least = is_calm ? ended_at_start_[p] : 0;
    if (*said >= least && *said <= end) continue;
    Fail(absl::StrCat("partition ", partition, " tells second customers from ", *said,
                      ", and the log ends at ", end));
  }
}

// Another state has taken over: what is below was told.
void Life::SeeSwitch() {
  if (!world_.echo()) return;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const size_t p = static_cast<size_t>(partition);
    const pipeline::PartitionProgress progress = world_.pipeline().progress(partition);
    if (echo_.at[p] < 0) continue;
    if (progress.echo_pending > 0) Fail("a state took over while something waited to be told");
    echo_.at[p] = progress.applied;
  }
}

void Life::ExpectEchoAnew() {
  echo_.at.assign(static_cast<size_t>(plan_.partitions), -1);
  echo_.must = echo_.at;
}

void Life::RestoreEcho() { echo_ = echo_in_backup_; }

// Keeps what must be told by the log as it is now.
void Life::NoteTwins() {
  if (!plan_.echo) return;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    for (OracleTwin& twin : oracle_.Twins(partition, oracle_.End(partition))) {
      std::vector<OracleTwin>& known = twins_[Both(twin.at, twin.bytes)];
      const bool is_known = std::any_of(known.begin(), known.end(), [&](const OracleTwin& other) {
        return other.partition == partition && other.original == twin.original;
      });
      if (!is_known) known.push_back(std::move(twin));
    }
  }
}

// The log has lost what it held from `end` on.
void Life::NoteLostTwins(Partition partition, Offset end) {
  for (Offset offset = end; offset < oracle_.End(partition); ++offset) {
    const auto made = oracle_.At(partition, offset);
    if (made != nullptr && made->is_echo) {
      lost_twins_.insert(Both(made->record.key, made->record.value));
    }
  }
}

// Whether something waits that can be told.
bool Life::EchoesWait() {
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const pipeline::PartitionProgress progress = world_.pipeline().progress(partition);
    if (progress.stopped.ok() && progress.echo_pending > 0) return true;
  }
  return false;
}

// Whether the log must hold it in the end.
bool Life::MustBeTold(const OracleTwin& twin) {
  const size_t p = static_cast<size_t>(twin.partition);
  const auto at = static_cast<size_t>(world_.pipeline().PartitionOfCustomer(twin.at));
  if (echo_.must[p] < 0 || twin.original < echo_.must[p]) return false;
  // What is set aside is told when it is folded, and not when it is released.
  if (oracle_.WasAside(twin.of)) return false;
  // A log that stands still, or that is another one.
  if (!must_stop_[p].empty() || !must_stop_[at].empty()) return false;
  return !lost_twins_.contains(Both(twin.at, twin.bytes));
}

void Life::CheckTwins() {
  if (!plan_.echo) return;
  NoteTwins();
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const auto twins = oracle_.Twins(partition, oracle_.End(partition));
    for (const OracleTwin& twin : twins) {
      if (!MustBeTold(twin)) continue;
      const Partition at = world_.pipeline().PartitionOfCustomer(twin.at);
      result_.twins += 1;
      if (oracle_.Holds(at, twin.at, twin.bytes)) continue;
      return Fail(absl::StrCat(twin.at, " is never told of ", twin.of, " at ", partition, "@",
                               twin.original, ": ",
                               EchoOf(Both(twin.at, twin.bytes)).ShortDebugString()));
    }
  }
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const size_t p = static_cast<size_t>(partition);
    if (world_.echo() && must_stop_[p].empty() && echo_.at[p] < 0) {
      return Fail(absl::StrCat("partition ", partition, " never begins to tell second customers"));
    }
  }
  CheckSentEchoes();
}

// Nothing else was told, and nothing of before the engine had begun.
void Life::CheckSentEchoes() {
  for (const SentEcho& sent : sent_echoes_) {
    const std::string customer = sent.what.substr(0, sent.what.find('\n'));
    const auto known = twins_.find(sent.what);
    const v1::Event event = EchoOf(sent.what);
    if (oracle_.WasAside(event.actor().id())) continue;
    const std::string what = absl::StrCat("step ", sent.step, " told ", customer, " of ",
                                          event.actor().id(), ", kind ", event.kind());
    if (known == twins_.end()) return Fail(absl::StrCat(what, ", and nothing is to be told"));
    const bool is_new =
        std::any_of(known->second.begin(), known->second.end(), [&](const OracleTwin& twin) {
          const Offset begin = sent.begins[static_cast<size_t>(twin.partition)];
          return begin >= 0 && twin.original >= begin;
        });
    if (!is_new) return Fail(absl::StrCat(what, ", which was before it had begun to tell"));
  }
}

}  // namespace rapport::simulation
