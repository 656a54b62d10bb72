// HttpRouter: from a verb and a path to the method that the protos declare there.
//
//   const HttpRouter router(&table);
//   ASSIGN_OR_RETURN(const auto match, router.Find("GET", "/v1/customers/ana:explain"));
//   match.values: customer_id = "ana"
//
// Paths are templates of `rapport.v1.http`: literal segments, `{field}` for a whole segment, and a
// `:verb` behind the last one. Literals are compared as they stand; a segment that a field takes is
// percent-decoded, and a `/` or `:` within it comes encoded, so that no id can name another method.
//
// Threads:   Find from any thread.
// Ownership: borrows the table, which must outlive it.
// Errors:    NOT_FOUND (PATH_UNKNOWN); UNIMPLEMENTED (VERB_UNKNOWN) where another verb is served;
//            INVALID_ARGUMENT (FIELD_INVALID) for a segment that is wrongly encoded.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/edge/method_table.h"

namespace rapport::edge {

class HttpRouter {
 public:
  struct Match {
    const Method* method = nullptr;
    // Field that the body is; null = the body is the whole request, or there is none.
    const google::protobuf::FieldDescriptor* body = nullptr;
    // What stands in the path.
    std::vector<std::pair<const google::protobuf::FieldDescriptor*, std::string>> values;
  };

  explicit HttpRouter(const MethodTable* table);

  // HEAD asks as GET does.
  absl::StatusOr<Match> Find(absl::string_view verb, absl::string_view path) const;

  // `GET, HEAD, OPTIONS`, for Allow; empty when nothing is served there.
  std::string VerbsAt(absl::string_view path) const;

 private:
  struct Segment {
    // Empty when a field stands here.
    std::string literal;
    const google::protobuf::FieldDescriptor* field = nullptr;
  };
  struct Route {
    const Method* method = nullptr;
    std::string verb;
    std::vector<Segment> segments;
    // `:explain` behind a field in the last segment; literals hold theirs themselves.
    std::string suffix;
    const google::protobuf::FieldDescriptor* body = nullptr;
  };

  static Route RouteOf(const Method& method);
  // Whether the path has the route's form; the values are not decoded yet.
  static bool Fits(const Route& route, absl::string_view path,
                   std::vector<absl::string_view>& values);

  std::vector<Route> routes_;
};

}  // namespace rapport::edge
