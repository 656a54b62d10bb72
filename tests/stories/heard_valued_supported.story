# Do customers feel heard, valued and well supported? Each has its own number, of one and of all.
covers: 003-19
rules: standard

2024-01-05 09:00  ana  SurveyAnswered  survey=S1 score=9 max=10 dimension=heard
2024-01-05 10:00  ana  SurveyAnswered  survey=S1 score=7 max=10 dimension=valued
2024-01-05 11:00  ana  SurveyAnswered  survey=S1 score=4 max=10 dimension=supported
  => insight surveys dimension heard score 9 satisfaction 900, insight surveys dimension valued score 7
  => insight surveys dimension supported score 4
2024-01-06 09:00  ben  SurveyAnswered  survey=S2 score=5 max=10 dimension=heard
  => report surveys dimension heard answers 2 score 7 satisfaction 700, report surveys dimension valued answers 1 score 7
  => report surveys dimension supported answers 1 score 4, insight surveys dimension heard score 5
