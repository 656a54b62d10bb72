// Keys: made, found, destroyed, wrapped anew, and all of that with the power cut anywhere.
#include "engine/event/key_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/kit/model_files.h"
#include "tests/kit/status_matchers.h"

namespace rapport::event {
namespace {

using kit::ModelFiles;
using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

// 2026-01-01.
constexpr int64_t kNow = 1'767'225'600'000'000;
constexpr char kFirstFile[] = "/keys/00000000.keys";
constexpr char kWrappingFile[] = "/safe/wrapping.key";

std::unique_ptr<KeyStore> OpenOn(ModelFiles& files) {
  return KeyStore::Open(&files, {"/keys", kWrappingFile}, kNow);
}

absl::Status Make(KeyStore& keys, const std::string& customer, const std::string& alias = "") {
  return keys.Prepare({{customer, alias}})[0];
}

std::string SecretOf(const KeyStore& keys, const std::string& customer) {
  const auto key = keys.Find(customer);
  return key.ok() ? std::string(key->secret.bytes()) : "";
}

TEST(KeyStoreTest, KeepsAKeyForEachCustomer) {
  ModelFiles files;
  auto keys = OpenOn(files);
  EXPECT_OK(keys->status());
  EXPECT_THAT(keys->Find("ana").status(), StatusIs(absl::StatusCode::kNotFound, "ana"));
  ASSERT_OK(Make(*keys, "ana"));
  ASSERT_OK(Make(*keys, "bob"));
  const std::string ana = SecretOf(*keys, "ana");
  EXPECT_NE(ana, SecretOf(*keys, "bob"));
  ASSERT_OK(Make(*keys, "ana"));
  EXPECT_EQ(SecretOf(*keys, "ana"), ana);
  keys = OpenOn(files);
  EXPECT_EQ(SecretOf(*keys, "ana"), ana);
}

TEST(KeyStoreTest, HoldsManyKeysInSmallFiles) {
  ModelFiles files;
  auto keys = OpenOn(files);
  std::vector<KeyWish> wishes;
  for (int i = 0; i < 1000; ++i) wishes.push_back({absl::StrCat("cust-", i), ""});
  for (const absl::Status& status : keys->Prepare(wishes)) ASSERT_OK(status);
  EXPECT_EQ(files.List("/keys")->size(), 1000 / 256 + 1 + 1u);
  const std::string last = SecretOf(*keys, "cust-999");
  keys = OpenOn(files);
  EXPECT_EQ(SecretOf(*keys, "cust-999"), last);
}

TEST(KeyStoreTest, WritesNoSecretAndNoCustomerInClear) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "customer-ana", "ana@example.org"));
  const std::string secret = SecretOf(*keys, "customer-ana");
  for (const auto& [path, bytes] : files.Copy()) {
    EXPECT_FALSE(absl::StrContains(bytes, secret)) << path;
    EXPECT_FALSE(absl::StrContains(bytes, "customer-ana")) << path;
    EXPECT_FALSE(absl::StrContains(bytes, "example")) << path;
  }
}

TEST(KeyStoreTest, RemembersADestroyedKeyAndNeverMakesItAgain) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  ASSERT_OK(Make(*keys, "bob"));
  const auto tombstone = keys->Destroy("ana", kNow + 1);
  ASSERT_OK(tombstone);
  EXPECT_EQ(tombstone->key_id.size(), 32u);
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_THAT(keys->Find("ana").status(),
                StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
    EXPECT_THAT(Make(*keys, "ana"),
                StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
    const auto again = keys->Destroy("ana", kNow + 2);
    ASSERT_OK(again);
    EXPECT_EQ(again->key_id, tombstone->key_id);
    EXPECT_EQ(again->at_us, kNow + 1);
    EXPECT_EQ(keys->FindTombstone("ana")->at_us, kNow + 1);
    EXPECT_OK(keys->Find("bob").status());
    EXPECT_EQ(keys->FindTombstone("bob"), std::nullopt);
    keys = OpenOn(files);
  }
}

TEST(KeyStoreTest, RemembersACustomerWhoNeverHadAKey) {
  ModelFiles files;
  auto keys = OpenOn(files);
  EXPECT_EQ(keys->Destroy("ana", kNow)->key_id, "");
  EXPECT_THAT(Make(*keys, "ana"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
}

TEST(KeyStoreTest, RefusesTheErasedAndServesTheirNeighbours) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(keys->Destroy("ana", kNow).status());
  const auto answers = keys->Prepare({{"ana", "a@example.org"}, {"bob", "b@example.org"}});
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kFailedPrecondition, "CUSTOMER_ERASED"));
  EXPECT_OK(answers[1]);
}

