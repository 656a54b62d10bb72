// Texts and erasures in a simulated life: customers are forgotten while the power is cut and keys
// come back from backups; whoever was forgotten stays forgotten, and nobody else is.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/event/seal.h"
#include "rapport/v1/known.pb.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

constexpr int kAttempts = 60;

// What a reader with keys gets to see.
std::vector<std::string> TextsOf(const v1::Event& event) {
  std::vector<std::string> texts;
  if (!event.note().empty()) texts.push_back(event.note());
  v1::AliasLinked alias;
  if (event.kind() == v1::KIND_ALIAS_LINKED && alias.ParseFromString(event.payload()) &&
      !alias.value().empty()) {
    texts.push_back(alias.value());
  }
  return texts;
}

}  // namespace

// What the ingress, or the engine itself, lets pass on its way to the log.
void Life::SeeAppend(const NewRecord& record) {
  if (submitting_ == nullptr) return workload_.KeepOfEngine(record);
  for (const std::string& text : submitting_->texts) {
    if (absl::StrContains(record.value, text)) Fail("a text goes to the log in clear");
  }
  if (submitting_->texts.empty()) return;
  const std::string id = world_.vault().KeyIdOf(record.key);
  if (id.empty()) return Fail("a text is sealed under no key");
  const auto [known, is_new] = keys_.try_emplace(record.key, id);
  if (known->second != id) Fail(absl::StrCat(record.key, " has another key than before"));
  workload_.KeepSealed(submitting_, record, id);
}

// A refusal must have its reason. `was_gone`: the customer's erasure was answered before.
void Life::CheckRefusal(const Made& made, bool was_gone, const absl::Status& status) {
  const bool has_text = !made.texts.empty();
  if (status.ok()) {
    if (has_text && was_gone) Fail("a text of an erased customer was taken");
    return;
  }
  if (absl::StartsWith(status.message(), "CUSTOMER_ERASED") &&
      (!has_text || !asked_.contains(made.record.key))) {
    Fail(absl::StrCat(made.record.key, " is refused as erased and is not"));
  }
  if (absl::StartsWith(status.message(), "KEY_STORE_UNAVAILABLE") &&
      (!has_text || world_.vault().keys().status().ok())) {
    Fail(absl::StrCat("refused without a reason: ", status.ToString()));
  }
}

// Forgets somebody, with or without a power cut in the midst of it.
void Life::Erase() {
  Observe();
  const std::string name = SomeCustomer();
  const int64_t n = dice_.Chance(500) ? dice_.Between(1, 12) : 0;
  const int64_t what = dice_.Roll(4);
  if (n > 0 && what < 2) world_.vault().FailAt(n);
  if (n > 0 && what >= 2) world_.FailWrite(what == 2, n);
  Note("erase", n, what);
  const absl::Status asked = AskToErase(name);
  // A partition that stopped, of which the log is another one, knows nothing of what is asked.
  const auto partition = static_cast<size_t>(world_.pipeline().PartitionOfCustomer(name));
  if (absl::IsNotFound(asked) && must_stop_[partition].empty() && IsKnown(name)) {
    Fail(absl::StrCat(name, " is there and unknown: ", asked.ToString()));
  }
  // Without trouble it must succeed at once.
  const bool is_calm = n == 0 && plan_.failing_write == 0 && plan_.unreachable == 0 &&
                       plan_.lost_answer == 0 && plan_.clock_step == 0 && !plan_.log_front_lost &&
                       !plan_.log_end_lost && world_.vault().status().ok();
  // What is counted must be archived again, also where it was written on a partition of others.
  const bool must_wait = absl::IsUnavailable(asked) &&
                         absl::StrContains(asked.message(), "fills up its archive") &&
                         IsFillingUpBeside(static_cast<Partition>(partition));
  if (is_calm && !asked.ok() && !absl::IsNotFound(asked) && !must_wait) {
    Fail(absl::StrCat(name, " cannot be erased: ", asked.ToString()));
  }
  if (failed() || world_.has_died()) return;
  // What failed is the disk, or the power of the whole machine.
  const bool is_broken = !world_.vault().status().ok();
  if (n == 0) return;
  if (!is_broken || dice_.Chance(400)) {
    ++result_.power_cuts;
    Restart(/*power_cut=*/true);
  } else if (dice_.Chance(500)) {
    Restart(/*power_cut=*/false);
  }
}

