# Service and fulfilment are transactions, too.
#
# A purchase, a free service and a delivery are counted each by its kind, and each has its planned
# action. The free service is neither spend nor a day of purchase.
covers: 002-28

2024-03-04 09:00  ana  PurchaseMade        order=A1 amount=50.00EUR
  => owed thank_you because PurchaseMade A1
2024-03-05 09:00  ana  FulfilmentStepDone  order=A1 step=shipped
  => owed reassure by 2024-03-06 09:00 because FulfilmentStepDone A1
2024-03-08 09:00  ana  SupportRequested    request=Q1 topic=set-up value=0.00EUR
  => owed answer by 2024-03-09 09:00 because SupportRequested Q1
  => counted PurchaseMade 1, counted FulfilmentStepDone 1, counted SupportRequested 1
  => purchase days 1, spent 50.00EUR
  => timeline shows SupportRequested Q1 value=0.00EUR
