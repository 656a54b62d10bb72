# One euro or ten thousand: the same is owed, by the same time. Reports show who was seen to in time,
# and whether the business turns to those it has or to new ones.
covers: 004-03
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=1.00EUR
  => owed thank_you by 2024-01-06 09:00, no follow-up answer
2024-01-05 09:00  ben  PurchaseMade  order=B1 amount=10000.00EUR
  => owed thank_you by 2024-01-06 09:00, no follow-up answer
2024-01-05 12:00  ana  EnquiryMade  request=Q1
  => owed answer by 2024-01-06 12:00
2024-01-05 12:00  ben  EnquiryMade  request=Q1
  => owed answer by 2024-01-06 12:00
2024-01-05 15:00  ana  ThanksGiven  for=A1
2024-01-07 15:00  ben  ThanksGiven  for=B1
2024-01-08 09:00  cleo  OutreachMade  outreach=O1 purpose=NOTE
  => report missed_opportunities spend_band 00 done 1 late 0, report missed_opportunities spend_band 13 done 0 late 1
  => report coverage existing 2 new 1, report coverage 00 touches 2 existing 1 new 1, report coverage 13 touches 1
