// Modes: by which kind of service the customer is dealt with.

#include <optional>

#include "projections/facts/groups.h"
#include "rapport/v1/service.pb.h"

namespace rapport::facts {
namespace {

// One event, in thousandths.
constexpr int64_t kModeAdd = 1000;

std::optional<RingName> ModeOfChannel(v1::Channel channel) {
  if (IsPersonalContact(channel)) return RingName::kModePersonal;
  switch (channel) {
    case v1::CHANNEL_EMAIL:
    case v1::CHANNEL_CHAT:
      return RingName::kModePersonal;
    case v1::CHANNEL_AUTOMATED:
      return RingName::kModeAutomated;
    case v1::CHANNEL_SELF_SERVICE:
      return RingName::kModeSelfService;
    case v1::CHANNEL_COMMUNITY:
      return RingName::kModeCommunity;
    default:
      return std::nullopt;
  }
}

std::optional<RingName> ModeOf(const Act& act) {
  const ValidEvent& event = act.event;
  const auto by_channel = ModeOfChannel(event.envelope->channel());
  if (act.custom != nullptr) {
    if (act.custom->mode.has_value()) return act.custom->mode;
    if (!act.custom->personal.has_value()) return by_channel;
    // What the rules say of the kind counts, whatever its channel.
    if (*act.custom->personal) return RingName::kModePersonal;
    return by_channel == RingName::kModePersonal ? std::nullopt : by_channel;
  }
  if (event.kind == v1::KIND_COMMUNITY_ACTED) return RingName::kModeCommunity;
  if (event.kind == v1::KIND_SELF_SERVICE_USED) {
    return PayloadOf<v1::SelfServiceUsed>(event).automated() ? RingName::kModeAutomated
                                                             : RingName::kModeSelfService;
  }
  return by_channel;
}

}  // namespace

void FoldMode(const Act& act) {
  if (act.side == Side::kNeutral) return;
  if (const auto mode = ModeOf(act)) AddToRing(act, *mode, kModeAdd);
}

}  // namespace rapport::facts
