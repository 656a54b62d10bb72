#include "consumers/edge/descriptors.h"

#include <google/protobuf/descriptor.pb.h>

#include "engine/base/check.h"

// The file that protoc made of the protos, put into the program as it is.
__asm__(
    ".section .rodata\n"
    ".global rapport_descriptors_begin\n"
    ".global rapport_descriptors_end\n"
    "rapport_descriptors_begin:\n"
    ".incbin \"" RAPPORT_DESCRIPTORS
    "\"\n"
    "rapport_descriptors_end:\n"
    ".byte 0\n"
    ".text\n");

extern "C" {
extern const char rapport_descriptors_begin[];
extern const char rapport_descriptors_end[];
}

namespace rapport::edge {

absl::string_view DescriptorSet() {
  return {rapport_descriptors_begin,
          static_cast<size_t>(rapport_descriptors_end - rapport_descriptors_begin)};
}

const google::protobuf::DescriptorPool& CommentedPool() {
  static const google::protobuf::DescriptorPool* const kPool = [] {
    google::protobuf::FileDescriptorSet set;
    const absl::string_view bytes = DescriptorSet();
    RAPPORT_CHECK(set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    auto* pool = new google::protobuf::DescriptorPool;
    // Files come after those they import.
    for (const auto& file : set.file()) {
      RAPPORT_CHECK(pool->BuildFile(file) != nullptr) << file.name();
    }
    return pool;
  }();
  return *kPool;
}

}  // namespace rapport::edge
