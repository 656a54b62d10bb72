#include "tests/simulation/vault.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "engine/base/check.h"
#include "engine/event/key_file.h"

namespace rapport::simulation {
namespace {

constexpr char kKeys[] = "/keys";
constexpr char kWrapping[] = "/wrapping.key";
constexpr char kAudit[] = "/audit.jsonl";

}  // namespace

void Vault::Open(int64_t now_us) {
  keys_ = event::KeyStore::Open(&files_, {kKeys, kWrapping}, now_us);
  audit_ = event::Audit::Open(&files_, kAudit);
}

void Vault::Close() {
  keys_.reset();
  audit_.reset();
}

std::string Vault::KeyIdOf(const std::string& customer) const {
  const auto key = keys_->Find(customer);
  return key.ok() ? event::KeyId(key->secret) : "";
}

std::string Vault::SecretOf(const std::string& customer) const {
  const auto key = keys_->Find(customer);
  return key.ok() ? std::string(key->secret.bytes()) : "";
}

bool Vault::Holds(const std::string& secret) {
  const auto wrapping = event::ParseWrappingKeys(files_.Read(kWrapping).value());
  RAPPORT_CHECK_OK(wrapping.status());
  for (const auto& [path, bytes] : KeyFiles()) {
    absl::string_view name = absl::StripPrefix(path, "/keys/");
    absl::ConsumeSuffix(&name, ".new");
    const auto plain = event::Unwrap(*wrapping, name, bytes);
    if (plain.ok() && absl::StrContains(*plain, secret)) return true;
  }
  return false;
}

absl::Status Vault::VerifyAudit() {
  const auto text = files_.Read(kAudit);
  return text.ok() ? event::VerifyAudit(*text).status() : absl::OkStatus();
}

std::map<std::string, std::string> Vault::KeyFiles() const {
  std::map<std::string, std::string> files;
  for (auto& [path, bytes] : files_.Copy()) {
    if (absl::StartsWith(path, "/keys/")) files[path] = bytes;
  }
  return files;
}

void Vault::BackUp() { backup_ = KeyFiles(); }

void Vault::Restore() {
  RAPPORT_CHECK(has_backup() && keys_ == nullptr) << "nothing to restore, or open";
  std::map<std::string, std::string> files = files_.Copy();
  std::erase_if(files, [](const auto& file) { return absl::StartsWith(file.first, "/keys/"); });
  files.insert(backup_.begin(), backup_.end());
  files_.Restore(files);
}

bool Vault::BackupOpens() {
  RAPPORT_CHECK(has_backup()) << "nothing to open";
  std::map<std::string, std::string> files = backup_;
  files[kWrapping] = files_.Read(kWrapping).value();
  kit::ModelFiles elsewhere;
  elsewhere.Restore(files);
  return event::KeyStore::Open(&elsewhere, {kKeys, kWrapping}, 0)->status().ok();
}

}  // namespace rapport::simulation
