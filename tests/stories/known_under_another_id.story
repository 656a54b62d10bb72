# Somebody looks around without an account, then buys under one: merged, the two are one customer.
#
# A visitor who has bought nothing has a stage, a timeline and things owed like anyone. Under two ids the
# same person is half known twice; a merge joins both histories, whichever id is asked about, and a split
# makes each what it was, with what came in between where it belongs.
covers: 004-46

2024-03-01 09:00  web7  AwarenessShown  form=READ channel=WEBSITE
  => stage AWARENESS because S5
2024-03-02 09:00  web7  AwarenessShown  form=READ channel=WEBSITE
2024-03-03 09:00  web7  EnquiryMade     request=Q1 channel=WEBSITE
  => stage EXPLORATION because S4 and because EnquiryMade Q1
  => owed answer because EnquiryMade Q1
  => timeline has 3 entries, timeline shows AwarenessShown channel=WEBSITE
2024-03-04 10:00  ana   PurchaseMade    order=A1 amount=40.00EUR
2024-03-06 10:00  ana   PurchaseMade    order=A2 amount=50.00EUR
  => stage EXPANSION because S10
  => purchase days 2, no follow-up answer
  => loyalty 427.095, remember loyalty as account
  => web7: loyalty 19.614, remember loyalty as visitor
  => web7: purchase days 0, stage EXPLORATION

# One record under each id; before the second is there, nothing has changed.
2024-03-06 11:00  web7  CustomerMerged  survivor=ana merged=web7
  => stage EXPLORATION, purchase days 0
  => ana: no follow-up answer
2024-03-06 11:00  ana   CustomerMerged  survivor=ana merged=web7
  => stage EXPANSION because S10
  => purchase days 2, owed answer because EnquiryMade Q1
  => timeline has 7 entries, timeline shows PurchaseMade A2, timeline shows EnquiryMade Q1
  => loyalty > account, loyalty > visitor
  => web7: stage EXPANSION, purchase days 2, owed answer because EnquiryMade Q1
  => web7: timeline has 7 entries, timeline shows PurchaseMade A1
# Nobody knew it then, and yet it was so.
as of 2024-03-05
  => web7: purchase days 1, owed answer because EnquiryMade Q1
# The answer is given to the account.
2024-03-06 12:00  ana   QuestionAnswered request=Q1 channel=EMAIL
  => done answer with QuestionAnswered Q1
  => web7: done answer with QuestionAnswered Q1

# A split of an earlier moment than the merge undoes nothing.
2024-03-05 11:00  web7  CustomerSplit   survivor=ana merged=web7  logged 2024-03-06 13:00
  => purchase days 2
2024-03-07 11:00  web7  CustomerSplit   survivor=ana merged=web7
  => stage EXPLORATION because S4 and because EnquiryMade Q1
  => purchase days 0, owed answer because EnquiryMade Q1
  => ana: purchase days 2, no follow-up answer
  => timeline has 6 entries
as of 2024-03-06 10:00
  => web7: loyalty 19.614
  => ana: loyalty 427.095
