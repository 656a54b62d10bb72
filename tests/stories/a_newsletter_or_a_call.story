# A newsletter, or an informal call: each has its own cadence.
#
# Both are due in the middle of June. Ana gets the newsletter, which leaves the call due. Ben is called,
# which leaves the newsletter due.
covers: 004-23

2024-01-10 10:00  ana  PurchaseMade    order=A1 amount=60.00EUR
2024-01-10 10:00  ben  PurchaseMade    order=B1 amount=60.00EUR
2024-03-01 09:00  ana  ConsentChanged  key=NEWSLETTER granted=yes
2024-03-01 09:00  ben  ConsentChanged  key=NEWSLETTER granted=yes
2024-03-10 10:00  ana  PurchaseMade    order=A2 amount=60.00EUR
2024-03-10 10:00  ben  PurchaseMade    order=B2 amount=60.00EUR
at 2024-06-15
  => ana: due newsletter from 2024-06-15 by 2024-06-17
  => ana: due cadence opened 2024-06-09 10:00 by 2024-06-16 10:00 because PurchaseMade A2
  => ben: due newsletter from 2024-06-15 by 2024-06-17
  => ben: due cadence opened 2024-06-09 10:00 by 2024-06-16 10:00 because PurchaseMade B2
2024-06-15 09:00  ana  OutreachMade    outreach=N1 purpose=NEWSLETTER position=1 channel=EMAIL
  => done newsletter from 2024-06-15 with OutreachMade N1
  => due cadence because PurchaseMade A2
2024-06-15 09:00  ben  OutreachMade    outreach=K1 purpose=CHECK channel=PHONE
  => no follow-up cadence
  => due newsletter from 2024-06-15
at 2024-06-16 10:00
  => ana: overdue cadence, done newsletter from 2024-06-15
  => ben: no follow-up cadence
at 2024-06-17
  => ben: overdue newsletter from 2024-06-15
# The call begins Ben's quarter anew, and the newsletter has dates of its own.
at 2024-07-01
  => ana: overdue cadence
  => ben: due newsletter from 2024-07-01 by 2024-07-03
  => ben: no follow-up cadence
