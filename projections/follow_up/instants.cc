// When a follow-up opens, begins, is due and expires, and what has closed it.
#include <algorithm>

#include "projections/facts/kind_table.h"
#include "projections/follow_up/candidates.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::ListName;

// Outreach that reached nobody, and answers that ask back, close nothing.
bool CanClose(const Item& item) {
  if (item.kind == v1::KIND_OUTREACH_MADE) return item.has(facts::kReached);
  return item.kind != v1::KIND_QUESTION_ANSWERED || !item.has(facts::kAsksBack);
}

bool Closes(const Closer& closer, const Item& item, absl::string_view key) {
  if (closer.customer_act) return facts::SideOf(item.kind) == facts::Side::kCustomer;
  if (closer.contact) return item.has(facts::kReached);
  if (closer.kind != item.kind || !CanClose(item)) return false;
  if (closer.purpose != 0 && closer.purpose != item.code) return false;
  if (closer.accepted.has_value() && *closer.accepted != item.has(facts::kAccepted)) return false;
  if (closer.all_three && !item.has(facts::kAllThree)) return false;
  if (item.n() < closer.level_min) return false;
  if (!closer.same_key) return true;
  return (item.kind == v1::KIND_OUTREACH_MADE ? item.subject.view() : item.key.view()) == key;
}

// When a promise or an expectation is due, and from when; 0 = not said.
struct Due {
  int64_t at_us = 0;
  int64_t from_us = 0;
};
Due DueOf(const Item& item) {
  if (item.kind == v1::KIND_PROMISE_MADE) return {item.n(), item.m()};
  return {item.m(), 0};
}

}  // namespace

const Item* FirstThatCloses(const Closer& closer, absl::Span<const Item> items,
                            absl::string_view key, int64_t c0_us, bool from_c0_on,
                            int64_t before_us) {
  const int64_t from_us = from_c0_on ? c0_us : c0_us + 1;
  if (items.empty() || items.back().moment.at_us < from_us) return nullptr;
  for (const Item& item : items) {
    if (item.moment.at_us < from_us) continue;
    if (item.moment.at_us >= before_us) return nullptr;
    if (Closes(closer, item, key)) return &item;
  }
  return nullptr;
}

std::optional<int64_t> Candidates::Resolve(const Candidate& one, const MomentRule& rule,
                                           int64_t base_us) const {
  switch (rule.base) {
    case Base::kTerm: {
      const int64_t days =
          one.read == nullptr
              ? 0
              : policies_.friction().term_days[static_cast<size_t>(one.read->severity)];
      return base_us + rule.times * days * kMicrosPerDay + rule.offset_us;
    }
    case Base::kDue:
    case Base::kDueFrom: {
      const Due due = DueOf(*one.trigger);
      if (rule.base == Base::kDueFrom && due.from_us != 0) return due.from_us;
      if (due.at_us == 0) return std::nullopt;
      return due.at_us + (rule.base == Base::kDue ? rule.offset_us : rule.or_offset_us);
    }
    default:
      return base_us + rule.offset_us;
  }
}

int64_t Candidates::OpenTime(const MomentRule& rule, int64_t base_us, const Pauses& pauses) const {
  return policies_.calendar().AddOpenTime(base_us, rule.offset_us, pauses.over);
}

