#include "engine/event/kinds.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/base/check.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::event {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MessageFactory;

// A field of Touchpoint's `detail` has this number plus the kind's.
constexpr int kDetailBase = 1000;
constexpr int kKindMax = v1::Kind_MAX;

struct Kinds {
  std::vector<KindInfo> all;
  // Kind -> place in `all`, -1 = unknown.
  std::array<int16_t, kKindMax + 1> place;
};

Kinds BuildKinds() {
  Kinds kinds;
  kinds.place.fill(-1);
  const Descriptor* touchpoint = v1::Touchpoint::descriptor();
  const auto* detail = touchpoint->FindOneofByName("detail");
  RAPPORT_CHECK(detail != nullptr) << "Touchpoint has lost its payloads";
  for (int i = 0; i < detail->field_count(); ++i) {
    const auto* field = detail->field(i);
    const int number = field->number() - kDetailBase;
    RAPPORT_CHECK(v1::Kind_IsValid(number)) << field->full_name() << " belongs to no kind";
    kinds.all.push_back({static_cast<v1::Kind>(number), field->message_type()->name(),
                         field->name(),
                         MessageFactory::generated_factory()->GetPrototype(field->message_type())});
  }
  std::sort(kinds.all.begin(), kinds.all.end(),
            [](const KindInfo& a, const KindInfo& b) { return a.kind < b.kind; });
  for (size_t i = 0; i < kinds.all.size(); ++i) {
    kinds.all[i].index = i;
    kinds.place[kinds.all[i].kind] = static_cast<int16_t>(i);
  }
  // KIND_UNSPECIFIED alone has no payload.
  RAPPORT_CHECK(static_cast<int>(kinds.all.size()) + 1 == v1::Kind_descriptor()->value_count())
      << "a kind has no payload in Touchpoint";
  return kinds;
}

const Kinds& TheKinds() {
  static const Kinds* const kinds = new Kinds(BuildKinds());
  return *kinds;
}

}  // namespace

absl::Span<const KindInfo> AllKinds() { return TheKinds().all; }

const KindInfo* FindKind(v1::Kind kind) {
  const Kinds& kinds = TheKinds();
  if (kind < 0 || kind > kKindMax || kinds.place[kind] < 0) return nullptr;
  return &kinds.all[kinds.place[kind]];
}

const KindInfo* FindKindByName(absl::string_view name) {
  for (const KindInfo& kind : AllKinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace rapport::event
