# Right after a sale there are two things to do: to thank, and to ask how it was.
#
# Thanking leaves the question open. The answer closes it.
covers: 004-22
rules: standard + care

2024-06-03 10:00  ana  PurchaseMade    order=A1 amount=75.00EUR
  => owed thank_you    opened 2024-06-03 10:00 by 2024-06-04 10:00 because PurchaseMade A1
  => owed feedback_ask opened 2024-06-03 10:00 by 2024-06-10 10:00 because PurchaseMade A1
2024-06-03 15:00  ana  ThanksGiven     for=A1
  => done thank_you with ThanksGiven A1
  => owed feedback_ask
2024-06-05 10:00  ana  OutreachMade    outreach=O1 purpose=CHECK channel=PHONE
  => owed feedback_ask
2024-06-05 15:00  ana  SurveyAnswered  survey=V1 score=7 max=10
  => done feedback_ask with SurveyAnswered V1
  => done thank_you with ThanksGiven A1
