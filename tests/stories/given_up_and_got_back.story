# Twenty given up, three hundred bought since; the concession itself earns ana nothing. What ben spent
# before his concession did not come of it.
covers: 000-03
rules: standard

2024-01-05 09:00  ana  ConcessionMade  concession=K1 cost=20.00EUR
  => loyalty = 0
  => insight concessions cost 20.00EUR spend_since 0 payback 0
2024-02-05 09:00  ana  PurchaseMade  order=A1 amount=180.00EUR
2024-03-05 09:00  ana  PurchaseMade  order=A2 amount=120.00EUR
  => insight concessions ana K1 cost 20.00EUR spend_since 300.00EUR payback 15000
2024-03-06 09:00  ben  PurchaseMade  order=B1 amount=50.00EUR
2024-03-07 09:00  ben  ConcessionMade  concession=K2 cost=10.00EUR
  => insight concessions ben K2 cost 10.00EUR spend_since 0 payback 0
