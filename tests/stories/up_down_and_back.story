# The stage changes from time to time: up by buying, down by silence, and back.
#
# The same questions are asked when it happens and, as of those days, at the end. One list tells every
# change with its moment, its rule and its cause: the event, or time alone. What comes in late moves into
# its place, and whatever the order in which it all came in, the list is the same.
covers: 004-14

2024-01-01 09:00  ana  EnquiryMade   request=Q1
  => stage EXPLORATION because S4 and because EnquiryMade Q1
  => history has 1 change, history shows 2024-01-01 09:00 EXPLORATION because S4 because EnquiryMade Q1
2024-01-10 09:00  ana  PurchaseMade  order=A1 amount=30.00EUR
  => stage EXPLORATION because S7
2024-01-24 09:00  ana  PurchaseMade  order=A2 amount=30.00EUR
  => stage EXPANSION because S10
2024-02-21 09:00  ana  PurchaseMade  order=A4 amount=30.00EUR
  => stage EXPANSION because S10
2024-03-06 09:00  ana  PurchaseMade  order=A5 amount=30.00EUR
  => stage EXPANSION because S10, history has 3 changes
2024-02-07 09:00  ana  PurchaseMade  order=A3 amount=30.00EUR  logged 2024-03-07 12:00
  => stage COMMITMENT because S9 and because PurchaseMade A5, no flags, recurring, trend STEADY
  => history has 4 changes, history shows 2024-03-06 09:00 COMMITMENT after EXPANSION because S9 because PurchaseMade A5
at +100d
  => flag AT_RISK because PurchaseMade A5
  => trend FALLING
at +400d
  => stage DISSOLUTION because S8 and because PurchaseMade A5, reason DORMANT, no next stage change
2025-04-20 09:00  ana  PurchaseMade  order=A6 amount=30.00EUR
  => stage COMMITMENT because S9, flag WON_BACK because PurchaseMade A6
  => history has 8 changes, history shows 2024-01-01 09:00 EXPLORATION because S4 because EnquiryMade Q1
  => history shows 2024-01-10 09:00 EXPLORATION after EXPLORATION because S7 because PurchaseMade A1
  => history shows 2024-01-24 09:00 EXPANSION after EXPLORATION because S10 because PurchaseMade A2
  => history shows 2024-03-06 09:00 COMMITMENT after EXPANSION because S9 because PurchaseMade A5
  => history shows 2024-04-16 COMMITMENT AT_RISK after COMMITMENT because S9 because TIME
  => history shows 2024-04-17 EXPANSION AT_RISK after COMMITMENT because S10 because TIME
  => history shows 2024-06-24 DISSOLUTION after EXPANSION because S8 because TIME
  => history shows 2025-04-20 09:00 COMMITMENT WON_BACK after DISSOLUTION because S9 because PurchaseMade A6
as of 2024-01-05
  => stage EXPLORATION because S4
as of 2024-03-10
  => stage COMMITMENT because S9
as of 2025-04-10
  => stage DISSOLUTION because S8, history has 7 changes
