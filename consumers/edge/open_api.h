// The contract as OpenAPI 3, made from the descriptors of the methods in a table.
//
//   HttpAnswer{.body = OpenApi(table, "0.1.0")}
//
// Every method at its path, every field of its request as path, query or body, every message as a
// schema, with the comments of the protos.
//
// Threads: pure; it takes a while, so keep what it returns.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "consumers/edge/method_table.h"

namespace rapport::edge {

std::string OpenApi(const MethodTable& table, absl::string_view version);

}  // namespace rapport::edge
