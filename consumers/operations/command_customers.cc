#include "consumers/operations/command_customers.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr int kPageMax = 200;

std::string TypeName(v1::RelationshipType type) {
  return std::string(absl::StripPrefix(v1::RelationshipType_Name(type), "RELATIONSHIP_TYPE_"));
}

std::string FlagsText(const v1::ListedRelationship& one) {
  std::vector<std::string> flags;
  for (const int flag : one.flags()) flags.push_back(FlagName(static_cast<v1::Flag>(flag)));
  return absl::StrJoin(flags, " ");
}

std::string SeenText(const v1::ListedRelationship& one) {
  return one.has_last_act_day() ? FormatDay(one.last_act_day()) : "";
}

void PrintRows(const std::vector<v1::ListedRelationship>& customers, int64_t total) {
  size_t width = 16;
  for (const auto& one : customers) width = std::max(width, one.customer_id().size());
  for (const v1::ListedRelationship& one : customers) {
    std::string more = one.has_last_act_day() ? "seen " + SeenText(one) : "never seen";
    if (!one.owner().empty()) absl::StrAppend(&more, "  owner ", one.owner());
    if (!one.flags().empty()) absl::StrAppend(&more, "  ", FlagsText(one));
    std::printf("%s  %s  score %s  %s  %s\n",
                Pad(one.customer_id(), static_cast<int>(width)).c_str(),
                Pad(StageName(one.stage()), 12).c_str(), Pad(Points(one.score_milli()), -8).c_str(),
                Pad(TypeName(one.primary_type()), 13).c_str(), more.c_str());
  }
  std::printf("%s of %s\n", Thousands(static_cast<int64_t>(customers.size())).c_str(),
              Thousands(total).c_str());
}

void PrintCsvRows(const std::vector<v1::ListedRelationship>& customers) {
  PrintCsv({"customer_id", "stage", "score", "score_milli", "flags", "type", "owner", "last_seen",
            "next_change_at"});
  for (const v1::ListedRelationship& one : customers) {
    PrintCsv({one.customer_id(), StageName(one.stage()), absl::StrCat(one.score()),
              absl::StrCat(one.score_milli()), FlagsText(one), TypeName(one.primary_type()),
              one.owner(), SeenText(one),
              one.has_next_change_at_us() ? FormatTime(one.next_change_at_us()) : ""});
  }
}

}  // namespace

absl::Status ListCustomers(Client& client, const CustomersList& options) {
  v1::ListRelationshipsRequest request;
  request.set_filter(options.filter);
  request.set_order_by(options.order);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  std::vector<v1::ListedRelationship> customers;
  int64_t total = 0;
  for (int left = options.limit; left > 0;) {
    request.set_page_size(std::min(left, kPageMax));
    v1::ListRelationshipsResponse answer;
    RETURN_IF_ERROR(client.Call(client.relationships(),
                                &v1::RelationshipService::Stub::ListRelationships, request, &answer,
                                kWholeBasePatience));
    left -= request.page_size();
    total = answer.total();
    for (auto& one : *answer.mutable_relationships()) customers.push_back(std::move(one));
    if (answer.next_page_token().empty()) break;
    request.set_page_token(answer.next_page_token());
  }
  switch (options.format) {
    case Format::kTable:
      PrintRows(customers, total);
      break;
    case Format::kCsv:
      PrintCsvRows(customers);
      break;
    default:
      PrintJson(options.format, PointersTo(customers));
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
