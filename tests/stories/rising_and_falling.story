# The gaps between purchases tell where it goes.
#
# (The row on repeat purchases also asks for the last and the mean gap as numbers; that is not built,
# so there is no tag.)

2024-01-01 09:00  ana  PurchaseMade  order=A1 amount=20.00EUR
2024-01-31 09:00  ana  PurchaseMade  order=A2 amount=20.00EUR
2024-02-20 09:00  ana  PurchaseMade  order=A3 amount=20.00EUR
2024-03-06 09:00  ana  PurchaseMade  order=A4 amount=20.00EUR
  => purchase days 4, trend RISING
at 2024-05-30
  => trend FALLING, flag AT_RISK
