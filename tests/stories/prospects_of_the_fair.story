# Three people come by at the fair, one by the newspaper; one of them buys.
covers: 004-44
rules: standard

2024-01-05 09:00  ana  AwarenessShown  form=EXPOSURE channel=SOCIAL_EVENT campaign=fair
  => stage AWARENESS
2024-01-05 10:00  ben  AwarenessShown  form=EXPOSURE channel=SOCIAL_EVENT campaign=fair
  => stage AWARENESS
2024-01-05 11:00  cleo  AwarenessShown  form=READ channel=POST campaign=fair
  => stage AWARENESS
2024-01-06 11:00  dora  AwarenessShown  form=READ channel=POST campaign=spring
  => stage AWARENESS
  => report campaigns fair SOCIAL_EVENT prospects 2 converted 0 value 0 customers 2
2024-02-05 09:00  ana  PurchaseMade  order=A1 amount=70.00EUR
  => report campaigns fair SOCIAL_EVENT prospects 2 converted 1 value 70.00EUR
  => report campaigns fair POST prospects 1 converted 0, report campaigns spring POST prospects 1
  => report campaigns prospects 4 converted 1 converted_share 250
