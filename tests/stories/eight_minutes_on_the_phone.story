# How long it takes: calls, a purchase, and a call of which nobody said it.
#
# Ana's call takes eight minutes, her purchase a minute and a half; Ben's calls take a little less and
# a little more. The middle one of each kind and channel is told, and how many say nothing. Less than no
# time is no measure: such an event waits in quarantine.
covers: 002-15
rules: standard

2024-06-03 09:00  ana  EnquiryMade   request=Q1 channel=PHONE duration=480s
2024-06-03 10:00  ana  PurchaseMade  order=A1 amount=20.00EUR channel=IN_PERSON duration=90s
2024-06-03 11:00  ana  EnquiryMade   request=Q2 channel=PHONE
  => timeline shows EnquiryMade Q1 duration=480s, timeline shows PurchaseMade A1 duration=90s
  => report kinds EnquiryMade touches 2 duration 480 without_duration 1
  => report kinds PurchaseMade touches 1 duration 90 without_duration 0
  => report channels PHONE duration 480 without_duration 1
  => report channels IN_PERSON duration 90 without_duration 0
2024-06-04 09:00  ben  EnquiryMade   request=Q1 channel=PHONE duration=100s
2024-06-04 10:00  ben  EnquiryMade   request=Q2 channel=PHONE duration=10m
  => report kinds EnquiryMade touches 4 duration 8m without_duration 1
  => report channels PHONE duration 8m without_duration 1
2024-06-05 09:00  ana  EnquiryMade   request=Q3 channel=PHONE duration=-5
  => refused duration_s
  => report kinds EnquiryMade touches 4 duration 8m without_duration 1
