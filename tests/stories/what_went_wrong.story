# What went wrong, how it was fixed, how it is prevented.
#
# After a complaint of severity 3 somebody finds out, within ten days; one who names only the cause has not
# done it. Ben's was slight but went to the management; Cora's was slight and did not. Nobody looks into
# Ben's: after ninety days nobody will. After each resolution the customers are asked whether all is well:
# from the third day on, within a week, and not after a month. Dora and Eve say that it is not done: it is
# done again for Eve, within two days, and not for Dora.
# Fay's comes of the same cause although it was to be prevented: it is counted as come again.
covers: 004-40

2024-05-02 09:00  ana   ComplaintRaised     case=C1 severity=3 topic=leak
2024-05-02 09:00  ben   ComplaintRaised     case=C2 severity=1 topic=leak
2024-05-02 09:00  cora  ComplaintRaised     case=C3 severity=2 topic=leak
2024-05-02 09:00  dora  ComplaintRaised     case=C4 severity=1 topic=leak
2024-05-02 09:00  eve   ComplaintRaised     case=C5 severity=1 topic=leak
2024-05-02 12:00  ben   ComplaintEscalated  case=C2 level=2
2024-05-03 10:00  ana   ComplaintResolved   case=C1 remedy=replacement
  => due root_cause for C1 opened 2024-05-03 10:00 from 2024-05-03 10:00 by 2024-05-13 10:00 until 2024-08-01 10:00 because ComplaintResolved C1
  => pending aftercare opened 2024-05-03 10:00 from 2024-05-06 10:00 by 2024-05-10 10:00 until 2024-06-02 10:00 because ComplaintResolved C1
2024-05-03 10:00  ben   ComplaintResolved   case=C2 remedy=repair
  => due root_cause for C2
2024-05-03 10:00  cora  ComplaintResolved   case=C3 remedy=repair
  => no follow-up root_cause
2024-05-03 11:00  dora  ComplaintResolved   case=C4 remedy=repair
2024-05-03 11:00  eve   ComplaintResolved   case=C5 remedy=repair
2024-05-04 09:00  dora  ResolutionAnswered  case=C4 accepted=no
  => due refused for C4 to service opened 2024-05-04 09:00 from 2024-05-04 09:00 by 2024-05-06 09:00 until 2024-06-03 09:00 because ResolutionAnswered C4
2024-05-04 09:00  eve   ResolutionAnswered  case=C5 accepted=no
  => due refused for C5
2024-05-04 10:00  ana   RootCauseFound      case=C1 cause=supplier
  => due root_cause for C1
2024-05-05 10:00  ana   RootCauseFound      case=C9 cause=supplier fix=new-seal prevention=check-on-arrival
  => due root_cause for C1
2024-05-05 12:00  eve   ComplaintResolved   case=C9 remedy=repair
  => due refused for C5
2024-05-05 13:00  eve   ComplaintResolved   case=C5 remedy=replacement
  => done refused for C5 with ComplaintResolved C5 last
at 2024-05-06 08:59
  => dora: due refused
at 2024-05-06 09:00
  => dora: overdue refused
at 2024-05-06 09:59
  => ben: pending aftercare
at 2024-05-06 10:00
  => ben: due aftercare
2024-05-07 10:00  cora  FraudSuspected      party=CUSTOMER
  => suppressed aftercare by FRAUD
at 2024-05-10 09:59
  => ben: due aftercare
at 2024-05-10 10:00
  => ben: overdue aftercare
at 2024-05-13 09:59
  => ana: due root_cause
at 2024-05-13 10:00
  => ana: overdue root_cause
2024-05-13 11:00  ana   RootCauseFound      case=C1 cause=supplier fix=new-seal prevention=check-on-arrival
  => done root_cause for C1 with RootCauseFound C1 last
  => report causes cause supplier cases 2 fixed 2 preventions 2 recurrences 0
2024-05-20 09:00  fay   ComplaintRaised     case=C6 severity=1 topic=leak
2024-05-21 09:00  fay   ComplaintResolved   case=C6 remedy=repair
2024-05-22 09:00  fay   RootCauseFound      case=C6 cause=supplier
  => report causes cause supplier cases 3 preventions 2 recurrences 1
2024-05-22 10:00  ben   RootCauseFound      case=C2 cause=driver
  => report causes cause supplier recurrences 1, report causes cause driver recurrences 0
at 2024-06-02 09:59
  => ben: overdue aftercare
at 2024-06-02 10:00
  => ben: expired aftercare
at 2024-06-03 08:59
  => dora: overdue refused
at 2024-06-03 09:00
  => dora: expired refused
at 2024-08-01 09:59
  => ben: overdue root_cause
at 2024-08-01 10:00
  => ben: expired root_cause
