// Kind: which sort of relationship it is, as a mixture of eight types, and how it is served.
//
//   const KindReading kind = Read(facts, reading, fold_rules, rules);
//   kind.primary == v1::RELATIONSHIP_TYPE_PARTNERSHIP
//
// Every touchpoint adds to decayed sums; their shares are the mixture, and the first line that
// matches names the type that stands for all.
// Source: domain specification 4.5.
//
// Threads: pure. Errors: none.
#pragma once

#include <array>
#include <cstdint>

#include "projections/facts/reading.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::kind {

inline constexpr int kTypes = 8;
inline constexpr int kModes = 4;

// Places of the types, as in CustomerFacts.types.
enum Type {
  kTransactional = 0,
  kPromotional = 1,
  kReactive = 2,
  kProactive = 3,
  kCollaborative = 4,
  kAdvocacy = 5,
  kPartnership = 6,
  kCommunity = 7,
};

struct KindReading {
  // What the rings read, thousandths of an event of today.
  std::array<int64_t, kTypes> types{};
  std::array<int64_t, kModes> modes{};
  // Shares of the types: they add up to 1000, or all are 0.
  std::array<int64_t, kTypes> permille{};
  v1::RelationshipType primary = v1::RELATIONSHIP_TYPE_NONE;
  v1::ServiceMode mode = v1::SERVICE_MODE_NONE;
  bool recurring = false;
  bool long_term = false;
};

// REQUIRES: `reading` was read from `facts` under the same rules.
KindReading Read(const facts::Facts& facts, const facts::Reading& reading,
                 const facts::FoldRules& fold, const facts::EvaluateRules& rules);

// Sets types, primary_type, service_mode, recurring and long_term; types without a share are left
// out.
void WriteKind(const KindReading& kind, v1::Standing& standing);

// Adds the receipts: one to each type with a share, type_rule and mode_rule.
// REQUIRES: WriteKind has written `kind`, which was read from all of the others.
void WriteReceipts(const KindReading& kind, const facts::Facts& facts,
                   const facts::Reading& reading, const facts::FoldRules& fold,
                   const facts::EvaluateRules& rules, v1::Standing& standing);

}  // namespace rapport::kind
