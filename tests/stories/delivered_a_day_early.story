# What was delivered is told beside what was promised.
#
# The delivery came a day early. Within three days somebody says so: the follow-up carries what was
# promised and what was reached. Words about another delivery do not do, nor does a voice message.
# Ben hears nothing in time; with Cora, fraud is suspected, so it rests.
covers: 004-24

2024-06-03 09:00  ana   ExpectationSet  expectation=D1 area=SALES due_at=2024-06-10T09:00
2024-06-03 09:10  ana   ExpectationSet  expectation=D2 area=SALES due_at=2024-06-20T09:00
2024-06-03 09:00  ben   ExpectationSet  expectation=D3 area=SALES due_at=2024-06-10T09:00 logged 2024-06-03 10:00
2024-06-03 11:00  cora  ExpectationSet  expectation=D4 area=SALES due_at=2024-06-10T09:00
2024-06-09 09:00  ana   ExpectationMet  expectation=D1
  => due quality for D1 to service opened 2024-06-09 09:00 from 2024-06-09 09:00 by 2024-06-12 09:00 until 2024-06-30 09:00 because ExpectationMet D1
  => due quality carrying 1 EXPECTATIONS D1 carrying 1 ExpectationMet D1
  => no follow-up quality carrying EXPECTATIONS D2
  => timeline shows ExpectationSet D1 due_at=2024-06-10T09:00
2024-06-09 09:00  ben   ExpectationMet  expectation=D3
2024-06-09 09:00  cora  ExpectationMet  expectation=D4
  => due quality for D4
2024-06-09 10:00  cora  FraudSuspected  party=CUSTOMER
  => suppressed quality by FRAUD
2024-06-10 10:00  ana   OutreachMade    outreach=O1 purpose=QUALITY subject=D2 channel=PHONE
  => due quality for D1
2024-06-10 11:00  ana   OutreachMade    outreach=O2 purpose=QUALITY subject=D1 channel=VOICEMAIL
  => due quality for D1
2024-06-10 12:00  ana   OutreachMade    outreach=O3 purpose=CHECK subject=D1 channel=PHONE
  => due quality for D1
at 2024-06-12 08:59
  => ana: due quality
at 2024-06-12 09:00
  => ana: overdue quality
2024-06-12 10:00  ana   OutreachMade    outreach=O4 purpose=QUALITY subject=D1 channel=PHONE
  => done quality with OutreachMade O4
at 2024-06-30 08:59
  => ben: overdue quality
at 2024-06-30 09:00
  => ben: expired quality
