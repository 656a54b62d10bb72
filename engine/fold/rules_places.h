// RulesPlaces: where each value of a rule set is written, by the way that leads to it.
//
//   places.Note({4, -1, 1, -1}, {0, 12, 3});    // evaluate.prior: first file, line 12, column 3
//   places.Find(way);
//
// A way is a chain of field numbers, each with the index of the value, -1 for one that cannot be
// repeated. Of a message it leads to its name, of a value to the value's.
//
// Threads: plain value. Ownership: none.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rapport::fold {

// Counted from 1; `file` is an index.
struct Place {
  int file = 0;
  int line = 1;
  int column = 1;

  auto operator<=>(const Place&) const = default;
};

using Way = std::vector<int>;

inline Way Join(Way way, int field, int index) {
  way.push_back(field);
  way.push_back(index);
  return way;
}

class RulesPlaces {
 public:
  // Notes all that `tree` knows of `message`.
  void NoteAll(const google::protobuf::Message& message,
               const google::protobuf::TextFormat::ParseInfoTree& tree, int file, const Way& way);
  void Note(const Way& way, const Place& place) { places_[way] = place; }
  // What lies at `from` in `other` and below it, as at `to` here.
  void Copy(const RulesPlaces& other, const Way& from, const Way& to);
  // Forgets what lies at `way` and below.
  void Forget(const Way& way);
  // Forgets one of several values and moves those behind it up.
  void Erase(const Way& message, int field, int index);

  std::optional<Place> Find(const Way& way) const;
  bool Has(const Way& way) const { return places_.contains(way); }
  const std::map<Way, Place>& all() const { return places_; }

 private:
  std::map<Way, Place> places_;
};

// The way to `wanted` itself, not to an equal message; nothing when it is not within `at`.
std::optional<Way> WayTo(const google::protobuf::Message& at,
                         const google::protobuf::Message& wanted);

}  // namespace rapport::fold
