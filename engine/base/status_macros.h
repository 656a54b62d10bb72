// RETURN_IF_ERROR and ASSIGN_OR_RETURN, shaped like Abseil's, which Debian 12 does not have yet.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RAPPORT_CONCAT_INNER(a, b) a##b
#define RAPPORT_CONCAT(a, b) RAPPORT_CONCAT_INNER(a, b)

// Returns from the function when `expression` is not OK.
#define RETURN_IF_ERROR(...)                                                 \
  do {                                                                       \
    if (absl::Status status_ = (__VA_ARGS__); !status_.ok()) return status_; \
  } while (false)

// Assigns the value of a StatusOr to `target`, or returns its status.
#define ASSIGN_OR_RETURN(target, ...) \
  ASSIGN_OR_RETURN_IMPL(RAPPORT_CONCAT(status_or_, __LINE__), target, (__VA_ARGS__))
#define ASSIGN_OR_RETURN_IMPL(temporary, target, expression) \
  auto temporary = expression;                               \
  if (!temporary.ok()) return std::move(temporary).status(); \
  target = std::move(temporary).value()
