#include "engine/event/key_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"

namespace rapport::event {
namespace {

// So many keys a file: small enough to be written anew when one of them goes.
constexpr size_t kKeysPerFile = 256;
constexpr absl::string_view kKeysEnding = ".keys";
constexpr char kLookupName[] = "lookup.secret";
constexpr char kMarkName[] = "erasures-applied";

std::string NameOfFile(size_t file) { return absl::StrFormat("%08x.keys", file); }

bool IsWrapped(const std::string& name) {
  return absl::EndsWith(name, kKeysEnding) || name == kLookupName;
}

absl::Status Erased(const std::string& customer_id) {
  return absl::FailedPreconditionError(
      absl::StrCat("CUSTOMER_ERASED: customer_id: ", customer_id,
                   " was erased and has no key to seal a text under; leave out the free text, "
                   "name or address, or use a new customer id"));
}

// Never written in place: a file that comes into a container from outside may be another copy at
// the next start, and what was wrapped by a key that only this one knew would be lost.
absl::Status Fixed(const absl::Status& cause) {
  return absl::FailedPreconditionError(absl::StrCat(
      "WRAPPING_KEY_FIXED: ", cause.message(),
      "; keys serve on, but their wrapping key is not changed, so that older copies of the key "
      "files can be read for ever. Let --wrapping-key name a file in a folder that the program "
      "can write and that lasts"));
}

absl::Status Damaged(const std::string& name, const absl::Status& cause) {
  return absl::DataLossError(absl::StrCat("key file ", name, ": ", cause.message()));
}

}  // namespace

std::unique_ptr<KeyStore> KeyStore::Open(Files* files, const KeyStoreOptions& options,
                                         int64_t now_us) {
  std::unique_ptr<KeyStore> store(new KeyStore(files, options));
  const absl::Status loaded = store->Load(now_us);
  if (!loaded.ok()) store->trouble_ = store->Closed(loaded);
  return store;
}

absl::Status KeyStore::status() const {
  std::lock_guard lock(mutex_);
  return trouble_;
}

void KeyStore::Close(const absl::Status& cause) {
  std::lock_guard lock(mutex_);
  if (trouble_.ok()) Closed(cause).IgnoreError();
}

std::string KeyStore::PathOf(const std::string& name) const {
  return absl::StrCat(options_.directory, "/", name);
}

absl::Status KeyStore::Closed(const absl::Status& cause) {
  if (!trouble_.ok()) return trouble_;
  trouble_ = absl::UnavailableError(
      absl::StrCat("KEY_STORE_UNAVAILABLE: ", cause.message(),
                   "; texts are neither sealed nor opened. Check --keys and --wrapping-key, or "
                   "restore them, then start again"));
  return trouble_;
}

absl::Status KeyStore::Load(int64_t now_us) {
  RETURN_IF_ERROR(files_->MakeDirectory(options_.directory));
  // What an earlier start put in its place, and did not see synced, must not be lost once it
  // counts.
  RETURN_IF_ERROR(files_->SyncDirectory(options_.directory));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->List(options_.directory));
  const bool first_start = std::none_of(names.begin(), names.end(), IsWrapped);
  RETURN_IF_ERROR(LoadWrappingKeys(first_start, now_us));
  for (const std::string& name : names) {
    // Left by a write that a crash cut off; it may hold a key that is destroyed by now.
    if (absl::EndsWith(name, ".new")) RETURN_IF_ERROR(files_->Remove(PathOf(name)));
    if (absl::EndsWith(name, kKeysEnding)) RETURN_IF_ERROR(LoadFile(name));
  }
  RETURN_IF_ERROR(LoadLookup(first_start));
  RETURN_IF_ERROR(BindWrappingKeys());
  if (wrapping_.keys.size() == 1) return absl::OkStatus();
  const absl::Status finished = FinishRotation();
  // Both keys are in the file still, which says nothing wrong.
  return absl::IsFailedPrecondition(finished) ? absl::OkStatus() : finished;
}

