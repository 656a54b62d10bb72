# Each kind of transaction plans its own action: a purchase a thank you, a delivery a word that it is
# handled, a question an answer. Two purchases are thanked for in time; the third is not, and it says
# who sold it. The question is answered, the delivery is not spoken of.
covers: 002-02
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR actor=dora
2024-01-05 15:00  ana  ThanksGiven  for=A1
2024-03-05 09:00  ana  PurchaseMade  order=A2 amount=40.00EUR actor=dora
2024-03-05 16:00  ana  ThanksGiven  for=A2
2024-05-05 09:00  ana  PurchaseMade  order=A3 amount=40.00EUR actor=emil
2024-05-06 09:00  ana  FulfilmentStepDone  order=A3 step=shipped
2024-05-06 12:00  ana  SupportRequested  request=Q1 topic=set-up
2024-05-06 15:00  ana  QuestionAnswered  request=Q1
at +20d
  => report missed_opportunities policy thank_you planned 3 done 2 late 0 missed 1 done_share 667
  => report missed_opportunities not_done "thank_you of A3" publisher story employee emil because PurchaseMade A3
  => report missed_opportunities policy reassure planned 1 done 0 missed 1
  => report missed_opportunities kind FulfilmentStepDone planned 1 because FulfilmentStepDone A3
  => report missed_opportunities policy answer planned 1 done 1 missed 0
  => report missed_opportunities kind SupportRequested planned 1 because SupportRequested Q1
  => no report missed_opportunities not_done "thank_you of A1"
  => no report missed_opportunities not_done "thank_you of A2"
