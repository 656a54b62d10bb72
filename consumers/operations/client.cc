#include "consumers/operations/client.h"

#include <grpcpp/create_channel.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/operations/address.h"
#include "consumers/operations/catch_up.h"
#include "consumers/operations/client_token.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr int kAnswerBytesMax = 64 << 20;
constexpr int kReconnectMillisMax = 1'000;
// A server that was started a moment ago listens within this time.
constexpr absl::Duration kComingUp = absl::Seconds(3);

// What is asked of a store must be there: waits until all that its log holds is applied. A
// partition that stands still answers as a server would, from what it has folded. That is told also
// when it is to be quiet: what the answers lack is nowhere else to be seen.
void CatchUpWithLog(const Engine& engine) {
  constexpr absl::Duration kWaitsAtMost = absl::Seconds(5);
  Followed followed;
  followed.partitions = engine.log().partitions();
  followed.range = [&](Partition partition) { return engine.log().Range(partition); };
  followed.progress = [&](Partition partition) { return engine.pipeline().progress(partition); };
  const std::vector<absl::Status> ends = CatchUp(followed, kWaitsAtMost);
  for (size_t partition = 0; partition < ends.size(); ++partition) {
    if (ends[partition].ok()) continue;
    std::fprintf(stderr,
                 "rapport: partition %zu stands still: %s; answers hold what it has folded so far, "
                 "rapport status says what to do\n",
                 partition, edge::ReasonOf(ends[partition]).c_str());
  }
}

// A misspelt directory must not become an empty store that knows nobody.
absl::Status CheckStore(const Target& target) {
  const EngineOptions& engine = target.store.engine;
  // With Kafka a new directory is filled from the topic.
  if (target.may_create || engine.log == EngineOptions::LogKind::kKafka) return absl::OkStatus();
  std::error_code error;
  if (std::filesystem::is_directory(engine.data_directory + "/archive", error)) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat("STORE_MISSING: ", engine.data_directory,
                   " holds no store; check the path given by --data, "
                   "or make one with `rapport serve` or `rapport events publish`"));
}

}  // namespace

void WarnOfPartitions(const std::optional<int>& wished, const Engine& engine) {
  const int partitions = engine.pipeline().partitions();
  if (!wished.has_value() || *wished == partitions) return;
  Talk(absl::StrCat("--partitions ", *wished, " is not heeded: ", engine.options().data_directory,
                    " has ", partitions, " partitions, and their number never changes"));
}

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(const Target& target) {
  std::unique_ptr<Client> client(new Client);
  if (!target.store.engine.data_directory.empty()) {
    RETURN_IF_ERROR(CheckStore(target));
    ASSIGN_OR_RETURN(client->store_, Server::Open(target.store));
    WarnOfPartitions(target.partitions, client->store_->engine());
    CatchUpWithLog(client->store_->engine());
    client->channel_ = client->store_->InProcessChannel();
  } else {
    RETURN_IF_ERROR(client->ConnectTo(target));
  }
  client->publish_ = v1::PublishService::NewStub(client->channel_);
  client->relationships_ = v1::RelationshipService::NewStub(client->channel_);
  client->history_ = v1::HistoryService::NewStub(client->channel_);
  client->operations_ = v1::OperationsService::NewStub(client->channel_);
  client->privacy_ = v1::PrivacyService::NewStub(client->channel_);
  return client;
}

absl::Status Client::ConnectTo(const Target& target) {
  if (!target.store.rules_file.empty()) {
    return absl::InvalidArgumentError(
        "wrong usage: --rules is for a store that is read by --data, and a server answers by rules "
        "of its own; name such as `rapport rules list` shows by --rules-digest, compare a file by "
        "`rapport what-if FILE`, or let it answer by `rapport rules activate FILE`");
  }
  RETURN_IF_ERROR(CheckAddress("--server", target.server));
  std::string token;
  if (!target.token_file.empty()) {
    if (target.tls.empty() && !IsLoopbackAddress(target.server)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "wrong usage: refuses to send a token in clear to ", target.server, "; give --tls-ca"));
    }
    ASSIGN_OR_RETURN(token, ReadToken(target.token_file));
  }
  ASSIGN_OR_RETURN(auto credentials, ClientTls(target.tls));
  AwaitListener(target.server, kComingUp);
  address_ = target.server;
  is_encrypted_ = !target.tls.empty();
  shows_token_ = !token.empty();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // Who waits for a server that ended hears of its return.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMillisMax);
  channel_ = grpc::experimental::CreateCustomChannelWithInterceptors(
      target.server, std::move(credentials), arguments, SendingToken(token));
  return absl::OkStatus();
}

bool Client::AwaitsTurn(const absl::Status& status, absl::Time deadline) {
  constexpr absl::Duration kPause = absl::Milliseconds(200);
  if (!absl::IsResourceExhausted(status) || edge::ReasonOf(status) != "RATE_LIMITED") return false;
  if (absl::Now() + kPause >= deadline) return false;
  absl::SleepFor(kPause);  // allow: sleep, because the server says when to come back
  return true;
}

absl::Status Client::Explain(const grpc::Status& told) const {
  const absl::Status status = edge::FromRpcStatus(told);
  if (absl::IsUnauthenticated(status)) {
    return absl::UnauthenticatedError(absl::StrCat(
        status.message(),
        shows_token_ ? "; what was sent came from --token-file, RAPPORT_TOKEN_FILE or "
                       "client.token_file in rapport.toml: name another file there"
                     : "; name a file that holds one: --token-file FILE, RAPPORT_TOKEN_FILE or "
                       "client.token_file in rapport.toml; rapport token new makes one"));
  }
  // No command takes a call back: who cancels is a server that ends.
  if (absl::IsCancelled(status)) {
    return absl::UnavailableError(
        absl::StrCat("SERVER_UNAVAILABLE: the server at ", address_,
                     " ended before it had answered; ask again once it is back, the same event ids "
                     "count once"));
  }
  // A server that answers is there, whatever it answers.
  if (!absl::IsUnavailable(status) || address_.empty() || edge::IsAnswer(told)) return status;
  return absl::UnavailableError(absl::StrCat(
      "SERVER_UNAVAILABLE: no server answers at ", address_,
      "; start one with `rapport serve`, name another with --server, or read a stopped store with "
      "--data",
      is_encrypted_ ? ", and see that its certificate comes from --tls-ca and yours from its "
                      "--client-ca"
                    : ""));
}

}  // namespace rapport::operations
