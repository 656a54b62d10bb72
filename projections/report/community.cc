// community: what members talk about, and who helped whom.

#include "absl/strings/str_cat.h"
#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"

namespace rapport::report {
namespace {

class Community : public SheetReport {
 public:
  explicit Community(const Frame& frame)
      : SheetReport(frame,
                    {Key("by"), Key("is"), Beside(Count("acts")), Beside(Count("joined")),
                     Beside(Count("left")), Beside(Count("posts")), Beside(Count("answers"))}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      const auto* acted = As<v1::CommunityActed>(event);
      if (acted == nullptr || !frame().Counts(event)) continue;
      AddAct(event, *acted, sheet().At({"community", acted->community()}, subject.id));
      if (!event.envelope->subject().empty()) {
        AddAct(event, *acted, sheet().At({"topic", event.envelope->subject()}, subject.id));
      }
      if (acted->form() == v1::COMMUNITY_FORM_ANSWERED && !acted->asker().empty()) {
        Line& link =
            sheet().At({"link", absl::StrCat(subject.id, " helped ", acted->asker())}, subject.id);
        link.AddCustomer(acted->asker());
        AddAct(event, *acted, link);
      }
      AddAct(event, *acted, sheet().Beside());
    }
  }

 private:
  static void AddAct(const ValidEvent& event, const v1::CommunityActed& acted, Line& line) {
    line.AddEvent(event.moment());
    line.Add("acts");
    if (acted.form() == v1::COMMUNITY_FORM_JOINED) line.Add("joined");
    if (acted.form() == v1::COMMUNITY_FORM_LEFT) line.Add("left");
    if (acted.form() == v1::COMMUNITY_FORM_POSTED) line.Add("posts");
    if (acted.form() == v1::COMMUNITY_FORM_ANSWERED) line.Add("answers");
  }
};

}  // namespace

std::unique_ptr<Report> MakeCommunity(const Frame& frame) {
  return std::make_unique<Community>(frame);
}

}  // namespace rapport::report
