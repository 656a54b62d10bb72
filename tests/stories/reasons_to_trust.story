# Three reasons to trust us: quality, openness, and answers in time.
#
# A late answer costs responsiveness and nothing else.
covers: 003-14

2024-09-02 09:00  ana  SurveyAnswered     survey=S1 score=9 max=10
2024-09-03 09:00  ana  SurveyAnswered     survey=S2 score=8 max=10
2024-09-04 09:00  ana  InformationShared  information=I1 topic=prices
2024-09-05 09:00  ana  EnquiryMade        request=Q1
2024-09-05 12:00  ana  QuestionAnswered   request=Q1
  => metric trust.quality_permille 850 because SurveyAnswered S1 and because SurveyAnswered S2
  => metric trust.transparency 1 because InformationShared I1
  => metric trust.responsiveness_permille 1000 because EnquiryMade Q1
  => metric trust.in_time 1, trust.late 0
2024-09-09 09:00  ana  EnquiryMade        request=Q2
  => metric trust.responsiveness_permille 1000
2024-09-11 09:00  ana  QuestionAnswered   request=Q2
  => metric trust.responsiveness_permille 500, trust.late 1 because EnquiryMade Q2
  => metric trust.quality_permille 850, trust.transparency 1
