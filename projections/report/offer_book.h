// OfferBook: what became of the offers of one customer, the one reading that metric and report
// share.
//
//   OfferBook<Item> book;
//   book.Made(key, item);                 // by moment, as all that follows
//   book.Answered(key, answer);
//   for (const auto& [key, offer] : book.all()) ...
//
// An offer is the latest OfferMade of its key, and its answer the latest OfferAnswered that is not
// before it: whoever makes an offer again asks again, and whoever answers again has changed their
// mind. A purchase that names an offer was bought by it and is no answer: only the customer's word
// is. Without an answer an offer lapses at the moment until which it is valid; an answer that comes
// later is one all the same.
//
// Threads: one. Ownership: borrows what is added.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::report {

enum class OfferEnd { kOpen, kLapsed, kAnswered };

template <typename Entry>
class OfferBook {
 public:
  struct Offer {
    const Entry* made = nullptr;
    // Null = none.
    const Entry* answer = nullptr;

    // At `t_us`; `valid_until_us` 0 = for ever.
    OfferEnd EndAt(int64_t t_us, int64_t valid_until_us) const {
      if (answer != nullptr) return OfferEnd::kAnswered;
      const bool over = valid_until_us != 0 && t_us >= valid_until_us;
      return over ? OfferEnd::kLapsed : OfferEnd::kOpen;
    }
  };

  void Made(absl::string_view key, const Entry& entry) {
    offers_.insert_or_assign(std::string(key), Offer{&entry, nullptr});
  }
  // An answer to what was not made, as far as is known, is none.
  void Answered(absl::string_view key, const Entry& entry) {
    const auto offer = offers_.find(std::string(key));
    if (offer != offers_.end()) offer->second.answer = &entry;
  }

  // By key.
  const std::map<std::string, Offer>& all() const { return offers_; }

 private:
  std::map<std::string, Offer> offers_;
};

}  // namespace rapport::report
