# One purchase and nothing else: a transaction, and then silence.
#
# Ana buys once and is not heard of for sixty days: her relationship is transactional and nothing
# else, and the purchase is why. Ben buys once, too; at that moment all customers there are, two of
# two, only ever bought. A fortnight later he asks something, and it is one of two.
covers: 000-02

2024-03-01 10:00  ana  PurchaseMade  order=A1 amount=35.00EUR
  => type TRANSACTIONAL because PurchaseMade A1, share transactional 1000
  => rhythm > 0 because PurchaseMade A1
2024-03-05 10:00  ben  PurchaseMade  order=B1 amount=20.00EUR
  => report transactional_share 2024-03-05 known 2 buyers 2 transactional 2 share 1000
2024-03-20 10:00  ben  EnquiryMade   request=Q1
  => type REACTIVE because EnquiryMade Q1
at 2024-04-30 10:00
  => report transactional_share 2024-04-30 known 2 buyers 2 transactional 1 share 500
  => ana: type TRANSACTIONAL because PurchaseMade A1, share transactional 1000, not recurring
  => ana: stage EXPLORATION because S7 and because PurchaseMade A1
  => ana: next stage change on 2024-08-31
at 2024-08-31
  => ana: stage DISSOLUTION because S6, reason DORMANT
