# Happy customers refer friends.
#
# A middling answer is no reason to ask Ana for a recommendation, a very good one is. She names Ben and
# Cora; Ben buys for fifty. It shows with Ana that she named two and one of them bought, with each of
# the two who named them, and in the report as a tree.
# (Here the publisher sends the events of both sides. Row 001-15 has the other side appended by the
# program; the tag waits for that.)

2024-06-03 09:00  ana   SurveyAnswered     survey=V1 score=8 max=10
  => no follow-up referral_ask
2024-06-04 09:00  ana   SurveyAnswered     survey=V2 score=10 max=10
  => due referral_ask because SurveyAnswered V2
2024-06-05 09:00  ana   ReferralMade       referral=R1 referred=ben form=RECOMMENDATION
2024-06-05 09:00  ben   ReferralReceived   referral=R1 referrer=ana
2024-06-05 09:05  ana   ReferralMade       referral=R2 referred=cora form=RECOMMENDATION
2024-06-05 09:05  cora  ReferralReceived   referral=R2 referrer=ana
  => metric referrals.referred_by ana because ReferralReceived R2
2024-06-20 10:00  ben   PurchaseMade       order=B1 amount=50.00EUR
2024-06-20 10:00  ana   ReferralConverted  referral=R1 order=B1 value=50.00EUR
  => metric referrals.made 2, referrals.converted 1
  => ben: metric referrals.referred_by ana because ReferralReceived R1
  => insight referrals ana R1 referred ben converted 1 value 50.00EUR because ReferralMade R1 and because ReferralConverted R1
  => report referrals rows 2 made 2 converted 1 value 50.00EUR
  => report referrals ana R2 referred cora converted 0 value 0
