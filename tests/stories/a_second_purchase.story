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

2024-05-01 10:00  ben  PurchaseMade  order=B1 amount=60.00EUR
  => pending second_purchase opened 2024-05-01 from 2024-06-27 by 2024-07-04 until 2024-10-30 carrying LAST_PURCHASE B1
at 2024-06-26 23:59
  => pending second_purchase
at 2024-06-27
  => due second_purchase
2024-06-27 10:00  ben  OutreachMade  outreach=O1 purpose=CHECK channel=PHONE
  => due second_purchase
2024-06-28 10:00  ben  OutreachMade  outreach=O2 purpose=SUGGEST channel=PHONE
  => done second_purchase with OutreachMade O2
