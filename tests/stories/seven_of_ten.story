# Ten events of one publisher, seven with all that is to be measured; what ana wanted and what the
# business wanted are told apart.
covers: 002-19
rules: standard

2024-01-01 09:00  ana  EnquiryMade   request=Q1 duration=60s intended_outcome=know outcome=know value=1.00EUR
2024-01-02 09:00  ana  EnquiryMade   request=Q2 duration=60s intended_outcome=know outcome=no value=1.00EUR
2024-01-03 09:00  ana  EnquiryMade   request=Q3 duration=60s intended_outcome=know outcome=know value=0EUR
2024-01-04 09:00  ana  OutreachMade  outreach=O1 purpose=CHECK duration=60s intended_outcome=renew outcome=renew value=1.00EUR
2024-01-05 09:00  ana  OutreachMade  outreach=O2 purpose=CHECK duration=60s intended_outcome=renew outcome=no value=1.00EUR
2024-01-06 09:00  ana  OutreachMade  outreach=O3 purpose=CHECK duration=60s intended_outcome=renew outcome=no value=1.00EUR
2024-01-07 09:00  ana  OutreachMade  outreach=O4 purpose=CHECK duration=60s intended_outcome=renew outcome=no value=1.00EUR
2024-01-08 09:00  ana  OutreachMade  outreach=O5 purpose=CHECK duration=60s
2024-01-09 09:00  ana  OutreachMade  outreach=O6 purpose=CHECK value=1.00EUR
2024-01-10 09:00  ana  OutreachMade  outreach=O7 purpose=CHECK intended_outcome=renew
  => report completeness story events 10 complete 7 completeness 700
  => report completeness story with_duration 8 with_outcomes 7 with_value 8
  => report outcomes customer_stated 3 customer_met 2 customer_share 667
  => report outcomes vendor_stated 4 vendor_met 1 vendor_share 250
