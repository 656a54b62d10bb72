# Two words from ana, four from the business: a need and a concern, and an answer to one of them.
covers: 003-13
rules: standard

2024-01-05 09:00  ana  NeedHeard  need=space form=NEED channel=PHONE
2024-01-06 09:00  ana  NeedHeard  need=noise form=CONCERN channel=PHONE
2024-01-07 09:00  ana  OutreachMade  outreach=O1 purpose=UPDATE channel=EMAIL
2024-01-08 09:00  ana  OutreachMade  outreach=O2 purpose=UPDATE channel=EMAIL
2024-01-09 09:00  ana  InformationShared  information=I1 topic=rooms channel=EMAIL
2024-01-10 09:00  ana  OutreachMade  outreach=O3 purpose=CHECK channel=PHONE
  => insight dialogue in 2 out 4 balance -2 open_needs 2
  => insight needs space form NEED open 1 because NeedHeard space
  => insight needs noise form CONCERN open 1 because NeedHeard noise
2024-01-11 09:00  ana  QuestionAnswered  request=noise channel=PHONE
  => insight needs noise open 0 closed 1, insight needs space open 1, insight dialogue open_needs 1
