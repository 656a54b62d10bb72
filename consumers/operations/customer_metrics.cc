#include "consumers/operations/customer_metrics.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/operations/output.h"
#include "consumers/operations/unlisted_currency.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr int64_t kMicrosPerCenti = 10'000;
constexpr int kLabel = 13;
// What the contract sums currencies without a rate under.
constexpr char kUnlisted[] = "XXX";

// The words of one line, gathered.
class Line {
 public:
  explicit Line(std::string label) : label_(std::move(label)) {}

  template <typename... Parts>
  Line& Add(const Parts&... parts) {
    words_.push_back(absl::StrCat(parts...));
    return *this;
  }
  template <typename... Parts>
  Line& AddIf(bool condition, const Parts&... parts) {
    return condition ? Add(parts...) : *this;
  }
  void To(std::vector<std::string>& lines) const {
    if (words_.empty()) return;
    lines.push_back(absl::StrCat(Pad(label_, kLabel), absl::StrJoin(words_, ", ")));
  }

 private:
  std::string label_;
  std::vector<std::string> words_;
};

std::string Money(int64_t centi) { return MoneyText(centi * kMicrosPerCenti); }

// Thousandths with one digit: `21.6`.
std::string Tenths(int64_t milli) {
  const int64_t tenths = std::abs(milli) / 100;
  return absl::StrCat(milli < 0 && tenths != 0 ? "-" : "", tenths / 10, ".", tenths % 10);
}

// `57.1 %`
std::string Percent(int64_t permille) { return absl::StrCat(Tenths(permille * 100), " %"); }

std::string Count(int64_t count, absl::string_view one, absl::string_view more) {
  return absl::StrCat(Thousands(count), " ", count == 1 ? one : more);
}

