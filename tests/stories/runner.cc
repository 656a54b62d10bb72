#include "tests/stories/runner.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "engine/history/relationship.h"
#include "tests/kit/engine_world.h"
#include "tests/stories/ask_base.h"
#include "tests/stories/invariants.h"
#include "tests/stories/question.h"
#include "tests/stories/rule_sets.h"
#include "tests/stories/twins.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

// Two, so that the customers of a story need not stand on one.
constexpr int kPartitions = 2;
constexpr size_t kFailuresMax = 20;

// What one customer looked like at a moment, when only so much was known.
struct Sight {
  int line = 0;
  std::string customer;
  int64_t at_us = 0;
  bool past = false;
  bool incomplete = false;
  Position known_at;
  std::string standing;
};

// A standing as the pipeline or history gives it.
struct Answer {
  v1::Standing standing;
  v1::CustomerFacts facts;
  v1::Explanation explanation;
  bool incomplete = false;
};

class StoryRun {
 public:
  explicit StoryRun(const Story& story) : story_(story) {}

  std::vector<std::string> Run() {
    const absl::Status status = Tell();
    if (!status.ok()) Fail(line_, status.message());
    return std::move(failures_);
  }

 private:
  void Fail(int line, absl::string_view what) {
    if (failures_.size() >= kFailuresMax) return;
    failures_.push_back(absl::StrCat(story_.file, ":", line, ": ", what));
  }
  void FailAll(int line, const std::vector<std::string>& wrong) {
    for (const std::string& what : wrong) Fail(line, what);
  }

  absl::Status Tell() {
    ASSIGN_OR_RETURN(rules_, LoadRules(story_.rules));
    ASSIGN_OR_RETURN(RuleSet again, LoadRules(story_.rules));
    world_ = std::make_unique<kit::EngineWorld>(kPartitions, std::move(again.projection));
    world_->echo() = story_.echo;
    RETURN_IF_ERROR(world_->Start());
    for (const Step& step : story_.steps) RETURN_IF_ERROR(TellStep(step));
    return LookBack();
  }

  // ---- One line of the story ----

  absl::Status TellStep(const Step& step) {
    line_ = step.event.line;
    step_us_ = step.event.logged_us;
    RETURN_IF_ERROR(Publish(step));
    std::vector<Sight> sights;
    for (const Scene& scene : step.scenes) RETURN_IF_ERROR(PlayScene(scene, sights));
    world_->Crash(static_cast<uint64_t>(step.event.line));
    RETURN_IF_ERROR(world_->Start());
    // What was told already is told again, and counts for nothing.
    RETURN_IF_ERROR(world_->AwaitEchoes());
    for (const Sight& sight : sights) {
      ASSIGN_OR_RETURN(const Answer answer, See(sight.customer, sight.at_us, sight.past));
      if (answer.standing.SerializeAsString() != sight.standing) {
        Fail(sight.line,
             absl::StrCat("a power cut after line ", line_, " changes the answer about ",
                          sight.customer, " at ", Written(sight.at_us)));
      }
    }
    sights_.insert(sights_.end(), sights.begin(), sights.end());
    return absl::OkStatus();
  }

  absl::Status Publish(const Step& step) {
    const EventLine& line = step.event;
    const store::EventCounters before = world_->pipeline().counters();
    world_->clock().Set(line.logged_us);
    // Of nobody known: such events are keyed by their own id.
    const bool anonymous = line.event.customer_id().empty();
    const log::Appended at =
        world_->PublishRaw(anonymous ? line.event.event_id() : line.event.customer_id(),
                           line.event.SerializeAsString());
    RETURN_IF_ERROR(world_->AwaitAll());
    const store::EventCounters after = world_->pipeline().counters();
    rejection_.reset();
    fate_ = Fate::kFolded;
    if (after.duplicates > before.duplicates) fate_ = Fate::kDuplicate;
    if (after.not_folded > before.not_folded) fate_ = Fate::kKept;
    if (after.rejected > before.rejected || after.conflicts > before.conflicts) {
      fate_ = Fate::kRefused;
      RETURN_IF_ERROR(FindRejection(at));
    }
    if (anonymous && fate_ == Fate::kFolded) {
      anonymous_.push_back(&line);
      return absl::OkStatus();
    }
    if (fate_ == Fate::kFolded || fate_ == Fate::kKept) shown_.push_back(&line);
    if (fate_ == Fate::kFolded) Count(line);
    if (fate_ != Fate::kFolded && !ExpectsFate(step)) {
      Fail(line.line, fate_ == Fate::kRefused
                          ? absl::StrCat("the line is refused: ", rejection_->ToStatus().message())
                          : "the line counts for nothing; if that is meant, ask `duplicate` or "
                            "`kept`");
    }
    return CountTwins(line);
  }

