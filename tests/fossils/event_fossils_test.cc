// Events as they were once released: the bytes on the log and the JSON they read as. Fossils are
// added, never edited; a version that reads one otherwise is wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/event/validator.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The bytes of a `.hex` file; blanks and lines starting with `#` do not count.
std::string ReadHex(const fs::path& path) {
  std::istringstream in(ReadFile(path));
  std::string line, digits;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    line.erase(std::remove_if(line.begin(), line.end(), absl::ascii_isspace), line.end());
    digits += line;
  }
  return absl::HexStringToBytes(digits);
}

std::vector<fs::path> Fossils() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(RAPPORT_SOURCE_DIR "/tests/fossils/events")) {
    if (entry.path().extension() == ".hex") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string JsonOf(fs::path path) {
  return std::string(absl::StripAsciiWhitespace(ReadFile(path.replace_extension(".json"))));
}

TEST(EventFossilsTest, AreAllThere) {
  std::vector<std::string> names;
  for (const fs::path& path : Fossils()) names.push_back(path.stem());
  EXPECT_THAT(names, testing::IsSupersetOf(
                         {"purchase_made", "complaint_raised", "outreach_made", "referral_made"}));
}

TEST(EventFossilsTest, ReadAsTheirJson) {
  for (const fs::path& path : Fossils()) {
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(ReadHex(path))) << path;
    EXPECT_EQ(edge::EventToJson(event), JsonOf(path)) << path;
    EXPECT_EQ(event.SerializeAsString(), ReadHex(path)) << path;
  }
}

TEST(EventFossilsTest, AreWrittenFromTheirJson) {
  for (const fs::path& path : Fossils()) {
    const auto event = edge::JsonToEvent(JsonOf(path));
    ASSERT_OK(event) << path;
    EXPECT_EQ(absl::BytesToHexString(event->SerializeAsString()),
              absl::BytesToHexString(ReadHex(path)))
        << path;
  }
}

TEST(EventFossilsTest, AreStillValid) {
  event::Validator validator{event::ValidatorOptions{}};
  for (const fs::path& path : Fossils()) {
    const std::string bytes = ReadHex(path);
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(bytes)) << path;
    RecordView record;
    record.key = event.customer_id();
    record.value = bytes;
    record.append_time_us = event.occurred_at_us();
    auto rejection = validator.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator.CheckPayload();
    EXPECT_FALSE(rejection.has_value()) << path << ": " << rejection->ToStatus();
  }
}

}  // namespace
}  // namespace rapport