std::string Lower(absl::string_view name, absl::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

std::string ChannelText(v1::Channel channel) {
  return Lower(v1::Channel_Name(channel), "CHANNEL_");
}
std::string PhaseText(v1::Phase phase) { return Lower(v1::Phase_Name(phase), "PHASE_"); }

void AddPurchases(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  const v1::PurchaseMetrics& of = metrics.purchases();
  if (metrics.has_tenure()) {
    Line("known since")
        .Add(FormatDay(metrics.tenure().first_seen_day()))
        .Add(Count(metrics.tenure().days(), "day", "days"))
        .To(lines);
  }
  if (!metrics.has_purchases()) return;
  Line purchases("purchases");
  purchases.Add(Thousands(of.count()), " on ", Count(of.days(), "day", "days"));
  purchases.AddIf(of.days() > 0, "the last ", FormatDay(of.last_day()));
  purchases.AddIf(of.has_mean_gap_milli_days(), "every ", Tenths(of.mean_gap_milli_days()),
                  " days on average");
  purchases.AddIf(of.has_last_gap_days(), "the last after ",
                  Count(of.last_gap_days(), "day", "days"));
  purchases.AddIf(of.promotional() > 0, Percent(of.discount_dependence_permille()),
                  " with a promotion");
  purchases.AddIf(of.reversals() > 0, Thousands(of.reversals()), " taken back");
  purchases.To(lines);
  Line spent("spent");
  for (const v1::CurrencyMetrics& one : of.currencies()) {
    const bool is_listed = one.currency() != kUnlisted;
    const std::string name = is_listed ? one.currency() + " " : "";
    const char* const where = is_listed ? "" : " in currencies without a rate";
    spent.Add(name, MoneyText(one.spend_micros()), where);
    spent.AddIf(one.reversed_micros() > 0, name, MoneyText(one.reversed_micros()), where,
                " taken back");
  }
  spent.To(lines);
  const bool has_unlisted =
      std::any_of(of.currencies().begin(), of.currencies().end(),
                  [](const v1::CurrencyMetrics& one) { return one.currency() == kUnlisted; });
  Line("no rate").AddIf(has_unlisted, "VALUE says what it counts; ", kUnlistedCure).To(lines);
}

void AddMoney(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  if (metrics.has_profit()) {
    const v1::ProfitMetrics& of = metrics.profit();
    const bool unknown = of.purchases_without_cost() > 0;
    Line("profit")
        .Add(unknown ? "at most " : "", Money(of.total_centi()))
        .Add("margin ", Money(of.margin_centi()))
        .Add("service ", Money(of.service_centi()))
        .Add("giving ", Money(of.giving_centi()))
        .Add("outreach ", Money(of.outreach_centi()))
        .AddIf(unknown, Count(of.purchases_without_cost(), "purchase states", "purchases state"),
               " no cost")
        .To(lines);
  }
  if (!metrics.has_reciprocity()) return;
  const v1::ReciprocityMetrics& of = metrics.reciprocity();
  Line("balance")
      .Add("they gave ", Money(of.received_centi()))
      .Add("we gave ", Money(of.given_centi()))
      .Add(Thousands(of.by_customer()), " of ",
           Count(of.by_customer() + of.by_business(), "touch", "touches"), " begun by them")
      .To(lines);
}

void AddChannels(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  const v1::ChannelMetrics& of = metrics.channels();
  if (of.preferred() != v1::CHANNEL_UNSPECIFIED) {
    Line("best reached")
        .Add("by ", ChannelText(of.preferred()), of.stated() ? " as they said" : "")
        .AddIf(!of.stated(), Count(of.evidence(), "act", "acts"), " of theirs there")
        .To(lines);
  }
  for (const v1::OneChannelMetrics& one : of.channels()) {
    Line("channel")
        .Add(ChannelText(one.channel()))
        .Add(Count(one.touches(), "touch", "touches"))
        .Add(Thousands(one.customer_touches()), " by them")
        .AddIf(one.has_mean_wait_s(), "waited ", one.mean_wait_s(), " s on average")
        .AddIf(one.has_mean_g_permille(), "satisfied ", Percent(one.mean_g_permille()))
        .AddIf(one.refused(), "refused")
        .To(lines);
  }
  Line areas("areas");
  for (const v1::AreaMetrics& one : metrics.areas()) {
    areas.Add(Lower(v1::Area_Name(one.area()), "AREA_"), " ", Thousands(one.touches()));
  }
  areas.To(lines);
}

void AddMeasures(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  const v1::CompletenessMetrics& of = metrics.completeness();
  if (of.duration_permille() + of.outcomes_permille() + of.value_permille() > 0) {
    Line("measured")
        .Add("duration ", Percent(of.duration_permille()))
        .Add("outcome ", Percent(of.outcomes_permille()))
        .Add("value ", Percent(of.value_permille()), " of ",
             Count(of.interactions(), "touch", "touches"))
        .To(lines);
  }
  if (metrics.has_outcomes()) {
    Line("outcomes")
        .Add(Thousands(metrics.outcomes().met()), " of ", Thousands(metrics.outcomes().stated()),
             " as intended")
        .To(lines);
  }
}

void AddFeelings(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  if (metrics.has_satisfaction()) {
    const v1::SatisfactionMetrics& of = metrics.satisfaction();
    Line satisfied("satisfied");
    satisfied.Add(Percent(of.mean_permille()), " in ", Count(of.answers(), "answer", "answers"));
    for (const v1::DimensionMetrics& one : of.dimensions()) {
      satisfied.AddIf(!one.dimension().empty(), one.dimension(), " ", Percent(one.mean_permille()));
    }
    for (const v1::PhaseMetrics& one : of.phases()) {
      satisfied.Add(PhaseText(one.phase()), " ", Percent(one.mean_permille()),
                    one.phase() == of.lowest_phase() && of.phases_size() > 1 ? " (lowest)" : "");
    }
    satisfied.To(lines);
  }
  if (metrics.has_sentiment()) {
    const v1::SentimentMetrics& of = metrics.sentiment();
    Line("sentiment")
        .Add(of.level_milli() > 0 ? "+" : "", Tenths(of.level_milli()))
        .Add("good ", Tenths(of.plus_milli()))
        .Add("bad ", Tenths(of.minus_milli()))
        .To(lines);
  }
  if (metrics.has_trust()) {
    const v1::TrustMetrics& of = metrics.trust();
    Line("trust")
        .AddIf(of.has_quality_permille(), "quality ", Percent(of.quality_permille()))
        .AddIf(of.transparency() > 0, "shared ", Count(of.transparency(), "piece", "pieces"),
               " of information")
        .AddIf(of.has_responsiveness_permille(), "answered in time ",
               Percent(of.responsiveness_permille()))
        .To(lines);
  }
}

void AddBonds(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  if (metrics.has_expectations()) {
    const v1::ExpectationMetrics& of = metrics.expectations();
    Line("expectations")
        .Add(Thousands(of.met()), " met")
        .Add(Thousands(of.exceeded()), " exceeded")
        .Add(Thousands(of.missed()), " missed")
        .Add(Thousands(of.open()), " open")
        .AddIf(of.exceeded_in_a_row() > 1, of.exceeded_in_a_row(), " exceeded in a row")
        .To(lines);
  }
  for (const v1::OpenPromise& one : metrics.open_promises()) {
    Line("promised")
        .Add(one.promise(), one.overdue() ? " was due " : " by ", FormatTime(one.due_at_us()))
        .To(lines);
  }
  for (const v1::ObjectiveMetrics& one : metrics.objectives()) {
    Line("objective")
        .Add(one.objective(), one.joint() ? " (of both)" : "")
        .Add(one.progress(), " % on ", FormatDay(one.last_day()))
        .AddIf(one.has_reached_day(), "reached ", FormatDay(one.reached_day()))
        .To(lines);
  }
}

void AddDialogue(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  for (const v1::OneNeed& one : metrics.needs().needs()) {
    Line("need")
        .Add(one.rank(), ". ", one.need())
        .Add("heard ", Count(one.times(), "time", "times"))
        .Add(one.open() ? "open" : "met")
        .AddIf(one.has_confirm_until_us(), "to be confirmed by ",
               FormatTime(one.confirm_until_us()))
        .To(lines);
  }
  for (const v1::OpenQuestion& one : metrics.open_questions()) {
    Line("question")
        .Add(one.request(), one.topic().empty() ? "" : " about ", one.topic())
        .Add("of ", FormatTime(one.asked_at_us()))
        .Add(one.waiting() ? "we asked back" : "not answered")
        .To(lines);
  }
  if (metrics.has_feedback()) {
    Line("feedback")
        .Add(metrics.feedback().topic().empty() ? "the last" : metrics.feedback().topic(), " ",
             FormatTime(metrics.feedback().at_us()))
        .Add(Thousands(metrics.feedback().count()), " in all")
        .To(lines);
  }
  if (metrics.has_praise()) {
    Line("praise")
        .Add(Thousands(metrics.praise().count()), " praised")
        .AddIf(metrics.praise().advocacy() > 0, Thousands(metrics.praise().advocacy()),
               " in public")
        .Add(metrics.praise().naming_refused()
                 ? "not to be quoted"
                 : absl::StrCat(metrics.praise().testimonials_size(), " may be quoted"))
        .To(lines);
  }
}

void AddDeals(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  if (metrics.has_referrals()) {
    const v1::ReferralMetrics& of = metrics.referrals();
    Line("referrals")
        .Add(Thousands(of.made()), " made")
        .Add(Thousands(of.converted()), " bought")
        .AddIf(!of.referred_by().empty(), "came by ", of.referred_by())
        .To(lines);
  }
  if (metrics.has_offers()) {
    const v1::OfferMetrics& of = metrics.offers();
    Line("offers")
        .AddIf(of.open() > 0, Thousands(of.open()), " open")
        .AddIf(of.accepted() > 0, Thousands(of.accepted()), " accepted")
        .AddIf(of.declined() > 0, Thousands(of.declined()), " declined")
        .AddIf(of.lapsed() > 0, Thousands(of.lapsed()), " lapsed")
        .AddIf(of.tailored() > 0, Thousands(of.tailored()), " tailored")
        .To(lines);
  }
  if (metrics.has_competitor()) {
    const v1::CompetitorMetrics& of = metrics.competitor();
    Line("competitor")
        .Add("noticed ", FormatTime(of.at_us()))
        .Add(of.answered()
                 ? absl::StrCat("answered by the purchase of ", FormatTime(of.answered_at_us()))
                 : "no purchase since")
        .To(lines);
  }
}

void AddCases(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  for (const v1::CaseMetrics& one : metrics.cases()) {
    Line("complaint")
        .Add(one.case_(), " severity ", one.severity())
        .Add(one.open() ? absl::StrCat("open since ", FormatTime(one.raised_at_us()))
                        : absl::StrCat("resolved ", FormatTime(one.resolved_at_us())))
        .AddIf(one.open(), "due ", FormatDay(one.due_day()))
        .AddIf(one.escalated(), "escalated")
        .AddIf(one.reopened() > 0, "reopened ", Count(one.reopened(), "time", "times"))
        .AddIf(!one.department().empty(), "with ", one.department())
        .AddIf(one.has_accepted(), one.accepted() ? "accepted" : "refused")
        .Add(one.cause_found() ? "cause found" : "cause not known")
        .To(lines);
  }
  if (!metrics.has_service()) return;
  const v1::ServiceMetrics& of = metrics.service();
  Line("service")
      .AddIf(of.self_service() > 0, Thousands(of.self_service()), " helped themselves")
      .AddIf(of.community() > 0, Thousands(of.community()), " in communities")
      .AddIf(of.issues_prevented() > 0, Thousands(of.issues_prevented()), " solved unasked")
      .AddIf(of.adaptations() > 0, Thousands(of.adaptations()), " adapted to them")
      .To(lines);
}

void AddKnown(const v1::Metrics& metrics, std::vector<std::string>& lines) {
  Line preferences("prefers");
  for (const v1::OnePreference& one : metrics.preferences().preferences()) {
    preferences.Add(one.key(), " ", one.value());
  }
  preferences.To(lines);
  Line("to learn")
      .AddIf(metrics.preferences().missing_size() > 0 && metrics.preferences().known() > 0,
             absl::StrJoin(metrics.preferences().missing(), ", "), "; ",
             metrics.preferences().known(), " of ", metrics.preferences().wanted(), " known")
      .To(lines);
  if (metrics.has_newsletter()) {
    Line("newsletter")
        .Add("number ", metrics.newsletter().position(),
             metrics.newsletter().next_day() == 0
                 ? " when the rules send one"
                 : absl::StrCat(" on ", FormatDay(metrics.newsletter().next_day())))
        .To(lines);
  }
  for (const v1::MembershipMetrics& one : metrics.memberships()) {
    Line("member")
        .Add(one.programme(), one.tier().empty() ? "" : " ", one.tier())
        .AddIf(one.left(), "left")
        .AddIf(!one.community(), Count(one.balance(), "point", "points"))
        .AddIf(one.has_next_expiry_us(), Thousands(one.expiring()), " expire ",
               FormatTime(one.next_expiry_us()))
        .To(lines);
  }
  if (metrics.has_owner()) {
    Line("looked after")
        .Add(metrics.owner().agent().empty() ? "by nobody" : "by " + metrics.owner().agent(),
             " since ", FormatDay(metrics.owner().since_day()))
        .AddIf(metrics.owner().key_account(), "key account")
        .To(lines);
  }
  for (const v1::RoleMetrics& one : metrics.roles()) {
    Line("people")
        .Add(one.role(), ": ",
             one.vacant() ? "vacant since " + FormatDay(one.vacant_since_day())
                          : absl::StrJoin(one.people(), ", "))
        .To(lines);
  }
}

}  // namespace

