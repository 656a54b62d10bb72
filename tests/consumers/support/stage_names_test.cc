// Where a stage is asked for: in rules, in the filter of ListRelationships, and in ListFollowUps.
// Everywhere ENGAGEMENT is accepted for COMMITMENT; whoever adds a filter by stage to a request
// accepts it there, too, and says so here.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "consumers/edge/json_reader.h"
#include "consumers/support/base_filter.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Adds fields that take a stage, of the message and of all that lie in it.
void FindStages(const Descriptor& message, std::set<const Descriptor*>& seen,
                std::set<std::string>& found) {
  if (!seen.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.message_type() != nullptr) FindStages(*field.message_type(), seen, found);
    if (field.enum_type() == v1::Stage_descriptor()) found.insert(field.full_name());
  }
}

TEST(StageNamesTest, OnlyFollowUpsAreAskedForByAFieldOfStages) {
  std::set<const Descriptor*> seen;
  std::set<std::string> found;
  for (const auto* file :
       {v1::PublishRequest::descriptor()->file(), v1::GetRelationshipRequest::descriptor()->file(),
        v1::ListStandingsRequest::descriptor()->file(), v1::GetStatusRequest::descriptor()->file(),
        v1::EraseCustomerRequest::descriptor()->file()}) {
    ASSERT_EQ(file->service_count(), 1);
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      FindStages(*file->service(0)->method(i)->input_type(), seen, found);
    }
  }
  EXPECT_GT(seen.size(), 20u);
  EXPECT_EQ(found, std::set<std::string>{"rapport.v1.ListFollowUpsRequest.stages"});
}

TEST(StageNamesTest, RequestsTakeEngagementForCommitment) {
  v1::ListFollowUpsRequest request;
  ASSERT_OK(edge::JsonToMessage(R"({"stages":["ENGAGEMENT","STAGE_ENGAGEMENT"]})", request));
  EXPECT_EQ(request.stages(0), v1::STAGE_COMMITMENT);
  EXPECT_EQ(request.stages(1), v1::STAGE_COMMITMENT);
  const auto filter = support::BaseFilter::Parse("stage=ENGAGEMENT");
  ASSERT_OK(filter);
  EXPECT_EQ(filter->conditions()[0].number, v1::STAGE_COMMITMENT);
}

TEST(StageNamesTest, EngagementIsCommitment) {
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  EXPECT_TRUE(v1::Stage_Parse("STAGE_ENGAGEMENT", &stage));
  EXPECT_EQ(stage, v1::STAGE_COMMITMENT);
  EXPECT_EQ(v1::Stage_Name(stage), "STAGE_COMMITMENT") << "never given as an answer";
}

}  // namespace
}  // namespace rapport
