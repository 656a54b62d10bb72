# The relationship grows stronger with time: a purchase every thirty days for two years.
#
# On day 690 they have just bought, as on day 330; the score is not below what it was then.
# (Row 000-05 also asks for when they were first seen and for how long they have been with us; the tag
# waits for these metrics.)

2022-01-03 09:00  ana  PurchaseMade  order=A1 amount=20.00EUR
2022-02-02 09:00  ana  PurchaseMade  order=A2 amount=20.00EUR
2022-03-04 09:00  ana  PurchaseMade  order=A3 amount=20.00EUR
2022-04-03 09:00  ana  PurchaseMade  order=A4 amount=20.00EUR
2022-05-03 09:00  ana  PurchaseMade  order=A5 amount=20.00EUR
2022-06-02 09:00  ana  PurchaseMade  order=A6 amount=20.00EUR
2022-07-02 09:00  ana  PurchaseMade  order=A7 amount=20.00EUR
2022-08-01 09:00  ana  PurchaseMade  order=A8 amount=20.00EUR
2022-08-31 09:00  ana  PurchaseMade  order=A9 amount=20.00EUR
2022-09-30 09:00  ana  PurchaseMade  order=A10 amount=20.00EUR
2022-10-30 09:00  ana  PurchaseMade  order=A11 amount=20.00EUR
2022-11-29 09:00  ana  PurchaseMade  order=A12 amount=20.00EUR
  => purchase days 12, stage COMMITMENT, remember loyalty as first_year
2022-12-29 09:00  ana  PurchaseMade  order=A13 amount=20.00EUR
2023-01-28 09:00  ana  PurchaseMade  order=A14 amount=20.00EUR
2023-02-27 09:00  ana  PurchaseMade  order=A15 amount=20.00EUR
2023-03-29 09:00  ana  PurchaseMade  order=A16 amount=20.00EUR
2023-04-28 09:00  ana  PurchaseMade  order=A17 amount=20.00EUR
2023-05-28 09:00  ana  PurchaseMade  order=A18 amount=20.00EUR
2023-06-27 09:00  ana  PurchaseMade  order=A19 amount=20.00EUR
2023-07-27 09:00  ana  PurchaseMade  order=A20 amount=20.00EUR
2023-08-26 09:00  ana  PurchaseMade  order=A21 amount=20.00EUR
2023-09-25 09:00  ana  PurchaseMade  order=A22 amount=20.00EUR
2023-10-25 09:00  ana  PurchaseMade  order=A23 amount=20.00EUR
2023-11-24 09:00  ana  PurchaseMade  order=A24 amount=20.00EUR
  => purchase days 24, stage COMMITMENT, loyalty >= first_year, long-term
2023-12-24 09:00  ana  PurchaseMade  order=A25 amount=20.00EUR
