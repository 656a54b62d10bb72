# A long relationship: purchases on six days over fourteen months.
#
# The receipts say how many days there were and how far the first and the last are apart. Six purchases
# on one day are one day, and no relationship of any length.
covers: 004-08

2024-01-15 10:00  ana  PurchaseMade  order=A1 amount=25.00EUR
2024-04-10 10:00  ana  PurchaseMade  order=A2 amount=25.00EUR
2024-07-02 10:00  ana  PurchaseMade  order=A3 amount=25.00EUR
  => recurring, not long-term
2024-09-25 10:00  ana  PurchaseMade  order=A4 amount=25.00EUR
2024-12-18 10:00  ana  PurchaseMade  order=A5 amount=25.00EUR
  => not long-term
2025-03-15 10:00  ana  PurchaseMade  order=A6 amount=25.00EUR
  => long-term, recurring, purchase days 6
  => receipt rhythm purchase_days 6, receipt outlook tx 425
  => rhythm > 0 because PurchaseMade A6, outlook > 0 because PurchaseMade A6

2025-04-01 10:00  ben  PurchaseMade  order=B1 amount=25.00EUR
2025-04-01 10:10  ben  PurchaseMade  order=B2 amount=25.00EUR
2025-04-01 10:20  ben  PurchaseMade  order=B3 amount=25.00EUR
2025-04-01 10:30  ben  PurchaseMade  order=B4 amount=25.00EUR
2025-04-01 10:40  ben  PurchaseMade  order=B5 amount=25.00EUR
2025-04-01 10:50  ben  PurchaseMade  order=B6 amount=25.00EUR
  => counted PurchaseMade 6, purchase days 1, not recurring, not long-term
