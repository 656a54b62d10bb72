# A gift is passed on to a named colleague.
#
# Ana passes her sample on to Ben, who was unknown until then: he is a prospect, whose origin is Ana.
# When Ben buys, it shows at Ana as converted.
# (Row 002-23 asks for all of this from one event of Ana's; the tag waits for the twins that the engine
# writes itself. Here the publisher writes them.)

2024-02-01 09:00  ana  PurchaseMade       order=A1 amount=80.00EUR
2024-02-10 09:00  ana  ReferralMade       referral=R1 referred=ben form=GIFT_FORWARDED
  => advocacy > 0 because ReferralMade R1, remember advocacy as passed_on
  => owed referral_thanks because ReferralMade R1
2024-02-10 09:00  ben  ReferralReceived   referral=R1 referrer=ana
  => stage AWARENESS because S5, type NONE, loyalty 0
  => timeline shows ReferralReceived R1 referrer=ana
2024-03-01 09:00  ben  PurchaseMade       order=B1 amount=50.00EUR
  => stage EXPLORATION because S7 and because PurchaseMade B1
2024-03-01 09:00  ana  ReferralConverted  referral=R1 order=B1 value=50.00EUR
  => advocacy > passed_on because ReferralConverted R1
  => owed referral_thanks because ReferralConverted R1
  => timeline shows ReferralConverted R1 value=50.00EUR
