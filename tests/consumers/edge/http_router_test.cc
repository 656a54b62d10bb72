#include "consumers/edge/http_router.h"

#include <gmock/gmock.h>

#include "tests/consumers/edge/http_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
using testing::HasSubstr;

class HttpRouterTest : public testing::Test {
 protected:
  HttpRouterTest() { Register(&service_, table_); }

  // `GetRelationship customer_id=ana`, or the error.
  std::string Find(absl::string_view verb, absl::string_view path) const {
    const HttpRouter router(&table_);
    const auto match = router.Find(verb, path);
    if (!match.ok()) return std::string(match.status().message());
    std::string found = match->method->descriptor->name();
    for (const auto& [field, value] : match->values) found += " " + field->name() + "=" + value;
    return found;
  }

  RecordingService service_;
  MethodTable table_;
};

TEST_F(HttpRouterTest, FindsLiteralPathsFieldsAndVerbs) {
  EXPECT_EQ(Find("POST", "/v1/events:publish"), "Publish");
  EXPECT_EQ(Find("POST", "/v1/customers:resolve"), "ResolveCustomer");
  EXPECT_EQ(Find("GET", "/v1/customers/ana"), "GetRelationship customer_id=ana");
  EXPECT_EQ(Find("HEAD", "/v1/customers/ana"), "GetRelationship customer_id=ana");
  EXPECT_EQ(Find("GET", "/v1/customers/ana:explain"), "ExplainRelationship customer_id=ana");
  EXPECT_EQ(Find("POST", "/v1/customers/ana:erase"), "EraseCustomer customer_id=ana");
  EXPECT_EQ(Find("GET", "/v1/customers/-/followUps"), "ListFollowUps customer_id=-");
}

TEST_F(HttpRouterTest, DecodesWhatAFieldTakes) {
  EXPECT_EQ(Find("GET", "/v1/customers/shop%3A17%2Fa%20b"),
            "GetRelationship customer_id=shop:17/a b");
  EXPECT_EQ(Find("GET", "/v1/customers/ana%3Aexplain"), "GetRelationship customer_id=ana:explain");
  EXPECT_EQ(Find("GET", "/v1/customers/a%3Ab:explain"), "ExplainRelationship customer_id=a:b");
  EXPECT_EQ(Find("GET", "/v1/customers/a+b"), "GetRelationship customer_id=a+b");
}

TEST_F(HttpRouterTest, RefusesIdsThatCouldNameAnotherMethod) {
  EXPECT_THAT(Find("GET", "/v1/customers/shop:17"), HasSubstr("PATH_UNKNOWN"));
  EXPECT_THAT(Find("GET", "/v1/customers/shop:17"), HasSubstr(": as %3A"));
  EXPECT_THAT(Find("GET", "/v1/customers/a:b:explain"), HasSubstr("PATH_UNKNOWN"));
  EXPECT_THAT(Find("GET", "/v1/customers/a:b/followUps"), HasSubstr("PATH_UNKNOWN"));
}

TEST_F(HttpRouterTest, RefusesPathsOfOtherForms) {
  for (const char* path :
       {"", "/", "v1/customers/ana", "/v1/customers", "/v1/customers/", "/v1//customers/ana",
        "/v1/customers/ana/", "/v1/customers//followUps", "/v1/Customers/ana", "/V1/customers/ana",
        "/v1/customers/ana/followups", "/v1/../v1/customers/ana", "/%761/customers/ana",
        "/v1/customers/:explain", "/v1/events%3Apublish"}) {
    EXPECT_THAT(Find("GET", path), HasSubstr("PATH_UNKNOWN")) << path;
    EXPECT_THAT(Find("POST", path), HasSubstr("PATH_UNKNOWN")) << path;
  }
}

TEST_F(HttpRouterTest, RefusesWrongEncodingByTheFieldsName) {
  for (const char* path : {"/v1/customers/a%", "/v1/customers/a%4", "/v1/customers/%zz"}) {
    EXPECT_THAT(Find("GET", path), HasSubstr("FIELD_INVALID: customerId: has a %")) << path;
  }
}

TEST_F(HttpRouterTest, NamesTheVerbsOfAPath) {
  const HttpRouter router(&table_);
  EXPECT_EQ(router.VerbsAt("/v1/customers/ana"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(router.VerbsAt("/v1/events:publish"), "OPTIONS, POST");
  EXPECT_EQ(router.VerbsAt("/v1/nothing"), "");
  EXPECT_THAT(router.Find("DELETE", "/v1/customers/ana").status(),
              StatusIs(absl::StatusCode::kUnimplemented, "VERB_UNKNOWN"));
  EXPECT_THAT(router.Find("GET", "/v1/events:publish").status(),
              StatusIs(absl::StatusCode::kUnimplemented, "OPTIONS, POST alone"));
}

TEST_F(HttpRouterTest, KnowsWhichFieldTheBodyIs) {
  const HttpRouter router(&table_);
  const auto publish = router.Find("POST", "/v1/events:publish");
  ASSERT_OK(publish.status());
  ASSERT_NE(publish->body, nullptr);
  EXPECT_EQ(publish->body->name(), "item");
  EXPECT_EQ(router.Find("POST", "/v1/events:batchPublish")->body, nullptr);
}

}  // namespace
}  // namespace rapport::edge
