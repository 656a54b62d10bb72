// Gates and limits per caller.
#include "consumers/edge/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/rpc_status.h"
#include "rapport/v1/history.pb.h"
#include "rapport/v1/publish.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
constexpr char kNetwork[] = "ipv4:10.0.0.7:50123";

class Services {
 public:
  absl::Status Publish(const Call&, const v1::PublishRequest&, v1::PublishResponse&) {
    return absl::OkStatus();
  }
  absl::Status Replay(const Call&, const v1::ReplayEventsRequest&,
                      Sink<v1::ReplayEventsResponse>&) {
    return absl::OkStatus();
  }
};

class GateTest : public ::testing::Test {
 protected:
  GateTest()
      : publish_(table_.Add("rapport.v1.PublishService.Publish", &services_, &Services::Publish)),
        replay_(
            table_.Add("rapport.v1.HistoryService.ReplayEvents", &services_, &Services::Replay)) {}

  // A gate that knows shop (publisher), desk (analyst until day 10) and a certificate.
  TokenGate GateWith(CallerLimitOptions limits = {}) {
    const std::string text = absl::StrCat(
        "token name=shop roles=publisher sources=shop sha256=", TokenHash("shop-token"), "\n",
        "token name=desk roles=analyst expires=1970-01-11 sha256=", TokenHash("desk-token"), "\n",
        "certificate name=crm.example.org roles=analyst\n");
    return TokenGate(TokenFile::Parse(text, "tokens").value(), std::move(limits),
                     [this] { return now_; });
  }

  Services services_;
  MethodTable table_;
  const Method& publish_;
  const Method& replay_;
  absl::Time now_ = absl::UnixEpoch();
};

TEST_F(GateTest, LetsATokenInUnderItsName) {
  TokenGate gate = GateWith();
  const auto admission = gate.Admit({.bearer = "shop-token", .peer = kNetwork}, publish_);
  ASSERT_OK(admission.status());
  EXPECT_EQ(admission->caller.name, "shop");
  EXPECT_TRUE(admission->caller.is_authenticated);
  EXPECT_TRUE(admission->caller.MayPublishAs("shop"));
  EXPECT_FALSE(admission->caller.MayPublishAs("web"));
}

TEST_F(GateTest, RefusesWhoShowsNothingOrSomethingUnknown) {
  TokenGate gate = GateWith();
  for (const Credentials& shown :
       {Credentials{}, Credentials{.peer = kNetwork},
        Credentials{.bearer = "other", .certificate_names = {"crm.example.org"}},
        Credentials{.certificate_names = {"example.org"}, .peer = kNetwork}}) {
    EXPECT_THAT(gate.Admit(shown, replay_).status(),
                StatusIs(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"));
  }
}

TEST_F(GateTest, NamesTheRoleThatIsMissing) {
  TokenGate gate = GateWith();
  const absl::Status refused = gate.Admit({.bearer = "shop-token"}, replay_).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied,
                                "ROLE_MISSING: ReplayEvents needs the role analyst"));
  v1::ErrorInfo info;
  ASSERT_TRUE(ToErrorStatus(refused).details(0).UnpackTo(&info));
  ASSERT_EQ(info.metadata_size(), 1);
  EXPECT_EQ(info.metadata(0).key(), "role");
  EXPECT_EQ(info.metadata(0).value(), "analyst");
}

TEST_F(GateTest, LetsATokenInUntilItExpires) {
  TokenGate gate = GateWith();
  now_ = absl::UnixEpoch() + absl::Hours(240) - absl::Seconds(1);
  EXPECT_OK(gate.Admit({.bearer = "desk-token"}, replay_).status());
  now_ += absl::Seconds(1);
  EXPECT_THAT(gate.Admit({.bearer = "desk-token"}, replay_).status(),
              StatusIs(absl::StatusCode::kUnauthenticated, "expired at 1970-01-11T00:00:00"));
}

