# Renewals by phone, mail and chat: customers like the phone best, the business does best by mail. A letter
# that should teach something is compared with no call that should renew.
covers: 001-16
rules: standard

2024-01-05 09:00  ana  OutreachMade  outreach=O1 purpose=CHECK channel=PHONE intended_outcome=renew outcome=no customer_feeling=2 duration=30m value=1.00EUR
2024-01-05 10:00  ben  OutreachMade  outreach=O2 purpose=CHECK channel=PHONE intended_outcome=renew outcome=renew customer_feeling=1 duration=20m value=5.00EUR
2024-01-05 11:00  ana  OutreachMade  outreach=O3 purpose=CHECK channel=EMAIL intended_outcome=renew outcome=renew customer_feeling=0 duration=5m value=9.00EUR
2024-01-05 12:00  ben  OutreachMade  outreach=O4 purpose=CHECK channel=CHAT intended_outcome=renew outcome=no customer_feeling=-1 duration=9m value=2.00EUR
2024-01-05 13:00  ana  SurveyAnswered  survey=S1 score=9 max=10 channel=PHONE intended_outcome=renew
2024-01-05 14:00  ben  SurveyAnswered  survey=S2 score=7 max=10 channel=EMAIL intended_outcome=renew
2024-01-05 15:00  ben  SurveyAnswered  survey=S3 score=2 max=10 channel=CHAT intended_outcome=renew
2024-01-05 16:00  ana  OutreachMade  outreach=O5 purpose=CHECK channel=POST intended_outcome=learn outcome=learn customer_feeling=2 duration=1m value=50.00EUR
  => report channel_ranks renew PHONE touches 3 customer_rank 1 business_rank 2 satisfaction 900 met 500 value 6.00EUR duration 25m
  => report channel_ranks renew EMAIL touches 2 customer_rank 2 business_rank 1 satisfaction 700 met 1000 value 9.00EUR duration 5m
  => report channel_ranks renew CHAT touches 2 customer_rank 3 business_rank 3 satisfaction 200 met 0 value 2.00EUR duration 9m
  => report channel_ranks learn POST touches 1 customer_rank 1 business_rank 1 met 1000 value 50.00EUR
