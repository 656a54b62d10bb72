# Five days are promised; it takes three, five and seven. And fourteen percent where ten were promised.
covers: 002-29
rules: standard

2024-01-01 09:00  ana  ExpectationSet  expectation=E1 due_at=2024-01-06T09:00
2024-01-01 10:00  ana  ExpectationSet  expectation=E2 due_at=2024-01-06T10:00
2024-01-01 11:00  ana  ExpectationSet  expectation=E3 due_at=2024-01-06T11:00
2024-01-04 09:00  ana  ExpectationMet  expectation=E1
2024-01-06 10:00  ana  ExpectationMet  expectation=E2
2024-01-08 11:00  ana  ExpectationMet  expectation=E3
  => insight expectations set 3 exceeded 1 met 1 missed 1
2024-02-01 09:00  ana  ExpectationSet  expectation=E4 level=10
2024-03-01 09:00  ana  ExpectationMet  expectation=E4 level=14
  => insight expectations set 4 exceeded 2 met 1 missed 1
