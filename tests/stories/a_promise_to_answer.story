# An answer in 48 hours, as promised and as expected: at 40 hours it is met, or at 48 it is missed
# without anybody saying so.
#
# Promise and expectation are open with their due time. That an expectation was not met needs no event:
# from that moment somebody is to say that it is late, and with the next day the customer counts as let
# down. News of it settles that, another expectation does not. Cora hears nothing for two weeks.
covers: 002-11

2024-03-04 09:00  ana  PurchaseMade    order=A1 amount=80.00EUR
2024-03-04 10:00  ana  ExpectationSet  expectation=W1 area=SERVICE due_at=+48h
  => pending late for W1 opened 2024-03-04 10:00 from 2024-03-06 10:00 by 2024-03-07 10:00 until 2024-03-20 10:00 because ExpectationSet W1
2024-03-04 10:01  ana  PromiseMade     promise=W1 due_at=2024-03-06T10:00
  => pending promise from 2024-03-05 10:00 by 2024-03-06 10:00 because PromiseMade W1
2024-03-06 02:00  ana  ExpectationMet  expectation=W1
  => done late with ExpectationMet W1
2024-03-06 02:01  ana  PromiseKept     promise=W1
  => done promise with PromiseKept W1
at 2024-03-07
  => not owed late, no flag LET_DOWN

2024-04-08 10:00  ben  PurchaseMade    order=B1 amount=80.00EUR
2024-04-08 10:01  ben  PromiseMade     promise=W1 due_at=2024-04-10T10:00
2024-04-08 10:02  ben  ExpectationSet  expectation=W1 due_at=2024-04-10T10:00
at 2024-04-10 09:59
  => due promise, pending late for W1, no flag LET_DOWN
at 2024-04-10 10:00
  => overdue promise because PromiseMade W1
  => due late for W1 by 2024-04-11 10:00 because ExpectationSet W1
at 2024-04-11
  => flag LET_DOWN because ExpectationSet W1
  => overdue promise
2024-04-11 09:00  ben  ExpectationMet  expectation=W2
  => due late for W1
at 2024-04-11 10:00
  => overdue late for W1
2024-04-11 11:00  ben  OutreachMade    outreach=O1 purpose=UPDATE channel=VOICEMAIL
  => overdue late for W1
2024-04-11 12:00  ben  OutreachMade    outreach=O2 purpose=UPDATE channel=EMAIL
  => done late for W1 with OutreachMade O2

2024-05-06 10:00  cora  ExpectationSet  expectation=W3 due_at=2024-05-08T10:00
at 2024-05-22 09:59
  => overdue late for W3
at 2024-05-22 10:00
  => expired late for W3
