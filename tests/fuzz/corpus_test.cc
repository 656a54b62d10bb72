// Every input that fuzzing began with or once stumbled over, through its target, in every build.

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

class CorpusTest : public testing::TestWithParam<Target> {};

TEST_P(CorpusTest, HoldsItsTargetsProperty) {
  const google::protobuf::LogSilencer silencer;
  const std::string folder = RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/" + GetParam().name;
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    GetParam().run(bytes);
    ++inputs;
  }
  EXPECT_GE(inputs, 2) << folder;
  GetParam().run("");
}

INSTANTIATE_TEST_SUITE_P(Targets, CorpusTest, testing::ValuesIn(AllTargets()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rapport::fuzz
