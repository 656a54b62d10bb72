#include "consumers/operations/command_serve.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/operations/address.h"
#include "consumers/operations/client.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/output.h"
#include "consumers/operations/stop_signals.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr absl::Duration kLookAfterKeys = absl::Hours(1);

// The wrapping key changes once a day. What hinders that, or keeps texts from being sealed, is
// told once.
void LookAfterKeys(Engine& engine, absl::Status& told) {
  const absl::Status status = engine.RotateKeysIfDue();
  if (!status.ok() && status != told) Tell(status);
  told = status;
}

absl::StatusOr<bool> EchoOf(const Serve& options) {
  if (options.echo.empty()) {
    return options.server.engine.log == EngineOptions::LogKind::kEmbedded;
  }
  if (options.echo == "on" || options.echo == "off") return options.echo == "on";
  return absl::InvalidArgumentError("--echo " + options.echo + " is not known; use on or off");
}

}  // namespace

absl::Status RunServe(const Serve& options) {
  const bool is_guarded = IsGuarded(options.tls, options.server.tokens_file);
  RETURN_IF_ERROR(CheckListenAddress("--grpc", options.grpc, is_guarded));
  const bool has_http = options.http != "off";
  if (has_http) RETURN_IF_ERROR(CheckListenAddress("--http", options.http, is_guarded));
  // Before any other thread begins.
  StopSignals signals;
  const absl::Time begun = absl::Now();
  ServerOptions server_options = options.server;
  server_options.engine.delete_other_states = true;
  ASSIGN_OR_RETURN(server_options.engine.echo, EchoOf(options));
  server_options.engine.notes_echoes = options.echo != "off";
  const auto start_count = std::make_shared<store::StartCount>();
  server_options.engine.start_count = start_count;
  absl::StatusOr<std::unique_ptr<Server>> opened = nullptr;
  signals.Watch([&] { opened = Server::Open(server_options); },
                [start_count] { start_count->Forgive(); });
  // Told to end, it ends in order, also when the start failed meanwhile.
  if (signals.came()) {
    signals.LetGo();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server, std::move(opened));
  WarnOfPartitions(options.partitions, server->engine());
  RETURN_IF_ERROR(server->Listen(options.grpc, options.tls));
  std::string http;
  if (has_http) {
    RETURN_IF_ERROR(server->ListenHttp(options.http, options.tls));
    http = absl::StrFormat("  HTTP %s", ReachedAt(options.http, server->http_port()));
  }
  for (const std::string& warning : server->engine().log().warnings()) {
    std::fprintf(stderr, "rapport: warning: %s\n", warning.c_str());
  }
  const v1::AnswerInfo info = edge::AnswerInfoOf(server->engine(), 0);
  std::printf("ready in %.1f s%s  gRPC %s  %d partitions, %s behind, rules %s\n",
              absl::ToDoubleSeconds(absl::Now() - begun), http.c_str(),
              ReachedAt(options.grpc, server->port()).c_str(),
              server->engine().pipeline().partitions(), Thousands(info.lag_events()).c_str(),
              info.rules_digest().c_str());
  std::fflush(stdout);
  server->ResumeOperations();
  absl::Status told;
  do {
    LookAfterKeys(server->engine(), told);
  } while (!signals.AwaitFor(kLookAfterKeys));
  signals.LetGo();
  Talk("stopping, making what is applied durable");
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace rapport::operations
