// people: who deals with whom: ties between people of the business and people of the customer, the
// strongest first.
//
// A touch ties its actor to its contact, and those who attend a meeting to the meeting's actor. A
// customer that names no contact is a person itself.

#include <set>

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

class People : public SheetReport {
 public:
  explicit People(const Frame& frame)
      : SheetReport(frame, {Key("actor"), Key("contact"), Count("touches"), Count("meetings"),
                            Moment("last")}) {
    sheet().RankBy("touches");
  }

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event) || !IsInteraction(event, rules())) continue;
      const v1::Actor& actor = event.envelope->actor();
      if (actor.id().empty() || actor.party() == v1::ACTOR_PARTY_CUSTOMER ||
          actor.party() == v1::ACTOR_PARTY_PROSPECT) {
        continue;
      }
      const auto* meeting = As<v1::MeetingHeld>(event);
      std::set<std::string> contacts;
      if (meeting != nullptr) {
        contacts.insert(meeting->attendees().begin(), meeting->attendees().end());
        contacts.erase(actor.id());
      }
      if (!event.envelope->contact().empty()) contacts.insert(event.envelope->contact());
      if (contacts.empty()) contacts.insert(std::string(subject.id));
      for (const std::string& contact : contacts) {
        Line& line = sheet().At({actor.id(), contact}, subject.id);
        line.AddEvent(event.moment());
        line.Add("touches");
        if (meeting != nullptr) line.Add("meetings");
        if (event.occurred_at_us > line.Sum("last")) line.Set("last", event.occurred_at_us);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakePeople(const Frame& frame) { return std::make_unique<People>(frame); }

}  // namespace rapport::report
