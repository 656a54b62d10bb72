# How both sides felt about a purchase.
#
# The customer's and the employee's feeling are both shown. Only the customer's earns or costs
# points; an employee may be as unhappy as they like.
covers: 002-32

2024-05-06 10:00  ana  PurchaseMade  order=A1 amount=30.00EUR customer_feeling=2 employee_feeling=-1
  => timeline shows PurchaseMade A1 customer_feeling=2 employee_feeling=-1
  => sentiment > 0 because PurchaseMade A1
  => remember sentiment as good, sentiment_minus 0
2024-05-06 12:00  ana  PurchaseMade  order=A2 amount=30.00EUR employee_feeling=-2
  => timeline shows PurchaseMade A2 employee_feeling=-2
  => sentiment = good
2024-05-06 14:00  ana  PurchaseMade  order=A3 amount=30.00EUR customer_feeling=-2 employee_feeling=2
  => timeline shows PurchaseMade A3 customer_feeling=-2 employee_feeling=2
  => sentiment < good, sentiment_minus < 0 because PurchaseMade A3
