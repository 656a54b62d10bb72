#include "projections/facts/names.h"

namespace rapport::facts {
namespace {

constexpr absl::string_view kRings[kRingCount] = {
    "spend",          "sentiment_plus",     "sentiment_minus",  "dialogue",
    "advocacy",       "type_transactional", "type_promotional", "type_reactive",
    "type_proactive", "type_collaborative", "type_advocacy",    "type_partnership",
    "type_community", "mode_personal",      "mode_automated",   "mode_self_service",
    "mode_community"};

constexpr absl::string_view kLists[kListCount] = {
    "orders",   "cases",    "casework", "asks",        "moments",    "referrals",
    "contacts", "mailings", "bonds",    "deals",       "work",       "preferences",
    "consents", "dates",    "people",   "memberships", "agreements", "last_survey",
    "trial",    "profile",  "owner",    "ended"};

template <typename Name, int kCount>
std::optional<Name> Find(const absl::string_view (&names)[kCount], absl::string_view wanted) {
  for (int i = 0; i < kCount; ++i) {
    if (names[i] == wanted) return static_cast<Name>(i);
  }
  return std::nullopt;
}

}  // namespace

absl::string_view NameOf(RingName ring) { return kRings[static_cast<size_t>(ring)]; }
std::optional<RingName> RingNamed(absl::string_view name) { return Find<RingName>(kRings, name); }

absl::string_view NameOf(ListName list) { return kLists[static_cast<size_t>(list)]; }
std::optional<ListName> ListNamed(absl::string_view name) { return Find<ListName>(kLists, name); }

}  // namespace rapport::facts
