# A customer, an employee, an investor and a neighbour ask something under ana's name: each keeps
# its party, and only what ana does herself earns points.
covers: 000-09
rules: standard

2024-01-05 09:00  ana  EnquiryMade  request=Q1 actor=eve party=EMPLOYEE
2024-01-05 10:00  ana  EnquiryMade  request=Q2 actor=ivo party=INVESTOR
2024-01-05 11:00  ana  EnquiryMade  request=Q3 actor=pat party=PUBLIC
  => dialogue = 0, loyalty = 0, no follow-up answer
2024-01-05 12:00  ana  EnquiryMade  request=Q4 actor=ana party=CUSTOMER
  => dialogue > 0 because EnquiryMade Q4
  => owed answer for Q4
  => timeline shows EnquiryMade Q1 party=EMPLOYEE, shows EnquiryMade Q2 party=INVESTOR
  => timeline shows EnquiryMade Q3 party=PUBLIC, shows EnquiryMade Q4 party=CUSTOMER
  => report parties rows 4, report parties EMPLOYEE touches 1, report parties INVESTOR touches 1
  => report parties PUBLIC touches 1, report parties CUSTOMER touches 1
