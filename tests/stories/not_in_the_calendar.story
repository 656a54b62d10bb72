# What cannot be: refused, with the name of the field, and kept for whoever mends it.
#
# The line stands in quarantine and counts for nothing; the customer is marked as incomplete.
# docs/contradictions.md lists these cases.

2024-03-04 09:00  ana  DateRecorded       key=birthday month=2 day=30
  => refused FIELD_INVALID day
2024-03-04 09:01  ana  DateRecorded       key=birthday month=2 day=29 year=2023
  => refused FIELD_INVALID day
2024-03-04 09:02  ana  DateRecorded       key=birthday month=2 day=29
  => flag INCOMPLETE
2024-03-04 09:03  ana  DateRecorded       key=birthday month=13 day=1
  => refused FIELD_INVALID month

# Money: less than nothing, more than there is, without a currency, in one that is none.
2024-03-04 10:00  ana  PurchaseMade       order=A1 amount=-5.00EUR
  => refused FIELD_INVALID amount.micros
2024-03-04 10:01  ana  PurchaseMade       order=A1 amount=1000000001.00EUR
  => refused FIELD_INVALID amount.micros
2024-03-04 10:02  ana  PurchaseMade       order=A1 amount=5.00
  => refused FIELD_INVALID amount.currency
2024-03-04 10:03  ana  PurchaseMade       order=A1 amount=5.00EU
  => refused FIELD_INVALID amount.currency
# A currency that the rules have no rate for counts one for one and is shown under XXX.
2024-03-04 10:04  ana  PurchaseMade       order=A1 amount=5.00QQQ
  => purchase days 1, spent 5.00XXX
2024-03-04 10:05  ana  PurchaseMade       order=A2 amount=0.00EUR
  => counted PurchaseMade 2, spent 5.00XXX, spent 0.00EUR
2024-03-04 10:06  ana  PurchaseMade       order=A3 amount=1.00EUR cost=-1.00EUR
  => refused FIELD_INVALID cost.micros
2024-03-04 10:07  ana  PurchaseMade       order=A3 amount=1.00EUR item=cup:-1:1.00EUR
  => refused FIELD_INVALID items[0].quantity_milli

# Scales: upside down, of one point, and an answer beyond the end.
2024-03-04 11:00  ana  SurveyAnswered     survey=S1 score=3 min=5 max=1
  => refused FIELD_INVALID max
2024-03-04 11:01  ana  SurveyAnswered     survey=S1 score=3 min=3 max=3
  => refused FIELD_INVALID max
2024-03-04 11:02  ana  SurveyAnswered     survey=S1 score=11 max=10
  => refused FIELD_INVALID score
2024-03-04 11:03  ana  ComplaintRaised    case=C1 severity=5
  => refused FIELD_INVALID severity
2024-03-04 11:04  ana  ObjectiveSet       objective=O1 progress=101
  => refused FIELD_INVALID progress
2024-03-04 11:05  ana  QuestionAnswered   request=Q1 duration=-5
  => refused FIELD_INVALID duration_s
  => sentiment 0, friction 0

# With oneself: nobody recommends himself, or becomes one with himself.
2024-03-04 12:00  ana  ReferralMade       referral=R1 referred=ana form=RECOMMENDATION
  => refused FIELD_INVALID referred
  => advocacy 0, no follow-up referral_thanks
2024-03-04 12:01  ana  ReferralReceived   referral=R1 referrer=ana
  => refused FIELD_INVALID referrer
2024-03-04 12:02  ana  CustomerMerged     survivor=ana merged=ana
  => refused FIELD_INVALID merged
2024-03-04 12:03  ana  CustomerMerged     survivor=ben merged=cleo
  => refused FIELD_INVALID survivor

# Points that end are among those that are there.
2024-03-04 13:00  ana  MembershipChanged  programme=club balance=100 expiring=300 expires_at=2024-06-01
  => refused FIELD_INVALID expiring
2024-03-04 13:01  ana  MembershipChanged  programme=club balance=300 expiring=300 expires_at=2024-01-01
  => counted MembershipChanged 1
