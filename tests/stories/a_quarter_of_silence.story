# A quarter in which nobody spoke with somebody who has bought twice is too long.
#
# After 91 days it is time to get in touch, within a week. When nobody does, it is worth nothing after
# a month, and comes again when the silence has lasted another 91 days. A mailing is no contact. Who
# bought only once is not one of them, nor is who is gone.

2024-01-10 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR
2024-01-10 11:00  ben  PurchaseMade  order=B1 amount=60.00EUR
2024-03-10 10:00  ana  PurchaseMade  order=A2 amount=60.00EUR
2024-03-11 10:00  ben  OutreachMade  outreach=O1 purpose=ASSIST channel=PHONE
# 91 days after 10 March, 10:00.
at 2024-06-09 09:59
  => ana: no follow-up cadence
at 2024-06-09 10:00
  => ana: due cadence opened 2024-06-09 10:00 by 2024-06-16 10:00 until 2024-07-09 10:00 because PurchaseMade A2
  => ben: no follow-up cadence
2024-06-10 10:00  ana  OutreachMade  outreach=O2 purpose=NEWSLETTER channel=EMAIL
  => due cadence because PurchaseMade A2
at 2024-06-16 09:59
  => due cadence
at 2024-06-16 10:00
  => overdue cadence
at 2024-07-09 09:59
  => overdue cadence
at 2024-07-09 10:00
  => expired cadence until 2024-07-09 10:00
# 182 days after 10 March, 10:00.
at 2024-09-08 09:59
  => not owed cadence
at 2024-09-08 10:00
  => due cadence opened 2024-09-08 10:00 by 2024-09-15 10:00 because PurchaseMade A2
at 2024-12-08 10:00
  => due cadence opened 2024-12-08 10:00 because PurchaseMade A2
2024-12-10 10:00  ana  RelationshipEnded  by=CUSTOMER reason=PRICE
  => stage DISSOLUTION, no follow-up cadence
