// channel_parity: is service the same on every channel? First answer, resolution and satisfaction
// by channel, and in the total the gap between the best and the worst channel of each.
//
// Channels with fewer answers than ReportWindow::answers_min are shown and left out of the gaps.

#include <algorithm>
#include <map>
#include <optional>

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

class ChannelParity : public SheetReport {
 public:
  explicit ChannelParity(const Frame& frame)
      : SheetReport(frame,
                    {Key("channel"), Count("asked"), Count("answered"),
                     Median("first_response", "s"), Count("resolved"), Median("resolution", "s"),
                     Count("surveys"), Mean("satisfaction", "permille"), Value("response_gap", "s"),
                     Value("resolution_gap", "s"), Value("satisfaction_gap", "permille")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      if (const auto* one = As<v1::EnquiryMade>(event)) AddAsk(subject, event, one->request());
      if (const auto* one = As<v1::SupportRequested>(event)) AddAsk(subject, event, one->request());
      if (const auto* one = As<v1::ComplaintRaised>(event)) AddCase(subject, event, one->case_());
      if (const auto* answer = As<v1::SurveyAnswered>(event)) {
        Line& line = sheet().At({ChannelName(event)}, subject.id);
        line.Add("surveys");
        line.Sample("satisfaction", GoodOf(*answer));
      }
    }
  }

  void Finish(v1::Table& table) override {
    AddGap("first_response", "answered", "response_gap");
    AddGap("resolution", "resolved", "resolution_gap");
    AddGap("satisfaction", "surveys", "satisfaction_gap");
    SheetReport::Finish(table);
  }

 private:
  void AddAsk(const Subject& subject, const ValidEvent& ask, const std::string& key) {
    Line& line = sheet().At({ChannelName(ask)}, subject.id);
    line.AddEvent(ask.moment());
    line.Add("asked");
    for (const ValidEvent& event : subject.events) {
      const auto* answer = As<v1::QuestionAnswered>(event);
      if (answer == nullptr || answer->request() != key || !(ask.moment() < event.moment())) {
        continue;
      }
      // To ask back is to respond; the resolution comes with the answer.
      AddSpan(line, ask, event, answer->asks_back());
      if (!answer->asks_back()) return;
    }
  }

  void AddCase(const Subject& subject, const ValidEvent& raised, const std::string& key) {
    Line& line = sheet().At({ChannelName(raised)}, subject.id);
    line.AddEvent(raised.moment());
    line.Add("asked");
    for (const ValidEvent& event : subject.events) {
      const auto* heard = As<v1::ComplaintAcknowledged>(event);
      const auto* right = As<v1::ComplaintResolved>(event);
      const bool is_ours = (heard != nullptr && heard->case_() == key) ||
                           (right != nullptr && right->case_() == key);
      if (!is_ours || !(raised.moment() < event.moment())) continue;
      AddSpan(line, raised, event, right == nullptr);
      if (right != nullptr) return;
    }
  }

  // The first word of the business, and the end unless there is more to come.
  void AddSpan(Line& line, const ValidEvent& from, const ValidEvent& to, bool goes_on) {
    const int64_t seconds = SecondsBetween(from.occurred_at_us, to.occurred_at_us);
    if (responded_to_ != from.id) {
      line.Add("answered");
      line.Sample("first_response", seconds);
    }
    responded_to_ = from.id;
    if (goes_on) return;
    line.Add("resolved");
    line.Sample("resolution", seconds);
  }

  void AddGap(const char* column, const char* count, const char* gap) {
    std::vector<int64_t> numbers;
    for (const auto& [key, line] : sheet().lines()) {
      const std::optional<int64_t> number = line.Number(column);
      if (number.has_value() && line.Sum(count) >= frame().window.answers_min) {
        numbers.push_back(*number);
      }
    }
    if (numbers.size() < 2) return;
    const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
    sheet().Beside().Set(gap, *greatest - *least);
  }

  EventId responded_to_ = {};
};

}  // namespace

std::unique_ptr<Report> MakeChannelParity(const Frame& frame) {
  return std::make_unique<ChannelParity>(frame);
}

}  // namespace rapport::report
