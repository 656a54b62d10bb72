# One purchase and nothing else: a transaction, and then silence.
#
# (The rows on transactions also ask for a receipt of the type and for a report; they are not built,
# so there is no tag.)

2024-03-01 10:00  ana  PurchaseMade  order=A1 amount=35.00EUR
  => type TRANSACTIONAL, share transactional 1000
  => rhythm > 0 because PurchaseMade A1
at +60d
  => type TRANSACTIONAL, share transactional 1000, not recurring
  => stage EXPLORATION because S7 and because PurchaseMade A1
  => next stage change on 2024-08-31
at 2024-08-31
  => stage DISSOLUTION because S6, reason DORMANT
