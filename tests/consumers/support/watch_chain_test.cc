// The chain of a watch: for every caller, whenever he comes, is cut and goes on, each `before` is
// the last `after`, and the last `after` is what the relationship is.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "consumers/support/watch_change.h"
#include "consumers/support/watch_state.h"
#include "tests/consumers/support/watch_world.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/random_history.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using Message = v1::WatchRelationshipsResponse;

std::string WithoutMoment(v1::RelationshipState state) {
  state.mutable_standing()->clear_as_of_us();
  return state.SerializeAsString();
}

// What one caller knows: what he was told, in order, over all his cuts.
class Chain {
 public:
  // Takes in a message; false when it does not fit to those before.
  bool Take(const Message& message) {
    if (!message.has_change()) {
      told_.push_back(message);
      return true;
    }
    const v1::RelationshipChange& change = message.change();
    std::string& state = states_[change.customer_id()];
    const std::string before = change.has_before() ? WithoutMoment(change.before()) : "";
    if (before != state && IsToldAgain(message)) return true;
    if (before != state) return false;
    state = change.has_after() ? WithoutMoment(change.after()) : "";
    if (change.has_after()) moments_[change.customer_id()] = change.after().standing().as_of_us();
    told_.push_back(message);
    return true;
  }
  // What was told of the customer of message `at`, in short.
  std::string Outline(const std::vector<Message>& messages, size_t at) const {
    std::string text = "\n";
    const std::string& customer = messages[at].change().customer_id();
    for (const Message& message : told_) Describe("told", customer, message, text);
    absl::StrAppend(&text, "cut, of which may be told again ", again_.size(), "\n");
    for (size_t i = 0; i <= at; ++i) Describe(absl::StrCat(i), customer, messages[i], text);
    return text;
  }
  // The caller is cut, and was told no more than this.
  void Cut() {
    again_.clear();
    for (auto message = told_.rbegin(); message != told_.rend(); ++message) {
      if (message->position() != position()) break;
      again_.insert(Naked(*message));
    }
  }
  std::string position() const { return told_.empty() ? "" : told_.back().position(); }
  const std::map<std::string, std::string>& states() const { return states_; }
  const std::map<std::string, int64_t>& moments() const { return moments_; }

 private:
  static void Describe(absl::string_view what, const std::string& customer, const Message& message,
                       std::string& text) {
    const v1::RelationshipChange& change = message.change();
    if (change.customer_id() != customer) return;
    absl::StrAppend(
        &text, what, " ", v1::RelationshipCause_Name(change.cause()), " at ", change.at_us(), ": ",
        change.before().standing().as_of_us(), " ", change.before().standing().score_milli(),
        " -> ", change.after().standing().as_of_us(), " ", change.after().standing().score_milli(),
        " next ", change.before().standing().next_change_at_us(), " -> ",
        change.after().standing().next_change_at_us(), " by ", message.position(), "\n");
  }
  static std::string Naked(Message message) {
    message.clear_position();
    return message.SerializeAsString();
  }
  bool IsToldAgain(const Message& message) const { return again_.contains(Naked(message)); }

  std::map<std::string, std::string> states_;
  std::map<std::string, int64_t> moments_;
  std::vector<Message> told_;
  std::set<std::string> again_;
};

// One caller who is cut at any message and goes on from there.
class Caller {
 public:
  // From the very beginning: nothing was ever told.
  Caller(WatchWorld& world, std::string begin) : world_(&world), begin_(std::move(begin)) {}

  void Begin() {
    v1::WatchRelationshipsRequest request;
    request.set_from_position(chain_.position().empty() ? begin_ : chain_.position());
    client_ = std::make_unique<WatchClient>(*world_, request);
  }
  // He was told `share` thousandths of what he was sent, no more.
  void Cut(uint32_t share) {
    EXPECT_OK(client_->Leave());
    const std::vector<Message> messages = client_->messages();
    client_.reset();
    const size_t count = messages.size() * share / 1000;
    for (size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(chain_.Take(messages[i])) << chain_.Outline(messages, i);
    }
    chain_.Cut();
  }
  WatchClient* client() { return client_.get(); }
  const Chain& chain() const { return chain_; }

 private:
  WatchWorld* const world_;
  const std::string begin_;
  Chain chain_;
  std::unique_ptr<WatchClient> client_;
};

class WatchChainTest : public testing::TestWithParam<uint32_t> {
 protected:
  static constexpr int kCustomers = 5;

  uint32_t Roll(uint32_t sides) { return static_cast<uint32_t>(dice_() % sides); }
  std::string AnyCustomer() { return absl::StrCat("c", Roll(kCustomers)); }
  int64_t Now() { return world_.clock().NowMicros(); }
  static std::string IdOf(uint64_t n) {
    return absl::StrFormat("00000000-0000-0000-0000-%012d", n);
  }

