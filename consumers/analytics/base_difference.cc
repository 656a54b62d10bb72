#include "consumers/analytics/base_difference.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "absl/hash/hash.h"

namespace rapport::analytics {
namespace {

constexpr uint32_t kBandMilliPoints = 100'000;
constexpr int kBands = 10;

bool IsOwed(const v1::FollowUp& follow_up) {
  return follow_up.status() != v1::FOLLOW_UP_STATUS_DONE &&
         follow_up.status() != v1::FOLLOW_UP_STATUS_EXPIRED;
}

int BandOf(uint32_t score_milli) {
  return std::min(static_cast<int>(score_milli / kBandMilliPoints), kBands - 1);
}

template <typename Lines>
void WriteView(const Lines& lines, v1::BaseView& view) {
  view.set_customers(static_cast<int64_t>(lines.size()));
  view.mutable_score_bands()->Resize(kBands, 0);
  int64_t sum = 0;
  for (const auto& line : lines) {
    const int band = BandOf(line.score_milli);
    view.set_score_bands(band, view.score_bands(band) + 1);
    sum += line.score_milli;
  }
  view.set_score_milli_sum(sum);
}

}  // namespace

void BaseLines::Add(absl::string_view customer_id, const v1::Standing& standing) {
  Line& line = lines_.emplace_back();
  line.customer_id = std::string(customer_id);
  line.stage = standing.stage();
  line.score_milli = standing.score_milli();
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    if (!IsOwed(follow_up)) continue;
    const auto [policy, is_new] =
        policy_numbers_.try_emplace(follow_up.policy(), static_cast<uint32_t>(policies_.size()));
    if (is_new) policies_.push_back(follow_up.policy());
    line.owed.push_back({absl::HashOf(follow_up.name()), policy->second});
  }
}

void BaseLines::Sort() {
  std::sort(lines_.begin(), lines_.end(),
            [](const Line& a, const Line& b) { return a.customer_id < b.customer_id; });
}

// The numbers of policies of the right view become those of the left one.
BaseDifference::BaseDifference(BaseLines left, BaseLines right)
    : left_(std::move(left)), right_(std::move(right)) {
  std::vector<uint32_t> numbers;
  for (const std::string& policy : right_.policies_) {
    const auto [number, is_new] =
        left_.policy_numbers_.try_emplace(policy, static_cast<uint32_t>(left_.policies_.size()));
    if (is_new) left_.policies_.push_back(policy);
    numbers.push_back(number->second);
  }
  for (Line& line : right_.lines_) {
    for (BaseLines::Owed& owed : line.owed) owed.policy = numbers[owed.policy];
  }
  for (BaseLines* lines : {&left_, &right_}) {
    lines->Sort();
    for (Line& line : lines->lines_) std::sort(line.owed.begin(), line.owed.end());
  }
}

template <typename Visit>
void BaseDifference::ForEachPair(Visit visit) const {
  auto left = left_.lines_.begin();
  auto right = right_.lines_.begin();
  while (left != left_.lines_.end() || right != right_.lines_.end()) {
    const bool no_left = left == left_.lines_.end(), no_right = right == right_.lines_.end();
    const int order = no_left ? 1 : no_right ? -1 : left->customer_id.compare(right->customer_id);
    const Line* const before = order <= 0 ? &*left++ : nullptr;
    const Line* const after = order >= 0 ? &*right++ : nullptr;
    visit(before, after);
  }
}

void BaseDifference::Write(size_t customer_ids, v1::BaseDifference& difference) const {
  WriteView(left_.lines_, *difference.mutable_left());
  WriteView(right_.lines_, *difference.mutable_right());
  std::map<std::pair<v1::Stage, v1::Stage>, v1::StageMove> moves;
  ForEachPair([&](const Line* before, const Line* after) {
    const v1::Stage from = before == nullptr ? v1::STAGE_UNSPECIFIED : before->stage;
    const v1::Stage to = after == nullptr ? v1::STAGE_UNSPECIFIED : after->stage;
    v1::StageMove& move = moves[{from, to}];
    move.set_from(from);
    move.set_to(to);
    move.set_customers(move.customers() + 1);
    if (static_cast<size_t>(move.customer_ids_size()) < customer_ids) {
      move.add_customer_ids((before == nullptr ? after : before)->customer_id);
    }
  });
  for (auto& [stages, move] : moves) *difference.add_moves() = std::move(move);
  WriteFollowUps(difference);
}

void BaseDifference::WriteFollowUps(v1::BaseDifference& difference) const {
  struct Move {
    int64_t opened = 0;
    int64_t closed = 0;
  };
  std::vector<Move> moves(left_.policies_.size());
  ForEachPair([&](const Line* before, const Line* after) {
    static const std::vector<BaseLines::Owed> kNothing;
    const auto& then = before == nullptr ? kNothing : before->owed;
    const auto& now = after == nullptr ? kNothing : after->owed;
    auto a = then.begin(), b = now.begin();
    while (a != then.end() || b != now.end()) {
      if (b == now.end() || (a != then.end() && *a < *b)) {
        ++moves[a++->policy].closed;
      } else if (a == then.end() || *b < *a) {
        ++moves[b++->policy].opened;
      } else {
        ++a;
        ++b;
      }
    }
  });
  std::map<std::string, Move> by_name;
  for (size_t i = 0; i < moves.size(); ++i) {
    if (moves[i].opened + moves[i].closed > 0) by_name[left_.policies_[i]] = moves[i];
  }
  for (const auto& [policy, move] : by_name) {
    v1::FollowUpMove& entry = *difference.add_follow_ups();
    entry.set_policy(policy);
    entry.set_opened(move.opened);
    entry.set_closed(move.closed);
  }
}

std::vector<std::string> BaseDifference::Samples(size_t most) const {
  std::vector<std::pair<int64_t, std::string>> moved;
  ForEachPair([&](const Line* before, const Line* after) {
    const v1::Stage from = before == nullptr ? v1::STAGE_UNSPECIFIED : before->stage;
    const v1::Stage to = after == nullptr ? v1::STAGE_UNSPECIFIED : after->stage;
    if (from == to) return;
    const int64_t then = before == nullptr ? 0 : before->score_milli;
    const int64_t now = after == nullptr ? 0 : after->score_milli;
    moved.emplace_back(-std::abs(now - then), (before == nullptr ? after : before)->customer_id);
  });
  const size_t count = std::min(most, moved.size());
  std::partial_sort(moved.begin(), moved.begin() + static_cast<ptrdiff_t>(count), moved.end());
  std::vector<std::string> samples;
  for (size_t i = 0; i < count; ++i) samples.push_back(std::move(moved[i].second));
  return samples;
}

}  // namespace rapport::analytics
