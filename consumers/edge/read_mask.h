// ReadMask: which fields of an answer a caller wants.
//
//   ASSIGN_OR_RETURN(auto mask, ReadMask::Of(request.read_mask(), v1::GetResponse::descriptor()));
//   options.metrics = mask.Wants("standing.metrics");
//   ...
//   mask.Trim(response);
//
// A path names a field by the proto's names with dots between; what lies below it belongs to it,
// also below a repeated field. `customer_id` and `info` are always there, `info` whole unless parts
// of it are named.
//
// Threads: a plain value. Errors: INVALID_ARGUMENT (FIELD_INVALID) names the path that is none.
#pragma once

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {

class ReadMask {
 public:
  // A mask without paths wants everything.
  static absl::StatusOr<ReadMask> Of(const google::protobuf::FieldMask& mask,
                                     const google::protobuf::Descriptor* answer);

  bool is_whole() const { return root_.parts.empty(); }

  // Whether the field of that path, a part of it or what it is a part of is wanted.
  bool Wants(absl::string_view path) const;

  // Takes out what is not wanted. REQUIRES: the message is an answer as Of was told.
  void Trim(google::protobuf::Message& answer) const;

 private:
  // A field; without parts all of it is wanted.
  struct Node {
    const google::protobuf::FieldDescriptor* field = nullptr;
    std::vector<Node> parts;
  };

  static absl::Status Add(const std::string& path, const google::protobuf::Descriptor* answer,
                          Node& root);
  static void Trim(const Node& node, google::protobuf::Message& message);

  Node root_;
};

}  // namespace rapport::edge
