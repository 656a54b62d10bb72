// Metrics of what the customer told: preferences, newsletter, memberships, owner and people.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "projections/report/metrics_parts.h"
#include "rapport/v1/outreach_purpose.pb.h"

namespace rapport::report {
namespace {

std::vector<const Item*> ByKey(const List& list) {
  std::vector<const Item*> items;
  for (const Item& item : list.items) items.push_back(&item);
  std::sort(items.begin(), items.end(),
            [](const Item* a, const Item* b) { return a->key.view() < b->key.view(); });
  return items;
}

// The latest newsletter, wherever the rules remember it; null = none.
const Item* LastNewsletter(const facts::Facts& facts) {
  const Item* last = nullptr;
  for (const ListName name : {ListName::kMailings, ListName::kContacts}) {
    for (const Item& item : facts.FindList(name).items) {
      if (item.kind == v1::KIND_OUTREACH_MADE && item.has(facts::kReached) &&
          item.code == v1::OUTREACH_PURPOSE_NEWSLETTER &&
          (last == nullptr || last->moment < item.moment)) {
        last = &item;
      }
    }
  }
  return last;
}

bool IsIssueDay(int64_t day, const IssueDays& issues) {
  return std::binary_search(issues.month_days.begin(), issues.month_days.end(),
                            CivilOfDay(day).day);
}

// The latest issue that has begun at `t_us`, by its date, and the one after a date.
int64_t IssueAt(int64_t t_us, const MetricsInput& input) {
  const IssueDays& issues = input.issue_days;
  // Local days are at most one away from those of UTC.
  int64_t day = DayOf(t_us - issues.from_us) + 1;
  while (!IsIssueDay(day, issues) || input.local_midnight(day) + issues.from_us > t_us) --day;
  return day;
}
int64_t IssueAfter(int64_t day, const IssueDays& issues) {
  do ++day;
  while (!IsIssueDay(day, issues));
  return day;
}

void WriteRole(absl::string_view role, const std::vector<const Item*>& items,
               v1::RoleMetrics& out) {
  out.set_role(std::string(role));
  int64_t left_us = 0;
  for (const Item* item : items) {
    if (item->has(facts::kAccepted)) {
      left_us = std::max(left_us, item->moment.at_us);
    } else {
      out.add_people(std::string(item->key.view()));
    }
  }
  if (!out.people().empty()) return;
  out.set_vacant(true);
  out.set_vacant_since_day(DayOf(left_us));
}

}  // namespace

void WritePreferences(const MetricsInput& input, v1::Metrics& out) {
  const List known = input.facts.FindList(ListName::kPreferences);
  if (known.items.empty() && input.rules.wanted_preferences.empty()) return;
  v1::PreferenceMetrics& preferences = *out.mutable_preferences();
  for (const std::string& key : input.rules.wanted_preferences) {
    if (FindInMap(input.facts, ListName::kPreferences, key) == nullptr) {
      preferences.add_missing(key);
    } else {
      preferences.set_known(preferences.known() + 1);
    }
  }
  preferences.set_wanted(preferences.known() + preferences.missing_size());
  if (preferences.wanted() > 0) {
    preferences.set_coverage_permille(Permille(preferences.known(), preferences.wanted()));
  }
  for (const Item* item : ByKey(known)) {
    v1::OnePreference& one = *preferences.add_preferences();
    one.set_key(std::string(item->key.view()));
    one.set_value(std::string(item->subject.view()));
    one.set_at_us(item->moment.at_us);
    one.set_event_id(item->moment.id.Hex());
  }
}

// At request: the customer granted NEWSLETTER and has not refused everything. The present issue is
// next while it is not sent, was asked for before it, and is worth sending; then the one after it.
void WriteNewsletter(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const Item* consent = FindInMap(facts, ListName::kConsents, "NEWSLETTER");
  if (consent == nullptr || !consent->has(facts::kAccepted) || Refuses(facts, "all")) return;
  const Item* last = LastNewsletter(facts);
  v1::NewsletterMetrics& newsletter = *out.mutable_newsletter();
  newsletter.set_position((last == nullptr ? 0 : last->n()) + 1);
  if (last != nullptr) newsletter.set_last_at_us(last->moment.at_us);
  if (input.issue_days.month_days.empty()) return;
  const int64_t issue = IssueAt(input.t_us, input);
  const int64_t midnight_us = input.local_midnight(issue);
  const int64_t begins_us = midnight_us + input.issue_days.from_us;
  const bool sent = last != nullptr && last->moment.at_us >= begins_us;
  const bool due = !sent && consent->moment.at_us < begins_us &&
                   input.t_us < midnight_us + input.issue_days.until_us;
  newsletter.set_next_day(due ? issue : IssueAfter(issue, input.issue_days));
}

// From `expires at` on the balance is without what expired, though no event says so.
void WriteMemberships(const MetricsInput& input, v1::Metrics& out) {
  for (const Item* item : ByKey(input.facts.FindList(ListName::kMemberships))) {
    v1::MembershipMetrics& one = *out.add_memberships();
    one.set_programme(std::string(item->key.view()));
    one.set_at_us(item->moment.at_us);
    if (item->kind == v1::KIND_COMMUNITY_ACTED) {
      one.set_community(true);
      one.set_left(item->has(facts::kAccepted));
      continue;
    }
    one.set_tier(std::string(item->subject.view()));
    const bool expired = item->m() != 0 && input.t_us >= item->m();
    one.set_balance(expired ? Narrow(int128{item->n()} - item->x()) : item->n());
    if (expired || item->m() == 0 || item->x() == 0) continue;
    one.set_next_expiry_us(item->m());
    one.set_expiring(item->x());
  }
}

// A role is vacant when all who had it have left.
void WriteOwnerAndRoles(const MetricsInput& input, v1::Metrics& out) {
  for (const Item& item : input.facts.FindList(ListName::kOwner).items) {
    v1::OwnerMetrics& owner = *out.mutable_owner();
    owner.set_agent(std::string(item.key.view()));
    owner.set_key_account(item.has(facts::kAccepted));
    owner.set_since_day(DayOf(item.moment.at_us));
  }
  struct Role {
    absl::string_view key;
    std::vector<const Item*> items;
  };
  std::vector<Role> roles;
  for (const Item* item : ByKey(input.facts.FindList(ListName::kPeople))) {
    ForKey(roles, item->subject.view()).items.push_back(item);
  }
  std::sort(roles.begin(), roles.end(), [](const Role& a, const Role& b) { return a.key < b.key; });
  for (const Role& role : roles) WriteRole(role.key, role.items, *out.add_roles());
}

}  // namespace rapport::report