absl::Status Life::AskToErase(const std::string& name) {
  asked_.insert(name);
  const std::string secret = world_.vault().SecretOf(name);
  const auto receipt = world_.Erase(name, [this] {
    if (dice_.Chance(100)) Publish();
  });
  Observe();
  // The engine has worked meanwhile.
  SeeEchoBegin();
  Note("erased", static_cast<int64_t>(receipt.status().code()));
  if (!receipt.ok()) return receipt.status();
  ++result_.erasures;
  keys_.erase(name);
  if (!world_.vault().KeyIdOf(name).empty()) Fail(absl::StrCat(name, " is erased and has a key"));
  if (!secret.empty() && world_.vault().Holds(secret)) {
    Fail(absl::StrCat(name, " is erased and the key is still on the disk"));
  }
  const Partition partition = world_.pipeline().PartitionOfCustomer(name);
  if (oracle_.ErasureOf(partition, name) < 0) Fail(absl::StrCat(name, " is erased unrecorded"));
  const auto [before, is_new] =
      receipts_.try_emplace(name, Receipt{receipt->SerializeAsString(), oracle_.End(partition)});
  if (before->second.bytes != receipt->SerializeAsString() &&
      must_stop_[static_cast<size_t>(partition)].empty()) {
    Fail(absl::StrCat(name, " gets another receipt"));
  }
  return absl::OkStatus();
}

// Whose erasure this engine has seen has no key.
void Life::CheckErased() {
  if (!world_.vault().keys().status().ok()) return;
  for (const std::string& name : asked_) {
    const Partition partition = world_.pipeline().PartitionOfCustomer(name);
    const Offset request = oracle_.ErasureOf(partition, name);
    if (request < 0) continue;
    const Offset archived = world_.archive().End(partition).next;
    const bool seen = request < archived_at_start_[static_cast<size_t>(partition)] ||
                      request < std::min(archived, world_.pipeline().progress(partition).applied) ||
                      (receipts_.contains(name) && !keys_restored_);
    if (!seen) {
      // Then the key must not serve yet.
      if (request < ended_at_start_[static_cast<size_t>(partition)] &&
          world_.pipeline().CheckErasuresKnown(partition).ok()) {
        return Fail(absl::StrCat(name, " was erased at ", request, " and the key serves"));
      }
      continue;
    }
    if (!world_.vault().KeyIdOf(name).empty()) {
      return Fail(absl::StrCat(name, " was erased at ", request, " and has a key"));
    }
    keys_.erase(name);
  }
  CheckReceiptOf(SomeCustomer());
}

// A receipt is there for ever; while an older archive is filled up it must wait.
void Life::CheckReceiptOf(const std::string& name) {
  const auto wanted = receipts_.find(name);
  const Partition partition = world_.pipeline().PartitionOfCustomer(name);
  const Offset applied = world_.pipeline().progress(partition).applied;
  if (wanted == receipts_.end() || applied < wanted->second.end) return;
  if (plan_.log_end_lost || !must_stop_[static_cast<size_t>(partition)].empty()) return;
  const auto receipt = world_.FindReceipt(name);
  if (absl::IsUnavailable(receipt.status()) && world_.archive().End(partition).next < applied) {
    return;
  }
  if (!receipt.ok()) return Fail(absl::StrCat(name, ", receipt: ", receipt.status().ToString()));
  if (receipt->SerializeAsString() != wanted->second.bytes) Fail(name + " has another receipt");
}

// The `n`-th change of a file fails, 0 = none; the power is gone then.
void Life::RotateKeys(int64_t n) {
  if (!world_.vault().keys().status().ok()) return;
  world_.vault().FailAt(n);
  const absl::Status rotated = world_.vault().keys().RotateWrappingKey(world_.clock().NowMicros());
  Note("rotated", n, static_cast<int64_t>(rotated.code()));
  if (n == 0 && !rotated.ok()) return Fail(absl::StrCat("no new key: ", rotated.ToString()));
  if (rotated.ok() && world_.vault().has_backup() && world_.vault().BackupOpens()) {
    return Fail("an old copy of the keys can still be read");
  }
  world_.vault().ForgetBackup();
  if (n > 0) Restart(/*power_cut=*/true);
}

