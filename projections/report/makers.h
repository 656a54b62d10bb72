// Makers: how each report of the catalogue begins; one file per report, named after it.
//
// Threads: pure.
#pragma once

#include <memory>
#include <string>

#include "projections/report/report.h"

namespace rapport::report {

std::unique_ptr<Report> MakeAnonymous(const Frame& frame);
std::unique_ptr<Report> MakeAreas(const Frame& frame);
std::unique_ptr<Report> MakeCampaigns(const Frame& frame);
std::unique_ptr<Report> MakeCauses(const Frame& frame);
std::unique_ptr<Report> MakeChannelParity(const Frame& frame);
std::unique_ptr<Report> MakeChannelRanks(const Frame& frame);
std::unique_ptr<Report> MakeChannelWishes(const Frame& frame);
std::unique_ptr<Report> MakeChannels(const Frame& frame);
std::unique_ptr<Report> MakeCoPurchase(const Frame& frame);
std::unique_ptr<Report> MakeCohorts(const Frame& frame);
std::unique_ptr<Report> MakeCommunity(const Frame& frame);
std::unique_ptr<Report> MakeCompleteness(const Frame& frame);
std::unique_ptr<Report> MakeConcessions(const Frame& frame);
std::unique_ptr<Report> MakeContacts(const Frame& frame);
std::unique_ptr<Report> MakeCoverage(const Frame& frame);
std::unique_ptr<Report> MakeDialogue(const Frame& frame);
std::unique_ptr<Report> MakeEffort(const Frame& frame);
std::unique_ptr<Report> MakeEmployees(const Frame& frame);
std::unique_ptr<Report> MakeExpectations(const Frame& frame);
std::unique_ptr<Report> MakeFeedbackTopics(const Frame& frame);
std::unique_ptr<Report> MakeFollowUpEffect(const Frame& frame);
std::unique_ptr<Report> MakeKinds(const Frame& frame);
std::unique_ptr<Report> MakeMissedOpportunities(const Frame& frame);
std::unique_ptr<Report> MakeNeeds(const Frame& frame);
std::unique_ptr<Report> MakeObjectives(const Frame& frame);
std::unique_ptr<Report> MakeOffers(const Frame& frame);
std::unique_ptr<Report> MakeOrders(const Frame& frame);
std::unique_ptr<Report> MakeOutcomes(const Frame& frame);
std::unique_ptr<Report> MakeOutreach(const Frame& frame);
std::unique_ptr<Report> MakeParties(const Frame& frame);
std::unique_ptr<Report> MakePeople(const Frame& frame);
std::unique_ptr<Report> MakePlaybooks(const Frame& frame);
std::unique_ptr<Report> MakeProfitability(const Frame& frame);
std::unique_ptr<Report> MakePromotions(const Frame& frame);
std::unique_ptr<Report> MakeProof(const Frame& frame);
std::unique_ptr<Report> MakePurchases(const Frame& frame);
std::unique_ptr<Report> MakeReasons(const Frame& frame);
std::unique_ptr<Report> MakeReciprocity(const Frame& frame);
std::unique_ptr<Report> MakeReferrals(const Frame& frame);
std::unique_ptr<Report> MakeRepeat(const Frame& frame);
std::unique_ptr<Report> MakeResponse(const Frame& frame);
std::unique_ptr<Report> MakeRework(const Frame& frame);
std::unique_ptr<Report> MakeSelfService(const Frame& frame);
std::unique_ptr<Report> MakeSeries(const Frame& frame);
std::unique_ptr<Report> MakeSurveys(const Frame& frame);
std::unique_ptr<Report> MakeTransactionalShare(const Frame& frame);
std::unique_ptr<Report> MakeWordOfMouth(const Frame& frame);

// The power of two below what the customer spent, two digits; in coverage.cc.
std::string SpendBand(const Subject& subject, const facts::FoldRules& rules);

}  // namespace rapport::report