TEST(KeyStoreTest, FindsCustomersByAliasUntilTheyAreErased) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana", "Ana@Example.org"));
  ASSERT_OK(Make(*keys, "ana", "+49 (30) 1234-5"));
  ASSERT_OK(Make(*keys, "bob", "ana@example.org"));
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_THAT(*keys->Resolve(" ana@example.ORG "), ElementsAre("ana", "bob"));
    EXPECT_THAT(*keys->Resolve("+493012345"), ElementsAre("ana"));
    EXPECT_THAT(*keys->Resolve("carl"), IsEmpty());
    keys = OpenOn(files);
  }
  ASSERT_OK(keys->Destroy("ana", kNow).status());
  EXPECT_THAT(*keys->Resolve("ana@example.org"), ElementsAre("bob"));
  EXPECT_THAT(*keys->Resolve("+493012345"), IsEmpty());
}

TEST(KeyStoreTest, OldCopiesDieWithTheWrappingKey) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  const std::string secret = SecretOf(*keys, "ana");
  const auto before = files.Copy();
  ASSERT_OK(keys->Destroy("ana", kNow).status());
  ASSERT_OK(keys->RotateWrappingKey(kNow + 5));
  EXPECT_EQ(keys->wrapping_key_made_at_us(), kNow + 5);
  // The key files of a backup come back; the wrapping key lies elsewhere.
  auto restored = files.Copy();
  restored[kFirstFile] = before.at(kFirstFile);
  files.Restore(restored);
  keys = OpenOn(files);
  EXPECT_THAT(keys->status(), StatusIs(absl::StatusCode::kUnavailable, "wrapped by another key"));
  EXPECT_EQ(SecretOf(*keys, "ana"), "");
}

TEST(KeyStoreTest, RefusesEverythingWithoutItsWrappingKey) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  ASSERT_OK(files.Remove(kWrappingFile));
  keys = OpenOn(files);
  const auto refused = StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE");
  EXPECT_THAT(keys->status(), refused);
  EXPECT_THAT(keys->Find("ana").status(), refused);
  EXPECT_THAT(Make(*keys, "bob"), refused);
  EXPECT_THAT(keys->Destroy("ana", kNow).status(), refused);
  EXPECT_THAT(keys->Resolve("x").status(), refused);
  EXPECT_THAT(keys->RotateWrappingKey(kNow), refused);
  EXPECT_THAT(files.Read(kWrappingFile).status(), StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST(KeyStoreTest, MakesNoNewStoreWhereTheWrappingKeySaysThereIsOne) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  keys = KeyStore::Open(&files, {"/unmounted", kWrappingFile}, kNow);
  EXPECT_THAT(keys->status(), StatusIs(absl::StatusCode::kUnavailable, "not in /unmounted"));
  EXPECT_THAT(*files.List("/unmounted"), IsEmpty());
  // Nor does it serve a second store that had one of its own.
  ASSERT_OK(Make(*KeyStore::Open(&files, {"/other", "/other.key"}, kNow), "bob"));
  EXPECT_THAT(KeyStore::Open(&files, {"/other", kWrappingFile}, kNow)->status(),
              StatusIs(absl::StatusCode::kUnavailable, "wrapped by another key"));
}

TEST(KeyStoreTest, TakesAWrappingKeyThatWasLaidReady) {
  ModelFiles files;
  ASSERT_OK(files.Write(
      kWrappingFile,
      absl::StrCat("rapport wrapping key 1\n", std::string(64, 'a'), " 2026-01-01T00:00:00Z\n")));
  ASSERT_OK(Make(*OpenOn(files), "ana"));
  EXPECT_OK(OpenOn(files)->Find("ana").status());
  EXPECT_TRUE(absl::StrContains(*files.Read(kWrappingFile), std::string(64, 'a')));
}

