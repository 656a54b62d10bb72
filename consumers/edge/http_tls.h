// HttpTls: how the HTTP door speaks TLS: its certificate, its key, whose clients it takes.
//
//   ASSIGN_OR_RETURN(auto tls, HttpTls::Make({.certificate = pem, .key = pem}));
//
// Threads:   any; connections share it.
// Errors:    INVALID_ARGUMENT (TLS_UNREADABLE) for texts that OpenSSL does not take, or a key that
//            is not the certificate's.
// Never:     TLS below 1.2; with an authority, a client without a certificate of it.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport::edge {

// Texts in PEM.
struct HttpTlsTexts {
  // With those that lead from it to the root behind it.
  std::string certificate;
  std::string key;
  // Of whom clients must show a certificate; empty = they need none.
  std::string authority;
};

class HttpTls {
 public:
  static absl::StatusOr<std::shared_ptr<HttpTls>> Make(const HttpTlsTexts& texts);

  boost::asio::ssl::context& context() { return context_; }

 private:
  HttpTls();

  boost::asio::ssl::context context_;
};

// The names in the certificate that the other side has shown, which was verified, as gRPC tells
// them: its alternative names, or its common name when it says nothing of such; none without a
// certificate.
std::vector<std::string> CertificateNames(SSL* connection);

}  // namespace rapport::edge
