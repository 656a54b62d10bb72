# How was it? Asked after a purchase, asked again a week later, and told to those who make it.
#
# Ana is sent a survey: the question is asked, and open until she answers. After a week she is asked once
# more; an answer to another survey is none. Ben never answers: three weeks after it was asked it is too
# late. Cora says what she thinks without being asked; the makers hear it within a week. Dora buys, and
# nobody asks her.
covers: 000-14
rules: standard + care

2024-06-03 10:00  ana   PurchaseMade       order=A1 amount=60.00EUR initiator=VENDOR
  => due feedback_ask to service opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-10 10:00 until 2024-06-24 10:00 because PurchaseMade A1
2024-06-03 10:00  ben   PurchaseMade       order=B1 amount=60.00EUR initiator=VENDOR
2024-06-03 10:00  cora  PurchaseMade       order=C1 amount=60.00EUR initiator=VENDOR
2024-06-03 10:00  dora  PurchaseMade       order=D1 amount=60.00EUR initiator=VENDOR
2024-06-05 10:00  ana   FeedbackRequested  survey=V1 instrument=mail
  => done feedback_ask with FeedbackRequested V1
  => pending feedback_chase for V1 opened 2024-06-05 10:00 from 2024-06-12 10:00 by 2024-06-15 10:00 until 2024-06-26 10:00 because FeedbackRequested V1
2024-06-05 10:00  ben   FeedbackRequested  survey=V2 instrument=mail
2024-06-06 10:00  cora  FeedbackGiven      feedback=F1 topic=handle
  => done feedback_ask with FeedbackGiven F1
  => due feedback_relay for F1 to product opened 2024-06-06 10:00 from 2024-06-06 10:00 by 2024-06-13 10:00 until 2024-08-05 10:00 because FeedbackGiven F1
at 2024-06-10 09:59
  => dora: due feedback_ask
at 2024-06-10 10:00
  => dora: overdue feedback_ask
at 2024-06-12 09:59
  => ana: pending feedback_chase
at 2024-06-12 10:00
  => ana: due feedback_chase
  => ben: due feedback_chase
2024-06-12 11:00  cora  CaseHandedOver     case=F2 department=product
  => due feedback_relay for F1
at 2024-06-13 10:00
  => cora: overdue feedback_relay for F1
2024-06-13 11:00  cora  CaseHandedOver     case=F1 department=product
  => done feedback_relay for F1 with CaseHandedOver F1
2024-06-14 10:00  ana   SurveyAnswered     survey=V7 score=7 max=10
  => due feedback_chase for V1
at 2024-06-15 09:59
  => ana: due feedback_chase
at 2024-06-15 10:00
  => ana: overdue feedback_chase
2024-06-15 11:00  ana   SurveyAnswered     survey=V1 score=7 max=10
  => done feedback_chase for V1 with SurveyAnswered V1
2024-06-20 10:00  cora  FeedbackGiven      feedback=F3 topic=lid
at 2024-06-24 09:59
  => dora: overdue feedback_ask
at 2024-06-24 10:00
  => dora: expired feedback_ask
at 2024-06-26 09:59
  => ben: overdue feedback_chase for V2
at 2024-06-26 10:00
  => ben: expired feedback_chase for V2
  => report surveys asked 2 answered 1 unanswered 1 answered_share 500
at 2024-08-19 09:59
  => cora: overdue feedback_relay for F3
at 2024-08-19 10:00
  => cora: expired feedback_relay for F3