absl::Status KeyStore::BindWrappingKeys() {
  const std::string id = KeyId(*lookup_);
  if (wrapping_.store_id == id) return absl::OkStatus();
  if (!wrapping_.store_id.empty()) {
    return absl::DataLossError(absl::StrCat("the wrapping key ", options_.wrapping_key_file,
                                            " belongs to other keys than those in ",
                                            options_.directory));
  }
  wrapping_.store_id = id;
  const absl::Status saved = ExchangeWrappingKeys();
  // A file that is kept by other means serves unbound.
  return absl::IsFailedPrecondition(saved) ? absl::OkStatus() : saved;
}

absl::Status KeyStore::ExchangeWrappingKeys() {
  const std::string& path = options_.wrapping_key_file;
  const std::string made = NewNameOf(path);
  RETURN_IF_ERROR(CheckRotation());
  std::string text = FormatWrappingKeys(wrapping_);
  absl::Status written = files_->Write(made, text);
  Wipe(text);
  if (written.ok()) written = files_->Sync(made);
  bool is_unchanged = !written.ok();
  if (written.ok()) {
    written = files_->Rename(made, path);
    is_unchanged = absl::IsFailedPrecondition(written);
  }
  if (written.ok()) return files_->SyncDirectory(DirectoryOf(path));
  if (!is_unchanged) return written;
  // It holds a key that is used for nothing.
  files_->Remove(made).IgnoreError();
  return Fixed(written);
}

absl::Status KeyStore::LoadWrappingKeys(bool first_start, int64_t now_us) {
  const std::string& path = options_.wrapping_key_file;
  // Left by a rotation that a crash cut off; nothing is wrapped by what it holds.
  RETURN_IF_ERROR(files_->Remove(NewNameOf(path)));
  absl::StatusOr<std::string> text = files_->Read(path);
  if (absl::IsNotFound(text.status())) {
    if (!first_start) {
      return absl::DataLossError(absl::StrCat("the wrapping key ", path,
                                              " is missing, without which the keys in ",
                                              options_.directory, " cannot be read"));
    }
    wrapping_.keys = {{Secret::Random(), now_us}};
    RETURN_IF_ERROR(files_->MakeDirectory(DirectoryOf(path)));
    std::string made = FormatWrappingKeys(wrapping_);
    const absl::Status written = ReplaceFile(*files_, path, made);
    Wipe(made);
    return written;
  }
  RETURN_IF_ERROR(text.status());
  absl::StatusOr<WrappingKeys> keys = ParseWrappingKeys(*text);
  Wipe(*text);
  if (!keys.ok()) return absl::DataLossError(absl::StrCat(path, " ", keys.status().message()));
  wrapping_ = *std::move(keys);
  // An unmounted or mistyped directory must not become a new store beside the old one.
  if (!first_start) return absl::OkStatus();
  // The same: from here on files are wrapped by it.
  if (wrapping_.store_id.empty()) return files_->SyncDirectory(DirectoryOf(path));
  return absl::DataLossError(absl::StrCat("the wrapping key ", path,
                                          " belongs to keys that are not in ", options_.directory));
}

absl::Status KeyStore::LoadFile(const std::string& name) {
  const size_t file = key_files_.size();
  if (name != NameOfFile(file)) {
    return absl::DataLossError(absl::StrCat("key file ", NameOfFile(file), " is missing"));
  }
  ASSIGN_OR_RETURN(const std::string bytes, files_->Read(PathOf(name)));
  absl::StatusOr<std::string> plain = Unwrap(wrapping_, name, bytes);
  if (!plain.ok()) return Damaged(name, plain.status());
  absl::StatusOr<std::vector<KeyEntry>> entries = DecodeKeys(*plain);
  Wipe(*plain);
  if (!entries.ok()) return Damaged(name, entries.status());
  key_files_.push_back(*std::move(entries));
  for (size_t entry = 0; entry < key_files_[file].size(); ++entry) Index(file, entry);
  return absl::OkStatus();
}

absl::Status KeyStore::LoadLookup(bool first_start) {
  const std::string path = PathOf(kLookupName);
  const absl::StatusOr<std::string> bytes = files_->Read(path);
  // It is made before the first key.
  if (absl::IsNotFound(bytes.status()) && key_files_.empty() && first_start) {
    lookup_ = Secret::Random();
    return ReplaceFile(*files_, path, Wrap(wrapping_, kLookupName, lookup_->bytes()));
  }
  if (absl::IsNotFound(bytes.status())) {
    return absl::DataLossError(absl::StrCat("key file ", kLookupName, " is missing"));
  }
  RETURN_IF_ERROR(bytes.status());
  absl::StatusOr<std::string> plain = Unwrap(wrapping_, kLookupName, *bytes);
  if (!plain.ok()) return Damaged(kLookupName, plain.status());
  lookup_ = Secret::FromBytes(*plain);
  Wipe(*plain);
  if (lookup_.has_value()) return absl::OkStatus();
  return Damaged(kLookupName, absl::DataLossError("it holds no secret"));
}