  // An event of today or of some while ago, which may take back or put right another.
  void AppendSome() {
    std::vector<kit::EventBuilder> events;
    for (uint32_t i = Roll(4) + 1; i > 0; --i) {
      kit::EventBuilder event = history_[next_++ % history_.size()];
      std::string customer = AnyCustomer();
      if (!ids_.empty() && Roll(5) == 0) {
        const auto& [number, whose] = ids_[Roll(static_cast<uint32_t>(ids_.size()))];
        customer = whose;
        event = Roll(2) == 0 ? kit::ARetraction(IdOf(number))
                             : kit::ACorrection(IdOf(number), kit::APurchase().Worth(70, "EUR"));
      }
      const int64_t ago = Roll(3) == 0 ? Roll(200) * kMicrosPerDay : 0;
      event.Of(customer).Id(++id_).At(Now() - ago - 1);
      ids_.emplace_back(id_, customer);
      events.push_back(std::move(event));
    }
    world_.Append(events);
  }
  void MergeOrSplit() {
    const std::string merged = AnyCustomer();
    std::string survivor = AnyCustomer();
    if (survivor == merged) return;
    world_.Link(Roll(3) == 0 ? v1::KIND_CUSTOMER_SPLIT : v1::KIND_CUSTOMER_MERGED, merged, survivor,
                ++id_);
  }
  void SwitchRules() {
    switch (Roll(3)) {
      case 0:
        return world_.Activate("", "");
      case 1:
        return world_.Activate("first_purchase_silence_days: 182",
                               "first_purchase_silence_days: 20");
      default:
        // Facts, too, are others.
        return world_.Activate("half_life_days: 364", "half_life_days: 30");
    }
  }
  void DoSomething() {
    switch (Roll(8)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return AppendSome();
      case 4:
        return MergeOrSplit();
      case 5:
      case 6:
        return world_.clock().Advance(Roll(30) * kMicrosPerDay + Roll(24) * kMicrosPerHour);
      default:
        return SwitchRules();
    }
  }
  // What each relationship is now, and asked for in another way as of the moment it was told of.
  void ExpectLatest(const Chain& chain) {
    support::WatchReader reader(&world_.engine());
    Position end = world_.End();
    for (int i = 0; i < kCustomers; ++i) {
      const std::string customer = absl::StrCat("c", i);
      const auto told = chain.states().find(customer);
      const std::string state = told == chain.states().end() ? "" : told->second;
      const auto group = reader.GroupAt(customer, end);
      ASSERT_OK(group);
      const auto facts = reader.FactsAt(*group, end, world_.engine().rules());
      ASSERT_OK(facts);
      if (*facts == nullptr || group->survivor != customer) {
        EXPECT_EQ(state, "") << customer << " is nobody by himself";
        continue;
      }
      const auto latest = (*facts)->At(*world_.engine().rules(), Now());
      EXPECT_TRUE(state == WithoutMoment(*latest)) << customer;
      ExpectAsRead(customer, *latest);
    }
  }
  void ExpectAsRead(const std::string& customer, const v1::RelationshipState& state) {
    fold::EvaluateOptions options;
    options.receipts = false;
    history::Viewpoint viewpoint;
    viewpoint.as_of_us = state.standing().as_of_us();
    auto read = world_.engine().ReadRelationship(customer, viewpoint, options);
    ASSERT_OK(read);
    // What is in quarantine is not told.
    auto& flags = *read->standing.mutable_flags();
    if (!flags.empty() && flags.rbegin()->flag() == v1::FLAG_INCOMPLETE) flags.RemoveLast();
    EXPECT_TRUE(read->standing.SerializeAsString() == state.standing().SerializeAsString())
        << customer << "\nread " << read->standing.ShortDebugString() << "\ntold "
        << state.standing().ShortDebugString();
  }

  std::mt19937 dice_{GetParam()};
  WatchWorld world_{2};
  std::vector<kit::EventBuilder> history_ = kit::RandomHistory(GetParam(), 200);
  size_t next_ = 0;
  uint64_t id_ = 1000;
  std::vector<std::pair<uint64_t, std::string>> ids_;
};

TEST_P(WatchChainTest, IsWholeForWhoeverComesIsCutAndGoesOnAtAnyMessage) {
  const std::string begin =
      absl::StrCat(world_.engine().pipeline().Applied().ToString(), ";t@", Now());
  std::vector<Caller> callers;
  callers.reserve(3);
  for (int round = 0; round < 30; ++round) {
    if (callers.size() < 3 && Roll(4) == 0) callers.emplace_back(world_, begin);
    for (Caller& caller : callers) {
      if (caller.client() == nullptr) caller.Begin();
    }
    DoSomething();
    for (Caller& caller : callers) {
      if (Roll(4) != 0) continue;
      if (Roll(2) == 0) caller.client()->AwaitAll();
      caller.Cut(Roll(1001));
      if (HasFatalFailure()) return;
    }
  }
  for (Caller& caller : callers) {
    if (caller.client() == nullptr) caller.Begin();
    caller.client()->AwaitAll();
    caller.Cut(1000);
    if (HasFatalFailure()) return;
    ExpectLatest(caller.chain());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, WatchChainTest, testing::Range(1u, 7u));

}  // namespace
}  // namespace rapport
