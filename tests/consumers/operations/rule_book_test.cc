// Which rules a server answers by: activated, kept over a restart and a power cut, taken back.
#include "consumers/operations/rule_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "tests/kit/model_files.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::HasSubstr;
constexpr char kMilder[] =
    "parent: \"standard\" name: \"milder\"\n"
    "evaluate { friction { closed_unanswered: 400 } }";

class RuleBookTest : public testing::Test {
 protected:
  RuleBookTest() { Open(); }

  void Open(const std::string& rules_file = "") {
    engine_.reset();
    const auto alarm = [this](const std::string& what) { alarms_.push_back(what); };
    auto book = RuleBook::Open(&files_, folder_.path(), rules_file, alarm);
    ASSERT_OK(book.status());
    book_ = *std::move(book);
    operations_ = OperationBook::Open(&files_, folder_.path(), alarm).value();
    EngineOptions options;
    options.data_directory = folder_.path();
    options.partitions = 1;
    options.disk_reserve_permille = 0;
    engine_ = Engine::Open(options, book_->projection(), &clock_).value();
    book_->Serve(engine_.get(), operations_.get());
  }
  absl::StatusOr<v1::ActivateRulesResponse> Activate(const std::string& text,
                                                     const std::string& expected) {
    v1::ActivateRulesRequest request;
    request.set_rules_text(text);
    request.set_file("mine.textproto");
    request.set_expected_digest(expected);
    request.set_allow_refold(true);
    v1::ActivateRulesResponse response;
    const absl::Status status = book_->Activate(request, "", response);
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::RollbackRulesResponse> Rollback() {
    v1::RollbackRulesRequest request;
    request.set_expected_digest(Active());
    request.set_allow_refold(true);
    v1::RollbackRulesResponse response;
    const absl::Status status = book_->Rollback(request, "", response);
    if (!status.ok()) return status;
    return response;
  }
  void AwaitRefold(bool may_fail = false) {
    // What it ended by is written down, too.
    operations_->AwaitEnd(operations_->List().operations(0).id(), absl::InfiniteFuture());
    while (engine_->pipeline().rebuild().IsUnderWay()) std::this_thread::yield();
    if (!may_fail) {
      EXPECT_OK(engine_->pipeline().rebuild().cause);
    }
  }
  std::string Active() const { return book_->active_digest(); }
  // How the engine's answers name them.
  std::string Answering() const {
    return fold::RulesDigest(engine_->rules()->fold_digest(), engine_->rules()->evaluate_digest());
  }

  kit::ScratchFolder folder_;
  kit::ModelFiles files_;
  ManualClock clock_{20'000 * kMicrosPerDay};
  std::vector<std::string> alarms_;
  std::unique_ptr<OperationBook> operations_;
  std::unique_ptr<RuleBook> book_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(RuleBookTest, ActivatedRulesAnswerAtOnceAndAfterARestart) {
  const std::string standard = Active();
  const std::string evaluate = engine_->rules()->evaluate_digest();
  const auto answer = Activate(kMilder, standard);
  ASSERT_OK(answer.status());
  EXPECT_EQ(answer->previous_digest(), standard);
  EXPECT_NE(answer->rules_digest(), standard);
  EXPECT_EQ(answer->overruled_by(), "");
  EXPECT_NE(engine_->rules()->evaluate_digest(), evaluate);
  const std::string digest = Active();
  EXPECT_EQ(Answering(), digest) << "answers name the rules as the list does";
  const std::string answering = Answering();
  files_.Crash(1);
  Open();
  EXPECT_EQ(Active(), digest);
  EXPECT_EQ(Answering(), answering);
}

TEST_F(RuleBookTest, WhoExpectsOthersToBeActiveChangesNothing) {
  const std::string standard = Active();
  EXPECT_THAT(
      Activate(kMilder, "r-000000000000").status(),
      StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH: the active rules are " + standard));
  EXPECT_THAT(Activate(kMilder, "").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: expected_digest"));
  EXPECT_EQ(Active(), standard);
}

TEST_F(RuleBookTest, WrongRulesLeaveTheActiveOnesAsTheyAre) {
  const std::string standard = Active();
  const auto rules = engine_->rules();
  EXPECT_THAT(Activate("parent: \"standard\"\nevaluate { horizon_days: 0 }", standard).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "RULES_INVALID: mine.textproto:2:12: horizon_days must be 1..3650, is 0"));
  v1::ActivateRulesRequest refolding;
  refolding.set_rules_text("parent: \"standard\" fold { base_currency: \"GBP\" }");
  refolding.set_expected_digest(standard);
  v1::ActivateRulesResponse response;
  EXPECT_THAT(book_->Activate(refolding, "", response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "RULES_NEED_REFOLD: "));
  EXPECT_EQ(Active(), standard);
  EXPECT_EQ(engine_->rules(), rules);
  files_.Crash(1);
  Open();
  EXPECT_EQ(Active(), standard);
}

constexpr char kForgetful[] =
    "parent: \"standard\" name: \"forgetful\"\n"
    "fold { ring { name: \"spend\" half_life_days: 20 } }";

TEST_F(RuleBookTest, RulesThatFoldOtherwiseAnswerOnceTheFactsAreFoldedAnew) {
  const std::string standard = Active();
  const auto answer = Activate(kForgetful, standard);
  ASSERT_OK(answer.status());
  EXPECT_EQ(answer->previous_digest(), standard);
  ASSERT_TRUE(answer->has_operation());
  EXPECT_EQ(answer->operation().previous_digest(), standard);
  const std::string forgetful = answer->operation().rebuild().rules_digest();
  EXPECT_NE(forgetful, standard);
  AwaitRefold();
  EXPECT_EQ(Active(), forgetful);
  EXPECT_EQ(Answering(), forgetful);
  const Position then = engine_->pipeline().Applied();
  EXPECT_EQ((*book_->Find("AT_KNOWN", then))->digest(), forgetful);
  files_.Crash(1);
  Open();
  EXPECT_EQ(Active(), forgetful);
  EXPECT_EQ(Answering(), forgetful);
  const auto back = Rollback();
  ASSERT_OK(back.status());
  EXPECT_EQ(back->operation().rebuild().rules_digest(), standard);
  AwaitRefold();
  EXPECT_EQ(Active(), standard);
  EXPECT_EQ(Answering(), standard);
  Open();
  EXPECT_EQ(Active(), standard);
}

TEST_F(RuleBookTest, WhoActivatesMeanwhileComesFirst) {
  const std::string standard = Active();
  ASSERT_OK(Activate(kForgetful, standard).status());
  // However far that is: either these are refused, or they answer and the others are given up.
  const auto milder = Activate(kMilder, standard);
  AwaitRefold(/*may_fail=*/true);
  if (milder.ok()) {
    EXPECT_EQ(Active(), milder->rules_digest());
    EXPECT_THAT(engine_->pipeline().rebuild().cause,
                StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  } else {
    EXPECT_THAT(milder.status(), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
    EXPECT_NE(Active(), standard);
  }
  EXPECT_EQ(Answering(), Active());
}

TEST_F(RuleBookTest, APowerCutWhileFactsAreFoldedAnewLeavesTheRulesBeforeOrThoseAfter) {
  for (int64_t cut = 1; cut <= 20; ++cut) {
    SCOPED_TRACE(cut);
    const std::string before = Active();
    const std::string text =
        absl::StrReplaceAll(kForgetful, {{"days: 20", absl::StrCat("days: ", 20 + cut)}});
    files_.CutAt(cut);
    const auto answer = Activate(text, before);
    if (answer.ok()) AwaitRefold(/*may_fail=*/true);
    const std::string after = Active();
    EXPECT_EQ(Answering(), after);
    files_.CutAt(0);
    files_.Crash(static_cast<uint64_t>(cut));
    Open();
    if (after != before) {
      EXPECT_EQ(Active(), after) << "what answered stays";
    }
    EXPECT_EQ(Answering(), Active());
  }
}

TEST_F(RuleBookTest, APowerCutLeavesTheRulesBeforeOrThoseAfter) {
  const std::string standard = Active();
  for (int64_t cut = 1; cut <= 20; ++cut) {
    SCOPED_TRACE(cut);
    const std::string before = Active();
    const std::string text = absl::StrReplaceAll(kMilder, {{"400", absl::StrCat(400 + cut)}});
    files_.CutAt(cut);
    const auto answer = Activate(text, before);
    const std::string after = Active();
    EXPECT_EQ(answer.ok(), after != before);
    files_.CutAt(0);
    files_.Crash(static_cast<uint64_t>(cut));
    Open();
    if (answer.ok()) {
      EXPECT_EQ(Active(), after) << "what was answered stays";
    } else {
      EXPECT_TRUE(Active() == before || Active() != standard);
    }
  }
}

TEST_F(RuleBookTest, GoingBackLeadsFromRulesToThoseBefore) {
  const std::string standard = Active();
  EXPECT_THAT(Rollback().status(), StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN: "));
  ASSERT_OK(Activate(kMilder, standard).status());
  const std::string milder = Active();
  ASSERT_OK(Activate("parent: \"repair\"", milder).status());
  const auto back = Rollback();
  ASSERT_OK(back.status());
  EXPECT_EQ(back->rules_digest(), milder);
  EXPECT_EQ(Active(), milder);
  files_.Crash(2);
  Open();
  EXPECT_EQ(Active(), milder);
  ASSERT_OK(Rollback().status());
  EXPECT_EQ(Active(), standard);
  EXPECT_THAT(Rollback().status(), StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN: "));
}

TEST_F(RuleBookTest, TheCommandLineWinsAndSaysSo) {
  ASSERT_OK(Activate(kMilder, Active()).status());
  const std::string milder = Active();
  Open("repair");
  EXPECT_NE(Active(), milder);
  EXPECT_THAT(alarms_, testing::ElementsAre(HasSubstr(milder)));
  const auto now = book_->Find("AT_KNOWN", Position());
  ASSERT_OK(now.status());
  EXPECT_EQ(fold::RulesDigest((*now)->fold_digest(), (*now)->evaluate_digest()), Active());
  const auto answer = Activate(kMilder, Active());
  ASSERT_OK(answer.status());
  EXPECT_EQ(answer->overruled_by(), "repair");
  Open();
  EXPECT_EQ(Active(), milder);
}

TEST_F(RuleBookTest, ADamagedListIsWrittenAnewByTheNextActivation) {
  ASSERT_OK(Activate(kMilder, Active()).status());
  ASSERT_OK(files_.Write(folder_.path() + "/rules/active", "nonsense"));
  EXPECT_THAT(RuleBook::Open(&files_, folder_.path(), "", nullptr).status(),
              StatusIs(absl::StatusCode::kDataLoss, "RULES_DAMAGED: "));
  Open("repair");
  v1::ListRulesResponse response;
  ASSERT_OK(book_->List(v1::ListRulesRequest(), response));
  ASSERT_OK(Activate(kMilder, Active()).status());
  const std::string milder = Active();
  Open();
  EXPECT_EQ(Active(), milder);
}

TEST_F(RuleBookTest, ListsTheActiveOnesThoseOfTheProgramAndThoseOfBefore) {
  ASSERT_OK(Activate(kMilder, Active()).status());
  const std::string milder = Active();
  ASSERT_OK(Activate("parent: \"repair\"", milder).status());
  v1::ListRulesRequest request;
  request.set_with_text(true);
  v1::ListRulesResponse response;
  ASSERT_OK(book_->List(request, response));
  EXPECT_EQ(response.rules(0).rules_digest(), Active());
  EXPECT_TRUE(response.rules(0).active());
  EXPECT_THAT(response.rules(0).text(), HasSubstr("closed_unanswered: 700"));
  const v1::RulesEntry& last = response.rules(response.rules_size() - 1);
  EXPECT_EQ(last.rules_digest(), milder);
  EXPECT_EQ(last.name(), "milder");
  EXPECT_FALSE(last.built_in());
}

TEST_F(RuleBookTest, ChecksSayWhatAChangeTakes) {
  const auto change = [this](const std::string& text) {
    v1::CheckRulesRequest request;
    request.set_rules_text(text);
    request.set_file("mine");
    v1::CheckRulesResponse response;
    book_->Check(request, response);
    EXPECT_EQ(response.active_digest(), Active());
    return response.change();
  };
  EXPECT_EQ(change("parent: \"standard\""), v1::RULES_CHANGE_NONE);
  EXPECT_EQ(change(kMilder), v1::RULES_CHANGE_LIVE);
  EXPECT_EQ(change("parent: \"standard\" fold { base_currency: \"GBP\" }"),
            v1::RULES_CHANGE_NEEDS_REFOLD);
  EXPECT_EQ(change("parent: \"standard\" evaluate { horizon_days: 0 }"),
            v1::RULES_CHANGE_UNSPECIFIED);
}

}  // namespace
}  // namespace rapport::operations
