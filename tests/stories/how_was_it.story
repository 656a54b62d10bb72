# Who has not been asked for half a year is asked whether all is well.
#
# 182 days after the first purchase a call is open, due within two weeks. Ana's answer to a survey
# makes it needless, and the half year begins anew. Ben is called; a voice message does not do, though
# after it only one more contact is left that week, and winning him back goes first. With
# Cora nobody does anything: it is worth nothing after sixty days. Dora has bought nothing, so nobody
# asks her, though she once filled in a survey. News is no question.
covers: 004-43

2024-01-10 09:00  ana   PurchaseMade    order=A1 amount=60.00EUR
2024-01-10 09:00  ben   PurchaseMade    order=B1 amount=60.00EUR
2024-01-10 09:00  cora  PurchaseMade    order=C1 amount=60.00EUR
2024-01-10 09:00  dora  EnquiryMade     request=Q1
2024-01-10 10:00  dora  SurveyAnswered  survey=V0 score=8 max=10
at 2024-07-09 23:59
  => ana: no follow-up satisfaction
  => ben: no follow-up satisfaction
at 2024-07-10
  => ana: due satisfaction opened 2024-07-10 from 2024-07-10 by 2024-07-24 until 2024-09-08 because first purchase
  => ben: due satisfaction
  => cora: due satisfaction
  => dora: no follow-up satisfaction
2024-07-12 10:00  ana   SurveyAnswered  survey=V1 score=8 max=10
  => no follow-up satisfaction
2024-07-12 11:00  cora  OutreachMade    outreach=O0 purpose=UPDATE channel=PHONE
  => suppressed satisfaction by BUDGET outranked by win_back
2024-07-13 10:00  ben   OutreachMade    outreach=O1 purpose=CHECK channel=VOICEMAIL
  => suppressed satisfaction by BUDGET outranked by win_back
at 2024-07-23 23:59
  => cora: due satisfaction
at 2024-07-24
  => cora: overdue satisfaction
2024-07-24 10:00  ben   OutreachMade    outreach=O2 purpose=CHECK channel=PHONE
  => no follow-up satisfaction
at 2024-09-07 23:59
  => cora: overdue satisfaction
at 2024-09-08
  => cora: expired satisfaction until 2024-09-08
  => dora: no follow-up satisfaction
# 182 days after the answer, and after the call.
at 2025-01-10 09:59
  => ana: no follow-up satisfaction
at 2025-01-10 10:00
  => ana: due satisfaction opened 2025-01-10 10:00 because SurveyAnswered V1
at 2025-01-22 10:00
  => ben: due satisfaction because OutreachMade O2
  => dora: no follow-up satisfaction
