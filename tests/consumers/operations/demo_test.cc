// The demo as a whole: in this process without serving, and as a program that is stopped.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "consumers/operations/command_demo.h"
#include "consumers/operations/demo_report.h"
#include "engine/base/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Temporary folders of the demo go to a scratch folder, so that what is left behind shows.
class DemoTest : public testing::Test {
 protected:
  DemoTest() { setenv("TMPDIR", temporary_.c_str(), 1); }
  ~DemoTest() override {
    if (was_.empty()) {
      unsetenv("TMPDIR");
    } else {
      setenv("TMPDIR", was_.c_str(), 1);
    }
  }

  absl::Status Run(const Demo& demo) {
    testing::internal::CaptureStdout();
    const absl::Status status = RunDemo(demo);
    printed_ = testing::internal::GetCapturedStdout();
    return status;
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(folder_.path(), "/", name);
    std::ofstream(path) << text;
    return path;
  }

  bool NothingIsLeft() const { return std::filesystem::is_empty(temporary_); }

  const std::string was_ = getenv("TMPDIR") == nullptr ? "" : getenv("TMPDIR");
  const kit::ScratchFolder folder_;
  const std::string temporary_ = [this] {
    std::filesystem::create_directory(folder_.path() + "/tmp");
    return folder_.path() + "/tmp";
  }();
  std::string printed_;
};

constexpr char kMapping[] = R"(
[file]
format = "csv"
source = "shop"
[ids]
event_id = "row:{line}"
customer_id = { column = "customer" }
[[event]]
kind = "PurchaseMade"
occurred_at = { column = "day", format = "%Y-%m-%d" }
amount = { sum = "amount", currency = "EUR" }
)";

TEST_F(DemoTest, TellsWhoComesFirstAndLeavesNothingBehind) {
  ASSERT_TRUE(Run({.customers = 40, .no_serve = true}).ok());
  EXPECT_THAT(printed_, HasSubstr("40 customers"));
  EXPECT_THAT(printed_, HasSubstr("8 partitions, lag 0"));
  EXPECT_THAT(printed_, HasSubstr("COMMITMENT"));
  EXPECT_THAT(printed_, HasSubstr("cust-0052    10 days overdue: Resolve the complaint"));
  EXPECT_THAT(printed_, HasSubstr("cust-0417    4 days overdue: Resolve the complaint"));
  // By priority, then by how late it is.
  EXPECT_LT(printed_.find("cust-0052    10 days"), printed_.find("cust-0417    4 days"));
  EXPECT_THAT(printed_,
              ContainsRegex("At risk: no purchase since [-0-9]+, [0-9]+ days ago, with "
                            "one about every [0-9]+ days before, and nobody has asked how "
                            "things are; EUR [0-9.]+ spent so far"));
  // Unresolved complaints before what would be kind.
  EXPECT_LT(printed_.find("complaint_resolve "), printed_.find("thank_you "));
  EXPECT_THAT(printed_, ContainsRegex("Held back   [0-9]+ of [0-9]+ contacts nobody asked for: "
                                      "[0-9]+ by the budget of 2 in 7 days"));
  // What each life is: its mixture of types and how it is served.
  EXPECT_THAT(printed_, ContainsRegex("collaborative: [0-9]+ % transactional, [0-9]+ % "
                                      "collaborative, .*; served dedicated; owed"));
  EXPECT_THAT(printed_, HasSubstr("90 days ago"));
  EXPECT_THAT(printed_, HasSubstr("FRICTION"));
  EXPECT_THAT(printed_, HasSubstr("Proof     40 customers folded anew from the log"));
  EXPECT_THAT(printed_, HasSubstr("Try next\n  rapport demo --keep DIR\n"));
  EXPECT_THAT(printed_, Not(HasSubstr("\r")));
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, KeepsTheStoreWhereItIsToldTo) {
  const std::string kept = folder_.path() + "/kept";
  ASSERT_TRUE(Run({.customers = 12, .keep = kept, .no_serve = true}).ok());
  EXPECT_TRUE(std::filesystem::exists(kept + "/archive"));
  EXPECT_THAT(printed_, HasSubstr(absl::StrCat("--data ", kept)));
  EXPECT_TRUE(NothingIsLeft());
  // A second history would be mixed with the first.
  EXPECT_THAT(Run({.customers = 12, .keep = kept, .no_serve = true}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "holds something already"));
}

