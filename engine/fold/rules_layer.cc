// Lays rules over others, and puts wrong ones right.

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/fold/rules_parsed.h"

namespace rapport::fold {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsWhole(const FieldDescriptor& field) {
  return field.message_type()->name() == "PolicyCondition";
}

class Layer {
 public:
  Layer(const RulesPlaces& from, int file, RulesPlaces& to) : from_(from), file_(file), to_(to) {}

  // Lays what is written in `over` into `into`.
  void Lay(const Message& over, const Way& over_way, Message& into, const Way& into_way) {
    for (int i = 0; i < over.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = over.GetDescriptor()->field(i);
      // A value of 0 is a value: what counts is whether it is written.
      const int index = field->is_repeated() ? 0 : -1;
      if (!from_.Has(Join(over_way, field->number(), index))) continue;
      if (field->is_repeated()) {
        LaySeveral(over, over_way, *field, into, into_way);
      } else {
        LayOne(over, over_way, *field, into, into_way);
      }
    }
  }

 private:
  void LayOne(const Message& over, const Way& over_way, const FieldDescriptor& field, Message& into,
              const Way& into_way) {
    const Way from = Join(over_way, field.number(), -1), to = Join(into_way, field.number(), -1);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsWhole(field)) {
      Lay(over.GetReflection()->GetMessage(over, &field), from,
          *into.GetReflection()->MutableMessage(&into, &field), to);
      return to_.Note(to, PlaceOf(from));
    }
    Take(over, field, into);
    Move(from, to);
  }

  void LaySeveral(const Message& over, const Way& over_way, const FieldDescriptor& field,
                  Message& into, const Way& into_way) {
    const Reflection& reflection = *over.GetReflection();
    const int count = reflection.FieldSize(over, &field);
    const bool named = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                       !EntryName(reflection.GetRepeatedMessage(over, &field, 0)).empty();
    if (!named) {
      const int old = reflection.FieldSize(into, &field);
      for (int i = 0; i < old; ++i) to_.Forget(Join(into_way, field.number(), i));
      Take(over, field, into);
      for (int i = 0; i < count; ++i) {
        Move(Join(over_way, field.number(), i), Join(into_way, field.number(), i));
      }
      return;
    }
    // Two of one name here are two, and an error later.
    std::set<std::string> seen;
    for (int i = 0; i < count; ++i) {
      const Message& one = reflection.GetRepeatedMessage(over, &field, i);
      const Way from = Join(over_way, field.number(), i);
      const std::string name = EntryName(one);
      int at = 0;
      const int size = reflection.FieldSize(into, &field);
      while (at < size && EntryName(reflection.GetRepeatedMessage(into, &field, at)) != name) ++at;
      const Way to = Join(into_way, field.number(), seen.insert(name).second ? at : size);
      if (to.back() < size) {
        Lay(one, from, *reflection.MutableRepeatedMessage(&into, &field, at), to);
        to_.Note(to, PlaceOf(from));
      } else {
        reflection.AddMessage(&into, &field)->CopyFrom(one);
        Move(from, to);
      }
    }
  }

  // All values of the field, in place of what `into` has.
  static void Take(const Message& over, const FieldDescriptor& field, Message& into) {
    const std::unique_ptr<Message> copy(over.New());
    copy->CopyFrom(over);
    into.GetReflection()->SwapFields(&into, copy.get(), {&field});
  }

  Place PlaceOf(const Way& from) const {
    Place place = from_.Find(from).value_or(Place{});
    place.file = file_;
    return place;
  }

  void Move(const Way& from, const Way& to) {
    RulesPlaces moved;
    moved.Copy(from_, from, to);
    to_.Forget(to);
    for (const auto& [way, place] : moved.all()) {
      to_.Note(way, {file_, place.line, place.column});
    }
  }

  const RulesPlaces& from_;
  const int file_;
  RulesPlaces& to_;
};

constexpr int kFold = v1::RuleSet::kFoldFieldNumber;
constexpr int kEvaluate = v1::RuleSet::kEvaluateFieldNumber;
constexpr int kPolicy = v1::EvaluateRules::kPolicyFieldNumber;

}  // namespace

std::string EntryName(const Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  static constexpr const char* kNames[][2] = {
      {"RingRule", "name"},        {"ListRule", "name"},       {"MapRule", "name"},
      {"PolicyRule", "id"},        {"CustomKindRule", "name"}, {"CurrencyRate", "currency"},
      {"CustomKindWeight", "ring"}};
  for (const auto& [message_name, field] : kNames) {
    if (type.name() != message_name) continue;
    return message.GetReflection()->GetString(message, type.FindFieldByName(field));
  }
  if (type.name() != "WeightRule" && type.name() != "FeelingRule") return "";
  // For what it is; what it adds is what may differ.
  v1::WeightRule weight;
  v1::FeelingRule feeling;
  if (type.name() == "FeelingRule") {
    feeling.CopyFrom(message);
    return absl::StrCat("feeling ", feeling.feeling());
  }
  weight.CopyFrom(message);
  weight.clear_add();
  return weight.SerializeAsString();
}

