// What a life leaves behind when it ends in the midst of folding.
#include "engine/pipeline/breadcrumbs.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/kit/scratch_folder.h"

namespace rapport::pipeline {
namespace {

class BreadcrumbsTest : public testing::Test {
 protected:
  std::unique_ptr<Breadcrumbs> Open(int partitions = 2) {
    return Breadcrumbs::Open(path_, partitions).value();
  }

  std::string ReadFile() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void WriteFile(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  kit::ScratchFolder folder_;
  const std::string path_ = folder_.path() + "/breadcrumbs";
};

TEST_F(BreadcrumbsTest, ATidyEndLeavesNothingToSuspect) {
  auto crumbs = Open();
  crumbs->BeginBatch(1, 600, 700);
  crumbs->EndBatch(1);
  { Breadcrumbs::Record record(*crumbs, 1, 700); }
  crumbs.reset();
  crumbs = Open();
  EXPECT_EQ(crumbs->Of(1).careful_to, 0);
  EXPECT_EQ(crumbs->Of(1).record, -1);
}

TEST_F(BreadcrumbsTest, ADeathInABatchMakesCarefulAboutThatBatch) {
  Open()->BeginBatch(1, 600, 700);
  const auto crumbs = Open();
  EXPECT_EQ(crumbs->Of(1).careful_from, 600);
  EXPECT_EQ(crumbs->Of(1).careful_to, 700);
  EXPECT_EQ(crumbs->Of(1).deaths, 0u) << "of none in particular";
  EXPECT_EQ(crumbs->Of(0).careful_to, 0) << "the other partition was at rest";
}

TEST_F(BreadcrumbsTest, DeathsAtOneRecordAreCountedOneAfterTheOther) {
  const auto die_at = [this](Offset offset) {
    const auto crumbs = Open();
    // Never taken back, as when the process ends.
    auto* record = new Breadcrumbs::Record(*crumbs, 0, offset);
    const std::string left = ReadFile();
    delete record;
    WriteFile(left);
  };
  die_at(40);
  die_at(40);
  EXPECT_EQ(Open()->Of(0).deaths, 2u);
  EXPECT_EQ(Open()->Of(0).record, 40);
  EXPECT_EQ(Open()->Of(0).careful_to, 41);
  EXPECT_EQ(Open()->Of(0).deaths, 2u) << "opening alone is no death";
  die_at(12);
  EXPECT_EQ(Open()->Of(0).deaths, 1u) << "another record";
  EXPECT_EQ(Open()->Of(0).careful_from, 12);
  EXPECT_EQ(Open()->Of(0).careful_to, 41);
  Open()->Clear(0);
  EXPECT_EQ(Open()->Of(0).deaths, 0u);
}

TEST_F(BreadcrumbsTest, WhatIsDamagedOrForeignIsNoSuspicion) {
  WriteFile(std::string(192, '\x7f'));
  EXPECT_EQ(Open()->Of(0).careful_to, 0);
  Open()->BeginBatch(0, 80, 90);
  EXPECT_EQ(Open(3)->Of(0).careful_to, 0) << "of another number of partitions";
}

}  // namespace
}  // namespace rapport::pipeline
