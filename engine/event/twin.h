// Twin: the event by which what one customer did stands under the key of a second one.
//
//   if (MayHaveTwin(event.kind)) {
//     if (std::optional<v1::Event> twin = TwinOf(event)) ... append it ...
//   }
//
// The same original gives the same bytes, wherever and however often it is asked for. What has a
// twin, and when: docs/decisions/0020-echo.md. Which of these functions is asked, and whether the
// original stands, is the caller's part.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/model/introduction.h"
#include "engine/model/valid_event.h"

namespace rapport::event {

// Who speaks in twins.
inline constexpr char kEchoSource[] = "rapport/echo";

// Whether an event of this kind may bring one about.
bool MayHaveTwin(v1::Kind kind);

// Whether `event` is an echo itself.
bool IsEcho(const ValidEvent& event);

// Whether a twin of an event of customer `of` may stand under `second`: that is somebody else, by
// an id that no name or address is.
bool MayBeTold(absl::string_view of, absl::string_view second);

// The id of the twin that `original`, an event of customer `of`, has under customer `at`.
std::string TwinId(const EventId& original, absl::string_view of, absl::string_view at,
                   v1::Kind kind);

// Of a ReferralMade or an answer in a community, which says all by itself; none for other kinds.
std::optional<v1::Event> TwinOf(const ValidEvent& event);

// The conversion of the customer of `event`, whose introduction is complete with it. `purchase` is
// the earliest purchase. REQUIRES: introduction.received; purchase.kind is PurchaseMade.
std::optional<v1::Event> ConversionOf(const ValidEvent& event, const Introduction& introduction,
                                      const ValidEvent& purchase);

// Takes back the twin of `target`, which `retraction` takes back: a ReferralMade or an answer.
std::optional<v1::Event> RetractionOfTwin(const ValidEvent& retraction, const ValidEvent& target);

// Takes back the conversion that came of the ReferralReceived `received`.
std::optional<v1::Event> RetractionOfConversion(const ValidEvent& retraction,
                                                const EventId& received,
                                                absl::string_view referrer);

}  // namespace rapport::event
