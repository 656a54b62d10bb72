// Touch lists: chunks, tags, and the way to disk and back.
#include "engine/store/touch_list.h"

#include <gtest/gtest.h>

namespace rapport::store {
namespace {

constexpr uint32_t TagOf(Offset offset) { return static_cast<uint32_t>(offset * 2'654'435'761); }

TouchList ListOf(int touches, Offset step = 3) {
  TouchList list;
  for (Offset i = 0; i < touches; ++i) list.Append(i * step, TagOf(i * step));
  return list;
}

// Everything in the list, chunk by chunk.
std::vector<Touch> Decoded(const TouchList& list) {
  std::vector<Touch> touches;
  for (const std::string& chunk : list.unsaved()) EXPECT_TRUE(DecodeTouches(chunk, touches));
  EXPECT_TRUE(DecodeTouches(list.tail(), touches));
  return touches;
}

TEST(TouchListTest, FillsAChunkAndBeginsTheNext) {
  const auto chunk = static_cast<int>(kTouchesPerChunk);
  for (const int touches : {0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5}) {
    const TouchList list = ListOf(touches);
    EXPECT_EQ(list.size(), static_cast<uint32_t>(touches));
    EXPECT_EQ(list.chunks(), static_cast<uint32_t>(touches / chunk));
    EXPECT_EQ(list.unsaved().size(), list.chunks());
    EXPECT_EQ(list.first_unsaved(), 0u);
    const std::vector<Touch> decoded = Decoded(list);
    ASSERT_EQ(decoded.size(), static_cast<size_t>(touches));
    for (Offset i = 0; i < touches; ++i) {
      EXPECT_EQ(decoded[static_cast<size_t>(i)], (Touch{i * 3, TagOf(i * 3)}));
    }
  }
}

TEST(TouchListTest, ATruncatedChunkIsNone) {
  const TouchList list = ListOf(3, 1000);
  const std::string tail(list.tail());
  std::vector<size_t> whole;
  for (size_t size = 0; size <= tail.size(); ++size) {
    std::vector<Touch> touches;
    if (DecodeTouches(absl::string_view(tail).substr(0, size), touches)) whole.push_back(size);
  }
  // Only where a touch ends: offset 0, then two of a thousand more.
  EXPECT_EQ(whole, (std::vector<size_t>{0, 5, 11, 17}));
}

TEST(TouchListTest, OffsetsThatDoNotAscendAreNoChunk) {
  const std::string tag(4, 't');
  const std::string most("\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9);  // 2^63 - 1.
  std::vector<Touch> touches;
  EXPECT_TRUE(DecodeTouches(most + tag, touches));
  EXPECT_FALSE(DecodeTouches("\x05" + tag + '\0' + tag, touches)) << "the same again";
  EXPECT_FALSE(DecodeTouches("\x05" + tag + most + tag, touches)) << "beyond the last offset";
  EXPECT_FALSE(DecodeTouches("\x80" + most.substr(0, 8) + "\x01" + tag, touches)) << "2^63";
}

TEST(TouchListTest, KnowsItsTagsUntilAChunkIsElsewhere) {
  TouchList list = ListOf(50);
  EXPECT_TRUE(list.AllTagsResident());
  EXPECT_TRUE(list.HasTag(TagOf(3 * 49)));
  EXPECT_FALSE(list.HasTag(TagOf(3 * 50)));
  list = ListOf(200);
  EXPECT_FALSE(list.AllTagsResident());
}

TEST(TouchListTest, LoadedTagsHoldRowsUnsavedChunksTailAndWhatComes) {
  TouchList list = ListOf(500);
  std::vector<Touch> first_rows;
  ASSERT_TRUE(DecodeTouches(list.unsaved()[0], first_rows));
  list.Saved(1);
  list.LoadTags(first_rows);
  EXPECT_TRUE(list.AllTagsResident());
  list.Append(10'000, TagOf(10'000));
  for (Offset i = 0; i < 500; ++i) EXPECT_TRUE(list.HasTag(TagOf(i * 3))) << i;
  EXPECT_TRUE(list.HasTag(TagOf(10'000)));
  EXPECT_FALSE(list.HasTag(TagOf(1)));
}

TEST(TouchListTest, SavedForgetsChunksUpToTheNumber) {
  TouchList list = ListOf(4 * static_cast<int>(kTouchesPerChunk) + 1);
  const std::string third = list.unsaved()[2];
  list.Saved(2);
  EXPECT_EQ(list.first_unsaved(), 2u);
  ASSERT_EQ(list.unsaved().size(), 2u);
  EXPECT_EQ(list.unsaved()[0], third);
  list.Saved(1);
  EXPECT_EQ(list.unsaved().size(), 2u) << "an older commit takes nothing back";
  list.Saved(4);
  EXPECT_TRUE(list.unsaved().empty());
  EXPECT_EQ(list.first_unsaved(), 4u);
  EXPECT_EQ(list.size(), 4 * kTouchesPerChunk + 1);
}

// What is folded while a commit is under way is not of that commit.
TEST(TouchListTest, AChunkFilledDuringACommitStaysUnsaved) {
  TouchList list = ListOf(static_cast<int>(kTouchesPerChunk));
  for (Offset i = 0; i < kTouchesPerChunk; ++i) list.Append(10'000 + i, TagOf(i));
  list.Saved(1);
  EXPECT_EQ(list.first_unsaved(), 1u);
  EXPECT_EQ(list.unsaved().size(), 1u);
}

TEST(TouchListTest, GoesOnFromARowAsIfItHadNeverLeft) {
  for (const int touches : {1, 127, 128, 129, 300}) {
    TouchList kept = ListOf(touches);
    const uint32_t chunks = kept.chunks();
    kept.Saved(chunks);
    TouchList back =
        TouchList::FromRow(chunks, kept.tail(), kept.size() - chunks * kTouchesPerChunk);
    EXPECT_EQ(back.size(), kept.size());
    for (Offset i = 0; i < 200; ++i) {
      kept.Append(5'000 + i * 7, TagOf(i));
      back.Append(5'000 + i * 7, TagOf(i));
    }
    EXPECT_EQ(back.tail(), kept.tail());
    EXPECT_EQ(back.unsaved(), kept.unsaved());
    EXPECT_EQ(back.first_unsaved(), chunks);
  }
}

TEST(TouchListTest, NotesOfRevisionsAreKeptBesideTheTouches) {
  TouchList list = ListOf(300);
  EXPECT_TRUE(list.EncodedRevisions().empty());
  EXPECT_FALSE(list.IsRevised(7));
  list.NoteRevision(0, 7);
  list.NoteRevision(40, 8);
  list.NoteRevision(4'000, 7);
  EXPECT_TRUE(list.IsRevised(7) && list.IsRevised(8));
  EXPECT_FALSE(list.IsRevised(9));
  EXPECT_EQ(list.size(), 300u);
  const std::vector<Touch> notes = {{0, 7}, {40, 8}, {4'000, 7}};
  EXPECT_EQ(list.revisions(), notes);
  TouchList back =
      TouchList::FromRow(2, list.tail(), 300 - 2 * kTouchesPerChunk, list.EncodedRevisions());
  EXPECT_EQ(back.revisions(), notes);
  EXPECT_TRUE(back.IsRevised(8));
  EXPECT_FALSE(back.AllTagsResident());
  back.NoteRevision(5'000, 1);
  EXPECT_EQ(back.EncodedRevisions().substr(0, list.EncodedRevisions().size()),
            list.EncodedRevisions());
}

TEST(TouchListDeathTest, NotesOfRevisionsMustRise) {
  TouchList list;
  list.NoteRevision(5, 1);
  EXPECT_DEATH(list.NoteRevision(5, 2), "broken invariant");
}

TEST(TouchListTest, CountsTheBytesItHolds) {
  EXPECT_EQ(TouchList().HeapBytes(), 0u);
  TouchList list = ListOf(1'000);
  const size_t unsaved = list.HeapBytes();
  EXPECT_GE(unsaved, 1'000u * 5);
  list.Saved(list.chunks());
  EXPECT_LT(list.HeapBytes(), unsaved / 2);
}

TEST(TouchListDeathTest, OffsetsMustRise) {
  TouchList list = ListOf(2);
  EXPECT_DEATH(list.Append(3, 1), "broken invariant");
}

}  // namespace
}  // namespace rapport::store