absl::StatusOr<RulesText> RulesText::Over(const RulesText& base) const {
  const v1::RuleSet& over = rules();
  auto whole = std::make_shared<Parsed>();
  whole->files = base.parsed_->files;
  whole->files.push_back(parsed_->files.front());
  whole->rules = base.rules();
  whole->places = base.parsed_->places;
  auto& policies = *whole->rules.mutable_evaluate()->mutable_policy();
  for (int i = 0; i < over.without_policy_size(); ++i) {
    int at = 0;
    while (at < policies.size() && policies[at].id() != over.without_policy(i)) ++at;
    if (at == policies.size()) {
      return Error(over, "without_policy", i,
                   absl::StrCat(base.rules().name(), " has no policy `", over.without_policy(i),
                                "`; take this out, or correct the name"));
    }
    policies.DeleteSubrange(at, 1);
    whole->places.Erase({kEvaluate, -1}, kPolicy, at);
  }
  const int file = static_cast<int>(whole->files.size()) - 1;
  Layer(parsed_->places, file, whole->places).Lay(over, {}, whole->rules, {});
  whole->rules.clear_parent();
  whole->rules.clear_without_policy();
  if (over.name().empty()) whole->rules.set_name(absl::StrCat(base.rules().name(), ", changed"));
  whole->MakeDigests();
  return RulesText(std::move(whole));
}

std::optional<RulesText> RulesText::PutRight(const RulesError& wrong, const RulesText& good) const {
  // Which entry of which part it is: the last one that begins before.
  Place best;
  Way entry;
  for (const auto& [way, place] : parsed_->places.all()) {
    const bool is_part = way.size() == 2 && (way[0] == kFold || way[0] == kEvaluate);
    if (!is_part && way.size() != 4) continue;
    if (parsed_->files[static_cast<size_t>(place.file)] != wrong.file) continue;
    if (place > Place{place.file, wrong.line, wrong.column} || (!entry.empty() && place < best)) {
      continue;
    }
    best = place;
    entry = way;
  }
  if (entry.empty()) return std::nullopt;
  auto righted = std::make_shared<Parsed>(*parsed_);
  Message& rules = righted->rules;
  const FieldDescriptor* part = rules.GetDescriptor()->FindFieldByNumber(entry[0]);
  Message& into = *rules.GetReflection()->MutableMessage(&rules, part);
  v1::RuleSet copy = good.rules();
  Message& from = *copy.GetReflection()->MutableMessage(&copy, part);
  if (entry.size() == 2) {
    into.CopyFrom(from);
    righted->places.Forget(entry);
    return RulesText(std::move(righted));
  }
  const FieldDescriptor* field = into.GetDescriptor()->FindFieldByNumber(entry[2]);
  if (entry[0] == kEvaluate && entry[2] == kPolicy) {
    // Others may name it: it stays, with what a good one says, unless its own name is wrong.
    auto& policies = *righted->rules.mutable_evaluate()->mutable_policy();
    v1::PolicyRule& policy = policies[entry[3]];
    const std::string id = policy.id();
    const std::optional<Place> named =
        parsed_->places.Find(Join(entry, v1::PolicyRule::kIdFieldNumber, -1));
    if (!named.has_value() || (named->line == wrong.line && named->column == wrong.column)) {
      policies.DeleteSubrange(entry[3], 1);
      righted->places.Erase({kEvaluate, -1}, kPolicy, entry[3]);
      return RulesText(std::move(righted));
    }
    policy = good.rules().evaluate().policy(0);
    policy.set_id(id);
    righted->places.Forget(entry);
    righted->places.Note(entry, best);
    righted->places.Note(Join(entry, v1::PolicyRule::kIdFieldNumber, -1), *named);
    return RulesText(std::move(righted));
  }
  into.GetReflection()->SwapFields(&into, &from, {field});
  if (field->is_repeated()) {
    for (int i = 0; righted->places.Has(Join({entry[0], -1}, entry[2], i)); ++i) {
      righted->places.Forget(Join({entry[0], -1}, entry[2], i));
    }
  } else {
    righted->places.Forget(entry);
  }
  return RulesText(std::move(righted));
}

}  // namespace rapport::fold
