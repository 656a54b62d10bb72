# Valid to 10 May. Two of three purchases use it; one more redemption comes a day too late.
covers: 003-08
rules: standard

2024-05-01 09:00  ana  PromotionSent  promotion=MAY valid_until=2024-05-10T23:59
2024-05-02 09:00  ana  PurchaseMade  order=A1 amount=20.00EUR promotion=MAY
2024-05-03 09:00  ana  PurchaseMade  order=A2 amount=20.00EUR
2024-05-09 09:00  ana  PurchaseMade  order=A3 amount=20.00EUR promotion=MAY
  => insight promotions MAY redeemed 2 in_validity 2 out_of_validity 0, insight promotions dependence 667
  => type TRANSACTIONAL_MARKETING
2024-05-11 09:00  ana  PromotionRedeemed  promotion=MAY order=A2
  => insight promotions MAY redeemed 3 in_validity 2 out_of_validity 1, insight promotions dependence 667
