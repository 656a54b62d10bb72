// What the diary writes down besides purchases, complaints and outreach.
#include "consumers/operations/demo_diary.h"
#include "rapport/v1/bonds.pb.h"
#include "rapport/v1/interest.pb.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::operations {

std::string DemoDiary::Asks(int64_t at_us, absl::string_view topic) {
  v1::EnquiryMade payload;
  payload.set_request(NewKey("question"));
  payload.set_topic(std::string(topic));
  v1::Event& event = Add(at_us, v1::KIND_ENQUIRY_MADE, payload);
  event.set_channel(channel_ == v1::CHANNEL_PHONE ? v1::CHANNEL_PHONE : v1::CHANNEL_CHAT);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
  event.set_area(v1::AREA_SERVICE);
  return payload.request();
}

void DemoDiary::AnswerQuestion(int64_t at_us, absl::string_view request) {
  v1::QuestionAnswered payload;
  payload.set_request(std::string(request));
  v1::Event& event = Add(at_us, v1::KIND_QUESTION_ANSWERED, payload);
  event.set_channel(v1::CHANNEL_EMAIL);
  event.set_area(v1::AREA_SERVICE);
}

std::string DemoDiary::AskForFeedback(int64_t at_us) {
  const std::string survey = NewKey("survey");
  AskAgain(at_us, survey);
  return survey;
}

void DemoDiary::AskAgain(int64_t at_us, absl::string_view survey) {
  v1::FeedbackRequested payload;
  payload.set_survey(std::string(survey));
  payload.set_instrument("after-purchase");
  v1::Event& event = Add(at_us, v1::KIND_FEEDBACK_REQUESTED, payload);
  event.set_channel(written_by_);
  event.set_initiator(v1::INITIATOR_VENDOR);
}

void DemoDiary::AnswersSurvey(int64_t at_us, absl::string_view survey, int64_t score) {
  v1::SurveyAnswered payload;
  payload.set_survey(std::string(survey));
  payload.set_instrument("after-purchase");
  payload.set_score(score);
  payload.set_min(0);
  payload.set_max(10);
  v1::Event& event = Add(at_us, v1::KIND_SURVEY_ANSWERED, payload);
  event.set_channel(v1::CHANNEL_WEBSITE);
  event.set_phase(v1::PHASE_AFTER_RECEIPT);
}

void DemoDiary::Praises(int64_t at_us) {
  v1::PraiseGiven payload;
  payload.set_praise(NewKey("praise"));
  payload.set_consent(true);
  Add(at_us, v1::KIND_PRAISE_GIVEN, payload).set_channel(v1::CHANNEL_EMAIL);
}

std::string DemoDiary::TellsNeed(int64_t at_us, v1::NeedForm form, uint32_t priority) {
  v1::NeedHeard payload;
  payload.set_need(NewKey("need"));
  payload.set_form(form);
  payload.set_priority(priority);
  v1::Event& event = Add(at_us, v1::KIND_NEED_HEARD, payload);
  event.set_channel(channel_ == v1::CHANNEL_PHONE ? v1::CHANNEL_PHONE : v1::CHANNEL_CHAT);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
  return payload.need();
}

void DemoDiary::HandOver(int64_t at_us, absl::string_view key, absl::string_view department) {
  v1::CaseHandedOver payload;
  payload.set_case_(std::string(key));
  payload.set_department(std::string(department));
  Add(at_us, v1::KIND_CASE_HANDED_OVER, payload).set_area(v1::AREA_SERVICE);
}

void DemoDiary::HelpsThemselves(int64_t at_us, absl::string_view task) {
  v1::SelfServiceUsed payload;
  payload.set_task(std::string(task));
  payload.set_succeeded(true);
  Add(at_us, v1::KIND_SELF_SERVICE_USED, payload).set_channel(v1::CHANNEL_SELF_SERVICE);
}

void DemoDiary::TellsPreference(int64_t at_us, absl::string_view key, absl::string_view value) {
  v1::PreferenceRecorded payload;
  payload.set_key(std::string(key));
  payload.set_value(std::string(value));
  Add(at_us, v1::KIND_PREFERENCE_RECORDED, payload).set_channel(v1::CHANNEL_WEBSITE);
}

