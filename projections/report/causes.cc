// causes: what went wrong, how long it took to find out, and whether what should prevent it does;
// and issues that were solved before anybody complained.
//
// A case whose cause is found recurs when it was raised after an earlier case, of whatever
// customer, got a prevention for that cause. A complaint is about a prevented issue when its topic
// is the issue.

#include <map>
#include <optional>

#include "projections/report/makers.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

class Causes : public SheetReport {
 public:
  explicit Causes(const Frame& frame)
      : SheetReport(frame, {Key("by"), Key("is"), Count("cases"), Count("found"),
                            Count("time", "s"), Count("fixed"), Count("preventions"),
                            Count("recurrences"), Count("prevented"), Count("complaints_after")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, rapport::Moment> raised;
    std::map<std::string, std::string> counted;
    for (const ValidEvent& event : subject.events) {
      if (const auto* complaint = As<v1::ComplaintRaised>(event)) {
        raised.emplace(complaint->case_(), event.moment());
        if (frame().Counts(event)) {
          complaints_[complaint->topic()].push_back({event.moment(), std::string(subject.id)});
        }
      }
      if (const auto* issue = As<v1::IssuePrevented>(event)) AddPrevented(subject, event, *issue);
      const auto* found = As<v1::RootCauseFound>(event);
      if (found == nullptr) continue;
      if (!found->prevention().empty()) {
        const auto [at, is_new] = prevented_from_.emplace(found->cause(), event.moment());
        if (!is_new && event.moment() < at->second) at->second = event.moment();
      }
      if (!frame().Counts(event)) continue;
      AddCause(subject, event, *found, counted);
      const auto begin = raised.find(found->case_());
      if (begin == raised.end()) continue;
      raised_[found->cause()][{std::string(subject.id), found->case_()}] = begin->second;
    }
  }

  void Finish(v1::Table& table) override {
    for (const auto& [cause, cases] : raised_) {
      const auto from = prevented_from_.find(cause);
      if (from == prevented_from_.end()) continue;
      for (const auto& [key, moment] : cases) {
        if (from->second < moment) sheet().At({"cause", cause}, key.first).Add("recurrences");
      }
    }
    for (const auto& [issue, from] : issues_) {
      for (const auto& [moment, customer] : complaints_[issue]) {
        if (!(from < moment)) continue;
        Line& line = sheet().At({"issue", issue}, customer);
        line.Add("complaints_after");
        line.AddEvent(moment);
      }
    }
    SheetReport::Finish(table);
  }

 private:
  void AddPrevented(const Subject& subject, const ValidEvent& event,
                    const v1::IssuePrevented& issue) {
    const auto [at, is_new] = issues_.emplace(issue.issue(), event.moment());
    if (!is_new && event.moment() < at->second) at->second = event.moment();
    Line& line = sheet().At({"issue", issue.issue()}, subject.id);
    if (!frame().Counts(event)) return;
    line.Add("prevented");
    line.AddEvent(event.moment());
  }

  // `counted`: case -> the cause that it counts for.
  void AddCause(const Subject& subject, const ValidEvent& event, const v1::RootCauseFound& found,
                std::map<std::string, std::string>& counted) {
    Line& line = sheet().At({"cause", found.cause()}, subject.id);
    line.AddEvent(event.moment());
    line.Add("found");
    line.Add("time", event.envelope->duration_s());
    if (!found.fix().empty()) line.Add("fixed");
    if (!found.prevention().empty()) line.Add("preventions");
    std::string& cause = counted[found.case_()];
    if (cause != found.cause()) line.Add("cases");
    cause = found.cause();
  }

  struct Complaint {
    rapport::Moment moment;
    std::string customer;
  };
  // Cause -> when its first prevention was given, and the cases it caused by customer and key.
  std::map<std::string, rapport::Moment> prevented_from_;
  std::map<std::string, std::map<std::pair<std::string, std::string>, rapport::Moment>> raised_;
  // Issue -> when it was first prevented; topic -> complaints.
  std::map<std::string, rapport::Moment> issues_;
  std::map<std::string, std::vector<Complaint>> complaints_;
};

}  // namespace

std::unique_ptr<Report> MakeCauses(const Frame& frame) { return std::make_unique<Causes>(frame); }

}  // namespace rapport::report
