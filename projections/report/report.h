// Report: one named table, folded from the events of customers.
//
//   class Channels : public SheetReport {
//     void Customer(const Subject& subject) override {
//       for (const ValidEvent& event : subject.events)
//         if (frame().Counts(event)) sheet().At({ChannelOf(event)}, subject.id).Add("touches");
//     }
//   };
//
// A report sees one customer at a time, all of it up to the moment it is of; an insight is the same
// report that saw one customer only. It keeps what it needs of a customer, never the events.
// catalogue.h lists them all.
//
// Threads:   one thread per report.
// Lifetime:  a Subject and all it shows end with the call.
// Never:     reads a clock, floats a point, depends on the order of customers.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/fold/report.h"
#include "engine/model/valid_event.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/fold_rules.h"
#include "projections/facts/groups.h"
#include "projections/facts/kind_table.h"
#include "projections/report/past.h"
#include "projections/report/sheet.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {

// What a report is about.
struct Frame {
  fold::ReportWindow window;
  // Never null.
  const facts::FoldRules* rules = nullptr;
  // Never null.
  const facts::Targets* targets = nullptr;

  bool Counts(const ValidEvent& event) const {
    return event.occurred_at_us >= window.from_us && event.occurred_at_us < window.to_us;
  }
};

// One customer, by what happened up to the moment of the report.
struct Subject {
  absl::string_view id;
  // By moment.
  absl::Span<const ValidEvent> events;
  // Never null.
  Past* past = nullptr;
};

class Report {
 public:
  explicit Report(const Frame& frame) : frame_(frame) {}
  virtual ~Report() = default;
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  virtual void Customer(const Subject& subject) = 0;
  // An event of nobody known; most reports leave it out.
  virtual void Anonymous(const ValidEvent&) {}
  // Columns, rows and total.
  virtual void Finish(v1::Table& table) = 0;

 protected:
  const Frame& frame() const { return frame_; }
  const facts::FoldRules& rules() const { return *frame_.rules; }
  const facts::Targets& targets() const { return *frame_.targets; }

 private:
  const Frame frame_;
};

// A report that is one sheet.
class SheetReport : public Report {
 public:
  SheetReport(const Frame& frame, std::vector<Column> columns)
      : Report(frame), sheet_(std::move(columns)) {}
  void Finish(v1::Table& table) override { sheet_.Write(table); }

 protected:
  Sheet& sheet() { return sheet_; }

 private:
  Sheet sheet_;
};

// The payload when the event is of that kind, else null; also null for what outsiders do as if they
// were the customer.
template <typename Message>
const Message* As(const ValidEvent& event) {
  if (event.payload == nullptr || event.payload->GetDescriptor() != Message::descriptor()) {
    return nullptr;
  }
  if (facts::By(event.kind) == facts::Side::kCustomer &&
      facts::IsOutsider(event.envelope->actor().party())) {
    return nullptr;
  }
  return static_cast<const Message*>(event.payload);
}

// Whose act it is, those of the business's own kinds as the rules say.
facts::Side SideOf(const ValidEvent& event, const facts::FoldRules& rules);
// An act of the customer, not of an outsider.
bool IsCustomerAct(const ValidEvent& event, const facts::FoldRules& rules);
// An act of customer or business: what measures count.
bool IsInteraction(const ValidEvent& event, const facts::FoldRules& rules);

// `PurchaseMade`; of the business's own kinds their own name.
std::string KindName(const ValidEvent& event);
// `PHONE`, the name given with OTHER, empty when it is not said.
std::string ChannelName(const ValidEvent& event);
// `SALES`, empty when it is not said; likewise below.
std::string AreaName(v1::Area area);
std::string PhaseName(v1::Phase phase);
// The bare name of an enum's value: `CHANNEL_PHONE` without `CHANNEL_`; empty for 0.
template <typename Enum>
std::string Bare(Enum value, const std::string& (*name_of)(Enum), absl::string_view prefix) {
  if (value == 0) return "";
  const std::string& name = name_of(value);
  return name.substr(prefix.size() < name.size() ? prefix.size() : 0);
}
// `2026-01`.
std::string MonthOf(int64_t at_us);
// Whole seconds from `from_us` to `to_us`.
int64_t SecondsBetween(int64_t from_us, int64_t to_us);

using facts::GoodOf;

// What happened under one interaction_id, or one event without: what it was meant to reach and what
// it came to.
struct Encounter {
  // The first event that says what is intended, the latest that states an outcome; null without.
  const ValidEvent* aim = nullptr;
  const ValidEvent* outcome = nullptr;
  bool met() const;
};
// Those that say anything of it, by their first event. In outcomes.cc.
std::vector<Encounter> EncountersOf(const Subject& subject);

// Moments of purchases, ascending.
std::vector<rapport::Moment> Purchases(const Subject& subject);
// Their days, each once.
std::vector<int64_t> PurchaseDays(const Subject& subject);

}  // namespace rapport::report
