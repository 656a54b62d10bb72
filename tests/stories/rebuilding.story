# A damaged relationship is rebuilt step by step, and the steps are rules.
#
# A complaint of the gravest sort is acknowledged, put right and checked; each step has its due time
# and is closed by its own event. Under the standard rules the resolution ends the mark DAMAGED;
# under the rules `repair` only the customer's yes to the check after it does. The facts are the
# same.
covers: 002-01

2024-09-02 08:00  ana  PurchaseMade     order=A1 amount=900.00EUR
2024-09-10 08:00  ana  ComplaintRaised  case=C1 severity=4 topic=safety
  => flag DAMAGED because case C1
  => under repair: flag DAMAGED because case C1
  => owed complaint_acknowledge by 2024-09-11 08:00 because case C1
  => owed complaint_resolve by 2024-09-12 08:00 because case C1
  => no follow-up aftercare
2024-09-10 09:00  ana  ComplaintAcknowledged  case=C1
  => done complaint_acknowledge with ComplaintAcknowledged C1
  => owed complaint_resolve
2024-09-11 17:00  ana  ComplaintResolved      case=C1 remedy=replacement
  => done complaint_resolve with ComplaintResolved C1
  => no flag DAMAGED
  => under repair: flag DAMAGED because case C1
  => pending aftercare from 2024-09-14 17:00 by 2024-09-18 17:00 because ComplaintResolved C1
at 2024-09-15 09:00
  => owed aftercare
  => under repair: flag DAMAGED
2024-09-15 10:00  ana  ResolutionAnswered     case=C1 accepted=yes
  => done aftercare with ResolutionAnswered C1
  => no flag DAMAGED
  => under repair: no flag DAMAGED
