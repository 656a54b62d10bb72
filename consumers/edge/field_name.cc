#include "consumers/edge/field_name.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/edge/nearest_name.h"

namespace rapport::edge {
namespace {

// Messages with more fields than this do not list them in an error.
constexpr int kListedFieldsMax = 12;

}  // namespace

const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& type,
                                                   const std::string& name) {
  const google::protobuf::FieldDescriptor* field = type.FindFieldByCamelcaseName(name);
  if (field != nullptr && field->json_name() == name) return field;
  return type.FindFieldByName(name);
}

std::string UnknownField(const google::protobuf::Descriptor& type, const std::string& name) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->json_name());
  const std::string nearest = NearestName(name, names);
  if (!nearest.empty()) return absl::StrCat("unknown field; did you mean ", nearest, "?");
  if (names.empty()) return "unknown field; nothing belongs here";
  if (type.field_count() > kListedFieldsMax) return "unknown field; remove it or mend its name";
  if (names.size() == 1) return absl::StrCat("unknown field; only ", names[0], " belongs here");
  return absl::StrCat("unknown field; there are ", absl::StrJoin(names, ", "));
}

}  // namespace rapport::edge
