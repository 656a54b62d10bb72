// KeyStore: a key for each customer, under which sensitive texts are sealed; and their destruction.
//
//   auto keys = KeyStore::Open(&SystemFiles(), options, now_us);
//   keys->Prepare({{"cust-1", ""}});                       // makes the key, durable
//   ASSIGN_OR_RETURN(CustomerKey key, keys->Find("cust-1"));
//   keys->Destroy("cust-1", now_us);                       // nothing sealed under it opens again
//
// Keys lie in small files of a directory of their own, apart from the data: to destroy one, its
// file is written anew without it. Files are wrapped by a key that lies elsewhere and changes, so
// that copies of old files die with it. A destroyed key is remembered and never made again.
//
// Threads:   all methods from any thread.
// Ownership: borrows `files`, which must outlive it. One store per directory.
// Errors:    UNAVAILABLE (KEY_STORE_UNAVAILABLE) when its files could not be read or written: then
//            everything is refused until the next start, for what is on disk is not known.
//            FAILED_PRECONDITION (CUSTOMER_ERASED) for a destroyed key.
// Limits:    all keys are in memory, about 200 bytes a customer.
// Never:     makes a wrapping key where wrapped files lie already.
#pragma once

#include <map>
#include <memory>
// allow: thread, because keys are used and destroyed by many callers at once
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/base/files.h"
#include "engine/event/key_file.h"

namespace rapport::event {

struct KeyStoreOptions {
  std::string directory;
  // Made at the first start; belongs where backups of the directory do not reach.
  std::string wrapping_key_file;
};

struct CustomerKey {
  uint32_t version = 1;
  Secret secret;
};

// A customer whose key is wanted, and an alias of theirs that is about to be linked, if any.
struct KeyWish {
  std::string customer_id;
  std::string alias;
};

// What is left of a destroyed key.
struct Tombstone {
  // 32 hexadecimal digits; empty when the customer never had a key.
  std::string key_id;
  int64_t at_us = 0;
};

class KeyStore {
 public:
  // Always gives a store; one whose files cannot be read refuses everything and says why.
  static std::unique_ptr<KeyStore> Open(Files* files, const KeyStoreOptions& options,
                                        int64_t now_us);

  // OK, or why everything is refused.
  absl::Status status() const;
  // Refuses everything from here on.
  void Close(const absl::Status& cause);

  // Makes the keys that are missing, remembers the aliases, and returns when both are durable. One
  // answer per wish.
  std::vector<absl::Status> Prepare(absl::Span<const KeyWish> wishes);

  // NOT_FOUND when the customer has no key.
  absl::StatusOr<CustomerKey> Find(const std::string& customer_id) const;

  // Destroys the customer's key, durably, and keeps it from being made again. Again is no error and
  // gives the first answer.
  absl::StatusOr<Tombstone> Destroy(const std::string& customer_id, int64_t now_us);
  std::optional<Tombstone> FindTombstone(const std::string& customer_id) const;

  // Customers for whom `alias` (an e-mail address, a phone number, another id) was ever sealed,
  // sorted; an event that links it need not have come to the log, nor stand.
  absl::StatusOr<std::vector<std::string>> Resolve(absl::string_view alias) const;

  // Wraps all files by a new key; older copies of them cannot be read any more. A crash within it
  // is made good by the next Open. FAILED_PRECONDITION (WRAPPING_KEY_FIXED) when no other file can
  // take the place of the wrapping key's: then the keys serve on under the one that is there.
  absl::Status RotateWrappingKey(int64_t now_us);
  // OK, or the same FAILED_PRECONDITION as far as it is known before.
  absl::Status CheckRotation() const;
  // When the wrapping key in use was made.
  int64_t wrapping_key_made_at_us() const;

  // A note that lies, and is copied, with the keys; empty if there is none.
  std::string ReadMark() const;
  absl::Status WriteMark(const std::string& text);

 private:
  // Where an entry is.
  struct Place {
    size_t file = 0;
    size_t entry = 0;
  };
  KeyStore(Files* files, const KeyStoreOptions& options) : files_(files), options_(options) {}

  absl::Status Load(int64_t now_us);
  absl::Status LoadWrappingKeys(bool first_start, int64_t now_us);
  absl::Status LoadFile(const std::string& name);
  absl::Status LoadLookup(bool first_start);
  // Binds the wrapping key's file to this store, so that it serves no other.
  absl::Status BindWrappingKeys();
  // Puts other wrapping keys into their file. FAILED_PRECONDITION: it is as it was.
  absl::Status ExchangeWrappingKeys();
  absl::Status RewrapAll();
  absl::Status FinishRotation();
  void Index(size_t file, size_t entry);

  // Writes key files so that each is whole whatever happens; after an error the store is closed.
  absl::Status WriteFiles(const std::set<size_t>& files);
  absl::Status Closed(const absl::Status& cause);
  // The entry of a customer, made if it is not there; null for one that is destroyed.
  KeyEntry* FindOrMake(const std::string& customer_id, std::set<size_t>& changed);
  std::string PathOf(const std::string& name) const;

  Files* const files_;
  const KeyStoreOptions options_;
  // allow: thread, because keys are used and destroyed by many callers at once
  mutable std::mutex mutex_;
  absl::Status trouble_;
  WrappingKeys wrapping_;
  // Hashes aliases, so that they can be found and not read.
  std::optional<Secret> lookup_;
  std::vector<std::vector<KeyEntry>> key_files_;
  std::map<std::string, Place> places_;
  std::multimap<Hash128, std::string> aliases_;
};

// An alias as it is compared: without blanks around it, in small letters; a phone number as its
// digits.
std::string NormalAlias(absl::string_view alias);

}  // namespace rapport::event
