# With two contacts a week, thanks and a word on what was bought go before what we would like to ask.
2024-03-01 10:00  ana  PurchaseMade  order=A1 amount=40.00EUR
  => due thank_you
at 2024-03-02 11:00
  => overdue thank_you, due reinforce
  => suppressed feedback_ask by BUDGET, suppressed lead_ask by BUDGET, suppressed preference by BUDGET
# Once both are said there is room for questions again, a week later.
2024-03-02 12:00  ana  ThanksGiven   for=A1
2024-03-03 12:00  ana  OutreachMade  outreach=O1 purpose=REINFORCE
  => done thank_you, done reinforce, suppressed feedback_ask by BUDGET
at 2024-03-10 12:00
  => overdue preference, overdue feedback_ask
