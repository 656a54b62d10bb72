# Every point of the score belongs to an event, for as long as anything of it counts.
rules: standard

2024-01-05 09:00  ana  PurchaseMade   order=A1 amount=40.00EUR
  => line value of PurchaseMade A1 47.86, line rhythm of PurchaseMade A1 106.666
2024-02-05 09:00  ana  PurchaseMade   order=A2 amount=60.00EUR
2024-02-05 15:00  ana  PurchaseMade   order=A3 amount=20.00EUR
  # One day, one purchase of it: the earlier.
  => line rhythm of PurchaseMade A3 0, line outlook of PurchaseMade A3 0
2024-03-01 10:00  ana  EnquiryMade    request=Q1
2024-03-01 11:00  ana  EnquiryMade    request=Q2
  # Two equal ones share; the milli-point that is left goes to the earlier.
  => dialogue 33.333, line dialogue of EnquiryMade Q1 16.667, line dialogue of EnquiryMade Q2 16.666
  => type REACTIVE because EnquiryMade Q2
2024-03-02 10:00  ana  SurveyAnswered survey=S1 score=10 max=10
2024-03-05 10:00  ana  ComplaintRaised  case=C1 severity=3
  => friction -180, line friction of ComplaintRaised C1 -180
  => line sentiment of SurveyAnswered S1 55
  => line limit of nobody 0
2024-03-06 10:00  ana  ComplaintResolved  case=C1
  => line friction of ComplaintResolved C1 0
at +7300d
  # Nothing weighs any more: what the prior alone gives is the first purchase's and the second's.
  => line dialogue of EnquiryMade Q1 0
