// The receipts of types and service mode: what the rings read, the latest events behind them, and
// which line named the type.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/facts/agreement.h"
#include "projections/facts/names.h"
#include "projections/facts/receipt_writer.h"
#include "projections/kind/kind.h"

namespace rapport::kind {
namespace {

using facts::Facts;
using facts::FoldRules;
using facts::ListName;
using facts::Reading;
using facts::ReceiptWriter;
using facts::RingName;
using facts::Thousandths;

constexpr absl::string_view kUnit = "thousandths";

RingName RingOfType(int type) {
  return static_cast<RingName>(static_cast<int>(RingName::kTypeTransactional) + type);
}
RingName RingOfMode(int mode) {
  return static_cast<RingName>(static_cast<int>(RingName::kModePersonal) + mode);
}

// Whether the rules let events of a kind of facts add to `ring`.
bool Feeds(const FoldRules& fold, uint16_t kind, RingName ring) {
  const facts::CustomKind* own = fold.CustomKindOf(kind);
  const int index = own != nullptr ? own->index : facts::KindIndex(static_cast<v1::Kind>(kind));
  const auto weights = fold.WeightsAt(index);
  return std::any_of(weights.begin(), weights.end(),
                     [ring](const facts::Weight& weight) { return weight.ring == ring; });
}

// Names the latest event of each kind that feeds the ring, the latest first. Which of a kind's
// events had the form that counts is not remembered.
void NameLatest(RingName ring, const Facts& facts, const FoldRules& fold, ReceiptWriter& writer) {
  std::vector<Moment> latest;
  for (const facts::KindCell& cell : facts.kinds) {
    if (Feeds(fold, cell.kind(), ring)) latest.push_back(cell.last());
  }
  std::sort(latest.rbegin(), latest.rend());
  for (const Moment& moment : latest) writer.Event(moment.id);
}

void WriteShares(const KindReading& kind, const Facts& facts, const FoldRules& fold,
                 v1::Standing& standing) {
  for (v1::TypeShare& share : *standing.mutable_types()) {
    const auto type = static_cast<int>(share.type());
    const RingName ring = RingOfType(type);
    ReceiptWriter writer(*share.mutable_receipt());
    writer.Rule(NameOf(ring))
        .Number(NameOf(ring), kind.types[type], kUnit)
        .Number("half_life", fold.half_life(ring), "days");
    NameLatest(ring, facts, fold, writer);
    writer.Text(absl::StrCat("Its events count ", Thousandths(kind.types[type]),
                             "; they fade by half in ", fold.half_life(ring), " days."));
  }
}

// `Advocacy counts 1.200, at least 1.000 is needed`
std::string Enough(absl::string_view what, int64_t value, int64_t threshold) {
  return absl::StrCat(what, " counts ", Thousandths(value), ", at least ", Thousandths(threshold),
                      " is needed");
}

// The line that matched, in the order in which they are asked.
void WriteTypeRule(const KindReading& kind, const Facts& facts, const Reading& reading,
                   const FoldRules& fold, const facts::Types& rules, ReceiptWriter& writer) {
  const auto& types = kind.types;
  const auto name = [](Type type) { return NameOf(RingOfType(type)); };
  switch (kind.primary) {
    case v1::RELATIONSHIP_TYPE_PARTNERSHIP: {
      constexpr int64_t kPartners = facts::kBusinessToBusiness | facts::kSharedGoals;
      writer.Event(AgreementInForce(facts.FindList(ListName::kAgreements), reading.day, kPartners)
                       ->moment.id);
      return writer.Text("An agreement between businesses with shared goals is in force.");
    }
    case v1::RELATIONSHIP_TYPE_ADVOCACY:
      writer.Compared(name(kAdvocacy), types[kAdvocacy], kUnit, rules.advocacy)
          .Compared("P", reading.sentiment_plus, kUnit, reading.sentiment_minus);
      NameLatest(RingOfType(kAdvocacy), facts, fold, writer);
      return writer.Text(absl::StrCat(Enough("Advocacy", types[kAdvocacy], rules.advocacy),
                                      "; good feelings are no fewer than bad ones."));
    case v1::RELATIONSHIP_TYPE_COLLABORATIVE:
      writer.Compared(name(kCollaborative), types[kCollaborative], kUnit, rules.collaborative);
      NameLatest(RingOfType(kCollaborative), facts, fold, writer);
      return writer.Text(absl::StrCat(
          Enough("Working together", types[kCollaborative], rules.collaborative), "."));
    case v1::RELATIONSHIP_TYPE_COMMUNITY:
      writer.Compared(name(kCommunity), types[kCommunity], kUnit, rules.community)
          .Compared("share", kind.permille[kCommunity], "permille", rules.community_permille);
      NameLatest(RingOfType(kCommunity), facts, fold, writer);
      return writer.Text(absl::StrCat(Enough("The community", types[kCommunity], rules.community),
                                      "; its share is ", kind.permille[kCommunity],
                                      " of 1000, at least ", rules.community_permille,
                                      " is needed."));
    case v1::RELATIONSHIP_TYPE_PROACTIVE:
      writer.Compared(name(kProactive), types[kProactive], kUnit, rules.proactive)
          .Compared(name(kProactive), types[kProactive], kUnit, types[kReactive]);
      NameLatest(RingOfType(kProactive), facts, fold, writer);
      return writer.Text(absl::StrCat(
          Enough("Answered outreach", types[kProactive], rules.proactive),
          "; what the customer came with counts ", Thousandths(types[kReactive]), ", not more."));
    case v1::RELATIONSHIP_TYPE_REACTIVE:
      writer.Compared(name(kReactive), types[kReactive], kUnit, rules.reactive);
      NameLatest(RingOfType(kReactive), facts, fold, writer);
      return writer.Text(absl::StrCat(
          Enough("What the customer came with", types[kReactive], rules.reactive), "."));
    case v1::RELATIONSHIP_TYPE_TRANSACTIONAL_MARKETING:
      writer.Number(name(kTransactional), types[kTransactional], kUnit)
          .Compared(name(kPromotional), types[kPromotional], kUnit,
                    rules.promotional_permille * types[kTransactional] / 1000);
      NameLatest(RingOfType(kPromotional), facts, fold, writer);
      return writer.Text(absl::StrCat("Purchases with a promotion count ",
                                      Thousandths(types[kPromotional]), " of ",
                                      Thousandths(types[kTransactional]), "; at least ",
                                      rules.promotional_permille, " of 1000 is needed."));
    case v1::RELATIONSHIP_TYPE_TRANSACTIONAL:
      return writer.Compared("purchase_days", reading.n, "days", 1)
          .Latest(facts, v1::KIND_PURCHASE_MADE)
          .Text("There are purchases, and too little of anything else.");
    default:
      return writer.Compared("purchase_days", reading.n, "days", 1)
          .Text("No purchase, and too little of anything else.");
  }
}

void WriteModeRule(const KindReading& kind, const Facts& facts, const FoldRules& fold,
                   ReceiptWriter& writer) {
  if (kind.mode == v1::SERVICE_MODE_DEDICATED) {
    const facts::Item& owner = facts.FindList(ListName::kOwner).items.back();
    return writer.Event(owner.moment.id).Text("An account manager is assigned.");
  }
  for (int mode = 0; mode < kModes; ++mode) {
    writer.Number(NameOf(RingOfMode(mode)), kind.modes[mode], kUnit);
  }
  writer.Number("half_life", fold.half_life(RingName::kModePersonal), "days");
  if (kind.mode == v1::SERVICE_MODE_NONE) {
    return writer.Text("No dealings by which a mode could be told count any more.");
  }
  const int64_t most = *std::max_element(kind.modes.begin(), kind.modes.end());
  writer.Text(absl::StrCat("Of all ways to be served it counts most, ", Thousandths(most), "."));
}

}  // namespace

void WriteReceipts(const KindReading& kind, const Facts& facts, const Reading& reading,
                   const FoldRules& fold, const facts::EvaluateRules& rules,
                   v1::Standing& standing) {
  WriteShares(kind, facts, fold, standing);
  ReceiptWriter type(*standing.mutable_type_rule());
  type.Rule(v1::RelationshipType_Name(kind.primary).substr(sizeof("RELATIONSHIP_TYPE_") - 1));
  WriteTypeRule(kind, facts, reading, fold, rules.types, type);
  ReceiptWriter mode(*standing.mutable_mode_rule());
  mode.Rule(v1::ServiceMode_Name(kind.mode).substr(sizeof("SERVICE_MODE_") - 1));
  WriteModeRule(kind, facts, fold, mode);
}

}  // namespace rapport::kind
