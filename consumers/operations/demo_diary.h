// DemoDiary: writes down what happens between the made-up shop and one of its customers.
//
//   DemoDiary diary("cust-0417", begin_us, end_us, DemoRandom(7));
//   const std::string order = diary.Buys(at_us, 42'50, "coffee");
//   diary.Thanks(at_us + kMicrosPerDay, order);
//   std::vector<v1::Event> events = diary.Take();
//
// Verbs in the third person are the customer's (`Buys`), the others the shop's (`Thanks` apart). A
// verb that begins something returns its key, which later verbs name.
//
// What would happen before the beginning or from the end on is left out: so a behaviour may plan
// ahead, and what it planned for tomorrow is owed today. Every entry is an event as the shop's
// systems would send it; none holds a name or a free word.
//
// Threads: one. Ownership: owns the events until Take.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "consumers/operations/demo_random.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/event.pb.h"

namespace rapport::operations {

class DemoDiary {
 public:
  // Takes entries from `begin_us` to just before `end_us`.
  DemoDiary(std::string customer_id, int64_t begin_us, int64_t end_us, DemoRandom random)
      : customer_id_(std::move(customer_id)),
        begin_us_(begin_us),
        end_us_(end_us),
        random_(random) {}

  const std::string& customer_id() const { return customer_id_; }
  int64_t begin_us() const { return begin_us_; }
  int64_t end_us() const { return end_us_; }
  DemoRandom& random() { return random_; }

  // Event ids are the shop's own keys, `shop:0417-12`, from now on, not UUIDs of version 7.
  void UseShopIds() { shop_ids_ = true; }
  // Where the customer buys.
  void Prefer(v1::Channel channel) { channel_ = channel; }
  // How the shop writes: by people unless told otherwise.
  void WriteBy(v1::Channel channel) { written_by_ = channel; }

  // Purchases. Amounts are in cents.
  std::string Buys(int64_t at_us, int64_t cents, absl::string_view product);
  void Returns(int64_t at_us, absl::string_view order, int64_t cents);
  void Cancels(int64_t at_us, absl::string_view order, int64_t cents);

  void Ships(int64_t at_us, absl::string_view order);

  // Complaints.
  std::string Complains(int64_t at_us, uint32_t severity, absl::string_view topic);
  void Acknowledges(int64_t at_us, absl::string_view complaint);
  void Escalates(int64_t at_us, absl::string_view complaint, uint32_t level);
  void Resolves(int64_t at_us, absl::string_view complaint, absl::string_view remedy);
  void AnswersResolution(int64_t at_us, absl::string_view complaint, bool accepted);
  void Reopens(int64_t at_us, absl::string_view complaint);
  // With its fix, and what prevents it from now on.
  void FindRootCause(int64_t at_us, absl::string_view complaint, absl::string_view cause,
                     absl::string_view fix, absl::string_view prevention);

  // Thanks and other outreach.
  void Thanks(int64_t at_us, absl::string_view what_for);
  std::string Outreach(int64_t at_us, v1::OutreachPurpose purpose);
  // A letter of the series `letter` that a machine sends.
  std::string Newsletter(int64_t at_us, uint32_t position);
  void Answers(int64_t at_us, absl::string_view outreach, v1::OutreachPurpose purpose,
               v1::OutreachAnswer answer);

  // Questions, surveys (answered from 0 to 10) and what the customer says of their own accord.
  std::string Asks(int64_t at_us, absl::string_view topic);
  void AnswerQuestion(int64_t at_us, absl::string_view request);
  std::string AskForFeedback(int64_t at_us);
  void AskAgain(int64_t at_us, absl::string_view survey);
  void AnswersSurvey(int64_t at_us, absl::string_view survey, int64_t score);
  void Praises(int64_t at_us);
  std::string TellsNeed(int64_t at_us, v1::NeedForm form, uint32_t priority);
  void HandOver(int64_t at_us, absl::string_view key, absl::string_view department);
  void HelpsThemselves(int64_t at_us, absl::string_view task);

  // What the shop knows of the customer.
  void TellsPreference(int64_t at_us, absl::string_view key, absl::string_view value);
  void TellsDate(int64_t at_us, absl::string_view key, int month, int day);
  void Consents(int64_t at_us, absl::string_view key, bool granted);
  void AssignManager(int64_t at_us, absl::string_view agent, bool key_account);
  void RecordPerson(int64_t at_us, absl::string_view person, absl::string_view role, bool left);
  void Meets(int64_t at_us, absl::Span<const absl::string_view> attendees);
  void MatchInterest(int64_t at_us, absl::string_view item, absl::string_view topic);
  void NoticeCompetitor(int64_t at_us, absl::string_view competitor);

  // Promises, expectations, objectives.
  std::string Promise(int64_t at_us, int64_t due_us);
  void KeepPromise(int64_t at_us, absl::string_view promise);
  std::string SetExpectation(int64_t at_us, int64_t due_us);
  void MeetExpectation(int64_t at_us, absl::string_view expectation, bool exceeded);
  void MissExpectation(int64_t at_us, absl::string_view expectation);
  std::string SetsObjective(int64_t at_us, uint32_t progress_percent);
  void ReachesObjective(int64_t at_us, absl::string_view objective, absl::string_view result);

  // Offers, chances to sell, and what is given.
  std::string Offer(int64_t at_us, v1::OfferForm form, absl::string_view product);
  void AnswersOffer(int64_t at_us, absl::string_view offer, bool accepted);
  std::string NoteOpportunity(int64_t at_us, absl::string_view product, absl::string_view owner);
  void CloseOpportunity(int64_t at_us, absl::string_view opportunity, bool won);
  void Train(int64_t at_us, absl::string_view topic);
  void Gift(int64_t at_us, absl::string_view occasion, int64_t cost_cents);
  std::string SendPromotion(int64_t at_us, int64_t until_us);

  // Referrals and words in public. `referred` may be empty.
  std::string Refers(int64_t at_us, absl::string_view referred);
  void IsReferred(int64_t at_us, absl::string_view referral, absl::string_view referrer);
  void Converts(int64_t at_us, absl::string_view referral, absl::string_view order, int64_t cents);
  void Reviews(int64_t at_us);
  void HelpsInCommunity(int64_t at_us);

  // Of the entry before: how the customer felt about it, -2 to 2; what it is about; the promotion
  // that the purchase used.
  void Feels(int feeling);
  void About(absl::string_view subject);
  void UsedPromotion(absl::string_view promotion);

  // What was written so far, in the order of writing.
  const std::vector<v1::Event>& events() const { return events_; }

  std::vector<v1::Event> Take();

 private:
  v1::Event& Add(int64_t at_us, v1::Kind kind, const google::protobuf::Message& payload);
  std::string NewKey(absl::string_view sort);
  std::string NewEventId(int64_t at_us);
  // The number of the customer, `0417`.
  absl::string_view Number() const;

  const std::string customer_id_;
  const int64_t begin_us_;
  const int64_t end_us_;
  DemoRandom random_;
  bool shop_ids_ = false;
  v1::Channel channel_ = v1::CHANNEL_WEBSITE;
  v1::Channel written_by_ = v1::CHANNEL_EMAIL;
  int keys_ = 0;
  int entries_ = 0;
  bool last_counts_ = false;
  std::vector<v1::Event> events_;
  // Takes what is left out.
  v1::Event left_out_;
};

}  // namespace rapport::operations
