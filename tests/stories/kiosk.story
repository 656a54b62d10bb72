# At the airport kiosk nobody is known: what is bought there is counted by place, and no customer,
# standing or follow-up comes of it.
covers: 004-07
rules: standard

2024-01-05 09:00  -    PurchaseMade  order=K1 amount=5.00EUR place=airport
2024-01-05 10:00  -    PurchaseMade  order=K2 amount=7.00EUR place=airport
2024-01-05 11:00  -    PurchaseMade  order=K3 amount=2.00EUR place=station
  => known 0
2024-01-06 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR place=airport
  => report anonymous airport purchases 2 spend 12.00EUR customers 0
  => report anonymous station purchases 1 spend 2.00EUR, report anonymous purchases 3 spend 14.00EUR
  => known 1
  => report purchases purchases 1 customers 1, report missed_opportunities customers 1, purchase days 1
