#include "projections/report/report.h"

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "engine/base/fixed_point.h"
#include "engine/base/time.h"
#include "rapport/v1/channel.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::report {

facts::Side SideOf(const ValidEvent& event, const facts::FoldRules& rules) {
  const facts::Side side = facts::By(event.kind);
  if (side != facts::Side::kByRule) return side;
  const auto* custom = As<v1::CustomTouchpoint>(event);
  const facts::CustomKind* kind =
      custom == nullptr ? nullptr : rules.FindCustomKind(custom->custom_kind());
  return kind == nullptr ? facts::Side::kNeutral : kind->side;
}

bool IsCustomerAct(const ValidEvent& event, const facts::FoldRules& rules) {
  return SideOf(event, rules) == facts::Side::kCustomer &&
         !facts::IsOutsider(event.envelope->actor().party());
}

bool IsInteraction(const ValidEvent& event, const facts::FoldRules& rules) {
  const facts::Side side = SideOf(event, rules);
  return side == facts::Side::kCustomer || side == facts::Side::kVendor;
}

std::string KindName(const ValidEvent& event) {
  if (const auto* custom = As<v1::CustomTouchpoint>(event)) return custom->custom_kind();
  return event.payload == nullptr ? "" : event.payload->GetDescriptor()->name();
}

std::string ChannelName(const ValidEvent& event) {
  if (!event.envelope->channel_name().empty()) return event.envelope->channel_name();
  return Bare(event.envelope->channel(), v1::Channel_Name, "CHANNEL_");
}

std::string AreaName(v1::Area area) { return Bare(area, v1::Area_Name, "AREA_"); }

std::string PhaseName(v1::Phase phase) { return Bare(phase, v1::Phase_Name, "PHASE_"); }

std::string MonthOf(int64_t at_us) {
  const CivilDate date = CivilOfDay(DayOf(at_us));
  return absl::StrFormat("%04d-%02d", date.year, date.month);
}

int64_t SecondsBetween(int64_t from_us, int64_t to_us) {
  return FloorDiv(to_us - from_us, kMicrosPerSecond);
}

std::vector<rapport::Moment> Purchases(const Subject& subject) {
  std::vector<rapport::Moment> moments;
  for (const ValidEvent& event : subject.events) {
    if (As<v1::PurchaseMade>(event) != nullptr) moments.push_back(event.moment());
  }
  return moments;
}

std::vector<int64_t> PurchaseDays(const Subject& subject) {
  std::vector<int64_t> days;
  for (const rapport::Moment& moment : Purchases(subject)) {
    const int64_t day = DayOf(moment.at_us);
    if (days.empty() || days.back() != day) days.push_back(day);
  }
  return days;
}

}  // namespace rapport::report