void KeyStore::Index(size_t file, size_t entry) {
  const KeyEntry& key = key_files_[file][entry];
  places_[key.customer_id] = {file, entry};
  for (const Hash128& alias : key.aliases) aliases_.emplace(alias, key.customer_id);
}

absl::Status KeyStore::WriteFiles(const std::set<size_t>& files) {
  const auto write = [&]() -> absl::Status {
    for (const size_t file : files) {
      std::string plain = EncodeKeys(key_files_[file]);
      const std::string path = NewNameOf(PathOf(NameOfFile(file)));
      const absl::Status written = files_->Write(path, Wrap(wrapping_, NameOfFile(file), plain));
      Wipe(plain);
      RETURN_IF_ERROR(written);
      RETURN_IF_ERROR(files_->Sync(path));
    }
    // Ascending, so that a crash leaves no file without the one before.
    for (const size_t file : files) {
      const std::string path = PathOf(NameOfFile(file));
      RETURN_IF_ERROR(files_->Rename(NewNameOf(path), path));
    }
    return files.empty() ? absl::OkStatus() : files_->SyncDirectory(options_.directory);
  };
  const absl::Status written = write();
  // What is in memory may be ahead of the disk now, or behind.
  return written.ok() ? written : Closed(written);
}

KeyEntry* KeyStore::FindOrMake(const std::string& customer_id, std::set<size_t>& changed) {
  const auto place = places_.find(customer_id);
  if (place != places_.end()) {
    KeyEntry& entry = key_files_[place->second.file][place->second.entry];
    return entry.alive ? &entry : nullptr;
  }
  if (key_files_.empty() || key_files_.back().size() >= kKeysPerFile) {
    key_files_.emplace_back().reserve(kKeysPerFile);
  }
  KeyEntry& entry = key_files_.back().emplace_back();
  entry.customer_id = customer_id;
  entry.secret = Secret::Random();
  const size_t file = key_files_.size() - 1;
  changed.insert(file);
  Index(file, key_files_[file].size() - 1);
  return &entry;
}

std::vector<absl::Status> KeyStore::Prepare(absl::Span<const KeyWish> wishes) {
  std::lock_guard lock(mutex_);
  if (!trouble_.ok()) return std::vector<absl::Status>(wishes.size(), trouble_);
  std::vector<absl::Status> answers;
  std::set<size_t> changed;
  for (const KeyWish& wish : wishes) {
    KeyEntry* const entry = FindOrMake(wish.customer_id, changed);
    answers.push_back(entry == nullptr ? Erased(wish.customer_id) : absl::OkStatus());
    if (entry == nullptr || wish.alias.empty()) continue;
    const Hash128 alias = lookup_->Tag({NormalAlias(wish.alias)});
    if (std::find(entry->aliases.begin(), entry->aliases.end(), alias) != entry->aliases.end()) {
      continue;
    }
    entry->aliases.push_back(alias);
    aliases_.emplace(alias, wish.customer_id);
    changed.insert(places_[wish.customer_id].file);
  }
  const absl::Status written = WriteFiles(changed);
  if (!written.ok()) return std::vector<absl::Status>(wishes.size(), written);
  return answers;
}

absl::StatusOr<CustomerKey> KeyStore::Find(const std::string& customer_id) const {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  const auto place = places_.find(customer_id);
  if (place == places_.end()) {
    return absl::NotFoundError(absl::StrCat("customer ", customer_id, " has no key"));
  }
  const KeyEntry& entry = key_files_[place->second.file][place->second.entry];
  if (!entry.alive) return Erased(customer_id);
  return CustomerKey{entry.version, *entry.secret};
}

