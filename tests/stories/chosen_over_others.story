# A competitor is mentioned, and then they buy from us all the same.
#
# The purchase answers the competitor.
# (Row 000-17 also asks for the score bands of all customers; the tag waits for them.)

2024-01-10 09:00  ana  PurchaseMade       order=A1 amount=30.00EUR
2024-02-10 09:00  ana  CompetitorNoticed  competitor=rival
  => flag LOOKING_AROUND because CompetitorNoticed rival
  => remember loyalty as looking
  => metric competitor.answered no, insight reasons competitor rival noticed 1 answered 0
2024-02-20 09:00  ana  PurchaseMade       order=A2 amount=30.00EUR
  => loyalty > looking, rhythm > 0 because PurchaseMade A2
  => timeline shows CompetitorNoticed competitor=rival
  => metric competitor.noticed 1, competitor.answered yes because CompetitorNoticed rival
  => insight reasons competitor rival noticed 1 answered 1 because CompetitorNoticed rival
# The word fades after a quarter, bought or not.
at 2024-05-11
  => flag LOOKING_AROUND
at 2024-05-12
  => no flag LOOKING_AROUND
