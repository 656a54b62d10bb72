// Texts under a customer's key: sealed, opened, compared.
#include "engine/event/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/event/sensitive.h"
#include "engine/event/touchpoint.h"
#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CustomerKey AKey() { return {1, Secret::Random()}; }

// Texts in the envelope and in the payload.
v1::Event APerson() {
  v1::Event event =
      ARecord("ContactPersonRecorded", "person: 'p' role: 'buyer' name: 'Ana Example'").event;
  event.set_note("Rang twice,\nsounded upset.");
  return event;
}

TEST(SecretTest, OpensNothingThatWasChanged) {
  const Secret secret = Secret::Random();
  const std::string box = secret.Seal("ana", "rang twice");
  EXPECT_EQ(secret.Open("ana", box), "rang twice");
  EXPECT_EQ(secret.Open("bob", box), std::nullopt);
  EXPECT_EQ(Secret::Random().Open("ana", box), std::nullopt);
  EXPECT_EQ(secret.Open("ana", "short"), std::nullopt);
  for (size_t i = 0; i < box.size(); ++i) {
    std::string changed = box;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(secret.Open("ana", changed), std::nullopt) << i;
  }
}

TEST(SecretTest, DerivesAnotherSecretForEachPurpose) {
  const Secret secret = Secret::Random();
  EXPECT_EQ(secret.Derive("a").bytes(), secret.Derive("a").bytes());
  EXPECT_NE(secret.Derive("a").bytes(), secret.Derive("b").bytes());
  EXPECT_NE(secret.Derive("a").bytes(), secret.bytes());
  EXPECT_NE(secret.Tag({"ab", "c"}), secret.Tag({"a", "bc"}));
}

TEST(SealTest, LeavesNoTextAndGivesItBack) {
  const CustomerKey key = AKey();
  const v1::Event plain = APerson();
  v1::Event event = plain;
  Seal(key, event);
  const std::string bytes = event.SerializeAsString();
  for (const std::string text : {"Ana Example", "Rang twice", "upset"}) {
    EXPECT_EQ(bytes.find(text), std::string::npos) << text;
  }
  EXPECT_THAT(SealedPaths(event), ElementsAre("note", "payload.name"));
  EXPECT_EQ(event.content_tag().size(), 16u);
  EXPECT_THAT(OpenSealed(key, event), IsEmpty());
  event.clear_content_tag();
  EXPECT_EQ(event.SerializeAsString(), plain.SerializeAsString());
}

TEST(SealTest, PassesTheValidatorSealed) {
  EventRecord record;
  record.event = APerson();
  Seal(AKey(), record.event);
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_THAT(validator.CheckPayload(), IsAccepted());
  EXPECT_THAT(validator.event().clear_fields, IsEmpty());
}

// Otherwise somebody who may append could show one customer's text to a reader of another's.
TEST(SealTest, OpensABoxOnlyWhereItWasMade) {
  const CustomerKey key = AKey();
  v1::Event event = APerson();
  Seal(key, event);
  const auto left_after = [&](auto change) {
    v1::Event other = event;
    change(other);
    return OpenSealed(key, other);
  };
  const auto both = ElementsAre("note", "payload.name");
  EXPECT_THAT(left_after([](v1::Event& e) { e.set_event_id("shop:2"); }), both);
  EXPECT_THAT(left_after([](v1::Event& e) { e.set_customer_id("cust-2"); }), both);
  EXPECT_THAT(left_after([](v1::Event& e) { e.mutable_sealed(0)->set_field("payload.name"); }),
              ElementsAre("payload.name"));
  EXPECT_THAT(left_after([](v1::Event& e) { e.mutable_sealed(0)->set_key_version(2); }),
              ElementsAre("note"));
  EXPECT_THAT(OpenSealed(AKey(), event), both);
}

TEST(SealTest, SealsWhatACorrectionPutsInPlace) {
  v1::Event event = ARecord("EventCorrected", "target_event_id: 'shop:0'").event;
  v1::EventCorrected correction;
  ASSERT_TRUE(correction.ParseFromString(event.payload()));
  correction.set_kind(v1::KIND_PROFILE_RECORDED);
  correction.set_payload(ARecord("ProfileRecorded", "name: 'Ana Example'").event.payload());
  event.set_payload(correction.SerializeAsString());
  const std::string plain = event.SerializeAsString();
  const CustomerKey key = AKey();
  Seal(key, event);
  EXPECT_THAT(SealedPaths(event), ElementsAre("payload.payload.name"));
  EXPECT_EQ(event.payload().find("Ana"), std::string::npos);
  EXPECT_THAT(OpenSealed(key, event), IsEmpty());
  event.clear_content_tag();
  EXPECT_EQ(event.SerializeAsString(), plain);
}

TEST(SealTest, HashesAnAliasUnderItsCustomersKeyAlone) {
  const CustomerKey key = AKey();
  v1::Event one = ARecord("AliasLinked", "value: 'Ana@Example.org'").event;
  v1::Event other = ARecord("AliasLinked", "value: ' ana@example.org'").event;
  v1::Event foreign = other;
  Seal(key, one);
  Seal(key, other);
  Seal(AKey(), foreign);
  const auto lookup = [](const v1::Event& event) {
    v1::AliasLinked alias;
    EXPECT_TRUE(alias.ParseFromString(event.payload()));
    EXPECT_EQ(alias.value(), "");
    return alias.lookup();
  };
  EXPECT_EQ(lookup(one).size(), 16u);
  EXPECT_EQ(lookup(one), lookup(other));
  EXPECT_NE(lookup(one), lookup(foreign));
  DropSeals(one);
  EXPECT_EQ(lookup(one), "");
  EXPECT_TRUE(one.sealed().empty());
  EXPECT_EQ(one.content_tag(), "");
}

