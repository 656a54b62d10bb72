#include "tests/kit/index_difference.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/model/index_row.h"

namespace rapport::kit {
namespace {

// A row and whose it is.
using Found = std::pair<IndexRow, std::string>;
struct Order {
  bool operator()(const Found& a, const Found& b) const {
    return std::tie(a.first.name, a.first.key, a.second) <
           std::tie(b.first.name, b.first.key, b.second);
  }
};
using Rows = std::multiset<Found, Order>;

// Of merged customers once, under the survivor's id. Who is not there has no rows.
absl::Status AddEvaluated(const history::RelationshipReader& reader,
                          const std::vector<std::string>& customers, int64_t as_of_us, Rows& rows) {
  std::set<std::string> told;
  for (const std::string& customer : customers) {
    if (told.contains(customer)) continue;
    const auto read = reader.Read(customer, {as_of_us, {}}, {});
    if (absl::IsNotFound(read.status())) continue;
    if (!read.ok()) return read.status();
    told.insert(read->group.members.begin(), read->group.members.end());
    const v1::Standing& standing = read->standing;
    const std::string& survivor = read->group.survivor;
    rows.insert({{StageRowName(standing.stage()), 0}, survivor});
    for (const v1::FlagState& one : standing.flags()) {
      // What the engine adds has no row.
      if (one.flag() != v1::FLAG_INCOMPLETE) rows.insert({{FlagRowName(one.flag()), 0}, survivor});
    }
    for (const v1::FollowUp& one : standing.follow_ups()) {
      const FollowUpRowName name{one.status(), one.priority(), one.policy(), one.department()};
      rows.insert({{name.ToString(), one.by_us()}, survivor});
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string IndexDifference(const pipeline::Pipeline& pipeline,
                            const history::RelationshipReader& reader, int64_t as_of_us) {
  Rows wanted, seen;
  const auto customers = pipeline.CustomerIds();
  if (!customers.ok()) return customers.status().ToString();
  absl::Status status = AddEvaluated(reader, *customers, as_of_us, wanted);
  if (!status.ok()) return status.ToString();
  // Each name a group of its own, so that rows tell theirs.
  std::vector<std::string> names;
  const auto all = [&](absl::string_view name) -> std::optional<store::WantedRows> {
    names.emplace_back(name);
    return store::WantedRows{static_cast<int64_t>(names.size()) - 1, 0, INT64_MAX};
  };
  const auto sight = pipeline.ReadIndex(as_of_us, SIZE_MAX, all);
  if (!sight.ok()) return sight.status().ToString();
  std::map<std::string, int64_t> counts;
  for (const store::SeenRow& row : sight->rows) {
    const std::string& name = names[static_cast<size_t>(row.group)];
    seen.insert({{name, row.key}, row.customer});
    ++counts[name];
  }
  for (const auto& [name, count] : sight->counts) {
    if (counts[name] != count) {
      return absl::StrCat(name, " has ", counts[name], " rows and is said to have ", count);
    }
  }
  status = AddEvaluated(reader, sight->unsure, as_of_us, seen);
  if (!status.ok()) return status.ToString();
  if (wanted == seen) return "";
  Rows missing, extra;
  std::set_difference(wanted.begin(), wanted.end(), seen.begin(), seen.end(),
                      std::inserter(missing, missing.end()), Order());
  std::set_difference(seen.begin(), seen.end(), wanted.begin(), wanted.end(),
                      std::inserter(extra, extra.end()), Order());
  std::string text = absl::StrCat("at ", FormatTime(as_of_us), ":");
  for (const auto& [row, customer] : missing) {
    absl::StrAppend(&text, " without ", row.name, "@", row.key, " of ", customer, ";");
  }
  for (const auto& [row, customer] : extra) {
    absl::StrAppend(&text, " with ", row.name, "@", row.key, " of ", customer, ";");
  }
  return text;
}

}  // namespace rapport::kit