// A wrapping key that is mounted as a file of its own, as a container's secret is.
TEST(KeyStoreTest, ServesOnUnderAWrappingKeyThatCannotBeReplaced) {
  // Also where the system only says so when it is tried.
  for (const bool is_told : {true, false}) {
    ModelFiles files;
    auto keys = OpenOn(files);
    ASSERT_OK(Make(*keys, "ana"));
    const std::string ana = SecretOf(*keys, "ana");
    const std::string before = *files.Read(kWrappingFile);
    files.Mount(kWrappingFile, is_told);
    EXPECT_EQ(keys->CheckRotation().ok(), !is_told);
    EXPECT_THAT(keys->RotateWrappingKey(kNow + 5),
                StatusIs(absl::StatusCode::kFailedPrecondition, "WRAPPING_KEY_FIXED"));
    EXPECT_EQ(*files.Read(kWrappingFile), before);
    EXPECT_EQ(keys->wrapping_key_made_at_us(), kNow);
    for (int opened = 0; opened < 2; ++opened) {
      ASSERT_OK(keys->status());
      EXPECT_EQ(SecretOf(*keys, "ana"), ana);
      ASSERT_OK(Make(*keys, absl::StrCat("bob", opened)));
      EXPECT_THAT(*files.List("/safe"), ElementsAre("wrapping.key")) << "no other key is left";
      keys = OpenOn(files);
    }
    // Let go, it is changed as ever.
    files.Unmount();
    ASSERT_OK(keys->CheckRotation());
    ASSERT_OK(keys->RotateWrappingKey(kNow + 5));
    EXPECT_EQ(SecretOf(*OpenOn(files), "bob1"), SecretOf(*keys, "bob1"));
    EXPECT_NE(*files.Read(kWrappingFile), before);
  }
}

TEST(KeyStoreTest, TakesAWrappingKeyThatWasLaidReadyAndCannotBeReplaced) {
  ModelFiles files;
  const std::string laid =
      absl::StrCat("rapport wrapping key 1\n", std::string(64, 'a'), " 2026-01-01T00:00:00Z\n");
  ASSERT_OK(files.Write(kWrappingFile, laid));
  files.Mount(kWrappingFile);
  ASSERT_OK(Make(*OpenOn(files), "ana"));
  EXPECT_OK(OpenOn(files)->Find("ana").status());
  EXPECT_EQ(*files.Read(kWrappingFile), laid);
}

// It became a mount point between the two writes of a change: both keys are in it.
TEST(KeyStoreTest, ServesOnWhenAChangeOfTheWrappingKeyCannotBeFinished) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  const std::string ana = SecretOf(*keys, "ana");
  const std::string old = *files.Read(kWrappingFile);
  const std::string old_line = old.substr(old.rfind('\n', old.size() - 2) + 1);
  ASSERT_OK(keys->RotateWrappingKey(kNow + 5));
  ASSERT_OK(files.Write(kWrappingFile, *files.Read(kWrappingFile) + old_line));
  files.Mount(kWrappingFile);
  for (int opened = 0; opened < 2; ++opened) {
    keys = OpenOn(files);
    ASSERT_OK(keys->status());
    EXPECT_EQ(SecretOf(*keys, "ana"), ana);
    ASSERT_OK(Make(*keys, absl::StrCat("bob", opened)));
  }
}

TEST(KeyStoreTest, IsClosedWhenItsOwnFilesCannotBeReplaced) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  files.Mount("/keys/lookup.secret");
  EXPECT_THAT(keys->RotateWrappingKey(kNow + 5),
              StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE"));
  EXPECT_THAT(keys->Find("ana").status(), StatusIs(absl::StatusCode::kUnavailable, ""));
  files.Unmount();
  EXPECT_OK(OpenOn(files)->Find("ana").status());
}

TEST(KeyStoreTest, NoticesEveryChangedByteAndEveryMissingFile) {
  ModelFiles files;
  auto keys = OpenOn(files);
  for (int i = 0; i < 600; ++i) ASSERT_OK(Make(*keys, absl::StrCat("cust-", i)));
  const auto whole = files.Copy();
  for (const auto& [path, bytes] : whole) {
    auto copy = whole;
    copy.erase(path);
    files.Restore(copy);
    EXPECT_EQ(OpenOn(files)->status().ok(), path == "/keys/00000002.keys") << path << " is gone";
    // Behind its key the wrapping key's file says when it was made.
    const size_t end = path == kWrappingFile ? 23 + 39 + 64 : bytes.size();
    for (size_t i = 0; i < end; i += 43) {
      copy = whole;
      copy[path][i] = static_cast<char>(bytes[i] ^ 4);
      files.Restore(copy);
      EXPECT_FALSE(OpenOn(files)->status().ok()) << path << " at " << i;
    }
  }
}

