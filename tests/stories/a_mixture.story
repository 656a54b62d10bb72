# A relationship is rarely of one sort.
#
# Purchases, a complaint and a review: three sorts at once, whose shares add up to 1000, and one that
# stands for all. Looked at as of three dates it is three mixtures.
covers: 003-09

2024-01-10 09:00  ana  PurchaseMade     order=A1 amount=25.00EUR
  => share transactional 1000, type TRANSACTIONAL
2024-01-20 09:00  ana  PurchaseMade     order=A2 amount=25.00EUR
2024-02-10 09:00  ana  ComplaintRaised  case=C1 severity=1
  => type REACTIVE
  => share transactional > 600, share reactive > 300, share advocacy 0
2024-02-12 09:00  ana  ComplaintResolved  case=C1 remedy=refund
2024-03-01 09:00  ana  AdvocacyShown    advocacy=V1 form=REVIEW
  => type ADVOCACY
  => share transactional > 400, share reactive > 200, share advocacy > 250
as of 2024-01-15
  => share transactional 1000, share reactive 0, share advocacy 0, type TRANSACTIONAL
as of 2024-02-10 12:00
  => share transactional > 600, share reactive > 300, share advocacy 0, type REACTIVE
as of 2024-03-01 09:00
  => share transactional < 500, share reactive < 300, share advocacy > 250, type ADVOCACY
