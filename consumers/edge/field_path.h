// Paths of fields in errors, as whoever sent the request wrote them.
//
// The engine names fields as the log has them: `payload.amount.micros`, `occurred_at_us`. Who sent
// a touchpoint never wrote those, and who wrote JSON knows them by other names:
//
//   AsTouchpoint(status, touchpoint)   FIELD_INVALID: purchase_made.amount.micros: must be ...
//   InJson(status)                     FIELD_INVALID: purchaseMade.amount.micros: must be ...
//
// Only the path in front of the sentence is touched, `REASON: path: sentence`; of a read mask also
// the paths that the sentence is about.
//
// Threads: pure.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/errors.pb.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::edge {

// `purchase_made.items[2].quantity_milli` -> `purchaseMade.items[2].quantityMilli`. `data_base64`,
// an attribute of CloudEvents, stays.
std::string JsonPath(absl::string_view path);

// What was said of the event that was made of `touchpoint`, as if it were said of that.
absl::Status AsTouchpoint(const absl::Status& status, const v1::Touchpoint& touchpoint);

// Which item of a batch an error is about, behind its sentence: ` (items[3])`, for as long as
// nobody knows better, such as the line that it stands in.
void NameItem(int index, v1::ErrorStatus& error);
void UnnameItem(int index, v1::ErrorStatus& error);

// The same error with names of JSON.
absl::Status InJson(const absl::Status& status);
void PutInJson(v1::ErrorStatus& error);

}  // namespace rapport::edge