TEST(KeyStoreTest, IsClosedAfterAWriteThatFailed) {
  ModelFiles files;
  auto keys = OpenOn(files);
  ASSERT_OK(Make(*keys, "ana"));
  files.CutAt(2);
  const auto refused = StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE");
  EXPECT_THAT(Make(*keys, "bob"), refused);
  files.CutAt(0);
  EXPECT_THAT(Make(*keys, "bob"), refused);
  EXPECT_THAT(keys->Find("ana").status(), refused);
}

TEST(KeyStoreTest, KeepsAMarkBesideTheKeys) {
  ModelFiles files;
  auto keys = OpenOn(files);
  EXPECT_EQ(keys->ReadMark(), "");
  ASSERT_OK(keys->WriteMark("up to here"));
  EXPECT_EQ(OpenOn(files)->ReadMark(), "up to here");
}

// What was answered before the power was cut.
struct Answered {
  std::map<std::string, std::string> made;
  bool destroyed = false;
};

// Makes keys, destroys one, wraps anew, makes one more; until something fails.
void Work(KeyStore& keys, Answered& answered) {
  const auto make = [&](const std::string& customer) {
    if (Make(keys, customer, customer + "@example.org").ok()) {
      answered.made[customer] = SecretOf(keys, customer);
    }
  };
  make("ana");
  make("bob");
  answered.destroyed = keys.Destroy("ana", kNow).ok();
  if (!keys.RotateWrappingKey(kNow + 1).ok()) return;
  make("carl");
}

TEST(KeyStoreCrashTest, HoldsWhatItAnsweredWhereverThePowerIsCut) {
  int64_t changes = 0;
  {
    ModelFiles files;
    Answered answered;
    Work(*OpenOn(files), answered);
    ASSERT_EQ(answered.made.size(), 3u);
    changes = files.changes();
  }
  for (int64_t n = 1; n <= changes + 1; ++n) {
    for (uint64_t seed = 0; seed < 12; ++seed) {
      SCOPED_TRACE(absl::StrCat("cut at ", n, ", seed ", seed));
      ModelFiles files;
      files.CutAt(n);
      Answered answered;
      Work(*OpenOn(files), answered);
      files.Crash(seed);
      auto keys = OpenOn(files);
      ASSERT_OK(keys->status());
      for (const auto& [customer, secret] : answered.made) {
        const bool gone = keys->FindTombstone(customer).has_value();
        if (customer == "ana" && (gone || answered.destroyed)) continue;
        EXPECT_EQ(SecretOf(*keys, customer), secret) << customer;
      }
      EXPECT_TRUE(!answered.destroyed || keys->FindTombstone("ana").has_value());
      // Once more, without a cut: the same end as if nothing had happened.
      Answered after;
      Work(*keys, after);
      EXPECT_TRUE(after.destroyed);
      EXPECT_EQ(SecretOf(*keys, "ana"), "");
      EXPECT_NE(SecretOf(*keys, "carl"), "");
      EXPECT_THAT(*keys->Resolve("ana@example.org"), IsEmpty());
    }
  }
}

// The disk fails, the process starts again and finds what was never synced, and then the power
// goes.
TEST(KeyStoreCrashTest, RestsOnNothingThatAFailedStartLeftUnsynced) {
  for (int64_t n = 1; n <= 12; ++n) {
    for (int64_t m = 1; m <= 12; ++m) {
      for (uint64_t seed = 0; seed < 6; ++seed) {
        SCOPED_TRACE(absl::StrCat("fails at ", n, ", cut at ", m, ", seed ", seed));
        ModelFiles files;
        files.CutAt(n);
        Answered failed;
        Work(*OpenOn(files), failed);
        files.CutAt(m);
        Answered answered;
        Work(*OpenOn(files), answered);
        files.Crash(seed);
        auto keys = OpenOn(files);
        ASSERT_OK(keys->status());
        for (const auto& [customer, secret] : answered.made) {
          if (customer == "ana") continue;
          EXPECT_EQ(SecretOf(*keys, customer), secret) << customer;
        }
      }
    }
  }
}

}  // namespace
}  // namespace rapport::event
