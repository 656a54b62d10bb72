# A gift is passed on to a named colleague.
#
# Ana passes her sample on to Ben, who was unknown until then: he is a prospect, whose origin is Ana.
# When Ben buys, it shows at Ana as converted. Ana tells what she did, Ben what he bought; what it means for
# the other one the engine tells.
covers: 002-23
echo: on

2024-02-01 09:00  ana  PurchaseMade       order=A1 amount=80.00EUR
2024-02-10 09:00  ana  ReferralMade       referral=R1 referred=ben form=GIFT_FORWARDED
  => advocacy > 0 because ReferralMade R1, remember advocacy as passed_on
  => owed referral_thanks because ReferralMade R1
  => ben: stage AWARENESS because S5, type NONE, loyalty 0
  => ben: metric referrals.referred_by ana because ReferralReceived R1
  => ben: timeline shows ReferralReceived R1 referrer=ana
2024-03-01 09:00  ben  PurchaseMade       order=B1 amount=50.00EUR
  => stage EXPLORATION because S7 and because PurchaseMade B1
  => ana: advocacy > passed_on because ReferralConverted R1
  => ana: owed referral_thanks because ReferralConverted R1
  => ana: metric referrals.converted 1
  => ana: timeline shows ReferralConverted R1 order=B1 value=50.00EUR
