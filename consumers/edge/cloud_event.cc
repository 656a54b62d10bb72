#include "consumers/edge/cloud_event.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <limits>
#include <map>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/http_text.h"
#include "consumers/edge/nearest_name.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/base/status_macros.h"
#include "engine/event/fill.h"
#include "engine/event/touchpoint.h"

namespace rapport::edge {
namespace {

using boost::json::error_code;

// `data` may be as deep as JSON elsewhere, and stands one level down.
constexpr size_t kDepthMax = 33;
constexpr absl::string_view kVersion = "1.0";

struct Attributes {
  std::string version, id, source, subject, time;
};

absl::Status Invalid(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("FIELD_INVALID: ", field, field.empty() ? "" : ": ", what));
}

absl::StatusOr<v1::Event> EventOfBytes(const std::string& bytes) {
  v1::Event event;
  if (event.ParseFromString(bytes)) return event;
  return absl::InvalidArgumentError(
      "PAYLOAD_MALFORMED: the data is no rapport.v1.Event; encode that message, with texts in "
      "UTF-8");
}

absl::StatusOr<v1::Event> Filled(v1::Event event, const Attributes& attributes) {
  if (attributes.version != kVersion) {
    return Invalid("specversion", "must be 1.0, the version of CloudEvents that is read");
  }
  event::Hints hints;
  hints.event_id = attributes.id;
  hints.source = attributes.source;
  hints.time = attributes.time;
  if (const auto rejection = event::Fill(attributes.subject, hints, event)) {
    return rejection->ToStatus();
  }
  return event;
}

// The attributes of a structured event, and the text of its `data` just as it came, so that it is
// read as strictly as any other.
class Handler {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_key_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_string_size = std::numeric_limits<size_t>::max();

  std::map<std::string, std::string> attributes;
  std::optional<std::string> data;
  absl::Status wrong;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_comment_part(boost::json::string_view, error_code&) { return true; }
  bool on_comment(boost::json::string_view, error_code&) { return true; }

  bool on_object_begin(error_code& ec) { return Open("{", ec); }
  bool on_object_end(size_t, error_code&) { return Close("}"); }
  bool on_array_begin(error_code& ec) { return Open("[", ec); }
  bool on_array_end(size_t, error_code&) { return Close("]"); }

  bool on_key_part(boost::json::string_view part, size_t, error_code&) { return Gather(part); }
  bool on_key(boost::json::string_view part, size_t, error_code& ec) {
    Gather(part);
    std::string key = std::move(text_);
    text_.clear();
    if (depth_ > 1) {
      Separate();
      absl::StrAppend(&*data, Quoted(key), ":");
      is_first_ = true;
      return true;
    }
    name_ = std::move(key);
    if (!seen_.emplace(name_, true).second) return Refuse("is given twice; keep one", ec);
    if (name_ == "data") data.emplace();
    return true;
  }

  bool on_string_part(boost::json::string_view part, size_t, error_code&) { return Gather(part); }
  bool on_string(boost::json::string_view part, size_t, error_code& ec) {
    Gather(part);
    const std::string text = std::move(text_);
    text_.clear();
    if (depth_ == 1 && name_ != "data") {
      attributes[name_] = text;
      return true;
    }
    return Value(Quoted(text), ec);
  }

  bool on_number_part(boost::json::string_view part, error_code&) { return Gather(part); }
  bool on_int64(int64_t, boost::json::string_view part, error_code& ec) { return Number(part, ec); }
  bool on_uint64(uint64_t, boost::json::string_view part, error_code& ec) {
    return Number(part, ec);
  }
  bool on_double(double, boost::json::string_view part, error_code& ec) { return Number(part, ec); }
  bool on_bool(bool truth, error_code& ec) { return Value(truth ? "true" : "false", ec); }
  bool on_null(error_code& ec) {
    // Absent.
    if (depth_ == 1) {
      if (name_ == "data") data.reset();
      return true;
    }
    return Value("null", ec);
  }

 private:
  static std::string Quoted(const std::string& text) {
    return boost::json::serialize(boost::json::string(text.data(), text.size()));
  }

  bool Refuse(absl::string_view what, error_code& ec) {
    wrong = Invalid(ShownName(name_), what);
    ec = boost::json::error::syntax;
    return false;
  }

