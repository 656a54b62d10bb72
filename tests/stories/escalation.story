# A concern that is not resolved climbs: to the lead, then to the management.
#
# Ana's complaint climbs by time alone, each level with its due time and its addressee. Ben's is taken
# up at once: a word to the management jumps over the lead. Resolving ends all.
covers: 004-39

2024-05-02 09:00  ana  ComplaintRaised  case=C1 severity=3 topic=billing
  => no follow-up escalate_1
at 2024-05-07 09:00
  => owed escalate_1 for C1 by 2024-05-08 09:00 to lead because case C1
  => no follow-up escalate_2
at 2024-05-12 09:00
  => overdue escalate_1 for C1
  => owed escalate_2 for C1 by 2024-05-13 09:00 to management because case C1
2024-05-12 10:00  ana  ComplaintResolved  case=C1 remedy=refund
  => done escalate_1, escalate_2, complaint_resolve with ComplaintResolved C1
  => no flag DAMAGED

2024-06-01 09:00  ben  ComplaintRaised     case=C2 severity=2 topic=delivery
  => no flag DAMAGED
2024-06-01 12:00  ben  ComplaintEscalated  case=C2 level=2
  => flag DAMAGED because case C2
at 2024-06-16 09:00
  => done escalate_1 for C2 with ComplaintEscalated C2
at 2024-07-01 09:00
  => done escalate_2 for C2 with ComplaintEscalated C2
  => not owed escalate_1, escalate_2
  => overdue complaint_resolve for C2
2024-07-01 10:00  ben  ComplaintResolved   case=C2 remedy=apology
  => no flag DAMAGED
  => done complaint_resolve for C2 with ComplaintResolved C2
  => not owed escalate_1, escalate_2