  void Count(const EventLine& line) {
    told_.events.push_back(&line);
    customers_.insert(line.event.customer_id());
  }

  // Takes what the engine has appended as lines of the story.
  absl::Status CountTwins(const EventLine& cause) {
    if (!story_.echo) return absl::OkStatus();
    RETURN_IF_ERROR(world_->AwaitEchoes());
    ASSIGN_OR_RETURN(std::vector<EventLine> twins, ReadTwins(world_->log()));
    for (EventLine& twin : twins) {
      if (!twin_ids_.insert(twin.event.event_id()).second) continue;
      twin.line = cause.line;
      twin.logged_us = cause.logged_us;
      twins_.push_back(std::move(twin));
      shown_.push_back(&twins_.back());
      Count(twins_.back());
    }
    return absl::OkStatus();
  }

  absl::Status FindRejection(const log::Appended& at) {
    RETURN_IF_ERROR(world_->pipeline().Checkpoint(absl::Now() + absl::Seconds(60)));
    ASSIGN_OR_RETURN(const auto entries, world_->pipeline().Quarantine(at.partition, at.offset, 1));
    if (entries.empty() || entries[0].offset != at.offset) {
      return absl::InternalError("the line is counted as refused and not in quarantine");
    }
    rejection_ = entries[0].rejection;
    return absl::OkStatus();
  }

  // ---- Questions ----

  absl::Status PlayScene(const Scene& scene, std::vector<Sight>& sights) {
    std::map<std::string, Answer> answers;
    for (const std::string& customer : customers_) {
      ASSIGN_OR_RETURN(Answer answer, See(customer, scene.at_us, scene.past));
      FailAll(scene.line, CheckStanding(answer.standing, EventsOf(customer), rules_.policies));
      if (!scene.past) RETURN_IF_ERROR(CheckNextChange(scene.line, customer, answer.standing));
      ASSIGN_OR_RETURN(answer.explanation, Explain(customer, scene.at_us));
      FailAll(scene.line,
              CheckExplanation(answer.explanation, answer.standing, EventsOf(customer)));
      sights.push_back({scene.line, customer, scene.at_us, scene.past, answer.incomplete,
                        world_->pipeline().Applied(), answer.standing.SerializeAsString()});
      answers.emplace(customer, std::move(answer));
    }
    for (const Question& question : scene.questions) {
      line_ = question.line;
      Answer& answer = answers[question.customer];
      if (!question.rules.empty()) {
        ASSIGN_OR_RETURN(answer, SeeUnder(question, scene, answer));
      }
      RETURN_IF_ERROR(Ask(question, scene.at_us, answer));
    }
    return absl::OkStatus();
  }

  // A report over everybody, or an insight on `customer` alone.
  absl::StatusOr<v1::Table> TableOf(const std::string& name, const fold::ReportWindow& window,
                                    const std::string* customer) {
    const int64_t at_us = window.as_of_us;
    ASSIGN_OR_RETURN(const auto run, world_->projection().Report({name}, window));
    const history::History history = world_->History();
    std::set<std::string> survivors;
    for (const std::string& one : customer != nullptr ? std::set{*customer} : customers_) {
      ASSIGN_OR_RETURN(const Group group, history.GroupOf(one, {}));
      if (!survivors.insert(group.survivor).second) continue;
      ASSIGN_OR_RETURN(const history::CountingEvents events,
                       history.CountingEventsOf(group, {at_us, {}}));
      if (!events.get().empty()) run->AddCustomer(group.survivor, events.get());
    }
    event::Validator validator(event::ValidatorOptions{});
    for (const EventLine* line : anonymous_) {
      if (customer != nullptr || line->occurred_us > at_us) continue;
      RAPPORT_CHECK(!validator.Adopt(line->event, 0, 0, line->logged_us).has_value());
      run->AddAnonymous(validator.event());
    }
    google::protobuf::RepeatedPtrField<v1::Table> tables;
    run->Finish(tables);
    return tables[0];
  }