std::vector<std::string> KindLines(const v1::Standing& standing) {
  constexpr const char* kTypes[] = {"transactional", "promotional", "reactive",    "proactive",
                                    "collaborative", "advocacy",    "partnership", "community"};
  std::vector<std::string> lines;
  Line type("type");
  type.Add(Lower(v1::RelationshipType_Name(standing.primary_type()), "RELATIONSHIP_TYPE_"));
  for (const v1::TypeShare& share : standing.types()) {
    if (share.type() >= std::size(kTypes)) continue;
    type.Add(kTypes[share.type()], " ", Percent(share.permille()));
  }
  type.AddIf(standing.recurring(), "recurring").AddIf(standing.long_term(), "long-term").To(lines);
  Line("served")
      .Add(Lower(v1::ServiceMode_Name(standing.service_mode()), "SERVICE_MODE_"))
      .To(lines);
  if (!standing.has_outlook() || standing.purchase_days() == 0) return lines;
  const v1::Outlook& outlook = standing.outlook();
  Line("outlook")
      .Add(Percent(outlook.alive_ppm() / 1000), " still active")
      .Add(Tenths(outlook.expected_purchases_milli()), " purchases expected")
      .Add("one about every ", Count(outlook.cadence_days(), "day", "days"))
      .AddIf(outlook.has_overdue_after(), "late from ", FormatDay(outlook.overdue_after()))
      .To(lines);
  return lines;
}

std::vector<std::string> MetricLines(const v1::Metrics& metrics) {
  std::vector<std::string> lines;
  AddPurchases(metrics, lines);
  AddMoney(metrics, lines);
  AddKnown(metrics, lines);
  AddBonds(metrics, lines);
  AddDialogue(metrics, lines);
  AddCases(metrics, lines);
  AddDeals(metrics, lines);
  AddFeelings(metrics, lines);
  AddChannels(metrics, lines);
  AddMeasures(metrics, lines);
  return lines;
}

}  // namespace rapport::operations
