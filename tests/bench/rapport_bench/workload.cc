#include "tests/bench/rapport_bench/workload.h"

#include "absl/strings/str_format.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/event.pb.h"

namespace rapport::bench {
namespace {

constexpr int64_t kBeginsUs = 1'700'000'000'000'000;  // 14 November 2023
constexpr int64_t kLastsUs = int64_t{730} * 86'400 * 1'000'000;
// What the most frequent customer weighs; the others weigh a part of it, rounded down.
constexpr uint64_t kFirstWeight = uint64_t{1} << 40;

}  // namespace

const std::vector<Shape>& AllShapes() {
  static const auto* const shapes = new std::vector<Shape>{
      {.name = "uniform-uuid7", .others = true},
      {.name = "uniform-text", .text_ids = true},
      {.name = "zipf-uuid7", .zipf = true, .others = true},
      {.name = "zipf-text", .zipf = true, .text_ids = true},
      {.name = "mixed-uuid7", .mixed = true},
      {.name = "uniform-large", .event_scale = 5, .customer_scale = 5},
      {.name = "mixed-large", .mixed = true, .event_scale = 5, .customer_scale = 5},
      {.name = "embedded", .embedded = true},
      {.name = "rebuild",
       .event_scale = 10,
       .customer_scale = 5,
       .embedded = true,
       .rebuild_only = true},
      {.name = "restart",
       .event_scale = 5,
       .customer_scale = 5,
       .embedded = true,
       .restart_only = true},
  };
  return *shapes;
}

Amounts Scaled(const Amounts& amounts, const Shape& shape) {
  return {amounts.events * shape.event_scale, amounts.customers * shape.customer_scale,
          amounts.seed};
}

Zipf::Zipf(int64_t n) : columns_(static_cast<size_t>(n)) {
  for (size_t i = 0; i < columns_.size(); ++i) total_ += kFirstWeight / (i + 1);
  // A column holds `total_`; the chance of number i fills n x weight of it, over several columns.
  std::vector<uint64_t> weights(columns_.size());
  std::vector<uint32_t> small, large;
  for (size_t i = 0; i < columns_.size(); ++i) {
    weights[i] = kFirstWeight / (i + 1) * columns_.size();
    (weights[i] < total_ ? small : large).push_back(static_cast<uint32_t>(i));
  }
  while (!small.empty() && !large.empty()) {
    const uint32_t low = small.back();
    const uint32_t high = large.back();
    small.pop_back();
    columns_[low] = {weights[low], high};
    weights[high] -= total_ - weights[low];
    if (weights[high] >= total_) continue;
    large.pop_back();
    small.push_back(high);
  }
  for (const auto* rest : {&small, &large}) {
    for (const uint32_t i : *rest) columns_[i] = {total_, i};
  }
}

uint64_t Zipf::Draw(Random& random) const {
  const uint64_t i = random.Below(columns_.size());
  return random.Below(total_) < columns_[i].own ? i : columns_[i].other;
}

Workload::Workload(const Shape& shape, const Amounts& amounts)
    : shape_(shape),
      amounts_(amounts),
      zipf_(shape.zipf ? amounts.customers : 1),
      random_(amounts.seed) {}

std::string Workload::Id(int64_t at_us) {
  if (shape_.text_ids) return absl::StrFormat("shop:inv-%06d", number_);
  // Time, version 7, counter, variant, random bits.
  const uint64_t bits = random_.Next();
  return absl::StrFormat("%08x-%04x-7%03x-8%03x-%012x", (at_us / 1000) >> 16,
                         (at_us / 1000) & 0xffff, number_ & 0xfff, bits >> 52,
                         bits & 0xffff'ffff'ffff);
}

void Workload::FillPurchase() {
  v1::PurchaseMade purchase;
  purchase.set_order(absl::StrFormat("o%d", number_));
  purchase.mutable_amount()->set_micros(static_cast<int64_t>(1 + random_.Below(20'000)) * 10'000);
  purchase.mutable_amount()->set_currency("EUR");
  event_.set_kind(v1::KIND_PURCHASE_MADE);
  event_.set_payload(purchase.SerializeAsString());
  event_.set_channel(v1::CHANNEL_WEBSITE);
  event_.set_initiator(v1::INITIATOR_CUSTOMER);
}

bool Workload::Next(NewRecord& record) {
  if (number_ == amounts_.events) return false;
  const uint64_t customer =
      shape_.zipf ? zipf_.Draw(random_) : random_.Below(static_cast<uint64_t>(amounts_.customers));
  const int64_t at_us = kBeginsUs + kLastsUs / amounts_.events * number_;
  event_.Clear();
  event_.set_customer_id(absl::StrFormat("cust-%06d", customer));
  if (shape_.mixed) {
    mixed_.Fill(at_us, amounts_.customers, random_, event_);
  } else {
    FillPurchase();
  }
  event_.set_event_id(Id(at_us));
  event_.set_occurred_at_us(at_us);
  event_.set_source("shop");
  record.key = event_.customer_id();
  record.value = event_.SerializeAsString();
  ++number_;
  return true;
}

}  // namespace rapport::bench
