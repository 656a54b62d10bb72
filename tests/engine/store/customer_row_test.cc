// A customer as a row: round trips, and bytes that are none.
#include "engine/store/customer_row.h"

#include <gtest/gtest.h>

#include "engine/model/aliases.h"
#include "engine/model/links.h"
#include "tests/kit/status_matchers.h"

namespace rapport::store {
namespace {

using kit::StatusIs;

// Five touches at offsets 10 to 50.
const std::string& Tail() {
  static const auto* const kTail = [] {
    TouchList list;
    for (Offset offset = 10; offset <= 50; offset += 10) list.Append(offset, 7);
    return new std::string(list.tail());
  }();
  return *kTail;
}

// Of two revisions, at offsets 20 and 50.
const std::string& Revisions() {
  static const auto* const kRevisions = [] {
    TouchList list;
    for (const Offset offset : {20, 50}) list.NoteRevision(offset, 9);
    return new std::string(list.EncodedRevisions());
  }();
  return *kRevisions;
}

const std::string& LinksBytes() {
  static const auto* const kLinks = [] {
    Links links;
    links.Say({"cust-2", {20, {0, 1}}, Link::Word::kGoesInto});
    return new std::string(links.Encode());
  }();
  return *kLinks;
}

const std::string& AliasesBytes() {
  static const auto* const kAliases = [] {
    Aliases aliases;
    aliases.Link({7}, {5, EventId{0, 5}});
    return new std::string(aliases.Encode());
  }();
  return *kAliases;
}

CustomerRow ARow() {
  CustomerRow row;
  row.folded_to = 123'456;
  row.greatest_id = {0x0102030405060708, 0xf1f2f3f4f5f6f7f8};
  row.quarantined = 300;
  row.chunks = 2;
  row.tail_size = 5;
  row.tail = Tail();
  row.revisions = Revisions();
  row.links = LinksBytes();
  row.aliases = AliasesBytes();
  row.facts = absl::string_view("facts\0bytes", 11);
  return row;
}

std::string BytesOf(const CustomerRow& row) {
  std::string bytes;
  row.AppendTo(bytes);
  return bytes;
}

void ExpectEqual(const CustomerRow& a, const CustomerRow& b) {
  EXPECT_EQ(a.folded_to, b.folded_to);
  EXPECT_EQ(a.greatest_id, b.greatest_id);
  EXPECT_EQ(a.quarantined, b.quarantined);
  EXPECT_EQ(a.chunks, b.chunks);
  EXPECT_EQ(a.tail_size, b.tail_size);
  EXPECT_EQ(a.tail, b.tail);
  EXPECT_EQ(a.revisions, b.revisions);
  EXPECT_EQ(a.links, b.links);
  EXPECT_EQ(a.aliases, b.aliases);
  EXPECT_EQ(a.facts, b.facts);
}

TEST(CustomerRowTest, ComesBackFromItsBytes) {
  const std::string bytes = BytesOf(ARow());
  const auto row = CustomerRow::Parse(bytes);
  ASSERT_OK(row);
  ExpectEqual(*row, ARow());
  EXPECT_EQ(row->touches(), 2 * kTouchesPerChunk + 5);
}

TEST(CustomerRowTest, AnEmptyRowComesBackToo) {
  const std::string bytes = BytesOf(CustomerRow());
  const auto row = CustomerRow::Parse(bytes);
  ASSERT_OK(row);
  ExpectEqual(*row, CustomerRow());
  EXPECT_EQ(row->folded_to, -1);
}

TEST(CustomerRowTest, TruncatedBytesAreNoRowWhereverTheyEnd) {
  const std::string bytes = BytesOf(ARow());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(CustomerRow::Parse(absl::string_view(bytes).substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss, "delete the folder `state`"))
        << size;
  }
}

TEST(CustomerRowTest, BytesBehindARowAreRefused) {
  EXPECT_THAT(CustomerRow::Parse(BytesOf(ARow()) + "x"), StatusIs(absl::StatusCode::kDataLoss, ""));
}

TEST(CustomerRowTest, AnotherVersionIsRefused) {
  std::string bytes = BytesOf(ARow());
  bytes[0] = 3;
  EXPECT_THAT(CustomerRow::Parse(bytes), StatusIs(absl::StatusCode::kDataLoss, ""));
}

TEST(CustomerRowTest, TouchesThatTheListCannotGoOnFromAreRefused) {
  const auto expect_refused = [](const CustomerRow& row) {
    EXPECT_THAT(CustomerRow::Parse(BytesOf(row)), StatusIs(absl::StatusCode::kDataLoss, ""));
  };
  CustomerRow row = ARow();
  row.tail_size = 4;
  expect_refused(row);
  row = ARow();
  row.tail = "not touches";
  expect_refused(row);
  row = ARow();
  row.folded_to = 49;
  expect_refused(row);
  row = CustomerRow();
  row.chunks = 1;
  row.folded_to = kTouchesPerChunk - 2;
  expect_refused(row);
  row = ARow();
  row.chunks = UINT32_MAX / kTouchesPerChunk;
  expect_refused(row);
}

TEST(CustomerRowTest, NotesOfRevisionsThatCannotBeTouchesAreRefused) {
  const auto expect_refused = [](const CustomerRow& row) {
    EXPECT_THAT(CustomerRow::Parse(BytesOf(row)), StatusIs(absl::StatusCode::kDataLoss, ""));
  };
  CustomerRow row = ARow();
  row.revisions = "no notes";
  expect_refused(row);
  row = ARow();
  row.tail_size = 0;
  row.tail = "";
  row.folded_to = 49;
  ASSERT_OK(CustomerRow::Parse(BytesOf(ARow())));
  row.chunks = 0;
  expect_refused(row);
  row.folded_to = 50;
  // More notes than touches.
  expect_refused(row);
}

TEST(CustomerRowTest, LinksThatAreNoneAreRefused) {
  CustomerRow row = ARow();
  row.links = "no links";
  EXPECT_THAT(CustomerRow::Parse(BytesOf(row)), StatusIs(absl::StatusCode::kDataLoss, ""));
}

TEST(CustomerRowTest, AnOffsetBeyondTheLastIsRefused) {
  std::string bytes = BytesOf(CustomerRow());
  // folded_to plus one stands behind the version.
  bytes.replace(1, 1, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");  // 2^63
  EXPECT_THAT(CustomerRow::Parse(bytes), StatusIs(absl::StatusCode::kDataLoss, ""));
}

}  // namespace
}  // namespace rapport::store
