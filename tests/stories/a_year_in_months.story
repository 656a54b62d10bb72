# How content, how loyal, how much talked of: three series, month by month, of one and of all.
#
# A month tells how many answers of its own were how good, how often its own were heard to speak of us,
# and what the score was at its end: that of the last of January, and over all the mean: (325.449 +
# 214.083) / 2 = 269.766. Asked again a year later as of then, the numbers are the same.
covers: 003-18

2024-01-10 09:00  ana  PurchaseMade    order=A1 amount=40.00EUR
2024-01-20 09:00  ana  SurveyAnswered  survey=S1 score=9 max=10
at 2024-01-31 12:00
  => ana: loyalty 328.674
2024-02-05 09:00  ana  AdvocacyShown   advocacy=V1 form=REVIEW
2024-02-10 09:00  ben  PurchaseMade    order=B1 amount=40.00EUR
2024-02-20 09:00  ben  SurveyAnswered  survey=S2 score=5 max=10
2024-02-21 09:00  ben  AwarenessShown  form=MENTION channel=FACEBOOK
at 2024-02-29 12:00
  => ana: loyalty 318.960
2024-03-04 09:00  ana  SurveyAnswered  survey=S3 score=7 max=10
at 2024-03-10
  => ana: loyalty 325.449
  => ben: loyalty 214.083
  => ana: insight series 2024-01 satisfaction 900 mentions 0 loyalty 328.674
  => ana: insight series 2024-02 satisfaction absent mentions 1 loyalty 318.960
  => ana: insight series 2024-03 satisfaction 700 mentions 0 loyalty 325.449
  => report series 2024-01 satisfaction 900 mentions 0 customers 1
  => report series 2024-02 satisfaction 500 mentions 2 customers 2
  => report series 2024-03 satisfaction 700 mentions 0 loyalty 269.766
2025-01-10 09:00  ana  SurveyAnswered  survey=S4 score=2 max=10
  => insight series 2025-01 satisfaction 200
as of 2024-03-10
  => insight series 2024-01 satisfaction 900 mentions 0 loyalty 328.674
  => insight series 2024-02 satisfaction absent mentions 1 loyalty 318.960
  => insight series 2024-03 satisfaction 700 mentions 0 loyalty 325.449
  => report series 2024-02 satisfaction 500 mentions 2 customers 2
  => report series 2024-03 satisfaction 700 mentions 0 loyalty 269.766
