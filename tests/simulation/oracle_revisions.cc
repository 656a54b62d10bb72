// What an event counts as, said as plainly as the rules are.
#include "tests/simulation/oracle.h"

namespace rapport::simulation {

bool Oracle::IsInForce(const OracleCustomer& customer, Partition partition, Offset offset) const {
  const ValidEvent correction = EventAt(partition, offset);
  for (const Offset other : customer.revisions) {
    if (MadeAt(partition, other).target != correction.id) continue;
    const ValidEvent revision = EventAt(partition, other);
    if (revision.kind == v1::KIND_EVENT_RETRACTED) return false;
    // A correction undoes an earlier one.
    if (revision.moment() > correction.moment() && IsInForce(customer, partition, other)) {
      return false;
    }
  }
  return true;
}

std::optional<ValidEvent> Oracle::Standing(const OracleCustomer& customer, Partition partition,
                                           Offset offset) const {
  std::optional<ValidEvent> event = Counting(customer, partition, offset);
  if (event.has_value() && !projection_->Folds(event->kind)) return std::nullopt;
  return event;
}

std::optional<ValidEvent> Oracle::Counting(const OracleCustomer& customer, Partition partition,
                                           Offset offset) const {
  ValidEvent event = EventAt(partition, offset);
  if (MadeAt(partition, offset).target != EventId()) return std::nullopt;
  std::optional<Offset> best;
  for (const Offset other : customer.revisions) {
    if (MadeAt(partition, other).target != event.id) continue;
    const ValidEvent revision = EventAt(partition, other);
    if (revision.kind == v1::KIND_EVENT_RETRACTED) return std::nullopt;
    if (best.has_value() && revision.moment() < EventAt(partition, *best).moment()) continue;
    if (IsInForce(customer, partition, other)) best = other;
  }
  if (best.has_value()) {
    const Made& correction = MadeAt(partition, *best);
    event.kind = correction.in_place->envelope().kind();
    event.envelope = &correction.in_place->envelope();
    event.payload = &correction.in_place->payload();
    if (correction.in_place_us != 0) event.occurred_at_us = correction.in_place_us;
  }
  return event;
}

}  // namespace rapport::simulation
