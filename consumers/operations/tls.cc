#include "consumers/operations/tls.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/secret_file.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

struct Pem {
  std::string certificate;
  std::string key;
  std::string authority;
};

absl::Status CheckPem(const std::string& text, absl::string_view what, const std::string& path) {
  if (absl::StrContains(text, "-----BEGIN ")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("TLS_UNREADABLE: the ", what, " in ", path, " is not PEM"));
}

absl::StatusOr<Pem> ReadPem(const TlsFiles& files) {
  Pem pem;
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError(
        "TLS_INCOMPLETE: --tls-cert and --tls-key belong together; give both");
  }
  if (!files.certificate.empty()) {
    ASSIGN_OR_RETURN(pem.certificate, ReadOpenFile("the certificate", files.certificate));
    RETURN_IF_ERROR(CheckPem(pem.certificate, "certificate", files.certificate));
    ASSIGN_OR_RETURN(pem.key, ReadSecretFile("the private key", files.key));
    RETURN_IF_ERROR(CheckPem(pem.key, "private key", files.key));
  }
  if (!files.authority.empty()) {
    ASSIGN_OR_RETURN(pem.authority, ReadOpenFile("the authority", files.authority));
    RETURN_IF_ERROR(CheckPem(pem.authority, "authority", files.authority));
  }
  return pem;
}

absl::StatusOr<Pem> ReadServerPem(const TlsFiles& files) {
  if (files.certificate.empty()) {
    return absl::InvalidArgumentError(
        "TLS_INCOMPLETE: --client-ca needs --tls-cert and --tls-key too");
  }
  return ReadPem(files);
}

}  // namespace

absl::StatusOr<std::shared_ptr<edge::HttpTls>> ServerHttpTls(const TlsFiles& files) {
  if (files.empty()) return nullptr;
  ASSIGN_OR_RETURN(const Pem pem, ReadServerPem(files));
  return edge::HttpTls::Make(
      {.certificate = pem.certificate, .key = pem.key, .authority = pem.authority});
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files) {
  if (files.empty()) return nullptr;
  ASSIGN_OR_RETURN(const Pem pem, ReadServerPem(files));
  grpc::SslServerCredentialsOptions options(
      pem.authority.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                            : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = pem.authority;
  options.pem_key_cert_pairs.push_back({pem.key, pem.certificate});
  return grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(const TlsFiles& files) {
  if (files.empty()) return grpc::InsecureChannelCredentials();
  ASSIGN_OR_RETURN(const Pem pem, ReadPem(files));
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = pem.authority;
  options.pem_private_key = pem.key;
  options.pem_cert_chain = pem.certificate;
  return grpc::SslCredentials(options);
}

}  // namespace rapport::operations
