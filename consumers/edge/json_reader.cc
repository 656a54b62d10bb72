#include "consumers/edge/json_reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/field_name.h"
#include "consumers/edge/json_scalar.h"
#include "consumers/edge/nearest_name.h"
#include "engine/model/rejection.h"

namespace rapport::edge {
namespace {

using boost::json::error_code;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kDepthMax = 32;

// An object that is being read.
struct Level {
  Message* message = nullptr;
  // The key last read, and where in its list we are.
  const FieldDescriptor* field = nullptr;
  bool in_list = false;
  int index = 0;
  // Keys that came already.
  std::vector<const FieldDescriptor*> seen = {};
};

// What Boost.JSON's parser calls; builds the message as the text goes by.
class Handler {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_key_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_string_size = std::numeric_limits<size_t>::max();

  explicit Handler(Message* root) : root_(root) {}

  const std::optional<Rejection>& rejection() const { return rejection_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    if (levels_.empty()) {
      levels_.push_back({root_});
      return true;
    }
    Level& level = levels_.back();
    if (!TakesValue(ec)) return false;
    if (level.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsTimestamp(*level.field)) {
      return Refuse(absl::StrCat("must be ", Expected(*level.field)), ec);
    }
    const auto* reflection = level.message->GetReflection();
    Message* inner = level.in_list ? reflection->AddMessage(level.message, level.field)
                                   : reflection->MutableMessage(level.message, level.field);
    levels_.push_back({inner});
    return true;
  }

  bool on_object_end(size_t, error_code&) {
    levels_.pop_back();
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  bool on_array_begin(error_code& ec) {
    if (levels_.empty()) return Refuse("must be an object", ec);
    Level& level = levels_.back();
    if (!level.field->is_repeated() || level.in_list) {
      return Refuse(absl::StrCat("must be ", Expected(*level.field), ", not a list"), ec);
    }
    level.in_list = true;
    level.index = 0;
    return true;
  }

  bool on_array_end(size_t, error_code&) {
    levels_.back().in_list = false;
    return true;
  }

  bool on_key_part(boost::json::string_view part, size_t, error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool on_key(boost::json::string_view part, size_t, error_code& ec) {
    text_.append(part.data(), part.size());
    const std::string name = std::move(text_);
    text_.clear();
    return TakeKey(name, ec);
  }

  bool on_string_part(boost::json::string_view part, size_t, error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool on_string(boost::json::string_view part, size_t, error_code& ec) {
    text_.append(part.data(), part.size());
    const std::string text = std::move(text_);
    text_.clear();
    return TakesValue(ec) && Put(SetText(text, *field(), *message()), ec);
  }

  bool on_number_part(boost::json::string_view, error_code&) { return true; }
  bool on_int64(int64_t number, boost::json::string_view, error_code& ec) {
    return TakesValue(ec) && Put(SetInteger(number, *field(), *message()), ec);
  }
  bool on_uint64(uint64_t number, boost::json::string_view, error_code& ec) {
    return TakesValue(ec) && Put(SetInteger(number, *field(), *message()), ec);
  }
  bool on_double(double number, boost::json::string_view, error_code& ec) {
    return TakesValue(ec) && Put(SetReal(number, *field(), *message()), ec);
  }
  bool on_bool(bool truth, error_code& ec) {
    return TakesValue(ec) && Put(SetTruth(truth, *field(), *message()), ec);
  }

  bool on_null(error_code& ec) {
    if (levels_.empty()) return Refuse("must be an object", ec);
    return !levels_.back().in_list || Refuse("must not be null within a list", ec);
  }

  bool on_comment_part(boost::json::string_view, error_code&) { return true; }
  bool on_comment(boost::json::string_view, error_code&) { return true; }

 private:
  const FieldDescriptor* field() const { return levels_.back().field; }
  Message* message() const { return levels_.back().message; }

  bool TakeKey(const std::string& name, error_code& ec) {
    Level& level = levels_.back();
    const Descriptor& type = *level.message->GetDescriptor();
    const FieldDescriptor* field = FindField(type, name);
    level.field = nullptr;
    if (field == nullptr) {
      return Refuse(UnknownField(type, name), ec, Reason::kFieldUnknown, ShownName(name));
    }
    level.field = field;
    if (std::find(level.seen.begin(), level.seen.end(), field) != level.seen.end()) {
      return Refuse("is given twice; keep one", ec);
    }
    level.seen.push_back(field);
    const auto* oneof = field->real_containing_oneof();
    const auto* reflection = level.message->GetReflection();
    if (oneof == nullptr || !reflection->HasOneof(*level.message, oneof)) return true;
    const auto* other = reflection->GetOneofFieldDescriptor(*level.message, oneof);
    return Refuse(absl::StrCat("excludes ", other->json_name(), "; keep one of them"), ec);
  }

  // A single value where a list or the whole object belongs is refused.
  bool TakesValue(error_code& ec) {
    if (levels_.empty()) return Refuse("must be an object", ec);
    const Level& level = levels_.back();
    if (!level.field->is_repeated() || level.in_list) return true;
    return Refuse("must be a list", ec);
  }

  bool Put(const absl::Status& status, error_code& ec) {
    if (!status.ok()) {
      return Refuse(absl::string_view(status.message()), ec);
    }
    ++levels_.back().index;
    return true;
  }

  bool Refuse(absl::string_view what, error_code& ec, Reason reason = Reason::kFieldInvalid,
              absl::string_view last = "") {
    rejection_ = Rejection{reason, Path(last), std::string(what)};
    ec = boost::json::error::syntax;
    return false;
  }

  // `purchaseMade.items[3].sku`.
  std::string Path(absl::string_view last) const {
    std::string path;
    for (const Level& level : levels_) {
      if (level.field == nullptr) continue;
      absl::StrAppend(&path, path.empty() ? "" : ".", level.field->json_name());
      if (level.in_list) absl::StrAppend(&path, "[", level.index, "]");
    }
    if (!last.empty()) absl::StrAppend(&path, path.empty() ? "" : ".", last);
    return path;
  }

  Message* const root_;
  std::vector<Level> levels_;
  // A text or key that comes in parts.
  std::string text_;
  std::optional<Rejection> rejection_;
};

// `line 2, column 17`.
std::string PlaceOf(absl::string_view json, size_t offset, const JsonOrigin& origin) {
  const absl::string_view before = json.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t line_begin = before.rfind('\n');
  const int64_t column = line_begin == absl::string_view::npos
                             ? static_cast<int64_t>(before.size()) + origin.column
                             : static_cast<int64_t>(before.size() - line_begin);
  return absl::StrCat("line ", lines + origin.line, ", column ", column);
}

}  // namespace

absl::Status JsonToMessage(absl::string_view json, Message& message, const JsonOrigin& origin) {
  message.Clear();
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::basic_parser<Handler> parser(options, &message);
  error_code ec;
  const size_t read = parser.write_some(false, json.data(), json.size(), ec);
  if (parser.handler().rejection().has_value()) return parser.handler().rejection()->ToStatus();
  std::string what;
  if (ec == boost::json::error::too_deep) {
    what = absl::StrCat("JSON is more than ", kDepthMax, " levels deep");
  } else if (ec) {
    what = absl::StrCat("not JSON (", ec.message(), ")");
  } else if (read < json.size()) {
    what = "more text after the end of the JSON object";
  }
  if (what.empty()) return absl::OkStatus();
  return Rejection{Reason::kPayloadMalformed, "",
                   absl::StrCat(what, " at ", PlaceOf(json, read, origin), "; mend the text there")}
      .ToStatus();
}

}  // namespace rapport::edge