  bool Gather(boost::json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool Number(boost::json::string_view part, error_code& ec) {
    Gather(part);
    const std::string text = std::move(text_);
    text_.clear();
    return Value(text, ec);
  }

  void Separate() {
    if (!is_first_) absl::StrAppend(&*data, ",");
    is_first_ = false;
  }

  // A value below the root; of the root itself only an object will do.
  bool Value(absl::string_view json, error_code& ec) {
    if (depth_ == 0) return Refuse("must be an object", ec);
    if (depth_ == 1) {
      if (name_ == "data") return Refuse("must be a touchpoint, as an object", ec);
      return true;
    }
    Separate();
    absl::StrAppend(&*data, json);
    return true;
  }

  bool Open(absl::string_view brace, error_code& ec) {
    if (depth_ == 0 && brace != "{") return Refuse("must be an object", ec);
    if (depth_ == 1 && name_ != "data")
      return Refuse("must be text; attributes are no objects", ec);
    if (depth_ > 1) Separate();
    if (depth_ > 0) absl::StrAppend(&*data, brace);
    is_first_ = true;
    ++depth_;
    return true;
  }

  bool Close(absl::string_view brace) {
    --depth_;
    if (depth_ > 0) absl::StrAppend(&*data, brace);
    is_first_ = false;
    return true;
  }

  int depth_ = 0;
  bool is_first_ = true;
  std::string name_;
  std::string text_;
  std::map<std::string, bool> seen_;
};

}  // namespace

bool IsBinaryCloudEvent(const HttpHead& head) { return !head.Header("ce-specversion").empty(); }

absl::StatusOr<v1::Event> BinaryCloudEvent(const HttpHead& head, const std::string& body,
                                           bool is_json) {
  Attributes attributes;
  const std::pair<absl::string_view, std::string*> wanted[] = {
      {"ce-specversion", &attributes.version}, {"ce-id", &attributes.id},
      {"ce-source", &attributes.source},       {"ce-subject", &attributes.subject},
      {"ce-time", &attributes.time},
  };
  for (const auto& [name, value] : wanted) {
    std::optional<std::string> decoded = PercentDecode(head.Header(name));
    if (!decoded.has_value()) {
      return Invalid(name, "has a % without two hexadecimal digits behind it");
    }
    *value = *std::move(decoded);
  }
  ASSIGN_OR_RETURN(v1::Event event, is_json ? JsonToEvent(body) : EventOfBytes(body));
  return Filled(std::move(event), attributes);
}

absl::StatusOr<v1::Event> StructuredCloudEvent(absl::string_view json, bool* is_touchpoint) {
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::basic_parser<Handler> parser(options);
  error_code ec;
  const size_t read = parser.write_some(false, json.data(), json.size(), ec);
  Handler& handler = parser.handler();
  RETURN_IF_ERROR(handler.wrong);
  if (ec || read < json.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "PAYLOAD_MALFORMED: not the JSON of a CloudEvent from byte ", read + 1, " on"));
  }
  const auto bytes = handler.attributes.find("data_base64");
  if (handler.data.has_value() == (bytes != handler.attributes.end())) {
    return Invalid("data", "give either data, a touchpoint, or data_base64, an event's bytes");
  }
  if (is_touchpoint != nullptr) *is_touchpoint = handler.data.has_value();
  v1::Event event;
  if (handler.data.has_value()) {
    ASSIGN_OR_RETURN(event, JsonToEvent(*handler.data));
  } else {
    std::string decoded;
    if (!absl::Base64Unescape(bytes->second, &decoded)) {
      return Invalid("data_base64", "must be base64");
    }
    ASSIGN_OR_RETURN(event, EventOfBytes(decoded));
  }
  const auto attribute = [&](const std::string& name) {
    const auto found = handler.attributes.find(name);
    return found == handler.attributes.end() ? std::string() : found->second;
  };
  return Filled(std::move(event), {attribute("specversion"), attribute("id"), attribute("source"),
                                   attribute("subject"), attribute("time")});
}

std::optional<Rejection> ReadStructuredEvent(absl::string_view json, v1::Event& event) {
  absl::StatusOr<v1::Event> read = StructuredCloudEvent(json);
  if (read.ok()) {
    event = *std::move(read);
    return std::nullopt;
  }
  const std::optional<Reason> reason = ReasonFromName(ReasonOf(read.status()));
  return Rejection{reason.value_or(Reason::kPayloadMalformed), "", TextOf(read.status())};
}

}  // namespace rapport::edge
