#include "consumers/edge/request_fields.h"

#include <gmock/gmock.h>

#include "rapport/v1/relationships.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using testing::HasSubstr;

// What the query fills in, or the error.
std::string Read(absl::string_view query) {
  v1::ListFollowUpsRequest request;
  const absl::Status status = ReadQuery(query, request);
  return status.ok() ? request.ShortDebugString() : std::string(status.message());
}

TEST(RequestFieldsTest, FillsEveryFormOfField) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("minPosition=7c1e90ab.1:5@12871"), "min_position: \"7c1e90ab.1:5@12871\"");
  EXPECT_EQ(Read("min_position=a%3Ab+c%2Bd"), "min_position: \"a:b c+d\"");
  EXPECT_EQ(Read("pageSize=7&dueToUs=-9"), "due_to_us: -9 page_size: 7");
  EXPECT_EQ(Read("policies=a&policies=b&statuses=DUE&statuses=FOLLOW_UP_STATUS_OVERDUE"),
            "policies: \"a\" policies: \"b\" statuses: FOLLOW_UP_STATUS_DUE "
            "statuses: FOLLOW_UP_STATUS_OVERDUE");
  EXPECT_EQ(Read("viewpoint.asOfUs=5&viewpoint.known_at=p"),
            "viewpoint { as_of_us: 5 known_at: \"p\" }");
  v1::GetRelationshipRequest get;
  EXPECT_OK(ReadQuery("includeFacts=true&reveal=false", get));
  EXPECT_EQ(get.ShortDebugString(), "include_facts: true");
}

TEST(RequestFieldsTest, RefusesUnknownNamesAndSuggests) {
  EXPECT_EQ(Read("minPostion=x"),
            "FIELD_UNKNOWN: minPostion: unknown field; did you mean minPosition?");
  EXPECT_EQ(Read("viewpoint.asOfUS=1"),
            "FIELD_UNKNOWN: viewpoint.asOfUS: unknown field; did you mean asOfUs?");
  EXPECT_THAT(Read("=x"), HasSubstr("FIELD_UNKNOWN"));
  EXPECT_THAT(Read("a.b.c.d.e.f.g.h.i.j=x"), HasSubstr("FIELD_UNKNOWN"));
}

TEST(RequestFieldsTest, RefusesWhatIsGivenTwice) {
  EXPECT_EQ(Read("pageSize=1&page_size=2"), "FIELD_INVALID: pageSize: is given twice; keep one");
  EXPECT_EQ(Read("viewpoint.knownAt=a&viewpoint.knownAt="),
            "FIELD_INVALID: viewpoint.knownAt: is given twice; keep one");
  v1::ListFollowUpsRequest request;
  request.set_customer_id("ana");
  EXPECT_EQ(ReadQuery("customerId=ben", request).message(),
            "FIELD_INVALID: customerId: stands in the path already; leave it out of the query");
}

TEST(RequestFieldsTest, RefusesValuesOfTheWrongForm) {
  EXPECT_EQ(Read("pageSize=ten"), "FIELD_INVALID: pageSize: must be a whole number of 32 bits");
  EXPECT_EQ(Read("pageSize="), "FIELD_INVALID: pageSize: must be a whole number of 32 bits");
  EXPECT_EQ(Read("pageSize=4294967296"),
            "FIELD_INVALID: pageSize: must be a whole number of 32 bits");
  EXPECT_THAT(Read("statuses=OVERDU"), HasSubstr("did you mean OVERDUE?"));
  EXPECT_THAT(Read("viewpoint=now"), HasSubstr("viewpoint: is an object"));
  EXPECT_THAT(Read("pageSize.x=1"), HasSubstr("nothing lies below it"));
  EXPECT_THAT(Read("pageToken=%ff"), HasSubstr("TEXT_NOT_UTF8: pageToken"));
  EXPECT_THAT(Read("pageToken=%f"), HasSubstr("pageToken: has a %"));
  v1::GetRelationshipRequest get;
  EXPECT_EQ(ReadQuery("reveal=1", get).message(), "FIELD_INVALID: reveal: must be true or false");
}

TEST(RequestFieldsTest, PathAndBodyCannotBothName) {
  v1::GetRelationshipRequest request;
  const auto& field = *request.GetDescriptor()->FindFieldByName("customer_id");
  EXPECT_OK(SetPathField(field, "ana", request));
  EXPECT_EQ(request.customer_id(), "ana");
  EXPECT_THAT(SetPathField(field, "ben", request).message(), HasSubstr("leave it out of the body"));
  request.Clear();
  EXPECT_THAT(SetPathField(field, "\xff", request).message(), HasSubstr("TEXT_NOT_UTF8"));
}

}  // namespace
}  // namespace rapport::edge
