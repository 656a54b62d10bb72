// What can be looked at over HTTP besides the contract's methods.
//
//   /livez        the program reads requests; knows no log and no disk
//   /readyz       200 once everything that the log held at the start is applied, else 503 with what
//                 is missing, in percent and per partition
//   /statusz      the same and more in a few lines, for people
//   /metrics      for Prometheus (metrics.h)
//   /openapi.json, /descriptors   the contract
//
// Threads:   the pages are shown on any thread; each answers from memory.
// Ownership: borrows engine, table and metrics.
#pragma once

#include <vector>

#include "consumers/edge/http_handler.h"
#include "consumers/operations/metrics.h"
#include "engine/engine.h"

namespace rapport::operations {

std::vector<edge::HttpPage> HttpPages(const Engine* engine, const edge::MethodTable* table,
                                      Metrics* metrics);

}  // namespace rapport::operations
