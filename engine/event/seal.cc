#include "engine/event/seal.h"

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/event/sensitive.h"
#include "engine/event/validator.h"

namespace rapport::event {
namespace {

// What each derived key is for.
constexpr absl::string_view kForTexts = "texts";
constexpr absl::string_view kForContent = "content";
constexpr absl::string_view kForAliases = "aliases";

std::string AssociatedWith(const v1::Event& event, absl::string_view path) {
  std::string associated;
  AppendSized(associated, event.event_id());
  AppendSized(associated, event.customer_id());
  AppendSized(associated, path);
  return associated;
}

std::string Bytes(const Hash128& hash) {
  return std::string(reinterpret_cast<const char*>(hash.data()), hash.size());
}

// The hash takes the value's place where two of one customer's events are compared. It is under the
// customer's own key, so that it says nothing once that is destroyed.
void HashAlias(const CustomerKey& key, v1::Event& event) {
  const std::optional<v1::AliasLinked> alias = LinkedAlias(event);
  if (!alias.has_value()) return;
  SetLookup(event, alias->value().empty() ? "" : Bytes(LookupOf(key, alias->value())));
}

}  // namespace

Hash128 LookupOf(const CustomerKey& key, absl::string_view alias) {
  return key.secret.Derive(kForAliases).Tag({NormalAlias(alias)});
}

void Seal(const CustomerKey& key, v1::Event& event) {
  const std::string content = CanonicalContent(event);
  HashAlias(key, event);
  const Secret secret = key.secret.Derive(kForTexts);
  VisitTexts(event, [&](const std::string& path, std::string& text) {
    v1::SealedField* sealed = event.add_sealed();
    sealed->set_field(path);
    sealed->set_key_version(key.version);
    sealed->set_box(secret.Seal(AssociatedWith(event, path), text));
    Wipe(text);
  });
  event.set_content_tag(Bytes(key.secret.Derive(kForContent).Tag({content})));
}

std::vector<std::string> OpenSealed(const CustomerKey& key, v1::Event& event) {
  const Secret secret = key.secret.Derive(kForTexts);
  google::protobuf::RepeatedPtrField<v1::SealedField> sealed;
  sealed.Swap(event.mutable_sealed());
  std::vector<std::string> left;
  for (v1::SealedField& field : sealed) {
    const auto text = field.key_version() == key.version
                          ? secret.Open(AssociatedWith(event, field.field()), field.box())
                          : std::nullopt;
    if (text.has_value() && PutText(event, field.field(), *text)) continue;
    left.push_back(field.field());
    *event.add_sealed() = std::move(field);
  }
  return left;
}

std::vector<std::string> SealedPaths(const v1::Event& event) {
  std::vector<std::string> paths;
  for (const v1::SealedField& field : event.sealed()) paths.push_back(field.field());
  return paths;
}

void DropSeals(v1::Event& event) {
  event.clear_sealed();
  event.clear_content_tag();
  SetLookup(event, "");
}

}  // namespace rapport::event
