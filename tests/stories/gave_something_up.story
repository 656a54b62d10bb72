# Something is given up now for a benefit later.
#
# The concession costs twenty and adds no points. What is bought afterwards does.
# (given_up_and_got_back.story has the numbers of row 000-03.)

2024-01-10 09:00  ana  PurchaseMade    order=A1 amount=40.00EUR
  => remember loyalty as before
2024-01-10 10:00  ana  ConcessionMade  concession=K1 cost=20.00EUR
  => loyalty = before, spent 40.00EUR
  => timeline shows ConcessionMade K1 cost=20.00EUR
2024-02-10 09:00  ana  PurchaseMade    order=A2 amount=100.00EUR
2024-03-10 09:00  ana  PurchaseMade    order=A3 amount=200.00EUR
  => loyalty > before, spent 340.00EUR