TEST_F(DemoTest, LooksAtAnOldHistoryFromItsOwnEnd) {
  Demo demo{.no_serve = true};
  demo.file = Write(
      "sales.csv", "customer,day,amount\nana,2011-01-05,20\nana,2011-02-03,30\nben,2011-03-01,5\n");
  demo.mapping = Write("shop.toml", kMapping);
  ASSERT_TRUE(Run(demo).ok());
  EXPECT_THAT(printed_, HasSubstr("3 events of 2 customers: 3 purchases"));
  EXPECT_THAT(printed_,
              HasSubstr("the newest event is of 2011-03-01: today is taken to be 2011-03-02"));
  EXPECT_THAT(printed_, HasSubstr("EXPLORATION       1   50 %"));
  EXPECT_THAT(printed_, HasSubstr("as of 2011-03-02T00:00:00Z"));
  EXPECT_THAT(printed_, HasSubstr("90 days ago  2010-12-02: COMMITMENT 0 (now 0)"));
  EXPECT_THAT(printed_, Not(HasSubstr("lives worth reading")));
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, LeavesNothingBehindWhenTheFileIsMissing) {
  Demo demo{.file = folder_.path() + "/none.csv", .mapping = Write("shop.toml", kMapping)};
  demo.no_serve = true;
  EXPECT_THAT(Run(demo), StatusIs(absl::StatusCode::kNotFound, "none.csv"));
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, SaysSoWhenTheFileGivesNoEvent) {
  Demo demo{.no_serve = true};
  demo.file = Write("sales.csv", "customer,day,amount\nana,soon,20\n");
  demo.mapping = Write("shop.toml", kMapping);
  EXPECT_THAT(Run(demo), StatusIs(absl::StatusCode::kInvalidArgument, "no event came out of"));
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, RefusesAFileWithoutMapping) {
  EXPECT_THAT(Run({.file = "sales.csv"}),
              StatusIs(absl::StatusCode::kInvalidArgument, "--data needs --map"));
  EXPECT_THAT(Run({.mapping = "shop.toml"}),
              StatusIs(absl::StatusCode::kInvalidArgument, "--map needs --data"));
}

TEST_F(DemoTest, RefusesAnAddressThatOthersCanReach) {
  EXPECT_THAT(Run({.customers = 12, .grpc = "0.0.0.0:0"}),
              StatusIs(absl::StatusCode::kInvalidArgument, "only this machine"));
  EXPECT_TRUE(NothingIsLeft());
}

// A socket that listens on a port of its own.
class BusyPort {
 public:
  BusyPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, any, size), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    EXPECT_EQ(getsockname(socket_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~BusyPort() { close(socket_); }
  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
};

// `rapport` with these arguments, its stdout in a pipe, its stderr in a file.
class Program {
 public:
  Program(const std::vector<std::string>& arguments, std::string errors)
      : errors_(std::move(errors)) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.data()));
    argv.push_back(nullptr);
    id_ = fork();
    if (id_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      if (freopen(errors_.c_str(), "w", stderr) == nullptr) _exit(99);
      execv(argv[0], argv.data());
      _exit(99);
    }
    close(ends[1]);
    out_ = fdopen(ends[0], "r");
  }
  ~Program() {
    if (id_ > 0) Stop(SIGKILL);
    fclose(out_);
  }

  // What it prints up to and with the first line that holds `text`, or all of it.
  std::string ReadUpTo(const std::string& text) {
    std::string read;
    char line[4096];
    while (fgets(line, sizeof(line), out_) != nullptr) {
      read += line;
      if (read.find(text) != std::string::npos) break;
    }
    return read;
  }

  // Its exit code.
  int Stop(int signal) {
    if (signal != 0) kill(id_, signal);
    int status = 0;
    waitpid(id_, &status, 0);
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string Errors() const {
    std::stringstream text;
    text << std::ifstream(errors_).rdbuf();
    return text.str();
  }

 private:
  const std::string errors_;
  pid_t id_ = 0;
  FILE* out_ = nullptr;
};

const char kProgram[] = RAPPORT_BINARY_DIR "/rapport";

