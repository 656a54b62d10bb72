# Purchases that contradict each other.
#
# The first purchase is the earliest one that is known, whenever it becomes known. What is sold twice
# under one order number was sold twice, unless it is the same event. docs/contradictions.md lists
# these cases.

2024-02-01 10:00  ana  PurchaseMade      order=A1 amount=60.00EUR start_reason=advertisement
  => pending second_purchase from 2024-03-29 by 2024-04-05 because first purchase
# An older first purchase turns up: it is the first, and the other the second.
2023-12-01 10:00  ana  PurchaseMade      order=A0 amount=10.00EUR start_reason=friend  logged 2024-02-02 10:00
  => purchase days 2, no follow-up second_purchase
  => receipt outlook tx 62
as of 2024-01-15
  => purchase days 1, pending second_purchase because first purchase

# The same order twice is two purchases on one day; the till must send one event once.
2024-03-01 10:00  ben  PurchaseMade      order=B1 amount=60.00EUR
2024-03-01 10:05  ben  PurchaseMade      order=B1 amount=60.00EUR
  => purchase days 1, counted PurchaseMade 2, spent 120.00EUR
# More is given back than was ever sold: both are shown, neither is hidden by the other.
2024-03-02 10:00  ben  PurchaseReversed  order=B1 amount=500.00EUR form=RETURN
  => spent 120.00EUR, counted PurchaseReversed 1, purchase days 1
# Given back before it was bought.
2024-04-01 10:00  cleo  PurchaseReversed  order=C1 amount=5.00EUR form=CANCEL
  => purchase days 0, stage AWARENESS
2024-04-02 10:00  cleo  PurchaseMade      order=C1 amount=5.00EUR
  => purchase days 1, spent 5.00EUR
# What stands on the lines does not add up to the amount: the amount is what was paid.
2024-04-03 10:00  cleo  PurchaseMade      order=C2 amount=7.00EUR item=cup:2:30.00EUR
  => spent 12.00EUR, timeline shows PurchaseMade C2 amount=7.00EUR item=cup:2:30.00EUR
# Praise with a sour face is praise; what the kind itself says comes before the face.
2024-04-04 10:00  cleo  PraiseGiven       praise=P1 customer_feeling=-2
  => sentiment > 0 because PraiseGiven P1, sentiment_minus 0
# Who praises us on the customer's page and is one of us earns the customer nothing.
2024-05-05 10:00  dan  PraiseGiven       praise=P1 party=EMPLOYEE
  => sentiment 0, loyalty 0
