// DemoDiary: writes down what happens between the made-up shop and one of its customers.
//
//   DemoDiary diary("cust-0417", begin_us, end_us, DemoRandom(7));
//   const std::string order = diary.Buys(at_us, 42'50, "coffee");
//   diary.Thanks(at_us + kMicrosPerDay, order);
//   std::vector<v1::Event> events = diary.Take();
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
#include "consumers/operations/demo_random.h"
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
  void Prefer(v1::Channel channel) { channel_ = channel; }

  // Purchases. Amounts are in cents; Buys returns the order's key.
  std::string Buys(int64_t at_us, int64_t cents, absl::string_view product);
  void Returns(int64_t at_us, absl::string_view order, int64_t cents);
  void Cancels(int64_t at_us, absl::string_view order, int64_t cents);

  // Complaints. Complains returns the case's key.
  std::string Complains(int64_t at_us, uint32_t severity, absl::string_view topic);
  void Acknowledges(int64_t at_us, absl::string_view complaint);
  void Escalates(int64_t at_us, absl::string_view complaint, uint32_t level);
  void Resolves(int64_t at_us, absl::string_view complaint, absl::string_view remedy);
  void AnswersResolution(int64_t at_us, absl::string_view complaint, bool accepted);
  void Reopens(int64_t at_us, absl::string_view complaint);

  // Thanks and other outreach. Outreach returns its key.
  void Thanks(int64_t at_us, absl::string_view what_for);
  std::string Outreach(int64_t at_us, v1::OutreachPurpose purpose);
  // A letter of the series `letter` that a machine sends.
  std::string Newsletter(int64_t at_us, uint32_t position);
  void Answers(int64_t at_us, absl::string_view outreach, v1::OutreachPurpose purpose,
               v1::OutreachAnswer answer);

  // Referrals. Refers returns the referral's key; `referred` may be empty.
  std::string Refers(int64_t at_us, absl::string_view referred);
  void IsReferred(int64_t at_us, absl::string_view referral, absl::string_view referrer);
  void Converts(int64_t at_us, absl::string_view referral, absl::string_view order, int64_t cents);
  void Reviews(int64_t at_us);

  // How the customer felt about the entry before, -2 to 2.
  void Feels(int feeling);

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
  int keys_ = 0;
  int entries_ = 0;
  bool last_counts_ = false;
  std::vector<v1::Event> events_;
  // Takes what is left out.
  v1::Event left_out_;
};

}  // namespace rapport::operations