TEST_F(DemoTest, ServesOnAnotherPortWhenItsOwnIsTaken) {
  const BusyPort busy;
  const std::string taken = absl::StrCat("127.0.0.1:", busy.port());
  Program demo({kProgram, "demo", "--customers", "20", "--grpc", taken}, folder_.path() + "/demo");
  const std::string printed = demo.ReadUpTo("until Ctrl-C");
  EXPECT_THAT(printed,
              HasSubstr(taken + " is in use by another program: the demo answers on port"));
  // Each command it names is answered by it.
  int commands = 0;
  for (const absl::string_view line : absl::StrSplit(printed, '\n')) {
    if (!absl::StartsWith(line, absl::StrCat("  ", kProgram, " "))) continue;
    ++commands;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    Program command(words, folder_.path() + "/command");
    EXPECT_THAT(command.ReadUpTo("cust-"), HasSubstr("cust-")) << line;
    EXPECT_EQ(command.Stop(0), 0) << line << command.Errors();
  }
  EXPECT_EQ(commands, 3);
  EXPECT_EQ(demo.Stop(SIGINT), 0);
  EXPECT_EQ(demo.Errors(), "");
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, LeavesNothingBehindWhenItIsInterruptedAtWork) {
  Program demo({kProgram, "demo", "--customers", "6000", "--no-serve"}, folder_.path() + "/demo");
  demo.ReadUpTo("customers");
  EXPECT_EQ(demo.Stop(SIGTERM), 130);
  EXPECT_THAT(demo.Errors(), HasSubstr("interrupted"));
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(DemoTest, EndsAtOnceWhileTheShopIsMadeUp) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Program demo({kProgram, "demo", "--customers", "100000", "--no-serve"},
                 folder_.path() + "/demo");
    // It has its folder, and the shop takes far longer to make up than the test waits.
    while (NothingIsLeft()) std::this_thread::yield();
    const absl::Time begun = absl::Now();
    EXPECT_EQ(demo.Stop(signal), 130);
    EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
    EXPECT_THAT(demo.Errors(), HasSubstr("interrupted"));
    EXPECT_TRUE(NothingIsLeft());
  }
}

v1::FollowUp AFollowUp(v1::FollowUpClass cls, v1::FollowUpStatus status, int64_t by_us) {
  v1::FollowUp follow_up;
  follow_up.set_class_(cls);
  follow_up.set_status(status);
  follow_up.set_by_us(by_us);
  return follow_up;
}

TEST(NeedOfTest, PutsOverdueWorkBeforeEverything) {
  v1::Standing standing;
  standing.add_flags()->set_flag(v1::FLAG_AT_RISK);
  *standing.add_follow_ups() =
      AFollowUp(v1::FOLLOW_UP_CLASS_COURTESY, v1::FOLLOW_UP_STATUS_OVERDUE, 1);
  *standing.add_follow_ups() =
      AFollowUp(v1::FOLLOW_UP_CLASS_INTERNAL, v1::FOLLOW_UP_STATUS_OVERDUE, 5);
  *standing.add_follow_ups() = AFollowUp(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_OVERDUE, 3);
  const DemoNeed need = NeedOf("ana", standing);
  EXPECT_EQ(need.sort, NeedSort::kOverdueWork);
  EXPECT_EQ(need.follow_up.by_us(), 3);
}

v1::FollowUp AnUrgent(uint32_t priority, v1::FollowUp follow_up) {
  follow_up.set_priority(priority);
  return follow_up;
}

TEST(NeedOfTest, RanksWorkByPriorityBeforeLateness) {
  v1::Standing standing;
  *standing.add_follow_ups() =
      AnUrgent(2, AFollowUp(v1::FOLLOW_UP_CLASS_SERVICE, v1::FOLLOW_UP_STATUS_OVERDUE, 1));
  *standing.add_follow_ups() =
      AnUrgent(1, AFollowUp(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_OVERDUE, 9));
  *standing.add_follow_ups() =
      AnUrgent(1, AFollowUp(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_OVERDUE, 7));
  EXPECT_EQ(NeedOf("ana", standing).follow_up.by_us(), 7);
}

TEST(NeedOfTest, PutsWhatCanWaitInsideBehindTheRisk) {
  v1::Standing standing;
  standing.add_flags()->set_flag(v1::FLAG_AT_RISK);
  *standing.add_follow_ups() =
      AnUrgent(3, AFollowUp(v1::FOLLOW_UP_CLASS_INTERNAL, v1::FOLLOW_UP_STATUS_OVERDUE, 1));
  EXPECT_EQ(NeedOf("ana", standing).sort, NeedSort::kAtRisk);
  standing.clear_flags();
  EXPECT_EQ(NeedOf("ana", standing).sort, NeedSort::kOverdueRest);
}

