# Endings and beginnings that contradict each other.
#
# The last word on how it ended counts; what was never begun cannot be taken back, and to take it back
# does no harm. docs/contradictions.md lists these cases.

# Ended twice: the later reason stands, in whatever order it is told.
2024-01-10 09:00  ana  PurchaseMade            order=A1 amount=20.00EUR
2024-03-10 09:00  ana  RelationshipEnded       by=CUSTOMER reason=PRICE
2024-03-12 09:00  ana  RelationshipEnded       by=VENDOR reason=LOW_VOLUME
  => stage DISSOLUTION because S2, reason LOW_VOLUME
2024-03-11 09:00  ana  RelationshipEnded       by=CUSTOMER reason=DISSATISFIED  logged 2024-03-13 09:00
  => reason LOW_VOLUME
as of 2024-03-11 12:00
  => reason DISSATISFIED

# Taken up again without an end, cleared without a suspicion: nothing to undo, and no provision
# against what comes later.
2024-04-01 09:00  ben  PurchaseMade            order=B1 amount=20.00EUR
2024-04-02 09:00  ben  RelationshipReinstated
2024-04-02 10:00  ben  FraudCleared            party=CUSTOMER
  => stage EXPLORATION because S7, no flags
2024-04-03 09:00  ben  FraudSuspected          party=CUSTOMER
  => flag FRAUD_HOLD
2024-04-04 09:00  ben  RelationshipEnded       by=CUSTOMER reason=PRICE
  => stage DISSOLUTION because S2

# Ended before it began, by somebody who never bought: ended it is, until a first purchase.
2024-05-01 09:00  cleo  RelationshipEnded      by=CUSTOMER reason=COMPETITOR competitor=rival
  => stage DISSOLUTION because S2, reason COMPETITOR
2024-05-05 09:00  cleo  PurchaseMade           order=C1 amount=20.00EUR
  => stage EXPLORATION because S7

# A trial that ends and never began has failed all the same.
2024-06-01 09:00  dan  TrialEnded              trial=T1 passed=no
  => stage DISSOLUTION because S3, reason TRIAL_FAILED
# An offer accepted after it ran out is an answer, and shows interest: the clerk asks the seller.
2024-06-02 09:00  dan  OfferMade               offer=F1 form=UPSELL valid_until=2024-06-05
2024-06-07 09:00  dan  OfferAnswered           offer=F1 accepted=yes
  => stage EXPLORATION because S4 and because OfferAnswered F1

# An agreement that ended before it was signed, and one that ended and was never there.
2024-07-01 09:00  eve  PurchaseMade            order=E1 amount=20.00EUR
2024-07-11 09:00  eve  PurchaseMade            order=E2 amount=20.00EUR
2024-07-21 09:00  eve  PurchaseMade            order=E3 amount=20.00EUR
2024-07-22 09:00  eve  AgreementEnded          agreement=G9
2024-07-23 09:00  eve  AgreementSigned         agreement=G1 b2b=yes shared_goals=yes ends_at=2024-07-10
  => stage EXPANSION because S10, not type PARTNERSHIP
# Split without a merge: two are two.
2024-07-24 09:00  eve  CustomerSplit           survivor=eve merged=ana
  => purchase days 3
# Left without having joined; nobody is the poorer.
2024-07-25 09:00  eve  CommunityActed          community=forum form=LEFT
  => share community 0
