# What a customer wants to reach: bought for, halfway there, and reached.
#
# Ana wants to need half the time. Her purchase is for that; a month later she is at 60 percent, and in
# April it is reached. Looked at from an earlier day it shows how far she was on that day.
covers: 002-10
rules: standard

2024-02-05 09:00  ana  ObjectiveSet      objective=half-the-time
2024-02-06 09:00  ana  PurchaseMade      order=A1 amount=499.00EUR objective=half-the-time
2024-02-07 09:00  ana  PurchaseMade      order=A2 amount=5.00EUR
2024-03-04 09:00  ana  ObjectiveSet      objective=half-the-time progress=60
  => metric objectives[half-the-time].progress 60, objectives[half-the-time].last_day 2024-03-04
  => no metric objectives[half-the-time].reached_day
  => insight objectives objective half-the-time progress 60 reached 0 purchases 1 spend 499.00EUR because PurchaseMade A1
2024-04-02 09:00  ana  ObjectiveReached  objective=half-the-time result=14-minutes
  => metric objectives[half-the-time].progress 100, objectives[half-the-time].set_day 2024-02-05
  => metric objectives[half-the-time].reached_day 2024-04-02
  => insight objectives objective half-the-time reached 1 result 14-minutes purchases 1 spend 499.00EUR
as of 2024-03-10
  => metric objectives[half-the-time].progress 60, no metric objectives[half-the-time].reached_day
  => insight objectives objective half-the-time progress 60 reached 0
as of 2024-02-20
  => metric objectives[half-the-time].progress 0
