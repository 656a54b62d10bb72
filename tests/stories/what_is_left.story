# Goods for 500 that cost 300, service, a concession and outreach: what ana leaves is 140. Of one
# more purchase nobody says what it cost, and that is said.
covers: 004-45
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=500.00EUR cost=300.00EUR
2024-01-06 09:00  ana  QuestionAnswered  request=Q1 cost=30.00EUR
2024-01-07 09:00  ana  ConcessionMade  concession=K1 cost=20.00EUR
2024-01-08 09:00  ana  OutreachMade  outreach=O1 purpose=CHECK cost=10.00EUR
  => report profitability ana spend 500.00 margin 200.00 service 30.00 giving 20.00 outreach 10.00 profit 140.00
  => report profitability ana purchases 1 without_cost 0
2024-02-01 09:00  ana  PurchaseMade  order=A2 amount=50.00EUR
  => report profitability ana purchases 2 without_cost 1
