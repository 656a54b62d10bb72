// Metrics of touches: since when, where, how well measured, how good, and how it feels.

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "projections/report/metrics_parts.h"

namespace rapport::report {
namespace {

uint16_t Name(facts::SumName base, int number) { return static_cast<uint16_t>(base + number); }

// The channel's bare name, as consents and preferences write it.
absl::string_view BareName(int channel) {
  return absl::string_view(v1::Channel_Name(channel)).substr(sizeof("CHANNEL_") - 1);
}

// The channel that the preference `channel` names and the customer does not refuse.
v1::Channel StatedChannel(const facts::Facts& facts) {
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  const Item* said = FindInMap(facts, ListName::kPreferences, "channel");
  if (said == nullptr ||
      !v1::Channel_Parse(absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(said->subject.view())),
                         &channel) ||
      channel == v1::CHANNEL_UNSPECIFIED || Refuses(facts, BareName(channel))) {
    return v1::CHANNEL_UNSPECIFIED;
  }
  return channel;
}

void WriteFeelings(const facts::Facts& facts, facts::SumName base, v1::FeelingMetrics* out) {
  constexpr int kFeelings = 5;
  int64_t stated = 0;
  int64_t sum = 0;
  for (int i = 0; i < kFeelings; ++i) {
    const int64_t count = facts.Sum(Name(base, i));
    out->add_counts(count);
    stated += count;
    sum += (i - 2) * count;
  }
  out->set_stated(stated);
  out->set_mean_milli(Permille(sum, stated));
}

bool HasFeelings(const facts::Facts& facts, facts::SumName base) {
  for (int i = 0; i < 5; ++i) {
    if (facts.Sum(Name(base, i)) != 0) return true;
  }
  return false;
}

}  // namespace

void WriteTenure(const MetricsInput& input, v1::Metrics& out) {
  if (input.facts.first_seen_at_us == 0) return;
  const int64_t day = DayOf(input.facts.first_seen_at_us);
  out.mutable_tenure()->set_first_seen_day(day);
  out.mutable_tenure()->set_days(input.reading.day - day);
}

void WriteCompleteness(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const int64_t interactions = facts.Sum(facts::kInteractions);
  if (interactions == 0) return;
  v1::CompletenessMetrics& given = *out.mutable_completeness();
  given.set_interactions(interactions);
  given.set_with_duration(facts.Sum(facts::kWithDuration));
  given.set_with_outcomes(facts.Sum(facts::kWithOutcomes));
  given.set_with_value(facts.Sum(facts::kWithValue));
  given.set_duration_permille(Permille(given.with_duration(), interactions));
  given.set_outcomes_permille(Permille(given.with_outcomes(), interactions));
  given.set_value_permille(Permille(given.with_value(), interactions));
  given.set_duration_s(facts.Sum(facts::kDurationSeconds));
  if (given.with_outcomes() == 0) return;
  v1::OutcomeMetrics& outcomes = *out.mutable_outcomes();
  outcomes.set_stated(given.with_outcomes());
  outcomes.set_met(facts.Sum(facts::kOutcomesMet));
  outcomes.set_met_permille(Permille(outcomes.met(), outcomes.stated()));
}

// Preferred: as follow-ups suggest it, without a department (follow_up/write.cc).
void WriteChannels(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  v1::ChannelMetrics channels;
  for (int i = v1::Channel_MIN + 1; i <= v1::Channel_MAX; ++i) {
    const int64_t touches = facts.Sum(Name(facts::kChannelTouches, i));
    if (touches == 0) continue;
    v1::OneChannelMetrics& one = *channels.add_channels();
    one.set_channel(static_cast<v1::Channel>(i));
    one.set_touches(touches);
    one.set_customer_touches(facts.Sum(Name(facts::kChannelCustomerTouches, i)));
    one.set_waits(facts.Sum(Name(facts::kChannelWaits, i)));
    if (one.waits() > 0) {
      one.set_mean_wait_s(Rounded(facts.Sum(Name(facts::kChannelWaitSeconds, i)), one.waits()));
    }
    one.set_answers(facts.Sum(Name(facts::kChannelAnswers, i)));
    if (one.answers() > 0) {
      one.set_mean_g_permille(Rounded(facts.Sum(Name(facts::kChannelGSum, i)), one.answers()));
    }
    one.set_refused(Refuses(facts, BareName(i)));
  }
  v1::Channel preferred = StatedChannel(facts);
  channels.set_stated(preferred != v1::CHANNEL_UNSPECIFIED);
  int64_t most = 0;
  for (const v1::OneChannelMetrics& one : channels.channels()) {
    if (channels.stated() || one.refused() || one.customer_touches() <= most) continue;
    most = one.customer_touches();
    preferred = one.channel();
  }
  channels.set_preferred(preferred);
  channels.set_evidence(facts.Sum(Name(facts::kChannelCustomerTouches, preferred)));
  channels.set_personal(facts.Sum(facts::kPersonal));
  if (channels.channels().empty() && !channels.stated()) return;
  *out.mutable_channels() = std::move(channels);
}

