// Sentiment: survey answers, praise and stated feelings.

#include <algorithm>

#include "engine/base/fixed_point.h"
#include "projections/facts/cells.h"
#include "projections/facts/groups.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::facts {

int64_t GoodOf(const v1::SurveyAnswered& answer) {
  const int128 range = int128{answer.max()} - answer.min();
  if (range <= 0) return 0;
  const int128 permille = FloorDiv128((int128{answer.score()} - answer.min()) * 1000, range);
  return static_cast<int64_t>(std::clamp<int128>(permille, 0, 1000));
}

void ReadSurveyAnswered(const ValidEvent& event, Condensed& out) {
  const auto& answer = PayloadOf<v1::SurveyAnswered>(event);
  out.key = answer.survey();
  out.subject = answer.dimension();
  out.n = GoodOf(answer);
}

void ReadPraiseGiven(const ValidEvent& event, Condensed& out) {
  const auto& praise = PayloadOf<v1::PraiseGiven>(event);
  out.key = praise.praise();
  out.Set(kConsent, praise.consent());
}

void FoldSurvey(const Act& act) {
  AddDimension(act.facts, act.said.subject, 1, act.said.n);
  RememberIn(act, ListName::kLastSurvey);
  if (const Mark* band = act.rules.BandOf(act.said.n)) AddToRing(act, band->ring, band->add);
}

void FoldFeeling(const Act& act) {
  if (act.side != Side::kCustomer || !act.event.envelope->has_customer_feeling()) return;
  if (act.rules.TouchesSentimentAt(act.index)) return;
  if (const Mark* mark = act.rules.FeelingOf(act.event.envelope->customer_feeling())) {
    AddToRing(act, mark->ring, mark->add);
  }
}

}  // namespace rapport::facts
