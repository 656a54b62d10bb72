#include "engine/event/key_file.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/coding.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::event {
namespace {

constexpr absl::string_view kMagic = "RK\x01";
constexpr size_t kWrappingIdBytes = 8;
constexpr absl::string_view kWrappingTitle = "rapport wrapping key 1";
constexpr absl::string_view kStoreWord = "store ";
constexpr uint64_t kDead = 0;
constexpr uint64_t kAlive = 1;

std::string WrappingId(const Secret& secret) {
  const Hash128 id = secret.Derive("wrapping id").Tag({});
  return std::string(reinterpret_cast<const char*>(id.data()), kWrappingIdBytes);
}

absl::string_view View(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

bool TakeAlive(absl::string_view& in, KeyEntry& entry) {
  absl::string_view secret;
  uint64_t aliases = 0;
  if (!TakeBytes(in, Secret::kBytes, secret) || !TakeVarint(in, aliases)) return false;
  entry.secret = Secret::FromBytes(secret);
  for (uint64_t i = 0; i < aliases; ++i) {
    absl::string_view hash;
    Hash128 alias;
    if (!TakeBytes(in, alias.size(), hash)) return false;
    hash.copy(reinterpret_cast<char*>(alias.data()), alias.size());
    entry.aliases.push_back(alias);
  }
  return true;
}

bool TakeDead(absl::string_view& in, KeyEntry& entry) {
  absl::string_view key_id;
  uint64_t at_us = 0;
  if (!TakeSized(in, key_id) || !TakeVarint(in, at_us)) return false;
  entry.key_id = std::string(key_id);
  entry.destroyed_at_us = static_cast<int64_t>(at_us);
  return true;
}

bool TakeEntry(absl::string_view& in, KeyEntry& entry) {
  absl::string_view customer_id;
  uint64_t version = 0, state = 0;
  if (!TakeSized(in, customer_id) || !TakeVarint(in, version) || !TakeVarint(in, state)) {
    return false;
  }
  entry.customer_id = std::string(customer_id);
  entry.version = static_cast<uint32_t>(version);
  entry.alive = state == kAlive;
  return entry.alive ? TakeAlive(in, entry) : state == kDead && TakeDead(in, entry);
}

// `<64 hexadecimal digits> <moment>`.
bool ParseLine(absl::string_view line, WrappingKey& key) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words.size() != 2 || words[0].size() != 2 * Secret::kBytes) return false;
  std::string bytes = absl::HexStringToBytes(words[0]);
  const auto secret = Secret::FromBytes(bytes);
  // What is no hexadecimal digit reads as something else.
  const bool whole = secret.has_value() && Hex(bytes) == words[0];
  Wipe(bytes);
  const absl::StatusOr<int64_t> at_us = ParseTime(words[1]);
  if (!whole || !at_us.ok()) return false;
  key = {*secret, *at_us};
  return true;
}

}  // namespace

std::string EncodeKeys(absl::Span<const KeyEntry> entries) {
  std::string out;
  for (const KeyEntry& entry : entries) {
    AppendSized(out, entry.customer_id);
    AppendVarint(out, entry.version);
    AppendVarint(out, entry.alive ? kAlive : kDead);
    if (entry.alive) {
      absl::StrAppend(&out, entry.secret->bytes());
      AppendVarint(out, entry.aliases.size());
      for (const Hash128& alias : entry.aliases) absl::StrAppend(&out, View(alias));
    } else {
      AppendSized(out, entry.key_id);
      AppendVarint(out, static_cast<uint64_t>(entry.destroyed_at_us));
    }
  }
  return out;
}

absl::StatusOr<std::vector<KeyEntry>> DecodeKeys(absl::string_view bytes) {
  std::vector<KeyEntry> entries;
  while (!bytes.empty()) {
    KeyEntry entry;
    if (!TakeEntry(bytes, entry)) return absl::DataLossError("its entries cannot be read");
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string KeyId(const Secret& secret) { return Hex(secret.Derive("key id").Tag({})); }

std::string FormatWrappingKeys(const WrappingKeys& keys) {
  std::string text = absl::StrCat(kWrappingTitle, "\n");
  if (!keys.store_id.empty()) absl::StrAppend(&text, kStoreWord, keys.store_id, "\n");
  for (const WrappingKey& key : keys.keys) {
    absl::StrAppend(&text, Hex(key.secret.bytes()), " ", FormatTime(key.made_at_us), "\n");
  }
  return text;
}

absl::StatusOr<WrappingKeys> ParseWrappingKeys(absl::string_view text) {
  WrappingKeys keys;
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  bool good = lines[0] == kWrappingTitle && absl::EndsWith(text, "\n");
  for (size_t i = 1; good && i + 1 < lines.size(); ++i) {
    absl::string_view line = lines[i];
    if (absl::ConsumePrefix(&line, kStoreWord)) {
      keys.store_id = std::string(line);
      continue;
    }
    WrappingKey key;
    good = ParseLine(line, key);
    keys.keys.push_back(key);
  }
  if (good && !keys.keys.empty()) return keys;
  return absl::DataLossError("is no wrapping key file");
}

std::string Wrap(const WrappingKeys& keys, absl::string_view name, absl::string_view plain) {
  const Secret& secret = keys.keys.front().secret;
  std::string file = absl::StrCat(kMagic, WrappingId(secret));
  absl::StrAppend(&file, secret.Seal(absl::StrCat(file, name), plain));
  return file;
}

absl::StatusOr<std::string> Unwrap(const WrappingKeys& keys, absl::string_view name,
                                   absl::string_view file) {
  const size_t head = kMagic.size() + kWrappingIdBytes;
  if (file.size() < head || !absl::StartsWith(file, kMagic)) {
    return absl::DataLossError("it is no key file of this version");
  }
  const absl::string_view id = file.substr(kMagic.size(), kWrappingIdBytes);
  for (const WrappingKey& key : keys.keys) {
    if (WrappingId(key.secret) != id) continue;
    const auto plain = key.secret.Open(absl::StrCat(file.substr(0, head), name), file.substr(head));
    if (plain.has_value()) return *plain;
    return absl::DataLossError("its bytes were changed");
  }
  return absl::DataLossError("it is wrapped by another key than the wrapping key's");
}

}  // namespace rapport::event
