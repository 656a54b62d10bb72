// channel_wishes: by which channel customers want to be dealt with, department by department.
//
// What a customer said for a department goes before what it said for all, and that before where it
// turns to us itself. A refused channel is left out. Rows without a department hold for all those
// that nobody named. A place is 1 for the best channel of its department; equal ones share it.

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "projections/report/makers.h"
#include "rapport/v1/known.pb.h"

namespace rapport::report {
namespace {

// What one customer wants.
struct WishedChannels {
  // Department -> channel; the empty one holds for all.
  std::map<std::string, v1::Channel> stated;
  std::set<std::string> refused;
  // Acts of the customer.
  std::map<v1::Channel, int64_t> acts;
};

std::string WishName(v1::Channel channel) { return Bare(channel, v1::Channel_Name, "CHANNEL_"); }

void TakePreference(const v1::PreferenceRecorded& said, WishedChannels& wishes) {
  absl::string_view department = said.key();
  if (!absl::ConsumePrefix(&department, "channel")) return;
  if (!department.empty() && !absl::ConsumePrefix(&department, ".")) return;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::Channel_Parse(absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(said.value())), &channel);
  wishes.stated[std::string(department)] = channel;
}

WishedChannels WishesOf(const Subject& subject, const facts::FoldRules& rules) {
  WishedChannels wishes;
  wishes.stated[""] = v1::CHANNEL_UNSPECIFIED;
  for (const ValidEvent& event : subject.events) {
    if (const auto* said = As<v1::PreferenceRecorded>(event)) TakePreference(*said, wishes);
    if (const auto* consent = As<v1::ConsentChanged>(event)) {
      if (consent->granted()) wishes.refused.erase(consent->key());
      if (!consent->granted()) wishes.refused.insert(consent->key());
    }
    if (IsCustomerAct(event, rules)) ++wishes.acts[event.envelope->channel()];
  }
  return wishes;
}

// For the department, for all, by acts: the greater the better.
using Wish = std::tuple<bool, bool, int64_t>;

std::map<v1::Channel, Wish> WishesFor(const std::string& department, const WishedChannels& wishes) {
  std::map<v1::Channel, Wish> channels;
  for (const auto& [channel, acts] : wishes.acts) std::get<2>(channels[channel]) = acts;
  std::get<1>(channels[wishes.stated.at("")]) = true;
  std::get<0>(channels[wishes.stated.at(department)]) = true;
  std::erase_if(channels, [&](const auto& one) {
    return one.first == v1::CHANNEL_UNSPECIFIED || wishes.refused.contains(WishName(one.first));
  });
  return channels;
}

class ChannelWishes : public SheetReport {
 public:
  explicit ChannelWishes(const Frame& frame)
      : SheetReport(frame, {Key("department"), Key("channel"), Count("first"), Count("stated"),
                            Count("acts"), Value("place", "")}) {}

  void Customer(const Subject& subject) override {
    const WishedChannels wishes = WishesOf(subject, rules());
    for (const auto& [department, stated] : wishes.stated) {
      const std::map<v1::Channel, Wish> channels = WishesFor(department, wishes);
      const v1::Channel* first = nullptr;
      for (const auto& [channel, wish] : channels) {
        if (first == nullptr || wish > channels.at(*first)) first = &channel;
      }
      for (const auto& [channel, wish] : channels) {
        Line& line = sheet().At({department, WishName(channel)}, subject.id);
        const auto [for_department, for_all, acts] = wish;
        line.Add("first", &channel == first ? 1 : 0);
        line.Add("stated", for_department || for_all ? 1 : 0);
        line.Add("acts", acts);
      }
    }
  }

  void Finish(v1::Table& table) override {
    const auto good = [](const Line& line) {
      return std::make_tuple(line.Sum("first"), line.Sum("stated"), line.Sum("acts"));
    };
    for (auto& [keys, line] : sheet().lines()) {
      int64_t better = 0;
      for (const auto& [others, other] : sheet().lines()) {
        if (others[0] == keys[0] && good(other) > good(line)) ++better;
      }
      line.Set("place", better + 1);
    }
    SheetReport::Finish(table);
  }
};

}  // namespace

std::unique_ptr<Report> MakeChannelWishes(const Frame& frame) {
  return std::make_unique<ChannelWishes>(frame);
}

}  // namespace rapport::report