TEST(NeedOfTest, KnowsWhomNobodyHasAsked) {
  v1::Standing standing;
  standing.add_flags()->set_flag(v1::FLAG_AT_RISK);
  v1::FollowUp& check = *standing.add_follow_ups() =
      AFollowUp(v1::FOLLOW_UP_CLASS_COURTESY, v1::FOLLOW_UP_STATUS_OVERDUE, 1);
  check.set_policy("check_in");
  EXPECT_TRUE(NeedOf("ana", standing).unasked);
  check.set_status(v1::FOLLOW_UP_STATUS_DONE);
  EXPECT_FALSE(NeedOf("ana", standing).unasked);
}

TEST(CountContactsTest, CountsWhatItIsTimeForAndWhyItRests) {
  v1::Standing standing;
  standing.set_as_of_us(10);
  const auto add = [&](v1::FollowUpClass cls, v1::FollowUpStatus status, v1::Suppression reason) {
    v1::FollowUp& follow_up = *standing.add_follow_ups() = AFollowUp(cls, status, 20);
    follow_up.set_policy("thank_you");
    follow_up.set_suppressed_by(reason);
  };
  const auto none = v1::SUPPRESSION_UNSPECIFIED;
  const auto rests = v1::FOLLOW_UP_STATUS_SUPPRESSED;
  add(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_OVERDUE, none);
  add(v1::FOLLOW_UP_CLASS_COURTESY, v1::FOLLOW_UP_STATUS_OVERDUE, none);
  add(v1::FOLLOW_UP_CLASS_SALES, v1::FOLLOW_UP_STATUS_DUE, none);
  add(v1::FOLLOW_UP_CLASS_SALES, v1::FOLLOW_UP_STATUS_DONE, none);
  add(v1::FOLLOW_UP_CLASS_COURTESY, rests, v1::SUPPRESSION_BUDGET);
  add(v1::FOLLOW_UP_CLASS_COURTESY, rests, v1::SUPPRESSION_OPTED_OUT);
  add(v1::FOLLOW_UP_CLASS_SALES, rests, v1::SUPPRESSION_OPEN_CASE);
  add(v1::FOLLOW_UP_CLASS_SALES, rests, v1::SUPPRESSION_SNOOZED);
  // It is not yet time for this one.
  add(v1::FOLLOW_UP_CLASS_SALES, rests, v1::SUPPRESSION_OPEN_CASE);
  standing.mutable_follow_ups()->rbegin()->set_from_us(11);
  DemoContacts contacts;
  CountContacts(standing, contacts);
  EXPECT_EQ(contacts.all, 6);
  EXPECT_EQ(contacts.by_budget, 1);
  EXPECT_EQ(contacts.by_refusal, 1);
  EXPECT_EQ(contacts.by_open_case, 1);
  EXPECT_EQ(contacts.otherwise, 1);
  EXPECT_THAT(contacts.crowded_out, testing::ElementsAre(testing::Pair("thank_you", 1)));
}

TEST(NeedOfTest, PutsTheRiskBeforeACourtesy) {
  v1::Standing standing;
  standing.add_flags()->set_flag(v1::FLAG_AT_RISK);
  *standing.add_follow_ups() =
      AFollowUp(v1::FOLLOW_UP_CLASS_COURTESY, v1::FOLLOW_UP_STATUS_OVERDUE, 1);
  const DemoNeed need = NeedOf("ana", standing);
  EXPECT_EQ(need.sort, NeedSort::kAtRisk);
  EXPECT_EQ(need.follow_up.by_us(), 0);
}

TEST(NeedOfTest, HasNoneWhereNothingIsDue) {
  v1::Standing standing;
  standing.add_flags()->set_flag(v1::FLAG_WON_BACK);
  *standing.add_follow_ups() = AFollowUp(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_PENDING, 1);
  *standing.add_follow_ups() = AFollowUp(v1::FOLLOW_UP_CLASS_WORK, v1::FOLLOW_UP_STATUS_DONE, 1);
  EXPECT_EQ(NeedOf("ana", standing).sort, NeedSort::kNone);
}

}  // namespace
}  // namespace rapport::operations
