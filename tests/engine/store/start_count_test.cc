// Starts that are counted: those that ended in the middle, and never those ended on purpose.
#include "engine/store/start_count.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::store {
namespace {

using kit::ScratchFolder;
using kit::StatusIs;

class StartCountTest : public testing::Test {
 protected:
  std::string Mark() const { return folder_.path() + "/state.opening"; }

  const ScratchFolder folder_;
  StartCount count_;
};

TEST_F(StartCountTest, CountsOneMoreThanEarlierStartsLeft) {
  EXPECT_EQ(StartCount::In(Mark()), 0);
  ASSERT_OK(count_.Count(Mark()));
  EXPECT_EQ(StartCount::In(Mark()), 1);
  StartCount next;
  ASSERT_OK(next.Count(Mark()));
  EXPECT_EQ(StartCount::In(Mark()), 2);
  next.Clear(Mark());
  EXPECT_FALSE(std::filesystem::exists(Mark()));
}

TEST_F(StartCountTest, ForgivesTheStartThatItCountedAndNoOther) {
  ASSERT_OK(count_.Count(Mark()));
  StartCount next;
  ASSERT_OK(next.Count(Mark()));
  next.Forgive();
  EXPECT_EQ(StartCount::In(Mark()), 1);
  next.Forgive();
  EXPECT_EQ(StartCount::In(Mark()), 1);
  count_.Forgive();
  EXPECT_FALSE(std::filesystem::exists(Mark()));
}

TEST_F(StartCountTest, LeavesTheMarkAloneWhenItIsForgivenBeforeItIsCounted) {
  std::ofstream(Mark()) << "3";
  count_.Forgive();
  EXPECT_EQ(StartCount::In(Mark()), 3);
  ASSERT_OK(count_.Count(Mark()));
  EXPECT_EQ(StartCount::In(Mark()), 3);
}

TEST_F(StartCountTest, BringsNoMarkBackThatWasCleared) {
  std::ofstream(Mark()) << "1";
  ASSERT_OK(count_.Count(Mark()));
  count_.Clear(Mark());
  count_.Forgive();
  EXPECT_FALSE(std::filesystem::exists(Mark()));
}

TEST_F(StartCountTest, SaysThatAMarkCannotBeWritten) {
  EXPECT_THAT(count_.Count(folder_.path() + "/missing/state.opening"),
              StatusIs(absl::StatusCode::kInternal, "look at the disk"));
}

}  // namespace
}  // namespace rapport::store
