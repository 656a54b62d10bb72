// objectives: what customers want to reach: what they bought for it, what was given for it, how far
// they are and what resulted; the same by each resource that was given.

#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/bonds.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

// The objective that a gift, training or information serves, and what it is.
struct Resource {
  std::string objective;
  std::string name;
};

Resource ResourceOf(const ValidEvent& event) {
  if (const auto* gift = As<v1::GiftGiven>(event)) return {gift->objective(), gift->gift()};
  if (const auto* one = As<v1::TrainingGiven>(event)) return {one->objective(), one->training()};
  if (const auto* one = As<v1::InformationShared>(event)) {
    return {one->objective(), one->information()};
  }
  return {};
}

class Objectives : public SheetReport {
 public:
  explicit Objectives(const Frame& frame)
      : SheetReport(frame, {Key("by"), Key("is"), Beside(Count("objectives")),
                            Beside(Count("reached")), Mean("progress", "percent"), Text("result"),
                            Beside(Count("purchases")), Beside(MoneySum("spend")),
                            Beside(Count("resources")), Beside(MoneySum("resources_cost")),
                            Ratio("reached_share", "reached", "objectives")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, Line*> lines;
    std::map<std::string, std::string> results;
    progress_.clear();
    for (const ValidEvent& event : subject.events) {
      if (const auto* set = As<v1::ObjectiveSet>(event)) AddSet(subject, event, *set, lines);
      if (const auto* goal = As<v1::JointGoalSet>(event)) AddGoal(subject, event, *goal, lines);
      if (const auto* end = As<v1::ObjectiveReached>(event))
        AddReached(event, *end, lines, results);
      if (const auto* bought = As<v1::PurchaseMade>(event)) AddPurchase(event, *bought, lines);
    }
    for (const ValidEvent& event : subject.events) {
      const Resource resource = ResourceOf(event);
      if (!resource.objective.empty() && lines.contains(resource.objective)) {
        AddResource(subject, event, resource, *lines[resource.objective], results);
      }
    }
    for (const auto& [key, progress] : progress_) lines[key]->Sample("progress", progress);
    for (const auto& [key, result] : results) TellResult(*lines[key], result);
  }

 private:
  // An objective is that of its first setting, and counts when that does.
  Line* Begin(const Subject& subject, const ValidEvent& event, const std::string& key,
              std::map<std::string, Line*>& lines) {
    const auto at = lines.find(key);
    if (at != lines.end()) return at->second;
    if (!frame().Counts(event)) return nullptr;
    Line& line = sheet().At({"objective", key}, subject.id);
    line.Add("objectives");
    sheet().Beside().Add("objectives");
    sheet().Beside().AddCustomer(subject.id);
    return lines[key] = &line;
  }

  void AddSet(const Subject& subject, const ValidEvent& event, const v1::ObjectiveSet& set,
              std::map<std::string, Line*>& lines) {
    Line* line = Begin(subject, event, set.objective(), lines);
    if (line == nullptr) return;
    line->AddEvent(event.moment());
    if (set.has_progress()) progress_[set.objective()] = set.progress();
  }

  void AddGoal(const Subject& subject, const ValidEvent& event, const v1::JointGoalSet& goal,
               std::map<std::string, Line*>& lines) {
    Line* line = Begin(subject, event, goal.goal(), lines);
    if (line != nullptr) line->AddEvent(event.moment());
  }

  void AddReached(const ValidEvent& event, const v1::ObjectiveReached& end,
                  const std::map<std::string, Line*>& lines,
                  std::map<std::string, std::string>& results) {
    const auto at = lines.find(end.objective());
    if (at == lines.end()) return;
    const bool is_first = results.emplace(end.objective(), end.result()).second;
    if (is_first) {
      at->second->Add("reached");
      sheet().Beside().Add("reached");
    }
    results[end.objective()] = end.result();
    at->second->AddEvent(event.moment());
  }

  // What several came to, only where it is the same: nobody's word goes before another's.
  void TellResult(Line& line, const std::string& result) {
    const auto [told, is_new] = results_.try_emplace(&line, result);
    if (!is_new && told->second != result) told->second.clear();
    line.SetText("result", told->second);
  }

  void AddPurchase(const ValidEvent& event, const v1::PurchaseMade& bought,
                   const std::map<std::string, Line*>& lines) {
    const auto at = lines.find(bought.objective());
    if (bought.objective().empty() || at == lines.end()) return;
    at->second->AddEvent(event.moment());
    for (Line* line : {at->second, &sheet().Beside()}) {
      line->Add("purchases");
      line->AddMoney("spend", bought.amount());
    }
  }

  void AddResource(const Subject& subject, const ValidEvent& event, const Resource& resource,
                   Line& objective, const std::map<std::string, std::string>& results) {
    Line& line = sheet().At({"resource", resource.name}, subject.id);
    line.AddEvent(event.moment());
    objective.AddEvent(event.moment());
    line.Add("objectives");
    const auto result = results.find(resource.objective);
    if (result != results.end()) {
      line.Add("reached");
      TellResult(line, result->second);
    }
    for (Line* each : {&line, &objective, &sheet().Beside()}) {
      each->Add("resources");
      each->AddMoney("resources_cost", event.envelope->cost());
    }
  }

  // Of the customer who is being added: the latest progress of each objective.
  std::map<std::string, int64_t> progress_;
  std::map<const Line*, std::string> results_;
};

}  // namespace

std::unique_ptr<Report> MakeObjectives(const Frame& frame) {
  return std::make_unique<Objectives>(frame);
}

}  // namespace rapport::report
