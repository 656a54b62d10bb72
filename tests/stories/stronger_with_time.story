# The relationship grows stronger with time.
#
# Ana buys every 30 days for two years. We can say since when she is known and for how long, and two
# years of it are worth no less than one: on day 690 her score is not below that of day 330, both 0
# days after a purchase.
covers: 000-05

2022-01-03 10:00  ana  PurchaseMade  order=A01 amount=40.00EUR
  => metric tenure.first_seen_day 2022-01-03, tenure.days 0
2022-02-02 10:00  ana  PurchaseMade  order=A02 amount=40.00EUR
2022-03-04 10:00  ana  PurchaseMade  order=A03 amount=40.00EUR
2022-04-03 10:00  ana  PurchaseMade  order=A04 amount=40.00EUR
2022-05-03 10:00  ana  PurchaseMade  order=A05 amount=40.00EUR
2022-06-02 10:00  ana  PurchaseMade  order=A06 amount=40.00EUR
2022-07-02 10:00  ana  PurchaseMade  order=A07 amount=40.00EUR
2022-08-01 10:00  ana  PurchaseMade  order=A08 amount=40.00EUR
2022-08-31 10:00  ana  PurchaseMade  order=A09 amount=40.00EUR
2022-09-30 10:00  ana  PurchaseMade  order=A10 amount=40.00EUR
2022-10-30 10:00  ana  PurchaseMade  order=A11 amount=40.00EUR
2022-11-29 10:00  ana  PurchaseMade  order=A12 amount=40.00EUR
  => metric tenure.days 330
  => remember loyalty as day330
2022-12-29 10:00  ana  PurchaseMade  order=A13 amount=40.00EUR
2023-01-28 10:00  ana  PurchaseMade  order=A14 amount=40.00EUR
2023-02-27 10:00  ana  PurchaseMade  order=A15 amount=40.00EUR
2023-03-29 10:00  ana  PurchaseMade  order=A16 amount=40.00EUR
2023-04-28 10:00  ana  PurchaseMade  order=A17 amount=40.00EUR
2023-05-28 10:00  ana  PurchaseMade  order=A18 amount=40.00EUR
2023-06-27 10:00  ana  PurchaseMade  order=A19 amount=40.00EUR
2023-07-27 10:00  ana  PurchaseMade  order=A20 amount=40.00EUR
2023-08-26 10:00  ana  PurchaseMade  order=A21 amount=40.00EUR
2023-09-25 10:00  ana  PurchaseMade  order=A22 amount=40.00EUR
2023-10-25 10:00  ana  PurchaseMade  order=A23 amount=40.00EUR
2023-11-24 10:00  ana  PurchaseMade  order=A24 amount=40.00EUR
  => metric tenure.first_seen_day 2022-01-03, tenure.days 690
  => loyalty >= day330
