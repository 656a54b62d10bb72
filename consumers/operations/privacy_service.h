// PrivacyService: the door for who answers for personal data.
//
// Threads: calls from any thread. Ownership: borrows the engine.
#pragma once

#include "consumers/edge/method_table.h"
#include "engine/engine.h"
#include "rapport/v1/privacy.pb.h"

namespace rapport::operations {

class PrivacyService final {
 public:
  explicit PrivacyService(Engine* engine) : engine_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status EraseCustomer(const edge::Call& call, const v1::EraseCustomerRequest& request,
                             v1::EraseCustomerResponse& response);
  absl::Status GetErasure(const edge::Call& call, const v1::GetErasureRequest& request,
                          v1::GetErasureResponse& response);

 private:
  Engine* const engine_;
};

}  // namespace rapport::operations
