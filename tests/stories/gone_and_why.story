# One leaves because of bad service, one for another brand. Both reasons are shown and counted.
covers: 004-20, 002-05
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR
2024-01-05 10:00  ben  PurchaseMade  order=B1 amount=40.00EUR
2024-02-05 09:00  ana  RelationshipEnded  by=CUSTOMER reason=DISSATISFIED
  => stage DISSOLUTION, reason DISSATISFIED
2024-02-05 10:00  ben  RelationshipEnded  by=CUSTOMER reason=COMPETITOR competitor=acme
  => stage DISSOLUTION, reason COMPETITOR, timeline shows RelationshipEnded competitor=acme
  => report reasons departures 2 by_customer 2, report reasons reason DISSATISFIED departures 1
  => report reasons reason COMPETITOR departures 1, report reasons competitor acme departures 1 because RelationshipEnded