absl::StatusOr<Tombstone> KeyStore::Destroy(const std::string& customer_id, int64_t now_us) {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  std::set<size_t> changed;
  const bool had_key = places_.contains(customer_id);
  KeyEntry* const entry = FindOrMake(customer_id, changed);
  if (entry != nullptr) {
    const Place place = places_[customer_id];
    changed.insert(place.file);
    entry->alive = false;
    if (had_key) entry->key_id = KeyId(*entry->secret);
    entry->destroyed_at_us = now_us;
    entry->secret.reset();
    for (const Hash128& alias : std::exchange(entry->aliases, {})) {
      auto [begin, end] = aliases_.equal_range(alias);
      for (auto at = begin; at != end;) {
        at = at->second == customer_id ? aliases_.erase(at) : std::next(at);
      }
    }
  }
  RETURN_IF_ERROR(WriteFiles(changed));
  const Place place = places_[customer_id];
  const KeyEntry& dead = key_files_[place.file][place.entry];
  return Tombstone{dead.key_id, dead.destroyed_at_us};
}

std::optional<Tombstone> KeyStore::FindTombstone(const std::string& customer_id) const {
  std::lock_guard lock(mutex_);
  const auto place = places_.find(customer_id);
  if (!trouble_.ok() || place == places_.end()) return std::nullopt;
  const KeyEntry& entry = key_files_[place->second.file][place->second.entry];
  if (entry.alive) return std::nullopt;
  return Tombstone{entry.key_id, entry.destroyed_at_us};
}

absl::StatusOr<std::vector<std::string>> KeyStore::Resolve(absl::string_view alias) const {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  std::vector<std::string> customers;
  const auto [begin, end] = aliases_.equal_range(lookup_->Tag({NormalAlias(alias)}));
  for (auto at = begin; at != end; ++at) customers.push_back(at->second);
  std::sort(customers.begin(), customers.end());
  return customers;
}

absl::Status KeyStore::RotateWrappingKey(int64_t now_us) {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  // Both, until every file is wrapped by the new one.
  wrapping_.keys.insert(wrapping_.keys.begin(), WrappingKey{Secret::Random(), now_us});
  absl::Status done = ExchangeWrappingKeys();
  if (absl::IsFailedPrecondition(done)) {
    wrapping_.keys.erase(wrapping_.keys.begin());
    return done;
  }
  if (done.ok()) done = FinishRotation();
  return done.ok() || absl::IsFailedPrecondition(done) ? done : Closed(done);
}

absl::Status KeyStore::CheckRotation() const {
  const absl::Status replaceable = files_->CheckReplaceable(options_.wrapping_key_file);
  return replaceable.ok() ? replaceable : Fixed(replaceable);
}

absl::Status KeyStore::FinishRotation() {
  RETURN_IF_ERROR(RewrapAll());
  wrapping_.keys.resize(1);
  return ExchangeWrappingKeys();
}

absl::Status KeyStore::RewrapAll() {
  const absl::Status replaced =
      ReplaceFile(*files_, PathOf(kLookupName), Wrap(wrapping_, kLookupName, lookup_->bytes()));
  if (!replaced.ok()) return Closed(replaced);
  std::set<size_t> all;
  for (size_t file = 0; file < key_files_.size(); ++file) all.insert(file);
  return WriteFiles(all);
}

int64_t KeyStore::wrapping_key_made_at_us() const {
  std::lock_guard lock(mutex_);
  return wrapping_.keys.empty() ? 0 : wrapping_.keys.front().made_at_us;
}

std::string KeyStore::ReadMark() const {
  std::lock_guard lock(mutex_);
  const absl::StatusOr<std::string> text = files_->Read(PathOf(kMarkName));
  return text.ok() ? *text : "";
}

absl::Status KeyStore::WriteMark(const std::string& text) {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  return ReplaceFile(*files_, PathOf(kMarkName), text);
}

std::string NormalAlias(absl::string_view alias) {
  const absl::string_view bare = absl::StripAsciiWhitespace(alias);
  const auto is_phone = [](unsigned char c) {
    return absl::ascii_isdigit(c) || absl::StrContains("+-()/. ", static_cast<char>(c));
  };
  if (!std::all_of(bare.begin(), bare.end(), is_phone)) return absl::AsciiStrToLower(bare);
  std::string digits;
  for (const char c : bare) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '+') digits.push_back(c);
  }
  return digits;
}

}  // namespace rapport::event
