// Needs: what the customer has said they need, and whether it is still open.
//
// A need is heard under its key, perhaps several times. It is open until a QuestionAnswered names
// it. Once it was handed over to a department, an answer is that department's word only: the need
// stays open until the customer accepts (ResolutionAnswered), or until 30 days after that answer; a
// customer who does not accept opens it again.
// Source: domain specification 4.8; acceptance 004-48.
//
// Threads: pure. Lifetime: points into the facts.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// How long a customer who does not answer may still say that it is not done.
inline constexpr int64_t kNeedConfirmDays = 30;

struct Need {
  absl::string_view key;
  // The latest NeedHeard of the key, and how many are remembered.
  const Item* heard = nullptr;
  int64_t times = 0;
  bool open = false;
};

// Those remembered up to `t_us`, in order of their first hearing. REQUIRES: t_us is not before the
// newest event.
std::vector<Need> ReadNeeds(const Facts& facts, int64_t t_us);

}  // namespace rapport::facts
