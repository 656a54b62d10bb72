# Promise little, deliver more.
#
# Five days are promised three times; it takes three, five and seven. And a saving of ten percent is
# promised that turns out to be fourteen: that is more than promised too.
covers: 002-29

2024-07-01 10:00  ana  ExpectationSet  expectation=first due_at=2024-07-06T10:00
2024-07-01 11:00  ana  ExpectationSet  expectation=second due_at=2024-07-06T11:00
2024-07-01 12:00  ana  ExpectationSet  expectation=third due_at=2024-07-06T12:00
2024-07-04 10:00  ana  ExpectationMet  expectation=first
2024-07-06 11:00  ana  ExpectationMet  expectation=second
2024-07-08 12:00  ana  ExpectationMet  expectation=third
  => metric expectations.exceeded 1, expectations.met 1, expectations.missed 1
  => metric expectations.expectations[first].status EXCEEDED because ExpectationMet first
  => metric expectations.expectations[third].status MISSED
2024-07-09 10:00  ana  ExpectationSet  expectation=saving level=10
2024-07-20 10:00  ana  ExpectationMet  expectation=saving level=14
  => metric expectations.exceeded 2, expectations.met 1, expectations.missed 1
  => metric expectations.expectations[saving].gap 4
