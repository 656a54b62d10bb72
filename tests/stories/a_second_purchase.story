# Two purchases make the next one far likelier.
#
# After the first purchase a suggestion for a second is planned, for the day by which half of those
# who come back have done so. The second purchase takes it away.
# (The row also asks for a report of how much likelier it is; that is not built, so there is no tag.)

2024-02-01 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR
  => pending second_purchase from 2024-03-29 by 2024-04-05 because first purchase
at 2024-03-29
  => owed second_purchase to sales
at 2024-04-05
  => overdue second_purchase
2024-04-06 10:00  ana  PurchaseMade  order=A2 amount=60.00EUR
  => no follow-up second_purchase
  => purchase days 2, recurring, not long-term
