# By phone, on the website, at the counter, and by a machine: four channels; two of them are personal.
covers: 001-08
rules: standard

2024-01-05 09:00  ana  EnquiryMade  request=Q1 channel=PHONE
2024-01-05 10:00  ana  EnquiryMade  request=Q2 channel=WEBSITE
2024-01-05 11:00  ana  EnquiryMade  request=Q3 channel=IN_PERSON
2024-01-05 12:00  ana  SelfServiceUsed  task=balance succeeded=yes automated=yes channel=AUTOMATED
  => timeline has 4 entries, shows EnquiryMade Q1 channel=PHONE, shows EnquiryMade Q2 channel=WEBSITE
  => timeline shows EnquiryMade Q3 channel=IN_PERSON, shows SelfServiceUsed channel=AUTOMATED
  => report channels rows 4 touches 4 personal 2
  => report channels PHONE touches 1 personal 1, report channels IN_PERSON touches 1 personal 1
  => report channels WEBSITE touches 1 personal 0, report channels AUTOMATED touches 1 personal 0