TEST_F(GateTest, EndsStreamsWhoseTokenExpiresOnceAndSaysWhy) {
  TokenGate gate = GateWith();
  Admission admission = gate.Admit({.bearer = "desk-token"}, replay_).value();
  ASSERT_NE(admission.lease, nullptr);
  std::vector<absl::Status> told;
  admission.lease->WhenOver([&](const absl::Status& why) { told.push_back(why); });
  gate.EndStale();
  EXPECT_TRUE(told.empty());
  now_ += absl::Hours(240);
  gate.EndStale();
  gate.EndStale();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0], StatusIs(absl::StatusCode::kUnauthenticated,
                                "TOKEN_INVALID: the token of desk expired at 1970-01-11"));
  EXPECT_EQ(gate.Admit({.bearer = "shop-token"}, publish_)->lease, nullptr)
      << "what is answered once is over soon anyway";
}

TEST_F(GateTest, AnotherFileOfTokensCountsAtOnceAndEndsWhatItDoesNotGrant) {
  TokenGate gate = GateWith();
  const Credentials certificate{.certificate_names = {"crm.example.org"}, .peer = kNetwork};
  std::vector<Admission> open;
  std::vector<std::string> told;
  for (const Credentials& shown : {Credentials{.bearer = "desk-token"}, certificate}) {
    open.push_back(gate.Admit(shown, replay_).value());
    open.back().lease->WhenOver(
        [&](const absl::Status& why) { told.push_back(std::string(why.message())); });
  }
  const std::string desk = absl::StrCat(" sha256=", TokenHash("desk-token"), "\n");
  const std::string crm = "certificate name=crm.example.org roles=analyst\n";
  gate.Replace(TokenFile::Parse(crm + "token name=desk roles=analyst" + desk, "tokens").value());
  gate.EndStale();
  EXPECT_TRUE(told.empty()) << "that it expires later ends nothing";
  gate.Replace(
      TokenFile::Parse(crm + "token name=desk roles=analyst,operator" + desk, "tokens").value());
  gate.EndStale();
  EXPECT_THAT(told, testing::ElementsAre(
                        testing::HasSubstr("TOKEN_INVALID: what the token of desk may do")));
  told.clear();
  gate.Replace(TokenFile::Parse("", "tokens").value());
  gate.EndStale();
  EXPECT_THAT(told, testing::ElementsAre(testing::HasSubstr("its name has no roles here")));
  EXPECT_THAT(gate.Admit({.bearer = "desk-token"}, replay_).status(),
              StatusIs(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"));
}

TEST_F(GateTest, AStreamThatIsGoneIsToldNothing) {
  TokenGate gate = GateWith();
  Admission admission = gate.Admit({.bearer = "desk-token"}, replay_).value();
  bool told = false;
  admission.lease->WhenOver([&](const absl::Status&) { told = true; });
  admission.lease.reset();
  gate.Replace(TokenFile::Parse("", "tokens").value());
  gate.EndStale();
  EXPECT_FALSE(told);
}

TEST_F(GateTest, MapsTheNameOfACertificateToRoles) {
  TokenGate gate = GateWith();
  const Credentials shown{.certificate_names = {"other", "crm.example.org"}, .peer = kNetwork};
  const auto admission = gate.Admit(shown, replay_);
  ASSERT_OK(admission.status());
  EXPECT_EQ(admission->caller.name, "crm.example.org");
  EXPECT_THAT(gate.Admit(shown, publish_).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, "publisher"));
}

TEST_F(GateTest, LimitsWhatOneCallerHasUnderWayAndNobodyElse) {
  TokenGate gate = GateWith({.in_flight = 2});
  std::vector<Admission> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(gate.Admit({.bearer = "shop-token"}, publish_).value());
  }
  const absl::Status refused = gate.Admit({.bearer = "shop-token"}, publish_).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  bool says_when = false;
  const v1::ErrorStatus told = ToErrorStatus(refused);
  for (const auto& detail : told.details()) says_when |= detail.Is<v1::RetryInfo>();
  EXPECT_TRUE(says_when);
  EXPECT_OK(gate.Admit({.bearer = "desk-token"}, replay_).status());
  held.pop_back();
  EXPECT_OK(gate.Admit({.bearer = "shop-token"}, publish_).status());
}

