// Metrics of dialogue: needs, questions, trust, feedback and praise.

#include <algorithm>
#include <optional>
#include <utility>

#include "projections/facts/needs.h"
#include "projections/report/in_time.h"
#include "projections/report/metrics_parts.h"

namespace rapport::report {
namespace {

using facts::Need;

// The most urgent stated; 0 = none.
int64_t PriorityOf(const Need& need) {
  int64_t least = 0;
  for (const Item* item : need.heard) {
    if (item->n() != 0 && (least == 0 || item->n() < least)) least = item->n();
  }
  return least;
}

// By times heard, then stated priority, then the latest first.
bool MattersMore(const Need& a, const Need& b) {
  if (a.heard.size() != b.heard.size()) return a.heard.size() > b.heard.size();
  const auto urgency = [](const Need& need) {
    const int64_t priority = PriorityOf(need);
    return priority == 0 ? std::numeric_limits<int64_t>::max() : priority;
  };
  if (urgency(a) != urgency(b)) return urgency(a) < urgency(b);
  return b.heard.back()->moment < a.heard.back()->moment;
}

void WriteNeed(const Need& need, v1::OneNeed& out) {
  out.set_need(std::string(need.key));
  out.set_form(static_cast<v1::NeedForm>(need.heard.back()->code));
  out.set_times(static_cast<int64_t>(need.heard.size()));
  out.set_priority(PriorityOf(need));
  out.set_open(need.open);
  out.set_handed_over(need.course.handed_over());
  if (const auto until_us = need.course.confirm_until_us(); need.open && until_us.has_value()) {
    out.set_confirm_until_us(*until_us);
  }
  out.set_at_us(need.heard.back()->moment.at_us);
  for (auto item = need.heard.rbegin(); item != need.heard.rend(); ++item) {
    out.add_event_ids((*item)->moment.id.Hex());
  }
}

// A question, and what became of it.
struct Question {
  const Item* asked = nullptr;
  const Item* answered = nullptr;
  std::optional<AnswerTerm> term;
};

// Asking again while nobody has answered is the same question.
std::vector<Question> ReadQuestions(const MetricsInput& input) {
  std::vector<Question> questions;
  const auto open = [&](const Item& item) -> Question* {
    for (Question& one : questions) {
      if (one.answered == nullptr && one.asked->key.view() == item.key.view()) return &one;
    }
    return nullptr;
  };
  for (const Item& item : input.facts.FindList(ListName::kAsks).items) {
    if (item.kind == v1::KIND_ENQUIRY_MADE || item.kind == v1::KIND_SUPPORT_REQUESTED) {
      if (open(item) == nullptr) questions.push_back({&item, nullptr, std::nullopt});
    } else if (item.kind == v1::KIND_QUESTION_ANSWERED && !item.has(facts::kAsksBack)) {
      if (Question* one = open(item)) one->answered = &item;
    }
  }
  for (Question& one : questions) one.term = input.answer_term(*one.asked);
  return questions;
}

void WriteOpenQuestions(const std::vector<Question>& questions, v1::Metrics& out) {
  for (const Question& one : questions) {
    if (one.answered != nullptr) continue;
    v1::OpenQuestion& question = *out.add_open_questions();
    question.set_request(std::string(one.asked->key.view()));
    question.set_topic(std::string(one.asked->subject.view()));
    question.set_asked_at_us(one.asked->moment.at_us);
    question.set_waiting(one.term.has_value() && one.term->waiting);
    question.set_event_id(one.asked->moment.id.Hex());
  }
}

// A question that may still wait is neither in time nor late.
void WriteResponsiveness(const std::vector<Question>& questions, int64_t t_us,
                         v1::TrustMetrics& trust) {
  for (auto one = questions.rbegin(); one != questions.rend(); ++one) {
    if (!one->term.has_value()) continue;
    const std::string asked = one->asked->moment.id.Hex();
    if (one->answered != nullptr && IsInTime(one->answered->moment.at_us, one->term->by_us)) {
      trust.add_in_time_event_ids(asked);
    } else if (one->answered != nullptr || t_us >= one->term->by_us) {
      trust.add_late_event_ids(asked);
    }
  }
  trust.set_in_time(trust.in_time_event_ids_size());
  trust.set_late(trust.late_event_ids_size());
  const int64_t decided = trust.in_time() + trust.late();
  if (decided > 0) trust.set_responsiveness_permille(Permille(trust.in_time(), decided));
}

// Ids of a kind's events in a list, newest first.
void AddEvents(const List& list, v1::Kind kind,
               google::protobuf::RepeatedPtrField<std::string>& ids) {
  for (auto item = list.items.rbegin(); item != list.items.rend(); ++item) {
    if (item->kind == kind) *ids.Add() = item->moment.id.Hex();
  }
}

}  // namespace

void WriteNeeds(const MetricsInput& input, v1::Metrics& out) {
  std::vector<Need> all = facts::ReadNeeds(input.facts, input.t_us);
  if (all.empty()) return;
  std::stable_sort(all.begin(), all.end(), MattersMore);
  v1::NeedMetrics& needs = *out.mutable_needs();
  int64_t rank = 0;
  int64_t open = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i == 0 || all[i].heard.size() != all[i - 1].heard.size()) {
      rank = static_cast<int64_t>(i) + 1;
    }
    v1::OneNeed& one = *needs.add_needs();
    WriteNeed(all[i], one);
    one.set_rank(rank);
    open += one.open() ? 1 : 0;
  }
  needs.set_heard(static_cast<int64_t>(all.size()));
  needs.set_open(open);
}

