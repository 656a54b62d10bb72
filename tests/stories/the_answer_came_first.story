# What ends something comes before it begins.
#
# An answer to a question that is asked later, a promise kept before it was given: a clerk takes it for
# another one, and what is owed stays owed. At the very same moment it does count, since many sources
# know no more than the day. docs/contradictions.md lists these cases.

2024-03-04 09:00  ana  QuestionAnswered   request=Q1
2024-03-04 10:00  ana  EnquiryMade        request=Q1
  => owed answer for Q1 because EnquiryMade Q1
2024-03-04 11:00  ana  QuestionAnswered   request=Q1
  => done answer with QuestionAnswered Q1 last

2024-04-04 09:00  ben  PromiseKept        promise=W1
2024-04-04 10:00  ben  PromiseMade        promise=W1 due_at=2024-04-06T10:00
  => pending promise for W1
at 2024-04-06 10:00
  => overdue promise for W1
# A promise that is due before it is given is overdue from its first moment.
2024-04-07 10:00  ben  PromiseMade        promise=W2 due_at=2024-04-05T10:00
  => overdue promise for W2 opened 2024-04-07 10:00
# One that begins after it is due is due when it begins.
2024-04-08 10:00  ben  PromiseMade        promise=W3 due_from=2024-04-20 due_at=2024-04-15
at 2024-04-19
  => pending promise for W3 from 2024-04-20 by 2024-04-20
at 2024-04-20
  => overdue promise for W3

# An expectation met before it was set counts neither for nor against; past its day it is missed.
2024-05-04 09:00  cleo  ExpectationMet    expectation=E1
2024-05-04 10:00  cleo  ExpectationSet    expectation=E1
  => no flags
2024-05-05 09:00  cleo  ExpectationMissed expectation=E1
  => flag LET_DOWN because ExpectationMissed E1
# Missed and then met after all: the last word counts.
2024-05-05 10:00  cleo  ExpectationMet    expectation=E1
  => no flag LET_DOWN

# An objective reached that nobody set is reached all the same.
2024-06-04 09:00  dan  ObjectiveReached   objective=O1 result=done
  => share collaborative 1000
2024-06-04 10:00  dan  ObjectiveSet       objective=O1 progress=10
  => share collaborative 1000, timeline has 2 entries

# Thanks for a purchase that comes later are thanks: within a month one thank-you is enough.
2024-07-04 09:00  eve  ThanksGiven        for=A1
2024-07-05 09:00  eve  PurchaseMade       order=A1 amount=10.00EUR
  => done thank_you with ThanksGiven A1