void DemoDiary::TellsDate(int64_t at_us, absl::string_view key, int month, int day) {
  v1::DateRecorded payload;
  payload.set_key(std::string(key));
  payload.set_month(static_cast<uint32_t>(month));
  payload.set_day(static_cast<uint32_t>(day));
  Add(at_us, v1::KIND_DATE_RECORDED, payload).set_channel(v1::CHANNEL_WEBSITE);
}

void DemoDiary::Consents(int64_t at_us, absl::string_view key, bool granted) {
  v1::ConsentChanged payload;
  payload.set_key(std::string(key));
  payload.set_granted(granted);
  Add(at_us, v1::KIND_CONSENT_CHANGED, payload).set_channel(v1::CHANNEL_WEBSITE);
}

void DemoDiary::AssignManager(int64_t at_us, absl::string_view agent, bool key_account) {
  v1::AccountManagerAssigned payload;
  payload.set_agent(std::string(agent));
  payload.set_key_account(key_account);
  Add(at_us, v1::KIND_ACCOUNT_MANAGER_ASSIGNED, payload).set_area(v1::AREA_SALES);
}

void DemoDiary::RecordPerson(int64_t at_us, absl::string_view person, absl::string_view role,
                             bool left) {
  v1::ContactPersonRecorded payload;
  payload.set_person(std::string(person));
  payload.set_role(std::string(role));
  payload.set_left(left);
  Add(at_us, v1::KIND_CONTACT_PERSON_RECORDED, payload).set_area(v1::AREA_SALES);
}

void DemoDiary::Meets(int64_t at_us, absl::Span<const absl::string_view> attendees) {
  v1::MeetingHeld payload;
  payload.set_meeting(NewKey("meeting"));
  for (const absl::string_view attendee : attendees) {
    payload.add_attendees(std::string(attendee));
  }
  v1::Event& event = Add(at_us, v1::KIND_MEETING_HELD, payload);
  event.set_channel(v1::CHANNEL_IN_PERSON);
  event.set_area(v1::AREA_SALES);
}

void DemoDiary::MatchInterest(int64_t at_us, absl::string_view item, absl::string_view topic) {
  v1::InterestMatched payload;
  payload.set_item(std::string(item));
  payload.set_topic(std::string(topic));
  Add(at_us, v1::KIND_INTEREST_MATCHED, payload).set_area(v1::AREA_MARKETING);
}

void DemoDiary::NoticeCompetitor(int64_t at_us, absl::string_view competitor) {
  v1::CompetitorNoticed payload;
  payload.set_competitor(std::string(competitor));
  Add(at_us, v1::KIND_COMPETITOR_NOTICED, payload).set_area(v1::AREA_SALES);
}

std::string DemoDiary::Promise(int64_t at_us, int64_t due_us) {
  v1::PromiseMade payload;
  payload.set_promise(NewKey("promise"));
  payload.set_due_at_us(due_us);
  v1::Event& event = Add(at_us, v1::KIND_PROMISE_MADE, payload);
  event.set_channel(v1::CHANNEL_PHONE);
  event.set_area(v1::AREA_SERVICE);
  return payload.promise();
}

void DemoDiary::KeepPromise(int64_t at_us, absl::string_view promise) {
  v1::PromiseKept payload;
  payload.set_promise(std::string(promise));
  Add(at_us, v1::KIND_PROMISE_KEPT, payload).set_area(v1::AREA_SERVICE);
}

std::string DemoDiary::SetExpectation(int64_t at_us, int64_t due_us) {
  v1::ExpectationSet payload;
  payload.set_expectation(NewKey("delivery"));
  payload.set_due_at_us(due_us);
  Add(at_us, v1::KIND_EXPECTATION_SET, payload).set_area(v1::AREA_SALES);
  return payload.expectation();
}

void DemoDiary::MeetExpectation(int64_t at_us, absl::string_view expectation, bool exceeded) {
  v1::ExpectationMet payload;
  payload.set_expectation(std::string(expectation));
  payload.set_exceeded(exceeded);
  Add(at_us, v1::KIND_EXPECTATION_MET, payload).set_area(v1::AREA_SERVICE);
}

