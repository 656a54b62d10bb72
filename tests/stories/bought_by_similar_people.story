# Who buys X mostly buys Y. It is recommended to two more: one takes it, one does not.
covers: 002-22
rules: standard

2024-01-05 09:00  ana   PurchaseMade  order=A1 amount=9.00EUR item=X:1:5.00EUR item=Y:1:4.00EUR
2024-01-05 10:00  ben   PurchaseMade  order=B1 amount=9.00EUR item=X:1:5.00EUR item=Y:1:4.00EUR
2024-01-05 11:00  cleo  PurchaseMade  order=C1 amount=9.00EUR item=X:1:5.00EUR item=Z:1:4.00EUR
2024-01-05 12:00  dora  PurchaseMade  order=D1 amount=5.00EUR item=X:1:5.00EUR
  => report co_purchase X Y both 2 buyers 4 share 500 rank 1, report co_purchase X Z both 1 buyers 4 share 250 rank 3
2024-01-06 09:00  cleo  OfferMade  offer=O1 form=RECOMMENDATION product=Y
2024-01-06 10:00  dora  OfferMade  offer=O2 form=RECOMMENDATION product=Y
2024-01-07 09:00  cleo  PurchaseMade  order=C2 amount=4.00EUR item=Y:1:4.00EUR offer=O1
2024-01-07 10:00  dora  OfferAnswered  offer=O2 accepted=no
  => report co_purchase recommended 2 taken 1 declined 1 hit_rate 500
  => cleo: insight offers RECOMMENDATION Y accepted 0 declined 0 open 1 bought 1
  => dora: insight offers RECOMMENDATION Y accepted 0 declined 1
