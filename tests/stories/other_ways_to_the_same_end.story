# Most of what is owed can be done in more than one way.
#
# Here it is done in the rarer ones; and each time something much alike happens first, about another
# case, another request or for another purpose, which leaves it open.
rules: standard + generous

# ---- After a purchase ----
2024-06-03 10:00  ana   PurchaseMade          order=A1 amount=60.00EUR
2024-06-03 10:00  ben   PurchaseMade          order=B1 amount=60.00EUR
2024-06-03 10:00  cora  PurchaseMade          order=C1 amount=60.00EUR
2024-06-03 11:00  ana   OutreachMade          outreach=O1 purpose=UPDATE channel=PHONE
  => due thank_you
2024-06-03 12:00  ana   OutreachMade          outreach=O2 purpose=THANKS channel=PHONE
  => done thank_you with OutreachMade O2
2024-06-03 12:00  ben   OutreachMade          outreach=O3 purpose=CHECK channel=PHONE
  => done thank_you with OutreachMade O3
2024-06-03 12:00  cora  OutreachMade          outreach=O4 purpose=QUALITY channel=PHONE
  => done thank_you with OutreachMade O4
2024-06-04 12:00  ana   TrainingGiven         training=T1 topic=baking
  => done reinforce with TrainingGiven T1, pending second_purchase
2024-06-04 12:00  ben   OfferMade             offer=F1 form=CROSS_SELL product=pot
  => done reinforce with OfferMade F1, done second_purchase with OfferMade F1
2024-06-05 10:00  ana   FeedbackRequested     survey=V1 instrument=mail
2024-06-13 10:00  ana   FeedbackGiven         feedback=G1 topic=handle
  => done feedback_chase with FeedbackGiven G1
2024-06-14 10:00  dora  ReferralReceived      referral=R1 referrer=ana
2024-06-14 11:00  dora  PurchaseMade          order=D1 amount=60.00EUR
  => done contact_referred with PurchaseMade D1
2024-06-14 12:00  dora  SurveyAnswered        survey=V2 score=7 max=10
  => done thank_you with SurveyAnswered V2
2024-06-15 10:00  dora  DateRecorded          key=birthday month=6 day=20
2024-06-15 11:00  dora  OutreachMade          outreach=O5 purpose=NOTE channel=POST
  => due greeting
2024-06-15 12:00  dora  GiftGiven             gift=G2 tie=COMPANY
  => done greeting with GiftGiven G2

# ---- A complaint ----
2024-07-01 09:00  ana   ComplaintRaised       case=K1 severity=3
2024-07-01 09:10  ana   CaseHandedOver        case=K1 department=billing
2024-07-01 10:00  ana   ComplaintAcknowledged case=K9
2024-07-01 10:10  ana   ComplaintResolved     case=K9 remedy=repair
  => due complaint_acknowledge for K1, due hand_over for K1
at 2024-07-06 09:00
  => due escalate_1 for K1
2024-07-06 10:00  ana   ComplaintEscalated    case=K9 level=2
  => due escalate_1 for K1
2024-07-06 11:00  ana   ComplaintEscalated    case=K1 level=1
  => done escalate_1 for K1 with ComplaintEscalated K1
at 2024-07-11 09:00
  => due escalate_2 for K1
2024-07-12 09:00  ana   ComplaintResolved     case=K1 remedy=repair
  => done complaint_acknowledge for K1 with ComplaintResolved K1, done hand_over for K1 with ComplaintResolved K1
  => done escalate_2 for K1 with ComplaintResolved K1
at 2024-07-15 09:00
  => due aftercare because ComplaintResolved K1
2024-07-15 10:00  ana   ResolutionAnswered    case=K8 accepted=yes
2024-07-15 11:00  ana   OutreachMade          outreach=O6 purpose=UPDATE channel=PHONE
  => due aftercare because ComplaintResolved K1
2024-07-15 12:00  ana   SurveyAnswered        survey=V3 score=7 max=10
  => done aftercare because ComplaintResolved K1
2024-07-16 09:00  ana   ResolutionAnswered    case=K1 accepted=no
2024-07-16 10:00  ana   QuestionAnswered      request=K9
  => due refused for K1
2024-07-16 11:00  ana   QuestionAnswered      request=K1
  => done refused for K1 with QuestionAnswered K1
# Of a slight one the management hears after 56 days, and not after twice its term of 30.
2024-07-17 09:00  ben   ComplaintRaised       case=K2 severity=1
at 2024-09-11 08:59
  => no follow-up escalate_2
at 2024-09-11 09:00
  => due escalate_2 for K2 by 2024-09-12 09:00

# ---- Promises, questions, chances ----
2024-10-01 09:00  eve   ExpectationSet        expectation=E1 due_at=2024-10-02T09:00
2024-10-01 09:10  jon   FulfilmentStepDone    order=J1 step=packed
2024-10-01 10:00  jon   OutreachMade          outreach=O7 purpose=UPDATE channel=PHONE
  => done reassure with OutreachMade O7
2024-10-02 10:00  eve   ExpectationMissed     expectation=E2
2024-10-02 11:00  eve   OutreachMade          outreach=O8 purpose=CHECK channel=PHONE
  => due late for E1
2024-10-03 10:00  eve   ExpectationMissed     expectation=E1
  => done late for E1
2024-10-04 09:00  eve   AccountManagerAssigned agent=paula key_account=yes
2024-10-04 10:00  eve   EnquiryMade           request=Q1
2024-10-04 10:10  eve   CaseHandedOver        case=Q1 department=sales
2024-10-04 11:00  eve   QuestionAnswered      request=Q9
  => due key_enquiry for Q1, due answer for Q1
2024-10-04 12:00  eve   QuestionAnswered      request=Q1
  => done key_enquiry for Q1 with QuestionAnswered Q1, done answer for Q1, no follow-up confirm
2024-10-05 10:00  eve   OpportunityNoted      opportunity=P1
2024-10-05 11:00  eve   PurchaseMade          order=E1 amount=60.00EUR subject=cup
2024-10-05 12:00  eve   PurchaseMade          order=E2 amount=60.00EUR subject=pot
  => done sales_alert for P1 with PurchaseMade E1, due growth_alert
2024-10-05 13:00  eve   OpportunityNoted      opportunity=P2
2024-10-05 14:00  eve   OfferMade             offer=F2 form=CROSS_SELL product=pan
  => done sales_alert for P2 with OfferMade F2, done growth_alert with OfferMade F2
2024-10-06 10:00  fay   ExpectationMissed     expectation=X1
2024-10-07 10:00  fay   ExpectationMissed     expectation=X2
  => due check_in
2024-10-07 11:00  fay   OutreachMade          outreach=O9 purpose=CHECK channel=PHONE
  => done check_in with OutreachMade O9
2024-10-08 10:00  gus   EnquiryMade           request=Q2
at 2024-11-07 09:59
  => overdue answer for Q2
at 2024-11-07 10:00
  => expired answer for Q2