  // How everybody is, merged customers as one.
  absl::StatusOr<v1::SummarizeBaseResponse> BaseAt(int64_t at_us) {
    std::vector<v1::Standing> standings;
    std::set<std::string> survivors;
    for (const std::string& one : customers_) {
      ASSIGN_OR_RETURN(const Group group, world_->History().GroupOf(one, {}));
      if (!survivors.insert(group.survivor).second) continue;
      ASSIGN_OR_RETURN(const Answer answer, See(one, at_us, /*past=*/false));
      standings.push_back(answer.standing);
    }
    return Summarized(standings);
  }

  absl::Status Ask(const Question& question, int64_t at_us, const Answer& answer) {
    std::vector<v1::TimelineEntry> timeline;
    std::vector<v1::StandingRow> changes;
    View view;
    view.standing = &answer.standing;
    view.facts = &answer.facts;
    if (question.rules.empty()) view.explanation = &answer.explanation;
    if (customers_.contains(question.customer)) {
      ASSIGN_OR_RETURN(timeline, world_->History().Timeline(question.customer, {}));
      ASSIGN_OR_RETURN(changes, ChangesOf(*world_, question.customer, at_us));
    }
    view.timeline = [&timeline]() -> const std::vector<v1::TimelineEntry>& { return timeline; };
    view.history = [&changes]() -> const std::vector<v1::StandingRow>& { return changes; };
    view.table = [&](const std::string& name, bool insight, int64_t answers_min) {
      return TableOf(name, {.as_of_us = at_us, .answers_min = answers_min},
                     insight ? &question.customer : nullptr);
    };
    view.base = [&] { return BaseAt(at_us); };
    view.events = EventsOf(question.customer);
    view.policies = &rules_.policies;
    for (Partition partition = 0; partition < kPartitions; ++partition) {
      view.known += world_->pipeline().progress(partition).customers;
    }
    view.line_us = step_us_;
    view.fate = fate_;
    view.rejection = rejection_;
    for (const Clause& clause : question.clauses) {
      const absl::Status right = Check(clause, view, memory_);
      if (!right.ok()) {
        Fail(question.line, absl::StrCat(clause.ToString(), ": ", right.message()));
      }
    }
    return absl::OkStatus();
  }

  // Everything that there is to ask for.
  static fold::EvaluateOptions Asked() {
    fold::EvaluateOptions options;
    options.metrics = true;
    return options;
  }

  // The live standing, or that of the past as it is known now; of merged customers that of all.
  absl::StatusOr<Answer> See(const std::string& customer, int64_t at_us, bool past) {
    if (Together(customer).size() > 1) return SeeTogether(customer, at_us);
    Answer answer;
    fold::EvaluateOptions options = Asked();
    std::string bytes;
    RETURN_IF_ERROR(world_->pipeline().Read(customer, [&](const store::CustomerView& view) {
      options.quarantined = answer.incomplete = view.quarantined > 0;
      world_->projection().Encode(view.facts, /*with_offsets=*/false, bytes);
      if (past) return;
      world_->projection().Evaluate(customer, view.facts, at_us, options, answer.standing);
    }));
    if (past) {
      RETURN_IF_ERROR(world_->History().Evaluate(customer, {at_us, {}}, options, answer.standing));
      ASSIGN_OR_RETURN(bytes, world_->History().Facts(customer, {at_us, {}}));
    }
    answer.facts.ParseFromString(bytes);
    return answer;
  }

  absl::StatusOr<Answer> SeeTogether(const std::string& customer, int64_t at_us) {
    const history::History past = world_->History();
    const history::RelationshipReader reader(&world_->archive(), &world_->projection(),
                                             &world_->pipeline(), &past);
    ASSIGN_OR_RETURN(history::Relationship one,
                     reader.Read(customer, {at_us, {}}, Asked(), /*with_facts=*/true));
    Answer answer;
    answer.standing = std::move(one.standing);
    answer.facts.ParseFromString(one.facts);
    answer.incomplete = one.quarantined > 0;
    return answer;
  }

