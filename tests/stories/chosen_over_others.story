# A competitor is mentioned, and then they buy from us all the same; and how all who bought are.
#
# The purchase answers the competitor. The base is told in bands of 100 points: twelve who bought once
# on the same day stand in one, Ana alone in another. A group of fewer than ten is hidden, and so is
# the smallest other one where the total would tell what is hidden.
covers: 000-17
rules: standard

2024-01-10 09:00  ana  PurchaseMade       order=A1 amount=30.00EUR
2024-02-10 09:00  ana  CompetitorNoticed  competitor=rival
  => flag LOOKING_AROUND because CompetitorNoticed rival
  => remember loyalty as looking
  => metric competitor.answered no, competitor.at_us 2024-02-10T09:00, insight reasons competitor rival noticed 1 answered 0
2024-02-20 09:00  ana  PurchaseMade       order=A2 amount=30.00EUR
  => loyalty > looking, rhythm > 0 because PurchaseMade A2
  => line rhythm of PurchaseMade A1 62.7, line rhythm of PurchaseMade A2 85.7
  => timeline shows CompetitorNoticed competitor=rival
  => metric competitor.noticed 1, competitor.answered yes because CompetitorNoticed rival
  => metric competitor.answered_at_us 2024-02-20T09:00 because PurchaseMade A2
  => insight reasons competitor rival noticed 1 answered 1 because CompetitorNoticed rival
# The word fades after a quarter, bought or not.
at 2024-05-11
  => flag LOOKING_AROUND
at 2024-05-12
  => no flag LOOKING_AROUND

2024-06-01 10:00  b01  PurchaseMade  order=B1 amount=20.00EUR
2024-06-01 10:00  b02  PurchaseMade  order=B2 amount=20.00EUR
2024-06-01 10:00  b03  PurchaseMade  order=B3 amount=20.00EUR
2024-06-01 10:00  b04  PurchaseMade  order=B4 amount=20.00EUR
2024-06-01 10:00  b05  PurchaseMade  order=B5 amount=20.00EUR
2024-06-01 10:00  b06  PurchaseMade  order=B6 amount=20.00EUR
2024-06-01 10:00  b07  PurchaseMade  order=B7 amount=20.00EUR
2024-06-01 10:00  b08  PurchaseMade  order=B8 amount=20.00EUR
2024-06-01 10:00  b09  PurchaseMade  order=B9 amount=20.00EUR
  => base customers 10, base score 300 hidden
2024-06-01 10:00  b10  PurchaseMade  order=B10 amount=20.00EUR
2024-06-01 10:00  b11  PurchaseMade  order=B11 amount=20.00EUR
2024-06-01 10:00  p01  AwarenessShown  form=READ
2024-06-01 10:00  p02  AwarenessShown  form=READ
2024-06-01 10:00  p03  AwarenessShown  form=READ
2024-06-01 10:00  p04  AwarenessShown  form=READ
2024-06-01 10:00  p05  AwarenessShown  form=READ
2024-06-01 10:00  p06  AwarenessShown  form=READ
2024-06-01 10:00  p07  AwarenessShown  form=READ
2024-06-01 10:00  p08  AwarenessShown  form=READ
2024-06-01 10:00  p09  AwarenessShown  form=READ
2024-06-01 10:00  p10  AwarenessShown  form=READ
2024-06-01 10:00  p11  AwarenessShown  form=READ
2024-06-01 10:00  p12  AwarenessShown  form=READ
  => base customers 24, base score 0 12, base score 200 hidden, base score 300 hidden, no base score 400
  => base stage AWARENESS 12, base stage EXPLORATION hidden, base stage EXPANSION hidden
  => base type TRANSACTIONAL 12, base type NONE 12
# Two groups of one each: the total would tell both, so the smallest other one stays hidden.
2024-06-01 11:00  zoe  PurchaseMade  order=Z2 amount=900.00EUR
2024-05-20 10:00  zoe  PurchaseMade  order=Z1 amount=900.00EUR  logged 2024-06-01 12:00
  => loyalty > 400, base customers 25
  => base score 0 12, base score 200 hidden, base score 300 hidden, base score 400 hidden
# With eight more like Zoe nothing but the small ones need be hidden.
2024-06-01 14:00  z01  PurchaseMade  order=Y1b amount=900.00EUR
2024-05-20 10:00  z01  PurchaseMade  order=Y1a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z02  PurchaseMade  order=Y2b amount=900.00EUR
2024-05-20 10:00  z02  PurchaseMade  order=Y2a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z03  PurchaseMade  order=Y3b amount=900.00EUR
2024-05-20 10:00  z03  PurchaseMade  order=Y3a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z04  PurchaseMade  order=Y4b amount=900.00EUR
2024-05-20 10:00  z04  PurchaseMade  order=Y4a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z05  PurchaseMade  order=Y5b amount=900.00EUR
2024-05-20 10:00  z05  PurchaseMade  order=Y5a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z06  PurchaseMade  order=Y6b amount=900.00EUR
2024-05-20 10:00  z06  PurchaseMade  order=Y6a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z07  PurchaseMade  order=Y7b amount=900.00EUR
2024-05-20 10:00  z07  PurchaseMade  order=Y7a amount=900.00EUR  logged 2024-06-01 14:00
2024-06-01 14:00  z08  PurchaseMade  order=Y8b amount=900.00EUR
2024-05-20 10:00  z08  PurchaseMade  order=Y8a amount=900.00EUR  logged 2024-06-01 14:00
  => base score 0 12, base score 200 hidden, base score 300 11, base score 400 hidden
