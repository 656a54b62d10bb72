# Commitment, or engagement: the supplier adapts and excels.
#
# Three purchase days and something that binds are enough: for Acme an agreement, for Bolt something
# that we made for them alone. Five purchase days are enough without. What binds is named, and the
# stage goes by both its names, in questions and in rules: nothing else asks for a stage.
covers: 004-18
rules: standard + engaged

2024-01-08 09:00  acme  PurchaseMade     order=A1 amount=900.00EUR
2024-01-22 09:00  acme  PurchaseMade     order=A2 amount=900.00EUR
2024-02-05 09:00  acme  PurchaseMade     order=A3 amount=900.00EUR
  => stage EXPANSION because S10, not stage ENGAGEMENT, no follow-up engaged_review
2024-02-06 09:00  acme  AgreementSigned  agreement=G1 b2b=yes ends_at=2024-02-20
  => stage COMMITMENT because S9 and because AgreementSigned G1, stage ENGAGEMENT
  => owed engaged_review because PurchaseMade A3

2024-02-08 09:00  bolt  PurchaseMade     order=B1 amount=900.00EUR
2024-02-22 09:00  bolt  PurchaseMade     order=B2 amount=900.00EUR
2024-03-07 09:00  bolt  PurchaseMade     order=B3 amount=900.00EUR
  => stage EXPANSION because S10
2024-03-08 09:00  bolt  AdaptationMade   what=own-packaging
  => stage ENGAGEMENT because S9 and because AdaptationMade own-packaging
  => timeline shows AdaptationMade own-packaging
2024-03-21 09:00  bolt  PurchaseMade     order=B4 amount=900.00EUR
2024-04-04 09:00  bolt  PurchaseMade     order=B5 amount=900.00EUR
  => stage ENGAGEMENT because S9, receipt stage purchase_days 5

2024-04-10 09:00  cole  PurchaseMade     order=C1 amount=900.00EUR
2024-04-24 09:00  cole  PurchaseMade     order=C2 amount=900.00EUR
2024-05-08 09:00  cole  PurchaseMade     order=C3 amount=900.00EUR
2024-05-22 09:00  cole  PurchaseMade     order=C4 amount=900.00EUR
  => stage EXPANSION because S10
2024-06-05 09:00  cole  PurchaseMade     order=C5 amount=900.00EUR
  => stage ENGAGEMENT because S9 and because PurchaseMade C5, receipt stage purchase_days 5 of 5, receipt stage bond 0
# Acme's agreement ran out; three purchase days alone do not hold it.
as of 2024-02-20 23:59
  => acme: stage ENGAGEMENT because AgreementSigned G1
as of 2024-02-21
  => acme: stage EXPANSION because S10