// Keys of a backup lie in the place of the keys.
void Life::RestoreKeys() {
  if (!world_.vault().has_backup()) return;
  world_.vault().Restore();
  keys_ = keys_in_backup_;
  keys_restored_ = true;
  Note("older keys restored");
}

// Whether an older archive of another partition than `own` has not come to its state yet.
bool Life::IsFillingUpBeside(Partition own) {
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    if (partition == own) continue;
    const Offset applied = world_.pipeline().progress(partition).applied;
    if (world_.archive().End(partition).next < applied) return true;
  }
  return false;
}

// Whether anything of a customer is applied.
bool Life::IsKnown(const std::string& name) const {
  const Partition partition = world_.pipeline().PartitionOfCustomer(name);
  const OraclePartition state =
      oracle_.Fold(partition, world_.pipeline().progress(partition).applied, name);
  const auto customer = state.customers.find(name);
  return customer != state.customers.end() && !customer->second.touches.empty();
}

// Erasures that a crash left half done are finished when somebody asks again.
void Life::FinishErasures() {
  for (const std::string& name : asked_) {
    const Partition partition = world_.pipeline().PartitionOfCustomer(name);
    if (failed() || !must_stop_[static_cast<size_t>(partition)].empty()) continue;
    absl::Status asked;
    // Appends may still be told to fail.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      asked = AskToErase(name);
      if (asked.ok() || absl::IsNotFound(asked) || failed()) break;
    }
    if (absl::IsNotFound(asked) ? !IsKnown(name) : asked.ok()) continue;
    Fail(absl::StrCat(name, " cannot be erased: ", asked.ToString()));
  }
}

// What was sealed can be read by whoever has the key, and by nobody else.
void Life::CheckTexts() {
  Vault& vault = world_.vault();
  for (Partition partition = 0; partition < plan_.partitions && !failed(); ++partition) {
    for (const auto& [offset, made] : oracle_.Sealed(partition)) {
      const std::string& name = made->record.key;
      const std::string place = absl::StrCat(name, " at ", partition, "@", offset);
      const auto key = vault.keys().Find(name);
      const bool same = key.ok() && vault.KeyIdOf(name) == made->key_id;
      const bool gone = oracle_.ErasureOf(partition, name) >= 0 || asked_.contains(name);
      if (gone && key.ok() && must_stop_[static_cast<size_t>(partition)].empty()) {
        return Fail(absl::StrCat(place, ": erased, and there is a key"));
      }
      if (!gone && !same && !keys_restored_) return Fail(absl::StrCat(place, ": the key is lost"));
      if (!key.ok()) continue;
      v1::Event event;
      event.ParseFromString(made->record.value);
      const bool opened = event::OpenSealed(*key, event).empty();
      if (opened != same) return Fail(absl::StrCat(place, ": opened by another key, or by none"));
      if (opened && TextsOf(event) != made->texts) return Fail(absl::StrCat(place, ": other text"));
    }
  }
  for (const auto& [name, id] : keys_) {
    if (asked_.contains(name) || vault.KeyIdOf(name) == id) continue;
    return Fail(absl::StrCat(name, " has lost the key"));
  }
  const absl::Status audit = vault.VerifyAudit();
  if (!audit.ok()) return Fail(audit.ToString());
  for (const auto& [name, receipt] : receipts_) {
    v1::ErasureReceipt told;
    told.ParseFromString(receipt.bytes);
    if (absl::StrContains(vault.AuditText(), told.audit_chain())) continue;
    return Fail(absl::StrCat("the audit has lost the erasure of ", name));
  }
  if (world_.RowsHold(kCanary) && plan_.embedded) return Fail("a text lies on the disk in clear");
  RotateKeys(0);
}

}  // namespace rapport::simulation
