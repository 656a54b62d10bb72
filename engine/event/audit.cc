#include "engine/event/audit.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/text.h"

namespace rapport::event {
namespace {

constexpr absl::string_view kChainName = R"(,"chain":")";
constexpr absl::string_view kLineEnd = "\"}";
constexpr size_t kChainDigits = 32;
constexpr size_t kPurposeBytesMax = 256;

std::string Quoted(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      absl::StrAppend(&out, "\\", absl::string_view(&c, 1));
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppend(&out, "\\u00", Hex(absl::string_view(&c, 1)));
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

// A line up to its chain.
std::string Describe(int64_t number, const AuditEntry& entry) {
  std::string line =
      absl::StrCat(R"({"n":)", number, R"(,"at":)", Quoted(FormatTime(entry.at_us)), R"(,"who":)",
                   Quoted(entry.who), R"(,"action":)", Quoted(entry.action), R"(,"customer":)",
                   Quoted(entry.customer_id), R"(,"fields":[)");
  for (size_t i = 0; i < entry.fields.size(); ++i) {
    absl::StrAppend(&line, i == 0 ? "" : ",", Quoted(entry.fields[i]));
  }
  absl::StrAppend(&line, R"(],"purpose":)", Quoted(entry.purpose));
  return line;
}

std::string ChainOf(const std::string& before, absl::string_view line) {
  return Hex(Blake2b128Framed({before, line}));
}

// Takes the chain off a line, without its newline; empty when there is none.
std::string TakeChain(absl::string_view& line) {
  if (!absl::ConsumeSuffix(&line, kLineEnd) || line.size() < kChainDigits) return "";
  const std::string chain(line.substr(line.size() - kChainDigits));
  line.remove_suffix(kChainDigits);
  return absl::ConsumeSuffix(&line, kChainName) ? chain : "";
}

}  // namespace

std::unique_ptr<Audit> Audit::Open(Files* files, const std::string& path) {
  std::unique_ptr<Audit> audit(new Audit(files, path));
  audit->trouble_ = audit->Load();
  return audit;
}

absl::Status Audit::Load() {
  absl::StatusOr<std::string> text = files_->Read(path_);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  RETURN_IF_ERROR(text.status());
  // Its name may be one that was never synced: the disk failed, and the process started again.
  RETURN_IF_ERROR(files_->SyncDirectory(DirectoryOf(path_)));
  // A line that a crash cut off was never answered, so nothing was opened for it.
  const size_t whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
  if (whole < text->size()) {
    text->resize(whole);
    RETURN_IF_ERROR(ReplaceFile(*files_, path_, *text));
  }
  absl::StatusOr<AuditEnd> end = VerifyAudit(*text);
  if (!end.ok()) {
    return absl::DataLossError(absl::StrCat(end.status().message(), " of ", path_,
                                            "; find out who changed it, move it away, and start "
                                            "again with a new one"));
  }
  end_ = *std::move(end);
  return absl::OkStatus();
}

absl::Status Audit::status() const {
  std::lock_guard lock(mutex_);
  return trouble_;
}

absl::StatusOr<std::string> Audit::Append(const AuditEntry& entry) {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(trouble_);
  const std::string line = Describe(end_.lines + 1, entry);
  const std::string chain = ChainOf(end_.chain, line);
  absl::Status written =
      files_->Append(path_, absl::StrCat(line, kChainName, chain, kLineEnd, "\n"));
  if (written.ok()) written = files_->Sync(path_);
  if (written.ok() && end_.lines == 0) written = files_->SyncDirectory(DirectoryOf(path_));
  if (!written.ok()) {
    trouble_ = absl::UnavailableError(absl::StrCat("AUDIT_UNAVAILABLE: ", written.message(),
                                                   "; check the disk, then start again"));
    return trouble_;
  }
  end_ = {end_.lines + 1, chain};
  return chain;
}

absl::StatusOr<AuditEnd> VerifyAudit(absl::string_view text) {
  AuditEnd end;
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    absl::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == absl::string_view::npos ? text.size() : newline + 1);
    const std::string chain = TakeChain(line);
    const std::string wanted = ChainOf(end.chain, line);
    if (newline == absl::string_view::npos || chain != wanted) {
      return absl::DataLossError(
          absl::StrCat("AUDIT_CHANGED: line ", end.lines + 1, " does not fit the lines before it"));
    }
    end = {end.lines + 1, chain};
  }
  return end;
}

absl::Status CheckPurpose(absl::string_view purpose) {
  if (!purpose.empty() && purpose.size() <= kPurposeBytesMax && IsUtf8(purpose)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "FIELD_INVALID: purpose: must be 1 to 256 bytes; say why, it is kept in the audit file");
}

}  // namespace rapport::event
