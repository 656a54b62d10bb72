// word_of_mouth: who heard of the business from others, and who spoke for it, where.

#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"

namespace rapport::report {
namespace {

// How it was said; empty = it is no word of mouth.
std::string WordOf(const ValidEvent& event) {
  if (const auto* seen = As<v1::AwarenessShown>(event)) {
    return seen->form() == v1::AWARENESS_FORM_MENTION ? "HEARD" : "";
  }
  if (const auto* shown = As<v1::AdvocacyShown>(event)) {
    return Bare(shown->form(), v1::AdvocacyForm_Name, "ADVOCACY_FORM_");
  }
  if (const auto* made = As<v1::ReferralMade>(event)) {
    return Bare(made->form(), v1::ReferralForm_Name, "REFERRAL_FORM_");
  }
  if (const auto* praise = As<v1::PraiseGiven>(event)) return praise->public_() ? "PRAISE" : "";
  return "";
}

class WordOfMouth : public SheetReport {
 public:
  explicit WordOfMouth(const Frame& frame)
      : SheetReport(frame, {Key("word"), Key("channel"), Count("mentions"), Count("heard"),
                            Count("said")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      const std::string word = WordOf(event);
      if (word.empty()) continue;
      Line& line = sheet().At({word, ChannelName(event)}, subject.id);
      line.AddEvent(event.moment());
      line.Add("mentions");
      line.Add(word == "HEARD" ? "heard" : "said");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeWordOfMouth(const Frame& frame) {
  return std::make_unique<WordOfMouth>(frame);
}

}  // namespace rapport::report
