# A promise with a due time: kept at 40 hours, or missed at 48 without anybody saying so.
#
# The promise is shown as owed with its due time. That an expectation was not met needs no event: the
# day after it was due, the customer counts as let down.
# (The row on service expectations also asks that the expectation itself be listed as open; no policy
# of the standard rules does that yet, so there is no tag.)

2024-03-04 09:00  ana  PurchaseMade    order=A1 amount=80.00EUR
2024-03-04 10:00  ana  PromiseMade     promise=W1 due_at=+48h
  => pending promise from 2024-03-05 10:00 by 2024-03-06 10:00 because PromiseMade W1
2024-03-06 02:00  ana  PromiseKept     promise=W1
  => done promise with PromiseKept W1

2024-04-08 10:00  ben  PurchaseMade    order=B1 amount=80.00EUR
2024-04-08 10:01  ben  PromiseMade     promise=W1 due_at=2024-04-10T10:00
2024-04-08 10:02  ben  ExpectationSet  expectation=W1 due_at=2024-04-10T10:00
at 2024-04-10 09:59
  => owed promise, not overdue promise, no flag LET_DOWN
at 2024-04-10 10:00
  => overdue promise because PromiseMade W1
at 2024-04-11
  => flag LET_DOWN because ExpectationSet W1
  => overdue promise
