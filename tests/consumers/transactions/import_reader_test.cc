#include "consumers/transactions/import_reader.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/consumers/transactions/import_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::transactions {
namespace {

using absl::StatusCode;
using kit::StatusIs;

// The rows as `line:a|b|c`, or the error.
absl::StatusOr<std::vector<std::string>> Rows(const std::string& path,
                                              const ReaderOptions& options) {
  const auto reader = ImportReader::Open(path, options);
  if (!reader.ok()) return reader.status();
  std::vector<std::string> rows;
  InputRow row;
  while (true) {
    const auto more = (*reader)->Next(row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    const auto append = [](std::string* out, const InputField& field) {
      absl::StrAppend(out, field.text);
    };
    rows.push_back(row.wrong.ok()
                       ? absl::StrCat(row.line, ":", absl::StrJoin(row.fields, "|", append))
                       : std::string(row.wrong.message()));
  }
  EXPECT_EQ((*reader)->file_bytes_read(), (*reader)->file_bytes());
  return rows;
}

absl::StatusOr<std::vector<std::string>> RowsOf(const std::string& bytes,
                                                const ReaderOptions& options = {}) {
  const ImportFolder folder;
  return Rows(folder.Write("sales.csv", bytes), options);
}

using Lines = std::vector<std::string>;

TEST(ImportReaderTest, ReadsQuotesCommasAndLineEndsInsideQuotes) {
  const auto rows = RowsOf("a,b\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n3,5\" pipe\n,\n");
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"2:1|x, \"y\"", "3:2|two\nlines", "5:3|5\" pipe", "6:|"}));
}

TEST(ImportReaderTest, ReadsAllLineEndsAndAnUnendedLastLine) {
  const auto rows = RowsOf("a,b\r\n1,2\r\n\r\n3,\"4\"\r\n5,6");
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"2:1|2", "4:3|4", "5:5|6"}));
  const auto lone = RowsOf("a\nx\ry\nz\r");
  ASSERT_OK(lone);
  EXPECT_EQ(*lone, (Lines{"2:x\ry", "3:z"}));
}

TEST(ImportReaderTest, SkipsAByteOrderMark) {
  const ImportFolder folder;
  const auto reader = ImportReader::Open(folder.Write("s.csv",
                                                      "\xEF\xBB\xBF"
                                                      "a, b \n1,2\n"),
                                         {});
  ASSERT_OK(reader);
  EXPECT_EQ((*reader)->columns(), (Lines{"a", "b"}));
}

TEST(ImportReaderTest, ReadsGzipByItsFirstBytes) {
  const ImportFolder folder;
  const auto rows = Rows(folder.WriteGzip("packed", "a\n1\n2\n"), {});
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"2:1", "3:2"}));
  const auto plain = Rows(folder.Write("plain.gz", "a\n1\n"), {});
  ASSERT_OK(plain);
  EXPECT_EQ(*plain, (Lines{"2:1"}));
}

TEST(ImportReaderTest, ReadsRowsAcrossItsBuffer) {
  // Line ends of two bytes fall on every place of the buffer's end.
  std::string bytes = "a,b\r\n";
  Lines expected;
  for (int i = 0; i < 100'000; ++i) {
    absl::StrAppend(&bytes, i, ",\"x\"\r\n");
    expected.push_back(absl::StrCat(i + 2, ":", i, "|x"));
  }
  const auto rows = RowsOf(bytes);
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, expected);
}

TEST(ImportReaderTest, ReadsALineEndThatTheBufferCuts) {
  for (size_t padding = 0; padding < 4; ++padding) {
    const size_t head = (256 << 10) - 4 + padding;
    const auto rows = RowsOf(absl::StrCat("a\r\n", std::string(head - 3, 'x'), "\r\ny\r\n"));
    ASSERT_OK(rows);
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(rows->at(0).size(), head - 3 + 2);
    EXPECT_EQ(rows->at(1), "3:y");
  }
}

TEST(ImportReaderTest, ReadsFieldsBetweenBlanks) {
  const ReaderOptions options = {
      .csv = false, .skip_lines = 1, .header = false, .columns = {"id", "date"}};
  const auto rows =
      RowsOf("heading of many words\r\n  1 \t19970101\r\n\r\n2 19970102 \r\n", options);
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"2:1|19970101", "4:2|19970102"}));
}

