// Publishing by a stream, and the kinds that can be published.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "consumers/edge/touchpoint_json.h"
#include "consumers/transactions/publish_stream.h"
#include "engine/event/kinds.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

v1::StreamPublishRequest Some(uint64_t first, uint64_t last) {
  v1::StreamPublishRequest request;
  for (uint64_t id = first; id <= last; ++id) *request.add_items() = BoughtByAna(id);
  return request;
}

class PublishStreamTest : public testing::Test {
 protected:
  PublishStreamTest() : stream_(world_.publishing().StreamPublish(context_.get())) {
    v1::StreamPublishResponse first;
    EXPECT_TRUE(stream_->Read(&first));
    EXPECT_EQ(first.results_size(), 0);
    credits_ = first.credits();
  }

  // Results of the next `count` items, and the last position they came with.
  std::vector<v1::PublishResult> Results(size_t count, std::string* position = nullptr) {
    std::vector<v1::PublishResult> results;
    v1::StreamPublishResponse response;
    while (results.size() < count && stream_->Read(&response)) {
      EXPECT_EQ(response.credits(), response.results_size());
      results.insert(results.end(), response.results().begin(), response.results().end());
      if (position != nullptr && !response.position().empty()) *position = response.position();
    }
    return results;
  }
  absl::Status Finish() { return edge::FromRpcStatus(stream_->Finish()); }

  ServiceWorld world_;
  std::unique_ptr<grpc::ClientContext> context_ = world_.Context();
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamPublishRequest, v1::StreamPublishResponse>>
      stream_;
  int credits_ = 0;
};

TEST_F(PublishStreamTest, ResultsComeInTheOrderOfTheItemsWhateverBecameOfThem) {
  v1::StreamPublishRequest request = Some(1, 3);
  *request.add_items() = BoughtByAna(4, "euro");
  request.add_items();
  *request.add_items() = BoughtByAna(1);
  ASSERT_TRUE(stream_->Write(request));
  ASSERT_TRUE(stream_->Write(Some(5, 5)));
  std::string position;
  const auto results = Results(7, &position);
  ASSERT_EQ(results.size(), 7);
  for (size_t place : {size_t{0}, size_t{1}, size_t{2}, size_t{6}}) {
    EXPECT_EQ(results[place].status(), v1::PublishResult::STATUS_ACCEPTED) << place;
  }
  EXPECT_THAT(edge::FromErrorStatus(results[3].error()),
              StatusIs(absl::StatusCode::kInvalidArgument, "currency"));
  EXPECT_THAT(edge::FromErrorStatus(results[4].error()),
              StatusIs(absl::StatusCode::kInvalidArgument, "item: is empty"));
  EXPECT_NE(results[5].status(), v1::PublishResult::STATUS_REJECTED);
  EXPECT_EQ(results[5].event_id(), results[0].event_id());
  v1::GetRelationshipRequest get;
  get.set_customer_id("ana");
  get.set_min_position(position);
  v1::GetRelationshipResponse card;
  EXPECT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, get, card));
  stream_->WritesDone();
  EXPECT_OK(Finish());
}

// More than the credits allow: what is too much waits and is not lost.
TEST_F(PublishStreamTest, AllThatWasSentIsAnsweredThoughTheCallerSendsNoMore) {
  constexpr uint64_t kEvents = 10'000;
  std::thread writer([this] {
    for (uint64_t id = 1; id <= kEvents; id += 250) {
      ASSERT_TRUE(stream_->Write(Some(id, id + 249)));
    }
    stream_->WritesDone();
  });
  const auto results = Results(kEvents);
  writer.join();
  ASSERT_EQ(results.size(), kEvents);
  for (uint64_t id = 1; id <= kEvents; ++id) {
    ASSERT_EQ(results[id - 1].status(), v1::PublishResult::STATUS_ACCEPTED) << id;
    ASSERT_EQ(results[id - 1].event_id(), BoughtByAna(id).event().event_id());
  }
  v1::StreamPublishResponse more;
  EXPECT_FALSE(stream_->Read(&more));
  EXPECT_OK(Finish());
}

// Items of half a MiB, and how many were read before the first result was taken off.
class HalfMegabytes final : public edge::MessageSource {
 public:
  explicit HalfMegabytes(int items) : left_(items) {}
  bool Read(google::protobuf::Message& message) override {
    if (left_ == 0) return false;
    --left_;
    ++read_;
    auto& request = static_cast<v1::StreamPublishRequest&>(message);
    request = Some(1, 1);
    request.mutable_items(0)->mutable_event()->set_note(std::string(1 << 19, 'x'));
    if (left_ == 0) all_read_.Notify();
    return true;
  }
  int read() const { return read_; }
  bool AllReadWithin(absl::Duration patience) {
    return all_read_.WaitForNotificationWithTimeout(patience);
  }

 private:
  int left_;
  std::atomic<int> read_ = 0;
  absl::Notification all_read_;
};