// Quality: the mean of all survey answers. Transparency: InformationShared. Responsiveness: of the
// questions that the list `asks` remembers.
void WriteQuestionsAndTrust(const MetricsInput& input, v1::Metrics& out) {
  const std::vector<Question> questions = ReadQuestions(input);
  WriteOpenQuestions(questions, out);
  v1::TrustMetrics trust;
  if (out.satisfaction().has_mean_permille()) {
    trust.set_quality_permille(out.satisfaction().mean_permille());
  }
  trust.set_transparency(CountOf(input.facts, v1::KIND_INFORMATION_SHARED));
  AddEvents(input.facts.FindList(ListName::kContacts), v1::KIND_INFORMATION_SHARED,
            *trust.mutable_information_event_ids());
  AddEvents(input.facts.FindList(ListName::kAsks), v1::KIND_SURVEY_ANSWERED,
            *trust.mutable_quality_event_ids());
  WriteResponsiveness(questions, input.t_us, trust);
  if (trust.ByteSizeLong() != 0) *out.mutable_trust() = std::move(trust);
}

void WriteFeedback(const MetricsInput& input, v1::Metrics& out) {
  const uint32_t count = CountOf(input.facts, v1::KIND_FEEDBACK_GIVEN);
  if (count == 0) return;
  v1::FeedbackMetrics& feedback = *out.mutable_feedback();
  feedback.set_count(count);
  for (const Item& item : input.facts.FindList(ListName::kMoments).items) {
    if (item.kind != v1::KIND_FEEDBACK_GIVEN) continue;
    feedback.set_feedback(std::string(item.key.view()));
    feedback.set_topic(std::string(item.subject.view()));
    feedback.set_at_us(item.moment.at_us);
    feedback.set_event_id(item.moment.id.Hex());
  }
}

// Who refuses to be named is not quoted; the good word still counts.
void WritePraise(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const uint32_t count = CountOf(facts, v1::KIND_PRAISE_GIVEN);
  const uint32_t advocacy = CountOf(facts, v1::KIND_ADVOCACY_SHOWN);
  if (count == 0 && advocacy == 0) return;
  v1::PraiseMetrics& praise = *out.mutable_praise();
  praise.set_count(count);
  praise.set_advocacy(advocacy);
  praise.set_naming_refused(Refuses(facts, "NAMED"));
  if (praise.naming_refused()) return;
  std::vector<const Item*> quotable;
  for (const ListName name : {ListName::kMoments, ListName::kReferrals}) {
    for (const Item& item : facts.FindList(name).items) {
      const bool good_word =
          item.kind == v1::KIND_PRAISE_GIVEN || item.kind == v1::KIND_ADVOCACY_SHOWN;
      if (good_word && item.has(facts::kConsent)) quotable.push_back(&item);
    }
  }
  std::sort(quotable.begin(), quotable.end(),
            [](const Item* a, const Item* b) { return b->moment < a->moment; });
  for (const Item* item : quotable) {
    v1::Testimonial& one = *praise.add_testimonials();
    one.set_key(std::string(item->key.view()));
    one.set_at_us(item->moment.at_us);
    one.set_event_id(item->moment.id.Hex());
  }
}

}  // namespace rapport::report
