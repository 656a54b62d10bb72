# Whoever has just bought for the first time hears that it was a good decision.
#
# Ana said what she wants to reach, and what she was told to expect. The follow-up of the day after
# carries all of it: what she bought, for which objective, and which expectations were set. A voice
# message does not do, nor do other words; the talk about it does. Ben gets a gift instead, and with
# Cora nothing happens at all.
covers: 002-09
rules: standard + care

2024-03-01 08:00  ana   ObjectiveSet    objective=half-the-time
2024-03-01 09:00  ana   ExpectationSet  expectation=E1 area=SALES level=10
2024-03-01 10:00  ana   PurchaseMade    order=A1 amount=499.00EUR subject=grinder objective=half-the-time initiator=VENDOR
  => pending reinforce opened 2024-03-01 from 2024-03-02 by 2024-03-04 until 2024-03-22 carrying LAST_PURCHASE A1 carrying 1 OBJECTIVE half-the-time carrying 1 EXPECTATIONS E1 because first purchase
  => timeline shows PurchaseMade A1 subject=grinder objective=half-the-time
2024-03-01 10:00  ben   PurchaseMade    order=B1 amount=99.00EUR initiator=VENDOR
2024-03-01 10:00  cora  PurchaseMade    order=C1 amount=99.00EUR initiator=VENDOR
2024-03-01 15:00  ana   ThanksGiven     for=A1
at 2024-03-01 23:59
  => ana: pending reinforce
at 2024-03-02
  => ana: due reinforce carrying LAST_PURCHASE A1 carrying OBJECTIVE half-the-time carrying EXPECTATIONS E1
2024-03-02 12:00  ana   OutreachMade    outreach=O1 purpose=REINFORCE channel=VOICEMAIL
  => due reinforce
2024-03-02 13:00  ana   OutreachMade    outreach=O2 purpose=UPDATE channel=PHONE
  => due reinforce
2024-03-02 14:00  ben   GiftGiven       gift=G1 tie=COMPANY cost=5.00EUR
  => done reinforce with GiftGiven G1
at 2024-03-03 23:59
  => ana: due reinforce
at 2024-03-04
  => ana: overdue reinforce
2024-03-04 10:00  ana   OutreachMade    outreach=O3 purpose=REINFORCE channel=PHONE
  => done reinforce with OutreachMade O3
2024-03-05 10:00  ana   PurchaseMade    order=A2 amount=20.00EUR
  => done reinforce with OutreachMade O3
at 2024-03-21 23:59
  => cora: overdue reinforce
at 2024-03-22
  => cora: expired reinforce until 2024-03-22
