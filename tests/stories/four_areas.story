# A touch in each area of the business, and one that says nothing of it and so counts as incomplete.
covers: 004-01
rules: standard

2024-01-05 09:00  ana  OutreachMade  outreach=O1 purpose=CHECK area=MARKETING
2024-01-05 10:00  ana  EnquiryMade  request=Q1 area=SALES
2024-01-05 11:00  ana  SupportRequested  request=Q2 area=TECHNICAL
2024-01-05 12:00  ana  QuestionAnswered  request=Q1 area=SERVICE
  => report completeness story events 4 with_area 4 area_share 1000
2024-01-05 13:00  ana  QuestionAnswered  request=Q2
  => timeline shows OutreachMade O1 area=MARKETING, shows EnquiryMade Q1 area=SALES
  => timeline shows SupportRequested Q2 area=TECHNICAL, shows QuestionAnswered Q1 area=SERVICE
  => report areas rows 5, report areas MARKETING touches 1, report areas SALES touches 1
  => report areas TECHNICAL touches 1, report areas SERVICE touches 1, report areas none touches 1
  => report completeness story events 5 with_area 4 area_share 800
