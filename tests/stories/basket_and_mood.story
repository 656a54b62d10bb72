# What an organisation measures itself, by names of its own.
#
# The weight of the basket and the mood are kept and shown as they were said. A name of more than 64
# letters is refused, naming the measure; so are more than sixteen measures of one event.
# (The row on own measures also asks for the export, one column each; its tag waits for that.)
rules: standard

2024-06-03 10:00  ana  PurchaseMade  order=A1 amount=20.00EUR measure=basket-weight:1200 measure=mood:3
  => timeline shows PurchaseMade A1 measure=basket-weight:1200 measure=mood:3
2024-06-03 11:00  ana  EnquiryMade   request=Q1 measure=mood:-3
  => timeline shows EnquiryMade Q1 measure=mood:-3
2024-06-03 12:00  ana  EnquiryMade   request=Q2 measure=mood:1 measure=nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn:1
  => refused measures[1].name
2024-06-03 13:00  ana  EnquiryMade   request=Q3 measure=m00:0 measure=m01:1 measure=m02:2 measure=m03:3 measure=m04:4 measure=m05:5 measure=m06:6 measure=m07:7 measure=m08:8 measure=m09:9 measure=m10:10 measure=m11:11 measure=m12:12 measure=m13:13 measure=m14:14 measure=m15:15 measure=m16:16
  => refused measures
