# Partnership: an agreement between businesses, with goals in common, for as long as it runs.
#
# The agreement ends on a day of its own; with the next one it is over. Renewed, it is a partnership
# again, until somebody ends it.
# (Row 003-06 also asks for the account with its people, goals and the value to each side; the tag
# waits for that read.)

2024-01-08 09:00  acme  ContactPersonRecorded  person=p1 role=buyer
2024-01-08 09:10  acme  ContactPersonRecorded  person=p2 role=user
2024-01-08 09:20  acme  ContactPersonRecorded  person=p3 role=decision-maker
  => type NONE
2024-01-10 09:00  acme  AgreementSigned        agreement=G1 b2b=yes shared_goals=yes ends_at=2024-06-30
  => type PARTNERSHIP, share partnership 1000
at 2024-06-30 23:59
  => type PARTNERSHIP
at 2024-07-01
  => not type PARTNERSHIP
2024-07-05 09:00  acme  AgreementSigned        agreement=G1 b2b=yes shared_goals=yes ends_at=2025-06-30
  => type PARTNERSHIP
2024-08-01 09:00  acme  AgreementEnded         agreement=G1
  => not type PARTNERSHIP
# A supply contract without goals in common is none.
2024-09-01 09:00  acme  AgreementSigned        agreement=G2 b2b=yes
  => not type PARTNERSHIP
as of 2024-07-10
  => type PARTNERSHIP
