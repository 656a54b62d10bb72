# Communication in both directions.
#
# Ana says what she needs and what worries her; we turn to her four times. Both are open until they
# are answered, and the balance says who spoke.
covers: 003-13

2024-08-05 09:00  ana  OutreachMade      outreach=O1 purpose=UPDATE
2024-08-06 09:00  ana  OutreachMade      outreach=O2 purpose=SUGGEST
2024-08-07 09:00  ana  OutreachMade      outreach=O3 purpose=ASSIST
2024-08-07 17:00  ana  OutreachMade      outreach=O4 purpose=CHECK
2024-08-08 09:00  ana  NeedHeard         need=evening-delivery form=NEED
2024-08-09 09:00  ana  NeedHeard         need=data form=CONCERN
  => metric needs.open 2, needs.heard 2
  => metric reciprocity.by_customer 2, reciprocity.by_business 4
  => metric needs.needs[data].form CONCERN, needs.needs[data].open yes because NeedHeard data
  => metric needs.needs[evening-delivery].form NEED, needs.needs[evening-delivery].open yes
2024-08-10 09:00  ana  QuestionAnswered  request=data
  => metric reciprocity.by_customer 2, reciprocity.by_business 5
  => metric needs.open 1, needs.heard 2
  => metric needs.needs[data].open no, needs.needs[evening-delivery].open yes
