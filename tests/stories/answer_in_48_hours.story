# An expectation is a promise with a time.
#
# Ana is told to expect an answer within 48 hours; it is open until then. Met after 40 hours it is
# met. Ben's answer never comes: from the 48th hour on it is missed, and nobody had to say so.
covers: 002-11

2024-03-04 09:00  ana  ExpectationSet  expectation=answer due_at=+48h
  => metric expectations.expectations[answer].status OPEN
  => metric expectations.expectations[answer].due_at_us 2024-03-06 09:00
2024-03-04 10:00  ben  ExpectationSet  expectation=answer due_at=+48h
  => ben: metric expectations.open 1
2024-03-06 01:00  ana  ExpectationMet  expectation=answer
  => metric expectations.expectations[answer].status MET because ExpectationMet answer
  => metric expectations.met 1, expectations.open 0
at 2024-03-06 09:59
  => ben: metric expectations.open 1, expectations.missed 0
at 2024-03-06 10:00
  => ben: metric expectations.open 0, expectations.missed 1
  => ben: metric expectations.expectations[answer].status MISSED because ExpectationSet answer
  => ben: metric expectations.expectations[answer].decided_at_us 2024-03-06 10:00
  => ana: metric expectations.met 1, expectations.missed 0
at 2024-03-07
  => ben: flag LET_DOWN because ExpectationSet answer
  => ana: no flag LET_DOWN