bool Candidates::SetInstants(Candidate& one, int64_t base_us) const {
  const Policy& policy = *one.policy;
  const Pauses& pauses = one.pauses;
  int64_t opened_us = base_us;
  one.opened_us = base_us;
  if (policy.opened.has_value()) {
    opened_us = std::min(*Resolve(one, *policy.opened, base_us),
                         policy.opened_max_us == kNever ? kNever : base_us + policy.opened_max_us);
    one.opened_us = pauses.Move(opened_us);
    if (pauses.Moves(one.opened_us)) return false;
    if (one.read != nullptr && one.read->closed() && one.read->resolved->at_us <= one.opened_us) {
      return false;
    }
  }
  const std::optional<int64_t> from_us = Resolve(one, policy.from, one.opened_us);
  const std::optional<int64_t> by_us = Resolve(one, policy.by, opened_us);
  if (!from_us.has_value() || !by_us.has_value()) return false;
  if (policy.business && policies_.calendar().has_spans()) {
    one.from_us = OpenTime(policy.from, one.opened_us, pauses);
    one.by_us = OpenTime(policy.by, one.opened_us, pauses);
  } else {
    one.from_us = *from_us;
    one.by_us = pauses.Move(std::max(*by_us, *from_us));
  }
  one.from_us = std::max(one.from_us, one.opened_us);
  one.by_us = std::max(one.by_us, one.from_us);
  if (policy.until.has_value()) {
    const std::optional<int64_t> until_us = Resolve(one, *policy.until, opened_us);
    if (!until_us.has_value()) return false;
    one.until_us = std::max(pauses.Move(*until_us), one.by_us);
  }
  return true;
}

int64_t Candidates::ByAt(const Candidate& one, int64_t t_us) const {
  const Pauses& pauses = one.pauses;
  if (!pauses.Moves(one.by_us)) return one.by_us;
  if (!one.policy->business || !policies_.calendar().has_spans()) {
    return pauses.At(one.by_us, t_us);
  }
  Pauses until_now = pauses;
  until_now.over.push_back({pauses.open_since, t_us});
  return std::max(one.from_us, OpenTime(one.policy->by, one.opened_us, until_now));
}

void Candidates::Finish(Candidate one, int64_t c0_us, int64_t t_us,
                        std::vector<Candidate>& into) const {
  if (Forgotten(one)) return;
  // What closes it comes before it expires, so it is gone no later.
  if (one.expires() && one.until_us + kListedAfterUs <= t_us) return;
  FindCloser(one, c0_us);
  if (one.gone_us() <= t_us) return;
  if (Has(MaskOf(ListName::kWork))) ReadWork(one);
  into.push_back(std::move(one));
}

void Candidates::FindCloser(Candidate& one, int64_t c0_us) const {
  // A pause that moves the end along leaves room for everything that has happened yet.
  const int64_t before_us = one.expires() ? one.until_us : kNever;
  const auto consider = [&](const Moment& moment) {
    if (!one.closer.has_value() || moment < *one.closer) one.closer = moment;
  };
  for (const Closer& closer : one.policy->closers) {
    if (closer.case_closed) {
      const facts::CaseReading* read = one.read;
      if (read != nullptr && read->closed() && read->resolved->at_us >= c0_us &&
          read->resolved->at_us < before_us) {
        consider(*read->resolved);
      }
      continue;
    }
    for (ListMask left = closer.lists & present_; left != 0; left &= left - 1) {
      const auto list = static_cast<size_t>(__builtin_ctz(left));
      const Item* item =
          FirstThatCloses(closer, lists_[list], one.key, c0_us, closer.same_key, before_us);
      if (item != nullptr) consider(item->moment);
    }
  }
}

void Candidates::ReadWork(Candidate& one) const {
  const std::string id = Hex(IdOf(one));
  for (const Item& item : ItemsOf(ListName::kWork)) {
    if (item.key.view() != id) continue;
    if (item.kind == v1::KIND_FOLLOW_UP_DISMISSED) one.dismissed = true;
    if (item.kind == v1::KIND_FOLLOW_UP_SNOOZED) one.snoozed_until_us = item.n();
  }
}

bool Candidates::Forgotten(const Candidate& one) const {
  const auto& floors = facts_.rare().floors;
  return std::any_of(floors.begin(), floors.end(), [&](const facts::Floor& floor) {
    return (one.policy->reads & MaskOf(floor.list)) != 0 && one.origin_us() <= floor.at_us;
  });
}

const facts::CaseReading* Candidates::FindCase(absl::string_view key) const {
  for (const facts::CaseReading& one : cases_) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

}  // namespace rapport::follow_up