void DemoDiary::MissExpectation(int64_t at_us, absl::string_view expectation) {
  v1::ExpectationMissed payload;
  payload.set_expectation(std::string(expectation));
  Add(at_us, v1::KIND_EXPECTATION_MISSED, payload).set_area(v1::AREA_SERVICE);
}

std::string DemoDiary::SetsObjective(int64_t at_us, uint32_t progress_percent) {
  v1::ObjectiveSet payload;
  payload.set_objective(NewKey("objective"));
  payload.set_progress(progress_percent);
  Add(at_us, v1::KIND_OBJECTIVE_SET, payload).set_channel(v1::CHANNEL_IN_PERSON);
  return payload.objective();
}

void DemoDiary::ReachesObjective(int64_t at_us, absl::string_view objective,
                                 absl::string_view result) {
  v1::ObjectiveReached payload;
  payload.set_objective(std::string(objective));
  payload.set_result(std::string(result));
  Add(at_us, v1::KIND_OBJECTIVE_REACHED, payload).set_channel(v1::CHANNEL_IN_PERSON);
}

std::string DemoDiary::Offer(int64_t at_us, v1::OfferForm form, absl::string_view product) {
  v1::OfferMade payload;
  payload.set_offer(NewKey("offer"));
  payload.set_form(form);
  payload.set_product(std::string(product));
  v1::Event& event = Add(at_us, v1::KIND_OFFER_MADE, payload);
  event.set_channel(written_by_);
  event.set_initiator(v1::INITIATOR_VENDOR);
  event.set_area(v1::AREA_SALES);
  return payload.offer();
}

void DemoDiary::AnswersOffer(int64_t at_us, absl::string_view offer, bool accepted) {
  v1::OfferAnswered payload;
  payload.set_offer(std::string(offer));
  payload.set_accepted(accepted);
  Add(at_us, v1::KIND_OFFER_ANSWERED, payload).set_channel(v1::CHANNEL_EMAIL);
}

std::string DemoDiary::NoteOpportunity(int64_t at_us, absl::string_view product,
                                       absl::string_view owner) {
  v1::OpportunityNoted payload;
  payload.set_opportunity(NewKey("opportunity"));
  payload.set_product(std::string(product));
  payload.set_owner(std::string(owner));
  Add(at_us, v1::KIND_OPPORTUNITY_NOTED, payload).set_area(v1::AREA_SALES);
  return payload.opportunity();
}

void DemoDiary::CloseOpportunity(int64_t at_us, absl::string_view opportunity, bool won) {
  v1::OpportunityClosed payload;
  payload.set_opportunity(std::string(opportunity));
  payload.set_won(won);
  Add(at_us, v1::KIND_OPPORTUNITY_CLOSED, payload).set_area(v1::AREA_SALES);
}

void DemoDiary::Train(int64_t at_us, absl::string_view topic) {
  v1::TrainingGiven payload;
  payload.set_training(NewKey("training"));
  payload.set_topic(std::string(topic));
  v1::Event& event = Add(at_us, v1::KIND_TRAINING_GIVEN, payload);
  event.set_channel(v1::CHANNEL_IN_PERSON);
  event.set_initiator(v1::INITIATOR_VENDOR);
}

void DemoDiary::Gift(int64_t at_us, absl::string_view occasion, int64_t cost_cents) {
  v1::GiftGiven payload;
  payload.set_gift(NewKey("gift"));
  payload.set_occasion(std::string(occasion));
  payload.set_tie(v1::GIFT_TIE_PURCHASE);
  v1::Event& event = Add(at_us, v1::KIND_GIFT_GIVEN, payload);
  event.set_channel(v1::CHANNEL_POST);
  event.mutable_cost()->set_micros(cost_cents * 10'000);
  event.mutable_cost()->set_currency("EUR");
}

std::string DemoDiary::SendPromotion(int64_t at_us, int64_t until_us) {
  v1::PromotionSent payload;
  payload.set_promotion(NewKey("promotion"));
  payload.set_valid_until_us(until_us);
  payload.set_discount_ppm(150'000);
  v1::Event& event = Add(at_us, v1::KIND_PROMOTION_SENT, payload);
  event.set_channel(written_by_);
  event.set_initiator(v1::INITIATOR_AUTOMATION);
  event.set_area(v1::AREA_MARKETING);
  return payload.promotion();
}

}  // namespace rapport::operations
