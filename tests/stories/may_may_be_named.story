# Two good experiences, one with leave to tell it; when the leave is taken back, both still happened.
covers: 002-12
rules: standard

2024-01-05 09:00  ana  PraiseGiven  praise=P1 consent=yes
2024-01-06 09:00  ana  PraiseGiven  praise=P2
  => report proof rows 1 experiences 2, report proof ana PraiseGiven P1 listed 1
  => no report proof ana PraiseGiven P2
2024-01-07 09:00  ana  ConsentChanged  key=NAMED granted=no
  => report proof rows 0 experiences 2
