#include "consumers/edge/request_fields.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consumers/edge/field_name.h"
#include "consumers/edge/http_text.h"
#include "consumers/edge/json_scalar.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/status_macros.h"
#include "engine/event/text.h"
#include "engine/model/rejection.h"

namespace rapport::edge {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// As deep as messages of requests are, and no deeper.
constexpr size_t kDepthMax = 8;

absl::Status Refuse(absl::string_view path, absl::string_view what,
                    Reason reason = Reason::kFieldInvalid) {
  return Rejection{reason, std::string(path), std::string(what)}.ToStatus();
}

// Sets what the parameters of one query name.
class Binder {
 public:
  explicit Binder(Message* request) : request_(request) {}

  absl::Status Bind(const std::string& name, const std::string& value) {
    const std::vector<std::string> parts = absl::StrSplit(name, '.');
    if (parts.size() > kDepthMax) {
      return Refuse(ShownName(name), "unknown field", Reason::kFieldUnknown);
    }
    Message* message = request_;
    std::string path;
    for (size_t i = 0; i < parts.size(); ++i) {
      const FieldDescriptor* field = FindField(*message->GetDescriptor(), parts[i]);
      absl::StrAppend(&path, i == 0 ? "" : ".",
                      field == nullptr ? ShownName(parts[i]) : field->json_name());
      if (field == nullptr) {
        return Refuse(path, UnknownField(*message->GetDescriptor(), parts[i]),
                      Reason::kFieldUnknown);
      }
      RETURN_IF_ERROR(CheckAlone(*field, path, *message));
      if (i + 1 == parts.size()) return Set(*field, path, value, *message);
      if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
          IsTimestamp(*field)) {
        return Refuse(path, absl::StrCat("must be ", Expected(*field), "; nothing lies below it"));
      }
      begun_.insert(path);
      message = message->GetReflection()->MutableMessage(message, field);
    }
    return absl::OkStatus();
  }

 private:
  // Of a oneof only one field may be given.
  static absl::Status CheckAlone(const FieldDescriptor& field, absl::string_view path,
                                 const Message& message) {
    const auto* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return absl::OkStatus();
    const auto* other = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (other == nullptr || other == &field) return absl::OkStatus();
    return Refuse(path, absl::StrCat("excludes ", other->json_name(), "; keep one of them"));
  }

  absl::Status Set(const FieldDescriptor& field, const std::string& path, const std::string& value,
                   Message& message) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsTimestamp(field)) {
      return Refuse(path, field.is_repeated()
                              ? "is a list of objects, which a query cannot hold"
                              : "is an object; name a field of it, with a dot in front");
    }
    const bool is_new = begun_.insert(path).second;
    if (!field.is_repeated() && (!is_new || message.GetReflection()->HasField(message, &field))) {
      return Refuse(path, is_new ? "stands in the path already; leave it out of the query"
                                 : "is given twice; keep one");
    }
    absl::Status status;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      status = value == "true" || value == "false"
                   ? SetTruth(value == "true", field, message)
                   : absl::InvalidArgumentError("must be true or false");
    } else if (!event::IsUtf8(value)) {
      return Refuse(path, "is not UTF-8; write it in UTF-8, each byte as %XX",
                    Reason::kTextNotUtf8);
    } else {
      status = SetText(value, field, message);
    }
    return status.ok() ? status : Refuse(path, absl::string_view(status.message()));
  }

  Message* const request_;
  // Paths that a parameter has named or gone through.
  std::set<std::string> begun_;
};

}  // namespace

absl::Status ReadQuery(absl::string_view query, Message& request) {
  QueryPairs pairs;
  RETURN_IF_ERROR(SplitQuery(query, pairs));
  Binder binder(&request);
  for (const auto& [name, value] : pairs) RETURN_IF_ERROR(binder.Bind(name, value));
  return absl::OkStatus();
}

absl::Status SetPathField(const FieldDescriptor& field, const std::string& value,
                          Message& request) {
  if (!event::IsUtf8(value)) {
    return Refuse(field.json_name(), "is not UTF-8; write it in UTF-8, each byte as %XX",
                  Reason::kTextNotUtf8);
  }
  if (request.GetReflection()->HasField(request, &field)) {
    return Refuse(field.json_name(), "stands in the path already; leave it out of the body");
  }
  request.GetReflection()->SetString(&request, &field, value);
  return absl::OkStatus();
}

}  // namespace rapport::edge
