#include "consumers/edge/open_api.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/edge/descriptors.h"
#include "consumers/edge/json_scalar.h"
#include "engine/base/check.h"
#include "rapport/v1/options.pb.h"

namespace rapport::edge {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// As deep as requests lead into messages by their query.
constexpr int kQueryDepthMax = 4;

// The sentences in front of a declaration.
template <typename Declared>
std::string CommentOf(const Declared& declared) {
  google::protobuf::SourceLocation location;
  if (!declared.GetSourceLocation(&location)) return "";
  std::string text = absl::StrReplaceAll(location.leading_comments, {{"\n", " "}, {"  ", " "}});
  absl::StripAsciiWhitespace(&text);
  return text;
}

// `PublishResult.Status` for one that stands within another.
std::string SchemaName(const std::string& full_name) {
  constexpr absl::string_view kPackage = "rapport.v1.";
  return absl::StartsWith(full_name, kPackage) ? full_name.substr(kPackage.size()) : full_name;
}

json::object Reference(const std::string& full_name) {
  return {{"$ref", absl::StrCat("#/components/schemas/", SchemaName(full_name))}};
}

// A list of one: within braces it would be taken for the thing itself.
json::array ListOf(json::value value) {
  json::array list;
  list.push_back(std::move(value));
  return list;
}

class Writer {
 public:
  explicit Writer(const MethodTable& table) : table_(table) {}

  json::object Write(absl::string_view version) {
    for (const auto& [path, method] : table_.methods()) {
      const MethodDescriptor* commented =
          CommentedPool().FindMethodByName(method.descriptor->full_name());
      RAPPORT_CHECK(commented != nullptr) << path;
      if (!commented->client_streaming()) AddMethod(*commented, *method.descriptor);
    }
    AddMessage(*CommentedPool().FindMessageTypeByName("rapport.v1.ErrorStatus"));
    json::object components = {
        {"schemas", schemas_},
        {"responses",
         {{"Error",
           {{"description", "An error: code, message, and details that begin with its reason."},
            {"content", JsonOf(Reference("rapport.v1.ErrorStatus"))}}}}},
        {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}}};
    return {{"openapi", "3.0.3"},
            {"info",
             {{"title", "Rapport"},
              {"version", json::string(version.data(), version.size())},
              {"description", "What a relationship is, what is owed, and why."}}},
            {"paths", paths_},
            {"components", std::move(components)},
            {"security", Security()}};
  }

 private:
  static json::object JsonOf(json::object schema) {
    return {{"application/json", {{"schema", std::move(schema)}}}};
  }

  // With a token or, as long as nobody asks for one, without.
  static json::array Security() {
    json::object bearer;
    bearer["bearer"] = json::array();
    json::array either = ListOf(json::object());
    either.push_back(std::move(bearer));
    return either;
  }

  void AddMethod(const MethodDescriptor& method, const MethodDescriptor& generated) {
    const v1::HttpRule& rule = generated.options().GetExtension(v1::http);
    std::string path = rule.path();
    std::set<std::string> in_path;
    for (int i = 0; i < method.input_type()->field_count(); ++i) {
      const FieldDescriptor& field = *method.input_type()->field(i);
      const std::string segment = absl::StrCat("{", field.name(), "}");
      if (!absl::StrContains(path, segment)) continue;
      in_path.insert(field.name());
      path = absl::StrReplaceAll(path, {{segment, absl::StrCat("{", field.json_name(), "}")}});
    }
    json::object operation = {
        {"operationId", absl::StrCat(method.service()->name(), "_", method.name())},
        {"tags", ListOf(json::string(method.service()->name()))},
        {"description", CommentOf(method)},
        {"x-role", generated.options().GetExtension(v1::role)},
        {"parameters", Parameters(method, rule, in_path)},
        {"responses", Responses(method)}};
    if (rule.verb() != "GET") operation["requestBody"] = Body(method, rule);
    json::value& item = paths_[path];
    if (!item.is_object()) item = json::object();
    item.as_object()[absl::AsciiStrToLower(rule.verb())] = std::move(operation);
    AddMessage(*method.output_type());
  }

  json::object Body(const MethodDescriptor& method, const v1::HttpRule& rule) {
    const Descriptor* type = method.input_type();
    if (!rule.body().empty()) type = type->FindFieldByName(rule.body())->message_type();
    AddMessage(*type);
    json::object content = JsonOf(Reference(type->full_name()));
    if (type->name() == "PublishItem") {
      content["application/cloudevents+json"] = {{"schema", {{"type", "object"}}}};
    }
    if (method.input_type()->name() == "BatchPublishRequest") {
      content["application/x-ndjson"] = {{"schema", Reference("rapport.v1.Touchpoint")}};
    }
    return {{"content", std::move(content)}};
  }

