# Every purchase plans a thank you. Two are thanked in time; the third is not, and it says who sold it.
covers: 002-02
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR actor=dora
2024-01-05 15:00  ana  ThanksGiven  for=A1
2024-03-05 09:00  ana  PurchaseMade  order=A2 amount=40.00EUR actor=dora
2024-03-05 16:00  ana  ThanksGiven  for=A2
2024-05-05 09:00  ana  PurchaseMade  order=A3 amount=40.00EUR actor=emil
at +20d
  => report missed_opportunities policy thank_you planned 3 done 2 late 0 missed 1 done_share 667
  => report missed_opportunities not_done "thank_you of A3" publisher story employee emil because PurchaseMade A3
  => no report missed_opportunities not_done "thank_you of A1"
  => no report missed_opportunities not_done "thank_you of A2"
