# A former customer is met at a party, and a call is promised.
#
# Nothing was heard of Ana for more than half a year. She is met on 20 December: a note is due two
# days later. The call was promised for January: on New Year's Eve it is not due yet, then it is, and
# after its window it is overdue.
covers: 004-26

2024-02-01 09:00  ana  PurchaseMade    order=A1 amount=150.00EUR
at 2024-12-01
  => stage DISSOLUTION because S6, reason DORMANT
2024-12-20 20:00  ana  EncounterNoted  encounter=K1 channel=SOCIAL_EVENT place=winter-party
  => stage DISSOLUTION
  => due note opened 2024-12-20 20:00 from 2024-12-20 20:00 by 2024-12-22 20:00 until 2025-01-19 20:00 because EncounterNoted K1
  => touched SOCIAL_EVENT 1, timeline shows EncounterNoted K1 channel=SOCIAL_EVENT
2024-12-20 20:10  ana  PromiseMade     promise=W1 due_from=2025-01-02 due_at=2025-01-16 channel=SOCIAL_EVENT
  => pending promise from 2025-01-02 by 2025-01-16 because PromiseMade W1
at 2024-12-22 19:59
  => due note
at 2024-12-22 20:00
  => overdue note
at 2024-12-31 12:00
  => not owed promise, pending promise
  => overdue note
at 2025-01-01 23:59
  => pending promise
at 2025-01-02
  => due promise because PromiseMade W1
2025-01-03 10:00  ana  OutreachMade    outreach=O1 purpose=CHECK channel=PHONE
  => overdue note
2025-01-04 10:00  ana  OutreachMade    outreach=O2 purpose=NOTE channel=POST
  => done note with OutreachMade O2
at 2025-01-15 23:59
  => due promise
at 2025-01-16
  => overdue promise
2025-01-16 10:00  ana  PromiseKept     promise=W9 channel=PHONE
  => overdue promise
2025-01-17 10:00  ana  PromiseKept     promise=W1 channel=PHONE
  => done promise with PromiseKept W1
