# Thank you, for a purchase and for a referral.
#
# A purchase asks for thanks within a day; thanking is the business's own act and earns nothing. A
# referral asks for its own thanks. Praise is the customer's act and earns points.
covers: 001-14

2024-04-02 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR
  => owed thank_you from 2024-04-02 10:00 by 2024-04-03 10:00 because PurchaseMade A1
  => no follow-up referral_thanks
  => remember loyalty as bought
2024-04-02 15:00  ana  ThanksGiven   for=A1 form=THANKS channel=EMAIL
  => done thank_you with ThanksGiven A1
  => loyalty = bought
2024-04-02 18:00  ana  ReferralMade  referral=R1 form=RECOMMENDATION
  => owed referral_thanks by 2024-04-04 18:00 because ReferralMade R1
  => done thank_you
  => advocacy > 0 because ReferralMade R1
  => remember loyalty as referred
2024-04-02 19:00  ana  ThanksGiven   for=R1 form=THANKS channel=PHONE
  => done referral_thanks with ThanksGiven R1
  => loyalty = referred
2024-04-02 20:00  ana  PraiseGiven   praise=P1 consent=yes
  => loyalty > referred, sentiment > 0 because PraiseGiven P1
