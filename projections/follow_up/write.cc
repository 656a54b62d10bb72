// What of a follow-up only people and programs need: routing, claim, etag and words.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "projections/facts/known_reading.h"
#include "projections/follow_up/context.h"
#include "rapport/v1/channel.pb.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::List;
using facts::ListName;

constexpr int64_t kNoFence = -1;
constexpr size_t kEtagDigits = 16;

// As in a URL: letters, digits, `-`, `.`, `_` and `~` stand for themselves.
std::string PercentEncode(absl::string_view text) {
  std::string out;
  for (char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      out.push_back(c);
    } else {
      absl::StrAppend(&out, "%",
                      absl::AsciiStrToUpper(
                          absl::StrCat(absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2))));
    }
  }
  return out;
}

// The claim that holds after the one with `fence`: of those naming it, the smallest offset.
const Item* ClaimAfter(const List& work, absl::string_view id, int64_t fence) {
  const Item* best = nullptr;
  for (const Item& item : work.items) {
    if (item.kind != v1::KIND_FOLLOW_UP_CLAIMED || item.key.view() != id) continue;
    if (item.m() != fence || item.x() <= fence) continue;
    if (best == nullptr || item.x() < best->x()) best = &item;
  }
  return best;
}

// The claim that holds now; null = none. Each names the fence of the one before. Of a chain whose
// beginning is forgotten, the earliest remembered fence is where it begins.
const Item* ClaimOf(const facts::Facts& facts, absl::string_view id) {
  const List work = facts.FindList(ListName::kWork);
  const Item* holds = ClaimAfter(work, id, kNoFence);
  if (holds == nullptr) {
    int64_t fence = kNever;
    for (const Item& item : work.items) {
      if (item.kind == v1::KIND_FOLLOW_UP_CLAIMED && item.key.view() == id) {
        fence = std::min(fence, item.m());
      }
    }
    if (fence != kNever) holds = ClaimAfter(work, id, fence);
  }
  const Item* next = holds;
  while (next != nullptr) {
    holds = next;
    next = ClaimAfter(work, id, holds->x());
  }
  return holds;
}

// The department that was handed the key last; empty = it was never handed over.
absl::string_view HandedTo(const facts::Facts& facts, absl::string_view key) {
  absl::string_view department;
  Moment latest;
  if (key.empty()) return department;
  for (const List list : facts.lists()) {
    for (const Item& item : list.items) {
      if (item.kind == v1::KIND_CASE_HANDED_OVER && item.key.view() == key &&
          !item.subject.empty() && !(item.moment < latest)) {
        latest = item.moment;
        department = item.subject.view();
      }
    }
  }
  return department;
}

absl::string_view ChannelName(int channel) {
  absl::string_view name = v1::Channel_Name(channel);
  return name.substr(std::min(name.size(), sizeof("CHANNEL_") - 1));
}

// The channel that a preference names; 0 = none, or one that is refused.
uint32_t Preferred(const facts::Facts& facts, absl::string_view preference) {
  const Item* item = FindInMap(facts, ListName::kPreferences, preference);
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  if (item == nullptr ||
      !v1::Channel_Parse(absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(item->subject.view())),
                         &channel) ||
      Refuses(facts, ChannelName(channel))) {
    return 0;
  }
  return static_cast<uint32_t>(channel);
}

// As the customer wishes for the department, as the customer wishes, as the customer does.
uint32_t SuggestedChannel(const facts::Facts& facts, absl::string_view department) {
  uint32_t channel = Preferred(facts, absl::StrCat("channel.", department));
  if (channel == 0) channel = Preferred(facts, "channel");
  if (channel != 0) return channel;
  int64_t most = 0;
  for (int i = v1::Channel_MIN + 1; i <= v1::Channel_MAX; ++i) {
    const int64_t touches = facts.Sum(static_cast<uint16_t>(facts::kChannelCustomerTouches + i));
    if (touches > most && !Refuses(facts, ChannelName(i))) {
      most = touches;
      channel = static_cast<uint32_t>(i);
    }
  }
  return channel;
}

absl::string_view WordsOf(v1::Suppression reason) {
  switch (reason) {
    case v1::SUPPRESSION_DISMISSED:
      return "it was dismissed";
    case v1::SUPPRESSION_SNOOZED:
      return "it is snoozed";
    case v1::SUPPRESSION_WAITING:
      return "the customer was asked back";
    case v1::SUPPRESSION_FRAUD:
      return "fraud is suspected or confirmed";
    case v1::SUPPRESSION_OPTED_OUT:
      return "the customer refused it";
    case v1::SUPPRESSION_ENDED:
      return "the relationship has ended";
    case v1::SUPPRESSION_OPEN_CASE:
      return "a complaint is open";
    case v1::SUPPRESSION_BUDGET:
      return "the customer was contacted often enough";
    default:
      return "";
  }
}

