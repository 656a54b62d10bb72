#include "tests/fuzz/targets.h"

namespace rapport::fuzz {

const std::vector<Target>& AllTargets() {
  static const auto* const kTargets = new std::vector<Target>{
      {"record", FuzzRecord}, {"history", FuzzHistory}, {"archive", FuzzArchive},
      {"rows", FuzzRows},     {"facts", FuzzFacts},     {"http", FuzzHttp},
      {"import", FuzzImport}, {"rules", FuzzRules},     {"capsule", FuzzCapsule},
      {"text", FuzzText},
  };
  return *kTargets;
}

}  // namespace rapport::fuzz
