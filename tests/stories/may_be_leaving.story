# Who may be leaving is asked how things are.
#
# Ana bought twice, twenty days apart. With the 81st day without a third purchase, twice her own gap, she
# may be leaving, and within a day somebody asks. A voice message does not do, nor news; an offer of help
# does. Ben buys again, which ends the state and with it the question. Cora was let down twice within a
# month: that is the day for her. Nobody asks Dora, and after sixty days it is too late.

2024-01-10 10:00  ana   PurchaseMade       order=A1 amount=60.00EUR
2024-01-10 10:00  ben   PurchaseMade       order=B1 amount=60.00EUR
2024-01-10 10:00  dora  PurchaseMade       order=D1 amount=60.00EUR
2024-01-30 10:00  ana   PurchaseMade       order=A2 amount=60.00EUR
2024-01-30 10:00  ben   PurchaseMade       order=B2 amount=60.00EUR
2024-01-30 10:00  dora  PurchaseMade       order=D2 amount=60.00EUR
2024-02-05 09:00  cora  ExpectationMissed  expectation=E1
2024-02-20 09:00  cora  ExpectationMissed  expectation=E2
  => due check_in opened 2024-02-20 from 2024-02-20 by 2024-02-21 until 2024-04-20 because AT_RISK
2024-02-20 15:00  cora  OutreachAnswered   outreach=O9 purpose=CHECK answer=YES
  => done check_in with OutreachAnswered O9
at 2024-04-19 23:59
  => ana: no follow-up check_in, no flag AT_RISK
at 2024-04-20
  => ana: flag AT_RISK, due check_in opened 2024-04-20 from 2024-04-20 by 2024-04-21 until 2024-06-19 because AT_RISK
  => ben: due check_in
2024-04-20 09:00  ana   OutreachMade       outreach=O1 purpose=CHECK channel=VOICEMAIL
  => due check_in
at 2024-04-20 23:59
  => ana: due check_in
at 2024-04-21
  => ana: overdue check_in
2024-04-25 10:00  ben   PurchaseMade       order=B3 amount=60.00EUR
  => no flag AT_RISK, no follow-up check_in
2024-04-28 09:00  ana   OutreachMade       outreach=O2 purpose=UPDATE channel=PHONE
  => overdue check_in
  => suppressed cross_sell by BUDGET outranked by check_in
2024-04-29 09:00  ana   OutreachMade       outreach=O3 purpose=ASSIST channel=PHONE
  => done check_in with OutreachMade O3
  => flag AT_RISK
at 2024-06-18 23:59
  => dora: overdue check_in
at 2024-06-19
  => dora: flag AT_RISK, expired check_in until 2024-06-19
