# Free training, to get more out of it.
#
# A machine is one of the products that the rules mark: whoever buys it is invited to a
# training. Giving it closes the follow-up and earns nothing; that Ana came and took part is her own
# act, and counts as dialogue. A cup is only a cup.
covers: 002-27
rules: standard + care

2024-02-05 09:00  ben  PurchaseMade      order=B1 amount=9.00EUR subject=cup
  => no follow-up training
2024-02-05 10:00  ana  PurchaseMade      order=A1 amount=699.00EUR subject=machine
  => owed training by 2024-02-12 10:00 because PurchaseMade A1
  => remember loyalty as bought
2024-02-05 17:00  ana  TrainingGiven     training=T1 topic=milk-foam cost=15.00EUR
  => done training with TrainingGiven T1
  => loyalty = bought, dialogue 0
2024-02-05 19:00  ana  OutreachAnswered  outreach=T1 purpose=ASSIST answer=YES
  => loyalty > bought, dialogue > 0 because OutreachAnswered T1
