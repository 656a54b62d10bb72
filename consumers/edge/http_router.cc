#include "consumers/edge/http_router.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "consumers/edge/http_text.h"
#include "engine/base/check.h"
#include "rapport/v1/options.pb.h"

namespace rapport::edge {
namespace {

using google::protobuf::FieldDescriptor;

const FieldDescriptor* FieldNamed(const Method& method, absl::string_view name) {
  const FieldDescriptor* field =
      method.descriptor->input_type()->FindFieldByName(std::string(name));
  RAPPORT_CHECK(field != nullptr) << method.descriptor->full_name() << " has no field " << name;
  return field;
}

absl::Status WronglyEncoded(const FieldDescriptor& field) {
  return absl::InvalidArgumentError(absl::StrCat(
      "FIELD_INVALID: ", field.json_name(),
      ": has a % in the path without two hexadecimal digits behind it; write the sign as %25"));
}

absl::Status NothingAt(absl::string_view path) {
  const bool has_colon = absl::StrContains(path, ':');
  return absl::NotFoundError(
      absl::StrCat("PATH_UNKNOWN: nothing is served at this path; /openapi.json lists what is",
                   has_colon ? ". Within an id write / as %2F and : as %3A" : ""));
}

}  // namespace

HttpRouter::Route HttpRouter::RouteOf(const Method& method) {
  const v1::HttpRule& rule = method.descriptor->options().GetExtension(v1::http);
  Route route;
  route.method = &method;
  route.verb = rule.verb();
  if (!rule.body().empty()) route.body = FieldNamed(method, rule.body());
  for (const absl::string_view part : absl::StrSplit(absl::StripPrefix(rule.path(), "/"), '/')) {
    Segment segment;
    if (!absl::StartsWith(part, "{")) {
      segment.literal = std::string(part);
    } else {
      const size_t end = part.find('}');
      RAPPORT_CHECK(end != absl::string_view::npos) << rule.path();
      segment.field = FieldNamed(method, part.substr(1, end - 1));
      RAPPORT_CHECK(segment.field->type() == FieldDescriptor::TYPE_STRING &&
                    !segment.field->is_repeated())
          << rule.path();
      route.suffix = std::string(part.substr(end + 1));
    }
    route.segments.push_back(std::move(segment));
  }
  return route;
}

HttpRouter::HttpRouter(const MethodTable* table) {
  for (const auto& [name, method] : table->methods()) {
    if (method.converse) continue;
    routes_.push_back(RouteOf(method));
  }
}

bool HttpRouter::Fits(const Route& route, absl::string_view path,
                      std::vector<absl::string_view>& values) {
  if (!absl::ConsumePrefix(&path, "/")) return false;
  values.clear();
  for (size_t i = 0; i < route.segments.size(); ++i) {
    const bool is_last = i + 1 == route.segments.size();
    const size_t slash = path.find('/');
    if ((slash == absl::string_view::npos) != is_last) return false;
    absl::string_view part = path.substr(0, slash);
    path.remove_prefix(is_last ? path.size() : slash + 1);
    const Segment& segment = route.segments[i];
    if (segment.field == nullptr) {
      if (part != segment.literal) return false;
      continue;
    }
    if (is_last && !absl::ConsumeSuffix(&part, route.suffix)) return false;
    if (part.empty() || absl::StrContains(part, ':')) return false;
    values.push_back(part);
  }
  return true;
}

absl::StatusOr<HttpRouter::Match> HttpRouter::Find(absl::string_view verb,
                                                   absl::string_view path) const {
  if (verb == "HEAD") verb = "GET";
  bool is_served = false;
  std::vector<absl::string_view> values;
  for (const Route& route : routes_) {
    if (!Fits(route, path, values)) continue;
    is_served = true;
    if (route.verb != verb) continue;
    Match match;
    match.method = route.method;
    match.body = route.body;
    size_t next = 0;
    for (const Segment& segment : route.segments) {
      if (segment.field == nullptr) continue;
      std::optional<std::string> value = PercentDecode(values[next++]);
      if (!value.has_value()) return WronglyEncoded(*segment.field);
      match.values.emplace_back(segment.field, *std::move(value));
    }
    return match;
  }
  if (!is_served) return NothingAt(path);
  return absl::UnimplementedError(
      absl::StrCat("VERB_UNKNOWN: this path is served for ", VerbsAt(path), " alone"));
}

std::string HttpRouter::VerbsAt(absl::string_view path) const {
  std::set<std::string> verbs;
  std::vector<absl::string_view> values;
  for (const Route& route : routes_) {
    if (!Fits(route, path, values)) continue;
    verbs.insert({route.verb, "OPTIONS"});
    if (route.verb == "GET") verbs.insert("HEAD");
  }
  return absl::StrJoin(verbs, ", ");
}

}  // namespace rapport::edge
