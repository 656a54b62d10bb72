// TLS of the doors and of the client: files of certificates and keys to what gRPC and HTTP take.
//
//   ASSIGN_OR_RETURN(auto credentials, ServerTls({.certificate = "s.pem", .key = "s.key"}));
//
// Threads: any.
// Errors:  INVALID_ARGUMENT (TLS_INCOMPLETE, TLS_UNREADABLE), those of ReadSecretFile for keys.
// Never:   without the other side's certificate being verified.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "consumers/edge/http_tls.h"

namespace rapport::operations {

// Paths of PEM files.
struct TlsFiles {
  std::string certificate;
  // Readable by its owner only.
  std::string key;
  // Of whom the other side's certificate must come.
  std::string authority;

  bool empty() const { return certificate.empty() && key.empty() && authority.empty(); }
};

// Whether others than this machine may be let in: clients must show certificates, and there are
// tokens.
inline bool IsGuarded(const TlsFiles& tls, const std::string& tokens_file) {
  return !tls.authority.empty() && !tokens_file.empty();
}

// Null for no files. With an authority, clients must show a certificate of it.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files);

// The same for the HTTP door.
absl::StatusOr<std::shared_ptr<edge::HttpTls>> ServerHttpTls(const TlsFiles& files);

// Without files in clear. The authority is whose certificate the server must show.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(const TlsFiles& files);

}  // namespace rapport::operations
