# The customer judges the quality: of the goods, and of the service.
#
# Two ratings of the goods, one of the service. The first rating of the goods is revised a week later:
# eight of ten are three hundred of a full good word, four of ten a full bad one, which stays.
# (Row 004-04 also asks for mean and count by dimension, of which the later rating of an order counts;
# the tag waits for that report.)

2024-03-04 09:00  ana  PurchaseMade    order=A1 amount=50.00EUR
2024-03-06 09:00  ana  SurveyAnswered  survey=A1 dimension=product score=4 max=10
  => sentiment < 0 because SurveyAnswered A1
2024-03-06 09:05  ana  SurveyAnswered  survey=A1 dimension=service score=9 max=10
2024-03-13 09:00  ana  SurveyAnswered  survey=A1 dimension=product score=8 max=10
  => counted SurveyAnswered 3, remember sentiment as revised
  => timeline shows SurveyAnswered A1 dimension=product score=4
  => timeline shows SurveyAnswered A1 dimension=product score=8
  => timeline shows SurveyAnswered A1 dimension=service score=9
# A rating of the day before arrives late: the one of the 13th stays the last word.
2024-03-12 09:00  ana  SurveyAnswered  survey=A1 dimension=product score=2 max=10  logged 2024-03-14 09:00
  => sentiment < revised, counted SurveyAnswered 4
