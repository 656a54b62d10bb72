#include "consumers/edge/open_api.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/edge/descriptors.h"
#include "rapport/v1/options.pb.h"
#include "tests/consumers/edge/http_kit.h"

namespace rapport::edge {
namespace {

namespace json = boost::json;

class OpenApiTest : public testing::Test {
 protected:
  OpenApiTest() {
    Register(&service_, table_);
    api_ = json::parse(OpenApi(table_, "1.2.3")).as_object();
  }

  const json::object& At(const json::object& object, const std::string& key) const {
    EXPECT_TRUE(object.contains(key)) << key;
    static const json::object kNone;
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->as_object() : kNone;
  }
  const json::object& Schemas() const { return At(At(api_, "components"), "schemas"); }

  // Every `$ref` below leads somewhere.
  void CheckReferences(const json::value& value) const {
    if (value.is_array()) {
      for (const auto& inner : value.as_array()) CheckReferences(inner);
    } else if (value.is_object()) {
      for (const auto& [key, inner] : value.as_object()) {
        if (key != "$ref") {
          CheckReferences(inner);
          continue;
        }
        const std::string path(inner.as_string());
        const std::string schema = "#/components/schemas/";
        if (absl::StartsWith(path, schema)) {
          EXPECT_TRUE(Schemas().contains(path.substr(schema.size()))) << path;
        } else {
          EXPECT_EQ(path, "#/components/responses/Error");
        }
      }
    }
  }

  RecordingService service_;
  MethodTable table_;
  json::object api_;
};

TEST_F(OpenApiTest, HasTheFormOfOpenApi3) {
  EXPECT_EQ(api_.at("openapi"), "3.0.3");
  EXPECT_EQ(At(api_, "info").at("version"), "1.2.3");
  CheckReferences(api_);
  std::set<std::string> ids;
  for (const auto& [path, item] : At(api_, "paths")) {
    EXPECT_EQ(path[0], '/');
    for (const auto& [verb, operation] : item.as_object()) {
      EXPECT_TRUE(verb == "get" || verb == "post") << verb;
      const json::object& method = operation.as_object();
      EXPECT_TRUE(ids.insert(std::string(method.at("operationId").as_string())).second);
      EXPECT_TRUE(At(method, "responses").contains("200"));
      EXPECT_EQ(method.contains("requestBody"), verb == "post") << path;
      std::string left(path);
      for (const auto& parameter : method.at("parameters").as_array()) {
        const json::object& entry = parameter.as_object();
        EXPECT_TRUE(entry.contains("schema"));
        if (entry.at("in") != "path") continue;
        EXPECT_EQ(entry.at("required"), true);
        const std::string name(entry.at("name").as_string());
        left = absl::StrReplaceAll(left, {{absl::StrCat("{", name, "}"), ""}});
      }
      EXPECT_FALSE(absl::StrContains(left, '{')) << path;
    }
  }
}

TEST_F(OpenApiTest, HoldsEveryMethodAndEveryFieldOfItsMessages) {
  for (const auto& [name, method] : table_.methods()) {
    const auto& rule = method.descriptor->options().GetExtension(v1::http);
    const std::string path = absl::StrReplaceAll(rule.path(), {{"customer_id", "customerId"}});
    const json::object& operation =
        At(At(At(api_, "paths"), path), absl::AsciiStrToLower(rule.verb()));
    const std::string text = json::serialize(operation);
    for (int i = 0; i < method.request->GetDescriptor()->field_count(); ++i) {
      const auto& field = *method.request->GetDescriptor()->field(i);
      if (rule.verb() == "GET") {
        EXPECT_TRUE(absl::StrContains(text, absl::StrCat("\"name\":\"", field.json_name())))
            << name << " " << field.name();
      } else if (rule.body().empty()) {
        EXPECT_TRUE(At(At(Schemas(), method.request->GetDescriptor()->name()), "properties")
                        .contains(field.json_name()));
      }
    }
    for (int i = 0; i < method.response->GetDescriptor()->field_count(); ++i) {
      const auto& field = *method.response->GetDescriptor()->field(i);
      EXPECT_TRUE(At(At(Schemas(), method.response->GetDescriptor()->name()), "properties")
                      .contains(field.json_name()))
          << field.full_name();
    }
  }
}

TEST_F(OpenApiTest, SaysWhatTheProtosSay) {
  const json::object& get = At(At(At(api_, "paths"), "/v1/customers/{customerId}"), "get");
  EXPECT_EQ(get.at("description"), "One customer, now or at a moment.");
  EXPECT_EQ(get.at("x-role"), "reader");
  EXPECT_THAT(json::serialize(get), testing::HasSubstr("\"name\":\"viewpoint.asOfUs\""));
  const json::object& publish = At(At(At(api_, "paths"), "/v1/events:publish"), "post");
  EXPECT_THAT(json::serialize(publish), testing::HasSubstr("application/cloudevents+json"));
  EXPECT_THAT(json::serialize(publish), testing::HasSubstr("\"name\":\"validateOnly\""));
  EXPECT_EQ(At(At(At(Schemas(), "Money"), "properties"), "micros").at("type"), "string");
}

TEST(DescriptorsTest, AreThoseOfTheProgram) {
  const auto* commented = CommentedPool().FindMessageTypeByName("rapport.v1.Event");
  ASSERT_NE(commented, nullptr);
  EXPECT_EQ(commented->field_count(), v1::Event::descriptor()->field_count());
  EXPECT_GT(DescriptorSet().size(), 10'000u);
}

}  // namespace
}  // namespace rapport::edge
