// Needs: what the customer has said they need, and whether it is still open.
//
// A need is heard under its key, perhaps several times. It is open until a QuestionAnswered names
// it. Once it was handed over to a department, an answer is that department's word only: the need
// stays open until the customer accepts (ResolutionAnswered), or until 30 days after that answer; a
// customer who does not accept opens it again, and so does hearing it again.
// Source: domain specification 4.8; acceptance 004-48.
//
// Threads: pure. Lifetime: points into the facts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {

// How long a customer who does not answer may still say that it is not done.
inline constexpr int64_t kNeedConfirmDays = 30;

// One need, step by step in the order of moments.
class NeedCourse {
 public:
  // Takes what an event of the need's key does about it, by its kind and its ItemFlags.
  void Take(v1::Kind kind, uint8_t flags, int64_t at_us);
  // REQUIRES: t_us is not before what was taken last.
  bool IsOpen(int64_t t_us) const;

  bool handed_over() const { return handed_over_; }
  // Until when the customer may still say that it is not done; absent = nobody waits for a word.
  std::optional<int64_t> confirm_until_us() const;

 private:
  bool is_open_ = false;
  bool handed_over_ = false;
  // The department's word that the customer has not answered; 0 = none.
  int64_t answered_us_ = 0;
};

struct Need {
  absl::string_view key;
  // Each NeedHeard of the key that is remembered, the latest last.
  std::vector<const Item*> heard;
  NeedCourse course;
  bool open = false;
};

// Those remembered, as they stand at `t_us`, in order of their first hearing. REQUIRES: t_us is not
// before the newest event.
std::vector<Need> ReadNeeds(const Facts& facts, int64_t t_us);

}  // namespace rapport::facts