// What the validator makes of the event as a log would hold it.
class Compared {
 public:
  explicit Compared(const v1::Event& event) {
    record_.event = event;
    EXPECT_THAT(validator_.CheckEnvelope(record_.View()), IsAccepted());
  }
  const ValidEvent& event() const { return validator_.event(); }

 private:
  EventRecord record_;
  Validator validator_{ValidatorOptions{}};
};

bool Same(const v1::Event& a, const v1::Event& b) {
  return SameContent(Compared(a).event(), Compared(b).event());
}

v1::Event Sealed(const CustomerKey& key, v1::Event event) {
  Seal(key, event);
  return event;
}

TEST(SameContentTest, ComparesSealedTextsByTheirTag) {
  const CustomerKey key = AKey();
  const v1::Event plain = APerson();
  v1::Event other = plain;
  other.set_note("Rang once.");
  v1::Event later = plain;
  later.set_occurred_at_us(plain.occurred_at_us() + 1);
  EXPECT_TRUE(Same(Sealed(key, plain), Sealed(key, plain)));
  EXPECT_TRUE(Same(Sealed(key, plain), Sealed(key, later)));
  EXPECT_FALSE(Same(Sealed(key, plain), Sealed(key, other)));
  v1::Event elsewhere = plain;
  elsewhere.set_place("fair");
  EXPECT_FALSE(Same(Sealed(key, plain), Sealed(key, elsewhere)));
  // A tag copied onto another event does not make it the same.
  elsewhere = Sealed(key, elsewhere);
  const v1::Event sealed = Sealed(key, plain);
  elsewhere.set_content_tag(sealed.content_tag());
  EXPECT_FALSE(Same(sealed, elsewhere));
}

TEST(SameContentTest, ComparesTextsInClearExactly) {
  const v1::Event plain = APerson();
  v1::Event other = plain;
  EXPECT_TRUE(Same(plain, other));
  other.set_note("Rang once.");
  EXPECT_FALSE(Same(plain, other));
  other.clear_note();
  EXPECT_FALSE(Same(plain, other));
}

TEST(SameContentTest, TellsATextFromNone) {
  const CustomerKey key = AKey();
  v1::Event bare = APerson();
  bare.clear_note();
  EXPECT_FALSE(Same(Sealed(key, APerson()), Sealed(key, bare)));
  EXPECT_FALSE(Same(Sealed(key, APerson()), bare));
  EXPECT_TRUE(Same(Sealed(key, APerson()), APerson()));
}

TEST(SensitiveTest, FindsAliasesAndPutsTextsOnlyWhereTheyBelong) {
  v1::Event event = ARecord("AliasLinked", "value: 'ana@example.org'").event;
  EXPECT_EQ(LinkedAlias(event)->value(), "ana@example.org");
  EXPECT_FALSE(LinkedAlias(APurchaseRecord().event).has_value());
  EXPECT_FALSE(PutText(event, "payload.lookup", "x"));
  EXPECT_FALSE(PutText(event, "source", "x"));
  EXPECT_FALSE(PutText(event, "payload.payload.value", "x"));
  EXPECT_TRUE(PutText(event, "payload.value", "bob@example.org"));
  EXPECT_EQ(LinkedAlias(event)->value(), "bob@example.org");
}

// A correction that links an alias in place of another.
v1::Event ACorrectedAlias(const std::string& value) {
  v1::AliasLinked alias;
  alias.set_value(value);
  v1::EventCorrected correction;
  correction.set_target_event_id("e0");
  correction.set_kind(v1::KIND_ALIAS_LINKED);
  correction.set_payload(alias.SerializeAsString());
  v1::Event event = ARecord("AliasLinked", "value: 'x'").event;
  event.set_kind(v1::KIND_EVENT_CORRECTED);
  event.set_payload(correction.SerializeAsString());
  return event;
}

TEST(SensitiveTest, FindsTheAliasThatACorrectionPutsInPlace) {
  v1::Event event = ACorrectedAlias("ana@example.org");
  EXPECT_EQ(LinkedAlias(event)->value(), "ana@example.org");
  SetLookup(event, "hash");
  EXPECT_EQ(LinkedAlias(event)->lookup(), "hash");
  EXPECT_EQ(LinkedAlias(event)->value(), "ana@example.org");
  EXPECT_EQ(CheckPublished(event)->field, "payload.payload.lookup");
  SetLookup(event, "");
  EXPECT_EQ(event.payload(), ACorrectedAlias("ana@example.org").payload());
  EXPECT_FALSE(CheckPublished(event).has_value());
}

TEST(SealTest, AnAliasThatIsCorrectedHasTheHashThatItWouldHaveByItself) {
  const CustomerKey key = AKey();
  const v1::Event direct = Sealed(key, ARecord("AliasLinked", "value: 'ana@example.org'").event);
  v1::Event corrected = Sealed(key, ACorrectedAlias(" Ana@example.org"));
  EXPECT_EQ(LinkedAlias(corrected)->lookup(), LinkedAlias(direct)->lookup());
  EXPECT_EQ(LinkedAlias(corrected)->lookup().size(), 16u);
  EXPECT_EQ(LinkedAlias(corrected)->value(), "");
  DropSeals(corrected);
  EXPECT_EQ(LinkedAlias(corrected)->lookup(), "");
}

}  // namespace
}  // namespace rapport::event
