#include "consumers/analytics/backtest.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "consumers/analytics/backtest_table.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "rapport/v1/facts.pb.h"

namespace rapport::analytics {
namespace {

// Stage and score alone.
fold::EvaluateOptions Ranked() {
  fold::EvaluateOptions options;
  options.follow_ups = false;
  options.next_change = false;
  options.receipts = false;
  options.lines = false;
  options.flags = false;
  options.outlook = false;
  options.kind = false;
  return options;
}

absl::Status OutOfRange(const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("TIME_OUT_OF_RANGE: ", what));
}

// What facts say of purchases.
struct Purchases {
  // Days since 1970, ascending.
  std::vector<int64_t> days;
  int64_t spend_centi = 0;
  // Microseconds UTC.
  int64_t last_at_us = 0;
};

// Reads facts one after the other, in the same memory.
class PurchaseReader {
 public:
  const Purchases& Read(const fold::Projection& folds, const void* facts) {
    bytes_.clear();
    folds.Encode(facts, /*with_offsets=*/false, bytes_);
    RAPPORT_CHECK(facts_.ParseFromString(bytes_)) << "facts cannot be read back";
    purchases_.days.clear();
    int64_t day = 0;
    for (const uint32_t gap : facts_.purchases().days()) {
      day += gap;
      purchases_.days.push_back(day);
    }
    purchases_.spend_centi = facts_.money().spend_centi();
    purchases_.last_at_us = 0;
    for (const v1::KindFacts& kind : facts_.common().kinds()) {
      if (kind.kind() == v1::KIND_PURCHASE_MADE) purchases_.last_at_us = kind.last().at_us();
    }
    return purchases_;
  }

 private:
  std::string bytes_;
  v1::CustomerFacts facts_;
  Purchases purchases_;
};

class Backtester {
 public:
  Backtester(const Engine& engine, const edge::Call& call, BacktestOrder order)
      : engine_(engine), call_(call), order_(std::move(order)), go_on_(edge::WhileAsked(call)) {
    table_.cut_us = order_.cut.as_of_us;
    table_.horizon_us = order_.horizon_us;
    table_.rules = edge::RulesDigestOf(*order_.cut.rules);
    if (order_.other_rules) table_.other_rules = edge::RulesDigestOf(*order_.other_rules);
    // All walks are of what is applied now, but for what the cut itself leaves out.
    const Position applied = engine.pipeline().Applied();
    until_.as_of_us = table_.cut_us + table_.horizon_us;
    until_.deadline = order_.cut.deadline;
    until_.known_at = applied;
    until_.rules = order_.cut.rules;
    order_.cut.known_at.log = applied.log;
    order_.cut.known_at.next.insert(applied.next.begin(), applied.next.end());
  }

  absl::Status Run(v1::Backtest& backtest) {
    *backtest.mutable_info() = edge::AnswerInfoOf(engine_, order_.cut);
    ASSIGN_OR_RETURN(const Walk cut, WalkOf(order_.cut));
    history::Viewpoint others = order_.cut;
    others.rules = order_.other_rules;
    Walk other_rules;
    if (RefoldsOtherRules()) {
      ASSIGN_OR_RETURN(other_rules, WalkOf(others));
    }
    ASSIGN_OR_RETURN(const Walk later, WalkOf(until_));
    RETURN_IF_ERROR(ReadCut(*cut));
    if (other_rules != nullptr) RETURN_IF_ERROR(ReadOtherRules(*other_rules));
    RETURN_IF_ERROR(ReadLater(*later));
    backtest.set_without_purchase(without_purchase_);
    return WriteBacktest(
        table_, [this] { return edge::CheckAsked(call_); }, backtest);
  }

 private:
  using Walk = std::unique_ptr<history::BaseWalk>;

  // All are begun before one is read, so that how much there is to read is known from the start.
  absl::StatusOr<Walk> WalkOf(const history::Viewpoint& viewpoint) {
    ASSIGN_OR_RETURN(Walk walk, engine_.WalkBase(viewpoint));
    call_.Expect(walk->Total());
    return walk;
  }

  bool RefoldsOtherRules() const {
    return order_.other_rules != nullptr &&
           !fold::FoldAlike(*order_.cut.rules, *order_.other_rules);
  }

  uint32_t ScoreOf(const history::BaseCustomer& one, const fold::Projection& rules) {
    standing_.Clear();
    rules.Evaluate(one.survivor, one.facts, table_.cut_us, one.Options(Ranked()), standing_);
    return standing_.score_milli();
  }

  // Who had bought, and how he was.
  absl::Status ReadCut(const history::BaseWalk& walk) {
    RETURN_IF_ERROR(walk.ForEach(go_on_, [&](const history::BaseCustomer& one) {
      const Purchases& bought = purchases_.Read(*order_.cut.rules, one.facts);
      if (bought.days.empty()) {
        ++without_purchase_;
        return absl::OkStatus();
      }
      BacktestCustomer& row = table_.customers.emplace_back();
      row.first_day = bought.days.front();
      row.last_day = bought.days.back();
      row.purchase_days = static_cast<int64_t>(bought.days.size());
      row.spend_centi = bought.spend_centi;
      if (order_.other_rules != nullptr && !RefoldsOtherRules()) {
        row.other_score_milli = ScoreOf(one, *order_.other_rules);
      }
      row.score_milli = ScoreOf(one, *order_.cut.rules);
      row.stage = standing_.stage();
      const size_t place = table_.customers.size() - 1;
      place_of_.emplace(one.survivor, place);
      for (const std::string& member : one.members) place_of_.emplace(member, place);
      return absl::OkStatus();
    }));
    return table_.customers.empty() ? NobodyYet() : absl::OkStatus();
  }

