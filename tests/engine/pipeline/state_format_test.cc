// The example of docs/format.md is what the code writes.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "engine/base/hash.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"

namespace rapport::store {
namespace {

// The hexadecimal digits of the example that follows `heading`, words in the margin left out.
std::string DocumentedHex(const std::string& heading, const std::string& label) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/docs/format.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string document = text.str();
  size_t at = document.find(label, document.find(heading)) + label.size();
  std::string digits;
  const std::vector<std::string> lines = absl::StrSplit(document.substr(at), '\n');
  for (const std::string& line : lines) {
    if (line == "```" || line.rfind("value", 0) == 0) break;
    const size_t margin = line.find("   ", line.find_first_not_of(' '));
    for (const char c : line.substr(0, margin)) {
      if (absl::ascii_isxdigit(static_cast<unsigned char>(c))) digits.push_back(c);
    }
  }
  return digits;
}

TEST(StateFormatTest, TheExampleInTheDocumentIsWhatIsWritten) {
  const EventId id = EventId::FromText("00000000-0000-0000-0000-000000000001");
  TouchList touches;
  touches.Append(5, id.Tag());
  CustomerRow row;
  row.folded_to = 5;
  row.greatest_id = id;
  row.tail = touches.tail();
  row.tail_size = 1;
  std::string bytes;
  row.AppendTo(bytes);
  const std::string heading = "Example: customer `ana`";
  EXPECT_EQ(DocumentedHex(heading, "\nkey"), Hex(CustomerKey(3, "ana")));
  EXPECT_EQ(DocumentedHex(heading, "\nvalue"), Hex(bytes));
}

}  // namespace
}  // namespace rapport::store
