// Every capsule of this folder comes out as it says.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/operations/capsule_file.h"
#include "engine/base/files.h"
#include "engine/capsule/replay.h"
#include "engine/event/framing.h"
#include "projections/catalog.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

const std::string& Folder() {
  static const auto* const folder = new std::string(RAPPORT_SOURCE_DIR "/tests/capsules");
  return *folder;
}

std::vector<std::string> Capsules() {
  std::vector<std::string> names;
  const auto all = SystemFiles().List(Folder());
  for (const std::string& name : all.ok() ? *all : std::vector<std::string>()) {
    if (absl::EndsWith(name, kCapsuleEnding)) names.push_back(name);
  }
  return names;
}

class CapsulesTest : public testing::TestWithParam<std::string> {};

TEST_P(CapsulesTest, ComesOutAsItSays) {
  event::SetStructuredReader(edge::ReadStructuredEvent);
  const auto text = SystemFiles().Read(absl::StrCat(Folder(), "/", GetParam()));
  ASSERT_OK(text);
  const auto capsule = ReadCapsuleText(*text, GetParam());
  ASSERT_OK(capsule);
  const auto rules = projections::Catalog(capsule->rules_text(), GetParam());
  ASSERT_OK(rules);
  const auto replay = capsule::ReplayCapsule(*capsule, **rules);
  ASSERT_OK(replay);
  EXPECT_TRUE(replay->same()) << replay->differences(0).DebugString();
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name;
  for (const char c : info.param.substr(0, info.param.size() - kCapsuleEnding.size())) {
    name.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CapsulesTest, testing::ValuesIn(Capsules()), NameOf);

}  // namespace
}  // namespace rapport::operations