  absl::Status ReadOtherRules(const history::BaseWalk& walk) {
    return walk.ForEach(go_on_, [&](const history::BaseCustomer& one) {
      const auto place = place_of_.find(one.survivor);
      if (place == place_of_.end()) return absl::OkStatus();
      table_.customers[place->second].other_score_milli = ScoreOf(one, *order_.other_rules);
      return absl::OkStatus();
    });
  }

  // Who has bought since.
  absl::Status ReadLater(const history::BaseWalk& walk) {
    RETURN_IF_ERROR(walk.ForEach(go_on_, [&](const history::BaseCustomer& one) {
      newest_at_us_ = std::max(newest_at_us_, order_.cut.rules->NewestAt(one.facts));
      const Purchases& bought = purchases_.Read(*order_.cut.rules, one.facts);
      if (bought.last_at_us <= table_.cut_us) return absl::OkStatus();
      const auto first =
          std::upper_bound(bought.days.begin(), bought.days.end(), DayOf(table_.cut_us));
      const int64_t days = bought.days.end() - first;
      if (one.members.empty()) {
        Mark(one.survivor, days);
        return absl::OkStatus();
      }
      // Who were not one yet as the cut knew them have all bought again; the days are told once.
      int64_t untold = days;
      for (const std::string& member : one.members) untold = Mark(member, untold) ? 0 : untold;
      return absl::OkStatus();
    }));
    return CheckReaches();
  }

  // False when the customer had not bought by the cut.
  bool Mark(absl::string_view customer, int64_t days) {
    const auto place = place_of_.find(customer);
    if (place == place_of_.end()) return false;
    BacktestCustomer& row = table_.customers[place->second];
    row.buys_again = true;
    row.later_purchase_days += days;
    return true;
  }

  // The log must have an event of the last day of the horizon or of a later one: what is not told
  // yet would pass for what did not happen.
  absl::Status CheckReaches() {
    const int64_t last_day = DayOf(until_.as_of_us);
    if (DayOf(newest_at_us_) >= last_day) return absl::OkStatus();
    history::Viewpoint now = until_;
    now.known_at = {};
    now.as_of_us = std::max(engine_.clock().NowMicros(), until_.as_of_us);
    ASSIGN_OR_RETURN(const Walk walk, WalkOf(now));
    RETURN_IF_ERROR(walk->ForEach(go_on_, [&](const history::BaseCustomer& one) {
      newest_at_us_ = std::max(newest_at_us_, order_.cut.rules->NewestAt(one.facts));
      return absl::OkStatus();
    }));
    const int64_t newest_day = DayOf(newest_at_us_);
    if (newest_day >= last_day) return absl::OkStatus();
    const int64_t days = newest_day - DayOf(table_.cut_us);
    return OutOfRange(absl::StrCat(
        "horizon: ends on ", FormatDay(last_day), ", and the newest event is of ",
        FormatDay(newest_day), "; ",
        days < 1 ? std::string("choose an earlier cut")
                 : absl::StrCat("choose an earlier cut, or a horizon of ", days, "d or less")));
  }

  // Says when history begins.
  absl::Status NobodyYet() {
    ASSIGN_OR_RETURN(const Walk walk, WalkOf(until_));
    int64_t first_day = INT64_MAX;
    RETURN_IF_ERROR(walk->ForEach(go_on_, [&](const history::BaseCustomer& one) {
      const Purchases& bought = purchases_.Read(*order_.cut.rules, one.facts);
      if (!bought.days.empty()) first_day = std::min(first_day, bought.days.front());
      return absl::OkStatus();
    }));
    return OutOfRange(absl::StrCat(
        "cut: nobody had bought by ", FormatTime(table_.cut_us),
        first_day == INT64_MAX
            ? absl::StrCat(", nor by ", FormatTime(until_.as_of_us), ", the end of the horizon")
            : absl::StrCat("; the first purchase is of ", FormatDay(first_day)),
        "; choose a later cut"));
  }

  const Engine& engine_;
  const edge::Call& call_;
  BacktestOrder order_;
  const history::BaseWalk::GoOn go_on_;
  history::Viewpoint until_;
  BacktestTable table_;
  // By id, of all who are one.
  absl::flat_hash_map<std::string, size_t> place_of_;
  int64_t without_purchase_ = 0;
  // Microseconds UTC: of the newest event that was met.
  int64_t newest_at_us_ = 0;
  PurchaseReader purchases_;
  v1::Standing standing_;
};

}  // namespace

absl::Status CheckSpan(const v1::BacktestRequest& request, int64_t now_us) {
  if (!request.cut().has_as_of_us()) {
    return absl::InvalidArgumentError("FIELD_INVALID: cut.as_of_us: say at which moment");
  }
  const int64_t cut_us = request.cut().as_of_us();
  if (cut_us <= 0 || cut_us > now_us) {
    return OutOfRange(
        absl::StrCat("cut: must be after 1970 and before now, is ", FormatTime(cut_us)));
  }
  const int64_t horizon_us = request.horizon_us();
  if (horizon_us < kMicrosPerDay || horizon_us > kEndOfTimeMicros) {
    return absl::InvalidArgumentError(
        absl::StrCat("FIELD_INVALID: horizon_us: must be a day or longer, is ", horizon_us));
  }
  if (cut_us + horizon_us <= now_us) return absl::OkStatus();
  return OutOfRange(absl::StrCat("horizon: is not over, it ends on ",
                                 FormatTime(cut_us + horizon_us),
                                 "; choose an earlier cut or a shorter horizon"));
}

absl::Status RunBacktest(const Engine& engine, const edge::Call& call, BacktestOrder order,
                         v1::Backtest& backtest) {
  return Backtester(engine, call, std::move(order)).Run(backtest);
}

}  // namespace rapport::analytics
