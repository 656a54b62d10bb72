# What ana gives and what the business gives, act by act.
covers: 000-06
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=100.00EUR
2024-01-06 09:00  ana  ReferralMade  referral=R1 form=RECOMMENDATION
2024-01-07 09:00  ana  FeedbackGiven  feedback=F1 topic=size
2024-01-08 09:00  ana  GiftGiven  gift=G1 cost=8.00EUR
2024-01-09 09:00  ana  TrainingGiven  training=T1 cost=15.00EUR
2024-01-10 09:00  ana  ConcessionMade  concession=K1 cost=7.00EUR
  => insight reciprocity customer PurchaseMade events 1 value 100.00EUR because PurchaseMade A1
  => insight reciprocity customer ReferralMade events 1 because ReferralMade R1
  => insight reciprocity customer FeedbackGiven events 1 because FeedbackGiven F1
  => insight reciprocity business GiftGiven events 1 value 8.00EUR because GiftGiven G1
  => insight reciprocity business TrainingGiven events 1 value 15.00EUR because TrainingGiven T1
  => insight reciprocity business ConcessionMade events 1 value 7.00EUR because ConcessionMade K1
  => insight reciprocity balance 70.00 reciprocity 300
