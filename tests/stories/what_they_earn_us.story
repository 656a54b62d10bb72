# What a customer earns us, in four parts.
#
# The margin of what was bought, less service, concession and outreach. That the cost of one purchase
# is not known is said, and not taken for nothing.

2024-02-05 10:00  ana  PurchaseMade       order=A1 amount=500.00EUR cost=300.00EUR
2024-02-06 10:00  ana  ComplaintResolved  case=C1 cost=30.00EUR
2024-02-07 10:00  ana  ConcessionMade     concession=K1 cost=20.00EUR
2024-02-08 10:00  ana  OutreachMade       outreach=O1 purpose=CHECK cost=10.00EUR
  => metric profit.margin_centi 200.00, profit.service_centi -30.00, profit.giving_centi -20.00
  => metric profit.outreach_centi -10.00, profit.total_centi 140.00
  => metric profit.purchases_without_cost 0
2024-02-09 10:00  ana  PurchaseMade       order=A2 amount=50.00EUR
  => metric profit.purchases_without_cost 1, profit.total_centi 190.00
