# The same question by chat and by mail: answered in an hour and in thirty, and rated accordingly.
covers: 000-12
rules: standard

2024-01-05 09:00  ana  EnquiryMade  request=Q1 channel=CHAT
2024-01-05 10:00  ana  QuestionAnswered  request=Q1 channel=CHAT
2024-01-05 11:00  ana  SurveyAnswered  survey=S1 score=9 max=10 channel=CHAT
2024-01-05 09:00  ben  EnquiryMade  request=Q2 channel=EMAIL  logged 2024-01-05 12:00
2024-01-06 15:00  ben  QuestionAnswered  request=Q2 channel=EMAIL
2024-01-06 16:00  ben  SurveyAnswered  survey=S2 score=5 max=10 channel=EMAIL
  => report channel_parity CHAT first_response 1h resolution 1h satisfaction 900
  => report channel_parity EMAIL first_response 30h resolution 30h satisfaction 500
  => report channel_parity with answers 1 response_gap 29h resolution_gap 29h satisfaction_gap 400
  => report channel_parity response_gap absent
