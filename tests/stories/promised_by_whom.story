# Marketing, sales and service each set an expectation; only marketing's is missed.
covers: 002-31
rules: standard

2024-01-05 09:00  ana  ExpectationSet  expectation=E1 area=MARKETING due_at=2024-01-10
2024-01-05 10:00  ana  ExpectationSet  expectation=E2 area=SALES due_at=2024-01-10
2024-01-05 11:00  ana  ExpectationSet  expectation=E3 area=SERVICE due_at=2024-01-10
2024-01-09 12:00  ana  ExpectationMet  expectation=E2
2024-01-09 13:00  ana  ExpectationMet  expectation=E3
  => report expectations MARKETING open 1 missed 0
2024-01-11 09:00  ana  ExpectationMissed  expectation=E1
  => report expectations MARKETING set 1 missed 1, report expectations SALES set 1 missed 0 met 1
  => report expectations SERVICE set 1 missed 0 met 1, report expectations set 3 missed 1
