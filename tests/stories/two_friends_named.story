# Happy customers refer friends.
#
# A middling answer is no reason to ask Ana for a recommendation, a very good one is. She names Ben and
# Cora; Ben buys for fifty, and then again. It shows with Ana that she named two and one of them bought, with
# each of the two who named them, and in the report as a tree. Nobody tells the other side: the engine does.
covers: 001-15
echo: on

2024-06-03 09:00  ana   SurveyAnswered     survey=V1 score=8 max=10
  => no follow-up referral_ask
2024-06-04 09:00  ana   SurveyAnswered     survey=V2 score=10 max=10
  => due referral_ask because SurveyAnswered V2
2024-06-05 09:00  ana   ReferralMade       referral=R1 referred=ben form=RECOMMENDATION
  => ben: metric referrals.referred_by ana because ReferralReceived R1
2024-06-05 09:05  ana   ReferralMade       referral=R2 referred=cora form=RECOMMENDATION
  => cora: metric referrals.referred_by ana because ReferralReceived R2
  => metric referrals.made 2, referrals.converted 0
2024-06-20 10:00  ben   PurchaseMade       order=B1 amount=50.00EUR
  => ana: metric referrals.made 2, referrals.converted 1
  => ana: timeline shows ReferralConverted R1 order=B1 value=50.00EUR
  => metric referrals.referred_by ana because ReferralReceived R1
2024-06-21 10:00  ben   PurchaseMade       order=B2 amount=70.00EUR
  => ana: metric referrals.made 2, referrals.converted 1
  => ana: insight referrals ana R1 referred ben converted 1 value 50.00EUR because ReferralMade R1 and because ReferralConverted R1
  => report referrals rows 2 made 2 converted 1 value 50.00EUR
  => report referrals ana R2 referred cora converted 0 value 0
