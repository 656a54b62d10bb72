# Repeat purchases, and how often they come.
#
# Days 0, 30, 50 and 65: four purchases, ever closer. Two and a half months of silence later the last
# gap is the longest of all, and the trend has turned.
covers: 002-03

2024-01-01 10:00  ana  PurchaseMade  order=A1 amount=20.00EUR
  => no metric purchases.last_gap_days, purchases.mean_gap_milli_days
2024-01-31 10:00  ana  PurchaseMade  order=A2 amount=20.00EUR
2024-02-20 10:00  ana  PurchaseMade  order=A3 amount=20.00EUR
2024-03-06 10:00  ana  PurchaseMade  order=A4 amount=20.00EUR
  => metric purchases.count 4, purchases.last_gap_days 15, purchases.mean_gap_milli_days 21666
  => trend RISING
at 2024-05-30
  => trend FALLING
  => metric purchases.count 4, purchases.last_gap_days 15