TEST_F(GateTest, LimitsStreamsApartFromCalls) {
  TokenGate gate = GateWith({.in_flight = 1});
  const Admission held = gate.Admit({.bearer = "desk-token"}, replay_).value();
  EXPECT_THAT(gate.Admit({.bearer = "desk-token"}, replay_).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS"));
}

TEST_F(GateTest, GivesAnAllowanceOfEventsThatComesBackWithTime) {
  CallerLimits limits({.publishes_per_second = 1000, .now = [this] { return now_; }});
  CallerShare share = limits.Enter("shop", CallerLimits::Kind::kCall).value();
  EXPECT_TRUE(share.publishes->Take(600));
  EXPECT_FALSE(share.publishes->Take(600));
  EXPECT_TRUE(limits.Enter("web", CallerLimits::Kind::kCall)->publishes->Take(600));
  // Coming anew does not help, waiting does.
  share = {};
  share = limits.Enter("shop", CallerLimits::Kind::kCall).value();
  EXPECT_FALSE(share.publishes->Take(600));
  now_ += absl::Milliseconds(200);
  EXPECT_TRUE(share.publishes->Take(600));
}

TEST_F(GateTest, RemembersNoMoreCallersThanThereIsRoomFor) {
  CallerLimits limits({.callers = 8, .now = [this] { return now_; }});
  std::vector<CallerShare> held;
  for (int i = 0; i < 8; ++i) {
    held.push_back(limits.Enter(absl::StrCat("caller-", i), CallerLimits::Kind::kCall).value());
  }
  EXPECT_THAT(limits.Enter("one-more", CallerLimits::Kind::kCall).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  held.clear();
  for (int i = 0; i < 1000; ++i) {
    now_ += absl::Seconds(1);
    ASSERT_OK(limits.Enter(absl::StrCat("next-", i), CallerLimits::Kind::kCall).status());
    ASSERT_LE(limits.size(), 8u);
  }
}

TEST_F(GateTest, LetsAnybodyOfThisMachineInWithoutTokens) {
  OpenGate gate({.in_flight = 1});
  const Admission held = gate.Admit({.peer = kNetwork}, publish_).value();
  EXPECT_EQ(held.caller.name, kNetwork);
  EXPECT_FALSE(held.caller.is_authenticated);
  EXPECT_TRUE(held.caller.MayPublishAs("rapport/echo"));
  EXPECT_THAT(gate.Admit({.peer = kNetwork}, publish_).status(),
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
}

TEST(CallerTest, StarIsEverySourceButTheEnginesOwn) {
  const Caller star{.sources = {"*"}, .is_authenticated = true};
  EXPECT_TRUE(star.MayPublishAs("shop"));
  EXPECT_FALSE(star.MayPublishAs("rapport/echo"));
  const Caller twin{.sources = {"*", "rapport/echo"}, .is_authenticated = true};
  EXPECT_TRUE(twin.MayPublishAs("rapport/echo"));
}

TEST(CallerTest, WhoProvedHisNameAndHasNoSourcesPublishesAsNone) {
  EXPECT_FALSE(Caller{.is_authenticated = true}.MayPublishAs("shop"));
  EXPECT_TRUE(Caller{}.MayPublishAs("shop"));
}

TEST(CallTest, TakesNoMoreEventsThanItsCallerMayPublish) {
  CallerLimits limits({.publishes_per_second = 10, .now = [] { return absl::UnixEpoch(); }});
  Caller caller{.name = "shop"};
  EXPECT_OK(Call(caller).TakePublishes(1'000'000));
  CallerShare share = limits.Enter("shop", CallerLimits::Kind::kCall).value();
  caller.publishes = share.publishes;
  const Call call(caller);
  EXPECT_OK(call.TakePublishes(10));
  EXPECT_THAT(call.TakePublishes(1),
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED: shop publishes more"));
}

}  // namespace
}  // namespace rapport::edge
