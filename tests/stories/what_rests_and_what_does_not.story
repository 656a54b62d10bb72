# What may hold something back depends on what it is to the customer.
#
# Ana, Sue and Rob have a complaint that is open: nobody sells to them, and courtesies go on. Gus is
# suspected of fraud: nobody turns to him unasked, but work that is owed and what happens in the house
# goes on. Otto wants to hear nothing from us: what is said about his own matters he hears all the same.
rules: standard + generous

2024-01-10 10:00  sue   PurchaseMade            order=S1 amount=60.00EUR
2024-01-30 10:00  sue   PurchaseMade            order=S2 amount=60.00EUR
2024-02-10 10:00  sue   ConsentChanged          key=NEWSLETTER granted=yes
2024-02-11 10:00  sue   ComplaintRaised         case=K1 severity=1
at 2024-04-20
  => due check_in, suppressed cross_sell by OPEN_CASE
2024-05-10 10:00  rob   ComplaintRaised         case=K1 severity=1
at 2024-05-12 10:00
  => sue: due cadence opened 2024-05-12 10:00
at 2024-05-15
  => sue: due newsletter from 2024-05-15
2024-06-03 08:00  ana   NeedHeard               need=delivery form=NEED
2024-06-03 09:00  ana   PurchaseMade            order=A1 amount=900.00EUR subject=premium initiator=VENDOR
2024-06-03 09:30  ana   PurchaseMade            order=A2 amount=500.00EUR subject=machine initiator=VENDOR
2024-06-03 10:00  ana   ReferralMade            referral=R1 form=RECOMMENDATION
2024-06-03 11:00  ana   FeedbackRequested       survey=V1 instrument=mail
2024-06-03 12:00  ana   EncounterNoted          encounter=E1
2024-06-03 12:10  ana   InterestMatched         item=article-7 topic=sailing
2024-06-03 12:20  ana   DateRecorded            key=birthday month=6 day=12
2024-06-03 13:00  ana   ComplaintRaised         case=K2 severity=1
  => due thank_you, remind, gift, training, referral_thanks, note, interest
  => suppressed preference by OPEN_CASE
2024-06-03 13:00  rob   OutreachMade            outreach=O1 purpose=CHECK channel=PHONE reached=no
at 2024-06-04 13:00
  => ana: due reinforce
  => rob: due reach_again
at 2024-06-10 11:00
  => ana: due greeting, due feedback_chase
at 2024-07-11
  => sue: due satisfaction

2024-09-02 08:00  gus   FraudSuspected          party=CUSTOMER
2024-09-02 08:10  gus   AccountManagerAssigned  agent=paula key_account=yes
2024-09-02 08:20  gus   PurchaseMade            order=G1 amount=60.00EUR subject=cup
2024-09-02 08:30  gus   PurchaseMade            order=G2 amount=60.00EUR subject=pot
  => due growth_alert, suppressed thank_you by FRAUD
2024-09-02 09:00  gus   EnquiryMade             request=Q1
2024-09-02 09:10  gus   OpportunityNoted        opportunity=O1
2024-09-02 09:20  gus   FeedbackGiven           feedback=F1 topic=handle
2024-09-02 09:30  gus   ContactPersonRecorded   person=dora role=buyer left=yes
2024-09-02 09:40  gus   PromiseMade             promise=W1 due_at=+12h
2024-09-02 10:00  gus   ComplaintRaised         case=K3 severity=3
2024-09-02 10:10  gus   CaseHandedOver          case=K3 department=billing
  => due answer, key_enquiry, sales_alert, feedback_relay, successor, promise
  => due complaint_acknowledge, complaint_resolve, hand_over
at 2024-09-07 10:00
  => due escalate_1 for K3
at 2024-09-12 10:00
  => due escalate_2 for K3
2024-09-12 11:00  gus   ComplaintResolved       case=K3 remedy=repair
  => due root_cause for K3, suppressed aftercare by FRAUD
2024-09-12 12:00  gus   ResolutionAnswered      case=K3 accepted=no
  => due refused for K3
at 2024-12-01 08:10
  => due account_review

2025-01-06 08:00  otto  ConsentChanged          key=all granted=no
2025-01-06 08:10  otto  ExpectationSet          expectation=D1 due_at=2025-01-07T08:00
2025-01-06 08:20  otto  ExpectationSet          expectation=D2 due_at=2025-01-09T08:00
2025-01-06 09:00  otto  PurchaseMade            order=P1 amount=60.00EUR
  => suppressed thank_you by OPTED_OUT
2025-01-06 09:10  otto  FulfilmentStepDone      order=P1 step=packed
2025-01-06 09:20  otto  NeedHeard               need=delivery form=NEED
2025-01-06 09:30  otto  CaseHandedOver          case=delivery department=logistics
2025-01-06 09:40  otto  QuestionAnswered        request=delivery
2025-01-06 10:00  otto  ComplaintRaised         case=K4 severity=1
2025-01-06 10:10  otto  ComplaintResolved       case=K4 remedy=repair
2025-01-06 10:20  otto  ExpectationMet          expectation=D2
  => due reassure, confirm, quality
at 2025-01-07 08:00
  => due late for D1
at 2025-01-09 10:10
  => due aftercare