  json::object Responses(const MethodDescriptor& method) {
    const json::object schema = Reference(method.output_type()->full_name());
    json::object content = JsonOf(schema);
    if (method.server_streaming()) {
      content = {{"application/x-ndjson", {{"schema", schema}}},
                 {"text/event-stream", {{"schema", schema}}}};
    }
    return {{"200", {{"description", "The answer."}, {"content", std::move(content)}}},
            {"default", {{"$ref", "#/components/responses/Error"}}}};
  }

  json::array Parameters(const MethodDescriptor& method, const v1::HttpRule& rule,
                         const std::set<std::string>& in_path) {
    json::array parameters;
    const Descriptor& type = *method.input_type();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (in_path.count(field.name()) > 0) {
        parameters.push_back({{"name", field.json_name()},
                              {"in", "path"},
                              {"required", true},
                              {"description", CommentOf(field)},
                              {"schema", {{"type", "string"}}}});
      } else if (rule.verb() == "GET" || (!rule.body().empty() && field.name() != rule.body())) {
        AddQuery(field, "", kQueryDepthMax, parameters);
      }
    }
    return parameters;
  }

  void AddQuery(const FieldDescriptor& field, const std::string& above, int depth,
                json::array& parameters) {
    const std::string name = absl::StrCat(above, field.json_name());
    const Descriptor* inner = field.message_type();
    if (inner == nullptr || IsTimestamp(field)) {
      parameters.push_back({{"name", name},
                            {"in", "query"},
                            {"description", CommentOf(field)},
                            {"schema", Schema(field)}});
      return;
    }
    if (field.is_repeated() || depth == 0) return;
    for (int i = 0; i < inner->field_count(); ++i) {
      AddQuery(*inner->field(i), name + ".", depth - 1, parameters);
    }
  }

  json::object Schema(const FieldDescriptor& field) {
    json::object one = OneOf(field);
    if (!field.is_repeated()) return one;
    return {{"type", "array"}, {"items", std::move(one)}};
  }

  json::object OneOf(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return {{"type", "boolean"}};
      case FieldDescriptor::CPPTYPE_INT32:
        return {{"type", "integer"}, {"format", "int32"}};
      case FieldDescriptor::CPPTYPE_UINT32:
        return {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}};
      case FieldDescriptor::CPPTYPE_INT64:
        return {{"type", "string"}, {"format", "int64"}};
      case FieldDescriptor::CPPTYPE_UINT64:
        return {{"type", "string"}, {"format", "uint64"}};
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return {{"type", "number"}};
      case FieldDescriptor::CPPTYPE_ENUM:
        AddEnum(*field.enum_type());
        return Reference(field.enum_type()->full_name());
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_BYTES) {
          return {{"type", "string"}, {"format", "byte"}};
        }
        return {{"type", "string"}};
      case FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
    const std::string& type = field.message_type()->full_name();
    if (IsTimestamp(field)) return {{"type", "string"}, {"format", "date-time"}};
    if (type == "google.protobuf.Duration") return {{"type", "string"}};
    if (type == "google.protobuf.Any") {
      return {{"type", "object"}, {"properties", {{"@type", {{"type", "string"}}}}}};
    }
    AddMessage(*field.message_type());
    return Reference(type);
  }

  void AddEnum(const EnumDescriptor& type) {
    json::array names;
    for (int i = 0; i < type.value_count(); ++i) names.emplace_back(type.value(i)->name());
    schemas_[SchemaName(type.full_name())] = {
        {"type", "string"}, {"description", CommentOf(type)}, {"enum", std::move(names)}};
  }

  void AddMessage(const Descriptor& type) {
    const std::string name = SchemaName(type.full_name());
    if (!added_.insert(name).second) return;
    json::object properties;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      json::object schema = Schema(field);
      // Beside a reference nothing else may stand.
      if (schema.contains("$ref")) {
        json::object whole;
        whole["allOf"] = ListOf(std::move(schema));
        schema = std::move(whole);
      }
      schema["description"] = CommentOf(field);
      properties[field.json_name()] = std::move(schema);
    }
    schemas_[name] = {{"type", "object"},
                      {"description", CommentOf(type)},
                      {"properties", std::move(properties)},
                      {"additionalProperties", false}};
  }

  const MethodTable& table_;
  json::object paths_;
  json::object schemas_;
  std::set<std::string> added_;
};

}  // namespace

std::string OpenApi(const MethodTable& table, absl::string_view version) {
  return json::serialize(Writer(table).Write(version)) + "\n";
}

}  // namespace rapport::edge