// Takes no result off before all is read, or a while is over.
class LateTaker final : public edge::MessageSink {
 public:
  explicit LateTaker(HalfMegabytes* source) : source_(source) {}
  bool Write(const google::protobuf::Message& message) override {
    const auto& response = static_cast<const v1::StreamPublishResponse&>(message);
    if (response.results_size() == 0) return true;
    if (results_ == 0) {
      source_->AllReadWithin(absl::Milliseconds(500));
      read_before_ = source_->read();
    }
    results_ += response.results_size();
    return true;
  }
  int results() const { return results_; }
  int read_before() const { return read_before_; }

 private:
  HalfMegabytes* const source_;
  int results_ = 0;
  int read_before_ = 0;
};

TEST(PublishStreamBytesTest, OfWhoTakesNoResultsOffFewBytesAreHeld) {
  ServiceWorld world;
  const transactions::ItemPublisher items(&world.engine());
  const edge::Call call{edge::Caller()};
  HalfMegabytes source(40);
  LateTaker sink(&source);
  edge::Source<v1::StreamPublishRequest> requests(&source);
  edge::Sink<v1::StreamPublishResponse> responses(&sink);
  EXPECT_OK(transactions::PublishStream(&items, &call, &requests, &responses).Run());
  EXPECT_EQ(sink.results(), 40);
  // 1 MiB and what is being published, each with the message that goes beyond it, and one in hand.
  EXPECT_LE(sink.read_before(), 7);
}

TEST_F(PublishStreamTest, LargeItemsAreAnsweredOneByOne) {
  std::thread writer([this] {
    v1::StreamPublishRequest request = Some(1, 1);
    request.mutable_items(0)->mutable_event()->set_note(std::string(1 << 19, 'x'));
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(stream_->Write(request));
    stream_->WritesDone();
  });
  const auto results = Results(20);
  writer.join();
  ASSERT_EQ(results.size(), 20);
  for (const v1::PublishResult& result : results) {
    EXPECT_THAT(edge::FromErrorStatus(result.error()),
                StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE"));
  }
  EXPECT_OK(Finish());
}

TEST_F(PublishStreamTest, AMessageOfMoreThan500EndsTheStreamBehindTheResultsBefore) {
  ASSERT_TRUE(stream_->Write(Some(1, 2)));
  ASSERT_TRUE(stream_->Write(Some(3, 503)));
  EXPECT_EQ(Results(10).size(), 2);
  EXPECT_THAT(Finish(), StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE: items: 501"));
}

TEST_F(PublishStreamTest, GrantsWhatItHoldsAndGivesEachCreditBack) {
  EXPECT_EQ(credits_, 4096);
  context_->TryCancel();
  EXPECT_THAT(Finish(), StatusIs(absl::StatusCode::kCancelled, ""));
}

TEST(KindListTest, EveryExampleIsTakenUnlessTheEngineAloneWritesItsKind) {
  ServiceWorld world;
  v1::ListKindsResponse list;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::ListKinds, v1::ListKindsRequest(), list));
  ASSERT_EQ(list.kinds_size(), static_cast<int>(event::AllKinds().size()));
  for (const v1::KindDescription& kind : list.kinds()) {
    const absl::StatusOr<v1::Touchpoint> touchpoint = edge::JsonToTouchpoint(kind.example());
    ASSERT_OK(touchpoint) << kind.example();
    v1::PublishRequest request;
    *request.mutable_item()->mutable_touchpoint() = *touchpoint;
    request.set_validate_only(true);
    v1::PublishResponse response;
    ASSERT_OK(world.Call(world.publishing(), &Publishing::Publish, request, response));
    EXPECT_EQ(response.result().status() == v1::PublishResult::STATUS_REJECTED, kind.engine_only())
        << kind.example() << response.result().error().message();
    EXPECT_THAT(kind.example(), testing::HasSubstr(absl::StrCat("\"", kind.name(), "\":{")));
  }
}

TEST(KindListTest, FieldsSayWhatTheyHoldAndWhatIsSealed) {
  ServiceWorld world;
  v1::ListKindsResponse list;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::ListKinds, v1::ListKindsRequest(), list));
  std::map<std::string, v1::KindField> fields;
  for (const v1::KindDescription& kind : list.kinds()) {
    for (const v1::KindField& field : kind.fields()) {
      fields[absl::StrCat(kind.name(), ".", field.name())] = field;
    }
  }
  EXPECT_TRUE(fields.at("complaintRaised.case").required());
  EXPECT_EQ(fields.at("purchaseMade.amount").type(), "money");
  EXPECT_TRUE(fields.at("purchaseMade.items").repeated());
  EXPECT_EQ(fields.at("profileRecorded.name").sensitive(), v1::SENSITIVITY_PERSONAL);
  EXPECT_EQ(fields.at("referralMade.referred").type(), "customerId");
  EXPECT_THAT(fields.at("thanksGiven.form").names(), testing::Contains("THANKS_FORM_RECOGNITION"));
  EXPECT_EQ(fields.at("dateRecorded.month").greatest(), 12);
}

}  // namespace
}  // namespace rapport
