// Fields of events, as a mapping may fill them: by name, from text.
//
//   const FieldDescriptor* form = FindField(*PurchaseReversed::descriptor(), "form");
//   RETURN_IF_ERROR(SetText(*form, "CANCEL", message));   // REVERSAL_FORM_CANCEL
//
// Threads: pure, over generated descriptors.
// Errors:  INVALID_ARGUMENT with the second half of a sentence that begins with the field's name
//          or its text: `is not one of RETURN, CANCEL`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace rapport::transactions {

// Limits of the contract.
inline constexpr size_t kCodeBytesMax = 64;
inline constexpr size_t kMeasuresMax = 16;
inline constexpr int kItemsMax = 1000;
inline constexpr size_t kPayloadBytesMax = 60 << 10;
inline constexpr int64_t kMoneyMicrosMax = 1'000'000'000'000'000;

// The field of that name which a mapping may fill, or null. `valid_until` finds valid_until_us.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& message,
                                                   absl::string_view name);
// The names FindField finds.
std::vector<std::string> FieldNames(const google::protobuf::Descriptor& message);

bool IsMoney(const google::protobuf::FieldDescriptor& field);
// A moment in microseconds.
bool IsMoment(const google::protobuf::FieldDescriptor& field);
bool IsInteger(const google::protobuf::FieldDescriptor& field);
// Three capital letters.
bool IsCurrency(absl::string_view text);

// Whether SetText would take `text`.
absl::Status CheckText(const google::protobuf::FieldDescriptor& field, absl::string_view text);

// Sets a string, bool, enum or integer field of `message`; an empty text leaves it absent.
absl::Status SetText(const google::protobuf::FieldDescriptor& field, absl::string_view text,
                     google::protobuf::Message& message);
// Sets an integer field.
absl::Status SetInteger(const google::protobuf::FieldDescriptor& field, int64_t number,
                        google::protobuf::Message& message);

}  // namespace rapport::transactions
