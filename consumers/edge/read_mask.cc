#include "consumers/edge/read_mask.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/status_macros.h"

namespace rapport::edge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kPathsMax = 32;

template <typename Nodes>
auto FindNode(Nodes& nodes, absl::string_view name) {
  return std::find_if(nodes.begin(), nodes.end(),
                      [name](const auto& node) { return node.field->name() == name; });
}

// `; did you mean score?`, if a field of `within` is near.
std::string MeantBy(absl::string_view name, const Descriptor& within) {
  std::vector<std::string> names;
  for (int i = 0; i < within.field_count(); ++i) names.push_back(within.field(i)->name());
  const std::string nearest = NearestName(name, names);
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?");
}

absl::Status IsNone(const std::string& path, absl::string_view name, const Descriptor* within) {
  return absl::InvalidArgumentError(
      within == nullptr
          ? absl::StrCat("FIELD_INVALID: read_mask: `", ShownName(path),
                         "` goes on behind a field that has no parts, at `", ShownName(name), "`")
          : absl::StrCat("FIELD_INVALID: read_mask: `", ShownName(path),
                         "` is no field: ", within->name(), " has no `", ShownName(name), "`",
                         MeantBy(name, *within)));
}

}  // namespace

absl::Status ReadMask::Add(const std::string& path, const Descriptor* answer, Node& root) {
  Node* node = &root;
  const Descriptor* within = answer;
  bool is_new = true;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field =
        within == nullptr ? nullptr : within->FindFieldByName(std::string(name));
    if (field == nullptr) return IsNone(path, name, within);
    within = field->message_type();
    auto found = FindNode(node->parts, name);
    const bool is_there = found != node->parts.end();
    // What is wanted whole stays so.
    if (is_there && found->parts.empty()) is_new = false;
    if (!is_there && is_new) found = node->parts.insert(node->parts.end(), Node{field, {}});
    if (found != node->parts.end()) node = &*found;
  }
  if (is_new) node->parts.clear();
  return absl::OkStatus();
}

absl::StatusOr<ReadMask> ReadMask::Of(const google::protobuf::FieldMask& mask,
                                      const Descriptor* answer) {
  if (mask.paths_size() > kPathsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "FIELD_INVALID: read_mask: has ", mask.paths_size(), " paths, at most ", kPathsMax));
  }
  ReadMask result;
  for (const std::string& path : mask.paths()) {
    RETURN_IF_ERROR(Add(path, answer, result.root_));
  }
  if (result.is_whole()) return result;
  for (const char* name : {"customer_id", "info"}) {
    const FieldDescriptor* field = answer->FindFieldByName(name);
    if (field == nullptr || FindNode(result.root_.parts, name) != result.root_.parts.end())
      continue;
    result.root_.parts.push_back(Node{field, {}});
  }
  return result;
}

bool ReadMask::Wants(absl::string_view path) const {
  const std::vector<Node>* parts = &root_.parts;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    if (parts->empty()) return true;
    const auto found = FindNode(*parts, name);
    if (found == parts->end()) return false;
    parts = &found->parts;
  }
  return true;
}

void ReadMask::Trim(Message& answer) const { Trim(root_, answer); }

void ReadMask::Trim(const Node& node, Message& message) {
  if (node.parts.empty()) return;
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> wanted;
  for (const Node& part : node.parts) wanted.push_back(part.field);
  // A few of many fields are wanted: they move over, and the rest goes in one go.
  const std::unique_ptr<Message> kept(message.New());
  reflection->SwapFields(&message, kept.get(), wanted);
  reflection->Swap(&message, kept.get());
  for (const Node& part : node.parts) {
    if (part.parts.empty()) continue;
    if (part.field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, part.field); ++i) {
        Trim(part, *reflection->MutableRepeatedMessage(&message, part.field, i));
      }
    } else if (reflection->HasField(message, part.field)) {
      Trim(part, *reflection->MutableMessage(&message, part.field));
    }
  }
}

}  // namespace rapport::edge
