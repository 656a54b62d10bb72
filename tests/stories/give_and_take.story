# Give and take: both sides contribute value.
#
# Ana buys, refers a friend and says what she thinks. We give her a gift, a training and a
# concession. Each side's acts are listed with their events; what we gave stands against what she
# spent, and the balance is hers by 231.50.
covers: 000-06

2024-02-05 10:00  ana  PurchaseMade    order=A1 amount=200.00EUR
2024-02-12 10:00  ana  PurchaseMade    order=A2 amount=100.00EUR
2024-02-13 09:00  ana  GiftGiven       gift=G1 tie=PURCHASE cost=12.00EUR
2024-02-14 09:00  ana  TrainingGiven   training=T1 topic=milk-foam cost=36.50EUR
2024-02-15 09:00  ana  ConcessionMade  concession=K1 cost=20.00EUR
2024-02-16 09:00  ana  ReferralMade    referral=R1 form=RECOMMENDATION
2024-02-17 09:00  ana  FeedbackGiven   feedback=F1 topic=packaging
  => metric reciprocity.given_centi 68.50, reciprocity.received_centi 300.00
  => metric reciprocity.balance_centi 231.50, reciprocity.given_permille 228
  => metric reciprocity.by_customer 4, reciprocity.by_business 3
  => metric reciprocity.by_customer_permille 571
  => metric reciprocity.giving 6
  => metric reciprocity.giving[PURCHASE_MADE].event_ids 2 because PurchaseMade A1
  => metric reciprocity.giving[PURCHASE_MADE].by_customer yes because PurchaseMade A2
  => metric reciprocity.giving[REFERRAL_MADE].by_customer yes because ReferralMade R1
  => metric reciprocity.giving[FEEDBACK_GIVEN].by_customer yes because FeedbackGiven F1
  => metric reciprocity.giving[CONCESSION_MADE].by_customer no because ConcessionMade K1
  => metric reciprocity.giving[GIFT_GIVEN].by_customer no because GiftGiven G1
  => metric reciprocity.giving[TRAINING_GIVEN].by_customer no because TrainingGiven T1
