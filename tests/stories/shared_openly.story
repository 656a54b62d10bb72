# Sharing what we know makes us transparent.
#
# Information about a product is our own act: it makes us easier to trust and earns no points. That
# Ana answers it is hers, and counts as dialogue.
covers: 001-10

2024-05-06 10:00  ana  PurchaseMade       order=A1 amount=80.00EUR
  => no metric trust
  => remember loyalty as before, remember dialogue as silent
2024-05-06 11:00  ana  InformationShared  information=I1 topic=descaling subject=espresso-machine
  => timeline shows InformationShared I1 topic=descaling subject=espresso-machine
  => metric trust.transparency 1 because InformationShared I1
  => loyalty = before
2024-05-06 12:00  ana  InformationShared  information=I2 topic=recall
  => metric trust.transparency 2 because InformationShared I2
  => loyalty = before, dialogue = silent
2024-05-06 13:00  ana  OutreachAnswered   outreach=I1 purpose=UPDATE answer=YES
  => dialogue > silent because OutreachAnswered I1
  => metric trust.transparency 2