void WriteAreas(const MetricsInput& input, v1::Metrics& out) {
  for (int i = v1::Area_MIN + 1; i <= v1::Area_MAX; ++i) {
    const int64_t touches = input.facts.Sum(Name(facts::kAreaTouches, i));
    if (touches == 0) continue;
    v1::AreaMetrics& area = *out.add_areas();
    area.set_area(static_cast<v1::Area>(i));
    area.set_touches(touches);
  }
}

// Every answer counts under its dimension, the empty one too, so all of them add up there.
void WriteSatisfaction(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  if (facts.rare().dimensions.empty()) return;
  v1::SatisfactionMetrics& all = *out.mutable_satisfaction();
  int64_t answers = 0;
  int64_t g_sum = 0;
  for (const facts::DimensionCell& cell : facts.rare().dimensions) {
    answers = SaturatingAdd(answers, cell.answers);
    g_sum = SaturatingAdd(g_sum, cell.g_sum);
    v1::DimensionMetrics& dimension = *all.add_dimensions();
    dimension.set_dimension(std::string(cell.dimension.view()));
    dimension.set_answers(cell.answers);
    dimension.set_mean_permille(Rounded(cell.g_sum, cell.answers));
  }
  all.set_answers(answers);
  all.set_mean_permille(Rounded(g_sum, answers));
  int64_t lowest = std::numeric_limits<int64_t>::max();
  for (int i = v1::Phase_MIN + 1; i <= v1::Phase_MAX; ++i) {
    const int64_t count = facts.Sum(Name(facts::kPhaseAnswers, i));
    if (count == 0) continue;
    v1::PhaseMetrics& phase = *all.add_phases();
    phase.set_phase(static_cast<v1::Phase>(i));
    phase.set_answers(count);
    phase.set_mean_permille(Rounded(facts.Sum(Name(facts::kPhaseGSum, i)), count));
    if (phase.mean_permille() >= lowest) continue;
    lowest = phase.mean_permille();
    all.set_lowest_phase(phase.phase());
  }
  for (const Item& item : facts.FindList(ListName::kLastSurvey).items) {
    v1::LastSurvey& last = *all.mutable_last();
    last.set_survey(std::string(item.key.view()));
    last.set_dimension(std::string(item.subject.view()));
    last.set_g_permille(item.n());
    last.set_at_us(item.moment.at_us);
    last.set_event_id(item.moment.id.Hex());
  }
}

void WriteSentiment(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const facts::Reading& reading = input.reading;
  const bool customer = HasFeelings(facts, facts::kCustomerFeeling);
  const bool employee = HasFeelings(facts, facts::kEmployeeFeeling);
  if (reading.sentiment_plus == 0 && reading.sentiment_minus == 0 && !customer && !employee) return;
  v1::SentimentMetrics& sentiment = *out.mutable_sentiment();
  sentiment.set_level_milli(reading.sentiment_plus - reading.sentiment_minus);
  sentiment.set_plus_milli(reading.sentiment_plus);
  sentiment.set_minus_milli(reading.sentiment_minus);
  if (customer) WriteFeelings(facts, facts::kCustomerFeeling, sentiment.mutable_customer());
  if (employee) WriteFeelings(facts, facts::kEmployeeFeeling, sentiment.mutable_employee());
}

}  // namespace rapport::report
