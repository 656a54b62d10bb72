#include "consumers/operations/command_serve.h"

#include <csignal>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/operations/address.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr time_t kLookAfterKeysSeconds = 3'600;

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// The wrapping key changes once a day. What hinders that, or keeps texts from being sealed, is
// told.
void LookAfterKeys(Engine& engine) {
  const absl::Status status = engine.RotateKeysIfDue();
  if (status.ok()) return;
  std::fprintf(stderr, "rapport: %s\n", std::string(status.message()).c_str());
}

// Waits at most so long; false when no signal came.
bool AwaitSignalFor(time_t seconds) {
  const sigset_t signals = StopSignals();
  const timespec timeout = {seconds, 0};
  return sigtimedwait(&signals, nullptr, &timeout) > 0;
}

}  // namespace

absl::Status RunServe(const Serve& options) {
  RETURN_IF_ERROR(CheckListenAddress("--grpc", options.grpc));
  // Before any other thread begins.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const absl::Time begun = absl::Now();
  ServerOptions server_options = options.server;
  server_options.engine.delete_other_states = true;
  ASSIGN_OR_RETURN(auto server, Server::Open(server_options));
  WarnOfPartitions(options.partitions, server->engine());
  RETURN_IF_ERROR(server->Listen(options.grpc));
  for (const std::string& warning : server->engine().log().warnings()) {
    std::fprintf(stderr, "rapport: warning: %s\n", warning.c_str());
  }
  const v1::AnswerInfo info = edge::AnswerInfoOf(server->engine(), 0);
  std::printf("ready in %.1f s  gRPC 127.0.0.1:%d  %d partitions, %s behind, rules %s\n",
              absl::ToDoubleSeconds(absl::Now() - begun), server->port(),
              server->engine().pipeline().partitions(), Thousands(info.lag_events()).c_str(),
              info.rules_digest().c_str());
  std::fflush(stdout);
  do {
    LookAfterKeys(server->engine());
  } while (!AwaitSignalFor(kLookAfterKeysSeconds));
  // A second signal ends the process at once.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  Talk("stopping, making what is applied durable");
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace rapport::operations
