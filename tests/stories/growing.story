# A customer who comes to buy often, or more than one thing, is one for sales to look at.
#
# Ana buys a second product. Ben buys only one, and with the fifth day it is the same. It is said once:
# the third product and the sixth day say nothing new. Promises kept and two things bought are why Ana's
# relationship counts as growing.
covers: 004-17

2024-02-01 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR subject=machine
2024-02-01 10:00  ben  PurchaseMade  order=B1 amount=60.00EUR subject=machine
2024-02-02 10:00  ana  PromiseMade   promise=W1 due_at=+2d
2024-02-03 10:00  ana  PromiseKept   promise=W1
2024-02-15 10:00  ana  PurchaseMade  order=A2 amount=60.00EUR subject=machine
  => no follow-up growth_alert
2024-02-15 10:00  ben  PurchaseMade  order=B2 amount=60.00EUR subject=machine
2024-03-01 10:00  ana  PurchaseMade  order=A3 amount=60.00EUR subject=cups
  => due growth_alert to sales opened 2024-03-01 from 2024-03-01 by 2024-03-02 until 2024-03-31
  => stage EXPANSION because S10 and because PurchaseMade A3
  => receipt stage purchase_days 3, receipt stage subjects_bought 2, receipt stage promises_kept 1
2024-03-01 10:00  ben  PurchaseMade  order=B3 amount=60.00EUR subject=machine
at 2024-03-01 23:59
  => ana: due growth_alert
  => ben: no follow-up growth_alert
at 2024-03-02
  => ana: overdue growth_alert
2024-03-02 10:00  ana  OutreachMade  outreach=O1 purpose=CHECK channel=PHONE
  => overdue growth_alert
2024-03-02 11:00  ana  OutreachMade  outreach=O2 purpose=SUGGEST channel=PHONE
  => done growth_alert with OutreachMade O2
2024-03-10 10:00  ana  PurchaseMade  order=A4 amount=60.00EUR subject=filters
  => done growth_alert with OutreachMade O2
2024-03-15 10:00  ben  PurchaseMade  order=B4 amount=60.00EUR subject=machine
  => no follow-up growth_alert
2024-03-29 10:00  ben  PurchaseMade  order=B5 amount=60.00EUR subject=machine
  => due growth_alert opened 2024-03-29 by 2024-03-30 until 2024-04-28
2024-04-12 10:00  ben  PurchaseMade  order=B6 amount=60.00EUR subject=machine
  => overdue growth_alert opened 2024-03-29
at 2024-04-27 23:59
  => ben: overdue growth_alert
at 2024-04-28
  => ben: expired growth_alert until 2024-04-28
