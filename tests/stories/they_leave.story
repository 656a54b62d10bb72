# Two customers leave: one is dissatisfied, one goes to another brand.
#
# Both reasons are kept apart, and the competitor is named. (Their rows also ask for a report; it is
# not built, so there is no tag.)

2024-01-10 09:00  ana  PurchaseMade       order=A1 amount=80.00EUR
2024-02-10 09:00  ana  CompetitorNoticed  competitor=rival
  => flag LOOKING_AROUND because CompetitorNoticed rival
2024-03-10 09:00  ana  RelationshipEnded  by=CUSTOMER reason=DISSATISFIED
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason DISSATISFIED
2024-03-11 09:00  ben  PurchaseMade       order=B1 amount=80.00EUR
2024-03-12 09:00  ben  RelationshipEnded  by=CUSTOMER reason=COMPETITOR competitor=rival
  => reason COMPETITOR
  => timeline shows RelationshipEnded reason=COMPETITOR competitor=rival
  => suppressed thank_you by ENDED
  => ana: reason DISSATISFIED
2024-06-01 09:00  ben  PurchaseMade       order=B2 amount=80.00EUR
  => not stage DISSOLUTION, flag WON_BACK because PurchaseMade B2
