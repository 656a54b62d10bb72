# What was to be expected, and what came of it.
#
# A call back is expected by Wednesday and comes on Wednesday. A saving of ten percent is expected
# and turns out to be six: that is missed, by four. Of what is expected nothing is open any more. The
# receipt of the stage says what is lacking for the next one.
covers: 001-01

2024-04-01 10:00  ana  PurchaseMade       order=A1 amount=50.00EUR
2024-04-08 10:00  ana  PurchaseMade       order=A2 amount=50.00EUR
2024-04-08 11:00  ana  ExpectationSet     expectation=call due_at=2024-04-10T18:00
2024-04-08 12:00  ana  ExpectationSet     expectation=saving level=10
  => metric expectations.set 2, expectations.open 2
2024-04-10 15:00  ana  ExpectationMet     expectation=call
2024-04-20 15:00  ana  ExpectationMissed  expectation=saving level=6
  => metric expectations.set 2, expectations.met 1, expectations.missed 1, expectations.open 0
  => metric expectations.exceeded 0
  => metric expectations.expectations[call].status MET because ExpectationMet call
  => metric expectations.expectations[saving].status MISSED because ExpectationMissed saving
  => metric expectations.expectations[saving].level_set 10
  => metric expectations.expectations[saving].level_reached 6
  => metric expectations.expectations[saving].gap -4
  => stage EXPANSION because S10
  => receipt stage purchase_days 2 of 5, receipt stage bond 0
