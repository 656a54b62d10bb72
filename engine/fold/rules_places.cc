#include "engine/fold/rules_places.h"

#include <algorithm>

namespace rapport::fold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Tree = google::protobuf::TextFormat::ParseInfoTree;

bool BeginsWith(const Way& way, const Way& beginning) {
  return way.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), way.begin());
}

}  // namespace

void RulesPlaces::NoteAll(const Message& message, const Tree& tree, int file, const Way& way) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const bool repeated = field->is_repeated();
    const int count = repeated ? reflection.FieldSize(message, field) : 1;
    for (int k = 0; k < count; ++k) {
      const int index = repeated ? k : -1;
      const auto location = tree.GetLocation(field, index);
      if (location.line < 0) continue;
      const Way below = Join(way, field->number(), index);
      Note(below, {file, location.line + 1, location.column + 1});
      const Tree* nested = tree.GetTreeForNested(field, index);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || nested == nullptr) continue;
      NoteAll(repeated ? reflection.GetRepeatedMessage(message, field, k)
                       : reflection.GetMessage(message, field),
              *nested, file, below);
    }
  }
}

void RulesPlaces::Copy(const RulesPlaces& other, const Way& from, const Way& to) {
  for (auto it = other.places_.lower_bound(from);
       it != other.places_.end() && BeginsWith(it->first, from); ++it) {
    Way way = to;
    way.insert(way.end(), it->first.begin() + static_cast<std::ptrdiff_t>(from.size()),
               it->first.end());
    places_[way] = it->second;
  }
}

void RulesPlaces::Forget(const Way& way) {
  auto it = places_.lower_bound(way);
  while (it != places_.end() && BeginsWith(it->first, way)) it = places_.erase(it);
}

void RulesPlaces::Erase(const Way& message, int field, int index) {
  Forget(Join(message, field, index));
  for (int next = index + 1; Has(Join(message, field, next)); ++next) {
    Copy(RulesPlaces(*this), Join(message, field, next), Join(message, field, next - 1));
    Forget(Join(message, field, next));
  }
}

std::optional<Place> RulesPlaces::Find(const Way& way) const {
  const auto found = places_.find(way);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

std::optional<Way> WayTo(const Message& at, const Message& wanted) {
  if (&at == &wanted) return Way();
  const Reflection& reflection = *at.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(at, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(at, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& child = field->is_repeated() ? reflection.GetRepeatedMessage(at, field, i)
                                                  : reflection.GetMessage(at, field);
      const std::optional<Way> below = WayTo(child, wanted);
      if (!below.has_value()) continue;
      Way way = {field->number(), field->is_repeated() ? i : -1};
      way.insert(way.end(), below->begin(), below->end());
      return way;
    }
  }
  return std::nullopt;
}

}  // namespace rapport::fold
