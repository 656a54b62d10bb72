// StoreWorld: a store in a folder, asked through the client that commands use.
//
//   StoreWorld world;
//   world.Publish({APurchase().Of("ana").Id(1)});
//   world.Reopen([&] { world.KeepOnly({"archive"}); });
//
// Threads: one. Ownership: owns the folder and the store.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consumers/operations/client.h"
#include "tests/kit/csv.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {

inline constexpr int64_t kDay = 20'000;

class StoreWorld {
 public:
  StoreWorld() { Reopen(); }

  Client& client() { return *client_; }
  std::string folder() const { return folder_.path(); }
  std::string data() const { return folder() + "/data"; }

  // Opens the same store anew; `meanwhile` is called when nobody has it.
  void Reopen(const std::function<void()>& meanwhile = [] {});
  // Deletes all of the store but these.
  void KeepOnly(const std::set<std::string>& names);

  v1::PublishResult PublishOne(const kit::EventBuilder& event);
  // All of them must be accepted. Both wait until they are applied.
  void Publish(const std::vector<kit::EventBuilder>& events);
  // Waits until all that the log holds is applied.
  void AwaitAll();
  v1::DigestResponse Digest();
  v1::Standing Standing(const std::string& customer, int64_t as_of_us);

  template <typename Stub, typename Method, typename Request, typename Response>
  absl::Status Call(Stub& stub, Method method, const Request& request, Response* response) {
    return client_->Call(stub, method, request, response);
  }

 private:
  kit::ScratchFolder folder_;
  std::unique_ptr<Client> client_;
};

}  // namespace rapport::operations