TEST(ImportReaderTest, TakesAnotherSeparatorAndSkipsLines) {
  const auto rows = RowsOf("exported today\na;b\n1,5;2\n", {.separator = ';', .skip_lines = 1});
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"3:1,5|2"}));
}

TEST(ImportReaderTest, LeavesBytesThatAreNotUtf8AsTheyAre) {
  const auto rows = RowsOf("a,b\n\xE9t\xE9,2\n");
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (Lines{"2:\xE9t\xE9|2"}));
}

TEST(ImportReaderTest, NamesThePlaceOfAQuoteThatIsNotClosed) {
  EXPECT_THAT(RowsOf("a,b\n1,2\n3,\"4\n5,6\n"),
              StatusIs(StatusCode::kInvalidArgument, "sales.csv:3:3: the quote is not closed"));
  EXPECT_THAT(
      RowsOf(absl::StrCat("a,b\n1,\"", std::string(2 << 20, 'x'))),
      StatusIs(StatusCode::kInvalidArgument, "sales.csv:2:3: the row goes on for more than"));
}

TEST(ImportReaderTest, NamesThePlaceOfTextBehindAQuote) {
  EXPECT_THAT(
      RowsOf("a,b\n1,\"2\"x\n"),
      StatusIs(StatusCode::kInvalidArgument, "sales.csv:2:6: text stands behind a closing quote"));
}

TEST(ImportReaderTest, NamesThePlaceOfAFieldTooManyOrTooFew) {
  const auto many = RowsOf("a,b\n1,2\n1,2,3,4\n5,6\n");
  ASSERT_OK(many);
  EXPECT_THAT(
      *many,
      testing::ElementsAre(
          "2:1|2", testing::HasSubstr("sales.csv:3:5: the row has 4 fields where 2 are expected"),
          "4:5|6"));
  const auto few = RowsOf("a,b,c\n1,2\n1,2,3\n");
  ASSERT_OK(few);
  EXPECT_THAT(*few,
              testing::ElementsAre(
                  testing::HasSubstr("sales.csv:2:3: the row has 2 fields where 3 are expected"),
                  "3:1|2|3"));
}

TEST(ImportReaderTest, CountsBytesUpToTheLastWholeRow) {
  const ImportFolder folder;
  const std::string good = "a,b\n1,2\n";
  const std::string text = absl::StrCat(good, "3,\"", std::string(1000, 'x'));
  for (const std::string& path : {folder.Write("s.csv", text), folder.WriteGzip("s.gz", text)}) {
    const auto reader = ImportReader::Open(path, {});
    ASSERT_OK(reader);
    InputRow row;
    ASSERT_TRUE(*(*reader)->Next(row));
    EXPECT_FALSE((*reader)->Next(row).ok());
    EXPECT_EQ((*reader)->text_bytes(), static_cast<int64_t>(good.size()));
    EXPECT_LT((*reader)->file_bytes_read(), (*reader)->file_bytes() / 10);
  }
}

TEST(ImportReaderTest, RefusesFilesItCannotRead) {
  const ImportFolder folder;
  EXPECT_THAT(Rows(folder.PathOf("missing.csv"), {}),
              StatusIs(StatusCode::kNotFound, "missing.csv cannot be opened: No such file"));
  EXPECT_THAT(Rows(folder.PathOf("."), {}), StatusIs(StatusCode::kInvalidArgument, "is a folder"));
  EXPECT_THAT(RowsOf(""), StatusIs(StatusCode::kInvalidArgument, "there is no heading line"));
  EXPECT_THAT(RowsOf(std::string("\xFF\xFE"
                                 "a\0",
                                 4)),
              StatusIs(StatusCode::kInvalidArgument, "is UTF-16"));
}

TEST(ImportReaderTest, TellsATruncatedGzip) {
  const ImportFolder folder;
  std::string text = "a\n";
  for (int i = 0; i < 10'000; ++i) absl::StrAppend(&text, i * 7919 % 10'007, "\n");
  const std::string path = folder.WriteGzip("whole.gz", text);
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  bytes.resize(bytes.size() / 2);
  EXPECT_THAT(Rows(folder.Write("half.gz", bytes), {}),
              StatusIs(StatusCode::kInvalidArgument, "cannot be unpacked further"));
}

}  // namespace
}  // namespace rapport::transactions
