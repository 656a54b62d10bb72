# A former customer is met at a party, and a call is promised.
#
# Nothing was heard of Ana for more than half a year. She is met on 20 December: a note is due two
# days later. The call was promised for January: on New Year's Eve it is not due yet, then it is, and
# after its window it is overdue.
# (The note is a policy of rules/care and not of the standard rules yet, so there is no tag; when it is,
# this is row 004-26.)
rules: standard + care

2024-02-01 09:00  ana  PurchaseMade    order=A1 amount=150.00EUR
at 2024-12-01
  => stage DISSOLUTION because S6, reason DORMANT
2024-12-20 20:00  ana  EncounterNoted  encounter=K1 channel=SOCIAL_EVENT place=winter-party
  => stage DISSOLUTION
  => owed note by 2024-12-22 20:00 because EncounterNoted K1
  => touched SOCIAL_EVENT 1, timeline shows EncounterNoted K1 channel=SOCIAL_EVENT
2024-12-20 20:10  ana  PromiseMade     promise=W1 due_from=2025-01-02 due_at=2025-01-16 channel=SOCIAL_EVENT
  => pending promise from 2025-01-02 by 2025-01-16 because PromiseMade W1
at 2024-12-31 12:00
  => not owed promise, pending promise
  => overdue note
at 2025-01-02
  => owed promise, not overdue promise
at 2025-01-16
  => overdue promise
2025-01-17 10:00  ana  PromiseKept     promise=W1 channel=PHONE
  => done promise
