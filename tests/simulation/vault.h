// Vault: keys and audit of a simulated world, in small files that lose what was not synced, and the
// copies of them that somebody keeps.
//
//   Vault vault(seed);
//   vault.Open(now_us);                    // keys that cannot be read refuse everything
//   vault.BackUp();  vault.Close();  vault.Restore();  vault.Open(later_us);
//
// Threads: one; at most one Vault lives a thread. Ownership: owns everything.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/event/audit.h"
#include "engine/event/key_store.h"
#include "tests/kit/model_files.h"
#include "tests/kit/seeded_secrets.h"

namespace rapport::simulation {

class Vault {
 public:
  explicit Vault(uint64_t seed) : secrets_(seed) {}

  void Open(int64_t now_us);
  void Close();
  void CutPower(uint64_t seed) { files_.Crash(seed); }
  // The n-th change of a file from now, and all after it, fail; 0 = none.
  void FailAt(int64_t n) { files_.CutAt(n); }

  // OK, or why keys or audit refuse everything.
  absl::Status status() const { return keys_->status().ok() ? audit_->status() : keys_->status(); }
  event::KeyStore& keys() { return *keys_; }
  event::Audit& audit() { return *audit_; }

  // Names the key of a customer; empty for none.
  std::string KeyIdOf(const std::string& customer) const;
  // The key itself, to look for it later.
  std::string SecretOf(const std::string& customer) const;
  // Whether any file of keys, half written ones too, holds this secret.
  bool Holds(const std::string& secret);
  // OK when the audit file is whole; its text, empty for none.
  absl::Status VerifyAudit();
  std::string AuditText() { return files_.Read("/audit.jsonl").value_or(""); }

  // Keeps a copy of the files of keys, without the wrapping key, as backups do.
  void BackUp();
  bool has_backup() const { return !backup_.empty(); }
  void ForgetBackup() { backup_.clear(); }
  // Puts the copy in place of the files. REQUIRES: has_backup(), not open.
  void Restore();
  // Whether the copy can be read with the wrapping key of now.
  bool BackupOpens();

 private:
  std::map<std::string, std::string> KeyFiles() const;

  // Keys and nonces come of the seed.
  kit::SeededSecrets secrets_;
  kit::ModelFiles files_;
  std::map<std::string, std::string> backup_;
  std::unique_ptr<event::KeyStore> keys_;
  std::unique_ptr<event::Audit> audit_;
};

}  // namespace rapport::simulation