  // Every change of stage and flags up to a moment.
  static absl::StatusOr<std::vector<v1::StandingRow>> ChangesOf(const kit::EngineWorld& world,
                                                                const std::string& customer,
                                                                int64_t to_us) {
    ASSIGN_OR_RETURN(const Group group, world.History().GroupOf(customer, {}));
    return world.History().Standings(group, {to_us, {}}, {}, {.to_us = to_us},
                                     [] { return absl::OkStatus(); });
  }

  absl::StatusOr<v1::Explanation> Explain(const std::string& customer, int64_t at_us) {
    const history::History past = world_->History();
    const history::RelationshipReader reader(&world_->archive(), &world_->projection(),
                                             &world_->pipeline(), &past);
    ASSIGN_OR_RETURN(history::ExplainedRelationship one, reader.Explain(customer, {at_us, {}}, {}));
    return std::move(one.explanation);
  }

  // Who is one with the customer.
  std::vector<std::string> Together(const std::string& customer) const {
    const auto group = world_->History().GroupOf(customer, {});
    RAPPORT_CHECK_OK(group.status());
    return group->members;
  }

  // The same facts under further rules, which may differ only in what they make of them.
  absl::StatusOr<Answer> SeeUnder(const Question& question, const Scene& scene,
                                  const Answer& answer) {
    ASSIGN_OR_RETURN(const RuleSet rules,
                     LoadRules(absl::StrCat(story_.rules, " + ", question.rules)));
    if (rules.projection->fold_digest() != rules_.projection->fold_digest()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "under ", question.rules, " other things are remembered: tell a story of its own"));
    }
    Answer other = answer;
    other.standing.Clear();
    history::History history(&world_->archive(), rules.projection.get(), &world_->pipeline());
    fold::EvaluateOptions options = Asked();
    options.quarantined = answer.incomplete;
    RETURN_IF_ERROR(
        history.Evaluate(question.customer, {scene.at_us, {}}, options, other.standing));
    return other;
  }

  // Nothing differs until `next_change_at`, and then something does.
  absl::Status CheckNextChange(int line, const std::string& customer, const v1::Standing& now) {
    if (!now.has_next_change_at_us()) return absl::OkStatus();
    const int64_t next_us = now.next_change_at_us();
    ASSIGN_OR_RETURN(const Answer before, See(customer, next_us - 1, false));
    ASSIGN_OR_RETURN(const Answer after, See(customer, next_us, false));
    const std::string is = AnnouncedPartOf(now);
    if (AnnouncedPartOf(before.standing) != is) {
      Fail(line, absl::StrCat("something about ", customer, " changes before its next change, ",
                              Written(next_us)));
    }
    if (AnnouncedPartOf(after.standing) == is) {
      Fail(line, absl::StrCat("nothing about ", customer, " changes at ", Written(next_us),
                              ", the next change that is announced"));
    }
    return absl::OkStatus();
  }

  // ---- When the story is over ----

  absl::Status LookBack() {
    const int end = story_.steps.back().event.line;
    line_ = end;
    for (const Sight& sight : sights_) RETURN_IF_ERROR(CheckAsKnownThen(sight));
    for (const std::string& customer : customers_) {
      ASSIGN_OR_RETURN(const std::string refolded, world_->History().Facts(customer, {}));
      ASSIGN_OR_RETURN(told_.facts[customer], FactsOf(customer));
      if (told_.facts[customer] != refolded) {
        Fail(end, absl::StrCat("folding ", customer, " from the archive gives other facts"));
      }
      ASSIGN_OR_RETURN(const auto timeline, world_->History().Timeline(customer, {}));
      FailAll(end, CheckTimeline(timeline, LinesOf(customer, shown_)));
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> known, world_->pipeline().CustomerIds());
    for (const std::string& customer : known) {
      if (!customers_.contains(customer)) Fail(end, absl::StrCat("nobody told of ", customer));
    }
    told_.projection = rules_.projection.get();
    FailAll(end, CheckOrders(told_));
    FailAll(end, CheckHalves(told_));
    RETURN_IF_ERROR(CheckArrivedTheOtherWay());
    return CheckRebuilt();
  }

  // Had the last event arrived first, every customer would have had the same history.
  absl::Status CheckArrivedTheOtherWay() {
    ASSIGN_OR_RETURN(RuleSet again, LoadRules(story_.rules));
    kit::EngineWorld other(kPartitions, std::move(again.projection));
    int64_t end_us = 0;
    for (const EventLine* line : told_.events) end_us = std::max(end_us, line->logged_us);
    other.clock().Set(end_us);
    for (auto line = told_.events.rbegin(); line != told_.events.rend(); ++line) {
      other.PublishRaw((*line)->event.customer_id(), (*line)->event.SerializeAsString());
    }
    RETURN_IF_ERROR(other.Start());
    RETURN_IF_ERROR(other.AwaitAll());
    for (const std::string& customer : customers_) {
      ASSIGN_OR_RETURN(const auto rows, ChangesOf(*world_, customer, end_us));
      ASSIGN_OR_RETURN(const auto other_rows, ChangesOf(other, customer, end_us));
      const auto is_same = [](const v1::StandingRow& a, const v1::StandingRow& b) {
        return a.SerializeAsString() == b.SerializeAsString();
      };
      if (std::equal(rows.begin(), rows.end(), other_rows.begin(), other_rows.end(), is_same)) {
        continue;
      }
      Fail(line_, absl::StrCat("the history of ", customer, " depends on the order of arrival"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckAsKnownThen(const Sight& sight) {
    v1::Standing standing;
    fold::EvaluateOptions options = Asked();
    options.quarantined = sight.incomplete;
    RETURN_IF_ERROR(world_->History().Evaluate(sight.customer, {sight.at_us, sight.known_at},
                                               options, standing));
    if (standing.SerializeAsString() != sight.standing) {
      Fail(sight.line, absl::StrCat("history answers otherwise about ", sight.customer, " at ",
                                    Written(sight.at_us), " as it was known then"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckRebuilt() {
    world_->Stop();
    world_->LoseState();
    RETURN_IF_ERROR(world_->Start());
    RETURN_IF_ERROR(world_->AwaitAll());
    for (const auto& [customer, facts] : told_.facts) {
      ASSIGN_OR_RETURN(const std::string rebuilt, FactsOf(customer));
      if (rebuilt != facts) Fail(line_, absl::StrCat("rebuilding gives other facts of ", customer));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> FactsOf(const std::string& customer) {
    std::string bytes;
    RETURN_IF_ERROR(world_->pipeline().Read(customer, [&](const store::CustomerView& view) {
      world_->projection().Encode(view.facts, /*with_offsets=*/false, bytes);
    }));
    return bytes;
  }

  // Those of `lines` that are about the customer, or about who is one with him.
  std::vector<const EventLine*> LinesOf(const std::string& customer,
                                        const std::vector<const EventLine*>& lines) const {
    const std::vector<std::string> together = Together(customer);
    std::vector<const EventLine*> events;
    for (const EventLine* line : lines) {
      if (std::binary_search(together.begin(), together.end(), line->event.customer_id())) {
        events.push_back(line);
      }
    }
    return events;
  }
  std::vector<const EventLine*> EventsOf(const std::string& customer) const {
    return LinesOf(customer, told_.events);
  }

  const Story& story_;
  RuleSet rules_;
  std::unique_ptr<kit::EngineWorld> world_;
  int line_ = 0;
  int64_t step_us_ = 0;
  Fate fate_ = Fate::kFolded;
  std::optional<Rejection> rejection_;
  Memory memory_;
  Told told_;
  // Events of the timeline: those that count, and those that are only kept.
  std::vector<const EventLine*> shown_;
  // What the engine appended.
  std::deque<EventLine> twins_;
  std::set<std::string> twin_ids_;
  std::set<std::string> customers_;
  std::vector<const EventLine*> anonymous_;
  std::vector<Sight> sights_;
  std::vector<std::string> failures_;
};

}  // namespace

std::vector<std::string> RunStory(const Story& story) { return StoryRun(story).Run(); }

}  // namespace rapport::stories
