# What customers say of a product, by topic and month, and who has told the makers.
#
# Two find fault with the handle of the cup in March, one with its lid; in April it is the handle once
# more. Ana's first word is passed on within the week, which is all that was to do; Ben's is not.
covers: 004-38

2024-03-04 09:00  ana   FeedbackGiven   feedback=F1 topic=handle subject=cup
  => due feedback_relay for F1 to product opened 2024-03-04 09:00 by 2024-03-11 09:00 because FeedbackGiven F1
2024-03-05 09:00  ben   FeedbackGiven   feedback=F2 topic=handle subject=cup
2024-03-06 09:00  cora  FeedbackGiven   feedback=F3 topic=lid subject=cup
2024-03-07 09:00  ana   CaseHandedOver  case=F1 department=product
  => done feedback_relay for F1 with CaseHandedOver F1
  => ben: due feedback_relay for F2
2024-03-08 09:00  dora  FeedbackGiven   feedback=F5 topic=handle subject=pot
2024-04-02 09:00  ana   FeedbackGiven   feedback=F4 topic=handle subject=cup
  => done feedback_relay for F1, due feedback_relay for F4
  => report feedback_topics handle cup 2024-03 heard 2 relayed 1 customers 2 rank 1 because FeedbackGiven F1
  => ben: report feedback_topics handle cup 2024-03 heard 2 because FeedbackGiven F2
  => report feedback_topics handle cup 2024-04 heard 1 relayed 0 because FeedbackGiven F4
  => report feedback_topics lid cup 2024-03 heard 1 relayed 0, report feedback_topics handle pot 2024-03 heard 1
  => report feedback_topics rows 4
