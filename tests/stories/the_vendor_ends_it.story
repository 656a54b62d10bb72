# The business ends a relationship: for want of growth, and for fraud.
#
# Acme is let go for low volume. With Zoe, fraud is suspected: nobody reaches out any more, but the
# work that is owed to her complaint stays. Clearing the suspicion lifts the hold. After an end for
# fraud a purchase brings nothing back; only reinstatement does.
covers: 004-21

2024-01-10 09:00  acme  PurchaseMade         order=A1 amount=20.00EUR
2024-03-10 09:00  acme  RelationshipEnded    by=VENDOR reason=LOW_VOLUME
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason LOW_VOLUME

2024-04-01 09:00  zoe   PurchaseMade         order=Z1 amount=900.00EUR
  => owed thank_you
2024-04-02 09:00  zoe   ComplaintRaised      case=C1
2024-04-02 10:00  zoe   FraudSuspected       party=CUSTOMER
  => flag FRAUD_HOLD because FraudSuspected
  => timeline shows FraudSuspected party=CUSTOMER
  => suppressed thank_you by FRAUD
  => owed complaint_acknowledge, complaint_resolve
2024-04-03 08:00  zoe   FraudCleared         party=CUSTOMER
  => no flag FRAUD_HOLD
  => owed thank_you, complaint_acknowledge, complaint_resolve
2024-04-04 08:00  zoe   FraudConfirmed       party=CUSTOMER
  => stage DISSOLUTION because S1 and because FraudConfirmed, reason FRAUD
  => suppressed thank_you by FRAUD
  => owed complaint_resolve
2024-04-20 09:00  zoe   PurchaseMade         order=Z2 amount=10.00EUR
  => stage DISSOLUTION because S1, reason FRAUD
2024-05-01 09:00  zoe   RelationshipReinstated
  => not stage DISSOLUTION
