#include "tests/bench/rapport_bench/sums.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"
#include "projections/facts/codec.h"
#include "tests/kit/standard_rules.h"

namespace rapport::bench {
namespace {

uint64_t HashByte(uint64_t hash, uint8_t byte) { return (hash ^ byte) * 0x100000001b3; }

uint64_t HashNumber(uint64_t hash, int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    hash = HashByte(hash, static_cast<uint8_t>(static_cast<uint64_t>(number) >> shift));
  }
  return hash;
}

absl::Status AddRow(absl::string_view customer, absl::string_view row, RowForm form, Sums& sums) {
  facts::Facts facts;
  if (form == RowForm::kCustomerRow) {
    ASSIGN_OR_RETURN(const store::CustomerRow parsed, store::CustomerRow::Parse(row));
    RETURN_IF_ERROR(facts::Decode(parsed.facts, kit::Standard().fold, facts));
  } else {
    RETURN_IF_ERROR(facts::Decode(row, kit::Standard().fold, facts));
  }
  int64_t events = 0;
  for (const facts::KindCell& cell : facts.kinds) events += cell.count;
  int64_t micros = 0;
  for (const facts::CurrencySums& cell : facts.Currencies()) micros += cell.spend_micros;
  sums.Add(customer, events, micros, static_cast<int64_t>(facts.purchase_days.size()));
  return absl::OkStatus();
}

}  // namespace

void Sums::Add(absl::string_view customer, int64_t its_events, int64_t its_micros,
               int64_t its_days) {
  ++customers;
  events += its_events;
  micros += its_micros;
  days += its_days;
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : customer) hash = HashByte(hash, static_cast<uint8_t>(byte));
  for (const int64_t number : {its_events, its_micros, its_days}) hash = HashNumber(hash, number);
  fingerprint += hash;
}

std::string Sums::Text() const {
  return absl::StrFormat("customers=%d events=%d micros=%d days=%d fingerprint=%016x", customers,
                         events, micros, days, fingerprint);
}

absl::StatusOr<Sums> SumsOfState(table::Table& state, int partitions, RowForm form) {
  Sums sums;
  for (Partition partition = 0; partition < partitions; ++partition) {
    const store::KeyRange keys = store::CustomerKeys(partition);
    const auto iterator = state.NewIterator();
    for (iterator->Seek(keys.begin); iterator->Valid() && iterator->key() < keys.end;
         iterator->Next()) {
      const absl::string_view name = store::CustomerOfKey(iterator->key());
      if (store::IsAnonymous(name)) continue;
      RETURN_IF_ERROR(AddRow(name, iterator->value(), form, sums));
    }
    RETURN_IF_ERROR(iterator->status());
  }
  return sums;
}

absl::Status SameSums(const Sums& ours, const Sums& theirs, absl::string_view who) {
  if (ours == theirs) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("other sums than the engine's (", ours.Text(), "): ", who,
                                          " has ", theirs.Text()));
}

}  // namespace rapport::bench
