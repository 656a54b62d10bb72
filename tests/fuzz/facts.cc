// Facts: row -> struct -> bytes is the identity.

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>

#include "engine/base/check.h"
#include "projections/facts/codec.h"
#include "rapport/v1/facts.pb.h"
#include "tests/fuzz/targets.h"
#include "tests/kit/standard_rules.h"

namespace rapport::fuzz {
namespace {

const facts::FoldRules& Rules() { return kit::WithOwnKinds().fold; }

std::string BytesOf(const facts::Facts& facts) {
  std::string bytes;
  facts::Encode(facts, Rules(), /*with_offsets=*/true, bytes);
  return bytes;
}

std::string ByGeneratedClass(absl::string_view bytes) {
  v1::CustomerFacts message;
  RAPPORT_CHECK(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  std::string out;
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return out;
}

}  // namespace

void FuzzFacts(absl::string_view input) {
  facts::Facts first;
  const absl::Status status = facts::Decode(input, Rules(), first);
  if (!status.ok()) {
    RAPPORT_CHECK(absl::IsDataLoss(status)) << status;
    return;
  }
  const std::string bytes = BytesOf(first);
  RAPPORT_CHECK(ByGeneratedClass(bytes) == bytes) << "the generated class writes other bytes";
  facts::Facts second;
  const absl::Status again = facts::Decode(bytes, Rules(), second);
  RAPPORT_CHECK(again.ok()) << again;
  RAPPORT_CHECK(BytesOf(second) == bytes) << "facts do not come back from their bytes";
  RAPPORT_CHECK(facts::MemoryBytes(second) >= sizeof(facts::Facts));
}

}  // namespace rapport::fuzz
