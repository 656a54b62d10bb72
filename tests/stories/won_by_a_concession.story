# What is given up brings in new customers, or not.
#
# At the fair Ana gets twenty euros off her first order, Ben ten off his; Cleo gets thirty, though she
# has bought before, so she is not won by it. Dora's five are for the wait, and not to win her. Ana
# buys: her purchase shows that it belongs to the concession. One customer was won by the sixty that
# the three concessions cost; when Ben buys, too, it was thirty each.
covers: 000-04

2024-01-04 09:00  cleo  PurchaseMade    order=C1 amount=15.00EUR
2024-01-05 09:00  ana   ConcessionMade  concession=K1 acquisition=yes cost=20.00EUR interaction_id=fair-7
2024-01-05 10:00  ben   ConcessionMade  concession=K2 acquisition=yes cost=10.00EUR
2024-01-05 11:00  cleo  ConcessionMade  concession=K3 acquisition=yes cost=30.00EUR
2024-01-05 12:00  dora  ConcessionMade  concession=K4 cost=5.00EUR
  => report concessions acquisition 3 won 0 not_won 3 cost 65.00EUR cost_per_won absent
2024-01-20 09:00  ana   PurchaseMade    order=A1 amount=80.00EUR interaction_id=fair-7
  => timeline shows ConcessionMade K1 interaction_id=fair-7, timeline shows PurchaseMade A1 interaction_id=fair-7
  => report concessions ana K1 acquisition 1 won 1 not_won 0 cost 20.00EUR cost_per_won 20.00
  => report concessions ana K1 won 1 because ConcessionMade K1 and because PurchaseMade A1
  => report concessions ben K2 acquisition 1 won 0 not_won 1 cost_per_won absent
  => report concessions cleo K3 acquisition 1 won 0 not_won 1
  => report concessions dora K4 acquisition 0 won 0 not_won 0
  => report concessions acquisition 3 won 1 not_won 2 cost_per_won 60.00
2024-01-22 09:00  ana   PurchaseMade    order=A2 amount=10.00EUR
2024-02-01 09:00  ben   PurchaseMade    order=B1 amount=25.00EUR
2024-02-02 09:00  dora  PurchaseMade    order=D1 amount=25.00EUR
  => report concessions acquisition 3 won 2 not_won 1 cost_per_won 30.00
