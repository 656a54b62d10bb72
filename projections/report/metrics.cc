#include "projections/report/metrics.h"

#include "projections/report/metrics_parts.h"

namespace rapport::report {

void WriteMetrics(const MetricsInput& input, v1::Metrics& out) {
  WritePurchases(input, out);
  WriteTenure(input, out);
  WriteCompleteness(input, out);
  WriteReferrals(input, out);
  WriteReciprocity(input, out);
  WriteChannels(input, out);
  WriteSatisfaction(input, out);
  WriteSentiment(input, out);
  WriteQuestionsAndTrust(input, out);
  WriteExpectations(input, out);
  WriteOffers(input, out);
  WritePreferences(input, out);
  WriteProfit(input, out);
  WriteNewsletter(input, out);
  WriteMemberships(input, out);
  WriteNeeds(input, out);
  WriteObjectives(input, out);
  WriteOwnerAndRoles(input, out);
  WriteFeedback(input, out);
  WritePraise(input, out);
  WritePromises(input, out);
  WriteCompetitor(input, out);
  WriteCases(input, out);
  WriteAreas(input, out);
  WriteService(input, out);
}

}  // namespace rapport::report
