# Who is content is asked for a recommendation, who recommends is thanked, and who was recommended hears
# from us.
#
# A middling answer is no reason to ask, a very good one is. Ana names Ben: she is thanked, and thanked
# again when he buys. Ben is called within two days; a voice message does not do. Cora, who was named,
# too, asks us first; with Dora nobody gets in touch in time.
# (two_friends_named.story has the numbers.)
rules: standard + care

2024-06-03 09:00  ana   SurveyAnswered     survey=V1 score=8 max=10
  => no follow-up referral_ask
2024-06-04 09:00  ana   SurveyAnswered     survey=V2 score=9 max=10
  => due referral_ask opened 2024-06-04 09:00 from 2024-06-04 09:00 by 2024-06-11 09:00 until 2024-07-04 09:00 because SurveyAnswered V2
2024-06-05 09:00  ana   PraiseGiven        praise=P1 consent=yes
  => due referral_ask opened 2024-06-04 09:00 carrying SurveyAnswered V2 carrying PraiseGiven P1
  => no follow-up referral_ask because PraiseGiven P1
2024-06-05 10:00  ana   ComplaintRaised    case=K1 severity=1
  => suppressed referral_ask by OPEN_CASE
2024-06-05 15:00  ana   ComplaintResolved  case=K1 remedy=apology
  => due referral_ask
at 2024-06-11 08:59
  => ana: due referral_ask
at 2024-06-11 09:00
  => ana: overdue referral_ask
2024-06-11 10:00  ana   AdvocacyShown      advocacy=R0 form=REVIEW
  => overdue referral_ask
2024-06-12 09:00  ana   ReferralMade       referral=R1 referred=ben form=RECOMMENDATION
  => done referral_ask with ReferralMade R1
  => due referral_thanks opened 2024-06-12 09:00 from 2024-06-12 09:00 by 2024-06-14 09:00 until 2024-07-12 09:00 because ReferralMade R1
2024-06-12 09:00  ben   ReferralReceived   referral=R1 referrer=ana
  => due contact_referred for R1 to sales opened 2024-06-12 09:00 from 2024-06-12 09:00 by 2024-06-14 09:00 until 2024-07-12 09:00 because ReferralReceived R1
2024-06-12 09:00  cora  ReferralReceived   referral=R2 referrer=ana
2024-06-12 09:00  dora  ReferralReceived   referral=R3 referrer=ana
2024-06-13 09:00  ben   OutreachMade       outreach=O1 purpose=INTEREST channel=VOICEMAIL
  => due contact_referred
2024-06-13 09:00  cora  EnquiryMade        request=Q1
  => done contact_referred with EnquiryMade Q1
at 2024-06-14 08:59
  => ben: due contact_referred
  => ana: due referral_thanks
at 2024-06-14 09:00
  => ben: overdue contact_referred
  => ana: overdue referral_thanks
2024-06-14 10:00  ben   OutreachMade       outreach=O2 purpose=INTEREST channel=PHONE
  => done contact_referred with OutreachMade O2
2024-06-14 11:00  ana   OutreachMade       outreach=O3 purpose=CHECK channel=PHONE
  => overdue referral_thanks because ReferralMade R1
2024-06-14 12:00  ana   OutreachMade       outreach=O4 purpose=THANKS channel=PHONE
  => done referral_thanks with OutreachMade O4
2024-06-20 09:00  ben   PurchaseMade       order=B1 amount=50.00EUR
2024-06-20 09:00  ana   ReferralConverted  referral=R1 order=B1 value=50.00EUR
  => due referral_thanks by 2024-06-22 09:00 because ReferralConverted R1
  => done referral_thanks because ReferralMade R1
  => ben: due lead_ask by 2024-06-27 09:00 until 2024-06-27 09:00 because PurchaseMade B1
2024-06-20 10:00  ben   AdvocacyShown      advocacy=V3 form=REVIEW
  => due lead_ask
2024-06-21 10:00  ben   ReferralMade       referral=R5 form=LEAD
  => done lead_ask with ReferralMade R5
at 2024-07-12 08:59
  => dora: overdue contact_referred
at 2024-07-12 09:00
  => dora: expired contact_referred until 2024-07-12 09:00
at 2024-07-20 09:00
  => ana: expired referral_thanks because ReferralConverted R1
