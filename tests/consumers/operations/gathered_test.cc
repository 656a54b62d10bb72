// What is gathered is kept, given out whole, and decided upon again after everything but the log
// is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/export_table.h"
#include "consumers/operations/command_export.h"
#include "engine/base/time.h"
#include "tests/consumers/operations/store_world.h"

namespace rapport::operations {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;

constexpr int kCustomers = 25;
constexpr int64_t kAsOf = (kDay + 400) * kMicrosPerDay;

int64_t At(int64_t day) { return day * kMicrosPerDay; }

// One every eight hours.
std::vector<EventBuilder> AThousand() {
  std::vector<EventBuilder> events;
  for (uint64_t id = 1; id <= 1000; ++id) {
    events.push_back(id % 9 == 0   ? AnEvent(v1::KIND_COMPLAINT_RAISED).Set("severity", 2)
                     : id % 7 == 0 ? AnEvent(v1::KIND_THANKS_GIVEN)
                                   : APurchase().Worth(static_cast<int64_t>(id % 80), "EUR"));
    if (id % 7 != 0 || id % 9 == 0) events.back().Key(absl::StrCat("k", id));
    events.back()
        .Of(absl::StrCat("cust-", id % kCustomers))
        .Id(id)
        .At(At(kDay) + static_cast<int64_t>(id) * 8 * kMicrosPerHour);
  }
  return events;
}

class GatheredTest : public testing::Test {
 protected:
  kit::Csv Exported(EventsExport options) {
    ExportTarget target;
    target.folder = world_.folder();
    target.format = "csv";
    target.force = true;
    EXPECT_OK(ExportEvents(world_.client(), options, target));
    return kit::ReadCsv(world_.folder() + "/events/events.csv");
  }
  std::map<std::string, std::string> Standings() {
    std::map<std::string, std::string> standings;
    for (int i = 0; i < kCustomers; ++i) {
      const std::string customer = absl::StrCat("cust-", i);
      standings[customer] = world_.Standing(customer, kAsOf).SerializeAsString();
    }
    return standings;
  }

  StoreWorld world_;
};

// covers: 000-15
TEST_F(GatheredTest, TheLogAloneGivesAllBackAndADateRangeItsEvents) {
  const std::vector<EventBuilder> events = AThousand();
  world_.Publish(events);
  const v1::DigestResponse digest = world_.Digest();
  const std::map<std::string, std::string> standings = Standings();
  world_.Reopen([this] { world_.KeepOnly({"archive"}); });
  EXPECT_EQ(world_.Digest().facts_digest(), digest.facts_digest());
  EXPECT_EQ(world_.Digest().state_digest(), digest.state_digest());
  EXPECT_EQ(Standings(), standings);

  const int64_t from_us = At(kDay + 31), to_us = At(kDay + 59);
  std::set<std::string> wanted;
  for (const EventBuilder& event : events) {
    const int64_t at_us = event.envelope().occurred_at_us();
    if (at_us >= from_us && at_us < to_us) wanted.insert(event.envelope().event_id());
  }
  EventsExport range;
  range.from = FormatTime(from_us);
  range.to = FormatTime(to_us);
  const kit::Csv csv = Exported(range);
  std::set<std::string> found;
  for (size_t row = 0; row < csv.rows.size(); ++row) found.insert(csv.Text(row, "event_id"));
  EXPECT_EQ(found, wanted);
  EXPECT_EQ(csv.rows.size(), 84u) << "three a day, the first of them at midnight";
}

v1::Measure AMeasure(const std::string& name, int64_t value) {
  v1::Measure measure;
  measure.set_name(name);
  measure.set_value(value);
  return measure;
}

EventBuilder Measured(uint64_t id, const std::vector<v1::Measure>& measures) {
  EventBuilder event = AnEvent(v1::KIND_THANKS_GIVEN);
  event.Of("ana").Id(id).OnDay(kDay + static_cast<int64_t>(id));
  for (const v1::Measure& measure : measures) *event.envelope().add_measures() = measure;
  return event;
}

// covers: 002-18
TEST_F(GatheredTest, OwnMeasuresAreKeptShownAndGivenOutWithAColumnEach) {
  world_.Publish({Measured(1, {AMeasure("basket_weight", 1200), AMeasure("mood", 3)}),
                  Measured(2, {AMeasure("mood", -2)}), Measured(3, {})});
  const auto timeline = [&] {
    v1::ListTimelineRequest request;
    request.set_customer_id("ana");
    v1::ListTimelineResponse response;
    EXPECT_OK(world_.Call(world_.client().relationships(),
                          &v1::RelationshipService::Stub::ListTimeline, request, &response));
    std::vector<std::string> shown;
    for (const v1::TimelineEntry& entry : response.entries()) {
      std::string text;
      for (const v1::Measure& measure : entry.touchpoint().measures()) {
        absl::StrAppend(&text, measure.name(), "=", measure.value(), " ");
      }
      shown.push_back(text);
    }
    return shown;
  };
  EXPECT_THAT(timeline(), ElementsAre("", "mood=-2 ", "basket_weight=1200 mood=3 "));
  const analytics::EventsTable table({"basket_weight", "mood"});
  const analytics::Columns columns = table.columns();
  for (size_t i = columns.size() - 2; i < columns.size(); ++i) {
    EXPECT_EQ(columns[i].type, analytics::ColumnType::kInt64) << columns[i].name;
  }
  const kit::Csv csv = Exported({});
  ASSERT_THAT(csv.columns, testing::IsSupersetOf({"measure_basket_weight", "measure_mood"}));
  ASSERT_EQ(csv.rows.size(), 3u);
  std::map<std::string, std::vector<std::string>> cells;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    cells[csv.Text(row, "occurred_at").substr(0, 10)] = {csv.Text(row, "measure_basket_weight"),
                                                         csv.Text(row, "measure_mood")};
  }
  EXPECT_THAT(cells, ElementsAre(testing::Pair("2024-10-05", ElementsAre("1200", "3")),
                                 testing::Pair("2024-10-06", ElementsAre("", "-2")),
                                 testing::Pair("2024-10-07", ElementsAre("", ""))));

  const std::string digest = world_.Digest().facts_digest();
  world_.Reopen([this] { world_.KeepOnly({"archive"}); });
  EXPECT_EQ(world_.Digest().facts_digest(), digest);
  EXPECT_THAT(timeline(), ElementsAre("", "mood=-2 ", "basket_weight=1200 mood=3 "));
  EXPECT_EQ(Exported({}).rows, csv.rows);

  const v1::PublishResult nameless =
      world_.PublishOne(Measured(4, {AMeasure("mood", 1), AMeasure(std::string(65, 'n'), 1)}));
  EXPECT_EQ(nameless.status(), v1::PublishResult::STATUS_REJECTED);
  EXPECT_THAT(nameless.error().message(), testing::HasSubstr("measures[1].name"));
  std::vector<v1::Measure> many;
  for (int i = 10; i < 27; ++i) many.push_back(AMeasure(absl::StrCat("m", i), i));
  const v1::PublishResult one_too_many = world_.PublishOne(Measured(5, many));
  EXPECT_EQ(one_too_many.status(), v1::PublishResult::STATUS_REJECTED);
  EXPECT_THAT(one_too_many.error().message(), testing::HasSubstr("measures"));
  many.pop_back();
  EXPECT_EQ(world_.PublishOne(Measured(6, many)).status(), v1::PublishResult::STATUS_ACCEPTED);
}

}  // namespace
}  // namespace rapport::operations
