# One purchase and nothing else: a transaction, and then silence.
#
# All of the relationship is transactional, and the purchase is why.
covers: 003-01

2024-03-01 10:00  ana  PurchaseMade  order=A1 amount=35.00EUR
  => type TRANSACTIONAL because TRANSACTIONAL and because PurchaseMade A1
  => share transactional 1000
  => rhythm > 0 because PurchaseMade A1
at +60d
  => type TRANSACTIONAL because PurchaseMade A1, share transactional 1000, not recurring
  => stage EXPLORATION because S7 and because PurchaseMade A1
  => next stage change on 2024-08-31
at 2024-08-31
  => stage DISSOLUTION because S6, reason DORMANT
