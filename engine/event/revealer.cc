#include "engine/event/revealer.h"

#include <set>

#include "engine/base/status_macros.h"
#include "engine/event/seal.h"

namespace rapport::event {
namespace {

// Erased, or sealed under a key that this store never had.
bool HasNone(const absl::Status& found) {
  return absl::IsNotFound(found) || absl::IsFailedPrecondition(found);
}

}  // namespace

absl::Status Revealer::Open(const std::string& customer_id, const Opening& opening,
                            absl::Span<v1::Event* const> events) const {
  RETURN_IF_ERROR(CheckPurpose(opening.purpose));
  std::set<std::string> fields;
  for (const v1::Event* event : events) {
    for (const std::string& path : SealedPaths(*event)) fields.insert(path);
  }
  if (fields.empty()) return absl::OkStatus();
  absl::StatusOr<CustomerKey> key = keys_->Find(customer_id);
  if (HasNone(key.status())) return absl::OkStatus();
  RETURN_IF_ERROR(key.status());
  RETURN_IF_ERROR(may_open_(customer_id, opening.deadline));
  // The key may have been destroyed while that was found out.
  key = keys_->Find(customer_id);
  if (HasNone(key.status())) return absl::OkStatus();
  RETURN_IF_ERROR(key.status());
  AuditEntry entry{opening.at_us, opening.who, "reveal", customer_id, {}, opening.purpose};
  entry.fields.assign(fields.begin(), fields.end());
  RETURN_IF_ERROR(audit_->Append(entry).status());
  for (v1::Event* event : events) OpenSealed(*key, *event);
  return absl::OkStatus();
}

}  // namespace rapport::event
