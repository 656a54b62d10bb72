#include "consumers/edge/field_path.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/rpc_status.h"

namespace rapport::edge {
namespace {

constexpr absl::string_view kPayload = "payload";
// The one attribute of a CloudEvent with a _ in it, no field: who sent it wrote it so.
constexpr absl::string_view kAttribute = "data_base64";

constexpr absl::string_view kMask = "read_mask";

// The field in front of `text`; empty when it begins with none.
absl::string_view PathIn(absl::string_view text) {
  const absl::string_view path = text.substr(0, text.find(": "));
  if (path.size() == text.size()) return {};
  for (const char c : path) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.' && c != '[' &&
        c != ']') {
      return {};
    }
  }
  return path;
}

// `path: sentence` with names of JSON.
std::string TextInJson(absl::string_view text) {
  const absl::string_view path = PathIn(text);
  const absl::string_view sentence = text.substr(path.size());
  return absl::StrCat(JsonPath(path), path == kMask ? JsonPath(sentence) : std::string(sentence));
}

std::string ItemText(int index) { return absl::StrCat(" (items[", index, "])"); }

// `status` with another text behind its reason.
absl::Status Saying(absl::string_view text, const absl::Status& status) {
  absl::Status result(status.code(), absl::StrCat(ReasonOf(status), ": ", text));
  status.ForEachPayload([&result](absl::string_view name, const absl::Cord& value) {
    result.SetPayload(name, value);
  });
  return result;
}

// `purchase_made`; empty when the touchpoint says nothing that happened.
std::string DetailOf(const v1::Touchpoint& touchpoint) {
  const auto* field =
      v1::Touchpoint::descriptor()->FindFieldByNumber(static_cast<int>(touchpoint.detail_case()));
  return field == nullptr ? "" : field->name();
}

}  // namespace

std::string JsonPath(absl::string_view path) {
  if (path == kAttribute) return std::string(path);
  std::string result;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool joins = path[i] == '_' && i + 1 < path.size();
    result += joins ? absl::ascii_toupper(static_cast<unsigned char>(path[++i])) : path[i];
  }
  return result;
}

absl::Status AsTouchpoint(const absl::Status& status, const v1::Touchpoint& touchpoint) {
  if (!absl::IsInvalidArgument(status)) return status;
  const std::string text = TextOf(status);
  const absl::string_view path = PathIn(text);
  const absl::string_view rest = absl::string_view(text).substr(path.size());
  if (path == "occurred_at_us") return Saying(absl::StrCat("occurred_at", rest), status);
  const std::string detail = DetailOf(touchpoint);
  if (path == "kind" && detail.empty()) {
    return Saying("names no kind; say what happened, such as purchaseMade (ListKinds tells all)",
                  status);
  }
  absl::string_view within = path;
  if (detail.empty() || !absl::ConsumePrefix(&within, kPayload)) return status;
  if (!within.empty() && within[0] != '.') return status;
  return Saying(absl::StrCat(detail, within, rest), status);
}

void NameItem(int index, v1::ErrorStatus& error) {
  error.mutable_message()->append(ItemText(index));
}

void UnnameItem(int index, v1::ErrorStatus& error) {
  const std::string text = error.message();
  error.set_message(std::string(absl::StripSuffix(text, ItemText(index))));
}

absl::Status InJson(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  const std::string text = TextOf(status);
  const absl::string_view path = PathIn(text);
  if (path.empty()) return status;
  return Saying(TextInJson(text), status);
}

void PutInJson(v1::ErrorStatus& error) {
  const std::string text = error.message();
  error.set_message(TextInJson(text));
  for (auto& detail : *error.mutable_details()) {
    v1::BadRequest bad_request;
    if (!detail.UnpackTo(&bad_request)) continue;
    for (v1::FieldViolation& one : *bad_request.mutable_field_violations()) {
      // A description is a sentence about the field, which stands in front of it here.
      const std::string told = absl::StrCat(one.field(), ": ", one.description());
      one.set_field(JsonPath(one.field()));
      one.set_description(TextInJson(told).substr(one.field().size() + 2));
    }
    detail.PackFrom(bad_request);
  }
}

}  // namespace rapport::edge
