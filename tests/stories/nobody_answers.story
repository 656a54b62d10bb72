# A bad experience, and the company turns its back.
#
# Nothing but time passes after the complaint: the acknowledgement is overdue after a day, the lead
# is called in when the term of 15 days is over, the management when it is over twice. What the
# complaint costs never gets less while nobody answers. An answer stops it.
covers: 001-12

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=200.00EUR
2024-01-25 09:00  ana  PurchaseMade  order=A2 amount=200.00EUR
2024-03-01 10:00  ana  ComplaintRaised  case=C1 topic=delivery
  => owed complaint_acknowledge by 2024-03-02 10:00, not overdue complaint_acknowledge
  => owed complaint_resolve by 2024-03-16 10:00
  => no follow-up escalate_1, escalate_2
at +1d
  => overdue complaint_acknowledge because case C1
  => remember friction as day_one
at 2024-03-16 09:59
  => no follow-up escalate_1
at 2024-03-16 10:00
  => overdue complaint_resolve
  => owed escalate_1 by 2024-03-17 10:00 to lead because case C1
  => no follow-up escalate_2
at +20d
  => friction < day_one because case C1
at 2024-03-31 10:00
  => overdue escalate_1
  => owed escalate_2 by 2024-04-01 10:00 to management because case C1
  => flag DAMAGED because case C1
at 2024-04-01 09:59
  => due escalate_2
at 2024-04-01 10:00
  => overdue escalate_2
2024-04-02 09:00  ana  ComplaintAcknowledged  case=C1
  => done complaint_acknowledge
2024-04-02 15:00  ana  ComplaintResolved      case=C1 remedy=refund
  => done complaint_resolve, escalate_1, escalate_2
  => friction > day_one because ComplaintResolved C1
  => no flag DAMAGED
