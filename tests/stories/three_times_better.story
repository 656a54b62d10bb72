# Expectations exceeded three times in a row: such a customer may speak for us in public.
#
# It is said to be better, it is more than was set, and it comes a day early: each is more than was to be
# expected. With the third, and feelings that are good, somebody asks for a reference within a week. Ben
# got as much but is not content; of Cora one was missed in between, so it was no row.
# Nobody asks Eve, nor Cora for the recommendation that her praise gave reason for.
covers: 003-11

2024-06-03 09:00  ana   PraiseGiven        praise=P1 consent=yes
2024-06-03 09:10  ana   ExpectationSet     expectation=E2 level=10
2024-06-03 09:20  ana   ExpectationSet     expectation=E3 due_at=2024-06-12T09:00
2024-06-03 10:00  ben   SurveyAnswered     survey=V1 score=1 max=10
2024-06-03 10:00  cora  PraiseGiven        praise=P2 consent=yes
2024-06-03 10:00  eve   PraiseGiven        praise=P3 consent=yes
2024-06-04 09:00  ana   ExpectationMet     expectation=E1 exceeded=yes
2024-06-04 09:00  ben   ExpectationMet     expectation=E1 exceeded=yes
2024-06-04 09:00  cora  ExpectationMet     expectation=E1 exceeded=yes
2024-06-04 09:00  eve   ExpectationMet     expectation=E1 exceeded=yes
2024-06-04 10:00  eve   ExpectationMet     expectation=E2 exceeded=yes
2024-06-04 11:00  eve   ExpectationMet     expectation=E3 exceeded=yes
  => due reference_ask by 2024-06-11 11:00 until 2024-07-04 11:00 because ExpectationMet E3
2024-06-05 09:00  ana   ExpectationMet     expectation=E2 level=14
  => no follow-up reference_ask, metric expectations.exceeded_in_a_row 2
2024-06-05 09:00  ben   ExpectationMet     expectation=E2 exceeded=yes
2024-06-05 09:00  cora  ExpectationMet     expectation=E2 exceeded=yes
  => metric expectations.exceeded_in_a_row 2
2024-06-06 09:00  cora  ExpectationMissed  expectation=E4
  => metric expectations.exceeded_in_a_row 0, metric expectations.streak_event_ids 0
2024-06-11 09:00  ana   ExpectationMet     expectation=E3
  => due reference_ask to sales opened 2024-06-11 09:00 from 2024-06-11 09:00 by 2024-06-18 09:00 until 2024-07-11 09:00 because ExpectationMet E3
  => metric expectations.exceeded_in_a_row 3 because ExpectationMet E1 and because ExpectationMet E2 and because ExpectationMet E3
  => metric expectations.streak_event_ids 3
2024-06-11 09:00  ben   ExpectationMet     expectation=E3 exceeded=yes
  => metric expectations.exceeded_in_a_row 3, no follow-up reference_ask
2024-06-11 09:00  cora  ExpectationMet     expectation=E3 exceeded=yes
  => no follow-up reference_ask
at 2024-06-18 08:59
  => ana: due reference_ask
at 2024-06-18 09:00
  => ana: overdue reference_ask
2024-06-19 09:00  ana   ReferralMade       referral=R1 form=RECOMMENDATION
  => overdue reference_ask
2024-06-20 09:00  ana   AdvocacyShown      advocacy=V2 form=REFERENCE
  => done reference_ask with AdvocacyShown V2
at 2024-07-03 09:59
  => cora: overdue referral_ask
at 2024-07-03 10:00
  => cora: expired referral_ask
at 2024-07-04 10:59
  => eve: overdue reference_ask
at 2024-07-04 11:00
  => eve: expired reference_ask