// What opened it, in words that follow `because of`.
std::string Cause(const FollowUpState& state) {
  const std::string day = FormatDay(state.day);
  switch (state.policy->sort()) {
    case TriggerSort::kEvent:
      return absl::StrCat(KindName(state.trigger->kind), state.key.empty() ? "" : " ", state.key,
                          " on ", FormatDay(DayOf(state.trigger->moment.at_us)));
    case TriggerSort::kDate:
      return absl::StrCat("date ", state.key, " on ", day);
    case TriggerSort::kMonthDay:
      return absl::StrCat("the calendar, ", day);
    case TriggerSort::kState:
      return absl::StrCat(StateName(*state.policy), " since ", day);
    case TriggerSort::kSilence:
      return absl::StrCat("silence since ", day);
    default:
      return absl::StrCat("PurchaseMade on ", day);
  }
}

std::string TitleOf(const Policy& policy) {
  return policy.title.empty() ? absl::StrReplaceAll(policy.id, {{"_", " "}}) : policy.title;
}

// `Say thank you, because of PurchaseMade A1 on 2024-01-05.`
std::string Why(const FollowUpState& state) {
  std::string title = TitleOf(*state.policy);
  title[0] = absl::ascii_toupper(title[0]);
  std::string text = absl::StrCat(title, ", because of ", Cause(state));
  if (state.outranked_by_policy != nullptr) {
    absl::StrAppend(&text,
                    "; it rests because another goes first: ", TitleOf(*state.outranked_by_policy));
  } else if (state.status == v1::FOLLOW_UP_STATUS_SUPPRESSED) {
    absl::StrAppend(&text, "; it rests because ", WordsOf(state.reason));
  }
  return text + ".";
}

// Whoever the trigger names, else who looks after the customer.
absl::string_view AssigneeOf(const FollowUpState& state, const facts::Facts& facts) {
  const Item* trigger = state.trigger;
  if (trigger != nullptr && trigger->kind == v1::KIND_OPPORTUNITY_NOTED && trigger->code == 1) {
    return trigger->subject.view();
  }
  return OwnerOf(facts);
}

}  // namespace

absl::string_view DepartmentOf(const Policy& policy, const facts::Facts& facts,
                               absl::string_view key) {
  const absl::string_view handed_to = HandedTo(facts, key);
  return handed_to.empty() ? policy.department : handed_to;
}

void Write(const FollowUpState& state, const facts::Facts& facts, int64_t t_us, v1::FollowUp& out) {
  const std::string id = Hex(state.id());
  out.set_name(absl::StrCat("customers/", PercentEncode(state.customer_id), "/followUps/", id));
  out.set_policy(state.policy->id);
  out.set_class_(state.policy->cls);
  out.set_priority(state.priority);
  out.set_anchor(state.anchor.ToString());
  out.set_status(state.status);
  out.set_suppressed_by(state.reason);
  if (state.trigger != nullptr) out.set_cause(state.trigger->moment.id.Hex());
  if (state.sound != Moment{} && state.sound.id != EventId{}) {
    out.set_cause(state.sound.id.Hex());
  }
  out.set_opened_at_us(state.opened_us);
  out.set_from_us(state.from_us);
  out.set_by_us(state.by_us);
  if (state.until_us != kNever) out.set_until_us(state.until_us);
  for (const Closer& closer : state.policy->closers) {
    if (!closer.label.empty() && std::find(out.closes_by().begin(), out.closes_by().end(),
                                           closer.label) == out.closes_by().end()) {
      out.add_closes_by(closer.label);
    }
  }
  if (state.closer.has_value()) out.set_closed_by(state.closer->id.Hex());
  out.set_department(std::string(DepartmentOf(*state.policy, facts, state.key)));
  out.set_channel(SuggestedChannel(facts, out.department()));
  out.set_assignee(std::string(AssigneeOf(state, facts)));
  std::string fence;
  if (const Item* claim = ClaimOf(facts, id)) {
    out.set_fence(claim->x());
    fence = absl::StrCat(claim->x());
    const bool lasts = claim->n() == 0 || std::max(t_us, facts.newest_at_us) < claim->n();
    if (lasts) {
      out.set_assignee(std::string(claim->subject.view()));
      out.set_claimed_until_us(claim->n());
    }
  }
  out.set_etag(Hex(Blake2b128Framed({id, v1::FollowUpStatus_Name(state.status),
                                     v1::Suppression_Name(state.reason), fence}))
                   .substr(0, kEtagDigits));
  out.set_key(std::string(state.key));
  out.set_text(Why(state));
  if (state.outranked_by.has_value()) out.set_outranked_by(Hex(*state.outranked_by));
  WriteContext(state, facts, std::max(t_us, facts.newest_at_us), out);
}

}  // namespace rapport::follow_up
