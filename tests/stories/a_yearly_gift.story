# A donor gives once a year, and helps with hands.
#
# Under the rules `donors` a gift of today earns 320 * 1000 / (1000 + 1500) = 128 points of rhythm. A
# silent year is no farewell: day 401 would be. Thanks are owed, also to somebody who refuses all
# advertising. A shift earns 100 * 500 / (500 + 2000) = 20 points of dialogue.
rules: donors

2026-05-04 09:00  ana  ConsentChanged       key=all granted=no
2026-05-04 10:00  ana  PurchaseMade         order=G1 amount=50.00EUR
  => rhythm 128.000, stage EXPLORATION because S7
  => owed thank_you by 2026-05-06 10:00 because PurchaseMade G1
  => owed gift_receipt by 2026-06-03 10:00 because PurchaseMade G1
  => pending impact from 2026-07-03 10:00 by 2026-08-02 10:00 because PurchaseMade G1
  => suppressed second_purchase by OPTED_OUT from 2027-02-28 00:00 by 2027-04-09 00:00 because first purchase
  => suppressed lead_ask by OPTED_OUT
  => next stage change on 2027-06-09
2026-05-05 09:00  ana  ThanksGiven          for=G1 form=THANKS
2026-05-20 09:00  ana  FulfilmentStepDone   order=G1 step=receipt
  => done thank_you with ThanksGiven G1, done gift_receipt with FulfilmentStepDone G1
2026-07-10 09:00  ana  InformationShared    information=I1 topic=well
  => done impact with InformationShared I1
2026-09-12 09:00  ana  CustomTouchpoint     custom_kind=volunteer.shift key=V1
  => dialogue 20.000, mode PERSONAL
  => stage EXPLORATION because S7
