#include "consumers/edge/http_tls.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <boost/asio/buffer.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {
namespace {

namespace ssl = boost::asio::ssl;

absl::Status Unreadable(absl::string_view what, const boost::system::error_code& error) {
  if (!error) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("TLS_UNREADABLE: the ", what, " is not taken (",
                                                 error.message(), "); give both in PEM"));
}

std::string TextOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

std::string AddressOf(const ASN1_STRING* bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = ASN1_STRING_length(bytes) == sizeof(in_addr) ? AF_INET : AF_INET6;
  if (ASN1_STRING_length(bytes) != sizeof(in_addr) &&
      ASN1_STRING_length(bytes) != sizeof(in6_addr)) {
    return "";
  }
  return inet_ntop(family, ASN1_STRING_get0_data(bytes), text, sizeof(text)) == nullptr ? "" : text;
}

std::vector<std::string> AlternativeNames(const X509* certificate) {
  std::vector<std::string> found;
  auto* const names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
    if (type == GEN_DNS || type == GEN_EMAIL || type == GEN_URI) {
      found.push_back(TextOf(static_cast<const ASN1_STRING*>(value)));
    } else if (type == GEN_IPADD) {
      found.push_back(AddressOf(static_cast<const ASN1_STRING*>(value)));
    }
  }
  GENERAL_NAMES_free(names);
  return found;
}

std::vector<std::string> CommonNames(const X509* certificate) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return {TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))};
}

}  // namespace

HttpTls::HttpTls() : context_(ssl::context::tls_server) {}

absl::StatusOr<std::shared_ptr<HttpTls>> HttpTls::Make(const HttpTlsTexts& texts) {
  std::shared_ptr<HttpTls> tls(new HttpTls);
  ssl::context& context = tls->context_;
  boost::system::error_code error;
  context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                          ssl::context::no_tlsv1_1 | ssl::context::no_compression |
                          SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET,
                      error);
  if (!error) context.use_certificate_chain(boost::asio::buffer(texts.certificate), error);
  if (absl::Status status = Unreadable("certificate", error); !status.ok()) return status;
  context.use_private_key(boost::asio::buffer(texts.key), ssl::context::pem, error);
  if (absl::Status status = Unreadable("private key", error); !status.ok()) return status;
  if (!texts.authority.empty()) {
    context.add_certificate_authority(boost::asio::buffer(texts.authority), error);
    if (!error) {
      context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    }
    if (absl::Status status = Unreadable("authority", error); !status.ok()) return status;
  }
  // Every connection begins anew: a session that is taken up again shows no certificate.
  SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.native_handle(), 0);
  return tls;
}

std::vector<std::string> CertificateNames(SSL* connection) {
  X509* const certificate = SSL_get1_peer_certificate(connection);
  if (certificate == nullptr) return {};
  const bool has_alternatives = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0;
  std::vector<std::string> names =
      has_alternatives ? AlternativeNames(certificate) : CommonNames(certificate);
  X509_free(certificate);
  return names;
}

}  // namespace rapport::edge
