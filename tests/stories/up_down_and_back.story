# The stage changes from time to time: up by buying, down by silence, and back.
#
# The same questions are asked when it happens and, as of those days, at the end.
# (The row on changing stages also asks for one list of all changes; that is not built, so there is
# no tag.)

2024-01-01 09:00  ana  EnquiryMade   request=Q1
  => stage EXPLORATION because S4 and because EnquiryMade Q1
2024-01-10 09:00  ana  PurchaseMade  order=A1 amount=30.00EUR
  => stage EXPLORATION because S7
2024-01-24 09:00  ana  PurchaseMade  order=A2 amount=30.00EUR
  => stage EXPANSION because S10
2024-02-07 09:00  ana  PurchaseMade  order=A3 amount=30.00EUR
2024-02-21 09:00  ana  PurchaseMade  order=A4 amount=30.00EUR
  => stage EXPANSION because S10, trend STEADY
2024-03-06 09:00  ana  PurchaseMade  order=A5 amount=30.00EUR
  => stage COMMITMENT because S9 and because PurchaseMade A5, no flags, recurring
at +100d
  => flag AT_RISK because PurchaseMade A5
  => trend FALLING
at +400d
  => stage DISSOLUTION because S8 and because PurchaseMade A5, reason DORMANT, no next stage change
2025-04-20 09:00  ana  PurchaseMade  order=A6 amount=30.00EUR
  => stage COMMITMENT because S9, flag WON_BACK because PurchaseMade A6
as of 2024-01-05
  => stage EXPLORATION because S4
as of 2024-03-10
  => stage COMMITMENT because S9
as of 2025-04-10
  => stage DISSOLUTION because S8
