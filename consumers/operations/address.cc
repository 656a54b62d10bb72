#include "consumers/operations/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr int kPortMax = 65535;
constexpr absl::Duration kBetweenTries = absl::Milliseconds(50);

struct HostAndPort {
  std::string host;
  int port = 0;
};

// Nothing for what is not HOST:PORT.
std::optional<HostAndPort> Split(const std::string& address) {
  const size_t colon = address.rfind(':');
  HostAndPort parts;
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  parts.host = address.substr(0, colon);
  const std::string port = address.substr(colon + 1);
  const bool bracketed = absl::StartsWith(parts.host, "[") && absl::EndsWith(parts.host, "]");
  if (!bracketed && absl::StrContains(parts.host, ':')) return std::nullopt;
  if (absl::StrContains(parts.host, '/')) return std::nullopt;
  if (port.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(port, &parts.port) || parts.port > kPortMax) {
    return std::nullopt;
  }
  return parts;
}

bool IsUnix(const std::string& address) { return absl::StartsWith(address, "unix:"); }

bool IsLoopback(const std::string& host) {
  // A name such as 127.example.org is somebody else.
  in_addr v4 = {};
  return (inet_pton(AF_INET, host.c_str(), &v4) == 1 && absl::StartsWith(host, "127.")) ||
         host == "localhost" || host == "[::1]";
}

// A socket and the address to use it with.
class Endpoint {
 public:
  explicit Endpoint(const HostAndPort& where) : is_v6_(where.host == "[::1]") {
    socket_ = ::socket(is_v6_ ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto port = htons(static_cast<uint16_t>(where.port));
    v6_.sin6_family = AF_INET6;
    v6_.sin6_addr = in6addr_loopback;
    v6_.sin6_port = port;
    v4_.sin_family = AF_INET;
    v4_.sin_port = port;
    if (inet_pton(AF_INET, where.host.c_str(), &v4_.sin_addr) != 1) {
      v4_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
  }
  ~Endpoint() {
    if (socket_ >= 0) close(socket_);
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // The errno of the call, or 0.
  int Connect() const { return connect(socket_, any(), size()) == 0 ? 0 : errno; }
  int BindAndListen() const {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(socket_, any(), size()) != 0) return errno;
    return listen(socket_, 1) == 0 ? 0 : errno;
  }

 private:
  const sockaddr* any() const {
    return is_v6_ ? reinterpret_cast<const sockaddr*>(&v6_)
                  : reinterpret_cast<const sockaddr*>(&v4_);
  }
  socklen_t size() const { return is_v6_ ? sizeof(v6_) : sizeof(v4_); }

  const bool is_v6_;
  int socket_ = -1;
  sockaddr_in v4_ = {};
  sockaddr_in6 v6_ = {};
};

}  // namespace

absl::Status CheckAddress(absl::string_view flag, const std::string& address) {
  if (IsUnix(address) || Split(address).has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("wrong usage: ", flag, " ", address,
                   " is no address; write HOST:PORT, such as 127.0.0.1:8471"));
}

bool IsLoopbackAddress(const std::string& address) {
  if (IsUnix(address)) return true;
  const std::optional<HostAndPort> where = Split(address);
  return where.has_value() && IsLoopback(where->host);
}

absl::Status CheckReach(const std::string& address, bool is_guarded) {
  if (is_guarded || IsLoopbackAddress(address)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "refuses to listen on ", address,
      ": only this machine may connect without TLS, clients' certificates and tokens. Give "
      "--tls-cert, --tls-key, --client-ca and --tokens, or use 127.0.0.1:PORT"));
}

absl::Status CheckListenAddress(absl::string_view flag, const std::string& address,
                                bool is_guarded) {
  RETURN_IF_ERROR(CheckAddress(flag, address));
  RETURN_IF_ERROR(CheckReach(address, is_guarded));
  if (IsUnix(address)) return absl::OkStatus();
  const HostAndPort where = *Split(address);
  if (where.port == 0 || Endpoint(where).BindAndListen() != EADDRINUSE) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("PORT_IN_USE: cannot listen on ", address,
                   "; another program listens there. Stop it or name another address with ", flag));
}

std::string ReachedAt(const std::string& address, int port) {
  return IsUnix(address) ? address : absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
}

void AwaitListener(const std::string& address, absl::Duration at_most) {
  if (IsUnix(address)) return;
  const std::optional<HostAndPort> where = Split(address);
  if (!where.has_value() || !IsLoopback(where->host)) return;
  const absl::Time deadline = absl::Now() + at_most;
  while (Endpoint(*where).Connect() == ECONNREFUSED && absl::Now() < deadline) {
    absl::SleepFor(kBetweenTries);  // allow: sleep, because a closed port gives no sign
  }
}

}  // namespace rapport::operations
