# Advocacy: a review, a reference and a recommendation.
#
# Speaking for the business weighs in the score and makes an advocate, as long as the bad feelings do
# not outweigh the good ones. The review turns out to be somebody else's: taken back, it is as if it had
# never been, whatever was said about it before.
covers: 003-05

2024-06-03 09:00  ana  AdvocacyShown   advocacy=V1 form=REVIEW  id=review:1
  => type ADVOCACY, share advocacy 1000, advocacy > 0 because AdvocacyShown V1
  => remember advocacy as one
2024-06-03 10:00  ana  AdvocacyShown   advocacy=V2 form=REFERENCE
2024-06-03 11:00  ana  ReferralMade    referral=R1 form=RECOMMENDATION
  => advocacy > one because ReferralMade R1
  => remember advocacy as all
  => owed referral_thanks because ReferralMade R1
2024-06-03 12:00  ana  EventRetracted  target_event_id=review:1
  => advocacy > one and advocacy < all
  => type ADVOCACY, share advocacy 1000
2024-06-04 09:00  ana  SurveyAnswered  survey=S1 score=1 max=10
  => not type ADVOCACY, sentiment < 0 because SurveyAnswered S1
