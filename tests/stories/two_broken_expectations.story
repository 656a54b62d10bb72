# Expectations that are not met send people elsewhere.
#
# One missed delivery is a disappointment. A second one within thirty days puts the relationship at
# risk, and both are named as the reason. On the day before there was no such flag. Meeting an
# expectation in time ends it.
covers: 001-02

2024-02-01 09:00  ana  PurchaseMade       order=A1 amount=80.00EUR
2024-02-01 09:05  ana  ExpectationSet     expectation=E1 area=SALES
2024-02-05 09:00  ana  ExpectationMissed  expectation=E1
  => flag LET_DOWN because ExpectationMissed E1
  => no flag AT_RISK
2024-02-10 09:00  ana  ExpectationSet     expectation=E2 area=SERVICE
at 2024-02-19 12:00
  => no flag AT_RISK
2024-02-20 09:00  ana  ExpectationMissed  expectation=E2
  => flag AT_RISK because ExpectationMissed E1 and because ExpectationMissed E2
as of 2024-02-19 12:00
  => no flag AT_RISK
  => flag LET_DOWN
2024-03-01 09:00  ana  ExpectationSet     expectation=E3
2024-03-04 09:00  ana  ExpectationMet     expectation=E3
  => no flag AT_RISK, LET_DOWN
