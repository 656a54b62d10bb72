# Ratings of a product and of a service; the one of the first order is revised and the later counts,
# though it reaches the log first.
covers: 004-04
rules: standard

2024-01-20 09:00  ana  SurveyAnswered  survey=A1 score=8 max=10 subject=cup
2024-01-05 09:00  ana  SurveyAnswered  survey=A1 score=2 max=10 subject=cup  logged 2024-01-21 09:00
2024-01-22 09:00  ana  SurveyAnswered  survey=A2 score=5 max=10 subject=cup
2024-01-23 09:00  ana  SurveyAnswered  survey=A3 score=9 max=10 subject=repair
  => insight surveys subject cup answers 2 score 6.5, insight surveys subject repair answers 1 score 9
