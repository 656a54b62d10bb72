# What a touch was worth: twelve and a half, nothing, and not said. An amount of no currency is none.
covers: 002-17
rules: standard

2024-01-05 09:00  ana  EnquiryMade  request=Q1 value=12.50EUR
2024-01-06 09:00  ana  EnquiryMade  request=Q2 value=0USD
2024-01-07 09:00  ana  EnquiryMade  request=Q3
  => report kinds EnquiryMade value 12.50EUR+0USD with_value 2 without_value 1
2024-01-08 09:00  ana  EnquiryMade  request=Q4 value=3.00
  => refused value.currency
2024-01-09 09:00  ana  EnquiryMade  request=Q5 value=1.25EUR
  => report kinds EnquiryMade touches 4 value 13.75EUR+0USD
