#include "tests/consumers/support/doors_kit.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "consumers/edge/json_reader.h"
#include "consumers/edge/json_writer.h"
#include "engine/base/check.h"
#include "tests/consumers/support/grpc_question.h"

namespace rapport {

Doors::Doors(operations::Server* server) : server_(server) {
  const absl::Status status = server_->ListenHttp("127.0.0.1:0");
  RAPPORT_CHECK(status.ok()) << status;
}

absl::StatusOr<std::string> Doors::OverGrpc(const std::string& method, const std::string& json,
                                            absl::Duration patience) const {
  const std::string path = absl::StrCat("/rapport.v1.", absl::StrReplaceAll(method, {{".", "/"}}));
  const edge::Method* const entry = server_->methods().Find(path);
  RAPPORT_CHECK(entry != nullptr) << path;
  const std::unique_ptr<google::protobuf::Message> request(entry->request->New());
  const absl::Status read = edge::JsonToMessage(json, *request);
  RAPPORT_CHECK(read.ok()) << read << json;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
  const grpc::Slice bytes(request->SerializeAsString());
  auto answer =
      AskOverGrpc(server_->InProcessChannel(), path, grpc::ByteBuffer(&bytes, 1), context);
  if (!answer.ok()) return answer.status();
  grpc::Slice whole;
  RAPPORT_CHECK(answer->DumpToSingleSlice(&whole).ok());
  const std::unique_ptr<google::protobuf::Message> response(entry->response->New());
  RAPPORT_CHECK(response->ParseFromArray(whole.begin(), static_cast<int>(whole.size())));
  return edge::MessageToJson(*response);
}

edge::RawHttp::Answer Doors::OverHttp(const std::string& what, const std::string& body,
                                      const std::string& headers) const {
  const std::string path = what.substr(what.find(' ') + 1);
  const std::string all =
      token_.empty() ? headers : absl::StrCat("Authorization: Bearer ", token_, "\r\n", headers);
  edge::RawHttp client(server_->http_port());
  client.Write(absl::StartsWith(what, "GET ") ? edge::Get(path, all) : edge::Post(path, body, all));
  return client.ReadAnswer();
}

}  // namespace rapport
