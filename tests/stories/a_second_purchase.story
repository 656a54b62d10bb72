# Two purchases make the next one far likelier.
#
# After the first purchase a suggestion for a second is planned, for the day by which half of those
# who come back have done so. The second purchase ends it, as what waits for a state ends with that
# state, and is the milestone that the history dates, whatever is bought later. How much likelier the
# next one is by then is counted on one's own customers, and nothing is assumed: of two who bought once one came back, after 65 days; who bought twice came back
# again, after 95.
covers: 002-04

2024-02-01 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR
  => pending second_purchase from 2024-03-29 by 2024-04-05 because first purchase
  => report repeat 1 reached 1 bought_again 0 again 0 gap absent, no report repeat 2
at 2024-03-29
  => owed second_purchase to sales
at 2024-04-05
  => overdue second_purchase
2024-04-06 10:00  ana  PurchaseMade  order=A2 amount=60.00EUR
  => no follow-up second_purchase
  => history has 2 changes, history shows 2024-04-06 10:00 EXPANSION after EXPLORATION because S10 because PurchaseMade A2
  => purchase days 2, recurring, not long-term
  => metric purchases.days 2, purchases.first_day 2024-02-01, purchases.last_day 2024-04-06

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
2024-07-10 10:00  ana  PurchaseMade  order=A3 amount=60.00EUR
  => report repeat 1 reached 2 bought_again 1 again 500 gap 65
  => report repeat 2 reached 1 bought_again 1 again 1000 gap 95
  => history shows 2024-04-06 10:00 EXPANSION after EXPLORATION because S10 because PurchaseMade A2
  => report repeat 3 reached 1 bought_again 0 again 0 gap absent
